"""The menu, the mandate switch and the footer, given to every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from parvis.ui.components import Choice, MenuGroup, MenuItem, Switch
from parvis.vigilance.scopes import FIELD_KINDS, FIELD_ROLES

# Words that are said in the language of each page, though they are listed once.
_ = cast(Callable[[str], str], gettext_lazy)

Entry = MenuItem | MenuGroup


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context: `menu`, `tools`, `footer`, `find_url` and, for who acts for somebody, `switch`."""
    actor = getattr(request, "actor", None)
    partner = actor if actor and actor.is_partner else None
    entries = for_partners(partner.role, partner.kind) if partner else for_residents()
    on_shift = bool(partner and partner.lodge_id)
    return {
        "menu": _mark_current(entries, request.path),
        "tools": _on_shift() if on_shift else _tools(signed_in=bool(actor and actor.user_id)),
        "switch": _switch(request) if partner and not on_shift else None,
        "footer": footer(),
        "find_url": reverse("portal:search"),
    }


# These lists never change while a process runs: made once, every page has them.
@cache
def _tools(*, signed_in: bool) -> list[MenuItem]:
    if not signed_in:
        return [MenuItem(_("Espace partenaires"), settings.LOGIN_REDIRECT_URL, strong=True)]
    return [
        MenuItem(_("Mon compte"), reverse("partners:account")),
        MenuItem(_("Se déconnecter"), reverse("account_logout"), post=True),
    ]


@cache
def _on_shift() -> list[MenuItem]:
    end = reverse("partners:end_shift")
    return [MenuItem("Rendre le téléphone", end, post=True, strong=True)]


# What the law makes a site say as long as nobody has audited it.
NOT_YET = _("Accessibilité : non conforme")
# What the home says once somebody has audited it, in the words of `ContentPage.mention`.
MENTIONS = (
    gettext_noop("Accessibilité : partiellement conforme"),
    gettext_noop("Accessibilité : totalement conforme"),
)
ACCESSIBILITY = _("Accessibilité")


@cache
def footer(accessibility: str = ACCESSIBILITY) -> list[MenuGroup]:
    """The footer; the home page words what it says of accessibility."""
    return [
        MenuGroup(
            _("Ce site"),
            (
                MenuItem(_("Aide"), reverse("portal:help")),
                MenuItem(_("Plan du site"), reverse("portal:map")),
                MenuItem(_("À propos"), reverse("portal:about")),
                MenuItem(_("Données personnelles"), reverse("portal:privacy")),
                MenuItem(_("Mes données"), reverse("portal:my_data")),
                MenuItem(_("Mentions légales"), reverse("portal:legal")),
                MenuItem(accessibility, reverse("portal:accessibility")),
            ),
        ),
        MenuGroup(
            _("Bon à savoir"),
            (
                MenuItem(_("Une facture difficile à payer ?"), reverse("vigilance:bill")),
                MenuItem(_("Diagnostics en marchant"), reverse("walks:walks")),
                MenuItem(_("Engagements des partenaires"), reverse("actions:conventions")),
                MenuItem(_("Contrats de ville et conventions"), reverse("partners:agreements")),
                MenuItem(_("Cadre de la participation"), reverse("councils:frames")),
            ),
        ),
    ]


@cache
def for_residents() -> list[Entry]:
    """What everybody finds in the menu."""
    return [
        MenuItem(_("Accueil"), reverse("portal:home")),
        MenuItem(_("Signaler"), reverse("reports:where")),
        MenuItem(_("Suivre"), reverse("reports:follow")),
        MenuItem(_("À ma porte"), reverse("portal:door")),
        MenuItem(_("Quartiers"), reverse("portal:quartiers")),
        MenuItem(_("Signalements"), reverse("reports:list")),
        MenuItem(_("Projets et chantiers"), reverse("works:projects")),
        MenuItem(_("Participation"), reverse("councils:bodies")),
        MenuItem(_("Rendez-vous"), reverse("gatherings:list")),
        MenuItem(_("Boîte à outils"), reverse("toolbox:sheets")),
    ]


