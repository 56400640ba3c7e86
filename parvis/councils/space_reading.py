"""What the pages of members show: presences, hours, absences in a row, one page of a long list."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone

from parvis.councils import sorting
from parvis.councils.answers import page_of
from parvis.councils.body_access import MEMBER
from parvis.councils.models import (
    Body,
    DueDocument,
    Expense,
    Member,
    Presence,
    TrainingFollowed,
    TrainingOffer,
)
from parvis.councils.space_acts import ABSENT, CAME, EXCUSED, RECORDED
from parvis.councils.space_expense_sums import sums_by_state
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor

BY_PAGE = 40
LAST = 60  # presences shown in a space
LOOKED_BACK = 24  # sittings of a body in which absences are counted
PRESENCES = Presence.objects.select_related(
    "sitting__gathering", "sitting__instance", "member__body__organisation", "member__contact"
)
MEMBERS = Member.objects.select_related("body__organisation", "body__coordinator", "contact")


def cut(request: HttpRequest, rows: Any, size: int = BY_PAGE) -> tuple[list[Any], dict[str, str]]:
    """One page of a list, and the addresses that the pager needs."""
    page = page_of(request)
    some = list(rows[(page - 1) * size : page * size + 1])
    kept = request.GET.copy()
    kept.pop("page", None)
    first = f"?{kept.urlencode()}"
    kept["page"] = str(page + 1)
    return some[:size], {
        "next_url": f"?{kept.urlencode()}" if len(some) > size else "",
        "first_url": first if page > 1 else "",
    }


def word_of(presence: Presence) -> str:
    """What is known of somebody's presence, by its code; empty before it is written."""
    if presence.came is None:
        return ""
    if presence.came:
        return CAME
    return EXCUSED if presence.answer == Presence.Answer.EXCUSED else ABSENT


def hours_of(start: datetime, end: datetime) -> Decimal:
    """How long it lasted, to the quarter of an hour."""
    quarters = round((end - start).total_seconds() / 900)
    return Decimal(quarters) / 4


def sittings_of(body: Body) -> Any:
    """The sittings of a body itself, newest first."""
    rows = Sitting.objects.filter(instance__organiser_id=body.organisation_id)
    return rows.select_related("gathering", "instance").order_by("-gathering__starts_at", "-pk")


def counts_of(sittings: list[Sitting], body: Body) -> dict[int, Any]:
    """By sitting: how many were called, will come, are excused, came; one query."""
    rows = (
        Presence.objects.filter(sitting__in=sittings, member__body=body)
        .order_by()
        .values("sitting_id")
        .annotate(
            called=Count("pk"),
            coming=Count("pk", filter=Q(answer="coming")),
            excused=Count("pk", filter=Q(answer="excused")),
            there=Count("pk", filter=Q(came=True)),
            written=Count("pk", filter=Q(came__isnull=False)),
        )
    )
    return {row["sitting_id"]: row for row in rows}


def absences_in_a_row(body: Body, *, now: datetime | None = None) -> list[tuple[Member, int]]:
    """Members who last missed sittings of their body without excuse, and how many in a row; the
    longest first. What was not written counts for nothing. Two queries."""
    held = sittings_of(body).filter(
        gathering__ends_at__lt=now or timezone.now(), gathering__cancelled_at=None
    )
    last = list(held.values_list("pk", flat=True)[:LOOKED_BACK])
    rows = (
        PRESENCES.filter(sitting__in=last, member__body=body, as_referent=False)
        .exclude(came=None)
        .order_by("-sitting__gathering__starts_at", "-sitting_id")
    )
    found: Counter[int] = Counter()
    over: set[int] = set()
    members: dict[int, Member] = {}
    for row in rows:
        members[row.member_id] = row.member
        if row.member_id not in over and word_of(row) == ABSENT:
            found[row.member_id] += 1
        else:
            over.add(row.member_id)
    return [(members[pk], times) for pk, times in found.most_common()]


def member_of(actor: Actor) -> Member | None:
    """The member that this actor is, in the body for which they act now."""
    if actor.user_id is None:
        return None
    rows = MEMBERS.filter(MEMBER.condition(actor, "act"), user_id=actor.user_id)
    found: Member | None = rows.first()
    return found


def space_content(member: Member, actor: Actor, now: datetime) -> dict[str, Any]:
    """All that stands in the space of a member; a fixed number of queries."""
    today = timezone.localdate(now)
    presences = list(
        PRESENCES.filter(member=member).order_by("-sitting__gathering__starts_at", "-pk")[:LAST]
    )
    seen = set(
        Sitting.objects.visible_to(actor)
        .filter(pk__in=[one.sitting_id for one in presences])
        .values_list("pk", flat=True)
    )
    coming = [one for one in presences if one.sitting.gathering.ends_at >= now]
    past = [one for one in presences if one.sitting.gathering.ends_at < now]
    followed = list(
        TrainingFollowed.objects.filter(member=member)
        .select_related("offer")
        .order_by("-offer__starts_on", "-pk")
    )
    asked = {one.offer_id for one in followed}
    expenses = list(Expense.objects.filter(member=member).select_related("payer")[:20])
    return {
        "member": member,
        "body": member.body,
        "name": member.name,
        "mine": member.user_id == actor.user_id,
        "coming": [{"presence": one, "seen": one.sitting_id in seen} for one in reversed(coming)],
        "past": [
            {"presence": one, "word": RECORDED.get(word_of(one), "présence pas encore notée")}
            for one in past
        ],
        "documents": missing_documents(member.body, actor, today),
        "today": today,
        "followed": followed,
        "hours": sum((one.offer.hours for one in followed if one.came), Decimal(0)),
        "offers": [one for one in open_offers(actor, today) if one.pk not in asked],
        "expenses": [
            {"expense": one, "kind": sorting.label_of("expense", one.kind)} for one in expenses
        ],
        "sums": sums_by_state(Expense.objects.filter(member=member)),
        "year_start": date(today.year, 1, 1),
    }


def missing_documents(body: Body, actor: Actor, today: date) -> list[dict[str, Any]]:
    """What institutions still owe to a body, the oldest first."""
    rows = DueDocument.objects.visible_to(actor).filter(body=body, received_on=None)
    return [
        {
            "document": one,
            "kind": sorting.label_of("due_document", one.kind),
            "late": one.due_on < today,
        }
        for one in rows.select_related("owed_by").order_by("due_on", "pk")[:BY_PAGE]
    ]


def open_offers(actor: Actor, today: date) -> list[TrainingOffer]:
    """Trainings that this actor sees and that have not begun, with how many seats are asked."""
    rows = TrainingOffer.objects.visible_to(actor).filter(cancelled_at=None, starts_on__gte=today)
    found = rows.annotate(taken=Count("followed")).order_by("starts_on", "pk")[:BY_PAGE]
    return list(found)
