"""Who may see what a member attends, learns and spends, and the network of référents."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.councils.scopes import (
    AGGLOMERATION,
    BODIES,
    HEADS,
    ROLES,
    WRITERS,
    coordinated,
    inside,
    is_referent,
    myself,
)
from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, PARTNERS, Door, Policy, Row


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "member__body__")


def my_own(actor: Actor) -> Q:
    return myself(actor, "member__")


def ours_to_pay(actor: Actor) -> Q:
    return Q(payer_id=actor.organisation_id) if actor.organisation_id else NOTHING


def owed_to_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


def owed_by_us(actor: Actor) -> Q:
    return Q(owed_by_id=actor.organisation_id) if actor.organisation_id else NOTHING


def owed_where_we_coordinate(actor: Actor) -> Q:
    return coordinated(actor, "body__")


def offered_by_us(actor: Actor) -> Q:
    return coordinated(actor)


def of_my_network(actor: Actor) -> Q:
    """What the agglomération offers to the bodies that it coordinates."""
    if actor.kind not in BODIES or actor.organisation_id is None:
        return NOTHING
    bodies = apps.get_model("councils", "Body").objects.filter(
        coordinator_id=OuterRef("coordinator_id"), organisation_id=actor.organisation_id
    )
    return Q(Exists(bodies))


def among_referents(actor: Actor) -> Q:
    """Subjects of the network, for référents of today and who animates their bodies."""
    return of_my_network(actor) if is_referent(actor) else NOTHING


PRESENCE = Policy(
    "councils.presence",
    "présence d’un membre à une séance",
    scopes={"my body": of_my_body, "my own": my_own},
    rows=(
        *(Row(role, ("see",), "my body", BODIES) for role in ROLES),
        Row("responsable", ("answer", "attest"), "my body", BODIES),
        *(Row(role, ("answer", "attest"), "my own", BODIES) for role in ROLES),
    ),
)
EXPENSE = Policy(
    "councils.expense",
    "frais d’un membre",
    scopes={"my body": of_my_body, "my own": my_own, "ours to pay": ours_to_pay},
    rows=(
        *(Row(role, ("see", "edit"), "my own", BODIES) for role in ROLES),
        Row("responsable", ("see", "edit"), "my body", BODIES),
        *(Row(role, ("see", "decide"), "ours to pay") for role in HEADS),
    ),
)
TRAINING = Policy(
    "councils.trainingoffer",
    "formation proposée aux membres",
    scopes={"offered by my agglomération": offered_by_us, "offered to my body": of_my_network},
    rows=(
        *(Row(role, ("see",), "offered to my body", BODIES) for role in ROLES),
        *(Row(role, ("see",), "offered by my agglomération", AGGLOMERATION) for role in ROLES),
        Row("coordination", ("edit",), "offered by my agglomération", AGGLOMERATION),
    ),
)
DUE_DOCUMENT = Policy(
    "councils.duedocument",
    "document dû à une instance",
    scopes={
        "my body": owed_to_my_body,
        "owed by us": owed_by_us,
        "my agglomération coordinates the body": owed_where_we_coordinate,
    },
    rows=(
        *(Row(role, ("see",), "my body", BODIES) for role in ROLES),
        Row("responsable", ("edit",), "my body", BODIES),
        *(Row(role, ("see",), "owed by us") for role in ROLES),
        *(Row(role, ("give",), "owed by us") for role in WRITERS),
        *(
            Row(role, ("see",), "my agglomération coordinates the body", AGGLOMERATION)
            for role in ROLES
        ),
        Row("coordination", ("edit", "give"), "my agglomération coordinates the body"),
    ),
)
TOPIC = Policy(
    "councils.networktopic",
    "sujet du réseau des référents",
    scopes={"among référents": among_referents},
    rows=tuple(Row(role, ("see", "write"), "among référents", BODIES) for role in ROLES),
)


def is_in_network(actor: Actor) -> bool:
    """Whether the network of référents opens to this actor."""
    return is_referent(actor)


def offers_training(actor: Actor) -> bool:
    """Whether this actor offers trainings, for the agglomération that coordinates bodies."""
    return actor.role == "coordination" and actor.kind in AGGLOMERATION


_BODY, _MEMBER, _PRESENCE = "councils.body", "councils.member", PRESENCE.resource
_EXPENSE, _DUE, _TRAINING = EXPENSE.resource, DUE_DOCUMENT.resource, TRAINING.resource
_NOTE, _TOPIC = "councils.bodynote", TOPIC.resource
DOORS: dict[str, Door] = {
    "councils:space": Door(PARTNERS),
    "councils:space_of": Door(PARTNERS, _MEMBER, "act"),
    "councils:answer_presence": Door(PARTNERS, _PRESENCE, "answer"),
    "councils:attest": Door(PARTNERS, _PRESENCE, "attest"),
    "councils:leave": Door(PARTNERS, _PRESENCE, "attest"),
    "councils:attest_period": Door(PARTNERS, _MEMBER, "act"),
    "councils:body_sittings": Door(PARTNERS, _BODY, "enter"),
    "councils:sitting_presences": Door(PARTNERS, _BODY, "enter"),
    "councils:sitting_contacts": Door(PARTNERS, _BODY, "speak"),
    "councils:call_members": Door(PARTNERS, _BODY, "speak"),
    "councils:record_presences": Door(PARTNERS, _BODY, "speak"),
    "councils:expenses": Door(PARTNERS),
    "councils:expenses_to_pay": Door(PARTNERS),
    "councils:advance_expenses": Door(PARTNERS),
    "councils:expenses_table": Door(PARTNERS),
    "councils:new_expense": Door(PARTNERS, _MEMBER, "act"),
    "councils:expense": Door(PARTNERS, _EXPENSE),
    "councils:edit_expense": Door(PARTNERS, _EXPENSE, "edit"),
    "councils:withdraw_expense": Door(PARTNERS, _EXPENSE, "edit"),
    "councils:decide_expense": Door(PARTNERS, _EXPENSE, "decide"),
    "councils:expense_voucher": Door(PARTNERS, _EXPENSE),
    "councils:due_documents": Door(PARTNERS, _BODY),
    "councils:new_due_document": Door(PARTNERS, _BODY, "edit"),
    "councils:due_document": Door(PARTNERS, _DUE),
    "councils:edit_due_document": Door(PARTNERS, _DUE, "edit"),
    "councils:give_due_document": Door(PARTNERS, _DUE, "give"),
    "councils:due_document_file": Door(PARTNERS, _DUE),
    "councils:trainings": Door(PARTNERS),
    "councils:new_training": Door(PARTNERS, roles=("coordination",)),
    "councils:training_figures": Door(PARTNERS),
    "councils:training": Door(PARTNERS, _TRAINING),
    "councils:edit_training": Door(PARTNERS, _TRAINING, "edit"),
    "councils:cancel_training": Door(PARTNERS, _TRAINING, "edit"),
    "councils:record_training": Door(PARTNERS, _TRAINING, "edit"),
    "councils:ask_training": Door(PARTNERS, _MEMBER, "act"),
    "councils:notes": Door(PARTNERS, _BODY, "enter"),
    "councils:new_note": Door(PARTNERS, _BODY, "enter"),
    "councils:note": Door(PARTNERS, _NOTE),
    "councils:edit_note": Door(PARTNERS, _NOTE, "edit"),
    "councils:network": Door(PARTNERS),
    "councils:new_topic": Door(PARTNERS),
    "councils:topic": Door(PARTNERS, _TOPIC),
    "councils:reply_topic": Door(PARTNERS, _TOPIC, "write"),
    "councils:close_topic": Door(PARTNERS, _TOPIC, "write"),
    "councils:message_file": Door(PARTNERS, _TOPIC),
}
