"""Pictures arrive once, beside what they show; a heavy one is refused before it is read."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from parvis.documents.photos import MAX_BYTES
from parvis.gatherings.models import Gathering
from parvis.walks import pictures
from parvis.walks.links import token_of
from parvis.walks.models import Answer, Observation, Picture, Walk
from tests.cast import Cast
from tests.walks.scene import a_check, answered, found, walking

pytestmark = pytest.mark.django_db


def a_jpeg(colour: str = "#336699") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (600, 400), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def taken(thing: Observation | Answer, **fields: Any) -> dict[str, Any]:
    """A picture as a telephone sends it."""
    now = timezone.now().isoformat()
    return {
        "uid": str(uuid4()),
        "of": str(thing.uid),
        "noted_at": now,
        "sent_at": now,
        "people": "0",
        "file": SimpleUploadedFile("photo.jpg", a_jpeg(), "image/jpeg"),
        **fields,
    }


def url_of(walk: Walk) -> str:
    return f"/diagnostics/{walk.pk}/sur-place/photo/"


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return walking(cast)


@pytest.fixture
def finding(cast: Cast, walk: Walk) -> Observation:
    return found(cast, walk, pictures_told=2)


@pytest.fixture
def karim(cast: Cast, client: Client) -> Client:
    client.force_login(cast.karim)
    return client


def again(sent: dict[str, Any]) -> dict[str, Any]:
    sent["file"].seek(0)
    return sent


def test_a_picture_is_drawn_anew_and_kept_once(
    walk: Walk, finding: Observation, karim: Client
) -> None:
    sent = taken(finding, people="1")
    for _ in range(2):
        response = karim.post(url_of(walk), again(sent))
        assert (response.status_code, response.json()) == (200, {"kept": [sent["uid"]]})
    kept = finding.pictures.get()
    assert (kept.width, kept.height, kept.people, kept.shown) == (600, 400, True, False)
    with kept.file.open("rb") as jpeg:
        assert b"taken at home" not in jpeg.read()
    assert len(files()) == 2


def test_the_link_is_enough(walk: Walk, finding: Observation, client: Client) -> None:
    url = f"/diagnostics/avec/{token_of(walk)}/photo/"
    assert client.post(url, taken(finding)).status_code == 200
    assert client.post(url.replace(token_of(walk), "1.faux"), taken(finding)).status_code == 404


def test_a_neighbour_brings_no_picture(
    cast: Cast, walk: Walk, finding: Observation, client: Client
) -> None:
    for stranger in (cast.bruno, cast.nadia, cast.paul):
        client.force_login(stranger)
        assert client.post(url_of(walk), taken(finding)).status_code == 404


def test_it_waits_for_what_it_shows(walk: Walk, finding: Observation, karim: Client) -> None:
    response = karim.post(url_of(walk), taken(finding, of=str(uuid4())))
    assert (response.status_code, response.json()["wait"]) == (409, True)
    assert files() == []


def test_of_another_walk_it_is_refused(cast: Cast, finding: Observation, karim: Client) -> None:
    sent = taken(finding)
    response = karim.post(url_of(walking(cast)), sent)
    assert (response.status_code, list(response.json()["refused"])) == (422, [sent["uid"]])


def test_a_number_taken_by_another_walk_is_refused(
    cast: Cast, walk: Walk, finding: Observation, karim: Client
) -> None:
    sent = taken(finding)
    karim.post(url_of(walk), sent)
    other = walking(cast)
    theirs = found(cast, other, pictures_told=1)
    response = karim.post(url_of(other), taken(theirs, uid=sent["uid"]))
    assert response.status_code == 422
    assert Picture.objects.count() == 1


def test_no_more_than_were_told(walk: Walk, finding: Observation, karim: Client) -> None:
    answers = [karim.post(url_of(walk), taken(finding)).status_code for _ in range(3)]
    assert answers == [200, 200, 422]
    assert len(files()) == 4


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff\xe0 cut", a_jpeg()[:900], b"\x00" * 5000],
)
def test_what_is_no_picture_is_refused_in_words(
    content: bytes, walk: Walk, finding: Observation, karim: Client
) -> None:
    sent = taken(finding, file=SimpleUploadedFile("photo.jpg", content))
    response = karim.post(url_of(walk), sent)
    assert list(response.json()["refused"]) == [sent["uid"]]
    assert files() == []


def test_too_many_points_are_refused(walk: Walk, finding: Observation, karim: Client) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    sent = taken(finding, file=SimpleUploadedFile("bombe.png", out.getvalue()))
    assert karim.post(url_of(walk), sent).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"uid": "x"},
        {"uid": ""},
        {"of": "x"},
        {"sent_at": "hier"},
        {"file": "not a file"},
        {"uid": "\x00" * 36},
    ],
)
def test_a_shape_that_is_wrong_is_told(
    fields: dict[str, Any], walk: Walk, finding: Observation, karim: Client
) -> None:
    response = karim.post(url_of(walk), taken(finding, **fields))
    assert (response.status_code, list(response.json())) == (400, ["error"])


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n", b"\x00" * 999])
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "image/jpeg"]
)
def test_a_form_that_is_cut_is_told(body: bytes, kind: str, walk: Walk, karim: Client) -> None:
    response = karim.post(url_of(walk), body, content_type=kind)
    assert (response.status_code, list(response.json())) == (400, ["error"])


def test_an_hour_is_put_right(walk: Walk, finding: Observation, karim: Client) -> None:
    wrong = timezone.now() + timedelta(days=2)
    sent = taken(finding, noted_at=wrong.isoformat(), sent_at=wrong.isoformat())
    karim.post(url_of(walk), sent)
    kept = Picture.objects.get()
    assert kept.received_at - kept.noted_at < timedelta(seconds=5)


def test_a_cancelled_walk_takes_none(walk: Walk, finding: Observation, karim: Client) -> None:
    Gathering.objects.filter(pk=walk.gathering_id).update(cancelled_at=timezone.now())
    response = karim.post(url_of(walk), taken(finding))
    assert "annulé" in next(iter(response.json()["refused"].values()))


def test_files_go_when_the_row_is_not_written(
    walk: Walk, finding: Observation, karim: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(pictures, "_keep", fail)
    karim.raise_request_exception = False
    karim.post(url_of(walk), taken(finding))
    assert (files(), Picture.objects.count()) == ([], 0)


def test_too_heavy_by_its_length_is_not_read(
    walk: Walk, finding: Observation, karim: Client
) -> None:
    class Untouched(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("what is refused was read")

    response = karim.generic(
        "POST",
        url_of(walk),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * 1024 * 1024),
        **{"wsgi.input": Untouched()},
    )
    assert (response.status_code, list(response.json())) == (413, ["error"])


def test_a_little_too_heavy_stops_on_the_way(
    walk: Walk, finding: Observation, karim: Client
) -> None:
    sent = taken(finding, file=SimpleUploadedFile("photo.jpg", b"\xff" * (MAX_BYTES + 1)))
    assert karim.post(url_of(walk), sent).status_code == 413
    assert files() == []


def test_an_answer_takes_pictures_too(cast: Cast, walk: Walk, karim: Client) -> None:
    answer = answered(a_check(walk, ("walk", walk.pk), cast), pictures_told=1)
    assert karim.post(url_of(walk), taken(answer)).status_code == 200
    assert answer.pictures.count() == 1
