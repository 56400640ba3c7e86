"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.toolbox.models import Feed
from parvis.toolbox.swap_acts import receive
from tests.cast import Cast
from tests.toolbox.swap_scene import package_of

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {
    "toolbox.package": lambda side: {"pk": side.package.pk},
    "toolbox.feed": lambda side: {"pk": side.feed.pk},
}
OBJECTS: dict[str, str] = {"toolbox.package": "package", "toolbox.feed": "feed"}


def side(cast: Cast, sheet: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A package that the coordination of that territory received, and a feed that it follows."""
    coordinator = cast.actor(cast.claire if ours else cast.bruno)
    return {
        "package": receive(coordinator, package_of(sheet)),
        "feed": Feed.objects.create(
            coordination_id=coordinator.organisation_id,
            name="Ailleurs",
            url=f"https://ailleurs.exemple.test/{'ouvert' if public else 'autre'}",
            added_at=timezone.now(),
        ),
    }
