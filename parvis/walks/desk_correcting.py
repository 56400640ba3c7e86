"""Correcting what was noted on the spot: theme, strength, severity, stop, who answers. The note
itself stays as it was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.locate import locate
from parvis.thread.acts import Happening, record_many
from parvis.upkeep.themes import themes
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation, Stop
from parvis.walks.practice import severities
from parvis.walks.sorting import FollowUp, held_finding

_FIELDS = ["theme_code", "title", "strength", "severity", "stop", "manager"]
_PLACE = ["latitude", "longitude", "commune", "residence"]
_FOLLOWED = ["responsible", "due_on", "outcome_note"]


def correct_finding(
    finding: Observation,
    *,
    actor: Actor,
    theme_code: str,
    strength: bool,
    severity: int | None,
    stop: Stop | None,
    manager: Organisation | None,
    follow: FollowUp | None = None,
    now: datetime | None = None,
) -> None:
    """Put right what a finding says, each change with its event; a point taken from its stop goes
    to the new stop. `follow` says anew who settles it, when and how.

    ValidationError by field for a theme that is not listed, a stop of another walk, or a weakness
    whose weight is not said.
    """
    severity = None if strength else severity
    if theme_code not in themes():
        raise ValidationError({"theme_code": "Choisissez un thème de la liste."})
    if not strength and severity not in severities():
        raise ValidationError({"severity": "Dites combien ce point gêne."})
    with transaction.atomic():
        fresh = held_finding(finding)
        if stop is not None and stop.walk_id != fresh.walk_id:
            raise ValidationError({"stop": "Choisissez un arrêt de ce diagnostic."})
        changes: list[tuple[str, Any, Any]] = [
            ("theme", fresh.theme_code, theme_code),
            ("strength", fresh.strength, strength),
            ("severity", fresh.severity, severity),
            ("stop", fresh.stop_id, stop.pk if stop else None),
            ("manager", fresh.manager_id, manager.pk if manager else None),
        ]
        happened = [
            Happening(
                OBSERVATION,
                fresh.pk,
                f"corrected_{name}",
                _code(old),
                _code(new),
                manager if name == "manager" else None,
                public=False,
                at=now,
            )
            for name, old, new in changes
            if old != new
        ]
        moved = _move(fresh, stop)
        fresh.theme_code, fresh.strength, fresh.severity = theme_code, strength, severity
        fresh.stop, fresh.manager = stop, manager
        fresh.title = _title(theme_code, stop)
        if follow is not None:
            before = [getattr(fresh, name) for name in _FOLLOWED]
            for name in _FOLLOWED:
                setattr(fresh, name, getattr(follow, name))
            if before != [getattr(fresh, name) for name in _FOLLOWED]:
                whom = follow.responsible
                happened.append(
                    Happening(OBSERVATION, fresh.pk, "planned", concerns=whom, public=False, at=now)
                )
        fresh.full_clean(exclude=["walk", "stop", "same_as"])
        fresh.save(update_fields=[*_FIELDS, *_FOLLOWED, *(_PLACE if moved else [])])
        record_many(actor, happened)


def _code(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    return str(value)


def _title(theme_code: str, stop: Stop | None) -> str:
    label = themes()[theme_code].label
    return f"{label} · {stop.title}"[:200] if stop else label


def _move(fresh: Observation, stop: Stop | None) -> bool:
    """Take the finding to its new stop, when its own point was only its old stop's; whether."""
    if stop is None or fresh.stop_id == stop.pk:
        return False
    old = fresh.stop
    kept = (fresh.latitude, fresh.longitude)
    if kept != (None, None) and (old is None or kept != (old.latitude, old.longitude)):
        return False
    fresh.latitude, fresh.longitude, fresh.residence = (
        stop.latitude,
        stop.longitude,
        stop.residence,
    )
    if stop.latitude is not None and stop.longitude is not None:
        found = locate(stop.latitude, stop.longitude)
        fresh.commune_id = found.commune.pk if found.commune else None
        fresh.quartiers.set([one.pk for one in found.quartiers])
    return True
