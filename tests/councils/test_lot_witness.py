"""The witness page in a browser: what is revealed elsewhere comes by itself, in order."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from parvis.councils import lot_acts
from tests.cast import make_cast
from tests.councils import lot_scene as scene
from tests.councils.scene import a_body


@pytest.mark.browser
def test_values_and_numbers_come_by_themselves(live: Any, page: Any) -> None:
    cast = make_cast()
    draw, actor = scene.sealed(cast, a_body(cast)), cast.actor(cast.claire)
    page.clock.install()
    page.goto(f"{live.url}/participation/tirages/{draw.pk}/temoin/")
    expect(page.get_by_text("garde encore sa valeur secrète")).to_have_count(2)
    for party in draw.parties.order_by("position"):
        lot_acts.reveal(party, scene.VALUES[party.name], actor=actor)
    done = lot_acts.draw_now(draw, actor=actor)
    numbers = page.locator("ol.drawn > li")
    page.clock.run_for(3000)
    expect(numbers).to_have_count(4)
    expect(numbers.nth(0)).to_be_hidden()  # values come first, then the seed
    for _ in range(8):
        page.clock.run_for(1400)
    expect(numbers.nth(3)).to_be_visible()
    expect(numbers.nth(0)).to_contain_text(f"n°\u00a0{done.record['draw']['panel'][0]}")
    expect(page.get_by_text(done.record["digest"])).to_be_visible()
