"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.toolbox.content_scene import a_page

ARGUMENTS: dict[str, Any] = {"toolbox:content": lambda side: {"slug": side.content.slug}}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {"toolbox.contentpage": "content"}


def side(cast: Cast, sheet: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A page of content, published or not: the installation's, so of nobody's side."""
    return {"content": a_page(published=public)}
