"""What who signs in did: the events that bear their name, without what they happened to."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.notices.keeping import Held, facts
from parvis.partners.actors import Actor
from parvis.partners.written import AT_MOST, Written
from parvis.thread.models import Event
from parvis.ui.words import moment_in_words

HOLDINGS: tuple[()] = ()


def _acts(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    """Codes and moments alone: the thing may be one that this person does not see any more."""
    rows = Event.objects.filter(by=user_id).select_related("organisation")
    return [
        Held(
            one.pk,
            f"{one.thing_kind} {one.thing_id} : {one.code}",
            facts(
                ("Le", moment_in_words(one.at)),
                ("Pour", one.organisation.name if one.organisation else ""),
            ),
        )
        for one in rows.order_by("-at", "-pk")[:AT_MOST]
    ]


WRITTEN = (Written("acts", "Ce que vous avez fait", _acts),)
