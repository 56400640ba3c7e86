"""How reports stand on the thread, whose parts are what is due; and points noirs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat, TruncDate
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports import access
from parvis.reports.acts.seeing import WORDS, keep_seen
from parvis.reports.acts.sharing import TITLE_LENGTH, assign_part
from parvis.reports.blackspots import KIND as BLACKSPOT
from parvis.reports.events import BLACKSPOT_SENTENCES, SENTENCES, STATE_LABELS, spoke
from parvis.reports.models import Blackspot, Part, Photo, Report
from parvis.reports.overdue import awaited_parts
from parvis.reports.searching import KIND
from parvis.reports.workflow import CLOSED, OPEN, BlackspotState
from parvis.thread.register import (
    Checking,
    Kind,
    Making,
    Order,
    Where,
    columns,
    due_columns,
    register,
    register_making,
)


def _title(prefix: str = "") -> Any:
    """Category and place: never what a person wrote, which may not be reviewed."""
    label, place = F(f"{prefix}category__label"), F(f"{prefix}place_label")
    return Case(
        When(**{f"{prefix}place_label": ""}, then=label),
        default=Concat(label, Value(" · "), place),
    )


def report_rows(actor: Actor) -> Any:
    """The reports that this actor may see, as the register's columns."""
    owner = Subquery(
        Part.objects.filter(report=OuterRef("pk"))
        .order_by("created_at", "pk")
        .values("organisation__name")[:1]
    )
    return columns(
        Report.objects.visible_to(actor),
        KIND,
        title=_title(),
        who=owner,
        day=TruncDate("at"),
        # Closed by its merging, it was not left without an answer.
        state=Case(When(merged_into=None, then=F("state")), default=Value("merged")),
    )


def parts_due(actor: Actor) -> Any:
    """The parts that await this actor, as the register's columns."""
    return due_columns(
        awaited_parts(actor),
        KIND,
        pk="report_id",
        title=_title("report__"),
        who="organisation__name",
        # No `day`: SQLite would work it out in Python for each row, though few are shown.
        state="state",
        due_on="due_on",
        owner="organisation_id",
    )


def reports_awaiting(actor: Actor) -> Any:
    """The open reports that nobody answers for, whoever sees them: who should is to be decided."""
    nobodys = Part.objects.visible_to(actor).filter(
        organisation=None, state__in=OPEN, report__private=False, report__withdrawn_at=None
    )
    return due_columns(
        nobodys,
        KIND,
        pk="report_id",
        title=_title("report__"),
        state="state",
        due_on="due_on",
        owner="organisation_id",
    )


def reports_lying(where: Where) -> Any:
    """The reports of these places."""
    inside = Report.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Report.objects.filter(
        Q(commune_id__in=where.communes)
        | Q(residence_id__in=where.residences)
        | Q(Exists(inside.filter(report_id=OuterRef("pk"))))
    ).values("pk")


def reports_to_see(actor: Actor, where: Where) -> Any:
    """The open reports of these places on which this actor may write a note; none that concerns a
    dwelling."""
    open_ones = Report.objects.allowed(actor, "note").filter(
        state__in=OPEN, private=False, withdrawn_at=None, merged_into=None
    )
    return open_ones.filter(pk__in=reports_lying(where)).order_by().values("pk")


