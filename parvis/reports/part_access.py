"""Who may see, give and handle a part of a report."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

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
    service_link,
)

SERVED_AFTER_CLOSING = timedelta(days=60)  # then a service's link is for reading only


def public_report(actor: Actor) -> Q:
    return is_public("report__")


def report_spoken_on(actor: Actor) -> Q:
    return has_spoken(actor, "report_id")


def mine_in_my_lodge(actor: Actor) -> Q:
    return report_in_my_lodge(actor) & my_organisation(actor)


def part_served_by_link(actor: Actor) -> Q:
    """The part of the link itself; for reading only once it has been closed for sixty days."""
    link = service_link(actor)
    lately = Q(closed_at=None) | Q(closed_at__gt=timezone.now() - SERVED_AFTER_CLOSING)
    return Q(**link) & lately if link else NOTHING


def nobodys_in_perimeter(actor: Actor) -> Q:
    return Q(organisation=None) & report_in_perimeter(actor)


PART = Policy(
    "reports.part",
    "part d’un signalement",
    scopes={
        "public": public_report,
        "spoken on": report_spoken_on,
        "report served by link": report_served_by_link,
        "served by link": part_served_by_link,
        "my organisation": my_organisation,
        "nobody's, in my perimeter": nobodys_in_perimeter,
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge": report_in_my_lodge,
        "my organisation, in my lodge": mine_in_my_lodge,
    },
    rows=(
        Row(ANYONE, ("see",), "public"),
        Row(BEARER, ("see",), "spoken on"),
        Row(BEARER, ("see",), "report served by link"),
        Row(BEARER, ("handle", "reopen"), "served by link"),
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("handle", "reopen"), "my organisation") for role in HANDLERS),
        Row("coordination", ("handle",), "my organisation"),
        Row("coordination", ("handle",), "nobody's, in my perimeter"),
        Row("coordination", ("reopen", "assign", "chase"), "my perimeter"),
        Row("responsable", ("assign",), "my perimeter", ("commune",)),
        Row(CARETAKER, ("see",), "my lodge"),
        Row(CARETAKER, ("handle",), "my organisation, in my lodge"),
        Row("coordination", ("see", "handle", "reopen", "assign"), "a dwelling that nobody has"),
    ),
)

DOORS: dict[str, Door] = {
    # Served by e-mail: opened by the signed link of an organisation's service
    "reports:serve": Door(EVERYONE),
    "reports:serve_step": Door(EVERYONE),
    "reports:serve_return": Door(EVERYONE),
    "reports:serve_undo": Door(EVERYONE),
    "reports:serve_number": Door(EVERYONE),
    "reports:serve_photo": Door(EVERYONE),
    # Handling
    "reports:give": Door(PARTNERS, "reports.part", "assign"),
    "reports:advance": Door(PARTNERS, "reports.part", "handle"),
    "reports:chase": Door(PARTNERS, "reports.part", "chase"),
    "reports:pause": Door(PARTNERS, "reports.part", "handle"),
    "reports:resume": Door(PARTNERS, "reports.part", "handle"),
    "reports:number": Door(PARTNERS, "reports.part", "handle"),
    "reports:undo": Door(PARTNERS, "reports.part", "handle"),
    "reports:mine": Door(PARTNERS, "reports.part", "handle"),
    # Several at once: each row is asked for its own right
    "reports:overdue": Door(PARTNERS),
    "reports:chase_all": Door(PARTNERS),
}
