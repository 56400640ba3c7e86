"""What changes of a member: how to reach them, what they show, who follows them on a seat."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils.body_acts import end_term, in_activity, seat_member
from parvis.councils.body_events import BODY
from parvis.councils.body_models import CouncilSeat, Member, MemberContact, Term
from parvis.councils.presence_models import Expense
from parvis.councils.retention import forget_members
from parvis.councils.workflow import ExpenseState, TermEnd
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import record


def show_of_member(member: Member, shown: str) -> Member:
    """What everybody may read of a member, as they choose."""
    if shown not in Member.Shown.values:
        raise ValidationError({"shown": "Choisissez une réponse de la liste."})
    member.shown = shown
    member.save(update_fields=["shown"])
    return member


def write_contact(member: Member, contact: dict[str, str], **fields: Any) -> Member:
    """Write anew who a member is and how to reach them."""
    with transaction.atomic():
        fresh = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save()
        row = MemberContact(member=fresh, **contact)
        row.full_clean(validate_unique=False)
        MemberContact.objects.update_or_create(member=fresh, defaults=contact)
    return fresh


def erase_member(member: Member) -> None:
    """Erase at once who a member was; Refused while a seat is theirs or money is owed to them."""
    with transaction.atomic():
        in_force = member.terms.filter(ends_on=None) | member.terms.filter(
            ends_on__gte=timezone.localdate()
        )
        if in_force.exists():
            raise Refused("Un mandat court encore : terminez-le d’abord.")
        if member.designations.on(timezone.localdate()).exists():
            raise Refused("Cette personne est encore référente : terminez d’abord sa désignation.")
        owed = (ExpenseState.CLAIMED, ExpenseState.AGREED)
        if Expense.objects.filter(member=member, state__in=owed).exists():
            raise Refused("Des frais lui restent à rembourser : réglez-les d’abord.")
        forget_members(Member.objects.filter(pk=member.pk))


def heirs_of(term: Term, day: date) -> list[Term]:
    """Substitutes of the college who sit that day, those of the quartier first."""
    rows = (
        Term.objects.on(day)
        .filter(
            seat__college_id=term.seat.college_id,
            seat__kind=CouncilSeat.Kind.SUPPLEANT,
            ends_on=None,
        )
        .exclude(pk=term.pk)
        .select_related("seat__quartier", "member__quartier", "member__contact")
        .defer("seat__quartier__outline", "member__quartier__outline")
        .order_by("seat__number")
    )
    wanted = {term.seat.quartier_id, term.member.quartier_id} - {None}

    def elsewhere(one: Term) -> bool:
        return not wanted & {one.seat.quartier_id, one.member.quartier_id}

    return sorted(rows, key=elsewhere)


def replace_holder(
    term: Term,
    *,
    actor: Actor,
    ends_on: date,
    reason: str,
    heir: Term | None = None,
    now: datetime | None = None,
) -> Term | None:
    """End a term and, when a substitute is named, give them the seat from the next day on: all of
    it or nothing. They finish the term that was begun."""
    with transaction.atomic():
        body = in_activity(term.seat.college.body)
        if heir is not None and term.seat.kind != CouncilSeat.Kind.TITULAIRE:
            raise Refused("Un suppléant remplace un titulaire, pas un autre suppléant.")
        end_term(term, actor=actor, ends_on=ends_on, reason=reason, now=now)
        if heir is None:
            return None
        if heir.pk not in {one.pk for one in heirs_of(term, ends_on)}:
            raise Refused("Cette personne n’est pas suppléante de ce collège ce jour-là.")
        end_term(heir, actor=actor, ends_on=ends_on, reason=TermEnd.PROMOTED, now=now)
        next_day = ends_on + timedelta(days=1)
        planned = term.expires_on if term.expires_on and term.expires_on > ends_on else None
        follower = seat_member(
            term.seat,
            heir.member,
            actor=actor,
            starts_on=next_day,
            regime=_regime_on(term, body.regime, body.regime_on, next_day),
            expires_on=planned,
            now=now,
        )
        record(actor, BODY, body.pk, "replaced", new=term.seat.college.code, at=now)
    return follower


def _regime_on(term: Term, regime: str, since: date | None, day: date) -> str:
    """The regime of the body that day: before it changed, the one of who leaves."""
    return term.regime if since and day < since else regime