def places_of_reports(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Where these reports are, those that have a point."""
    rows = Report.objects.filter(pk__in=list(ids)).values_list("pk", "latitude", "longitude")
    return {pk: (north, east) for pk, north, east in rows if north is not None and east is not None}


def photo_of_report(actor: Actor, pk: int) -> bytes | None:
    """The first photo of a report that this actor may see."""
    photos = Photo.objects.visible_to(actor).filter(report=pk, shown=True)
    first = photos.order_by("at", "pk").first()
    if first is None:
        return None
    with first.file.open("rb") as content:
        return bytes(content.read())


def blackspots_awaiting(actor: Actor) -> Any:
    """The points noirs that are kept, until they are over: they stand ready for a meeting."""
    kept = Blackspot.objects.visible_to(actor).filter(state=BlackspotState.KEPT, for_group=True)
    return due_columns(
        kept,
        BLACKSPOT,
        title="title",
        who="owner__name",
        state="state",
        due_on="due_on",
        owner="owner_id",
    )


def blackspots_lying(where: Where) -> Any:
    """The points noirs of these places."""
    inside = Blackspot.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Blackspot.objects.filter(
        Q(commune_id__in=where.communes)
        | Q(residence_id__in=where.residences)
        | Q(Exists(inside.filter(blackspot_id=OuterRef("pk"))))
    ).values("pk")


def offers_a_part(actor: Actor, about: str | None) -> bool:
    """Whether a decision about such a thing may give a part of it to somebody."""
    return about == KIND and any(row.grants(actor, "assign") for row in access.REPORT.rows)


def make_part(actor: Actor, order: Order) -> tuple[str, int]:
    """Give the report that was on the agenda to the organisation that will do it."""
    report = Report.objects.allowed(actor, "assign").filter(pk=(order.about or ("", 0))[1]).first()
    organisation = Organisation.objects.filter(pk=order.organisation_id or 0).first()
    if report is None:
        raise ValidationError("Vous ne pouvez pas confier ce signalement.")
    if organisation is None:
        raise ValidationError("Dites quelle organisation s’en charge.")
    assign_part(report, actor=actor, organisation=organisation, title=order.title[:TITLE_LENGTH])
    return KIND, report.pk


def blackspot_rows(actor: Actor) -> Any:
    """The points noirs that this actor may see, as the register's columns."""
    return columns(
        Blackspot.objects.visible_to(actor),
        BLACKSPOT,
        title="title",
        who="owner__name",
        day=TruncDate("created_at"),
        state="state",
    )


def blackspots_due(actor: Actor) -> Any:
    """What is proposed, for who decides; what is kept, for who carries it."""
    may = partial(access.BLACKSPOT.condition, actor)
    proposed = may("decide") & Q(state=BlackspotState.PROPOSED)
    carried = may("plan") & Q(state=BlackspotState.KEPT, owner_id=actor.organisation_id)
    return due_columns(
        Blackspot.objects.filter(proposed | carried),
        BLACKSPOT,
        title="title",
        who="owner__name",
        state="state",
        due_on="due_on",
        owner="owner_id",
    )


def url_of_blackspot(pk: int) -> str:
    """The page of a point noir."""
    return reverse("reports:blackspot", args=[pk])


def numbered(reference: str) -> int | None:
    """The report of that reference, however its letters are written."""
    found = Report.objects.filter(reference=reference.upper()).values_list("pk", flat=True).first()
    return int(found) if found is not None else None


def url_of(pk: int) -> str:
    """The page of a report."""
    return reverse("reports:report", args=[pk])


register(
    Kind(
        code=KIND,
        label="signalement",
        plural="signalements",
        icon="megaphone",
        url=url_of,
        named=numbered,
        rows=report_rows,
        state_labels=STATE_LABELS,
        ended=CLOSED,
        due=parts_due,
        awaits=reports_awaiting,
        lies_in=reports_lying,
        places=places_of_reports,
        photo=photo_of_report,
        checking=Checking(WORDS, reports_to_see, keep_seen),
        spoke=spoke,
        sentences=SENTENCES,
        searchable=True,
    )
)
register(
    Kind(
        code=BLACKSPOT,
        label="point noir",
        plural="points noirs",
        icon="repeat",
        url=url_of_blackspot,
        rows=blackspot_rows,
        state_labels=dict(BlackspotState.choices),
        due=blackspots_due,
        awaits=blackspots_awaiting,
        lies_in=blackspots_lying,
        sentences=BLACKSPOT_SENTENCES,
    )
)
register_making(Making("part", "une part du signalement", offers_a_part, make_part))
