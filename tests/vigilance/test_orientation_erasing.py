"""What is erased, when, and what stays: a row that names nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import (
    Entry,
    Orientation,
    OrientationSecret,
    SpokenAgreement,
    SupportDoor,
)
from parvis.vigilance.orientation_chasing import chase
from parvis.vigilance.orientation_erasing import LOG_KEPT, REASON_GONE, erase_old
from parvis.vigilance.workflow import State
from tests.cast import Cast
from tests.vigilance.orienting import browser, codes, page
from tests.vigilance.scene import a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_the_content_goes_after_its_last_day_and_an_anonymous_row_stays(
    cast: Cast, capsys: Any
) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door, erase_on=timezone.localdate())
    now = timezone.now()
    assert erase_old(now).orientations == 0
    assert erase_old(now + DAY, dry_run=True).orientations == 1
    assert OrientationSecret.objects.exists()
    assert erase_old(now + DAY).orientations == 1
    assert erase_old(now + DAY).orientations == 0
    assert not OrientationSecret.objects.exists()
    assert not SpokenAgreement.objects.exists()
    one.refresh_from_db()
    assert (one.sender, one.state, one.need) == (None, State.SENT, "energie")
    assert codes(one) == ["written", "erased"]
    assert page(browser(cast.ines), one).status_code == 404
    assert "sans nom" in page(browser(cast.sofia), one).content.decode()
    call_command("retention", "--dry-run")
    assert "orientations (orientations et leur journal) : 0 à effacer" in capsys.readouterr().out


def test_an_emptied_orientation_is_neither_chased_nor_answered(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door, erase_on=timezone.localdate())
    erase_old(timezone.now() + DAY)
    assert chase(timezone.now() + 60 * DAY) == 0
    with pytest.raises(acts.Refused, match="effacé"):
        acts.accept(one, actor=cast.actor(cast.sofia))
    one.refresh_from_db()
    assert one.state == State.SENT


@pytest.mark.parametrize("state", [State.DRAFT, State.REFUSED, State.WITHDRAWN])
def test_what_was_not_sent_was_refused_or_taken_back_is_emptied_after_thirty_days(
    cast: Cast, state: str
) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    ines, sofia = cast.actor(cast.ines), cast.actor(cast.sofia)
    one = an_orientation(cast, door, state=State.DRAFT if state == State.DRAFT else State.SENT)
    if state == State.REFUSED:
        acts.refuse(one, actor=sofia, refusal="complet")
    if state == State.WITHDRAWN:
        acts.withdraw(one, actor=ines)
    now = timezone.now()
    assert erase_old(now + 30 * DAY).orientations == 0
    assert erase_old(now + 31 * DAY).orientations == 1
    one.refresh_from_db()
    assert (one.sender, one.state) == (None, state)
    assert codes(one).count("erased") == 1


def test_names_leave_the_log_three_years_after_the_erasure(cast: Cast) -> None:
    one = an_orientation(cast, a_door(cast), erase_on=timezone.localdate())
    Entry.objects.create(
        orientation=one, code="glass_broken", person=cast.karim, reason="Marie était absente."
    )
    now = timezone.now() + DAY
    erase_old(now)
    assert erase_old(now + LOG_KEPT - DAY).lines == 0
    assert erase_old(now + LOG_KEPT + DAY).lines == 2
    assert erase_old(now + LOG_KEPT + DAY).lines == 0
    assert not one.entries.exclude(person=None).exists()
    assert one.entries.get(code="glass_broken").reason == REASON_GONE


def test_a_contact_noted_in_time_keeps_it(cast: Cast) -> None:
    door = a_door(cast, kept_for_days=60)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door)
    sofia = cast.actor(cast.sofia)
    acts.accept(one, actor=sofia)
    acts.note_contact(one, actor=sofia, on=timezone.localdate())
    now = timezone.now()
    assert erase_old(now + 60 * DAY).orientations == 0
    assert erase_old(now + 61 * DAY).orientations == 1


@given(kept=st.integers(30, 730), days=st.lists(st.integers(0, 1000), max_size=8))
def test_whatever_contacts_are_noted_it_is_kept_so_long_after_the_last_and_no_longer(
    kept: int, days: list[int]
) -> None:
    one = Orientation(door=SupportDoor(kept_for_days=kept))
    start = date(2026, 1, 1)
    for day in days:
        acts._reach(one, start + day * DAY)
    if not days:
        assert one.erase_on is None
        return
    assert one.first_contact_on == start + min(days) * DAY
    assert one.last_contact_on == start + max(days) * DAY
    assert one.erase_on is not None
    assert one.erase_on - one.last_contact_on == kept * DAY <= 730 * DAY
