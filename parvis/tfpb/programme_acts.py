"""Writing a programme and its lines: one writes at a time, nothing is lost, nothing changes once
it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from parvis.actions.workflow import OPEN
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.models import Commune, Quartier
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.course_money import leave_course
from parvis.tfpb.holding import held, refuse_sent, why_told
from parvis.tfpb.line_checks import why_not_sendable
from parvis.tfpb.line_exclusions import kept_out, renewal_of
from parvis.tfpb.line_record import lead_to, put_record, record_of, row_like
from parvis.tfpb.programme_merging import Record, day_of, figure_of, merged, plain
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.stock_sums import stock_of
from parvis.tfpb.workflow import WRITTEN
from parvis.thread.acts import Happening, record, record_many, unlink

__all__ = ["why_not_sendable"]

PROGRAMME, LINE = "tfpb_programme", "tfpb_line"
HEAD_WORDS = {
    "convention": "Convention",
    "dwellings": "Logements abattus",
    "forecast": "Abattement prévisionnel",
    "forecast_on": "Estimé le",
    "forecast_source": "D’après",
    "real": "Abattement réel",
    "real_on": "Connu le",
    "real_source": "Avis d’imposition",
    "without_usual_means": "Sans tableau de droit commun",
}
HEAD = tuple(HEAD_WORDS)
REAL = ("real", "real_on", "real_source")
_HEAD_DAYS, _HEAD_FIGURES = ("forecast_on", "real_on"), ("forecast", "real")
# What a copy of last year's line does not take as it stands.
_OF_ITS_YEAR = ("starts_on", "ends_on", "usual_means", "action", "residences")


def open_programme(
    *,
    landlord: Organisation,
    commune: Commune,
    quartier: Quartier,
    year: int,
    convention: Convention | None = None,
    actor: Actor,
    now: datetime | None = None,
) -> Programme:
    """Open a landlord's sheet for one place and one year. Without a convention, the one that covers
    that place and year is taken; dwellings and forecast come from the stock when it is known."""
    at = now or timezone.now()
    made = Programme(
        landlord=landlord,
        commune=commune,
        quartier=quartier,
        year=year,
        convention=convention or convention_of(landlord, commune, year),
        created_at=at,
        moved_at=at,
    )
    _fill_from_stock(made)
    with transaction.atomic():
        made.full_clean()
        if not quartier.communes.filter(pk=commune.pk).exists():
            raise ValidationError("Ce quartier ne touche pas cette commune.")
        made.save()
        record(actor, PROGRAMME, made.pk, "opened", public=False, at=at)
    return made


def convention_of(landlord: Organisation, commune: Commune, year: int) -> Convention | None:
    """The landlord's convention that covers a commune and a year, the newest of several."""
    mine = Q(landlord=landlord) | Q(landlord__successor=landlord)
    first, last = date(year, 1, 1), date(year, 12, 31)
    begun = Q(agreement__starts_on=None) | Q(agreement__starts_on__lte=last)
    running = Q(agreement__ends_on=None) | Q(agreement__ends_on__gte=first)
    rows: Any = Convention.objects.filter(mine, begun, running, agreement__communes=commune)
    found: Convention | None = rows.order_by("-agreement__starts_on", "-pk").first()
    return found


def _fill_from_stock(programme: Programme) -> None:
    """The head's figures as the stock has them: abated dwellings, and their estimate with its day
    and source unless it lacks a residence."""
    stock = stock_of(programme)
    if stock.residences:
        programme.dwellings = stock.abated
    if stock.estimate is not None and not stock.unestimated:
        programme.forecast, programme.forecast_on = stock.estimate, stock.estimated_on
        programme.forecast_source = "patrimoine concerné"


def head_record(programme: Programme) -> Record:
    """The head of a programme as a record."""
    return {
        name: programme.convention_id if name == "convention" else plain(getattr(programme, name))
        for name in HEAD
    }


def write_head(
    programme: Programme, asked: Record, *, actor: Actor, version: int, read: Record | None = None
) -> Programme:
    """Write the head over the version that one read; Overtaken when both wrote on one field."""
    with transaction.atomic():
        fresh = held(programme)
        refuse_sent(fresh)
        wanted = merged(fresh, head_record(fresh), asked, version=version, read=read)
        if not wanted:
            return fresh
        for name, value in wanted.items():
            if name == "convention":
                fresh.convention_id = value
            elif name in _HEAD_DAYS:
                setattr(fresh, name, day_of(value))
            elif name in _HEAD_FIGURES:
                setattr(fresh, name, figure_of(value))
            else:
                setattr(fresh, name, value)
        _check_head(fresh)
        fresh.version += 1
        fresh.full_clean(exclude=["landlord", "commune", "quartier"])
        fresh.save()
        record(actor, PROGRAMME, fresh.pk, "changed", public=False)
    return fresh


