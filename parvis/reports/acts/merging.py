"""Uniting two reports of the same thing, and taking them apart again.

The voices stay on the report they spoke through (their links and codes hold); what hangs from it
goes to the target, where everybody is answered from then on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.notices import outbox
from parvis.partners.actors import Actor
from parvis.reports import events, followers
from parvis.reports.acts.handling import refuse_second_part
from parvis.reports.counting import hold, is_news, keep, lock, recount, recount_voices
from parvis.reports.models import (
    Callback,
    Contact,
    Merging,
    Message,
    Note,
    Part,
    Photo,
    Report,
)
from parvis.reports.searching import KIND, forget_report, index_report
from parvis.reports.workflow import CLOSED, OPEN, Forbidden, State
from parvis.thread.acts import link, record, unlink, word_key

# What goes to the target; each row knows its voice or its organisation.
HANGING: dict[str, Any] = {
    "contacts": Contact,
    "callbacks": Callback,
    "photos": Photo,
    "messages": Message,
    "notes": Note,
}
CLOSING = ["state", "reason", "closed_at", "told_at", "before", "moved_at"]


def merge_reports(
    source: Report, target: Report, *, actor: Actor, now: datetime | None = None
) -> Report:
    """Unite the source with the target, which alone is shown from then on. Those who spoke through
    the source are told so once, and are answered with the others. Gives the target.

    Raises Forbidden, in words for people, when the two cannot be united (any more).
    """
    at = now or timezone.now()
    if source.pk == target.pk:
        raise Forbidden("Un signalement ne se réunit pas avec lui-même : choisissez-en un autre.")
    with transaction.atomic():
        # Always in the same order: of two people who unite both ways, the second is told.
        held = {pk: lock(pk) for pk in sorted((source.pk, target.pk))}
        (joining, its_parts), (home, home_parts) = held[source.pk], held[target.pk]
        _refuse_unlike(joining, home)
        people = events.spoke(joining.pk)
        earlier = list(joining.merged.select_related("merging").order_by("pk"))
        before = _take_over(joining, home, earlier)
        before |= _share_out(its_parts, home, home_parts, at)
        joining.merged.update(merged_into=home)
        Merging.objects.update_or_create(report=joining, defaults={"at": at, "before": before})
        joining.merged_into, joining.state, joining.closed_at = home, State.DROPPED, at
        joining.due_on, joining.voice_count = None, 0
        joining.save(update_fields=["merged_into", "state", "closed_at", "due_on", "voice_count"])
        keep(joining)
        recount(home, Part.objects.filter(report=home))
        recount_voices(home)
        forget_report(joining.pk)
        followers.silence_all(joining.pk)
        event = record(actor, KIND, joining.pk, "merged", new=home.reference, at=at)
        record(actor, KIND, home.pk, "took_in", old=joining.reference, at=at)
        link(actor, (KIND, joining.pk), (KIND, home.pk))
        if is_news(at):
            events.tell_merging(people, joining, home, event)
    source.merged_into = home
    return home


def _refuse_unlike(joining: Report, home: Report) -> None:
    for report in (joining, home):
        if report.state in CLOSED:
            raise Forbidden(
                f"{report.reference} est clos : seuls des signalements ouverts se réunissent."
            )
        if report.private:
            raise Forbidden(
                f"{report.reference} concerne un logement : il ne se réunit avec aucun autre."
            )
    if joining.commune_id is None or joining.commune_id != home.commune_id:
        raise Forbidden("Ces deux signalements ne sont pas dans la même commune.")


def _take_over(joining: Report, home: Report, earlier: list[Report]) -> dict[str, list[int]]:
    """What hangs from a report goes to the other. Gives the ids of what is its own: what it had
    taken from earlier ones is theirs."""
    moved = {}
    for name, model in HANGING.items():
        ids = set(model.objects.filter(report=joining).values_list("pk", flat=True))
        for one in earlier:
            ids -= set(one.merging.before[name])
        model.objects.filter(report=joining).update(report=home)
        moved[name] = sorted(ids)
    return moved


def _share_out(
    its_parts: list[Part], home: Report, home_parts: list[Part], at: datetime
) -> dict[str, Any]:
    """An open part goes to the target, unless its organisation has one there already (or nobody
    answers for it): that one is closed. Gives what to put back."""
    there = {part.organisation_id for part in home_parts if part.state in OPEN} | {None}
    moved, closed = [], {}
    for part in its_parts:
        if part.state in CLOSED:
            continue
        part.before, part.moved_at = None, None
        if part.organisation_id not in there:
            part.report = home
            part.save(update_fields=["report", "before", "moved_at"])
            moved.append(part.pk)
            continue
        closed[str(part.pk)] = {
            "state": part.state,
            "reason": part.reason,
            "told": part.told_at is not None,
        }
        part.state, part.closed_at = State.DROPPED, at
        part.reason = f"Réuni avec le signalement {home.reference}."
        part.told_at = part.told_at or at
        part.save(update_fields=CLOSING)
    return {"parts": moved, "closed": closed}


def unmerge_report(source: Report, *, actor: Actor, now: datetime | None = None) -> Report:
    """Take a report out of the one it was united with, as long as that one is open; what it had
    brought comes back as it is now. Gives the report that it leaves."""
    at = now or timezone.now()
    if source.merged_into_id is None:
        raise Forbidden("Ce signalement n’est réuni avec aucun autre.")
    with transaction.atomic():
        home, _ = lock(source.merged_into_id)
        leaving, its_parts = hold(source.pk)
        if leaving.merged_into_id != home.pk:
            raise Forbidden("Ce signalement n’est plus réuni avec celui-là : rechargez la page.")
        if home.state in CLOSED:
            raise Forbidden("Les personnes ont reçu la réponse : ces signalements restent réunis.")
        before = leaving.merging.before
        for name, model in HANGING.items():
            model.objects.filter(pk__in=before[name], report=home).update(report=leaving)
        _come_back(leaving, its_parts, before)
        leaving.merging.delete()
        leaving.merged_into = None
        leaving.save(update_fields=["merged_into"])
        for report in (leaving, home):
            recount(report, Part.objects.filter(report=report))
            recount_voices(report)
        index_report(leaving)
        unlink((KIND, leaving.pk), (KIND, home.pk))
        told = events.last_event(leaving, "merged")
        if told is not None:
            outbox.take_back(word_key(told))
        record(actor, KIND, leaving.pk, "unmerged", old=home.reference, at=at)
        record(actor, KIND, home.pk, "let_go", old=leaving.reference, at=at)
    source.merged_into = None
    return home


def _come_back(leaving: Report, its_parts: list[Part], before: dict[str, Any]) -> None:
    """Its parts are open again as they were, and those that had gone to the target come back."""
    for part in its_parts:
        was = before["closed"].get(str(part.pk))
        if was is None or part.state != State.DROPPED:
            continue
        part.state, part.reason, part.closed_at = was["state"], was["reason"], None
        part.told_at = part.told_at if was["told"] else None
        part.save(update_fields=CLOSING)
    for part in Part.objects.select_for_update(of=("self",)).filter(pk__in=before["parts"]):
        if part.state in OPEN:
            refuse_second_part(its_parts, part.organisation_id)
        part.report = leaving
        part.before, part.moved_at = None, None
        part.save(update_fields=["report", "before", "moved_at"])
