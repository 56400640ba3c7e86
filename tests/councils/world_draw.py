"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.councils.models import Body
from tests.cast import Cast
from tests.councils import lot_scene as scene


def _of(name: str, key: str) -> Any:
    return lambda side: {"pk": side.draw.pk, key: getattr(side, name).pk}


ARGUMENTS: dict[str, Any] = {
    "councils:draw_columns": _of("source", "source"),
    "councils:draw_drop_list": _of("source", "source"),
    "councils:draw_reveal": _of("party", "party"),
}
BY_RESOURCE: dict[str, Any] = {
    "councils.draw": lambda side: {"pk": side.draw.pk},
    "councils.drawnperson": lambda side: {"pk": side.drawn_person.pk},
}
OBJECTS: dict[str, str] = {"councils.draw": "draw", "councils.drawnperson": "drawn_person"}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A draw of the body, drawn when the body is public, else not published yet; somebody whom a
    draw of that side named."""
    who = cast.claire if ours else cast.bruno
    fields = {"inside": False}
    if public:
        draw = named = scene.drawn(cast, body, who, **fields)
    else:
        draw = scene.ready(cast, body, who, **fields)
        # People are named by a draw of a body that was shown then, and is not any more.
        rows = Body.objects.filter(pk=body.pk)
        rows.update(published_at=timezone.now())
        named = scene.drawn(cast, body, who, **fields)
        rows.update(published_at=None)
    return {
        "draw": draw,
        "source": draw.lists.get(),
        "party": draw.parties.order_by("position")[0],
        "drawn_person": scene.first_of(named),
    }
