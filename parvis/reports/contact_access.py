"""Who may read how to reach a person, and whom to call."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import PARTNERS, Door, Policy, Row
from parvis.reports.scopes import (
    CARETAKER,
    HANDLERS,
    has_a_part,
    my_organisation,
    of_nobodys_dwelling,
    report_in_my_lodge,
    report_in_perimeter,
    report_shared_with_me,
)


def report_or_its_home_shared_with_me(actor: Actor) -> Q:
    """Shared with my organisation, or united with a report that is."""
    return report_shared_with_me(actor) | has_a_part(actor, "report__merged_into_id")


def open_in_my_lodge(actor: Actor) -> Q:
    """In the lodge, while the organisation's own part is open: once closed, nobody is called."""
    part = apps.get_model("reports", "Part")
    still = part.objects.filter(
        my_organisation(actor), report_id=OuterRef("report_id"), closed_at=None
    )
    return report_in_my_lodge(actor) & Q(Exists(still))


# Contacts, dwellings and calls to make: those who handle, where they handle.
CONTACT = Policy(
    "reports.contact",
    "coordonnées d’une personne",
    scopes={
        "shared with my organisation": report_or_its_home_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge, part open": open_in_my_lodge,
    },
    rows=(
        *(Row(role, ("see",), "shared with my organisation") for role in HANDLERS),
        Row("coordination", ("see",), "my perimeter"),
        Row("responsable", ("see",), "my perimeter", ("commune",)),
        Row(CARETAKER, ("see",), "my lodge, part open"),
        Row("coordination", ("see",), "a dwelling that nobody has"),
    ),
    personal=True,
)

CALLBACK = Policy(
    "reports.callback",
    "appel à passer",
    scopes=CONTACT.scopes,
    rows=tuple(Row(row.who, ("see", "tick"), row.scope, row.kinds) for row in CONTACT.rows),
)

DOORS: dict[str, Door] = {
    "reports:callbacks": Door(PARTNERS),
    "reports:see_number": Door(PARTNERS, "reports.callback"),
    "reports:contacts": Door(PARTNERS, "reports.contact"),
    "reports:tick": Door(PARTNERS, "reports.callback", "tick"),
}
