"""The pages of this room that stand side by side, for who may open them."""

from __future__ import annotations

from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.vigilance.scopes import meets_households
from parvis.vigilance.signal_access import may_count


def tabs_of(actor: Actor, here: str) -> list[dict[str, object]]:
    """The tabs that this actor may open; `here` is the URL name of the page that one reads."""
    known = [("vigilance:orientations", "Orientations", meets_households(actor))]
    known.append(("vigilance:doors", "Qui peut aider", True))
    known.append(("vigilance:signals", "Logements froids ou humides", meets_households(actor)))
    known.append(("vigilance:unpaid", "Retards de charges", may_count(actor)))
    readers = actor.role in ("coordination", "responsable")
    known.append(("vigilance:figures", "Chiffres", readers))
    return [
        {"url": reverse(name), "label": label, "here": name == here}
        for name, label, shown in known
        if shown
    ]
