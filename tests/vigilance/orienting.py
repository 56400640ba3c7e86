"""Writing, opening and answering an orientation as people do, by their pages."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from parvis.partners.models import User
from parvis.vigilance.models import Orientation, SupportDoor
from tests.cast import Cast
from tests.vigilance.scene import SECRET

WORDS = {**SECRET, "agreed": "on", "how": "oral"}


def browser(person: User) -> Client:
    """A browser of this person's own, signed in."""
    client = Client()
    client.force_login(person)
    return client


def third_step(cast: Cast, door: SupportDoor, need: str = "energie") -> str:
    """The address of the last step, once where, what for and which door are chosen."""
    chosen = f"?commune={cast.anzin.pk}&need={need}&door={door.pk}"
    return reverse("vigilance:write") + chosen


def given(door: SupportDoor, day: Any, do: str = "send", **changed: Any) -> dict[str, Any]:
    """What the last step posts."""
    return {**WORDS, "door": door.pk, "given_on": day.isoformat(), "do": do, **changed}


def press(client: Client, name: str, one: Orientation, /, **posted: Any) -> Any:
    """Press the button of that URL on the page of this orientation."""
    return client.post(reverse(f"vigilance:{name}", args=[one.pk]), posted)


def page(client: Client, one: Orientation) -> Any:
    return client.get(reverse("vigilance:orientation", args=[one.pk]))


def codes(one: Orientation) -> list[str]:
    """What its log holds, in order."""
    return list(one.entries.order_by("at", "pk").values_list("code", flat=True))
