"""Papers of a member: who came to which sitting, and what an employer is told. Tagged PDF."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from parvis.councils.models import Member, Presence
from parvis.councils.space_reading import hours_of
from parvis.documents.pdf import make_pdf
from parvis.ui.words import NBSP, day_in_words, hour_in_words, local_day

FILE = Path(__file__).parent / "data" / "leave.toml"


@cache
def leave_words() -> dict[str, Any]:
    """What is written to an employer, as data/leave.toml gives it."""
    found: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))["leave"]
    return found


def dated(value: date | datetime) -> str:
    """« mardi 3 mars 2026 »: a paper is read years later, so the year is always written."""
    words, year = day_in_words(value), str(local_day(value).year)
    return words if words.endswith(year) else f"{words}{NBSP}{year}"


def _span(start: datetime, end: datetime) -> str:
    first, last = hour_in_words(start), hour_in_words(end)
    if local_day(start) != local_day(end):
        return f"du {dated(start)} à{NBSP}{first} au {dated(end)} à{NBSP}{last}"
    return f"{dated(start)} de{NBSP}{first} à{NBSP}{last}"


def half_days(start: datetime, end: datetime) -> list[str]:
    """The half-days of its first day that a sitting takes: « mardi 3 mars, matin »."""
    words = leave_words()
    first, last = timezone.localtime(start), timezone.localtime(end)
    noon = datetime.combine(first.date(), time(words["noon"]), first.tzinfo)
    found = []
    if first < noon:
        found.append(f"{dated(first)}, {words['morning']}")
    if last > noon:
        found.append(f"{dated(first)}, {words['afternoon']}")
    return found


def hours_in_words(hours: Decimal) -> str:
    """« 2 h », « 1 h 30 »."""
    whole, minutes = divmod(int(hours * 60), 60)
    return f"{whole} h {minutes:02d}" if minutes else f"{whole} h"


def attendance_paper(member: Member, presences: Iterable[Presence], *, period: str = "") -> bytes:
    """The certificate that a member came to these sittings, with their hours."""
    rows, total = [], Decimal(0)
    for one in presences:
        gathering = one.sitting.gathering
        hours = hours_of(gathering.starts_at, gathering.ends_at)
        total += hours
        rows.append(
            {
                "day": _span(gathering.starts_at, gathering.ends_at),
                "what": one.sitting.instance.name,
                "as": "référent" if one.as_referent else "membre",
                "hours": hours_in_words(hours),
            }
        )
    return make_pdf(
        "councils/space_certificate",
        {
            **_who(member),
            "lines": [
                "Cette personne a assisté aux séances suivantes."
                if len(rows) > 1
                else "Cette personne a assisté à la séance suivante."
            ],
            "period": period,
            "rows": rows,
            "total": hours_in_words(total),
            "notes": [],
        },
        title=f"Attestation de présence : {member.name}",
        large=len(rows) > 200,
    )


def leave_paper(presence: Presence) -> bytes:
    """What a member hands to their employer to attend a sitting, counted in half-days."""
    member, gathering = presence.member, presence.sitting.gathering
    words = leave_words()
    halves = half_days(gathering.starts_at, gathering.ends_at)
    hours = hours_of(gathering.starts_at, gathering.ends_at)
    notes = [words["reference"], words["split"]]
    if not words["confirmed"]:
        notes.append(words["unconfirmed"])
    count = f"{len(halves)} demi-journée{'s' if len(halves) > 1 else ''}"
    lines = [words["intro"]]
    if presence.came:
        lines.append(words["came"])
    return make_pdf(
        "councils/space_certificate",
        {
            **_who(member),
            "lines": lines,
            "period": "",
            "rows": [
                {
                    "day": _span(gathering.starts_at, gathering.ends_at),
                    "what": presence.sitting.instance.name,
                    "as": "référent" if presence.as_referent else "membre",
                    "hours": hours_in_words(hours),
                }
            ],
            "total": f"{count} ({' ; '.join(halves)})",
            "notes": notes,
        },
        title=f"{words['title']} : {member.name}",
    )


def _who(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "body": member.body.organisation.name,
        "made_on": f"Fait le {dated(timezone.localdate())}",
    }
