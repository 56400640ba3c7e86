"""Who took part is erased when their time is over, not a day before, and only once."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from parvis.councils import body_acts, retention
from parvis.councils.models import (
    Body,
    Expense,
    Member,
    MemberContact,
    ResidentWord,
    Term,
    WordName,
)
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, hugo_in, seats_of

NOW = timezone.make_aware(datetime(2026, 6, 15, 3))


def left(cast: Cast, body: Body, on: date | None, **fields: Any) -> Member:
    """A member whose term ended that day, or still runs."""
    member = a_member(body, sex="F", age_band="60+", **fields)
    seat = next(one for one in seats_of(body) if not one.terms.exists())
    actor = cast.actor(cast.yasmine)
    term = body_acts.seat_member(seat, member, actor=actor, starts_on=date(2025, 4, 1))
    if on:
        body_acts.end_term(term, actor=actor, ends_on=on, reason="resignation")
    return member


def kept(*members: Member) -> list[bool]:
    return [MemberContact.objects.filter(member=one).exists() for one in members]


def test_contacts_go_twelve_months_after_the_last_term(cast: Cast) -> None:
    body = a_body(cast)
    gone = left(cast, body, date(2025, 6, 14), user=cast.hugo)
    tomorrow = left(cast, body, date(2025, 6, 15))
    sits = left(cast, body, None)
    never, lately = a_member(body), a_member(body)
    Member.objects.filter(pk=never.pk).update(added_on=date(2025, 6, 14))
    Member.objects.filter(pk=lately.pk).update(added_on=date(2025, 6, 15))
    # Who came back counts from the last of their terms.
    back = left(cast, body, date(2025, 5, 1))
    spare = seats_of(body, "acteurs")[0]
    Term.objects.create(
        seat=spare,
        member=back,
        regime="2024",
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 1, 1),
        reason="completed",
    )
    assert retention.erase_people(NOW).members == 2
    assert kept(gone, tomorrow, sits, never, lately, back) == [False, True, True, False, True, True]
    gone.refresh_from_db()
    assert (gone.sex, gone.age_band, gone.user, gone.public_name) == ("", "", None, "membre n° 1")
    assert gone.terms.count() == 1
    assert retention.erase_people(NOW) == retention.Erased()


def test_expenses_keep_their_amount_alone(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    body = a_body(cast)
    expenses = []
    for day in (date(2025, 6, 14), date(2025, 6, 15)):
        spent = Expense(
            member=left(cast, body, day), kind="garde", label="Chez Essai", amount=12, spent_on=day
        )
        spent.payer, spent.at = cast.town, NOW
        spent.state, spent.paid_on = "paid", day
        spent.voucher.save("ticket.pdf", ContentFile(b"%PDF-1.7 essai"))
        expenses.append(spent)
    storage, names = expenses[0].voucher.storage, [one.voucher.name for one in expenses]
    with django_capture_on_commit_callbacks(execute=True):
        retention.erase_people(NOW)
    assert [storage.exists(name) for name in names] == [False, True]
    assert [Expense.objects.get(pk=one.pk).label for one in expenses] == ["", "Chez Essai"]
    assert Expense.objects.get(pk=expenses[0].pk).amount == 12


def test_who_is_still_owed_money_is_not_forgotten_yet(cast: Cast) -> None:
    member = left(cast, a_body(cast), date(2025, 6, 14))
    owed = Expense(member=member, kind="garde", label="Chez Essai", amount=12)
    owed.payer, owed.at, owed.spent_on = cast.town, NOW, date(2025, 6, 14)
    owed.save()
    assert retention.erase_people(NOW).members == 0
    Expense.objects.update(state="refused", reason="Sans justificatif")
    assert retention.erase_people(NOW).members == 1


def test_names_of_who_spoke_go_after_two_years_with_their_file(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    body = a_body(cast)
    names = []
    for day in (date(2024, 6, 14), date(2024, 6, 15)):
        word = ResidentWord.objects.create(body=body, text="La lampe est cassée.", heard_on=day)
        name = WordName(word=word, name="Aline Essai", consent_on=day)
        name.consent_file.save("accord.pdf", ContentFile(b"%PDF-1.7 essai"))
        names.append(name)
    storage = names[0].consent_file.storage
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.erase_people(NOW).names == 1
    assert [storage.exists(one.consent_file.name) for one in names] == [False, True]
    assert WordName.objects.get() == names[1]
    assert ResidentWord.objects.count() == 2


def test_the_command_says_what_it_did(cast: Cast) -> None:
    hugo_in(cast, a_body(cast))
    out = StringIO()
    call_command("retention", stdout=out)
    assert "participation (membres, auteurs de propositions" in out.getvalue()
