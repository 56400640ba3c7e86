"""Who may read a sheet, write it, and read what it shows."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row
from parvis.toolbox import content_access
from parvis.toolbox.scopes import AGGLOMERATION, TEAM, WRITERS, of_my_coordination


def published(actor: Actor) -> Q:
    return Q(live=True)


def of_my_organisation(actor: Actor) -> Q:
    return Q(author_id=actor.organisation_id) if actor.organisation_id else NOTHING


SHEET = Policy(
    "toolbox.sheet",
    "fiche",
    scopes={
        "published": published,
        "of my organisation": of_my_organisation,
        "read by my coordination": of_my_coordination,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see", "write"), "of my organisation") for role in WRITERS),
        Row("coordination", ("see", "write", "publish"), "read by my coordination", AGGLOMERATION),
    ),
)


def _shown(path: str) -> Exists:
    shown = apps.get_model("toolbox", "Shown").objects.filter(sheet__live=True)
    return Exists(shown.filter(**{f"{path}_id": OuterRef("pk")}))


def picture_of_a_published_sheet(actor: Actor) -> Q:
    return Q(_shown("picture"))


def paper_of_a_published_sheet(actor: Actor) -> Q:
    return Q(_shown("paper"))


def on_my_desk(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    desks = apps.get_model("toolbox", "Desk").objects
    return Q(
        collection_id__in=desks.filter(organisation_id=actor.organisation_id).values("collection")
    )


def in_my_library(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    desks = apps.get_model("toolbox", "Desk").objects
    return Q(
        collection_id__in=desks.filter(coordination_id=actor.organisation_id).values("collection")
    )


_FILES = (
    Row(ANYONE, ("see",), "shown by a published sheet"),
    Row(ANYONE, ("see",), "shown by a published page"),
    *(Row(role, ("see",), "on my organisation's desk") for role in WRITERS),
    Row("coordination", ("see",), "in my library", AGGLOMERATION),
)

PICTURE = Policy(
    "toolbox.picture",
    "image d’une fiche",
    scopes={
        "shown by a published sheet": picture_of_a_published_sheet,
        "shown by a published page": content_access.picture_of_a_published_page,
        "on my organisation's desk": on_my_desk,
        "in my library": in_my_library,
    },
    rows=_FILES,
)
PAPER = Policy(
    "toolbox.paper",
    "document d’une fiche",
    scopes={
        "shown by a published sheet": paper_of_a_published_sheet,
        "shown by a published page": content_access.paper_of_a_published_page,
        "on my organisation's desk": on_my_desk,
        "in my library": in_my_library,
    },
    rows=_FILES,
)


def of_a_published_sheet(actor: Actor) -> Q:
    return Q(sheet__live=True)


def said_by_my_organisation(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


# Everybody reads how many organisations used a sheet; partners alone read what for.
USE = Policy(
    "toolbox.use",
    "utilisation d’une fiche",
    scopes={
        "of a published sheet": of_a_published_sheet,
        "said by my organisation": said_by_my_organisation,
    },
    rows=(
        *(Row(role, ("see",), "of a published sheet") for role in TEAM),
        *(Row(role, ("see", "withdraw"), "said by my organisation") for role in WRITERS),
    ),
)

DOORS: dict[str, Door] = {
    "toolbox:sheets": Door(EVERYONE),
    "toolbox:feed": Door(EVERYONE),
    "toolbox:sheet": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:sheet_versions": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:sheet_changes": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:sheet_version": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:judge": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:use": Door(PARTNERS, "toolbox.sheet", roles=WRITERS),
    "toolbox:withdraw_use": Door(PARTNERS, "toolbox.use", "withdraw", roles=WRITERS),
    "toolbox:picture": Door(EVERYONE, "toolbox.picture"),
    "toolbox:paper": Door(EVERYONE, "toolbox.paper"),
}
