"""Preparing a walk in a browser: the route is drawn by pointer and by keyboard, a stop is placed
on the map; a browser without JavaScript does without the map."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from parvis.walks import planning
from parvis.walks.models import Walk
from tests.cast import Cast, cast
from tests.reports.scene import at_point, filed
from tests.walks.checking import checkable_reports
from tests.walks.scene import a_walk, again, called, first_stop

__all__ = ["cast", "checkable_reports"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Any, live: Any, person: Any) -> None:
    client = Client()
    client.force_login(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live.url}]
    )


def drawing(page: Any, live: Any, walk: Walk) -> Any:
    """The map of the route, once it is there."""
    page.goto(live.url + reverse("walks:route", args=[walk.pk]))
    page.get_by_role("heading", name="Chemin entre les arrêts").scroll_into_view_if_needed()
    box = page.locator("[data-route][data-ready]")
    box.wait_for()
    return box


def save(page: Any) -> None:
    page.get_by_role("button", name="Enregistrer le chemin").click()
    page.get_by_text("Parcours enregistré.").wait_for()


@pytest.mark.usefixtures("checkable_reports")
def test_the_route_is_drawn_by_touch(phone: Any, live: Any, cast: Cast, axe: Any) -> None:
    filed(at_point())
    walk = called(cast)
    sign_in(phone, live, cast.claire)
    box = drawing(phone, live, walk)
    assert box.locator(".stop-number").all_inner_texts() == ["1", "2", "3"]
    assert box.locator(".pin.dot").count() == 1
    canvas = box.locator("[data-canvas]")
    for x, y in ((80, 60), (160, 60), (200, 130)):
        canvas.click(position={"x": x, "y": y})
    box.get_by_text("3 points posés.").wait_for()
    box.get_by_role("button", name="Enlever le dernier point").click()
    box.get_by_text("2 points posés.").wait_for()
    axe(phone)
    save(phone)
    kept = again(walk).route
    assert len(kept["coordinates"]) == 2
    assert kept["coordinates"][0][0] < kept["coordinates"][1][0]  # from west to east
    box = drawing(phone, live, walk)
    box.get_by_text("2 points posés.").wait_for()  # as it was kept


def test_a_point_of_the_route_is_dragged(desk: Any, live: Any, cast: Cast) -> None:
    walk = called(cast)
    sign_in(desk, live, cast.claire)
    box = drawing(desk, live, walk)
    box.get_by_role("button", name="Relier les arrêts").click()
    box.get_by_text("3 points posés.").wait_for()
    corner = box.locator(".corner").first.bounding_box()
    desk.mouse.move(corner["x"] + 14, corner["y"] + 14)
    desk.mouse.down()
    desk.mouse.move(corner["x"] + 14, corner["y"] - 40, steps=4)
    desk.mouse.up()
    save(desk)
    way = again(walk).route["coordinates"]
    first = first_stop(walk)
    assert way[0][1] > first.latitude  # dragged to the north
    assert way[0][0] == pytest.approx(first.longitude, abs=1e-4)


def test_the_route_is_drawn_by_keyboard(desk: Any, live: Any, cast: Cast) -> None:
    walk = called(cast)
    sign_in(desk, live, cast.claire)
    box = drawing(desk, live, walk)
    place = box.get_by_role("button", name="Poser un point au centre de la carte")
    place.press("Enter")
    box.get_by_text("1 point posé.").wait_for()
    box.locator("[data-canvas]").press("ArrowRight")
    desk.wait_for_timeout(400)  # the map glides
    place.press("Enter")
    place.press("Enter")
    box.get_by_text("3 points posés.").wait_for()
    last = box.locator(".corner").nth(2)
    last.focus()
    last.press("Delete")
    box.get_by_text("2 points posés.").wait_for()
    save(desk)
    first, second = again(walk).route["coordinates"]
    assert first[0] < second[0]
    box = drawing(desk, live, walk)
    box.get_by_role("button", name="Tout effacer").press("Enter")
    save(desk)
    assert again(walk).route is None


def test_a_stop_is_placed_on_the_map(phone: Any, live: Any, cast: Cast, axe: Any) -> None:
    walk = a_walk(cast, stops=False)
    sign_in(phone, live, cast.claire)
    phone.goto(live.url + reverse("walks:add_stop", args=[walk.pk]))
    phone.get_by_label("Type d’arrêt").select_option(label="Aire de jeux")
    phone.get_by_label("Nom de l’arrêt").fill("Jeux de l’école")
    box = phone.locator("[data-picker][data-ready]")
    phone.locator("[data-picker]").scroll_into_view_if_needed()
    box.wait_for()
    box.locator("[data-canvas]").click(position={"x": 120, "y": 90})
    box.get_by_text("Repère posé.").wait_for()
    axe(phone)
    phone.get_by_role("button", name="Enregistrer l’arrêt", exact=True).click()
    phone.get_by_text("Arrêt ajouté : Jeux de l’école.").wait_for()
    stop = first_stop(walk)
    assert 50.3 < stop.latitude < 50.5
    assert 3.4 < stop.longitude < 3.6


def test_without_javascript_the_route_is_pasted_and_the_stop_has_numbers(
    new_context: Any, live: Any, cast: Cast
) -> None:
    walk = a_walk(cast, stops=False)
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live, cast.claire)
    page.goto(live.url + reverse("walks:add_stop", args=[walk.pk]))
    page.get_by_label("Nom de l’arrêt").fill("Rue des Lilas")
    page.get_by_text("Donner les coordonnées").click()
    page.get_by_label("Latitude").fill("50,3812")
    page.get_by_label("Longitude").fill("3,5102")
    page.get_by_role("button", name="Enregistrer l’arrêt", exact=True).click()
    assert first_stop(walk).latitude == 50.3812
    line = {"type": "LineString", "coordinates": [[3.51, 50.38], [3.512, 50.381]]}
    page.get_by_text("Envoyer ou coller un parcours déjà fait").click()
    page.get_by_label("Ou le parcours collé ici").fill(json.dumps(line))
    save(page)
    assert again(walk).route == line
    planning.add_stop(walk, actor=cast.actor(cast.claire), kind="rue", title="Rue du Port")
    page.reload()
    page.get_by_role("button", name="Monter Rue du Port").click()
    page.get_by_text("1. Rue du Port").wait_for()
