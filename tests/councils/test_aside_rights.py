"""What a body prepares is its own: nobody else reads a word of it, by any way."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.councils import aside_acts
from parvis.councils.models import Body, Preparation, ResidentWord
from parvis.gatherings.models import Gathering
from parvis.thread.models import Event, Link
from parvis.thread.reading import events_of, moved_since, rows_lying
from parvis.thread.register import Where
from tests.cast import Cast
from tests.councils.aside_scene import TOLD, a_preparation, a_word
from tests.councils.scene import a_body, hugo_in, other_body
from tests.gatherings.scene import in_days

OTHERS = ("claire", "karim", "luc", "bruno", "lila", "nadia", "rose", "theo")
MEETING = "Local des voisins"


@pytest.fixture
def prepared(cast: Cast) -> Preparation:
    """A preparation of hugo's body with all that it keeps to itself; lila animates another."""
    other_body(cast)
    body = a_body(cast)
    hugo_in(cast, body)
    made = a_preparation(cast, body)
    aside_acts.choose_words(made, [a_word(cast, body)])
    when = {"starts_at": in_days(2), "ends_at": in_days(2, 1), "place_label": MEETING}
    made = aside_acts.plan_meeting(made, actor=cast.actor(cast.yasmine), **when)
    # As its animator may write on the page of the date: it then lies in others' perimeters.
    Gathering.objects.filter(pk=made.meeting_id).update(commune=cast.anzin)
    return aside_acts.write_restitution(made, **TOLD)


def pages(body: Body, made: Preparation) -> list[str]:
    """Every address of a preparation and of the notebook."""
    one = [
        *("preparation", "preparation_meeting", "preparation_note", "preparation_words"),
        *("preparation_pdf", "write_restitution", "tell_restitution", "restitution"),
    ]
    word = ResidentWord.objects.get()
    return [
        *(reverse(f"councils:{name}", args=[made.pk]) for name in one),
        *(reverse(f"councils:{name}", args=[body.pk]) for name in ("preparations", "notebook")),
        reverse("councils:notebook", args=[body.pk]) + "?q=bus",
        reverse("councils:word", args=[word.pk]),
        reverse("councils:word_consent", args=[word.pk]),
        reverse("councils:restitution_poster", args=[made.pk, "a4"]),
    ]


def test_others_open_no_page_of_what_is_prepared(
    cast: Cast, client: Client, prepared: Preparation
) -> None:
    for who in OTHERS:
        client.force_login(getattr(cast, who))
        for url in pages(prepared.body, prepared):
            assert client.get(url).status_code in (403, 404), (who, url)


def test_others_find_the_preparatory_meeting_nowhere(
    cast: Cast, client: Client, prepared: Preparation
) -> None:
    meeting = prepared.meeting
    assert meeting is not None
    for who in OTHERS:
        client.force_login(getattr(cast, who))
        for name in ("gathering", "calendar", "poster", "letter"):
            url = reverse(f"gatherings:{name}", args=[meeting.pk])
            assert client.get(url).status_code == 404, (who, name)
        assert MEETING not in client.get(reverse("gatherings:list")).content.decode(), who


def test_the_members_of_the_body_read_the_date_of_their_meeting(
    cast: Cast, client: Client, prepared: Preparation
) -> None:
    client.force_login(cast.hugo)
    assert MEETING in client.get(reverse("gatherings:list")).content.decode()


def test_the_thread_says_nothing_of_it_to_others(cast: Cast, prepared: Preparation) -> None:
    rives = Where(communes=frozenset({cast.anzin.pk}), quartiers=frozenset({cast.rives.pk}))
    meeting = prepared.meeting
    assert meeting is not None
    ours = {("gathering", meeting.pk), ("restitution", prepared.pk)}
    for who in OTHERS:
        actor = cast.actor(getattr(cast, who))
        lying = rows_lying(actor, rives, ["restitution", "gathering"])
        assert not ours & {(row.kind, row.id) for row in lying}, who
        moved = moved_since(actor, in_days(-1))
        assert not ours & {(one.kind, one.thing_id) for one in moved}, who
        assert not events_of(actor, "gathering", meeting.pk), who


def test_nothing_is_recorded_before_it_is_told(prepared: Preparation) -> None:
    assert not Event.objects.filter(thing_kind="restitution").exists()
    assert not Link.objects.filter(target_kind="restitution").exists()


def test_a_member_reads_and_writes_all_of_it_but_does_not_tell(
    cast: Cast, client: Client, prepared: Preparation
) -> None:
    Gathering.objects.filter(pk=prepared.sitting.gathering_id).update(
        starts_at=in_days(-1), ends_at=in_days(-1, 1)
    )
    client.force_login(cast.hugo)
    tell = reverse("councils:tell_restitution", args=[prepared.pk])
    for url in pages(prepared.body, prepared):
        wanted = 403 if url == tell else 404 if "accord" in url else 200
        assert client.get(url).status_code == wanted, url
    assert client.post(tell).status_code == 403
    assert Preparation.objects.get(pk=prepared.pk).told_at is None


def test_once_told_the_rest_stays_with_the_body(
    cast: Cast, client: Client, prepared: Preparation
) -> None:
    Gathering.objects.filter(pk=prepared.sitting.gathering_id).update(
        starts_at=in_days(-1), ends_at=in_days(-1, 1)
    )
    aside_acts.tell(prepared, actor=cast.actor(cast.yasmine))
    client.force_login(cast.karim)
    page: Any = client.get(reverse("councils:restitution", args=[prepared.pk]))
    text = page.content.decode()
    assert TOLD["said"] in text
    for kept in ("choisir le banc", "fermée aux voitures", "place des arbres", "sous la pluie"):
        assert kept not in text
    assert client.get(reverse("councils:preparation", args=[prepared.pk])).status_code == 404
    assert client.get(reverse("councils:preparation_pdf", args=[prepared.pk])).status_code == 404
