"""Changing the key: everything stands under the new one, and nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from parvis.vigilance import orientation_resealing, sealing
from parvis.vigilance.models import OrientationSecret
from tests.cast import Cast
from tests.vigilance.scene import SECRET, a_door, an_orientation

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_file(settings: Any, tmp_path: Path, keys: None) -> None:
    settings.SEAL_KEYS, settings.VAR_DIR = [], tmp_path


@pytest.fixture
def seven(cast: Cast, in_file: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven orientations, resealed three at a time."""
    door = a_door(cast)
    for _ in range(7):
        an_orientation(cast, door)
    monkeypatch.setattr(orientation_resealing, "AT_ONCE", 3)


def opened() -> list[dict[str, str]]:
    return [sealing.unseal(one.sealed) for one in OrientationSecret.objects.order_by("pk")]


def test_a_new_key_closes_everything_and_the_old_one_is_forgotten(seven: None) -> None:
    [old] = sealing.keys()
    call_command("rotate_seal_keys", wait=0)
    [new] = sealing.keys()
    assert new != old
    assert opened() == [SECRET] * 7


def test_killed_half_way_it_loses_nothing_and_ends_when_run_again(
    seven: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, whole = [], sealing.reseal

    def dies(sealed: bytes) -> bytes:
        calls.append(sealed)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return whole(sealed)

    monkeypatch.setattr(sealing, "reseal", dies)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_seal_keys", wait=0)
    assert len(sealing.keys()) == 2
    assert opened() == [SECRET] * 7
    monkeypatch.setattr(sealing, "reseal", whole)
    call_command("rotate_seal_keys", wait=0)
    assert len(sealing.keys()) == 1
    assert opened() == [SECRET] * 7


def test_what_is_sealed_under_the_old_key_meanwhile_is_resealed_too(
    seven: None, cast: Cast
) -> None:
    door = a_door(cast)
    old = Fernet(sealing.keys()[0])

    def a_slow_page() -> None:
        made = an_orientation(cast, door)
        late = old.encrypt(b'{"name":"Tard Venue"}')
        OrientationSecret.objects.filter(pk=made.pk).update(sealed=late)

    orientation_resealing.rotate(a_slow_page)
    assert len(sealing.keys()) == 1
    assert opened()[-1] == {"name": "Tard Venue"}


def test_two_rotations_at_once_would_lose_everything_so_the_second_is_refused(seven: None) -> None:
    def another() -> None:
        with pytest.raises(CommandError, match="déjà en train"):
            call_command("rotate_seal_keys", wait=0)

    orientation_resealing.rotate(another)
    assert opened() == [SECRET] * 7


def test_keys_of_the_settings_are_used_and_left_alone(
    cast: Cast, settings: Any, capsys: Any
) -> None:
    an_orientation(cast, a_door(cast))
    old, new = settings.SEAL_KEYS[0], Fernet.generate_key().decode()
    settings.SEAL_KEYS = [new, old]
    call_command("rotate_seal_keys", wait=0)
    assert "Retirez les anciennes clés de PARVIS_SEAL_KEYS" in capsys.readouterr().out
    settings.SEAL_KEYS = [new]
    assert opened() == [SECRET]


def test_what_no_key_opens_is_counted_and_left_in_place(
    seven: None, cast: Cast, capsys: Any
) -> None:
    lost = an_orientation(cast, a_door(cast))
    foreign = Fernet(Fernet.generate_key()).encrypt(b"{}")
    OrientationSecret.objects.filter(pk=lost.pk).update(sealed=foreign)
    call_command("rotate_seal_keys", wait=0)
    assert "1 orientations illisibles" in capsys.readouterr().err
    assert bytes(OrientationSecret.objects.get(pk=lost.pk).sealed) == foreign
