"""Erasing who took part once it has served, as privacy.toml promises it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.councils.aside_word_acts import forget_old_speakers, old_speakers
from parvis.councils.body_models import Member, MemberContact, Term
from parvis.councils.draw_models import DrawnPerson
from parvis.councils.lot_erasing import destroy_due, due_draws
from parvis.councils.presence_models import Expense
from parvis.councils.proposition_retention import (
    erase_proposition_people,
    propositions_due,
)
from parvis.councils.sorting import settings
from parvis.councils.workflow import ExpenseState
from parvis.notices import outbox
from parvis.notices.keeping import Due, Retention, due_among, due_together
from parvis.works.dates import months_after


def _due(now: datetime) -> Due:
    months = settings()["contact_months"]
    gone = _gone_since(months_after(timezone.localdate(now), -months))
    told = ~Q(sex="") | ~Q(age_band="") | Q(user__isnull=False) | Q(contact__isnull=False)
    owed = Expense.objects.filter(member_id=OuterRef("pk")).exclude(label="", voucher="")
    return due_together(
        [
            due_among(gone.filter(told | Exists(owed)), "gone_on"),
            due_among(old_speakers(now), "heard_on"),
            propositions_due(now),
        ]
    )


def _erase(now: datetime) -> int:
    erased = erase_people(now)
    return erased.members + erased.names + erased.proposed


def _draws_due(now: datetime) -> Due:
    return due_among(due_draws(now), "destroy_on")


@dataclass
class Erased:
    """How many of each."""

    members: int = 0
    names: int = 0  # of who spoke, in notebooks
    proposed: int = 0  # contacts and supports of propositions


def erase_people(now: datetime | None = None) -> Erased:
    """Erase whose time has passed; a second run finds nothing."""
    at = now or timezone.now()
    today, figures = timezone.localdate(at), settings()
    return Erased(
        members=forget_members(_gone_since(months_after(today, -figures["contact_months"]))),
        names=forget_old_speakers(at),
        proposed=erase_proposition_people(at),
    )


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
        # The record of a draw tells sex and age of a line: nothing says any more whose it was.
        DrawnPerson.objects.filter(member_id__in=ids).update(member=None)
        for pk in touched:
            outbox.forget(f"member:{pk}")
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
    # What is still to be paid back needs its voucher.
    owed = Expense.objects.filter(
        member_id=OuterRef("pk"), state__in=(ExpenseState.CLAIMED, ExpenseState.AGREED)
    )
    return (
        Member.objects.filter(~Exists(running), ~Exists(owed))
        .annotate(gone_on=Coalesce(Subquery(last), F("added_on")))
        .filter(gone_on__lt=day)
    )


RETENTIONS = (
    Retention("participation", "membres, auteurs de propositions et noms de carnets", _due, _erase),
    Retention("draws", "listes et coordonnées de tirages au sort", _draws_due, destroy_due),
)
