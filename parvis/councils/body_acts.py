"""Creating a body, opening its seats, and who holds them from when to when."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.councils.body_events import BODY
from parvis.councils.body_models import (
    Body,
    College,
    CouncilSeat,
    Member,
    MemberContact,
    Term,
)
from parvis.councils.regimes import choices, regime_of, regimes_on
from parvis.councils.workflow import TermEnd
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.models import Quartier
from parvis.thread.acts import record

KINDS = CouncilSeat.Kind


def create_body(
    *,
    actor: Actor,
    organisation: Organisation,
    coordinator: Organisation,
    form: str,
    regime: str,
    created_on: date,
    quartiers: Iterable[Quartier],
    now: datetime | None = None,
    **fields: Any,
) -> Body:
    """Write down a body, not public yet, with its two colleges.

    ValidationError when its form or its regime did not exist on the day it was created.
    """
    if form not in choices("form"):
        raise ValidationError({"form": "Choisissez une forme de la liste."})
    if regime not in {one.code for one in regimes_on(created_on, form)}:
        raise ValidationError({"regime": "Ce régime ne vaut pas à cette date pour cette forme."})
    if organisation.kind != Organisation.Kind.PARTICIPATION:
        raise ValidationError({"organisation": "Ce n’est pas une instance de participation."})
    body = Body(
        organisation=organisation,
        coordinator=coordinator,
        form=form,
        regime=regime,
        created_on=created_on,
        **fields,
    )
    body.full_clean()
    with transaction.atomic():
        body.save()
        body.quartiers.set(quartiers)
        College.objects.bulk_create(College(body=body, code=code) for code in choices("college"))
        record(actor, BODY, body.pk, "created", concerns=organisation, public=False, at=now)
    return body


def publish_body(body: Body, *, actor: Actor, now: datetime | None = None) -> Body:
    """Show a body to everybody; a second time changes nothing."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(body)
        if fresh.published_at is None:
            fresh.published_at = at
            fresh.save(update_fields=["published_at"])
            record(actor, BODY, fresh.pk, "published", at=at)
    return fresh


def open_seats(
    college: College, kind: str, how_many: int, *, quartier: Quartier | None = None
) -> list[CouncilSeat]:
    """Open so many seats more in a college, numbered on from the last one."""
    with transaction.atomic():
        in_activity(college.body)
        last = college.seats.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
        return CouncilSeat.objects.bulk_create(
            CouncilSeat(college=college, kind=kind, number=last + step, quartier=quartier)
            for step in range(1, how_many + 1)
        )


def add_member(body: Body, *, contact: dict[str, str] | None = None, **fields: Any) -> Member:
    """Write down a member, under the next number of the body; `contact` holds the columns of
    MemberContact. No e-mail is needed to be one."""
    with transaction.atomic():
        in_activity(body)
        last = body.members.aggregate(last=Max("number"))["last"] or 0
        member = Member(body=body, number=last + 1, **fields)
        member.full_clean()
        member.save()
        if contact:
            row = MemberContact(member=member, **contact)
            row.full_clean()
            row.save()
    return member


def seat_member(
    seat: CouncilSeat,
    member: Member,
    *,
    actor: Actor,
    starts_on: date,
    regime: str = "",
    expires_on: date | None = None,
    now: datetime | None = None,
) -> Term:
    """Give a seat to a member from that day on; the regime of the body and the end that its usual
    term gives when none is given.

    ValidationError when the seat or the member is taken that day, Refused when they are not of
    one body.
    """
    with transaction.atomic():
        body = in_activity(seat.college.body)
        if member.body_id != body.pk:
            raise Refused("Ce siège et cette personne ne sont pas de la même instance.")
        if CouncilSeat.objects.filter(pk=seat.pk, closed_on__isnull=False).exists():
            raise Refused("Ce siège est supprimé.")
        if expires_on is not None and expires_on < starts_on:
            raise ValidationError({"expires_on": "La fin prévue précède le début du mandat."})
        if not regime and body.regime_on and starts_on < body.regime_on:
            raise Refused("Ce jour-là, l’instance était sous un autre régime : dites lequel.")
        term = Term(
            seat=seat,
            member=member,
            regime=regime_of(regime or body.regime).code,
            starts_on=starts_on,
            expires_on=expires_on or usual_end(body, starts_on),
        )
        term.full_clean()
        term.save()
        record(actor, BODY, body.pk, "seated", new=seat.college.code, public=True, at=now)
    return term


def end_term(
    term: Term, *, actor: Actor, ends_on: date, reason: str, now: datetime | None = None
) -> Term:
    """A term ends that day, included, for that reason (`workflow.TermEnd`)."""
    with transaction.atomic():
        body = held(term.seat.college.body)
        fresh = Term.objects.select_for_update().get(pk=term.pk)
        if fresh.ends_on is not None:
            raise Refused("Ce mandat est déjà terminé.")
        if reason not in TermEnd.values:
            raise ValidationError({"reason": "Dites pourquoi le mandat se termine."})
        fresh.ends_on, fresh.reason = ends_on, reason
        fresh.full_clean()
        fresh.save(update_fields=["ends_on", "reason"])
        record(actor, BODY, body.pk, "vacated", new=reason, public=False, at=now)
    return fresh


def usual_end(body: Body, starts_on: date) -> date | None:
    """The last day of a term that begins then, as long as terms last in this body."""
    if not body.term_months:
        return None
    months = starts_on.month - 1 + body.term_months
    year, month = starts_on.year + months // 12, months % 12 + 1
    last = monthrange(year, month)[1]
    if starts_on.day > last:  # from 31 August, six months end with February
        return date(year, month, last)
    return date(year, month, starts_on.day) - timedelta(days=1)


def in_activity(body: Body) -> Body:
    """The body as it stands, held until the end of the transaction; Refused when dissolved."""
    fresh = held(body)
    if fresh.closed_on is not None:
        raise Refused("Cette instance est dissoute : elle ne change plus.")
    return fresh


def held(body: Body) -> Body:
    """The body as it stands, held until the end of the transaction."""
    rows = Body.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=body.pk)
