"""Telling from a phone: what is typed is kept; `tests/pages` looks at every page."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from parvis.reports.models import Photo, Report
from tests.cast import Cast
from tests.reports.pages import TELL

pytestmark = pytest.mark.browser


def test_what_is_typed_survives_a_closed_page_and_goes_once_sent(
    live: Any, town: Cast, phone: Any
) -> None:
    phone.goto(live.url + TELL)
    phone.fill("[name=text]", "Un grand trou")
    phone.fill("[name=email]", "lea@exemple.test")
    phone.goto(live.url + "/signaler/")
    phone.goto(live.url + TELL)
    assert phone.input_value("[name=text]") == "Un grand trou"
    assert phone.input_value("[name=email]") == ""  # the phone may be shared
    phone.click("[data-send]")
    phone.wait_for_selector("[data-sent]")
    assert phone.evaluate("() => Object.keys(localStorage).length") == 0
    assert Report.objects.get().text == "Un grand trou"


def test_a_heavy_photo_is_made_lighter_before_it_leaves(live: Any, town: Cast, phone: Any) -> None:
    out = io.BytesIO()
    Image.effect_noise((2600, 1950), 60).convert("RGB").save(out, "JPEG", quality=95)
    phone.goto(live.url + TELL)
    phone.set_input_files(
        "input[type=file]",
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()},
    )
    phone.wait_for_function(
        "(size) => document.querySelector('input[type=file]').files[0].size < size",
        arg=len(out.getvalue()),
    )
    phone.click("[data-send]")
    phone.wait_for_selector("[data-sent]")
    assert Photo.objects.get().width == 2000


def test_the_button_comes_once_a_point_is_on_the_map(live: Any, town: Cast, phone: Any) -> None:
    phone.goto(live.url + "/signaler/")
    go = phone.locator("[data-go]")
    assert go.is_hidden()
    phone.click("[data-centre-pick]")
    go.click()
    phone.wait_for_url("**/signaler/quoi/**")
