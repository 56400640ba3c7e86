"""What may be searched, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.partners.actors import NOBODY, Actor
from parvis.reports import acts, searching
from parvis.reports.followup import greet_voices
from parvis.reports.models import Report, Voice
from parvis.reports.searching import holding, index_reports
from parvis.search.index import matching
from parvis.search.models import Word
from tests.cast import IN_RAISMES, Cast
from tests.reports.pages import text_of
from tests.reports.scene import at_point, filed, make_public, only_part


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


def read(voice: Voice, town: Cast, *, public: bool = True, text: bool = True) -> None:
    acts.review(
        voice.report,
        actor=town.actor(town.claire),
        public=public,
        text_shown=text,
        shown_photos=set(),
        shown_messages=set(),
    )


def test_a_misspelt_word_finds_what_public_reports_say(town: Cast, client: Client) -> None:
    voice = filed(text="Plus d’éclairage")
    read(voice, town)
    page = client.get("/signalements/?q=eclairege")
    assert voice.report.reference in text_of(page)
    assert "Résultats pour « éclairage » — vous aviez écrit « eclairege »." in text_of(page)
    assert "vous aviez écrit" not in text_of(client.get("/signalements/?q=eclairage"))
    for url in ("/signalements/carte.json", "/signalements/export.csv"):
        answer = client.get(f"{url}?q=eclairege")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert voice.report.reference in content.decode()


def test_words_that_are_not_public_never_correct_what_is_typed(town: Cast, client: Client) -> None:
    filed(text="Dupont salit tout")
    read(filed(text="Durand salit tout"), town, text=False)
    read(filed(at_point(label="Chez Martin"), text="Bernard crie"), town, public=False)
    greet_voices()
    index_reports(Report.objects.select_related("category"))
    client.force_login(town.karim)
    for typed in ("dupond", "duramd", "mertin", "bernart"):
        assert "vous aviez écrit" not in text_of(client.get(f"/signalements/?q={typed}"))
    assert not Word.objects.filter(folded__in=["dupont", "durand", "martin", "bernard"]).exists()


def shown(page: Any) -> set[int]:
    return {row["report"].pk for row in page.context["rows"]}


def test_a_common_word_finds_the_same_reports_without_being_counted(
    town: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MANY", 2)
    voices = [filed(text=f"Éclairages éteints {number}") for number in range(4)]
    hidden = filed(text="Éclairage éteint")
    away = filed(at_point(IN_RAISMES), text="Éclairage")
    for voice in voices:
        read(voice, town)
    greet_voices()
    for words in ("eclairage", "éclairages éteints"):
        page = client.get("/signalements/", {"q": words})
        assert shown(page) == {one.report_id for one in voices}
        assert page.context["counts"] is None
    client.force_login(town.karim)
    page = client.get("/signalements/?q=eclairage")
    assert hidden.report_id in shown(page)
    assert away.report_id not in shown(page)
    assert len(page.context["rows"]) == 5


def test_what_is_hidden_again_corrects_no_more(town: Cast, client: Client) -> None:
    voice = filed(text="Dupont salit tout")
    read(voice, town)
    assert "vous aviez écrit" in text_of(client.get("/signalements/?q=dupond"))
    read(voice, town, text=False)
    assert "vous aviez écrit" not in text_of(client.get("/signalements/?q=dupond"))


def test_a_search_counts_what_it_finds_on_each_page_and_in_each_order(
    town: Cast, client: Client
) -> None:
    voices = [filed(text=f"Lampe cassée {number}") for number in range(21)]
    for voice in voices:
        read(voice, town)
    read(filed(text="Banc cassé"), town)
    acts.advance_part(
        only_part(voices[0].report), "settle", actor=town.actor(town.karim), answer="Fait."
    )
    Report.objects.filter(pk__in=[one.report_id for one in voices[:3]]).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    for order in ("recents", "echeance", "clos"):
        page = client.get("/signalements/", {"q": "lampe", "tri": order})
        after = client.get(page.context["next_url"])
        for one in (page, after):
            counts = one.context["counts"]
            numbers = (counts.total.number, counts.open.number, counts.late.number)
            assert numbers == (21, 20, 2), order
        assert shown(page) | shown(after) == {one.report_id for one in voices}
