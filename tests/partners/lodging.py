"""A lodge for tests, and its telephone taken as people take it."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from parvis.partners import lodges
from parvis.partners.models import Lodge, LodgePhone, Organisation, User


def lodge_of(organisation: Organisation, *residences: Any, name: str = "Loge") -> Lodge:
    """A lodge over these residences."""
    lodge = Lodge.objects.create(organisation=organisation, name=name)
    lodge.residences.set(residences)
    return lodge


def enrol(client: Client, lodge: Lodge, label: str = "Téléphone") -> LodgePhone:
    """This browser becomes a telephone of the lodge."""
    phone, token = lodges.new_phone(lodge, label)
    answer = client.post(reverse("partners:enrol_phone", args=[token]))
    assert answer["Location"] == "/loge/", answer.content.decode()
    return phone


def take(client: Client, lodge: Lodge, person: User, code: str | None = None) -> Any:
    """Touch one's name and type one's code; a new one unless it is given."""
    code = code or lodges.give_code(lodge, person)
    caretaker = lodge.caretakers.get(person=person)
    return client.post("/loge/", {"caretaker": caretaker.pk, "code": code})
