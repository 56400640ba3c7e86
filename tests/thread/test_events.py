"""Events are written once, read in words, and told to those who spoke."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.notices import outbox
from parvis.partners.actors import NOBODY, Actor
from parvis.partners.models import Organisation, User
from parvis.thread import acts, reading
from parvis.thread.acts import Happening
from parvis.thread.models import AppendOnlyError, Event, Link
from parvis.thread.register import Kind, columns, kinds, register
from tests.thread.fakes import matter, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_kinds")]


@pytest.fixture
def partner() -> Actor:
    person = User.objects.create_user("claire@exemple.test", "Claire")
    organisation = Organisation.objects.create(name="Agglomération", kind="agglomeration")
    return Actor(
        user_id=person.pk, mandate_id=1, organisation_id=organisation.pk, role="coordination"
    )


class TestAppendOnly:
    @pytest.fixture
    def event(self) -> Event:
        return acts.record(NOBODY, "matter", matter(1), "moved")

    def test_an_event_is_not_saved_again(self, event: Event) -> None:
        event.code = "other"
        with pytest.raises(AppendOnlyError):
            event.save(update_fields=["code"])

    def test_an_event_is_not_deleted(self, event: Event) -> None:
        with pytest.raises(AppendOnlyError):
            event.delete()

    def test_events_are_not_changed_in_bulk(self, event: Event) -> None:
        with pytest.raises(AppendOnlyError):
            Event.objects.filter(pk=event.pk).update(code="other")
        with pytest.raises(AppendOnlyError):
            Event.objects.bulk_update([event], ["code"])
        with pytest.raises(AppendOnlyError):
            Event.objects.all().delete()
        assert Event.objects.get().code == "moved"

    def test_an_event_stays_when_the_account_of_its_author_is_deleted(self, partner: Actor) -> None:
        event = acts.record(partner, "matter", matter(1), "moved")
        User.objects.get(pk=partner.user_id).delete()
        assert Event.objects.get(pk=event.pk).by is None


class TestRecording:
    def test_says_who_did_it_for_whom_and_whom_it_concerns(self, partner: Actor) -> None:
        concerned = Organisation.objects.create(name="Ville", kind="commune")
        event = acts.record(
            partner, "matter", matter(1), "moved", old="open", new="done", concerns=concerned
        )
        event.refresh_from_db()
        assert (event.by_id, event.organisation_id) == (partner.user_id, partner.organisation_id)
        assert event.concerns == concerned
        assert abs(event.at - timezone.now()) < timedelta(minutes=1)

    def test_several_are_one_insert_and_keep_their_order(
        self, django_assert_num_queries: Any
    ) -> None:
        pk = matter(1)
        with django_assert_num_queries(1):
            events = acts.record_many(
                NOBODY, [Happening("matter", pk, code) for code in ("a", "b", "c")]
            )
        assert [event.code for event in Event.objects.order_by("pk")] == ["a", "b", "c"]
        assert all(event.pk for event in events)

    def test_is_refused_on_a_kind_that_nobody_registered(self) -> None:
        with pytest.raises(ValueError, match="ghost"):
            acts.record(NOBODY, "ghost", 1, "moved")

    def test_refuses_texts_as_values(self) -> None:
        with pytest.raises(ValueError, match="not texts"):
            acts.record(NOBODY, "matter", 1, "moved", new="x" * 61)


class TestLinking:
    def test_twice_is_one_link(self, partner: Actor) -> None:
        a, b = ("matter", matter(1)), ("matter", matter(2))
        first, again = acts.link(partner, a, b), acts.link(partner, a, b)
        assert first.pk == again.pk
        assert (first.by_id, first.organisation_id) == (partner.user_id, partner.organisation_id)

    def test_is_refused_for_a_kind_that_nobody_registered_on_either_side(self) -> None:
        a, ghost = ("matter", matter(1)), ("ghost", 1)
        for source, target in ((a, ghost), (ghost, a)):
            with pytest.raises(ValueError, match="ghost"):
                acts.link(NOBODY, source, target)
        assert not Link.objects.exists()

    def test_a_thing_to_itself_is_refused_by_code_and_by_the_database(self) -> None:
        a = ("matter", matter(1))
        with pytest.raises(ValueError, match="itself"):
            acts.link(NOBODY, a, a)
        with (
            pytest.raises(IntegrityError, match="a_thing_does_not_lead_to_itself"),
            transaction.atomic(),
        ):
            Link.objects.create(
                source_kind="matter", source_id=a[1], target_kind="matter", target_id=a[1]
            )


class TestReading:
    def test_an_event_is_told_in_words_in_one_query(
        self, partner: Actor, django_assert_num_queries: Any
    ) -> None:
        pk = matter(1)
        for _ in range(5):
            acts.record(partner, "matter", pk, "moved", old="open", new="done")
        with django_assert_num_queries(1):
            lines = reading.events_of(partner, "matter", pk)
        assert lines[0].sentence == "Passée de « ouverte » à « réglée » par Agglomération."
        assert (lines[0].who, lines[0].person, len(lines)) == ("Agglomération", "Claire", 5)

    def test_the_public_reads_the_organisation_and_not_the_person(self, partner: Actor) -> None:
        pk = matter(1)
        acts.record(partner, "matter", pk, "moved")
        line = reading.events_of(NOBODY, "matter", pk)[0]
        assert (line.who, line.person) == ("Agglomération", "")

    def test_what_is_not_public_is_for_partners(self, partner: Actor) -> None:
        pk = matter(1)
        acts.record(partner, "matter", pk, "moved", public=False)
        assert reading.events_of(NOBODY, "matter", pk) == []
        assert len(reading.events_of(partner, "matter", pk)) == 1

    def test_events_of_a_hidden_thing_are_not_told(self, partner: Actor) -> None:
        pk = matter(1, public=False)
        acts.record(partner, "matter", pk, "moved")
        assert reading.events_of(NOBODY, "matter", pk) == []

    def test_an_unknown_code_has_plain_words(self) -> None:
        pk = matter(1)
        acts.record(NOBODY, "matter", pk, "of_an_older_version")
        assert reading.events_of(NOBODY, "matter", pk)[0].sentence == "Mise à jour"

    @pytest.mark.parametrize("count", [10, 150])
    def test_what_moved_since_is_two_queries_newest_first_with_titles(
        self, django_assert_num_queries: Any, count: int
    ) -> None:
        now = timezone.now()
        pks = [matter(n, public=n % 2 == 0) for n in range(count)]
        acts.record_many(
            NOBODY,
            [
                Happening("matter", pk, "moved", at=now - timedelta(minutes=n))
                for n, pk in enumerate(pks)
            ],
        )
        acts.record(NOBODY, "matter", pks[0], "moved", at=now - timedelta(days=3))
        with django_assert_num_queries(2):
            lines = reading.moved_since(NOBODY, now - timedelta(days=1))
        assert len(lines) == count // 2
        assert (lines[0].title, lines[0].url) == ("Affaire 0", f"/affaires/{pks[0]}/")


class TestWordBack:
    def compose(self, who: outbox.Recipient) -> outbox.Mail:
        return outbox.Mail("C’est réglé", f"Bonjour, {who.key}")

    def test_goes_once_to_everyone_who_spoke(self) -> None:
        pk = matter(1)
        event = acts.record(NOBODY, "matter", pk, "moved")
        assert acts.word_back("matter", pk, event, self.compose) == 1
        assert acts.word_back("matter", pk, event, self.compose) == 0

    def test_is_taken_back_by_its_key(self) -> None:
        pk = matter(1)
        event = acts.record(NOBODY, "matter", pk, "moved")
        acts.word_back("matter", pk, event, self.compose)
        assert outbox.take_back(acts.word_key(event)) == 1

    def test_of_a_kind_through_which_nobody_speaks_goes_to_nobody(self) -> None:
        place = town("59014")
        event = acts.record(NOBODY, "place", place.pk, "moved")
        assert acts.word_back("place", place.pk, event, self.compose) == 0


class TestRegister:
    def test_a_kind_is_declared_once(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            register(kinds()["matter"])

    def test_columns_of_different_kinds_stand_in_one_union(
        self, fake_kinds: dict[str, Kind]
    ) -> None:
        town("59014")
        matter(1, closed_on=timezone.localdate())
        everyone = Actor(communes=frozenset(range(1000)))
        other = columns(Organisation.objects.all(), "other", title="name")
        rows = fake_kinds["matter"].rows(everyone).union(other, all=True)
        assert {len(row) for row in rows} == {7}


def test_a_step_becomes_the_component_that_draws_it() -> None:
    step = reading.thread_of(NOBODY, "matter", matter(1))[0].step()
    assert (step.title, step.here, step.count) == ("Affaire 1", True, 0)
