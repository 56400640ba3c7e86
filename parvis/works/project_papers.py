"""What a project puts on paper: its projet de gestion, and the letter that calls to a meeting."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf
from parvis.ui.words import day_in_words, euros_in_words, span_in_words
from parvis.works.project_events import MEETING, page_url
from parvis.works.project_management import edition_of, ground_rows, ground_totals
from parvis.works.project_models import RenewalProject
from parvis.works.resident_models import PublicMeeting

GROUNDS = ("owner_before", "manager_before", "owner_after", "manager_after")


def management_pdf(project: RenewalProject, *, annexed_on: date | None = None) -> bytes:
    """The projet de gestion, part by part, with who manages what before and after."""
    edition = edition_of(project.rules)
    written = {part.code: part for part in project.management.all()}
    rows = ground_rows(project.grounds.select_related(*GROUNDS))
    totals = ground_totals(rows)
    parts = []
    for number, asked in enumerate(edition.asks, 1):
        part = written.get(asked.code)
        parts.append(
            {
                "title": f"{number}. {asked.label}",
                "text": part.text if part else "",
                "done": day_in_words(part.done_on) if part and part.done_on else "",
                "file": bool(part and part.file),
            }
        )
    data = {
        "subtitle": project.title,
        "made_on": day_in_words(timezone.localdate()),
        "annexed": day_in_words(annexed_on) if annexed_on else "",
        "rules": edition.label,
        "reference": edition.reference,
        "confirmed": edition.confirmed,
        "carrier": project.carrier.name,
        "quartiers": ", ".join(one.name for one in project.quartiers.defer("outline")),
        "parts": parts,
        "grounds": [_ground(row.ground, row.difference) for row in rows],
        "totals": [
            euros_in_words(totals["before"]),
            euros_in_words(totals["after"]),
            _signed(totals["difference"]),
        ],
    }
    return make_pdf("works/management", data, title="Projet de gestion", large=len(rows) > 200)


def _ground(ground: Any, difference: Decimal | None) -> dict[str, Any]:
    def who(owner: Any, manager: Any) -> str:
        if owner and manager and owner != manager:
            return f"{manager.name} (propriétaire : {owner.name})"
        found = manager or owner
        return found.name if found else "non précisé"

    return {
        "name": ground.name,
        "when": day_in_words(ground.changes_on) if ground.changes_on else "",
        "before": who(ground.owner_before, ground.manager_before),
        "after": who(ground.owner_after, ground.manager_after),
        "costs": [_euros(ground.cost_before), _euros(ground.cost_after), _signed(difference)],
        "residents": _involved(ground),
    }


def _involved(ground: Any) -> str:
    if not ground.changes_charges:
        return ""
    if ground.involved_on is None:
        return "Change les charges des locataires ; habitants pas encore associés."
    how = f" ({ground.involvement})" if ground.involvement else ""
    return f"Change les charges ; habitants associés le {day_in_words(ground.involved_on)}{how}."


def _euros(value: Decimal | None) -> str:
    return "" if value is None else euros_in_words(value)


def _signed(value: Decimal | None) -> str:
    if value is None:
        return ""
    return f"{'+' if value > 0 else ''}{euros_in_words(value)}"


def meeting_letter(meeting: PublicMeeting) -> bytes:
    """One page, folded in three, whose address shows in the window of the envelope."""
    gathering, project = meeting.gathering, meeting.project
    places = [one.name for one in project.quartiers.defer("outline")]
    communes = [one.name for one in project.communes.defer("outline")]
    address = page_url(MEETING, meeting.pk)
    data = {
        "project": project.title,
        "area": bool(places),
        "quartiers": places,
        "communes": communes,
        "organiser": gathering.organiser.name,
        "contact": gathering.contact,
        "when": span_in_words(gathering.starts_at, gathering.ends_at),
        "place": gathering.place_label,
        "summary": gathering.summary,
        "registered": gathering.entry == gathering.Entry.REGISTERED,
        "cancelled": gathering.cancelled_at is not None,
        "today": day_in_words(timezone.localdate()),
        "address": address,
    }
    return make_pdf(
        "works/letter", data, title=gathering.title, files={"/qr.svg": qr_code(address)}
    )
