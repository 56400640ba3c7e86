"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from parvis.toolbox import after_certifying
from tests.cast import Cast
from tests.toolbox.after_scene import a_course, a_need, came, enrol


def _date(side: Any) -> dict[str, Any]:
    return {"pk": side.course.pk, "number": 1}


ARGUMENTS: dict[str, Any] = {
    **{
        f"toolbox:{name}": _date
        for name in ("after_marks", "after_walk_in", "after_list", "after_screen", "after_poster")
    },
    "toolbox:after_checked": lambda side: {"code": side.certificate.shown_code},
    "toolbox:after_trained_table": lambda side: {"form": "csv"},
}
BY_RESOURCE: dict[str, Any] = {
    "toolbox.need": lambda side: {"pk": side.need.pk},
    "toolbox.certificate": lambda side: {"pk": side.certificate.pk},
}
OBJECTS: dict[str, str] = {"toolbox.need": "need", "toolbox.certificate": "certificate"}


def side(cast: Cast, sheet: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A need of our network or of the neighbour's, and what somebody followed there."""
    organiser, sender, who = (
        (cast.town, cast.landlord, cast.ines)
        if ours
        else (cast.other_town, cast.other_landlord, cast.paul)
    )
    course = a_course(cast, of=organiser, public=public)
    came(course, enrol(course, who, sender))
    return {
        "certificate": after_certifying.issue_certificates(course)[0],
        "need": a_need(cast, actor=cast.actor(cast.karim if ours else cast.nadia)),
    }
