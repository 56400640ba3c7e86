"""Rules of a regime are told from who sits, and each term keeps the rules under which it began."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.councils import body_acts
from parvis.councils.body_changes import change_regime
from parvis.councils.body_reading import composition_of
from parvis.councils.body_rules import TELLS, Verdict, parity, rules_of, share
from parvis.councils.models import Body, Recognition, Term
from parvis.councils.regimes import regimes
from parvis.partners.actors import NOBODY
from parvis.partners.models import Agreement
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, seats_of


@given(
    women=st.integers(0, 6), men=st.integers(0, 6), unsaid=st.integers(0, 6), most=st.integers(0, 3)
)
def test_parity_is_told_only_when_every_answer_of_the_silent_says_the_same(
    women: int, men: int, unsaid: int, most: int
) -> None:
    held = {
        abs(women + sum(answers) - (men + unsaid - sum(answers))) <= most
        for answers in product((0, 1), repeat=unsaid)
    }
    wanted = Verdict.UNTOLD
    if women + men + unsaid and len(held) == 1:
        wanted = Verdict.HELD if held.pop() else Verdict.NOT_HELD
    assert parity(women, men, unsaid, most) is wanted


@given(residents=st.integers(0, 30), others=st.integers(0, 30), percent=st.integers(0, 100))
def test_the_share_of_residents_is_counted_without_rounding(
    residents: int, others: int, percent: int
) -> None:
    told = share(residents, residents + others, percent)
    if residents + others == 0:
        assert told is Verdict.UNTOLD
    else:
        needed = -(-percent * (residents + others) // 100)  # the least whole number of seats
        assert told is (Verdict.HELD if residents >= needed else Verdict.NOT_HELD)


def test_every_rule_of_every_regime_can_be_told() -> None:
    assert {rule.code for one in regimes().values() for rule in one.rules} == set(TELLS)


def seated(cast: Cast, body: Body, *, on: date, **fields: Any) -> Term:
    """Somebody more on the next free seat of residents, from that day on."""
    free = next(seat for seat in seats_of(body) if not seat.terms.exists())
    actor = cast.actor(cast.yasmine)
    return body_acts.seat_member(free, a_member(body, **fields), actor=actor, starts_on=on)


def told(body: Body) -> dict[str, Verdict]:
    body = Body.objects.get(pk=body.pk)
    shown = composition_of(NOBODY, body, timezone.localdate())
    lines = rules_of(body, shown, list(body.recognitions.order_by("signed_on")))
    return {one.rule.code: one.verdict for one in lines}


def old_body(cast: Cast, **fields: Any) -> Body:
    """The same body, created under the regime of 2014."""
    return a_body(cast, regime="2014", created_on=date(2016, 9, 1), **fields)


def test_a_body_of_2014_is_told_against_the_law_of_2014(cast: Cast) -> None:
    body = old_body(cast)
    assert told(body) == {
        "draw": Verdict.UNTOLD,
        "parity": Verdict.UNTOLD,
        "recognition": Verdict.NOT_HELD,
        "residents": Verdict.HELD,
        "alternates": Verdict.HELD,
        "term": Verdict.NOT_HELD,
        "no_elected": Verdict.UNTOLD,
    }
    for sex in "FH":
        seated(cast, body, on=date(2017, 1, 1), origin="tirage", sex=sex)
    Recognition.objects.create(body=body, signed_on=date(2017, 2, 1), authority=cast.town)
    agreement = Agreement.objects.create(code="CV-ESSAI", title="Contrat de ville")
    checked = {"term_months": 36, "agreement": agreement, "no_elected_on": date(2017, 3, 1)}
    Body.objects.filter(pk=body.pk).update(**checked)
    assert set(told(body).values()) == {Verdict.HELD}
    # Somebody comes who was not drawn, and after it was checked that nobody was elected.
    seated(cast, body, on=date(2018, 1, 1), origin="volontaire", sex="F")
    changed = told(body)
    assert changed["draw"] is Verdict.NOT_HELD
    assert changed["no_elected"] is Verdict.UNTOLD


def test_who_was_seated_before_keeps_their_rules(cast: Cast, client: Client) -> None:
    body = old_body(cast)
    before = seated(cast, body, on=date(2024, 1, 1))
    after = seated(cast, body, on=date(2025, 2, 1))
    actor = cast.actor(cast.claire)
    body = change_regime(body, "2024_tirage", actor=actor, since=date(2025, 1, 1))
    assert Term.objects.get(pk=before.pk).regime == "2014"
    assert Term.objects.get(pk=after.pk).regime == "2024_tirage"
    page = client.get(f"/participation/{body.pk}/").content.decode()
    assert page.count("Mandat sous le régime de 2014") == 1


def test_old_members_are_not_held_to_a_draw_that_came_after_them(cast: Cast) -> None:
    body = a_body(cast, created_on=date(2024, 12, 1))
    seated(cast, body, on=date(2024, 12, 1))
    actor = cast.actor(cast.claire)
    body = change_regime(body, "2024_tirage", actor=actor, since=date(2025, 1, 1))
    assert told(body)["draw"] is Verdict.UNTOLD
    seated(cast, body, on=date(2025, 2, 1), origin="tirage")
    assert told(body)["draw"] is Verdict.HELD


def test_a_body_without_draw_says_nothing_about_one(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    seated(cast, body, on=date(2025, 4, 1), origin="tirage")
    page = client.get(f"/participation/{body.pk}/").content.decode()
    # The name of its regime says that it has none; its rules and its members say nothing more.
    assert page.count("tirage") == 0
    assert "tirés au sort" not in page
    assert "arrêté" not in page


@pytest.mark.parametrize(
    ("regime", "since"),
    [
        ("2014", date(2025, 6, 1)),  # no longer in force that day
        ("2024", date(2025, 6, 1)),  # already its own
        ("2024_tirage", date(2025, 1, 1)),  # before it was created
        ("2024_tirage", date(2999, 1, 1)),  # to come
    ],
)
def test_a_regime_that_does_not_hold_that_day_is_refused(
    cast: Cast, regime: str, since: date
) -> None:
    body = a_body(cast)
    with pytest.raises(ValidationError):
        change_regime(body, regime, actor=cast.actor(cast.claire), since=since)


def test_a_seat_given_before_the_change_asks_under_which_rules(cast: Cast) -> None:
    body = a_body(cast)
    actor = cast.actor(cast.claire)
    body = change_regime(body, "2024_tirage", actor=actor, since=date(2025, 6, 1))
    with pytest.raises(ValidationError, match="dites lequel"):
        seated(cast, body, on=date(2025, 5, 31))
    assert seated(cast, body, on=date(2025, 6, 1)).regime == "2024_tirage"


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2025, 3, 1), 36, date(2028, 2, 29)),
        (date(2025, 3, 15), 12, date(2026, 3, 14)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
    ],
)
def test_a_term_lasts_as_long_as_the_contract_says(
    cast: Cast, start: date, months: int, last: date
) -> None:
    body = a_body(cast, term_months=months)
    assert seated(cast, body, on=start).expires_on == last
    assert last + timedelta(days=1) > start
