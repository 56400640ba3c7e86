"""Who gives anonymous signals and counts, and who reads the figures made of them."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.access import AGGLOMERATION
from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, PARTNERS, Door, Policy, Row
from parvis.vigilance.scopes import FIELD_KINDS, FIELD_ROLES, kept_by_mine, meets_households

LANDLORDS = ("bailleur",)


def given_by_my_organisation(actor: Actor) -> Q:
    return kept_by_mine(actor, "organisation_id")


def of_residences_in_my_communes(actor: Actor) -> Q:
    """Counts of residences of the perimeter; who reads them sees them rounded."""
    return Q(residence__commune_id__in=sorted(actor.communes)) if actor.communes else NOTHING


def of_my_agglomeration(actor: Actor) -> Q:
    """Figures of the agglomération of the actor's communes: always the whole of it, for figures of
    a part of it would tell, by difference, what the rest is."""
    if not actor.communes:
        return NOTHING
    mine = apps.get_model("places", "Commune").objects.filter(pk__in=sorted(actor.communes))
    named = Q(epci_siren=OuterRef("territory")) | Q(epci_siren="", code=OuterRef("territory"))
    return Q(Exists(mine.filter(named)), door=None)


def of_doors_of_my_organisation(actor: Actor) -> Q:
    return kept_by_mine(actor, "door__organisation_id")


SIGNAL = Policy(
    "vigilance.dwellingsignal",
    "signal anonyme",
    scopes={"given by my organisation": given_by_my_organisation},
    rows=tuple(
        Row(role, ("see", "remove"), "given by my organisation", FIELD_KINDS)
        for role in FIELD_ROLES
    ),
)
UNPAID = Policy(
    "vigilance.unpaidcount",
    "impayés d’une résidence",
    scopes={
        "given by my organisation": given_by_my_organisation,
        "of residences in my communes": of_residences_in_my_communes,
    },
    rows=(
        *(
            Row(role, ("see", "edit"), "given by my organisation", LANDLORDS)
            for role in FIELD_ROLES
        ),
        Row("coordination", ("count",), "of residences in my communes", AGGLOMERATION),
    ),
)
FIGURES = Policy(
    "vigilance.quarterfigures",
    "chiffres d’un trimestre",
    scopes={
        "of my agglomération": of_my_agglomeration,
        "of doors of my organisation": of_doors_of_my_organisation,
    },
    rows=(
        Row("coordination", ("see",), "of my agglomération", AGGLOMERATION),
        Row("responsable", ("see",), "of doors of my organisation", FIELD_KINDS),
    ),
)


def may_count(actor: Actor) -> bool:
    """Whether this actor may give the unpaid charges of its residences."""
    return meets_households(actor) and actor.kind in LANDLORDS


_FIGURES_READERS = ("coordination", "responsable")
DOORS: dict[str, Door] = {
    "vigilance:signals": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:new_signal": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:remove_signal": Door(PARTNERS, "vigilance.dwellingsignal", "remove"),
    "vigilance:unpaid": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:unpaid_quarter": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:unpaid_import": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:unpaid_table": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:figures": Door(PARTNERS, roles=_FIGURES_READERS),
    "vigilance:quarter_figures": Door(PARTNERS, roles=_FIGURES_READERS),
    "vigilance:figures_table": Door(PARTNERS, roles=_FIGURES_READERS),
}
