"""What the abatement pays of a training: a line of a programme bears on one course of the toolbox,
and the course's page reads there what is paid."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.tfpb.holding import held, refuse_published
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.sums import Sums, sums_by
from parvis.thread.acts import link, unlink
from parvis.thread.models import Link
from parvis.thread.register import Paid
from parvis.toolbox.models import Course

COURSE, LINE = "course", "tfpb_line"
OFFERED = 30


def paid_for_courses(actor: Actor, kind: str, ids: Iterable[int]) -> dict[int, Paid]:
    """What lines that this actor may see pay of these courses: euros valued, planned and then
    spent, and the landlords; four queries whatever the number."""
    wanted = list(ids) if kind == COURSE else []
    if not wanted:
        return {}
    pairs = dict(
        Link.objects.filter(source_kind=COURSE, source_id__in=wanted, target_kind=LINE).values_list(
            "target_id", "source_id"
        )
    )
    if not pairs:
        return {}
    lines = Line.objects.visible_to(actor).filter(pk__in=pairs)
    sums = sums_by(lines, "pk")
    who = lines.order_by("programme__landlord__name").values_list("pk", "programme__landlord__name")
    money: dict[int, Sums] = {}
    names: dict[int, list[str]] = {}
    for pk, name in who:
        course = pairs[pk]
        money[course] = money.get(course, Sums()) + sums[(pk,)]
        if name not in names.setdefault(course, []):
            names[course].append(name)
    return {
        course: Paid(one.valued, one.spent_valued, ", ".join(names[course]))
        for course, one in money.items()
    }


def course_of(actor: Actor, line: Line) -> Course | None:
    """The course that a line pays for, for who may see it."""
    chosen = Link.objects.filter(source_kind=COURSE, target_kind=LINE, target_id=line.pk)
    rows = Course.objects.visible_to(actor).filter(pk__in=chosen.values("source_id"))
    found: Course | None = rows.first()
    return found


def courses_for(actor: Actor, programme: Programme, word: str) -> list[Course]:
    """The courses that this actor sees and that touch the quartier of a programme, or every
    quartier, those of an axis of the abatement first; called off ones are left out."""
    rows = Course.objects.visible_to(actor).filter(cancelled_at=None)
    rows = rows.filter(Q(quartiers=programme.quartier_id) | Q(quartiers=None))
    for part in word.split()[:6]:
        rows = rows.filter(title__icontains=part)
    found = rows.select_related("organiser").order_by("-axis", "-starts_at", "-pk")
    return list(found.distinct()[:OFFERED])


def choose_course(line: Line, course: int | None, *, actor: Actor) -> None:
    """Say which course a line pays for, or none: one at most, so that no euro counts twice.

    A course is often prepared while the programme runs: this is refused once its bilan is
    published. ValidationError for what this actor may not see.
    """
    with transaction.atomic():
        refuse_published(held(line.programme))
        if course is not None:
            seen = Course.objects.visible_to(actor).filter(pk=course, cancelled_at=None)
            if not seen.exists():
                raise ValidationError("Choisissez une formation de la liste : rien n’a changé.")
        before = Link.objects.filter(source_kind=COURSE, target_kind=LINE, target_id=line.pk)
        for pk in list(before.values_list("source_id", flat=True)):
            if pk != course:
                unlink((COURSE, pk), (LINE, line.pk))
        if course is not None:
            link(actor, (COURSE, course), (LINE, line.pk))


def leave_course(line: Line) -> None:
    """A line that is taken away pays for no course any more."""
    chosen = Link.objects.filter(source_kind=COURSE, target_kind=LINE, target_id=line.pk)
    for pk in list(chosen.values_list("source_id", flat=True)):
        unlink((COURSE, pk), (LINE, line.pk))
