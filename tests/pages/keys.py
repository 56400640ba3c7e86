"""A key plugged into a browser, that answers for its owner without being touched."""

from __future__ import annotations

from typing import Any


def plug_in_a_key(page: Any) -> None:
    """Passkeys that this page's context makes are kept in it, as on a person's own device."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
