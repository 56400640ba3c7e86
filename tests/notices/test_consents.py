"""What people agree to: numbered, never changed under them, kept with what they left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from parvis.notices import consents
from parvis.notices.consents import Consent, agreed, consent, current, hash_of
from parvis.toolbox.models import DirectoryEntry
from parvis.toolbox.network_forms import EntryForm
from tests.cast import Cast
from tests.gatherings.scene import workshop
from tests.toolbox.network_scene import an_entry

ROOMS = sorted(
    path.parent.parent.name
    for path in (Path(settings.BASE_DIR) / "parvis").glob("*/data/consents.toml")
)


@pytest.mark.parametrize("room", ROOMS)
def test_a_changed_text_needs_a_new_version(room: str) -> None:
    for one in consents.consents(room):
        assert one.hash == hash_of(one.text), (
            f"{room}, {one.code}: a text that was agreed to is not changed; write version "
            f"{one.version + 1} below it, with its day and the hash {hash_of(one.text)}"
        )


@pytest.mark.parametrize("room", ROOMS)
def test_versions_follow_one_another(room: str) -> None:
    codes = {one.code for one in consents.consents(room)}
    for code in codes:
        rows = [one for one in consents.consents(room) if one.code == code]
        assert [one.version for one in rows] == list(range(1, len(rows) + 1))
        assert all(older.since < newer.since for older, newer in pairwise(rows))


def test_five_rooms_ask_something() -> None:
    assert ROOMS == ["gatherings", "notices", "reports", "toolbox", "walks"]


def two(monkeypatch: pytest.MonkeyPatch, room: str, code: str, since: date) -> Consent:
    """A second version of a text, from that day."""
    first = current(room, code)
    second = replace(first, version=2, since=since, text="Un autre texte.")
    monkeypatch.setattr(consents, "consents", lambda _: (first, second))
    return second


def test_the_text_in_force_is_that_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    two(monkeypatch, "reports", "contact", date(2027, 3, 1))
    days = [date(2020, 1, 1), date(2027, 2, 28), date(2027, 3, 1)]
    assert [current("reports", "contact", day).version for day in days] == [1, 1, 2]


def test_what_was_never_asked_is_not_found() -> None:
    with pytest.raises(LookupError):
        current("reports", "nothing")
    with pytest.raises(LookupError):
        consent("reports", "contact", 99)


def test_who_agreed_is_told_the_text_of_their_day(monkeypatch: pytest.MonkeyPatch) -> None:
    before = current("reports", "contact").text
    two(monkeypatch, "reports", "contact", date(2026, 2, 1))
    assert before in agreed("reports", "contact", 1)[1]
    assert "Un autre texte." in agreed("reports", "contact", 2)[1]


def test_the_form_shows_the_text_and_the_row_keeps_it(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathering = workshop(cast)
    there = f"/rendez-vous/{gathering.pk}/"
    shown = client.get(there).content.decode()
    assert current("gatherings", "registration").said(organiser=gathering.organiser.name) in shown
    two(monkeypatch, "gatherings", "registration", date(2026, 2, 1))
    assert "Un autre texte." in client.get(there).content.decode()
    given = {"name": "Jeanne", "email": "jeanne@exemple.test"}
    client.post(f"{there}inscription/", given)
    assert gathering.registrations.get().contact.consent_version == 2


def test_who_agrees_anew_agrees_to_the_new_text(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_entry(cast)
    assert DirectoryEntry.objects.get().consent_version == 1
    two(monkeypatch, "toolbox", "directory", date(2026, 2, 1))
    assert EntryForm(actor=cast.actor(cast.sofia)).fields["agreed"].label == "Un autre texte."
    an_entry(cast)
    assert DirectoryEntry.objects.get().consent_version == 2
