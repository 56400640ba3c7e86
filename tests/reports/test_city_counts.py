"""The counters of the city map: whatever happens to reports, they say what counting anew says."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.reports.acts import advance_part, review, say_not_yet, withdraw
from parvis.reports.cells import cell_of, centre_of, wider
from parvis.reports.counting import keep
from parvis.reports.models import CellCount, Report, Voice
from parvis.reports.rebuilding import recount_all, recount_cells
from parvis.reports.workflow import Forbidden, State
from tests.cast import IN_ANZIN, IN_RAISMES, Cast
from tests.reports.scene import at_point, filed, make_public, only_part


def counted(**where: Any) -> int:
    return CellCount.objects.filter(**where).aggregate(all=Sum("count"))["all"] or 0


def read(report: Report, cast: Cast, public: bool = True) -> None:
    review(
        report,
        actor=cast.actor(cast.karim),
        public=public,
        text_shown=False,
        shown_photos=set(),
        shown_messages=set(),
    )


def step(voice: Voice, cast: Cast, code: str) -> None:
    given = {"settle": {"answer": "C’est fait."}, "drop": {"reason": "Rien", "answer": "Rien."}}
    part = only_part(voice.report)
    advance_part(part, code, actor=cast.actor(cast.karim), **given.get(code, {}))


def test_a_report_has_the_cell_of_its_point(town: Cast) -> None:
    report = filed().report
    assert report.cell == cell_of(*IN_ANZIN)
    assert report.cell is not None
    latitude, longitude = centre_of(report.cell)
    assert abs(latitude - IN_ANZIN[0]) < 0.01
    assert abs(longitude - IN_ANZIN[1]) < 0.01
    assert -(2**63) <= report.cell < 2**63
    assert wider(report.cell, 5) == wider(report.cell + 0, 5) != report.cell


def test_nothing_is_counted_before_somebody_has_read_it(town: Cast) -> None:
    report = filed().report
    assert counted() == 0
    read(report, town)
    assert counted() == counted(cell=report.cell, state=State.NEW, commune=town.anzin) == 1
    read(report, town, public=False)
    assert counted() == 0


def test_a_report_is_counted_in_its_family_and_its_present_state(town: Cast) -> None:
    voice = filed()
    read(voice.report, town)
    step(voice, town, "settle")
    family = voice.report.category.parent
    assert counted() == counted(state=State.SETTLED, family=family) == 1
    say_not_yet(voice)
    assert counted() == counted(state=State.TAKEN) == 1
    withdraw(voice)
    assert counted() == 0


def test_what_did_not_move_asks_nothing(town: Cast, django_assert_num_queries: Any) -> None:
    report = make_public(filed().report)
    with django_assert_num_queries(0):
        keep(report)


def test_a_report_without_a_point_is_counted_nowhere_on_the_map(town: Cast) -> None:
    report = filed().report
    Report.objects.filter(pk=report.pk).update(
        latitude=None, longitude=None, cell=None, commune=None
    )
    report.refresh_from_db()
    make_public(report)
    assert counted() == counted(cell=0, commune=None) == 1


def test_rebuilding_repairs_what_was_altered(town: Cast) -> None:
    report = make_public(filed().report)
    filed()
    CellCount.objects.update(count=7)
    assert recount_cells() == 1
    assert counted() == 1
    Report.objects.update(cell=None, counted="")
    CellCount.objects.all().delete()
    assert recount_all() == 2
    report.refresh_from_db()
    assert report.cell == cell_of(*IN_ANZIN)
    assert counted() == counted(cell=report.cell) == 1
    assert recount_all() == recount_cells() == 0


ACTS = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["read", "hide", "take", "settle", "drop", "reopen", "not yet", "withdraw"]),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, max_size=8))
def test_what_is_kept_is_what_counting_anew_gives(town: Cast, acts: list[tuple[int, str]]) -> None:
    voices = [filed(), filed(code="salete"), filed(at_point(IN_RAISMES))]
    try:
        for number, act in acts:
            perform(voices[number], act, town)
        kept = {row.key: row.count for row in CellCount.objects.all() if row.count}
        CellCount.objects.all().delete()
        recount_cells()
        assert kept == {row.key: row.count for row in CellCount.objects.all()}
        public = Report.objects.filter(public=True, withdrawn_at=None, merged_into=None)
        assert sum(kept.values()) == public.count()
    finally:
        CellCount.objects.all().delete()
        Report.objects.update(counted="", public=False)


def perform(voice: Voice, act: str, cast: Cast) -> None:
    """One act, where it is possible."""
    voice.report.refresh_from_db()
    try:
        if act in ("read", "hide"):
            read(voice.report, cast, public=act == "read")
        elif act == "not yet":
            say_not_yet(voice)
        elif act == "withdraw":
            withdraw(voice)
        else:
            step(voice, cast, act)
    except Forbidden:
        pass
