"""Who may ask for a course and answer that, and what comes after a course."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import BEARER, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row
from parvis.toolbox.network_scopes import in_my_network
from parvis.toolbox.scopes import AGGLOMERATION, HEADS, TEAM, WRITERS, of_my_coordination

NEED = Policy(
    "toolbox.need",
    "besoin de formation",
    scopes={
        "asked in my network": in_my_network(),
        "put to my coordination": of_my_coordination,
    },
    rows=(
        *(Row(role, ("see",), "asked in my network") for role in TEAM),
        *(Row(role, ("join",), "asked in my network") for role in WRITERS),
        Row("coordination", ("see", "join", "answer"), "put to my coordination", AGGLOMERATION),
    ),
)


def borne(actor: Actor) -> Q:
    """The certificate of the enrolment whose link is borne."""
    if actor.bearer is None or actor.bearer[0] != "enrolment":
        return NOTHING
    return Q(enrolment_id=actor.bearer[1])


def mine(actor: Actor) -> Q:
    return Q(enrolment__person_id=actor.user_id) if actor.user_id else NOTHING


def earned_for_my_organisation(actor: Actor) -> Q:
    """Of those whom my organisation sent, even if they left it since."""
    if actor.organisation_id is None:
        return NOTHING
    return Q(enrolment__organisation_id=actor.organisation_id)


def of_a_course_of_mine(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    return Q(enrolment__course__organiser_id=actor.organisation_id)


CERTIFICATE = Policy(
    "toolbox.certificate",
    "attestation de formation",
    scopes={
        "link borne": borne,
        "mine": mine,
        "earned for my organisation": earned_for_my_organisation,
        "of a course of my organisation": of_a_course_of_mine,
    },
    rows=(
        Row(BEARER, ("see",), "link borne"),
        *(Row(role, ("see",), "mine") for role in TEAM),
        *(Row(role, ("see",), "earned for my organisation") for role in HEADS),
        *(Row(role, ("see",), "of a course of my organisation") for role in WRITERS),
    ),
    personal=True,
)


def trained_under_my_coordination(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    return Q(enrolment__course__coordination_id=actor.organisation_id)


# Rows without a name, that figures alone are made of.
TRAINEE = Policy(
    "toolbox.trainee",
    "personne formée, comptée",
    scopes={
        "earned for my organisation": earned_for_my_organisation,
        "trained under my coordination": trained_under_my_coordination,
    },
    rows=(
        *(Row(role, ("count",), "earned for my organisation") for role in TEAM),
        Row("coordination", ("count",), "trained under my coordination", AGGLOMERATION),
    ),
)

DOORS: dict[str, Door] = {
    "toolbox:needs": Door(PARTNERS),
    "toolbox:need_new": Door(PARTNERS, roles=WRITERS),
    "toolbox:need": Door(PARTNERS, "toolbox.need"),
    "toolbox:need_join": Door(PARTNERS, "toolbox.need", "join"),
    "toolbox:need_leave": Door(PARTNERS, "toolbox.need", "join"),
    "toolbox:need_answer": Door(PARTNERS, "toolbox.need", "answer"),
    "toolbox:need_close": Door(PARTNERS, "toolbox.need", "answer"),
    "toolbox:after": Door(PARTNERS, "toolbox.course", "results"),
    "toolbox:after_marks": Door(PARTNERS, "toolbox.course", "people"),
    "toolbox:after_list": Door(PARTNERS, "toolbox.course", "people"),
    "toolbox:after_walk_in": Door(PARTNERS, "toolbox.course", "people"),
    "toolbox:after_screen": Door(PARTNERS, "toolbox.course", "people"),
    "toolbox:after_poster": Door(PARTNERS, "toolbox.course", "people"),
    "toolbox:after_certify": Door(PARTNERS, "toolbox.course", "people"),
    "toolbox:after_certificates": Door(PARTNERS, "toolbox.course", "people"),
    "toolbox:after_sent": Door(PARTNERS, roles=HEADS),
    "toolbox:certificate": Door(PARTNERS, "toolbox.certificate"),
    "toolbox:after_room": Door(EVERYONE),  # by the address shown in the room
    "toolbox:after_own": Door(EVERYONE),  # the link is the right, as for the four below
    "toolbox:after_own_room": Door(EVERYONE),
    "toolbox:after_confirm": Door(EVERYONE),
    "toolbox:after_opinion": Door(EVERYONE),
    "toolbox:after_own_certificate": Door(EVERYONE),
    "toolbox:after_check": Door(EVERYONE),
    "toolbox:after_checked": Door(EVERYONE),  # by the code of the paper
    "toolbox:after_trained": Door(PARTNERS),
    "toolbox:after_trained_table": Door(PARTNERS),
}
