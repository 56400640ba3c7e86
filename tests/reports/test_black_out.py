"""What is blacked out of a photo is gone: from every page, from the folder, from old addresses."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from PIL import Image

from parvis.documents.photos import Box, CleanPhoto, clean
from parvis.reports import acts
from parvis.reports.links import token_of
from parvis.reports.models import Photo
from parvis.reports.workflow import Forbidden
from tests.cast import Cast
from tests.documents.pictures import BLUE, RED, file_of, scene
from tests.pages.walk import sign_in
from tests.reports.pages import text_of
from tests.reports.scene import codes, filed, make_public

LEFT = [Box(0, 0, 500, 1000)]  # the red half of the scene
BLACK = (0, 0, 0)
OF_LEFT = {f"{column}-{row}" for column in range(6) for row in range(9)}


def two_halves() -> CleanPhoto:
    return clean(file_of(scene(800, 600)))


def seen(data: bytes, share: float) -> Any:
    """The colour in the middle of the height, at that share of the width."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return image.getpixel((int(image.width * share), image.height // 2))


def near(colour: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(colour, wanted, strict=True))


def shown_photo(town: Cast) -> Photo:
    """A photo that everybody sees, on a report of Anzin."""
    voice = filed(photos=[two_halves()])
    make_public(voice.report)
    Photo.objects.update(shown=True, reviewed_at=voice.at)
    return Photo.objects.get()


