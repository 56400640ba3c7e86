"""Pauses with a reason, and what an organisation writes of its own on its part."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.notices.models import Message as OutboxMessage
from parvis.partners.actors import NOBODY, Actor
from parvis.places.workdays import add_working_days, is_working_day, working_days_between
from parvis.reports import acts
from parvis.reports.delays import after_pause
from parvis.reports.links import token_of
from parvis.reports.models import Part, Pause, Report
from parvis.reports.rebuilding import rebuild_search
from parvis.reports.searching import holding
from parvis.reports.workflow import Forbidden
from tests.cast import IN_VALENCIENNES, Cast
from tests.reports.pages import text_of
from tests.reports.scene import at_point, codes, filed, in_hall, make_public, only_part

TODAY = timezone.localdate()
DAY = timedelta(days=1)
WHY = "En attente d’une pièce."


@pytest.fixture
def karim(town: Cast) -> Actor:
    return town.actor(town.karim)


@pytest.fixture
def part(town: Cast) -> Part:
    """Filed ten days ago by somebody who left an address, expected in some days."""
    long_ago = timezone.now() - 10 * DAY
    made = only_part(filed(email="jeanne@exemple.test", now=long_ago).report)
    Part.objects.filter(pk=made.pk).update(due_on=TODAY + 20 * DAY)
    made.refresh_from_db()
    return made


def paused(part: Part, actor: Actor, first: int, last: int) -> Part:
    return acts.pause_part(
        part, actor=actor, starts_on=TODAY + first * DAY, ends_on=TODAY + last * DAY, reason=WHY
    )


days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
delays = st.integers(1, 60)
lengths = st.integers(0, 90)


def counted(since: date, until: date, pause: Pause) -> int:
    """The working days that count: after `since`, up to `until`, but those of the pause."""
    span = (since + n * DAY for n in range(1, (until - since).days + 1))
    return sum(is_working_day(day) and not pause.starts_on <= day <= pause.ends_on for day in span)


@given(since=days, delay=delays, starts=lengths, length=lengths)
def test_the_day_due_is_the_one_when_enough_days_have_counted(
    since: date, delay: int, starts: int, length: int
) -> None:
    first = since + starts * DAY
    pause = Pause(starts_on=first, ends_on=first + length * DAY)
    due = after_pause(add_working_days(since, delay), pause, since)
    assert is_working_day(due)
    assert counted(since, due, pause) == delay
    assert not pause.starts_on <= due <= pause.ends_on


@given(since=days, delay=delays, starts=lengths)
def test_a_pause_over_a_weekend_counts_no_working_day(since: date, delay: int, starts: int) -> None:
    saturday = since + starts * DAY
    saturday += (5 - saturday.weekday()) % 7 * DAY
    due = add_working_days(since, delay)
    assert after_pause(due, Pause(starts_on=saturday, ends_on=saturday + DAY), since) == due


@pytest.mark.parametrize("due", range(14))
def test_a_pause_ended_the_day_it_was_said_changes_nothing(
    part: Part, karim: Actor, due: int
) -> None:
    day = TODAY + due * DAY  # chosen by somebody: a Sunday is kept as it is
    Part.objects.filter(pk=part.pk).update(due_on=day)
    paused(part, karim, 0, 30)
    acts.resume_part(part, actor=karim)
    assert part.due_on == day
    assert not Pause.objects.exists()


def test_a_part_is_due_as_many_working_days_later(part: Part, karim: Actor) -> None:
    due = part.due_on
    paused(part, karim, 1, 7)
    length = working_days_between(TODAY, TODAY + 7 * DAY)
    assert part.due_on == add_working_days(due, length)
    assert Report.objects.get().due_on == part.due_on
    assert codes(part.report)[-1] == "paused"


def test_a_pause_cut_short_counts_the_days_that_it_lasted(part: Part, karim: Actor) -> None:
    due = part.due_on
    started = timezone.now() - 8 * DAY
    acts.pause_part(part, actor=karim, ends_on=TODAY + 30 * DAY, reason=WHY, now=started)
    acts.resume_part(part, actor=karim)
    lasted = working_days_between(TODAY - 9 * DAY, TODAY - DAY)
    assert part.due_on == add_working_days(due, lasted)
    assert Pause.objects.get().ends_on == TODAY - DAY
    assert codes(part.report)[-1] == "resumed"


def test_the_reason_is_read_by_those_who_spoke_and_nobody_is_written_to(
    part: Part, karim: Actor, client: Client
) -> None:
    paused(part, karim, 0, 10)
    page = text_of(client.get(f"/suivre/{token_of(part.report.voices.get())}/"))
    assert "En pause jusqu’au" in page
    assert WHY in page
    assert not OutboxMessage.objects.exists()


def test_one_pause_at_a_time(part: Part, karim: Actor) -> None:
    paused(part, karim, 5, 10)
    with pytest.raises(Forbidden, match="déjà une pause"):
        paused(part, karim, 12, 13)
    assert Pause.objects.count() == 1


@pytest.mark.parametrize(("first", "last", "reason"), [(-1, 3, WHY), (3, 2, WHY), (0, 3, " ")])
def test_a_senseless_pause_is_refused(
    part: Part, karim: Actor, first: int, last: int, reason: str
) -> None:
    with pytest.raises(ValidationError):
        acts.pause_part(
            part,
            actor=karim,
            starts_on=TODAY + first * DAY,
            ends_on=TODAY + last * DAY,
            reason=reason,
        )


def test_a_pause_too_late_or_on_a_closed_or_nobody_s_part_is_refused(
    part: Part, karim: Actor
) -> None:
    with pytest.raises(Forbidden, match="avant le début de la pause"):
        paused(part, karim, 21, 30)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    with pytest.raises(Forbidden, match="est close"):
        paused(part, karim, 0, 3)
    with pytest.raises(Forbidden, match="pas en pause"):
        acts.resume_part(part, actor=karim)
    nobodys = only_part(filed(at_point(IN_VALENCIENNES)).report)
    with pytest.raises(Forbidden, match="Personne n’a encore"):
        paused(nobodys, karim, 0, 3)


def test_a_day_chosen_ends_the_pause_and_an_undo_puts_it_back(part: Part, karim: Actor) -> None:
    paused(part, karim, 0, 10)
    due = part.due_on
    acts.advance_part(part, "schedule", actor=karim, due_on=TODAY + 3 * DAY)
    assert part.due_on == TODAY + 3 * DAY
    assert not Pause.objects.exists()
    acts.undo_part(part, actor=karim)
    assert part.due_on == due
    assert Pause.objects.get().ends_on == TODAY + 10 * DAY


def test_a_part_given_to_another_starts_without_the_pause(
    town: Cast, part: Part, karim: Actor
) -> None:
    paused(part, karim, 0, 10)
    acts.give_part(part, actor=town.actor(town.claire), organisation=town.landlord)
    assert part.due_on == add_working_days(TODAY, part.report.category.delay_days)
    assert not Pause.objects.exists()


def test_a_part_reopened_starts_without_the_pause(part: Part, karim: Actor) -> None:
    paused(part, karim, 0, 10)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    acts.say_not_yet(part.report.voices.get())
    part.refresh_from_db()
    assert part.due_on == add_working_days(TODAY, part.report.category.delay_days)
    assert not Pause.objects.exists()


def test_the_page_pauses_and_resumes(part: Part, town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    sent = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + DAY).isoformat(), "reason": WHY}
    page = client.post(f"/parts/{part.pk}/pause/", sent, follow=True)
    assert WHY in text_of(page)
    page = client.post(f"/parts/{part.pk}/reprendre/", follow=True)
    assert "les jours comptent de nouveau" in text_of(page)
    sent["ends_on"] = (TODAY - DAY).isoformat()
    assert "précède son début" in text_of(client.post(f"/parts/{part.pk}/pause/", sent))


# --- its own number, and the firm


def test_a_number_is_found_by_the_organisation_s_own_members(
    town: Cast, part: Part, karim: Actor
) -> None:
    acts.number_part(part, actor=karim, own_number=" OS 2026-4471 ", firm="Plomberie du Nord")
    make_public(part.report)

    def found(actor: Actor) -> bool:
        return Report.objects.visible_to(actor).filter(holding(actor, "OS 2026-4471")).exists()

    assert (part.own_number, part.firm) == ("OS 2026-4471", "Plomberie du Nord")
    assert found(karim)
    rebuild_search()
    assert found(karim)
    assert not found(town.actor(town.claire))
    assert not found(NOBODY)
    acts.number_part(part, actor=karim, own_number="", firm="")
    assert not found(karim)


def test_the_number_is_read_by_those_who_share_the_report_alone(
    town: Cast, part: Part, karim: Actor, client: Client
) -> None:
    make_public(part.report)
    acts.number_part(part, actor=karim, own_number="4471", firm="Plomberie du Nord")
    pages = [
        f"/signalements/{part.report.reference}/",
        f"/suivre/{token_of(part.report.voices.get())}/",
    ]
    for address in pages:
        page = text_of(client.get(address))
        assert "4471" not in page
        assert "Plomberie" not in page
    client.force_login(town.claire)
    page = text_of(client.get(pages[0]))
    assert "4471" in page
    assert "Plomberie du Nord" in page


def test_a_number_does_not_follow_the_part_to_another(town: Cast, part: Part, karim: Actor) -> None:
    acts.number_part(part, actor=karim, own_number="4471", firm="Plomberie du Nord")
    acts.give_part(part, actor=town.actor(town.claire), organisation=town.landlord)
    assert (part.own_number, part.firm) == ("", "")
    luc = town.actor(town.luc)
    assert not Report.objects.filter(holding(luc, "4471")).exists()


def test_the_page_keeps_the_number(town: Cast, part: Part, client: Client) -> None:
    client.force_login(town.sofia)
    page = client.post(f"/parts/{part.pk}/numero/", {"own_number": "4471"}, follow=True)
    assert "Numéro chez Ville d’Anzin : 4471" in text_of(page)
    assert 'value="4471"' in client.get(f"/parts/{part.pk}/numero/").content.decode()


def test_only_its_own_organisation_writes_on_a_part(town: Cast, client: Client) -> None:
    ours = only_part(filed().report)
    theirs = only_part(filed(in_hall(town), "encombrants").report)
    client.force_login(town.karim)
    for address in ("pause", "numero"):
        assert client.get(f"/parts/{ours.pk}/{address}/").status_code == 200
        assert client.get(f"/parts/{theirs.pk}/{address}/").status_code == 403
    assert client.post(f"/parts/{theirs.pk}/reprendre/").status_code == 403
