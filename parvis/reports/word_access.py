"""Who may see photos, messages and notes, and who reviews and pairs photos."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, BEARER, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row
from parvis.reports.scopes import (
    CARETAKER,
    HANDLERS,
    ROLES,
    TERRITORIAL,
    has_spoken,
    is_public,
    my_organisation,
    of_nobodys_dwelling,
    report_in_my_lodge,
    report_in_perimeter,
    report_served_by_link,
    report_shared_with_me,
)


def shown_on_public_report(actor: Actor) -> Q:
    return Q(shown=True) & is_public("report__")


def own_voice_or_shown(actor: Actor) -> Q:
    """What the bearer said, and what was said to those who spoke."""
    if actor.bearer is None or actor.bearer[0] != "voice":
        return NOTHING
    return has_spoken(actor, "report_id") & (Q(shown=True) | Q(voice_id=actor.bearer[1]))


def after_by_my_organisation(actor: Actor) -> Q:
    """Photos of what changed that the actor's organisation took, while it has a part."""
    return my_organisation(actor) & Q(moment="after") & report_shared_with_me(actor)


def after_in_perimeter(actor: Actor) -> Q:
    return Q(moment="after") & report_in_perimeter(actor)


PHOTO = Policy(
    "reports.photo",
    "photo",
    scopes={
        "shown": shown_on_public_report,
        "own or shown": own_voice_or_shown,
        "report served by link": report_served_by_link,
        "my organisation, after": after_by_my_organisation,
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my perimeter, after": after_in_perimeter,
        "my lodge": report_in_my_lodge,
    },
    rows=(
        Row(ANYONE, ("see",), "shown"),
        Row(BEARER, ("see",), "own or shown"),
        Row(BEARER, ("see",), "report served by link"),
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("pair",), "my organisation, after") for role in HANDLERS),
        Row("coordination", ("moderate",), "my perimeter"),
        Row("responsable", ("moderate",), "my perimeter", ("commune",)),
        Row("coordination", ("pair",), "my perimeter, after"),
        Row("responsable", ("pair",), "my perimeter, after", ("commune",)),
        Row(CARETAKER, ("see",), "my lodge"),
        Row("coordination", ("see",), "a dwelling that nobody has"),
    ),
)

MESSAGE = Policy(
    "reports.message",
    "message",
    scopes={
        "shown": shown_on_public_report,
        "own or shown": own_voice_or_shown,
        "report served by link": report_served_by_link,
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge": report_in_my_lodge,
    },
    rows=tuple(row for row in PHOTO.rows if "pair" not in row.actions),
)

NOTE = Policy(
    "reports.note",
    "note interne",
    scopes={
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge": report_in_my_lodge,
    },
    rows=(
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", ("agglomeration", "commune")) for role in ROLES),
        Row(CARETAKER, ("see",), "my lodge"),
        Row("coordination", ("see",), "a dwelling that nobody has"),
    ),
)

DOORS: dict[str, Door] = {
    "reports:photo": Door(EVERYONE, "reports.photo"),
    "reports:black_out": Door(PARTNERS, "reports.photo", "moderate"),
    "reports:pair": Door(PARTNERS, "reports.photo", "pair"),
}
