"""How courses stand on the thread."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Quartier
from parvis.thread.register import (
    Beside,
    Kind,
    Making,
    Order,
    Remark,
    Where,
    columns,
    register,
    register_beside,
    register_making,
)
from parvis.toolbox.course_acts import plan_course
from parvis.toolbox.course_events import KIND, SENTENCES, STATE_LABELS
from parvis.toolbox.models import Course, CourseDate
from parvis.toolbox.scopes import WRITERS

FIRST_HOURS = Decimal(3)  # until who prepares it says how long it lasts


def course_rows(actor: Actor) -> Any:
    """The courses that this actor may see, as the register's columns."""
    return columns(
        Course.objects.visible_to(actor),
        KIND,
        title="title",
        who="organiser__name",
        day=TruncDate("starts_at"),
        state=Case(
            When(cancelled_at__isnull=False, then=Value("cancelled")),
            When(published_at__isnull=False, then=Value("published")),
            default=Value("draft"),
        ),
    )


def courses_lying(where: Where) -> Any:
    """The courses about these quartiers, and those of which a date is held in these communes."""
    about = Course.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    held = CourseDate.objects.filter(
        Q(gathering__commune_id__in=where.communes)
        | Q(gathering__residence_id__in=where.residences)
    )
    return Course.objects.filter(
        Q(Exists(about.filter(course_id=OuterRef("pk"))))
        | Q(Exists(held.filter(course_id=OuterRef("pk"))))
    ).values("pk")


def url_of(pk: int) -> str:
    """The page of a course."""
    return reverse("toolbox:course", args=[pk])


def offers_a_course(actor: Actor, about: str | None) -> bool:
    """Whether a decision may become a course."""
    return actor.role in WRITERS


def make_course(actor: Actor, order: Order) -> tuple[str, int]:
    """Prepare the course that was decided, for the actor's organisation, which completes it."""
    organiser = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    if organiser is None or actor.role not in WRITERS:
        raise ValidationError("Votre rôle ne permet pas de préparer une formation.")
    made = plan_course(
        actor=actor,
        organiser=organiser,
        nature=Course.Nature.TRAINING,
        audience=Course.Audience.FIELD,
        title=order.title[:140],
        programme=order.text[:6000],
        hours=FIRST_HOURS,
        quartiers=Quartier.objects.filter(pk__in=order.where.quartiers).defer("outline"),
    )
    return KIND, made.pk


def programme_of(actor: Actor, pk: int) -> list[Remark]:
    """Beside a date: the programme that it belongs to, where one enrols."""
    date = (
        CourseDate.objects.filter(gathering=pk, course__in=Course.objects.visible_to(actor))
        .select_related("course")
        .first()
    )
    if date is None:
        return []
    return [
        Remark(
            label=date.course.title,
            text="L’inscription vaut pour toutes les dates du programme.",
            url=url_of(date.course_id),
        )
    ]


register(
    Kind(
        code=KIND,
        label="formation",
        plural="formations et ateliers",
        icon="graduation-cap",
        url=url_of,
        public_url=url_of,
        rows=course_rows,
        state_labels=STATE_LABELS,
        ended=("cancelled",),
        sentences=SENTENCES,
        lies_in=courses_lying,
    )
)
register_making(Making("course", "une formation ou un atelier", offers_a_course, make_course))
register_beside(Beside("toolbox_programme_of_a_date", "gathering", "Le programme", programme_of))
