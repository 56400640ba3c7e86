"""Objects of this room for the walk over every URL; each part brings its own."""

from __future__ import annotations

from typing import Any

from wagtail.admin import urls

from parvis.toolbox.office_doors import OPEN, REDIRECTS
from tests.cast import Cast
from tests.toolbox import (
    world_after,
    world_booklet,
    world_content,
    world_course,
    world_edit,
    world_network,
    world_swap,
)
from tests.toolbox.scene import a_paper, a_picture, a_sheet, a_use, other_sheet


def office_parameters(patterns: Any = None, space: str = "") -> dict[str, tuple[str, ...]]:
    """The parameters of each address of the office that opens, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in urls.urlpatterns if patterns is None else patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found |= office_parameters(entry.url_patterns, inner)
        elif f"{space}{entry.name}" in OPEN | REDIRECTS:
            found[f"{space}{entry.name}"] = tuple(entry.pattern.converters)
    return found


PARTS = (
    world_edit,
    world_booklet,
    world_course,
    world_after,
    world_network,
    world_swap,
    world_content,
)
ARGUMENTS: dict[str, Any] = {
    "toolbox:picture": lambda side: {"pk": side.rendition.pk},
    "toolbox:paper": lambda side: {"pk": side.paper.pk},
    "toolbox:sheet_version": lambda side: {"pk": side.sheet.pk, "number": 1},
}
BY_RESOURCE: dict[str, Any] = {
    "toolbox.sheet": lambda side: {"pk": side.sheet.pk},
    "toolbox.use": lambda side: {"pk": side.use.pk},
}
OBJECTS: dict[str, str] = {
    "toolbox.sheet": "sheet",
    "toolbox.paper": "paper",
    "toolbox.picture": "picture",
    "toolbox.use": "use",
}
# The office's own addresses: its doors are tried here, what each opens inside is tested apart.
ARGUMENTS |= {
    name: lambda side, names=names: dict.fromkeys(names, 1)
    for name, names in office_parameters().items()
}
ARGUMENTS["wagtailadmin_pages:revisions_compare"] = lambda side: {"*": (1, "live", "latest")}
for part in PARTS:
    ARGUMENTS |= part.ARGUMENTS
    BY_RESOURCE |= part.BY_RESOURCE
    OBJECTS |= part.OBJECTS


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A sheet of the town of Anzin or of Raismes, published or not, and all that hangs on it."""
    sheet = (a_sheet if ours else other_sheet)(cast, published=public)
    found: dict[str, Any] = {
        "sheet": sheet,
        "paper": a_paper(sheet, shown=public),
        "picture": a_picture(sheet, shown=public),
    }
    found["rendition"] = found["picture"].get_rendition("width-40")
    found["use"] = a_use(sheet)
    for part in PARTS:
        found |= part.side(cast, sheet, ours=ours, public=public)
    return found
