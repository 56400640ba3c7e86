"""Reading a walk again for the public."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.thread.models import Event
from parvis.walks import sorting
from parvis.walks.desk_review import Agreed, Said, review
from parvis.walks.models import Observation, Picture, Walk
from tests.cast import Cast
from tests.walks.scene import a_check, a_picture, answered, found, walked


@pytest.fixture
def walk(cast: Cast) -> Walk:
    walk, now = walked(cast), timezone.now()
    Walk.objects.filter(pk=walk.pk).update(sent_at=now, published_at=now)
    return walk


def test_nothing_is_public_before_it_was_read(cast: Cast, walk: Walk, client: Client) -> None:
    finding = found(cast, walk, note="Chez Madame Untel.")
    picture = a_picture(finding)
    client.force_login(cast.claire)
    url = reverse("walks:review", args=[walk.pk])
    page = client.get(url).content.decode()
    assert "Chez Madame Untel." in page  # to be corrected
    assert not Observation.objects.visible_to(NOBODY).exists()
    given = {
        f"o{finding.pk}-choice": "show",
        f"o{finding.pk}-public_note": "Des matelas.",
        f"p{picture.pk}-choice": "show",
    }
    assert client.post(url, given).status_code == 302
    assert Observation.objects.visible_to(NOBODY).get().public_note == "Des matelas."
    assert Picture.objects.visible_to(NOBODY).exists()
    finding.refresh_from_db()
    assert finding.note == "Chez Madame Untel."
    codes = Event.objects.filter(thing_kind="observation").values_list("code", "public")
    assert list(codes) == [("shown", False)]


def test_somebody_recognised_must_have_agreed(cast: Cast, walk: Walk, client: Client) -> None:
    finding = found(cast, walk)
    picture = a_picture(finding, people=True)
    client.force_login(cast.claire)
    url = reverse("walks:review", args=[walk.pk])
    given = {
        f"o{finding.pk}-choice": "show",
        f"o{finding.pk}-public_note": "Un texte corrigé.",
        f"p{picture.pk}-choice": "show",
        f"p{picture.pk}-people": "on",
    }
    page = client.post(url, given).content.decode()
    assert "il faut son accord signé" in page
    assert "Un texte corrigé." in page  # kept
    assert not Observation.objects.visible_to(NOBODY).exists()
    client.post(url, {**given, f"p{picture.pk}-consent": "on"})
    assert list(Picture.objects.visible_to(NOBODY)) == [picture]
    assert Picture.objects.get().consent_version == 1  # of the paper that was signed
    client.post(url, {**given, f"p{picture.pk}-choice": "hide"})
    assert Picture.objects.get().consent_version is None


def test_the_act_keeps_nothing_when_somebody_did_not_agree(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    picture = a_picture(finding)
    with pytest.raises(ValidationError, match="accord"):
        review(
            walk,
            actor=cast.actor(cast.claire),
            findings={finding.pk: Said(True, "x")},
            pictures={picture.pk: Agreed(True, True, False)},
        )
    finding.refresh_from_db()
    assert finding.reviewed_at is None


def test_a_review_touches_its_own_walk_alone(cast: Cast, walk: Walk) -> None:
    other = found(cast, walked(cast))
    picture = a_picture(other)
    review(
        walk,
        actor=cast.actor(cast.claire),
        findings={other.pk: Said(True, "x")},
        pictures={picture.pk: Agreed(True, False, False)},
    )
    other.refresh_from_db()
    picture.refresh_from_db()
    assert (other.shown, picture.shown) == (False, False)


def test_a_review_is_taken_back(cast: Cast, walk: Walk) -> None:
    finding, claire = found(cast, walk), cast.actor(cast.claire)
    for said in (Said(True, "Vu."), Said(None, "Vu.")):
        review(walk, actor=claire, findings={finding.pk: said}, pictures={})
    finding.refresh_from_db()
    assert (finding.shown, finding.reviewed_at, finding.public_note) == (False, None, "Vu.")


def test_what_came_meanwhile_is_left_as_it_is(cast: Cast, walk: Walk, client: Client) -> None:
    finding = found(cast, walk)
    late = a_picture(finding, people=True)
    read = found(cast, walk, shown=True, public_note="Lu.", reviewed_at=timezone.now())
    client.force_login(cast.claire)
    url = reverse("walks:review", args=[walk.pk])
    given = {f"o{finding.pk}-choice": "show", f"o{finding.pk}-public_note": "Vu."}
    client.post(url, given)
    late.refresh_from_db()
    read.refresh_from_db()
    assert (late.people, late.reviewed_at) == (True, None)
    assert (read.shown, read.public_note) == (True, "Lu.")


def test_pictures_of_a_double_go_with_the_finding_that_is_followed(cast: Cast, walk: Walk) -> None:
    claire = cast.actor(cast.claire)
    head, double = found(cast, walk), found(cast, walk)
    picture = a_picture(double)
    sorting.unite(double, head, actor=claire)
    review(
        walk,
        actor=claire,
        findings={head.pk: Said(True, "Vu.")},
        pictures={picture.pk: Agreed(True, False, False)},
    )
    assert list(Picture.objects.visible_to(NOBODY)) == [picture]
    assert list(Observation.objects.visible_to(NOBODY)) == [head]
    sorting.part(double, actor=claire)
    assert not Picture.objects.visible_to(NOBODY).exists()


def test_pictures_of_checks_are_read_again_too(cast: Cast, walk: Walk, client: Client) -> None:
    check = a_check(walk, ("observation", found(cast, walk).pk), cast)
    picture = a_picture(answered(check))
    client.force_login(cast.claire)
    url = reverse("walks:review", args=[walk.pk])
    assert "Photos des vérifications" in client.get(url).content.decode()
    client.post(url, {f"p{picture.pk}-choice": "show"})
    assert list(Picture.objects.visible_to(NOBODY)) == [picture]


def test_every_picture_of_a_check_comes_to_be_read_again(
    cast: Cast, walk: Walk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.walks.desk_review_views.CHECKED_BY_PAGE", 1)
    answer = answered(a_check(walk, ("walk", 1), cast))
    first, second = a_picture(answer), a_picture(answer)
    client.force_login(cast.claire)
    url = reverse("walks:review", args=[walk.pk])
    assert "?page=2" in client.get(url).content.decode()
    page = client.get(f"{url}?page=2").content.decode()
    assert f"p{second.pk}-choice" in page
    assert f"p{first.pk}-choice" not in page
    client.post(f"{url}?page=2", {f"p{second.pk}-choice": "show"})
    assert list(Picture.objects.filter(shown=True)) == [second]


def test_what_was_decided_is_kept_whatever_came_meanwhile(
    cast: Cast, walk: Walk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.walks.desk_review_views.BY_PAGE", 1)
    finding = found(cast, walk)
    found(cast, walk, noted_at=timezone.now() - timedelta(hours=1))  # comes before it
    client.force_login(cast.claire)
    given = {f"o{finding.pk}-choice": "show", f"o{finding.pk}-public_note": "Des matelas."}
    client.post(reverse("walks:review", args=[walk.pk]), given)
    finding.refresh_from_db()
    assert finding.shown
