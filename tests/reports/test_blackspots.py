"""Points noirs: what comes back at one place and theme becomes one subject."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.notices.models import Message as Notice
from parvis.reports import acts
from parvis.reports.blackspots import Seen, propose_blackspots, spots
from parvis.reports.models import Blackspot, Report
from parvis.reports.similar import metres
from parvis.reports.workflow import BlackspotState, Forbidden
from parvis.thread.models import Link
from parvis.thread.reading import due_for, events_of, thread_of
from tests.cast import IN_ANZIN, IN_RAISMES, Cast
from tests.reports.scene import at_point, filed, in_hall, only_part

pytestmark = pytest.mark.django_db
NEAR = (IN_ANZIN[0] + 0.0003, IN_ANZIN[1])  # some 33 metres away
FAR = (IN_ANZIN[0] + 0.002, IN_ANZIN[1])  # some 220 metres away


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def three_times(code: str = "trou_chaussee", **given: Any) -> list[Report]:
    return [filed(code=code, now=days_ago(day), **given).report for day in (30, 20, 10)]


def proposed() -> Blackspot:
    three_times()
    assert propose_blackspots() == 1
    return Blackspot.objects.get()


def kept(town: Cast) -> Blackspot:
    return acts.decide_blackspot(
        proposed(), "keep", actor=town.actor(town.claire), owner=town.landlord
    )


def tied(blackspot: Blackspot) -> set[int]:
    rows = Link.objects.filter(target_kind="blackspot", target_id=blackspot.pk)
    return set(rows.filter(source_kind="report").values_list("source_id", flat=True))


# --- Finding
def test_three_reports_of_one_theme_at_one_place_are_proposed(town: Cast) -> None:
    reports = three_times()
    assert propose_blackspots() == 1
    blackspot = Blackspot.objects.get()
    assert tied(blackspot) == {report.pk for report in reports}
    assert (blackspot.state, blackspot.owner) == (BlackspotState.PROPOSED, None)
    assert (blackspot.commune, list(blackspot.quartiers.all())) == (town.anzin, [town.rives])
    assert blackspot.title == "Voirie et trottoirs · 12 rue des Lilas"


def test_finding_again_proposes_nothing_more(town: Cast) -> None:
    proposed()
    assert propose_blackspots() == 0
    assert Blackspot.objects.count() == 1


def test_two_reports_are_not_enough(town: Cast) -> None:
    for day in (20, 10):
        filed(now=days_ago(day))
    assert propose_blackspots() == 0


def test_what_is_older_than_sixty_days_does_not_count(town: Cast) -> None:
    for day in (61, 20, 10):
        filed(now=days_ago(day))
    assert propose_blackspots() == 0


def test_another_theme_does_not_count(town: Cast) -> None:
    filed(now=days_ago(20))
    filed(now=days_ago(15))
    filed(now=days_ago(10), code="salete")
    assert propose_blackspots() == 0


def test_another_place_does_not_count(town: Cast) -> None:
    filed(now=days_ago(20))
    filed(now=days_ago(15), place=at_point(NEAR))
    filed(now=days_ago(10), place=at_point(FAR))
    assert propose_blackspots() == 0


def test_a_residence_is_one_place_and_the_street_before_it_another(town: Cast) -> None:
    filed(in_hall(town), code="hall_sale", now=days_ago(20))
    filed(in_hall(town), code="hall_sale", now=days_ago(15))
    assert propose_blackspots() == 0
    filed(in_hall(town), code="hall_sale", now=days_ago(10))
    assert propose_blackspots() == 1
    assert Blackspot.objects.get().residence == town.tilleuls


def test_the_same_thing_said_twice_does_not_count(town: Cast) -> None:
    first, second, _ = three_times()
    Report.objects.filter(pk=second.pk).update(merged_into=first)
    assert propose_blackspots() == 0


def test_what_concerns_a_dwelling_is_never_part_of_one(town: Cast) -> None:
    first, *_ = three_times()
    Report.objects.filter(pk=first.pk).update(private=True)
    assert propose_blackspots() == 0


def test_the_numbers_are_settings(town: Cast, settings: Any) -> None:
    settings.BLACKSPOT_REPORTS, settings.BLACKSPOT_DAYS, settings.BLACKSPOT_METRES = 2, 90, 300
    filed(now=days_ago(80))
    filed(now=days_ago(10), place=at_point(FAR))
    assert propose_blackspots() == 1


# --- Going on
def test_what_comes_back_again_joins_the_subject_that_exists(town: Cast) -> None:
    blackspot = kept(town)
    again = filed(place=at_point(NEAR)).report
    assert propose_blackspots() == 0
    assert again.pk in tied(blackspot)
    told = [line.sentence for line in events_of(town.actor(town.claire), "blackspot", blackspot.pk)]
    assert told[-1] == "Revenu : 1 signalement(s) de plus"


def test_closing_its_reports_does_not_close_it(town: Cast) -> None:
    blackspot = kept(town)
    for pk in tied(blackspot):
        part = only_part(Report.objects.get(pk=pk))
        acts.advance_part(part, "settle", actor=town.actor(town.karim), answer="C’est bouché.")
    blackspot.refresh_from_db()
    assert blackspot.state == BlackspotState.KEPT


def test_after_its_closing_only_what_came_later_proposes_it_again(town: Cast) -> None:
    old = kept(town)
    acts.decide_blackspot(
        old, "close", actor=town.actor(town.claire), reason="Revêtement refait", now=days_ago(9)
    )
    assert propose_blackspots() == 0
    for day in (7, 5, 3):
        filed(now=days_ago(day))
    assert propose_blackspots() == 1
    new = Blackspot.objects.exclude(pk=old.pk).get()
    assert len(tied(new)) == 3
    assert Link.objects.filter(source_kind="blackspot", source_id=old.pk, target_id=new.pk).exists()


# --- Deciding
def test_keeping_it_asks_for_an_owner_who_is_told_once(town: Cast) -> None:
    blackspot = proposed()
    claire = town.actor(town.claire)
    with pytest.raises(ValidationError, match="porte"):
        acts.decide_blackspot(blackspot, "keep", actor=claire)
    acts.decide_blackspot(blackspot, "keep", actor=claire, owner=town.landlord)
    told = Notice.objects.filter(event__startswith="blackspot.keep")
    assert [notice.person for notice in told] == [f"organisation:{town.landlord.pk}"]


def test_refusing_or_closing_says_why(town: Cast) -> None:
    with pytest.raises(ValidationError, match="pourquoi"):
        acts.decide_blackspot(proposed(), "refuse", actor=town.actor(town.claire), reason=" ")


def test_a_step_leads_from_its_own_states_alone(town: Cast) -> None:
    with pytest.raises(Forbidden, match="n’est pas possible"):
        acts.decide_blackspot(proposed(), "close", actor=town.actor(town.claire), reason="Fini")


def test_the_database_refuses_one_that_is_kept_by_nobody(town: Cast) -> None:
    blackspot = proposed()
    with pytest.raises(IntegrityError, match="blackspot_kept_has_an_owner"), transaction.atomic():
        Blackspot.objects.filter(pk=blackspot.pk).update(state=BlackspotState.KEPT)


def test_a_plan_is_written_on_a_kept_one_alone(town: Cast) -> None:
    luc = town.actor(town.luc)
    with pytest.raises(Forbidden, match="retenu"):
        acts.plan_blackspot(proposed(), actor=luc, plan="Refaire", due_on=None, for_group=True)


# --- Who sees and does what
def test_the_owner_plans_and_the_coordination_decides(town: Cast, client: Client) -> None:
    blackspot = kept(town)
    page, close = f"/points-noirs/{blackspot.pk}/", f"/points-noirs/{blackspot.pk}/close/"
    client.force_login(town.luc)
    answer = client.post(page + "plan/", {"plan": "Refaire le revêtement", "due_on": "2027-03-01"})
    assert answer.status_code == 302
    blackspot.refresh_from_db()
    assert (blackspot.plan, blackspot.for_group) == ("Refaire le revêtement", False)
    assert client.post(close, {"reason": "Fini"}).status_code == 403
    client.force_login(town.paul)  # another landlord
    assert client.get(page).status_code == 404
    client.force_login(town.bruno)  # another agglomération
    assert client.get(page).status_code == 404
    client.force_login(town.claire)
    assert client.post(close, {"reason": "Fini"}).status_code == 302
    blackspot.refresh_from_db()
    assert blackspot.state == BlackspotState.CLOSED


def test_its_page_says_its_commune_once(town: Cast, client: Client) -> None:
    blackspot = kept(town)
    Blackspot.objects.update(place_label="Rives de l’Escaut, Anzin")
    client.force_login(town.claire)
    page = client.get(f"/points-noirs/{blackspot.pk}/").content.decode()
    assert "<dd>Rives de l’Escaut, Anzin</dd>" in page


def test_who_carries_it_sees_what_came_back_and_not_what_was_written(
    town: Cast, client: Client
) -> None:
    three_times(text="Encore-un-trou")
    assert propose_blackspots() == 1
    mine = Blackspot.objects.get()
    three_times(place=at_point(FAR))
    assert propose_blackspots() == 1
    theirs = Blackspot.objects.exclude(pk=mine.pk).get()
    claire = town.actor(town.claire)
    seen = Report.objects.filter(pk__in=tied(mine) | tied(theirs))
    assert not seen.visible_to(town.actor(town.luc)).exists()
    acts.decide_blackspot(mine, "keep", actor=claire, owner=town.landlord)
    acts.decide_blackspot(theirs, "keep", actor=claire, owner=town.other_landlord)
    for person, carried in ((town.luc, mine), (town.paul, theirs)):
        here = seen.visible_to(town.actor(person)).values_list("pk", flat=True)
        assert set(here) == tied(carried)
    client.force_login(town.luc)
    report = Report.objects.get(pk=min(tied(mine)))
    assert report.reference in client.get(f"/points-noirs/{mine.pk}/").content.decode()
    page = client.get(f"/signalements/{report.reference}/").content.decode()
    assert "Encore-un-trou" not in page


def test_a_dwelling_is_not_seen_through_a_point_noir(town: Cast) -> None:
    blackspot = kept(town)
    Report.objects.filter(pk=min(tied(blackspot))).update(private=True)
    assert Report.objects.visible_to(town.actor(town.luc)).count() == 2


def test_what_came_back_at_a_closed_one_is_seen_no_more(town: Cast) -> None:
    blackspot = kept(town)
    luc = town.actor(town.luc)
    assert Report.objects.visible_to(luc).count() == 3
    acts.decide_blackspot(blackspot, "close", actor=town.actor(town.claire), reason="Refait")
    assert not Report.objects.visible_to(luc).exists()


def test_the_list_counts_what_came_back(town: Cast, client: Client) -> None:
    blackspot = kept(town)
    client.force_login(town.claire)
    page = client.get("/points-noirs/?group=on").content.decode()
    assert blackspot.title in page
    assert "3\u00a0signalements" in page
    assert blackspot.title not in client.get("/points-noirs/?state=closed").content.decode()


def test_it_stands_on_the_thread_of_its_reports_for_partners_alone(town: Cast) -> None:
    blackspot = kept(town)
    report = Report.objects.get(pk=min(tied(blackspot)))
    titles = [step.title for step in thread_of(town.actor(town.claire), "report", report.pk)]
    assert blackspot.title in titles
    Report.objects.filter(pk=report.pk).update(public=True, reviewed_at=report.at)
    from parvis.partners.actors import NOBODY

    assert blackspot.title not in [step.title for step in thread_of(NOBODY, "report", report.pk)]


def test_it_awaits_whoever_decides_then_whoever_carries_it(town: Cast) -> None:
    blackspot = proposed()

    def awaits(person: Any) -> bool:
        found = due_for(town.actor(person))
        return any(due.kind == "blackspot" for span in found for due in span.first)

    assert (awaits(town.claire), awaits(town.luc), awaits(town.bruno)) == (True, False, False)
    acts.decide_blackspot(blackspot, "keep", actor=town.actor(town.claire), owner=town.landlord)
    assert (awaits(town.claire), awaits(town.luc), awaits(town.paul)) == (False, True, False)


# --- Grouping
steps = st.integers(-40, 40)


@given(st.lists(st.tuples(steps, steps), max_size=25))
def test_every_report_lies_in_one_spot_near_its_first(grid: list[tuple[int, int]]) -> None:
    reports = [
        Seen(
            number,
            datetime(2026, 1, 1, 12, number),
            "voirie",
            None,
            None,
            50.38 + north / 10_000,
            3.51 + east / 10_000,
            "",
        )
        for number, (north, east) in enumerate(grid)
    ]
    found = spots(reports)
    assert sorted(one.pk for spot in found for one in spot.reports) == list(range(len(reports)))
    for spot in found:
        first = spot.first
        for one in spot.reports:
            assert metres(*_point(first), *_point(one)) <= 60
    for number, spot in enumerate(found):
        for other in found[:number]:
            # A later spot opens only where no earlier one is near.
            assert metres(*_point(other.first), *_point(spot.first)) > 60


def _point(seen: Seen) -> tuple[float, float]:
    return float(seen.latitude or 0), float(seen.longitude or 0)


def test_places_far_away_are_apart(town: Cast) -> None:
    filed(now=days_ago(20))
    filed(now=days_ago(15), place=at_point(IN_RAISMES))
    filed(now=days_ago(10))
    assert propose_blackspots() == 0
