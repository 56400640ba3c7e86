from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from parvis.reports import acts
from parvis.reports.models import (
    Callback,
    Contact,
    Message,
    Photo,
    PrivatePlace,
    Report,
    Voice,
)
from parvis.reports.rebuilding import recount_all
from parvis.reports.retention import erase_old
from parvis.reports.searching import forget_report
from parvis.search.index import matching
from tests.cast import Cast
from tests.reports.scene import filed, in_hall, only_part, photo, waiting

DAY = timedelta(days=1)


@pytest.fixture
def voice(town: Cast) -> Voice:
    """A report with everything personal, settled just now."""
    voice = filed(
        in_hall(town),
        "hall_sale",
        text="Mots de Jeanne",
        photos=[photo()],
        phone="06 12 34 56 78",
        dwelling="A 32",
    )
    acts.speak(voice, text="Un mot")
    acts.advance_part(only_part(voice.report), "settle", actor=town.actor(town.luc), answer="Fait.")
    return voice


def kept() -> tuple[int, int, int]:
    return Contact.objects.count(), PrivatePlace.objects.count(), Callback.objects.count()


def test_contacts_are_kept_sixty_days_after_closing(voice: Voice) -> None:
    erase_old(timezone.now() + 59 * DAY)
    assert kept() == (1, 1, 1)
    erased = erase_old(timezone.now() + 61 * DAY)
    assert (erased.contacts, erased.dwellings) == (1, 1)
    assert kept() == (0, 0, 0)
    assert Report.objects.get().text == "Mots de Jeanne"


def test_the_time_is_a_setting(voice: Voice, settings: Any) -> None:
    settings.CONTACT_RETENTION_DAYS = 10
    erase_old(timezone.now() + 11 * DAY)
    assert kept() == (0, 0, 0)


def test_an_open_report_keeps_its_contacts_two_years(town: Cast) -> None:
    filed(email="jeanne@exemple.test")
    erase_old(timezone.now() + 729 * DAY)
    assert Contact.objects.exists()
    erase_old(timezone.now() + 731 * DAY)
    assert not Contact.objects.exists()


def test_unpublished_words_and_photos_go_two_years_after_closing(voice: Voice) -> None:
    erase_old(timezone.now() + 729 * DAY)
    assert Photo.objects.exists()
    erased = erase_old(timezone.now() + 731 * DAY)
    assert (erased.texts, erased.photos) == (2, 1)
    assert Report.objects.get().text == ""
    assert not Photo.objects.exists()
    assert list(Message.objects.values_list("text", flat=True)) == ["Fait."]
    assert erase_old(timezone.now() + 731 * DAY).texts == 0


def test_published_words_and_photos_stay(voice: Voice, town: Cast) -> None:
    acts.review(
        voice.report,
        actor=town.actor(town.claire),
        public=True,
        text_shown=True,
        shown_photos=set(Photo.objects.values_list("pk", flat=True)),
        shown_messages=set(Message.objects.values_list("pk", flat=True)),
    )
    erase_old(timezone.now() + 1000 * DAY)
    assert Report.objects.get().text == "Mots de Jeanne"
    assert Photo.objects.exists()
    assert Message.objects.count() == 2


def test_a_message_that_waits_goes_with_the_contact(town: Cast) -> None:
    voice = filed(email="jeanne@exemple.test")
    acts.answer(voice.report, actor=town.actor(town.karim), text="Bonjour")
    erase_old(timezone.now() + 731 * DAY)
    assert waiting() == {}


def test_the_command_says_what_it_erased(voice: Voice, capsys: Any) -> None:
    Report.objects.update(closed_at=timezone.now() - 61 * DAY)
    call_command("retention", dry_run=True)
    assert "photos de signalements) : 2 à effacer, depuis le" in capsys.readouterr().out
    call_command("retention")
    assert "photos de signalements) : 2 effacé(s)" in capsys.readouterr().out


def test_figures_of_reports_can_be_made_again(voice: Voice, capsys: Any) -> None:
    before = Report.objects.values().get()
    Report.objects.update(state="new", due_on=None, closed_at=None, voice_count=9)
    call_command("recount_reports")
    assert "corrigés : 1" in capsys.readouterr().out
    assert Report.objects.values().get() == before
    assert recount_all() == 0


def test_the_search_index_can_be_made_again(voice: Voice, capsys: Any) -> None:
    forget_report(voice.report_id)
    call_command("rebuild_reports_search")
    assert "indexés : 1" in capsys.readouterr().out
    found = matching("report", "Tilleuls")
    assert found is not None
    assert list(found) == [voice.report_id]


def test_the_follow_up_command_says_what_it_did(town: Cast, capsys: Any) -> None:
    filed(email="jeanne@exemple.test")
    call_command("follow_up_reports")
    assert "réception : 1. Organisations prévenues : 1." in capsys.readouterr().out