def write_real(programme: Programme, asked: Record, *, actor: Actor) -> Programme:
    """Write the real abatement of the tax notice, with its day and source: it comes once the
    programme has long been sent, and changes nothing of what was. The last one to write is right.
    """
    with transaction.atomic():
        fresh = held(programme)
        if why := why_told(fresh):
            raise Refused(why)
        old = plain(fresh.real)
        fresh.real, fresh.real_on = figure_of(asked["real"]), day_of(asked["real_on"])
        fresh.real_source = asked["real_source"]
        _check_head(fresh)
        fresh.version += 1
        fresh.full_clean(exclude=["landlord", "commune", "quartier"])
        fresh.save(update_fields=[*REAL, "version"])
        new = plain(fresh.real)
        record(actor, PROGRAMME, fresh.pk, "real", old=old or "", new=new or "", public=False)
    return fresh


def _check_head(programme: Programme) -> None:
    """An amount says its day and its source; a convention is the landlord's own."""
    wrong: dict[str, str] = {}
    for amount, day, source in (
        ("forecast", "forecast_on", "forecast_source"),
        ("real", "real_on", "real_source"),
    ):
        if getattr(programme, amount) is None:
            continue
        if getattr(programme, day) is None:
            wrong[day] = "Dites de quel jour date ce montant."
        if not getattr(programme, source).strip():
            wrong[source] = "Dites d’où vient ce montant."
    if programme.convention_id is not None:
        landlord = programme.landlord
        mine = Q(landlord=landlord) | Q(landlord__successor=landlord)
        if not Convention.objects.filter(mine, pk=programme.convention_id).exists():
            wrong["convention"] = "Choisissez une convention de ce bailleur."
    if wrong:
        raise ValidationError(wrong)


def last_year_of(programme: Programme) -> Programme | None:
    """The same sheet a year before: this landlord's, or that of one it took over."""
    landlord = programme.landlord_id
    rows = Programme.objects.filter(
        Q(landlord=landlord) | Q(landlord__successor=landlord),
        commune=programme.commune_id,
        quartier=programme.quartier_id,
        year=programme.year - 1,
    )
    return rows.order_by("pk").first()


def build_from_last_year(programme: Programme, *, actor: Actor) -> int:
    """Copy last year's lines that are not here yet: same key, same amounts, dates a year later, no
    spending; how many were copied. An action that is over and a split stay behind."""
    with transaction.atomic():
        fresh = held(programme)
        refuse_sent(fresh)
        last = last_year_of(fresh)
        if last is None:
            raise Refused(f"Ce bailleur n’a pas de programme ici en {fresh.year - 1}.")
        known = set(fresh.lines.values_list("key", flat=True))
        rows = last.lines.exclude(key__in=known).select_related("usual_means", "action")
        copies = [
            _copy_line(fresh, line, actor) for line in rows.prefetch_related("residences").all()
        ]
        if copies:
            record(actor, PROGRAMME, fresh.pk, "rebuilt", new=str(len(copies)), public=False)
            happened = [Happening(LINE, one.pk, "copied", public=False) for one in copies]
            record_many(actor, happened)
    return len(copies)


def _copy_line(programme: Programme, line: Line, actor: Actor) -> Line:
    kept = [
        field.attname
        for field in Line._meta.concrete_fields
        if field.name not in ("id", "programme", "split", "split_percent", "version", *_OF_ITS_YEAR)
    ]
    made = Line(programme=programme, **{name: getattr(line, name) for name in kept})
    made.starts_on, made.ends_on = _year_later(line.starts_on), _year_later(line.ends_on)
    made.usual_means = row_like(line.usual_means, programme.year, programme.landlord_id)
    made.action = line.action if line.action and line.action.state in OPEN else None
    made.save()
    made.residences.set(line.residences.all())
    lead_to(made, None, actor=actor)
    return made