@cache
def for_partners(role: str, kind: str) -> list[Entry]:
    """What who acts in this role for such an organisation finds in the menu: what is opened each
    day stands alone, the rest is grouped by what it is about, on one line of a desk."""
    due = MenuItem("À traiter", settings.LOGIN_REDIRECT_URL)
    reports = MenuItem("Signalements", reverse("reports:list"))
    callbacks = MenuItem("À rappeler", reverse("reports:callbacks"))
    if role == "gardien":
        return [due, reports, callbacks]
    projects = MenuItem("Projets et chantiers", reverse("works:projects"))
    walks = MenuItem("Diagnostics en marchant", reverse("walks:walks"))
    quartiers = MenuItem("Quartiers", reverse("portal:quartiers"))
    plans = MenuItem("Plans d’actions", reverse("actions:plans"))
    meetings = MenuItem("Réunions", reverse("meetings:instances"))
    bodies = MenuItem("Participation", reverse("councils:bodies"))
    dates = MenuItem("Rendez-vous", reverse("gatherings:list"))
    toolbox = MenuItem("Boîte à outils", reverse("toolbox:sheets"))
    organisation = MenuItem("Mon organisation", reverse("partners:my_organisation"))
    if kind == "participation":
        return [
            due,
            MenuItem("Mon espace", reverse("councils:space")),
            reports,
            MenuGroup("Terrain", (projects, walks, plans, quartiers)),
            bodies,
            MenuGroup("Rencontres", (meetings, dates)),
            toolbox,
            organisation,
        ]
    landlord = (role, kind) == ("responsable", "bailleur")
    desk = [MenuItem("Locataires", reverse("reports:desk"))] if landlord else []
    lodges = [MenuItem("Loges", reverse("upkeep:lodges"))] if landlord else []
    ours: Entry = MenuGroup("Organisation", (organisation, *lodges)) if lodges else organisation
    if role == "coordination":
        ours = MenuGroup(
            "Organisation",
            (
                organisation,
                MenuItem("Toutes les organisations", reverse("partners:organisations")),
                MenuItem("Conservation", reverse("portal:retention")),
                MenuItem("Envois", reverse("notices:standing")),
            ),
        )
    return [
        due,
        reports,
        MenuGroup(
            "Terrain",
            (
                MenuItem("Points noirs", reverse("reports:blackspots")),
                walks,
                projects,
                MenuItem("Qui gère quoi", reverse("upkeep:areas")),
                quartiers,
            ),
        ),
        MenuGroup(
            "Engagements",
            (
                plans,
                MenuItem("Engagements des partenaires", reverse("actions:conventions")),
                MenuItem("Abattement TFPB", reverse("tfpb:overview")),
            ),
        ),
        MenuGroup("Habitants", (callbacks, *desk, bodies, dates, *social_watch(role, kind))),
        meetings,
        toolbox,
        ours,
    ]


def social_watch(role: str, kind: str) -> list[MenuItem]:
    """Entries of the social watch: counts for a coordination, who helps for who is in the field."""
    if role == "coordination":
        return [MenuItem("Vigilance sociale", reverse("vigilance:figures"))]
    if role in FIELD_ROLES and kind in FIELD_KINDS:
        return [
            MenuItem("Orienter", reverse("vigilance:orientations")),
            MenuItem("Qui peut aider", reverse("vigilance:doors")),
        ]
    return []


def flat(entries: Iterable[Entry]) -> list[MenuItem]:
    """The pages of a menu, one after the other, whatever their groups."""
    return [
        item
        for entry in entries
        for item in (entry.items if isinstance(entry, MenuGroup) else (entry,))
    ]


@cache
def _beneath() -> tuple[tuple[str, str], ...]:
    """Addresses that stand beneath an entry whose own address is not above theirs."""
    toolbox = reverse("toolbox:sheets")
    names = ("courses", "network", "experiments", "office")
    return tuple((reverse(f"toolbox:{name}"), toolbox) for name in names)


def _mark_current(entries: list[Entry], path: str) -> list[Entry]:
    """The entry with the longest address above the page is the current one."""
    path = next((above for start, above in _beneath() if path.startswith(start)), path)
    above = [
        one
        for one in flat(entries)
        if path == one.url or (one.url != "/" and path.startswith(one.url))
    ]
    if not above:
        return entries
    here = max(above, key=lambda item: len(item.url))

    def marked(entry: Entry) -> Entry:
        if isinstance(entry, MenuGroup):
            if here not in entry.items:
                return entry
            items = tuple(replace(one, current=one is here) for one in entry.items)
            return replace(entry, items=items)
        return replace(entry, current=entry is here)

    return [marked(one) for one in entries]


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
