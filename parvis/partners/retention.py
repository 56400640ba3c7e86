"""Erasing addresses of invitations and the log of readings, as privacy.toml promises it."""

from __future__ import annotations

from datetime import datetime

from parvis.notices.keeping import Due, Retention, due_among
from parvis.partners.invitations import purge_addresses, with_a_useless_address
from parvis.partners.readings import old_readings


def _invitations_due(now: datetime) -> Due:
    return due_among(with_a_useless_address(now), "created_at")


def _readings_due(now: datetime) -> Due:
    return due_among(old_readings(now), "at")


def _forget_readings(now: datetime) -> int:
    erased: int = old_readings(now).delete()[0]
    return erased


RETENTIONS = (
    Retention("invitations", "adresses d’invitations", _invitations_due, purge_addresses),
    Retention("readings", "journal des lectures de coordonnées", _readings_due, _forget_readings),
)
