"""A gathering on paper and in calendars."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from parvis.gatherings import acts
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.gatherings.scene import in_days, workshop


def test_the_poster_is_one_accessible_page_however_long_the_words(
    cast: Cast, client: Client
) -> None:
    gathering = workshop(cast, summary="Un long mot d’explication. " * 70, title="T" * 150)
    answer = client.get(reverse("gatherings:poster", args=[gathering.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert_accessible(answer.content)
    assert page_count(answer.content) == 1


def test_the_attendance_sheet_is_for_who_organises(cast: Cast, client: Client) -> None:
    gathering = workshop(cast)
    acts.ask_organisations(gathering, [cast.landlord], at=in_days(0))
    url = reverse("gatherings:sheet", args=[gathering.pk])
    client.force_login(cast.nadia)
    assert client.get(url).status_code == 403
    client.force_login(cast.sofia)
    assert_accessible(client.get(url).content)


def test_the_calendar_file_says_when_it_is_called_off(cast: Cast, client: Client) -> None:
    gathering = workshop(cast)
    url = reverse("gatherings:calendar", args=[gathering.pk])
    before = client.get(url).content.decode()
    assert f"DTSTART:{gathering.starts_at:%Y%m%dT%H%M%SZ}" in before
    assert "STATUS:CANCELLED" not in before
    acts.cancel_gathering(gathering, actor=cast.actor(cast.sofia), reason="Grève.")
    after = client.get(url).content.decode()
    assert "STATUS:CANCELLED" in after
    assert "UID:gathering-" in before
    assert "UID:gathering-" in after


def test_a_draft_is_on_no_paper_for_strangers(cast: Cast, client: Client) -> None:
    gathering = workshop(cast, public=False)
    for name in ("gathering", "poster", "calendar"):
        assert client.get(reverse(f"gatherings:{name}", args=[gathering.pk])).status_code == 404
