"""The social watch of the demonstration: everything is there, and nobody in it is real."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from parvis.notices.models import Message
from parvis.partners.models import User
from parvis.vigilance.models import (
    DwellingSignal,
    Orientation,
    OrientationSecret,
    QuarterFigures,
    SupportDoor,
    UnpaidCount,
)
from parvis.vigilance.sealing import unseal
from parvis.vigilance.workflow import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_orientations_stand_in_every_state() -> None:
    assert set(Orientation.objects.values_list("state", flat=True)) == set(State.values)
    today = timezone.localdate()
    assert any(one.is_late(today) for one in Orientation.objects.to_answer())


def test_everybody_in_them_is_invented() -> None:
    for secret in OrientationSecret.objects.all():
        said = unseal(bytes(secret.sealed))
        assert said["name"].endswith(" Essai")
        assert re.fullmatch(r"06 39 98 \d\d \d\d", said["phone"])


def test_services_say_that_they_are_invented() -> None:
    for door in SupportDoor.objects.all():
        assert "inventé" in door.conditions
        assert door.phone.startswith("03 53 01 ")
        assert not door.email or door.email.endswith(".test")


def test_what_is_past_its_time_is_gone() -> None:
    old = Orientation.objects.filter(erase_on__lt=timezone.localdate())
    assert not OrientationSecret.objects.filter(orientation__in=old).exists()
    assert not old.exclude(sender=None).exists()


def test_figures_of_the_quarters_that_are_over_show_something_and_hide_something(
    client: Client,
) -> None:
    assert DwellingSignal.objects.exists()
    assert UnpaidCount.objects.exists()
    told = QuarterFigures.objects.filter(door=None).first()
    assert told is not None
    cells = [cell for one in told.tables for _, *rest in one["rows"] for cell in rest]
    assert None in cells
    assert any(isinstance(cell, int) for cell in cells)
    client.force_login(User.objects.get(email="coordination@demo.invalid"))
    assert "masqué" in client.get("/vigilance/chiffres/").text


def test_nobody_is_written_to_about_the_past() -> None:
    assert not Message.objects.filter(event__startswith="door.").exists()


def test_residents_of_the_demonstration_find_somebody_to_call(client: Client) -> None:
    assert "tel:0353014210" in client.get("/facture-difficile/59014/").text
