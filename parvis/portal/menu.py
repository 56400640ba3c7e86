"""The menu, the mandate switch and the footer, given to every page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu; `current` when the page shown lies under it."""

    label: str
    url: str
    icon: str = ""
    current: bool = False


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context: `menu`, `tools`, `footer`, `search_url` and, for who has several mandates, `switch`."""
    actor = getattr(request, "actor", None)
    partner = bool(actor and actor.is_partner)
    if partner:
        items = [
            MenuItem("À traiter", reverse("steering:home")),
            MenuItem("Signalements", reverse("reports:list")),
            MenuItem("À rappeler", reverse("reports:callbacks")),
            MenuItem("Quartiers", reverse("portal:quartiers")),
            MenuItem("Mon organisation", reverse("partners:organisation")),
        ]
        if actor and actor.role == "coordination":
            items.insert(4, MenuItem("Qui gère quoi", reverse("upkeep:areas")))
    else:
        items = [
            MenuItem("Accueil", reverse("portal:home")),
            MenuItem("Signaler", reverse("reports:where")),
            MenuItem("Suivre", reverse("reports:follow")),
            MenuItem("Quartiers", reverse("portal:quartiers")),
            MenuItem("Signalements", reverse("reports:list")),
        ]
    signed_in = bool(actor and actor.user_id)
    return {
        "menu": _mark_current(items, request.path),
        "tools": [] if signed_in else [MenuItem("Espace partenaires", reverse("steering:home"))],
        "switch": _switch(request) if signed_in else None,
        "footer": [
            MenuItem("Données personnelles", reverse("portal:privacy")),
            MenuItem("Mentions légales", reverse("portal:legal")),
            MenuItem("Accessibilité : non conforme", reverse("portal:accessibility")),
            MenuItem("Conventions", reverse("partners:agreements")),
        ],
        "search_url": reverse("portal:search"),
    }


def _mark_current(items: list[MenuItem], path: str) -> list[MenuItem]:
    """The entry with the longest address above the page is the current one."""
    above = [item for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))]
    if not above:
        return items
    here = max(above, key=lambda item: len(item.url))
    return [replace(item, current=item is here) for item in items]


def _switch(request: HttpRequest) -> dict[str, Any]:
    """Who signs in acts for one organisation at a time; the others are one click away."""
    actor = request.actor  # type: ignore[attr-defined]
    return {
        "current": actor.organisation_name,
        "name": actor.user_name,
        "mandates": [one for one in request.actors if one.mandate_id != actor.mandate_id],  # type: ignore[attr-defined]
        "url": reverse("partners:switch"),
        "next": request.get_full_path(),
        "sign_out_url": reverse("account_logout"),
    }
