"""Parts that nobody owns, and who would be given them now that somebody answers for their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports.acts.handling import REASON_LENGTH
from parvis.reports.models import Part, Report
from parvis.reports.owners import owners_of
from parvis.reports.workflow import OPEN
from parvis.thread.models import Event

NO_ORPHAN = "aucune part sans gestionnaire que vous puissiez confier"
NOBODY_ANSWERS = "personne ne répond de ce lieu pour ce sujet"
AT_ONCE = 500  # parts looked at together


@dataclass(frozen=True)
class Entrusted:
    """A part that nobody owns: the organisation that answers for it and what says so, else why it
    has to wait."""

    part: Part
    organisation: Organisation | None
    reason: str = ""
    why: str = ""


def orphans_of(actor: Actor) -> Any:
    """The open parts that nobody owns and that this actor may give."""
    seen = Report.objects.visible_to(actor).filter(withdrawn_at=None, merged_into=None)
    return (
        Part.objects.allowed(actor, "assign")
        .filter(organisation=None, state__in=OPEN, report__in=seen)
        .select_related("report__category", "organisation")
    )


def entrustable(actor: Actor, *, at_most: int) -> list[str]:
    """References of the first reports that somebody answers for and that nobody owns yet."""
    found: dict[str, None] = {}
    after = 0
    while len(found) < at_most:
        parts = list(orphans_of(actor).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
        if not parts:
            break
        found |= {one.part.report.reference: None for one in find_owners(parts) if not one.why}
        after = parts[-1].pk
    return list(found)[:at_most]


def find_owners(parts: Sequence[Part]) -> list[Entrusted]:
    """Who answers now for each of these parts, by the rule that a new report follows. What an
    organisation gave back does not return to it. Six queries at most, however many they are."""
    answers = owners_of([part.report for part in parts], timezone.localdate())
    organisations = Organisation.objects.in_bulk({one.organisation_id for one in answers} - {None})
    given_back = _given_back([part.report_id for part in parts])
    found = []
    for part, answer in zip(parts, answers, strict=True):
        owner = organisations.get(answer.organisation_id or 0)
        if owner is None:
            found.append(Entrusted(part, None, why=NOBODY_ANSWERS))
        elif (part.report_id, owner.pk) in given_back:
            found.append(Entrusted(part, None, why=f"{owner.name}, qui en répond, l’a rendue"))
        else:
            reason = f"D’après « Qui gère quoi ». {answer.why}"[:REASON_LENGTH]
            found.append(Entrusted(part, owner, reason))
    return found


def _given_back(report_ids: Sequence[int]) -> set[tuple[int, int | None]]:
    """Which organisations gave a part of which of these reports back."""
    rows = Event.objects.filter(thing_kind="report", thing_id__in=report_ids, code="returned")
    return set(rows.order_by("pk").values_list("thing_id", "concerns_id"))
