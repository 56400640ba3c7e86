"""The sheets and documents that go with a course: which may be chosen, and choosing them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.thread.acts import link, unlink
from parvis.toolbox.course_events import KIND
from parvis.toolbox.models import Course, Desk, Paper, Sheet, Shown

MATERIALS = {"fiche": "sheets", "document": "papers"}
AT_MOST = 40  # of each in a course
OFFERED = 30
SHEET = "sheet"


def choose_material(course: Course, what: str, pk: int, *, actor: Actor, adds: bool) -> None:
    """Add a sheet or a document to a course, or take it away. The thread says which sheets a
    course came of. ValidationError for what this actor may not read, or does not offer."""
    rows = getattr(course, MATERIALS[what])
    with transaction.atomic():
        if not adds:
            rows.remove(pk)
            if what == "fiche":
                unlink((SHEET, pk), (KIND, course.pk))
            return
        if not _choosable(what, actor).filter(pk=pk).exists():
            raise ValidationError("Choisissez dans la liste : rien n’a changé.")
        if rows.count() >= AT_MOST:
            raise ValidationError("Quarante au plus : retirez-en d’abord.")
        rows.add(pk)
        if what == "fiche":
            link(actor, (SHEET, pk), (KIND, course.pk))


def papers_of(course: Course) -> Any:
    """The documents of a course that may be handed out today: those of its organiser, and those of
    others as long as a published sheet offers them."""
    own = Desk.objects.filter(organisation_id=course.organiser_id).values("collection")
    given = Shown.objects.filter(sheet__live=True, paper__isnull=False).values("paper")
    rows = course.papers.filter(Q(collection__in=own) | Q(pk__in=given))
    return rows.order_by("title", "pk")


def offered(course: Course, actor: Actor, word: str) -> dict[str, Any]:
    """What goes with the course already, and what may be added: sheets by words of their title,
    documents of the desk of one's organisation."""
    sheets = list(course.sheets.order_by("title", "pk"))
    papers = list(course.papers.order_by("title", "pk"))
    more = _choosable("fiche", actor).exclude(pk__in=[one.pk for one in sheets])
    files = _choosable("document", actor).exclude(pk__in=[one.pk for one in papers])
    for part in word.split()[:6]:
        more = more.filter(title__icontains=part)
        files = files.filter(title__icontains=part)
    return {
        "sheets": sheets,
        "papers": papers,
        "more_sheets": list(more.order_by("title", "pk")[:OFFERED]),
        "more_papers": list(files.order_by("-created_at", "-pk")[:OFFERED]),
    }


def _choosable(what: str, actor: Actor) -> Any:
    """Published sheets; documents that this actor reads and that stand on their own desk, or that
    a published sheet offers."""
    if what == "fiche":
        return Sheet.objects.visible_to(actor).filter(live=True)
    own = Desk.objects.filter(organisation_id=actor.organisation_id or 0).values("collection")
    given = Shown.objects.filter(sheet__live=True, paper__isnull=False).values("paper")
    return Paper.objects.visible_to(actor).filter(Q(collection__in=own) | Q(pk__in=given))
