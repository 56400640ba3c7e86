"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.toolbox.models import Feed, FeedEntry
from parvis.toolbox.swap_acts import receive
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet
from tests.toolbox.swap_scene import package_of

SHEETS: list[Sheet] = [
    Sheet("toolbox/swap.html", "/boite-a-outils/echanges/", who=COORDINATION),
    Sheet(
        "toolbox/swap_package.html",
        "/boite-a-outils/echanges/{toolbox_swap_package}/",
        who=COORDINATION,
    ),
    Sheet("toolbox/swap_feeds.html", "/boite-a-outils/territoires/", who=COORDINATION),
]


def furnish(cast: Cast, sheet: Any) -> dict[str, Any]:
    """A package that waits, and a feed with a sheet and a trouble."""
    package = receive(cast.actor(cast.claire), package_of(sheet))
    feed = Feed.objects.create(
        coordination=cast.agglomeration,
        name="Territoire d’ailleurs (inventé)",
        url="https://ailleurs.exemple.test/boite-a-outils/fil.xml",
        added_at=timezone.now(),
        trouble="Ce site ne répond pas.",
    )
    FeedEntry.objects.create(
        feed=feed,
        key="1",
        title="Ranger les caves ensemble",
        url="https://ailleurs.exemple.test/boite-a-outils/1/",
        at=timezone.now(),
    )
    return {"toolbox_swap_package": package.pk}
