"""Back at the desk: what each finding becomes. A finding is withdrawn, never deleted, and what was
noted on the spot is never written over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.reports.acts import enter_report, give_part
from parvis.reports.models import Category, Channel, Part, Report
from parvis.reports.searching import KIND as REPORT
from parvis.reports.workflow import OPEN, Forbidden
from parvis.thread.acts import Happening, link, record, record_many
from parvis.thread.models import Link
from parvis.thread.reading import rows_lying
from parvis.thread.register import Order, Where, kinds, makings
from parvis.thread.steps import Row
from parvis.walks.desk_places import (
    categories_for,
    hold_back,
    near_reports,
    photos_of,
    pictures_for,
    place_of,
)
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation, Walk
from parvis.walks.planning import where_of
from parvis.walks.workflow import MADE, Outcome

ACTION = "action"  # as the thread names what stands in a plan
ACTIONS_AT_MOST = 200
NOT_NEAR = "Ce signalement n’est plus ouvert près de là : choisissez une autre suite."
NOT_OFFERED = "Cette suite n’est pas possible : choisissez-en une autre."


@dataclass(frozen=True)
class FollowUp:
    """Who settles a finding, by when, and what is planned, for the follow-up table."""

    responsible: Organisation | None = None
    due_on: date | None = None
    outcome_note: str = ""


NOTHING_PLANNED = FollowUp()


def followed(walk: Walk | None = None) -> Q:
    """The findings that are followed: neither withdrawn nor doubles of another."""
    condition = Q(withdrawn_at=None, same_as=None)
    return condition if walk is None else condition & Q(walk=walk)


def held_finding(finding: Observation) -> Observation:
    """The finding as it stands, held until the end of the transaction."""
    rows = Observation.objects.select_for_update(of=("self",))
    return rows.select_related("walk__gathering", "stop__residence", "residence").get(pk=finding.pk)


# --- What it becomes --------------------------------------------------------------------------


def make_report(
    finding: Observation,
    *,
    actor: Actor,
    category: Category,
    text: str,
    follow: FollowUp = NOTHING_PLANNED,
    pictures: bool = True,
    now: datetime | None = None,
) -> Report:
    """File a report of a finding and give it to who answers for the place, or to the organisation
    that `follow` names; its pictures without anybody to be recognised go with it.

    ValidationError with words for people when it cannot be filed.
    """
    try:
        with transaction.atomic():
            fresh = _to_sort(finding)
            if not categories_for(fresh).filter(pk=category.pk).exists():
                raise ValidationError({"category": "Choisissez une catégorie de la liste."})
            taken = pictures_for(fresh) if pictures else []
            voice = enter_report(
                actor=actor,
                channel=Channel.FIELD,
                place=place_of(fresh),
                category=category,
                text=text,
                photos=photos_of(taken),
                now=now,
            )
            hold_back(voice.report, taken)
            part = Part.objects.select_related("organisation").get(report=voice.report_id)
            wanted = follow.responsible or part.organisation
            if wanted is not None and part.organisation_id != wanted.pk:
                if not Part.objects.allowed(actor, "assign").filter(pk=part.pk).exists():
                    raise ValidationError(
                        {"responsible": "Vous ne pouvez pas confier ce signalement à un autre."}
                    )
                give_part(part, actor=actor, organisation=wanted, now=now)
            link(actor, (OBSERVATION, fresh.pk), (REPORT, voice.report_id))
            follow = FollowUp(wanted, follow.due_on, follow.outcome_note)
            _give(fresh, Outcome.REPORT, actor, follow, now)
    except Forbidden as refused:
        raise Refused(str(refused)) from None
    report: Report = voice.report
    return report


def link_to_report(
    finding: Observation,
    pk: int,
    *,
    actor: Actor,
    follow: FollowUp = NOTHING_PLANNED,
    now: datetime | None = None,
) -> None:
    """Say that an open report near, which this actor sees, told of it before: nothing is doubled.
    Who has a part of that report is responsible unless `follow` names another."""
    with transaction.atomic():
        fresh = _to_sort(finding)
        if pk not in {report.pk for report, _ in near_reports(actor, fresh)}:
            raise ValidationError({"outcome": NOT_NEAR})
        link(actor, (REPORT, pk), (OBSERVATION, fresh.pk))
        if follow.responsible is None:
            parts = Part.objects.filter(report=pk, state__in=OPEN, organisation__isnull=False)
            part = parts.select_related("organisation").order_by("created_at", "pk").first()
            owner = part.organisation if part else None
            follow = FollowUp(owner, follow.due_on, follow.outcome_note)
        _give(fresh, Outcome.LINKED, actor, follow, now)


def make_of(
    finding: Observation,
    code: str,
    *,
    actor: Actor,
    text: str = "",
    follow: FollowUp = NOTHING_PLANNED,
    now: datetime | None = None,
) -> tuple[str, int]:
    """Make something of a finding that an upper room offers (an action of the plan): what was made.

    ValidationError with words for people when it cannot be made.
    """
    with transaction.atomic():
        fresh = _to_sort(finding)
        offered = {one.code: one for one in makings(actor, OBSERVATION)}
        if code not in offered:
            raise ValidationError({"outcome": NOT_OFFERED})
        source = (OBSERVATION, fresh.pk)
        inside = frozenset(fresh.quartiers.values_list("pk", flat=True))
        order = Order(
            source=source,
            title=follow.outcome_note or fresh.title,
            text=text,
            about=source,
            organisation_id=follow.responsible.pk if follow.responsible else None,
            due_on=follow.due_on,
            where=Where(quartiers=inside) if inside else where_of(fresh.walk),
        )
        made = offered[code].make(actor, order)
        if made != source:
            link(actor, source, made)
        _give(fresh, Outcome.ACTION, actor, follow, now)
    return made


def actions_there(actor: Actor, finding: Observation) -> list[Row]:
    """The actions of the plan that lie where the walk goes and that this actor sees, the newest
    first; one query."""
    if ACTION not in kinds():
        return []
    return rows_lying(actor, where_of(finding.walk), [ACTION], limit=ACTIONS_AT_MOST)


def join_action(
    finding: Observation,
    pk: int,
    *,
    actor: Actor,
    follow: FollowUp = NOTHING_PLANNED,
    now: datetime | None = None,
) -> None:
    """Say that an action which stands in the plan already answers it: it is not written twice."""
    with transaction.atomic():
        fresh = _to_sort(finding)
        if pk not in {row.id for row in actions_there(actor, fresh)}:
            raise ValidationError({"outcome": NOT_OFFERED})
        link(actor, (OBSERVATION, fresh.pk), (ACTION, pk))
        _give(fresh, Outcome.ACTION, actor, follow, now)


def put_to_decision(
    finding: Observation,
    *,
    actor: Actor,
    follow: FollowUp = NOTHING_PLANNED,
    now: datetime | None = None,
) -> None:
    """Leave it to a meeting: the register proposes it for agendas from now on."""
    with transaction.atomic():
        _give(_to_sort(finding), Outcome.TO_DECIDE, actor, follow, now)


def note_finding(
    finding: Observation,
    *,
    actor: Actor,
    follow: FollowUp = NOTHING_PLANNED,
    now: datetime | None = None,
) -> None:
    """Keep it in mind, without more."""
    with transaction.atomic():
        _give(_to_sort(finding), Outcome.NOTED, actor, follow, now)


def note_strengths(walk: Walk, *, actor: Actor, now: datetime | None = None) -> int:
    """Note all the strengths of a walk that are still to sort; how many."""
    at = now or timezone.now()
    with transaction.atomic():
        rows = Observation.objects.select_for_update(of=("self",))
        some = rows.filter(followed(walk), strength=True, outcome=Outcome.TO_SORT)
        # By number, as the review holds them: two people do not wait for each other.
        ids = list(some.order_by("pk").values_list("pk", flat=True))
        Observation.objects.filter(pk__in=ids).update(outcome=Outcome.NOTED, sorted_at=at)
        old, new = Outcome.TO_SORT.value, Outcome.NOTED.value
        record_many(
            actor,
            [Happening(OBSERVATION, pk, "sorted", old, new, public=False, at=at) for pk in ids],
        )
    return len(ids)


def undo_sorting(finding: Observation, *, actor: Actor, now: datetime | None = None) -> None:
    """Back among what is to sort, as long as nothing was made of it; a link to a report that told
    of it before is taken away again."""
    with transaction.atomic():
        fresh = held_finding(finding)
        if fresh.outcome == Outcome.TO_SORT:
            return
        _refuse_made(fresh)
        if fresh.outcome == Outcome.LINKED:
            Link.objects.filter(
                source_kind=REPORT, target_kind=OBSERVATION, target_id=fresh.pk
            ).delete()
        old, fresh.outcome, fresh.sorted_at = fresh.outcome, Outcome.TO_SORT, None
        fresh.save(update_fields=["outcome", "sorted_at"])
        record(actor, OBSERVATION, fresh.pk, "unsorted", old=old, public=False, at=now)


# --- Doubles, and what is left out ------------------------------------------------------------


def withdraw(finding: Observation, *, actor: Actor, now: datetime | None = None) -> None:
    """Leave it out of everything; it stays and may be taken up again."""
    with transaction.atomic():
        fresh = held_finding(finding)
        if fresh.withdrawn_at is not None:
            return
        _refuse_sorted(fresh)
        if fresh.doubles.exists():
            raise Refused("D’autres constats sont réunis avec celui-ci : séparez-les d’abord.")
        fresh.withdrawn_at = now or timezone.now()
        fresh.save(update_fields=["withdrawn_at"])
        record(actor, OBSERVATION, fresh.pk, "withdrawn", public=False, at=now)


def restore(finding: Observation, *, actor: Actor, now: datetime | None = None) -> None:
    """Take a withdrawn finding up again."""
    with transaction.atomic():
        fresh = held_finding(finding)
        if fresh.withdrawn_at is None:
            return
        fresh.withdrawn_at = None
        fresh.save(update_fields=["withdrawn_at"])
        record(actor, OBSERVATION, fresh.pk, "restored", public=False, at=now)


def unite(
    finding: Observation, into: Observation, *, actor: Actor, now: datetime | None = None
) -> None:
    """Say that two telephones noted one thing: `into` is followed, the pictures of both stay, and
    what was united with the first goes along."""
    with transaction.atomic():
        # By number, so that two people who unite crosswise do not wait for each other.
        pair = sorted((finding, into), key=lambda one: one.pk)
        held = {one.pk: held_finding(one) for one in pair}
        fresh, head = held[finding.pk], held[into.pk]
        if fresh.walk_id != head.walk_id or fresh.pk == head.pk:
            raise Refused("Choisissez un autre constat du même diagnostic.")
        if head.withdrawn_at is not None or head.same_as_id is not None:
            raise Refused("Ce constat n’est pas suivi lui-même : choisissez-en un autre.")
        if fresh.withdrawn_at is not None:
            raise Refused("Ce constat est écarté : reprenez-le d’abord.")
        _refuse_sorted(fresh)
        told = {"same_as": head, "shown": head.shown, "reviewed_at": head.reviewed_at}
        mine = Q(pk=fresh.pk) | Q(same_as=fresh.pk)
        Observation.objects.filter(mine).update(**told)
        record(actor, OBSERVATION, fresh.pk, "united", public=False, at=now)


def part(finding: Observation, *, actor: Actor, now: datetime | None = None) -> None:
    """It was another thing after all: followed by itself, and read again before it is shown."""
    with transaction.atomic():
        fresh = held_finding(finding)
        if fresh.same_as_id is None:
            return
        fresh.same_as, fresh.shown, fresh.reviewed_at = None, False, None
        fresh.save(update_fields=["same_as", "shown", "reviewed_at"])
        record(actor, OBSERVATION, fresh.pk, "parted", public=False, at=now)


# --- What they have in common -----------------------------------------------------------------


def _to_sort(finding: Observation) -> Observation:
    fresh = held_finding(finding)
    if fresh.withdrawn_at is not None:
        raise Refused("Ce constat est écarté : reprenez-le d’abord.")
    if fresh.same_as_id is not None:
        raise Refused("Ce constat est réuni avec un autre : c’est l’autre que l’on suit.")
    if fresh.outcome in MADE:
        raise Refused(f"Une suite est déjà donnée à ce constat : {fresh.get_outcome_display()}.")
    return fresh


def _give(
    fresh: Observation, outcome: Outcome, actor: Actor, follow: FollowUp, now: datetime | None
) -> None:
    at = now or timezone.now()
    old, fresh.outcome, fresh.sorted_at = fresh.outcome, outcome, at
    fresh.responsible, fresh.due_on = follow.responsible, follow.due_on
    fresh.outcome_note = follow.outcome_note.strip()
    fresh.full_clean(exclude=["walk", "stop", "same_as"])
    fresh.save(update_fields=["outcome", "sorted_at", "responsible", "due_on", "outcome_note"])
    record(
        actor,
        OBSERVATION,
        fresh.pk,
        "sorted",
        old=old,
        new=outcome,
        concerns=follow.responsible,
        public=False,
        at=at,
    )


def _refuse_made(fresh: Observation) -> None:
    if Link.objects.filter(source_kind=OBSERVATION, source_id=fresh.pk).exists():
        raise Refused("Ce constat a déjà une suite ailleurs : elle ne se défait pas d’ici.")


def _refuse_sorted(fresh: Observation) -> None:
    if fresh.outcome in MADE:
        raise Refused(f"Une suite est déjà donnée à ce constat : {fresh.get_outcome_display()}.")
    _refuse_made(fresh)


def in_one_go(
    walk: Walk, do: str, ids: Iterable[int], *, actor: Actor, into: int | None = None
) -> tuple[int, list[str]]:
    """Note, withdraw, restore or part several findings of a walk, or unite them with one of them
    (`into`): how many were changed, and why the others were not."""
    acts = {"note": note_finding, "withdraw": withdraw, "restore": restore, "part": part}
    some = list(Observation.objects.filter(walk=walk, pk__in=list(ids)).order_by("noted_at", "pk"))
    head = next((one for one in some if one.pk == into), some[0] if some else None)
    done, refused = 0, []
    for one in some:
        try:
            if do == "unite" and head is not None:
                if one.pk == head.pk:
                    continue
                unite(one, head, actor=actor)
            elif do in acts:
                acts[do](one, actor=actor)
            else:
                raise Refused("Choisissez ce qu’il faut faire de ces constats.")
            done += 1
        except ValidationError as why:
            refused += [f"{one.title} : {words}" for words in why.messages]
    return done, refused