def _year_later(day: date | None) -> date | None:
    """The same day a year later; 29 February becomes the 28th."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def new_line(programme: Programme, asked: Record, *, actor: Actor, key: UUID | None = None) -> Line:
    """Write a new line at the end of its axis."""
    with transaction.atomic():
        fresh = held(programme)
        refuse_sent(fresh)
        line = Line(programme=fresh, **({"key": key} if key else {}))
        line.position = _next_position(fresh)
        put_record(line, asked, actor=actor)
        _refuse_excluded(line)
        record(actor, LINE, line.pk, "written", public=False)
    return line


def _next_position(programme: Programme) -> int:
    last = programme.lines.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def write_line(
    line: Line, asked: Record, *, actor: Actor, version: int, read: Record | None = None
) -> Line:
    """Write these fields over a line that one read at that version.

    What somebody else wrote meanwhile on other fields stays (`read` is what the writer saw);
    on the same fields, Overtaken.
    """
    with transaction.atomic():
        fresh = held_line(line)
        now = record_of(fresh, tuple(asked))
        wanted = merged(fresh, now, asked, version=version, read=read)
        if not wanted:
            return fresh
        _refuse_shared(fresh, wanted)
        fresh.version += 1
        put_record(fresh, wanted, actor=actor)
        if {"axis", "residences"} & set(wanted):
            _refuse_excluded(fresh)
        record(actor, LINE, fresh.pk, "changed", public=False)
    return fresh


def held_line(line: Line) -> Line:
    """A line as it stands now, its programme locked and still written; Refused otherwise."""
    programme = held(line.programme)
    refuse_sent(programme)
    fresh = programme.lines.filter(pk=line.pk).first()
    if fresh is None:
        raise Refused(
            "Cette ligne a été retirée entre-temps. "
            "Ce que vous venez d’écrire n’a pas été enregistré."
        )
    fresh.programme = programme
    return fresh


def _refuse_shared(line: Line, wanted: Record) -> None:
    if line.split_id is not None and "spending" in wanted:
        words = "C’est la part d’une action partagée : changez le partage, pas la dépense."
        raise ValidationError({"spending": words})


def _refuse_excluded(line: Line) -> None:
    """An axis that a rule refuses here; one that it warns of is written, and said beside."""
    found = kept_out(line, renewal_of(line.programme))
    if found is not None and found[1]:
        rule = found[0]
        raise ValidationError({"axis": f"{rule.label} ({rule.reference})"})


def remove_line(line: Line, *, actor: Actor, version: int | None = None) -> None:
    """Take a line away while the programme is written, unless somebody has written on it since that
    version. What was said of it stays on the programme; its part of a shared action is proposed
    again."""
    with transaction.atomic():
        fresh = held_line(line)
        if version is not None and version != fresh.version:
            raise Refused("Quelqu’un a écrit sur cette ligne : relisez-la avant de la retirer.")
        if fresh.spendings.exists():
            raise Refused("Des dépenses sont notées sur cette ligne : elle reste.")
        _leave_split(fresh)
        fresh.remarks.update(line=None)
        if fresh.action_id is not None:
            unlink(("action", fresh.action_id), (LINE, fresh.pk))
        leave_course(fresh)
        record(actor, PROGRAMME, fresh.programme_id, "line_removed", public=False)
        fresh.delete()


def _leave_split(line: Line) -> None:
    """What a removed line shared: the pilot's own ends the split, another gives its part back."""
    split = line.split
    if split is None or split.pilot_id != line.programme.landlord_id:
        return
    others = split.lines.exclude(programme__landlord=split.pilot_id).select_related("programme")
    taker = others.first()
    if taker is not None:
        raise Refused(f"{taker.programme.landlord} a déjà repris sa part de cette action.")
    sent = split.lines.exclude(programme__state__in=WRITTEN).exists()
    if sent:
        raise Refused("Une autre part de cette action est dans un programme déjà transmis.")
    split.lines.update(split=None, split_percent=None)
    line.split = None
    split.delete()


def reorder(programme: Programme, lines: Sequence[int], *, actor: Actor) -> None:
    """Put these lines in this order; those that are not named come after, in their own."""
    with transaction.atomic():
        fresh = held(programme)
        refuse_sent(fresh)
        known = {line.pk: line for line in fresh.lines.order_by("position", "pk")}
        first = [pk for pk in lines if pk in known]
        order = [*first, *(pk for pk in known if pk not in first)]
        moved = []
        for position, pk in enumerate(order):
            if known[pk].position != position:
                known[pk].position = position
                moved.append(known[pk])
        Line.objects.bulk_update(moved, ["position"])
        if moved:
            record(actor, PROGRAMME, fresh.pk, "reordered", public=False)
