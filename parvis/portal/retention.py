"""Forgetting who asked what is kept of them."""

from __future__ import annotations

from datetime import datetime

from parvis.notices.keeping import Due, Retention, due_among
from parvis.portal.models import DataRequest


def _due(now: datetime) -> Due:
    return due_among(DataRequest.objects.past(now), "asked_at")


def _forget(now: datetime) -> int:
    erased: int = DataRequest.objects.past(now).delete()[0]
    return erased


RETENTIONS = (Retention("data_requests", "demandes « Mes données »", _due, _forget),)
