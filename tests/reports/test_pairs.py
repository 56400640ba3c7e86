"""A photo after beside the photo before that it answers."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from parvis.partners.actors import NOBODY
from parvis.reports import acts, figures
from parvis.reports.links import token_of
from parvis.reports.models import Photo, Report, Voice
from tests.cast import Cast
from tests.reports.pages import picture, text_of
from tests.reports.scene import filed, make_public, only_part, photo


def settled(town: Cast, before: int | None = 0) -> tuple[Voice, list[Photo], Photo]:
    """A public report with two photos before, and one after that answers one of them, if any."""
    voice = filed(photos=[photo("red"), photo("blue")])
    two = list(Photo.objects.order_by("pk"))
    acts.advance_part(
        only_part(voice.report),
        "settle",
        actor=town.actor(town.karim),
        answer="Fait.",
        photos=[photo("green")],
        before=None if before is None else two[before],
    )
    make_public(voice.report)
    return voice, two, Photo.objects.get(moment="after")


def page_of(report: Report) -> str:
    return f"/signalements/{report.reference}/"


def test_the_pair_is_chosen_when_closing(town: Cast, client: Client) -> None:
    report = filed(photos=[photo("red"), photo("blue")]).report
    second = Photo.objects.order_by("pk")[1]
    client.force_login(town.karim)
    url = f"/parts/{only_part(report).pk}/etape/settle/"
    assert "montre le même endroit" in text_of(client.get(url))
    sent = {"answer": "Fait.", "photos": [picture(), picture()], "before": second.pk}
    assert client.post(url, sent).status_code == 302
    after = Photo.objects.filter(moment="after").order_by("pk")
    assert [one.answers_id for one in after] == [second.pk, None]


def test_both_pages_show_the_two_side_by_side(town: Cast, client: Client) -> None:
    voice, two, after = settled(town)
    Photo.objects.update(shown=True, reviewed_at=voice.at)
    for url in (page_of(voice.report), f"/suivre/{token_of(voice)}/"):
        html = client.get(url).content.decode()
        pair = html[html.index('class="ba"') :].split("</div>")[0]
        assert f"/photos/{two[0].pk}/small.jpg?v=1" in pair
        assert f"/photos/{after.pk}/small.jpg?v=1" in pair
        assert f"/photos/{two[1].pk}/" not in pair
        assert "Autres photos" in html


def test_the_public_sees_no_photo_before_that_is_not_shown(town: Cast, client: Client) -> None:
    voice, two, after = settled(town)
    html = client.get(page_of(voice.report)).content.decode()
    assert 'class="ba"' not in html
    assert f"/photos/{two[0].pk}/" not in html
    assert f"/photos/{after.pk}/small.jpg" in html
    client.force_login(town.karim)
    assert 'class="ba"' in client.get(page_of(voice.report)).content.decode()


def test_it_is_chosen_or_changed_afterwards(town: Cast, client: Client) -> None:
    voice, two, after = settled(town, before=None)
    client.force_login(town.sofia)
    url = f"/photos/{after.pk}/avant/"
    assert url in client.get(page_of(voice.report)).content.decode()
    client.post(url, {"before": two[1].pk})
    after.refresh_from_db()
    assert after.answers_id == two[1].pk
    client.post(url, {"before": ""})
    after.refresh_from_db()
    assert after.answers_id is None


def test_a_photo_of_another_report_is_refused(town: Cast, client: Client) -> None:
    _, two, after = settled(town)
    other = filed(photos=[photo("black")]).report.photos.get()
    client.force_login(town.karim)
    answer = client.post(f"/photos/{after.pk}/avant/", {"before": other.pk})
    assert "n’est plus là" in text_of(answer)
    with pytest.raises(ValidationError):
        acts.pair_photo(after, actor=town.actor(town.karim), before=other)
    with pytest.raises(ValidationError):
        acts.pair_photo(two[0], actor=NOBODY, before=two[1])
    after.refresh_from_db()
    assert after.answers_id == two[0].pk


@pytest.mark.parametrize(
    ("who", "status"), [("karim", 200), ("sofia", 200), ("claire", 200), ("nadia", 404)]
)
def test_who_may_set_photos_side_by_side(town: Cast, client: Client, who: str, status: int) -> None:
    _, _, after = settled(town)
    Report.objects.update(public=False)
    client.force_login(getattr(town, who))
    assert client.get(f"/photos/{after.pk}/avant/").status_code == status


def test_an_organisation_pairs_its_own_photos_and_no_other_s(town: Cast, client: Client) -> None:
    voice, two, after = settled(town)
    acts.advance_part(only_part(voice.report), "reopen", actor=town.actor(town.karim))
    acts.assign_part(voice.report, actor=town.actor(town.claire), organisation=town.landlord)
    client.force_login(town.luc)
    assert client.get(f"/photos/{after.pk}/avant/").status_code == 403
    assert client.get(f"/photos/{two[0].pk}/avant/").status_code == 403


def test_what_was_done_shows_the_pair_that_was_chosen(town: Cast) -> None:
    voice, two, after = settled(town, before=1)
    Photo.objects.update(shown=True, reviewed_at=voice.at)
    (story,) = figures.settled_lately(NOBODY)
    assert (story.before, story.after) == (two[1], after)


def test_undoing_the_step_takes_the_pair_away(town: Cast) -> None:
    voice, two, _ = settled(town)
    acts.undo_part(only_part(voice.report), actor=town.actor(town.karim))
    assert set(Photo.objects.all()) == set(two)
