"""Terms never overlap, whoever writes them and however: the database holds it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.councils.models import Member, Term
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, seats_of

DAY = date(2026, 1, 1)


def term(seat: Any, member: Any, first: int, last: int | None) -> Term:
    """A term from that day to that one, counted from the first of January, unsaved."""
    return Term(
        seat=seat,
        member=member,
        regime="2024",
        starts_on=DAY + timedelta(days=first),
        ends_on=None if last is None else DAY + timedelta(days=last),
        reason="" if last is None else "completed",
    )


@pytest.fixture
def body(cast: Cast) -> Any:
    return a_body(cast)


def saved(one: Term) -> bool:
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        return False
    return True


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # undone after each example
)
@given(
    spans=st.lists(
        st.tuples(st.integers(0, 20), st.one_of(st.none(), st.integers(0, 8))), max_size=7
    )
)
def test_a_seat_takes_a_term_exactly_when_no_day_of_it_is_taken(
    body: Any, members: list[Member], spans: list[tuple[int, int | None]]
) -> None:
    seat = seats_of(body)[0]
    taken: set[int] = set()
    with transaction.atomic():
        for place, (first, length) in enumerate(spans):
            last = None if length is None else first + length
            days = set(range(first, 60 if last is None else last + 1))
            assert saved(term(seat, members[place], first, last)) == (not days & taken)
            taken |= days if not days & taken else set()
        transaction.set_rollback(True)


@pytest.fixture
def members(body: Any) -> list[Member]:
    return [a_member(body) for _ in range(7)]


def test_a_member_holds_one_seat_at_a_time(body, members):
    first, second = seats_of(body)[:2]
    term(first, members[0], 0, None).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        term(second, members[0], 5, 9).save()


def test_a_term_cannot_be_stretched_over_the_next_one(body, members):
    seat = seats_of(body)[0]
    early = term(seat, members[0], 0, 9)
    early.save()
    term(seat, members[1], 10, None).save()
    early.ends_on = DAY + timedelta(days=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        early.save()


def test_a_saved_term_may_be_saved_again(body, members):
    one = term(seats_of(body)[0], members[0], 0, None)
    one.save()
    one.ends_on, one.reason = DAY, "resignation"
    one.save()


def test_the_form_is_told_in_words_before_the_database_refuses(body, members):
    seat = seats_of(body)[0]
    term(seat, members[0], 0, None).save()
    with pytest.raises(ValidationError, match="Ce siège est déjà occupé"):
        term(seat, members[1], 5, None).full_clean()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_take_one_seat_at_once_one_has_it(cast: Cast) -> None:
    body = a_body(cast)
    seat = seats_of(body)[0]
    people = [a_member(body) for _ in range(20)]

    def take(member: Member) -> bool:
        try:
            return saved(term(seat, member, 0, None))
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(take, people))
    assert sum(taken) == 1
    assert Term.objects.count() == 1
