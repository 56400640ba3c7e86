"""Who may see a course, plan it, enrol in it, and read who enrolled."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import (
    ANYONE,
    BEARER,
    EVERYONE,
    NOTHING,
    PARTNERS,
    Door,
    Policy,
    Row,
)
from parvis.toolbox.scopes import AGGLOMERATION, HEADS, TEAM, WRITERS


def _ours(actor: Actor, path: str) -> Q:
    return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def published_for_residents(actor: Actor) -> Q:
    """A training of field actors is for who acts for an organisation, or was sent by one."""
    return Q(published_at__isnull=False) & ~Q(audience="field")


def organised(actor: Actor) -> Q:
    return _ours(actor, "organiser_id")


def enrolled(actor: Actor) -> Q:
    if actor.user_id is None:
        return NOTHING
    enrolments = apps.get_model("toolbox", "Enrolment").objects.exclude(state="withdrawn")
    return Q(Exists(enrolments.filter(course_id=OuterRef("pk"), person_id=actor.user_id)))


def followed(actor: Actor) -> Q:
    return _ours(actor, "coordination_id")


COURSE = Policy(
    "toolbox.course",
    "formation ou atelier",
    scopes={
        "published": published,
        "published, for residents": published_for_residents,
        "I am enrolled": enrolled,
        "organised by my organisation": organised,
        "followed by my coordination": followed,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        # Without an account, by a name and an address.
        Row(ANYONE, ("enrol",), "published, for residents"),
        # For oneself, in one click; for the people of one's organisation.
        *(Row(role, ("join",), "published") for role in TEAM),
        *(Row(role, ("send",), "published") for role in HEADS),
        # "learn": read its documents; "people": read who enrolled, by name; "results": what came
        # out of it, in figures.
        *(Row(role, ("learn",), "I am enrolled") for role in TEAM),
        *(Row(role, ("see", "learn"), "organised by my organisation") for role in TEAM),
        *(
            Row(role, ("edit", "people", "results"), "organised by my organisation")
            for role in WRITERS
        ),
        Row("coordination", ("see", "results"), "followed by my coordination", AGGLOMERATION),
    ),
)


def borne(actor: Actor) -> Q:
    """The enrolment whose link is borne."""
    if actor.bearer is None or actor.bearer[0] != "enrolment":
        return NOTHING
    return Q(pk=actor.bearer[1])


def mine(actor: Actor) -> Q:
    return Q(person_id=actor.user_id) if actor.user_id else NOTHING


def of_my_organisation(actor: Actor) -> Q:
    """Those whom my organisation sent, even if they left it since."""
    return _ours(actor, "organisation_id")


def course_organised(actor: Actor) -> Q:
    return _ours(actor, "course__organiser_id")


ENROLMENT = Policy(
    "toolbox.enrolment",
    "inscription à une formation",
    scopes={
        "link borne": borne,
        "mine": mine,
        "of my organisation": of_my_organisation,
        "organised by my organisation": course_organised,
    },
    rows=(
        Row(BEARER, ("see", "withdraw"), "link borne"),
        *(Row(role, ("see", "withdraw"), "mine") for role in TEAM),
        *(Row(role, ("see", "withdraw"), "of my organisation") for role in HEADS),
        # Names and addresses are for who organises; a coordination reads figures alone.
        *(Row(role, ("see", "withdraw"), "organised by my organisation") for role in WRITERS),
    ),
    personal=True,
)

_COURSE = "toolbox.course"
DOORS: dict[str, Door] = {
    "toolbox:courses": Door(EVERYONE),
    "toolbox:course": Door(EVERYONE, _COURSE),
    "toolbox:course_calendar": Door(EVERYONE, _COURSE),
    "toolbox:course_poster": Door(EVERYONE, _COURSE),
    "toolbox:course_enrol": Door(EVERYONE, _COURSE, "enrol"),
    # The link is the right for these three.
    "toolbox:course_seat": Door(EVERYONE),
    "toolbox:course_leave": Door(EVERYONE),
    "toolbox:course_seat_paper": Door(EVERYONE),
    "toolbox:course_join": Door(PARTNERS, _COURSE, "join"),
    "toolbox:course_send": Door(PARTNERS, _COURSE, "send"),
    "toolbox:course_mine": Door(PARTNERS),
    "toolbox:course_paper": Door(PARTNERS, _COURSE, "learn"),
    "toolbox:enrolment_withdraw": Door(PARTNERS, "toolbox.enrolment", "withdraw"),
    "toolbox:course_new": Door(PARTNERS, roles=WRITERS),
    "toolbox:course_edit": Door(PARTNERS, _COURSE, "edit"),
    "toolbox:course_publish": Door(PARTNERS, _COURSE, "edit"),
    "toolbox:course_cancel": Door(PARTNERS, _COURSE, "edit"),
    "toolbox:course_date_new": Door(PARTNERS, _COURSE, "edit"),
    "toolbox:course_date_edit": Door(PARTNERS, _COURSE, "edit"),
    "toolbox:course_date_drop": Door(PARTNERS, _COURSE, "edit"),
    "toolbox:course_materials": Door(PARTNERS, _COURSE, "edit"),
    "toolbox:course_people": Door(PARTNERS, _COURSE, "people"),
    "toolbox:course_contacts": Door(PARTNERS, _COURSE, "people"),
}
