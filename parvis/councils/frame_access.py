"""Who may read the cadre de référence, remark on it and write it."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.councils.scopes import AGGLOMERATION, ROLES, WRITERS, coordinated
from parvis.councils.workflow import FrameState
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, NOTHING, Door, Policy, Row


def everything_public(actor: Actor) -> Q:
    return Q()


def listed_by_us(actor: Actor) -> Q:
    return coordinated(actor)


def adopted(actor: Actor) -> Q:
    return Q(state__in=(FrameState.ADOPTED, FrameState.REPLACED))


def open_to_us(actor: Actor) -> Q:
    """Open to remarks, for organisations seated in the agglomération or acting on its communes."""
    if actor.organisation_id is None:
        return NOTHING
    epci = OuterRef("coordinator__commune__epci_siren")
    seated = apps.get_model("partners", "Organisation").objects.filter(
        pk=actor.organisation_id, commune__epci_siren=epci
    )
    condition = Q(Exists(seated))
    if actor.communes:
        communes = apps.get_model("places", "Commune").objects
        condition |= Q(Exists(communes.filter(pk__in=sorted(actor.communes), epci_siren=epci)))
    return condition & Q(state=FrameState.OPEN)


def written_by_us(actor: Actor) -> Q:
    return coordinated(actor)


PARTICIPATION = Policy(
    "councils.participation",
    "participation existante",
    scopes={"public": everything_public, "listed by my agglomération": listed_by_us},
    rows=(
        Row(ANYONE, ("see",), "public"),
        Row("coordination", ("edit",), "listed by my agglomération", AGGLOMERATION),
    ),
)
FRAME = Policy(
    "councils.frame",
    "cadre de référence",
    scopes={
        "adopted": adopted,
        "open to remarks, on our territory": open_to_us,
        "written by my agglomération": written_by_us,
    },
    rows=(
        Row(ANYONE, ("see",), "adopted"),
        *(Row(role, ("see",), "open to remarks, on our territory") for role in ROLES),
        *(Row(role, ("remark",), "open to remarks, on our territory") for role in WRITERS),
        *(Row(role, ("see",), "written by my agglomération", AGGLOMERATION) for role in ROLES),
        Row("coordination", ("edit",), "written by my agglomération", AGGLOMERATION),
    ),
)

DOORS: dict[str, Door] = {}
