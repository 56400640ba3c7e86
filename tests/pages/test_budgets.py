"""What each page that residents open costs on the wire, on a first visit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.sheet import STRANGER, Sheet
from tests.pages.sheets import PAGES, ROOMS
from tests.pages.walk import visit
from tests.pages.world import furnish, world
from tests.ui import budget

__all__ = ["world"]

PUBLIC = {  # the fullest page of each template stands first
    one.template: one
    for one in reversed(PAGES)
    if one.who == STRANGER
    and one.status == 200
    and one.arrive is None
    and not one.template.startswith("demo/")
}
MAPS = "[data-map] [data-canvas], [data-picker] [data-canvas]"


@pytest.mark.browser
def test_every_public_page_keeps_within_its_budget(live: Any, world: Any, new_context: Any) -> None:
    for room in ROOMS:
        furnish(world, room)
    # What the worker fetches for later delays no page, and its answers cannot be weighed.
    page = new_context(viewport={"width": 360, "height": 740}, service_workers="block").new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    over = []
    for sheet in PUBLIC.values():
        cost, has_map = weigh(page, live.url, sheet, world)
        scripts = budget.SCRIPTS_WITH_MAP if has_map else budget.SCRIPTS
        print(
            f"{sheet.path}: {cost.total / 1000:.1f} kB (page {cost.page / 1000:.1f},"
            f" style {cost.sheets / 1000:.1f}, scripts {cost.scripts / 1000:.1f})"
            f"{', with a map' if has_map else ''}"
        )
        if cost.scripts > scripts or (
            not has_map and (cost.total > budget.PAGE or cost.stylesheets != 1)
        ):
            over.append(f"{sheet.path}: {cost}")
    assert not over, "\n".join(over)


def weigh(page: Any, site: str, sheet: Sheet, world: Any) -> tuple[budget.Cost, bool]:
    """The cost of a page seen to its end, and whether it holds a map."""
    maps = page.locator(MAPS)

    def to_the_end() -> None:
        visit(page, site, sheet, world)
        for one in maps.all():
            one.scroll_into_view_if_needed()

    return budget.cost_of(page, to_the_end), maps.count() > 0
