"""Expenses of members: claimed, changed or withdrawn while undecided; agreed, refused, paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils import sorting
from parvis.councils.models import Expense, Member
from parvis.councils.space_mail import tell_members
from parvis.councils.workflow import ExpenseState
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused

STATES = ExpenseState
TWICE = timedelta(minutes=2)  # within which the same claim is one form sent twice


def claim_expense(member: Member, *, now: datetime | None = None, **fields: Any) -> Expense:
    """Ask for what a member spent to be paid back, by the structure porteuse or the agglomération.

    ValidationError for an unknown kind, an amount that is nothing, or another payer. The same form
    sent twice makes one claim.
    """
    at = now or timezone.now()
    with transaction.atomic():
        Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        alike = {name: value for name, value in fields.items() if name != "voucher"}
        mine = Expense.objects.filter(member=member, state=STATES.CLAIMED, at__gt=at - TWICE)
        twin = mine.filter(**alike).first()
        return twin or _write(Expense(member=member, at=at), fields)


def change_expense(expense: Expense, **fields: Any) -> Expense:
    """Write an expense anew; refused once it was decided. An empty voucher keeps the one given."""
    with transaction.atomic():
        return _write(_claimed(expense), fields)


def withdraw_expense(expense: Expense) -> None:
    """Take a claim back, with its voucher; refused once it was decided."""
    with transaction.atomic():
        fresh = _claimed(expense)
        _forget_file(fresh.voucher.name)
        fresh.delete()


def decide_expense(
    expense: Expense, *, actor: Actor, agreed: bool, reason: str = "", now: datetime | None = None
) -> Expense:
    """The payer agrees, or refuses and says why; the member is told."""
    with transaction.atomic():
        fresh = _held(expense)
        if fresh.state not in (STATES.CLAIMED, STATES.AGREED):
            raise Refused("Ces frais ont déjà reçu une réponse.")
        if not agreed and not reason.strip():
            raise ValidationError({"reason": "Dites pourquoi ces frais sont refusés."})
        fresh.state = STATES.AGREED if agreed else STATES.REFUSED
        fresh.reason = "" if agreed else reason.strip()
        fresh.decided_at = now or timezone.now()
        fresh.save(update_fields=["state", "reason", "decided_at"])
        _tell(fresh)
    return fresh


def agree_expenses(rows: Any, ids: Iterable[int], *, now: datetime | None = None) -> int:
    """Agree to several claims at once, among the rows that one may decide; how many."""
    return _advance(
        rows, ids, STATES.CLAIMED, state=STATES.AGREED, decided_at=now or timezone.now()
    )


def pay_expenses(rows: Any, ids: Iterable[int], *, paid_on: date) -> int:
    """Write that several agreed expenses were paid back that day; how many."""
    return _advance(rows, ids, STATES.AGREED, state=STATES.PAID, paid_on=paid_on)


def _advance(rows: Any, ids: Iterable[int], was: str, **fields: Any) -> int:
    with transaction.atomic():
        # The state is asked again under the lock: a claim withdrawn or decided meanwhile is left.
        found = list(
            rows.filter(pk__in=list(ids), state=was)
            .select_for_update(of=("self",))
            .select_related("member__contact", "member__user")
            .order_by("pk")
        )
        for one in found:
            for name, value in fields.items():
                setattr(one, name, value)
        Expense.objects.bulk_update(found, list(fields))
        for one in found:
            _tell(one)
    return len(found)


def _write(expense: Expense, fields: dict[str, Any]) -> Expense:
    body = expense.member.body
    if fields.get("kind") not in sorting.choices("expense"):
        raise ValidationError({"kind": "Choisissez une nature de la liste."})
    if fields["payer"].pk not in (body.carrier_id, body.coordinator_id):
        raise ValidationError({"payer": "Cette organisation ne rembourse pas cette instance."})
    voucher = fields.pop("voucher", None)
    before = expense.voucher.name
    for name, value in fields.items():
        setattr(expense, name, value)
    if voucher:
        expense.voucher = voucher
    expense.full_clean(exclude=["member"])
    with transaction.atomic():
        expense.save()
        if voucher and before:
            _forget_file(before)
    return expense


def _held(expense: Expense) -> Expense:
    rows = Expense.objects.select_for_update(of=("self",))
    fresh = rows.select_related("member__body", "member__contact", "member__user").filter(
        pk=expense.pk
    )
    found = fresh.first()
    if found is None:
        raise Refused("Cette demande a été retirée.")
    return found


def _claimed(expense: Expense) -> Expense:
    fresh = _held(expense)
    if fresh.state != STATES.CLAIMED:
        raise Refused("Ces frais ont reçu une réponse : ils ne changent plus.")
    return fresh


def _forget_file(name: str | None) -> None:
    """Erase a file once the change holds."""
    if name:
        storage = Expense._meta.get_field("voucher").storage
        transaction.on_commit(lambda: storage.delete(name))


def _tell(expense: Expense) -> None:
    tell_members(
        f"councils.expense:{expense.pk}:{expense.state}",
        [expense.member],
        "expense",
        expense=expense,
        kind=sorting.label_of("expense", expense.kind),
    )
