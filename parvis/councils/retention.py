"""Erasing who took part once it has served, as privacy.toml promises it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from parvis.councils.body_models import Member, MemberContact, Term
from parvis.councils.presence_models import Expense
from parvis.councils.proposition_models import Proposition, PropositionContact, Support
from parvis.councils.referent_models import WordName
from parvis.councils.sorting import settings
from parvis.councils.workflow import MicroState, PropositionState

ERASED = "erased-"
ENDED = (MicroState.REFUSED, MicroState.DONE, MicroState.DROPPED)
SETTLED = (
    PropositionState.ANSWERED,
    PropositionState.PROJECT,
    PropositionState.REFUSED,
    PropositionState.WITHDRAWN,
)


@dataclass
class Erased:
    """How many of each."""

    members: int = 0
    names: int = 0
    contacts: int = 0
    supports: int = 0


def erase_people(now: datetime | None = None) -> Erased:
    """Erase whose time has passed; a second run finds nothing."""
    at = now or timezone.now()
    today, figures = timezone.localdate(at), settings()
    return Erased(
        members=forget_members(_gone_since(months_before(today, figures["contact_months"]))),
        names=_forget_names(months_before(today, figures["word_name_months"])),
        contacts=_forget_authors(at - timedelta(days=figures["proposition_days"])),
        supports=_forget_supports(at - timedelta(days=figures["support_days"])),
    )


def months_before(day: date, months: int) -> date:
    """The same day so many months before; the first of the next month when there is none."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    try:
        return day.replace(year=year, month=month)
    except ValueError:  # the 31st of a month of thirty days: a day longer, never a day shorter
        return date(year + month // 12, month % 12 + 1, 1)


def forget_members(members: Any) -> int:
    """Erase who these members were: how to reach them, their sex and age, their account, what their
    expenses were for. Their number and their terms stay. How many had something to erase."""
    with transaction.atomic():
        found = members.select_for_update(of=("self",)).order_by("pk")
        ids = list(found.values_list("pk", flat=True))
        contacts = MemberContact.objects.filter(member_id__in=ids)
        told = ~Q(sex="") | ~Q(age_band="") | Q(user__isnull=False)
        expenses = Expense.objects.filter(member_id__in=ids).exclude(label="", voucher="")
        touched = {
            *contacts.values_list("pk", flat=True),
            *Member.objects.filter(told, pk__in=ids).values_list("pk", flat=True),
            *expenses.values_list("member_id", flat=True),
        }
        contacts.delete()
        Member.objects.filter(pk__in=touched).update(
            sex="", age_band="", user=None, shown=Member.Shown.NOTHING
        )
        delete_files(one.voucher for one in expenses)
        expenses.update(label="", voucher="")
    return len(touched)


def delete_files(files: Iterable[Any]) -> None:
    """Take these files from where they are stored once the change is sure."""
    for file in files:
        if file:
            transaction.on_commit(partial(file.storage.delete, str(file.name)))


def _gone_since(day: date) -> Any:
    """Members whose last term ended before that day, or who never had one and came before it."""
    terms = Term.objects.filter(member_id=OuterRef("pk")).order_by().values("member_id")
    last = terms.annotate(last=Max("ends_on")).values("last")
    running = Term.objects.filter(member_id=OuterRef("pk"), ends_on=None)
    return (
        Member.objects.filter(~Exists(running))
        .annotate(gone_on=Coalesce(Subquery(last), F("added_on")))
        .filter(gone_on__lt=day)
    )


def _forget_names(day: date) -> int:
    with transaction.atomic():
        old = list(WordName.objects.filter(word__heard_on__lt=day).order_by("pk"))
        delete_files(one.consent_file for one in old)
        WordName.objects.filter(pk__in=[one.pk for one in old]).delete()
    return len(old)


def _forget_authors(moment: datetime) -> int:
    """Who proposed, once everything was said: the answer, the refusal, or their own withdrawal."""
    over = Q(state__in=(PropositionState.ANSWERED, PropositionState.REFUSED))
    over |= Q(state=PropositionState.WITHDRAWN)
    over |= Q(state=PropositionState.PROJECT, micro_project__state__in=ENDED)
    said = Coalesce("answered_at", "reviewed_at", "at")
    old = Proposition.objects.filter(over).annotate(said=said).filter(said__lt=moment)
    count, _ = PropositionContact.objects.filter(proposition__in=old.order_by()).delete()
    return count


def _forget_supports(moment: datetime) -> int:
    """Supports that nobody confirmed; and who confirmed, once a proposition takes no more."""
    unsure = Support.objects.filter(confirmed_at=None, asked_at__lt=moment)
    count, _ = unsure.delete()
    settled = Support.objects.filter(proposition__state__in=SETTLED, confirmed_at__isnull=False)
    # The row still counts; its number stands where the digest was.
    number = Concat(Value(ERASED), Cast("pk", CharField()))
    return count + settled.exclude(person__startswith=ERASED).update(person=number)
