"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from parvis.councils.models import Preparation
from tests.cast import Cast
from tests.councils.aside_scene import TOLD, a_preparation, a_speaker, a_word

ARGUMENTS: dict[str, Any] = {
    "councils:prepare": lambda side: {"pk": side.body.pk, "sitting": side.preparation.sitting_id},
    "councils:restitution_poster": lambda side: {"pk": side.preparation.pk, "paper": "a4"},
}
BY_RESOURCE: dict[str, Any] = {
    "councils.preparation": lambda side: {"pk": side.preparation.pk},
    "councils.residentword": lambda side: {"pk": side.word.pk},
}
OBJECTS: dict[str, str] = {
    "councils.preparation": "preparation",
    "councils.residentword": "word",
}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A preparation whose restitution was told where the body is public, and words with a name."""
    preparation = a_preparation(cast, body)
    if public:
        told = {**TOLD, "told_at": body.published_at}
        Preparation.objects.filter(pk=preparation.pk).update(**told)
    return {"preparation": preparation, "word": a_speaker(a_word(cast, body))}
