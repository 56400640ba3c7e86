"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.councils.models import Frame, FrameArticle, FrameComment
from parvis.councils.workflow import FrameState
from tests.cast import Cast
from tests.councils.frame_scene import held_sitting, listed


def _article(side: Any) -> dict[str, Any]:
    return {"pk": side.frame.pk, "article": side.article.pk}


ARGUMENTS: dict[str, Any] = {
    "councils:inventory_export": lambda side: {"form": "csv"},
    **{
        f"councils:{name}": _article
        for name in ("edit_article", "move_article", "remove_article", "remark")
    },
    "councils:answer_remark": lambda side: {"pk": side.frame.pk, "remark": side.remark.pk},
}
BY_RESOURCE: dict[str, Any] = {
    "councils.participation": lambda side: {"pk": side.participation.pk},
    "councils.frame": lambda side: {"pk": side.frame.pk},
}
OBJECTS: dict[str, str] = {
    "councils.participation": "participation",
    "councils.frame": "frame",
}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A version that is adopted when it is public and being written otherwise, and a line of the
    inventory."""
    coordinator = cast.agglomeration if ours else cast.neighbour
    adopted = {
        "state": FrameState.ADOPTED,
        "adopted_on": timezone.localdate(),
        "sitting": held_sitting(cast, coordinator),
    }
    frame = Frame.objects.create(
        coordinator=coordinator,
        number=Frame.objects.filter(coordinator=coordinator).count() + 1,
        title="Cadre de référence",
        **(adopted if public else {}),
    )
    article = FrameArticle.objects.create(
        frame=frame, number="1", position=1, title="Qui compose une instance", text="Des habitants."
    )
    remark = FrameComment.objects.create(
        article=article, organisation=coordinator, text="Et les jeunes ?", at=timezone.now()
    )
    return {
        "participation": listed(cast, coordinator),
        "frame": frame,
        "article": article,
        "remark": remark,
    }
