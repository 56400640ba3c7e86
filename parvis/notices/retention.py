"""Erasing what is kept of those who follow or are written to, as the register promises."""

from __future__ import annotations

from datetime import datetime

from parvis.notices import incoming, preferences
from parvis.notices.keeping import Due, Retention, due_among
from parvis.notices.subscribing import forget_unconfirmed, unconfirmed_at


def _unconfirmed(now: datetime) -> Due:
    return due_among(unconfirmed_at(now), "asked_at")


def _numbers(now: datetime) -> Due:
    return due_among(preferences.unconfirmed_at(now), "asked_at")


def _texts(now: datetime) -> Due:
    return due_among(incoming.received_before(now), "at")


RETENTIONS = (
    Retention("subscriptions", "abonnements jamais confirmés", _unconfirmed, forget_unconfirmed),
    Retention("numbers", "numéros jamais confirmés", _numbers, preferences.purge),
    Retention("texts", "traces de SMS reçus", _texts, incoming.forget_received),
)
