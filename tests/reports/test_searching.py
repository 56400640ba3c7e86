"""What may be searched, and by whom."""

from __future__ import annotations

from parvis.partners.actors import NOBODY, Actor
from parvis.reports import acts
from parvis.reports.followup import greet_voices
from parvis.reports.models import Report, Voice
from parvis.reports.searching import holding
from parvis.search.index import matching
from tests.cast import Cast
from tests.reports.scene import filed, make_public


def found(actor: Actor, words: str) -> list[Report]:
    condition = holding(actor, words)
    assert condition is not None
    return list(Report.objects.visible_to(actor).filter(condition))


def hidden_words(town: Cast) -> Voice:
    """A public report whose text was read and not published."""
    voice = filed(text="Dupont salit tout", answers={"ou": "Sur la route"})
    greet_voices()
    acts.review(
        voice.report,
        actor=town.actor(town.claire),
        public=True,
        text_shown=False,
        shown_photos=set(),
        shown_messages=set(),
    )
    return voice


def test_a_text_that_is_not_shown_cannot_be_guessed_by_searching(town: Cast) -> None:
    voice = hidden_words(town)
    for words in ("Dupont", "salit", "route dupont"):
        assert found(NOBODY, words) == []
        assert matching("report", words) is not None
        assert not matching("report", words).exists()  # type: ignore[union-attr]
        assert found(town.actor(town.karim), words) == [voice.report]
    assert found(NOBODY, "lilas") == [voice.report]
    assert found(NOBODY, voice.report.reference) == [voice.report]


def test_its_author_finds_their_own_words(town: Cast) -> None:
    voice = hidden_words(town)
    assert found(NOBODY.bearing("voice", voice.pk), "Dupont") == [voice.report]


def test_a_text_that_is_shown_is_found_by_all(town: Cast) -> None:
    voice = filed(text="Un nid de poule énorme")
    greet_voices()
    assert found(NOBODY, "enorme") == []
    acts.review(
        voice.report,
        actor=town.actor(town.claire),
        public=True,
        text_shown=True,
        shown_photos=set(),
        shown_messages=set(),
    )
    assert found(NOBODY, "enorme") == [voice.report]


def test_a_neighbour_finds_nothing(town: Cast) -> None:
    voice = filed(text="Dupont salit tout")
    greet_voices()
    assert found(town.actor(town.nadia), "Dupont") == []
    assert found(town.actor(town.karim), "Dupont") == [voice.report]


def test_a_contact_is_never_indexed(town: Cast) -> None:
    make_public(filed(email="jeanne@exemple.test", phone="0612345678").report)
    greet_voices()
    for words in ("jeanne", "exemple", "33612345678"):
        assert found(town.actor(town.karim), words) == []


def test_no_words_is_no_search(town: Cast) -> None:
    assert holding(NOBODY, "  ") is None
