"""Who sees a picture: the policy says it, whatever the address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.walks.links import token_of
from parvis.walks.models import Observation, Picture, Walk
from tests.cast import Cast
from tests.walks.scene import a_check, a_picture, again, answered, called, found, walked, walking

pytestmark = pytest.mark.django_db


def url_of(picture: Picture, size: str = "large") -> str:
    return f"/diagnostics/photos/{picture.pk}/{size}.jpg"


def published(walk: Walk) -> None:
    now = timezone.now()
    Walk.objects.filter(pk=walk.pk).update(sent_at=now, published_at=now)


@pytest.fixture
def finding(cast: Cast) -> Observation:
    return found(cast, walked(cast))


def test_those_of_the_walk_see_it_and_others_do_not(
    cast: Cast, finding: Observation, client: Client
) -> None:
    url = url_of(a_picture(finding))
    for person, status in (
        (cast.claire, 200),
        (cast.karim, 200),
        (cast.rose, 200),
        (cast.bruno, 404),
        (cast.nadia, 404),
        (cast.paul, 404),
        (cast.theo, 404),
    ):
        client.force_login(person)
        assert client.get(url).status_code == status, person
    client.logout()
    assert client.get(url).status_code == 404


def test_everybody_sees_it_once_both_it_and_its_finding_were_reviewed(
    cast: Cast, finding: Observation, client: Client
) -> None:
    picture = a_picture(finding)
    published(finding.walk)
    reviewed = {"shown": True, "reviewed_at": timezone.now()}
    assert client.get(url_of(picture)).status_code == 404
    Picture.objects.update(**reviewed)
    assert client.get(url_of(picture)).status_code == 404
    Observation.objects.update(**reviewed)
    response = client.get(url_of(picture))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    Picture.objects.update(shown=False)
    assert client.get(url_of(picture)).status_code == 404


def test_it_is_asked_for_again_each_time_but_not_sent_again(
    cast: Cast, finding: Observation, client: Client
) -> None:
    url = url_of(a_picture(finding))
    client.force_login(cast.claire)
    first = client.get(url)
    assert first["Cache-Control"] == "private, no-cache"
    assert (first["X-Content-Type-Options"], first["X-Robots-Tag"]) == ("nosniff", "noindex")
    again_ = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (again_.status_code, again_.content) == (304, b"")
    client.force_login(cast.bruno)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 404


def test_an_unknown_size_or_a_file_that_is_gone_is_not_there(
    cast: Cast, finding: Observation, client: Client
) -> None:
    picture = a_picture(finding)
    client.force_login(cast.claire)
    assert client.get(url_of(picture, "small")).status_code == 200
    assert client.get(url_of(picture, "huge")).status_code == 404
    picture.file.delete(save=False)
    assert client.get(url_of(picture)).status_code == 404


def test_the_link_shows_what_is_looked_at_again_and_nobody_on_it(
    cast: Cast, finding: Observation, client: Client
) -> None:
    back = walking(cast, before=finding.walk)
    seen, somebody = a_picture(finding), a_picture(finding, people=True)
    unasked = a_picture(found(cast, finding.walk))
    a_check(back, ("observation", finding.pk), cast)

    def status(picture: Picture, walk: Walk) -> Any:
        return client.get(
            f"/diagnostics/avec/{token_of(walk)}/photos/{picture.pk}/small.jpg"
        ).status_code

    assert [status(one, back) for one in (seen, somebody, unasked)] == [200, 404, 404]
    assert status(seen, again(finding.walk)) == 404  # its own link shows none
    Walk.objects.filter(pk=back.pk).update(nonce="autre")
    assert status(seen, back) == 404


def test_a_picture_of_an_answer_follows_its_walk(cast: Cast, client: Client) -> None:
    walk = called(cast, days=0)
    picture = a_picture(answered(a_check(walk, ("walk", walk.pk), cast)))
    for person, status in ((cast.luc, 200), (cast.paul, 404), (cast.bruno, 404)):
        client.force_login(person)
        assert client.get(url_of(picture)).status_code == status
