"""Who may read the cadre de référence, remark on it and write it."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.councils.scopes import AGGLOMERATION, BODIES, ROLES, WRITERS, coordinated
from parvis.councils.workflow import FrameState
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row


def everything_public(actor: Actor) -> Q:
    return Q()


def listed_by_us(actor: Actor) -> Q:
    return coordinated(actor)


def adopted(actor: Actor) -> Q:
    return Q(state__in=(FrameState.ADOPTED, FrameState.REPLACED))


def open_to_us(actor: Actor) -> Q:
    """Open to remarks, for organisations seated in the agglomération or acting on its communes. A
    body belongs to the agglomération that coordinates it, wherever it meets."""
    if actor.organisation_id is None:
        return NOTHING
    condition = Q(state=FrameState.OPEN)
    if actor.kind in BODIES:
        bodies = apps.get_model("councils", "Body").objects
        mine = bodies.filter(
            organisation_id=actor.organisation_id, coordinator_id=OuterRef("coordinator_id")
        )
        return condition & Q(Exists(mine))
    epci = OuterRef("coordinator__commune__epci_siren")
    seated = apps.get_model("partners", "Organisation").objects.filter(
        pk=actor.organisation_id, commune__epci_siren=epci
    )
    here = Q(Exists(seated))
    communes = {*actor.communes, *(commune for commune, _ in actor.crossings)}
    if communes:
        places = apps.get_model("places", "Commune").objects
        here |= Q(Exists(places.filter(pk__in=sorted(communes), epci_siren=epci)))
    return condition & here


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


def writes_frames(actor: Actor) -> bool:
    """Whether the actor coordinates an agglomération: who begins a version or lists what exists."""
    return actor.role == "coordination" and actor.kind in AGGLOMERATION


COORDINATION = ("coordination",)
DOORS: dict[str, Door] = {
    "councils:inventory": Door(EVERYONE),
    "councils:inventory_export": Door(EVERYONE),
    "councils:new_participation": Door(PARTNERS, roles=COORDINATION),
    "councils:edit_participation": Door(PARTNERS, PARTICIPATION.resource, "edit"),
    "councils:remove_participation": Door(PARTNERS, PARTICIPATION.resource, "edit"),
    "councils:frames": Door(EVERYONE),
    "councils:new_frame": Door(PARTNERS, roles=COORDINATION),
    "councils:frame": Door(EVERYONE, FRAME.resource),
    "councils:frame_pdf": Door(EVERYONE, FRAME.resource),
    "councils:frame_compare": Door(EVERYONE, FRAME.resource),
    "councils:edit_frame": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:new_article": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:edit_article": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:move_article": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:remove_article": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:number_articles": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:open_frame": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:remark": Door(PARTNERS, FRAME.resource, "remark"),
    "councils:answer_remark": Door(PARTNERS, FRAME.resource, "edit"),
    "councils:adopt_frame": Door(PARTNERS, FRAME.resource, "edit"),
}
