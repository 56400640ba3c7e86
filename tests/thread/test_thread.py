"""The thread of a thing: two queries, cut down to what the reader may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.partners.actors import NOBODY, Actor
from parvis.partners.models import Organisation
from parvis.thread import acts, edges, reading
from parvis.thread.models import Link
from parvis.thread.register import Kind, due_columns, register
from tests.thread.fakes import chain, matter, titles, town

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("fake_kinds")
class TestThread:
    def test_shows_what_led_here_and_what_came_of_it_in_both_directions(self) -> None:
        a, b, c = (matter(n) for n in range(3))
        chain(("matter", a), ("matter", b), ("matter", c))
        steps = reading.thread_of(NOBODY, "matter", b)
        assert titles(steps) == ["Affaire 0", "Affaire 1", "Affaire 2"]
        assert [step.here for step in steps] == [False, True, False]
        assert steps[0].url == f"/affaires/{a}/"

    def test_leaves_siblings_out(self) -> None:
        cause, here, sibling = (matter(n) for n in range(3))
        chain(("matter", cause), ("matter", here))
        chain(("matter", cause), ("matter", sibling))
        assert titles(reading.thread_of(NOBODY, "matter", here)) == ["Affaire 0", "Affaire 1"]

    def test_of_a_thing_that_the_reader_may_not_see_is_empty(self) -> None:
        hidden = matter(1, public=False)
        assert reading.thread_of(NOBODY, "matter", hidden) == []

    def test_never_passes_through_a_step_that_the_reader_may_not_see(self) -> None:
        a, hidden, c = matter(0), matter(1, public=False), matter(2)
        chain(("matter", a), ("matter", hidden), ("matter", c))
        assert titles(reading.thread_of(NOBODY, "matter", a)) == ["Affaire 0"]

    def test_reaches_a_step_around_a_hidden_one(self) -> None:
        a, hidden, c, d = matter(0), matter(1, public=False), matter(2), matter(3)
        chain(("matter", a), ("matter", hidden), ("matter", d))
        chain(("matter", a), ("matter", c), ("matter", d))
        assert titles(reading.thread_of(NOBODY, "matter", a)) == [
            "Affaire 0",
            "Affaire 2",
            "Affaire 3",
        ]

    def test_passes_through_a_kind_that_tells_its_existence_and_says_nothing_of_it(self) -> None:
        anzin = town("59014")
        a, c = matter(0), matter(2)
        chain(("matter", a), ("place", anzin.pk), ("matter", c))
        steps = reading.thread_of(NOBODY, "matter", a)
        assert titles(steps) == ["Affaire 0", "Étape non publique", "Affaire 2"]
        assert (steps[1].url, steps[1].who, steps[1].day, steps[1].amount, steps[1].id) == (
            "",
            "",
            None,
            None,
            0,
        )
        seen = reading.thread_of(Actor(communes=frozenset({anzin.pk})), "matter", a)
        assert titles(seen)[1] == "Commune 59014"
        assert seen[1].amount == 100

    def test_is_told_by_day_past_here_future(self) -> None:
        today = timezone.localdate()
        here = matter(0, closed_on=today)
        past = matter(1, closed_on=today - timedelta(days=3))
        later = matter(2, closed_on=today + timedelta(days=9))
        chain(("matter", here), ("matter", later))
        chain(("matter", here), ("matter", past))
        steps = reading.thread_of(NOBODY, "matter", here)
        assert titles(steps) == ["Affaire 1", "Affaire 0", "Affaire 2"]
        assert [step.future for step in steps] == [False, False, True]

    def test_says_the_state_in_words(self) -> None:
        here = matter(0, phone="done")
        assert reading.thread_of(NOBODY, "matter", here)[0].text == "réglée"

    def test_shows_five_steps_of_a_kind_and_counts_six_with_their_list(self) -> None:
        here = matter(0)
        for number in range(1, 6):
            acts.link(NOBODY, ("matter", here), ("matter", matter(number)))
        assert len(reading.thread_of(NOBODY, "matter", here)) == 6
        acts.link(NOBODY, ("matter", here), ("matter", matter(6)))
        first, group = reading.thread_of(NOBODY, "matter", here)
        assert first.here
        assert (group.title, group.count, len(group.inside)) == ("Affaires", 6, 6)

    def test_goes_around_a_cycle_once(self) -> None:
        a, b, c = (matter(n) for n in range(3))
        chain(("matter", a), ("matter", b), ("matter", c), ("matter", a))
        assert sorted(titles(reading.thread_of(NOBODY, "matter", b))) == [
            "Affaire 0",
            "Affaire 1",
            "Affaire 2",
        ]

    def test_goes_on_both_ways_from_a_thing_that_is_both_before_and_after(self) -> None:
        here, both, before, after = (matter(n) for n in range(4))
        chain(("matter", here), ("matter", both), ("matter", here))
        chain(("matter", before), ("matter", both), ("matter", after))
        assert sorted(titles(reading.thread_of(NOBODY, "matter", here))) == [
            "Affaire 0",
            "Affaire 1",
            "Affaire 2",
            "Affaire 3",
        ]

    def test_keeps_the_nearest_when_there_are_too_many(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(edges, "NODES_AT_MOST", 4)
        line = [matter(n) for n in range(8)]
        chain(*(("matter", pk) for pk in line))
        assert titles(reading.thread_of(NOBODY, "matter", line[0])) == [
            f"Affaire {n}" for n in range(4)
        ]

    def test_refuses_a_kind_that_nobody_registered(self) -> None:
        with pytest.raises(ValueError, match="ghost"):
            reading.thread_of(NOBODY, "ghost", 1)


@pytest.mark.usefixtures("fake_kinds")
@pytest.mark.parametrize("links", [10, 5000])
def test_a_thread_is_two_queries_among_ten_or_five_thousand_links_for_each_reader(
    links: int, django_assert_num_queries: Any
) -> None:
    anzin, raismes = town("59014"), town("59491")
    Organisation.objects.bulk_create(
        Organisation(
            name=f"Affaire {n}",
            kind="operator",
            siren=f"{1 if n % 3 else 2}{n:08d}",
            commune=anzin if n % 2 else raismes,
        )
        for n in range(links)
    )
    pks = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    start = pks[1]
    Link.objects.bulk_create(
        Link(source_kind="matter", source_id=a, target_kind="matter", target_id=b)
        for a, b in [
            *((pks[n // 4], pks[n]) for n in range(4, len(pks))),
            (pks[-1], pks[0]),
            (pks[0], pks[1]),
            (pks[1], pks[2]),
            (pks[2], pks[3]),
        ]
    )
    acts.link(NOBODY, ("matter", start), ("place", anzin.pk))
    seen = {}
    readers = {
        "stranger": NOBODY,
        "anzin": Actor(mandate_id=1, communes=frozenset({anzin.pk})),
        "raismes": Actor(mandate_id=2, communes=frozenset({raismes.pk})),
    }
    for name, actor in readers.items():
        with django_assert_num_queries(2):
            steps = reading.thread_of(actor, "matter", start)
        members = [step for shown in steps for step in (shown.inside or (shown,))]
        seen[name] = {step.id for step in members if step.kind == "matter"}
        assert len(members) <= edges.NODES_AT_MOST
        assert len({(step.kind, step.id) for step in members}) == len(members)
    public = set(Organisation.objects.filter(siren__startswith="1").values_list("pk", flat=True))
    ours = set(Organisation.objects.filter(commune=anzin).values_list("pk", flat=True))
    theirs = set(Organisation.objects.filter(commune=raismes).values_list("pk", flat=True))
    assert start in seen["stranger"] <= public
    assert seen["stranger"] < seen["anzin"] <= public | ours
    assert seen["raismes"] <= public | theirs


def test_a_group_stands_where_its_last_step_stood(fake_kinds: dict[str, Kind]) -> None:
    today = timezone.localdate()
    here = matter(0, closed_on=today)
    for number in range(1, 8):
        before = matter(number, closed_on=today - timedelta(days=number))
        acts.link(NOBODY, ("matter", before), ("matter", here))
    group, last = reading.thread_of(NOBODY, "matter", here)
    assert last.here
    assert group.day == today - timedelta(days=1)
    assert not group.future


@pytest.mark.usefixtures("fake_kinds")
def test_what_is_due_is_two_queries_most_late_first(django_assert_num_queries: Any) -> None:
    today = timezone.localdate()
    anzin = town("59014")
    soon = matter(1, of=anzin, closed_on=today + timedelta(days=2))
    late = matter(2, of=anzin, closed_on=today - timedelta(days=2))
    matter(3, closed_on=today)
    with django_assert_num_queries(2):
        (due,) = reading.due_for(Actor(communes=frozenset({anzin.pk})))
    assert [item.id for item in due.first] == [late, soon]
    assert due.first[0].url == f"/affaires/{late}/"
    (nothing,) = reading.due_for(NOBODY)
    assert (nothing.total, nothing.first) == (0, [])


@pytest.mark.usefixtures("fake_kinds")
def test_what_is_due_is_cut_at_the_days_asked_and_counted_beyond_what_is_read(
    django_assert_num_queries: Any,
) -> None:
    today = timezone.localdate()
    anzin = town("59014")
    ids = [
        matter(n, of=anzin, closed_on=today + timedelta(days=n - 3) if n else None)
        for n in range(8)
    ]
    mine = Actor(communes=frozenset({anzin.pk}), organisation_id=ids[5])
    with django_assert_num_queries(2):
        late, soon, later = reading.due_for(mine, days=(today, today + timedelta(days=3)), limit=2)
    assert (late.total, [one.id for one in late.first]) == (2, [ids[1], ids[2]])
    assert (soon.total, [one.id for one in soon.first]) == (3, [ids[5], ids[3]])  # mine first
    assert (later.total, [one.id for one in later.first]) == (3, [ids[6], ids[7]])


@pytest.mark.usefixtures("fake_kinds")
def test_what_has_no_day_is_due_last() -> None:
    anzin = town("59014")
    never = matter(1, of=anzin)
    some_day = matter(2, of=anzin, closed_on=timezone.localdate() + timedelta(days=900))
    *_, later = reading.due_for(Actor(communes=frozenset({anzin.pk})), days=(timezone.localdate(),))
    assert [one.id for one in later.first] == [some_day, never]


def test_what_is_due_is_counted_over_all_kinds(
    fake_kinds: dict[str, Kind], django_assert_num_queries: Any
) -> None:
    bills = due_columns(
        Organisation.objects.filter(kind="operator"),
        "bill",
        title="name",
        due_on="closed_on",
        owner="pk",
    )
    one_more = replace(fake_kinds["matter"], code="bill", due=lambda actor: bills)
    register(one_more)
    anzin, today = town("59014"), timezone.localdate()
    ids = [matter(n, of=anzin, closed_on=today + timedelta(days=n)) for n in range(3)]
    with django_assert_num_queries(2):
        (due,) = reading.due_for(Actor(communes=frozenset({anzin.pk})), limit=3)
    assert due.total == 6
    found = [(one.kind, one.id) for one in due.first]
    assert found == [("bill", ids[0]), ("matter", ids[0]), ("bill", ids[1])]
