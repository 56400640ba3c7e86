"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.councils import aside_acts
from parvis.councils.models import Preparation
from tests.cast import Cast
from tests.councils.aside_scene import TOLD, a_preparation, a_speaker, a_word
from tests.gatherings.scene import in_days
from tests.pages.sheet import Sheet

_ASIDE = "/participation/preparations/{preparation_to_come}/"
_OVER = "/participation/preparations/{preparation_over}/"

SHEETS: list[Sheet] = [
    Sheet("councils/aside_preparations.html", "/participation/{council}/preparations/", "yasmine"),
    Sheet("councils/aside_preparation.html", _ASIDE, "hugo"),
    Sheet("councils/aside_preparation.html", _OVER, "yasmine"),
    Sheet("councils/aside_form.html", f"{_ASIDE}note/", "yasmine"),
    Sheet("councils/aside_form.html", f"{_ASIDE}reunion/", "yasmine"),
    Sheet("councils/aside_form.html", "/participation/carnet/{word_named}/", "hugo"),
    Sheet("councils/aside_form.html", "/participation/carnet/{word_named}/nom/", "hugo"),
    Sheet("councils/aside_carried.html", f"{_ASIDE}paroles/", "yasmine"),
    Sheet("councils/aside_notebook.html", "/participation/{council}/carnet/", "hugo"),
    Sheet(
        "councils/aside_tell.html",
        f"{_OVER}rendre/",
        "yasmine",
        pieces=("councils/_aside_told.html",),
    ),
    Sheet("councils/aside_restitutions.html", "/participation/restitutions/"),
    Sheet("councils/aside_restitution.html", "/participation/restitutions/{restitution_told}/"),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """What the pages of this part show, by the names that their addresses use."""
    yasmine = cast.actor(cast.yasmine)
    long = (
        "On nous demande de dire si le banc que la ville veut poser devant l’école va aux parents"
        " qui attendent le soir et aux personnes âgées du NPNRU."
    )
    to_come = a_preparation(cast, body, asked=long)
    aside_acts.plan_meeting(
        to_come, actor=yasmine, starts_at=in_days(3), ends_at=in_days(3, 1), place_label="Local"
    )
    named = a_speaker(a_word(cast, body))
    aside_acts.choose_words(to_come, [named, a_word(cast, body, "Le hall est sombre le soir.")])
    told = a_preparation(cast, body, told=True)
    over = a_preparation(cast, body, told=True)
    Preparation.objects.filter(pk=over.pk).update(told_at=None, **TOLD)
    return {
        "preparation_to_come": to_come.pk,
        "preparation_over": over.pk,
        "restitution_told": told.pk,
        "word_named": named.pk,
    }
