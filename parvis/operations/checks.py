"""Settings that do not go together are refused at start-up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def sound_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Pairs of settings that would harm or mislead."""
    found: list[CheckMessage] = []
    if settings.DEMO and settings.HTTPS:
        found.append(
            Error(
                "PARVIS_DEMO is on while PARVIS_SITE_URL is a public https address.",
                hint="The demonstration shows mail and accounts to everybody: not in production.",
                id="parvis.E001",
            )
        )
    if not settings.SITE_URL.startswith(("http://", "https://")):
        found.append(
            Error("PARVIS_SITE_URL must start with http:// or https://.", id="parvis.E002")
        )
    return found


@register(deploy=True)
def ready_for_the_public(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What an installation open to the public must have set."""
    found: list[CheckMessage] = []
    if "console" in settings.EMAIL_BACKEND:
        found.append(Warning("EMAIL_URL is not set: no mail leaves.", id="parvis.W001"))
    if "localhost" in settings.DEFAULT_FROM_EMAIL:
        found.append(Warning("PARVIS_FROM_EMAIL is not set.", id="parvis.W002"))
    if not settings.HASHED_STATIC:
        found.append(
            Warning("PARVIS_HASHED_STATIC is off: files are not cached.", id="parvis.W003")
        )
    return found
