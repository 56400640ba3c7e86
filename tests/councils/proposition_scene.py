"""Propositions and small projects of the quartiers of the cast."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.councils import micro_acts, proposition_acts
from parvis.councils.models import Body, MicroExpense, MicroProject, Proposition
from parvis.partners.actors import NOBODY
from tests.cast import Cast

EMAIL = "auteur@exemple.test"
TITLE = "Un banc à l’ombre devant l’école"


def proposed(cast: Cast, **fields: Any) -> Proposition:
    """A proposition for Rives that nobody read yet, by somebody without an account."""
    given = {
        "actor": NOBODY,
        "quartier": cast.rives,
        "title": TITLE,
        "text": "Pour attendre les enfants. Essai habite au 3.",
        "theme_code": "",
        "name": "Essai",
        "email": EMAIL,
        **fields,
    }
    return proposition_acts.propose(**given)


def published(cast: Cast, **fields: Any) -> Proposition:
    """A proposition that yasmine, or whoever is given as `by`, reviewed and published."""
    by = fields.pop("by", cast.yasmine)
    made = proposed(cast, **fields)
    return proposition_acts.publish_proposition(
        made,
        actor=cast.actor(by),
        title=made.title,
        text="Pour attendre les enfants.",
        theme_code="",
    )


def a_project(cast: Cast, body: Body, **fields: Any) -> MicroProject:
    """A project of 600 euros that the body prepares, for the committee of the town of Anzin."""
    given = {
        "title": "Fête des bancs",
        "text": "Fabriquer trois bancs ensemble.",
        "carried_by": "Groupe des bancs",
        "fund": "fph",
        "payer": cast.town,
        "asked": Decimal("600.00"),
        **fields,
    }
    return micro_acts.write_project(body, **given)


def submitted(cast: Cast, body: Body, **fields: Any) -> MicroProject:
    """A project before its committee."""
    made = a_project(cast, body, **fields)
    return micro_acts.submit_project(made, actor=cast.actor(cast.yasmine))


def granted(cast: Cast, body: Body, amount: str = "500.00", **fields: Any) -> MicroProject:
    """A project that karim's town granted so much."""
    made = submitted(cast, body, **fields)
    return micro_acts.grant_project(
        made,
        actor=cast.actor(cast.karim),
        granted=Decimal(amount),
        decided_on=date(2026, 3, 2),
    )


def an_expense(project: MicroProject, amount: str = "120.50") -> MicroExpense:
    """Something that it paid, with its voucher."""
    return micro_acts.add_expense(
        project,
        label="Bois",
        amount=Decimal(amount),
        spent_on=date(2026, 4, 1),
        voucher=SimpleUploadedFile("facture.pdf", b"%PDF-1.7 essai"),
    )
