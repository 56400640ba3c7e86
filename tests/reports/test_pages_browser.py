"""The pages of reports in a real browser: what is typed is kept, and axe finds nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from parvis.reports import acts
from parvis.reports.links import token_of
from parvis.reports.models import Photo, Report
from tests.cast import Cast
from tests.reports.pages import HERE, TELL
from tests.reports.scene import filed, make_public, photo

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


def test_axe_finds_nothing_on_the_public_pages(
    live: Any, town: Cast, phone: Any, desk: Any, axe: Any
) -> None:
    voice = filed(text="Un trou", photos=[photo()], email="lea@exemple.test")
    acts.speak(voice, text="Encore là")
    make_public(voice.report, text_shown=True)
    place = f"residence={town.tilleuls.pk}"
    for page in (phone, desk):
        for url in (
            "/signaler/?q=tilleuls",
            f"/signaler/?{place}",
            f"/signaler/quoi/?{HERE}",
            f"/signaler/attention/?{HERE}&category=seringues",
            TELL,
            f"/signaler/moi-aussi/{voice.report.reference}/",
            "/suivre/",
            f"/suivre/{token_of(voice)}/?nouveau=1",
            f"/suivre/{token_of(voice)}/retirer/",
            f"/signalements/{voice.report.reference}/",
            "/signalements/",
        ):
            page.goto(live.url + url)
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= page.viewport_size["width"], url
            axe(page)


def test_axe_finds_nothing_on_the_pages_of_partners(
    live: Any, town: Cast, phone: Any, desk: Any, axe: Any
) -> None:
    voice = filed(text="Un trou", photos=[photo()], phone="0612345678")
    report, part = voice.report, voice.report.parts.get()
    acts.speak(voice, text="Encore là")
    other = filed(phone="0712345678")
    acts.advance_part(
        other.report.parts.get(), "settle", actor=town.actor(town.karim), answer="Fait."
    )
    for page in (phone, desk):
        sign_in(page, live.url)
        for url in (
            "/signalements/?late=1",
            f"/signalements/{report.reference}/",
            f"/parts/{part.pk}/etape/settle/",
            f"/parts/{part.pk}/confier/",
            "/a-rappeler/",
        ):
            page.goto(live.url + url)
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= page.viewport_size["width"], url
            axe(page)


def sign_in(page: Any, url: str) -> None:
    """As karim, with the session of a test client: signing in has its own tests."""
    from django.test import Client

    from parvis.partners.models import User

    client = Client()
    client.force_login(User.objects.get(name="Karim"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}]
    )
