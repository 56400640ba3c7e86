"""The menu, the mandate switch and the footer, given to every page."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from parvis.ui.components import Choice, MenuItem, Switch


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context: `menu`, `tools`, `footer`, `find_url` and, for who acts for somebody, `switch`."""
    actor = getattr(request, "actor", None)
    partner = actor if actor and actor.is_partner else None
    items = for_partners(partner.role, partner.kind) if partner else for_residents()
    on_shift = bool(partner and partner.lodge_id)
    return {
        "menu": _mark_current(items, request.path),
        "tools": _on_shift() if on_shift else _tools(signed_in=bool(actor and actor.user_id)),
        "switch": _switch(request) if partner and not on_shift else None,
        "footer": footer(),
        "find_url": reverse("portal:search"),
    }


# These lists never change while a process runs: made once, every page has them.
@cache
def _tools(*, signed_in: bool) -> list[MenuItem]:
    if not signed_in:
        return [MenuItem("Espace partenaires", settings.LOGIN_REDIRECT_URL, strong=True)]
    return [
        MenuItem("Mon compte", reverse("partners:account")),
        MenuItem("Se déconnecter", reverse("account_logout"), post=True),
    ]


@cache
def _on_shift() -> list[MenuItem]:
    end = reverse("partners:end_shift")
    return [MenuItem("Rendre le téléphone", end, post=True, strong=True)]


# What the law makes a site say as long as nobody has audited it.
NOT_YET = "Accessibilité : non conforme"


@cache
def footer(accessibility: str = "Accessibilité") -> list[MenuItem]:
    """The footer; the home page words what it says of accessibility."""
    return [
        MenuItem("Aide", reverse("portal:help")),
        MenuItem("Plan du site", reverse("portal:map")),
        MenuItem("À propos", reverse("portal:about")),
        MenuItem("Données personnelles", reverse("portal:privacy")),
        MenuItem("Mentions légales", reverse("portal:legal")),
        MenuItem(accessibility, reverse("portal:accessibility")),
        MenuItem("Conventions", reverse("partners:agreements")),
        MenuItem("Conventions de GUP", reverse("actions:conventions")),
        MenuItem("Diagnostics en marchant", reverse("walks:walks")),
        MenuItem("Cadre de référence", reverse("councils:frames")),
    ]


@cache
def for_residents() -> list[MenuItem]:
    """What everybody finds in the menu."""
    return [
        MenuItem("Accueil", reverse("portal:home")),
        MenuItem("Signaler", reverse("reports:where")),
        MenuItem("Suivre", reverse("reports:follow")),
        MenuItem("À ma porte", reverse("portal:door")),
        MenuItem("Quartiers", reverse("portal:quartiers")),
        MenuItem("Signalements", reverse("reports:list")),
        MenuItem("Projets et chantiers", reverse("works:projects")),
        MenuItem("Participation", reverse("councils:bodies")),
        MenuItem("Rendez-vous", reverse("gatherings:list")),
        MenuItem("Boîte à outils", reverse("toolbox:sheets")),
    ]


@cache
def for_partners(role: str, kind: str) -> list[MenuItem]:
    """What who acts in this role for such an organisation finds in the menu."""
    if role == "gardien":
        return [
            MenuItem("À traiter", settings.LOGIN_REDIRECT_URL),
            MenuItem("Signalements", reverse("reports:list")),
            MenuItem("À rappeler", reverse("reports:callbacks")),
        ]
    if kind == "participation":
        return [
            MenuItem("À traiter", settings.LOGIN_REDIRECT_URL),
            MenuItem("Mon espace", reverse("councils:space")),
            MenuItem("Participation", reverse("councils:bodies")),
            MenuItem("Réunions", reverse("meetings:instances")),
            MenuItem("Signalements", reverse("reports:list")),
            MenuItem("Projets et chantiers", reverse("works:projects")),
            MenuItem("Plans d’actions", reverse("actions:plans")),
            MenuItem("Diagnostics", reverse("walks:walks")),
            MenuItem("Rendez-vous", reverse("gatherings:list")),
            MenuItem("Boîte à outils", reverse("toolbox:sheets")),
            MenuItem("Quartiers", reverse("portal:quartiers")),
            MenuItem("Mon organisation", reverse("partners:my_organisation")),
        ]
    coordination = [
        MenuItem("Qui gère quoi", reverse("upkeep:areas")),
        MenuItem("Organisations", reverse("partners:organisations")),
    ]
    landlord = [
        MenuItem("Loges", reverse("upkeep:lodges")),
        MenuItem("Locataires", reverse("reports:desk")),
    ]
    return [
        MenuItem("À traiter", settings.LOGIN_REDIRECT_URL),
        MenuItem("Signalements", reverse("reports:list")),
        MenuItem("À rappeler", reverse("reports:callbacks")),
        MenuItem("Points noirs", reverse("reports:blackspots")),
        MenuItem("Réunions", reverse("meetings:instances")),
        MenuItem("Plans d’actions", reverse("actions:plans")),
        MenuItem("Engagements", reverse("actions:conventions")),
        MenuItem("Abattement TFPB", reverse("tfpb:overview")),
        MenuItem("Projets et chantiers", reverse("works:projects")),
        MenuItem("Rendez-vous", reverse("gatherings:list")),
        MenuItem("Diagnostics", reverse("walks:walks")),
        MenuItem("Participation", reverse("councils:bodies")),
        MenuItem("Boîte à outils", reverse("toolbox:sheets")),
        MenuItem("Quartiers", reverse("portal:quartiers")),
        *(coordination if role == "coordination" else []),
        *(landlord if (role, kind) == ("responsable", "bailleur") else []),
        MenuItem("Mon organisation", reverse("partners:my_organisation")),
    ]


def _mark_current(items: list[MenuItem], path: str) -> list[MenuItem]:
    """The entry with the longest address above the page is the current one."""
    above = [
        one for one in items if path == one.url or (one.url != "/" and path.startswith(one.url))
    ]
    if not above:
        return items
    here = max(above, key=lambda item: len(item.url))
    return [replace(item, current=item is here) for item in items]


def _switch(request: HttpRequest) -> Switch:
    """Who signs in acts for one organisation at a time; the others are one click away."""
    actor = request.actor  # type: ignore[attr-defined]
    choices = [
        Choice(
            value=str(one.mandate_id),
            label=one.organisation_name,
            soft=one.role,
            current=one.mandate_id == actor.mandate_id,
        )
        for one in request.actors  # type: ignore[attr-defined]
    ]
    return Switch(label=actor.organisation_name, url=reverse("partners:act_for"), choices=choices)