def files_in(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def black(town: Cast, one: Photo, boxes: list[Box] = LEFT) -> Photo:
    return acts.black_out(one, actor=town.actor(town.karim), boxes=boxes, version=one.version)


def any_red(data: bytes) -> bool:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    found = image.getcolors(image.width * image.height) or []
    return any(red > 120 and green < 90 and blue < 90 for _, (red, green, blue) in found)


def test_the_pixels_are_gone_from_both_sizes_and_from_the_folder(
    town: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    one = shown_photo(town)
    old = {Path(one.file.path), Path(one.thumbnail.path)}
    with django_capture_on_commit_callbacks(execute=True):
        fresh = black(town, one)
    for field in (fresh.file, fresh.thumbnail):
        data = Path(field.path).read_bytes()
        assert near(seen(data, 0.25), BLACK)
        assert near(seen(data, 0.75), BLUE)
    left = set(files_in(settings))
    assert left == {Path(fresh.file.path), Path(fresh.thumbnail.path)}
    assert not left & old
    assert not any(any_red(path.read_bytes()) for path in left)


def test_every_address_gives_the_new_picture(
    town: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    one = shown_photo(town)
    token = token_of(one.voice)  # type: ignore[arg-type]
    old = [f"/photos/{one.pk}/{size}.jpg" for size in ("large", "small")]
    old += [f"/suivre/{token}/photos/{one.pk}/{size}.jpg" for size in ("large", "small")]
    assert all(near(seen(client.get(url).content, 0.25), RED) for url in old)
    with django_capture_on_commit_callbacks(execute=True):
        black(town, one)
    for url in old:
        assert near(seen(client.get(url).content, 0.25), BLACK)
        assert near(seen(client.get(f"{url}?v=1").content, 0.25), BLACK)
    for page in (f"/signalements/{one.report.reference}/", f"/suivre/{token}/"):
        html = client.get(page).content.decode()
        assert f"{one.pk}/small.jpg?v=2" in html
        assert "?v=1" not in html


def test_a_kept_copy_is_asked_for_again_and_refused_once_the_photo_changed(
    town: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    one = shown_photo(town)
    url = f"/photos/{one.pk}/small.jpg"
    first = client.get(url)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with django_capture_on_commit_callbacks(execute=True):
        black(town, one)
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert near(seen(changed.content, 0.25), BLACK)
    Photo.objects.update(shown=False)
    assert client.get(url, headers={"If-None-Match": changed["ETag"]}).status_code == 404


def test_squares_of_the_grid_do_it_without_javascript(town: Cast, client: Client) -> None:
    one = shown_photo(town)
    client.force_login(town.karim)
    page = client.get(f"/photos/{one.pk}/noircir/").content.decode()
    assert page.count('name="cells"') == 108
    answer = client.post(f"/photos/{one.pk}/noircir/", {"version": 1, "cells": sorted(OF_LEFT)})
    assert answer["Location"] == f"/signalements/{one.report.reference}/"
    one.refresh_from_db()
    assert one.version == 2
    data = Path(one.file.path).read_bytes()
    assert near(seen(data, 0.25), BLACK)
    assert near(seen(data, 0.75), BLUE)
    assert codes(one.report)[-1] == "blacked_out"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"cells": ["99-99"]},
        {"box": ["1,2,3"]},
        {"box": ["900,0,200,10"]},
        {"box": ["0,0,0,10"]},
        {"box": ["<script>"]},
    ],
)
def test_what_is_not_understood_changes_nothing_and_is_said(
    town: Cast, client: Client, given: dict[str, Any]
) -> None:
    one = shown_photo(town)
    client.force_login(town.karim)
    answer = client.post(f"/photos/{one.pk}/noircir/", {"version": 1, **given})
    assert answer.status_code == 200
    words = text_of(answer)
    assert "dessinez-la de nouveau" in words or "Montrez d’abord" in words
    assert Photo.objects.get().version == 1


def test_two_people_at_once_never_undo_each_other(town: Cast) -> None:
    one = shown_photo(town)
    stale = Photo.objects.get()
    black(town, one)
    with pytest.raises(Forbidden, match="a changé entre-temps"):
        black(town, stale, [Box(500, 0, 500, 1000)])


def test_a_file_that_is_lost_is_said(town: Cast) -> None:
    one = shown_photo(town)
    Path(one.file.path).unlink()
    with pytest.raises(ValidationError, match="ne peut plus être relu"):
        black(town, one)


def test_nothing_new_is_left_behind_when_it_fails(
    town: Cast, settings: Any, monkeypatch: Any
) -> None:
    one = shown_photo(town)
    before = set(files_in(settings))
    monkeypatch.setattr("parvis.reports.acts.picturing.record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        black(town, one)
    assert set(files_in(settings)) == before


def test_only_who_moderates_here_may_black_out(town: Cast, client: Client) -> None:
    one = shown_photo(town)
    url = f"/photos/{one.pk}/noircir/"
    for person, status in (
        (town.karim, 200),
        (town.claire, 200),
        (town.sofia, 403),
        (town.nadia, 403),
        (town.bruno, 403),
    ):
        client.force_login(person)
        assert client.get(url).status_code == status
    client.logout()
    assert client.get(url)["Location"].startswith("/connexion/")


def photos_on(page: Any) -> list[Any]:
    """What each picture of the page shows on its left and right halves."""
    page.evaluate(
        "() => document.querySelectorAll('img').forEach(img => { img.loading = 'eager' })"
    )
    page.wait_for_function("() => [...document.images].every(img => img.complete)")
    return page.evaluate(  # type: ignore[no-any-return]
        """() => [...document.images].filter(img => img.src.includes('/photos/')).map(img => {
            const canvas = document.createElement('canvas');
            canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
            const pen = canvas.getContext('2d');
            pen.drawImage(img, 0, 0);
            const at = share => [...pen.getImageData(canvas.width * share, canvas.height / 2, 1, 1)
                .data].slice(0, 3);
            return [at(0.25), at(0.75)];
        })"""
    )


@pytest.mark.browser
def test_a_rectangle_drawn_by_hand_reaches_every_page(
    live: Any, town: Cast, page: Any, phone: Any
) -> None:
    one = shown_photo(town)
    acts.advance_part(
        one.report.parts.get(),
        "settle",
        actor=town.actor(town.karim),
        answer="C’est fait.",
        photos=[two_halves()],
        before=one,
    )
    token = token_of(one.voice)  # type: ignore[arg-type]
    variants = ("/", f"/signalements/{one.report.reference}/", f"/suivre/{token}/")
    for path in variants:  # the visitor has already seen the photo, and the browser kept it
        phone.goto(live.url + path)
        assert near(photos_on(phone)[0][0], RED), path

    sign_in(page, live.url, town.karim)
    page.goto(f"{live.url}/photos/{one.pk}/noircir/")
    edges = page.locator("[data-grid]").bounding_box()
    page.mouse.move(edges["x"] + 1, edges["y"] + 1)
    page.mouse.down()
    page.mouse.move(edges["x"] + edges["width"] / 3, edges["y"] + edges["height"] / 2)
    page.mouse.move(edges["x"] + edges["width"] / 2, edges["y"] + edges["height"] - 1)
    page.mouse.up()
    assert page.get_by_role("button", name="Enlever le rectangle 1").is_visible()
    assert page.locator("input[name=cells]:checked").count() == 0
    page.get_by_role("button", name="Noircir pour de bon").click()
    page.get_by_text("La photo est noircie").wait_for()

    for path in variants:
        phone.goto(live.url + path)
        left, right = photos_on(phone)[0]
        assert near(left, BLACK), path
        assert near(right, BLUE), path
    kept = phone.evaluate(  # the address that the browser had kept
        """async path => {
            const picture = await createImageBitmap(await (await fetch(path)).blob());
            const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
            pen.drawImage(picture, 0, 0);
            return [...pen.getImageData(picture.width / 4, picture.height / 2, 1, 1).data];
        }""",
        f"/photos/{one.pk}/small.jpg?v=1",
    )
    assert near(kept[:3], BLACK)


@pytest.mark.browser
def test_the_keyboard_does_it_square_by_square(live: Any, town: Cast, page: Any) -> None:
    one = shown_photo(town)
    sign_in(page, live.url, town.karim)
    page.goto(f"{live.url}/photos/{one.pk}/noircir/")
    square = page.get_by_role("checkbox", name="ligne 1, colonne 1", exact=True)
    square.focus()
    page.keyboard.press("Space")
    cell = page.locator("[data-grid] label").first
    assert square.bounding_box() == cell.bounding_box()  # what is shown black will be
    page.get_by_role("button", name="Noircir pour de bon").press("Enter")
    page.get_by_text("La photo est noircie").wait_for()
    one.refresh_from_db()
    image = Image.open(io.BytesIO(Path(one.file.path).read_bytes()))
    assert near(image.getpixel((10, 10)), BLACK)
    assert near(image.getpixel((200, 300)), RED)
