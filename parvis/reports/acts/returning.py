"""Giving a part back: "not ours", for the coordination to find who answers."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports.acts.handling import (
    REASON_LENGTH,
    bring_up_to_date,
    one_of,
    take_news_back,
)
from parvis.reports.acts.sharing import HANDED
from parvis.reports.counting import local_day, lock, recount
from parvis.reports.delays import stop_pause
from parvis.reports.models import Note, Part
from parvis.reports.searching import index_numbers
from parvis.reports.workflow import RETURN, Forbidden, check_step
from parvis.thread.acts import record


def return_part(part: Part, *, actor: Actor, reason: str, now: datetime | None = None) -> Part:
    """Give a part back: it joins the list "sans gestionnaire", with the reason. The day it is due
    stays, since people wait as before. As for any part that changes hands, there is no undo.

    Raises Forbidden when the part is closed or is another's, ValidationError without a reason.
    """
    at = now or timezone.now()
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Dites pourquoi."})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": f"Dites-le en {REASON_LENGTH} caractères au plus."})
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.organisation is None or mine.organisation_id != actor.organisation_id:
            raise Forbidden("Cette part n’est pas celle de votre organisation.")
        check_step(mine.state, RETURN)
        take_news_back(mine)  # "taken in charge" is no longer true
        giver = mine.organisation
        mine.organisation, mine.person_id = None, None
        mine.own_number, mine.firm, mine.commitment = "", "", None
        stop_pause(mine, local_day(at))
        index_numbers([mine])
        mine.state, mine.reason = RETURN.target, reason
        mine.told_at, mine.chased_on = at, None
        mine.before, mine.moved_at = None, None
        mine.save(update_fields=HANDED)
        # The part forgets its reason once it is given to somebody else; the note does not.
        Note.objects.create(
            report=report, organisation=giver, by_id=actor.user_id, text=reason, at=at
        )
        record(actor, "report", report.pk, "returned", concerns=giver, at=at)
        recount(report, parts)
    bring_up_to_date(part, mine)
    part.organisation = None
    return part
