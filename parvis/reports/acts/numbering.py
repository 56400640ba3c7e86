"""What an organisation writes of its own on its part: its number for it, the firm it called."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports.acts.handling import bring_up_to_date, one_of
from parvis.reports.counting import lock
from parvis.reports.models import Part
from parvis.reports.searching import index_numbers
from parvis.reports.workflow import Forbidden
from parvis.thread.acts import record

NUMBER_LENGTH = 60  # characters
FIRM_LENGTH = 120


def number_part(
    part: Part, *, actor: Actor, own_number: str, firm: str, now: datetime | None = None
) -> Part:
    """Write down the organisation's own number (claim, work order) and the firm called; empty takes
    away. Those who share the report read both; the organisation finds it by its number."""
    at = now or timezone.now()
    own_number, firm = " ".join(own_number.split()), " ".join(firm.split())
    if len(own_number) > NUMBER_LENGTH:
        raise ValidationError({"own_number": f"{NUMBER_LENGTH} caractères au plus."})
    if len(firm) > FIRM_LENGTH:
        raise ValidationError({"firm": f"{FIRM_LENGTH} caractères au plus."})
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.organisation_id is None:
            raise Forbidden("Personne n’a encore cette part : confiez-la d’abord.")
        if (own_number, firm) != (mine.own_number, mine.firm):
            mine.own_number, mine.firm = own_number, firm
            mine.save(update_fields=["own_number", "firm"])
            index_numbers([mine])
            record(
                actor,
                "report",
                report.pk,
                "numbered",
                concerns=mine.organisation_id,
                public=False,
                at=at,
            )
    bring_up_to_date(part, mine)
    return part
