"""The number that an organisation gives a part in its own tool."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.reports.acts.handling import bring_up_to_date, one_of
from parvis.reports.counting import lock
from parvis.reports.models import Part
from parvis.thread.acts import record

NUMBER_LENGTH = 60  # characters


def number_part(part: Part, *, actor: Actor, number: str) -> Part:
    """Write down the organisation's own number of a part; an empty one takes it away."""
    number = " ".join(number.split())
    if len(number) > NUMBER_LENGTH:
        raise ValidationError({"number": f"Ce numéro dépasse {NUMBER_LENGTH} caractères."})
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.own_number != number:
            mine.own_number = number
            mine.save(update_fields=["own_number"])
            record(
                actor,
                "report",
                report.pk,
                "numbered",
                concerns=mine.organisation_id,
                public=False,
            )
    bring_up_to_date(part, mine)
    return part
