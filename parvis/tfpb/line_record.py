"""A line as one plain record: what forms fill in, what imports and copies carry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from parvis.actions.models import Action, Plan
from parvis.actions.workflow import OPEN
from parvis.partners.actors import Actor
from parvis.places.models import Residence
from parvis.tfpb.axes import axes_of, axis_of, units
from parvis.tfpb.money import to_cents
from parvis.tfpb.programme_merging import Record, day_of, figure_of, plain
from parvis.tfpb.programme_models import Line, Programme, UsualMeans
from parvis.thread.acts import link, unlink
from parvis.ui.words import day_in_words, euros_in_words

WORDS = {
    "axis": "Axe",
    "nature": "Nature",
    "usual_means": "Moyen de droit commun renforcé",
    "title": "Action",
    "description": "Descriptif",
    "place": "Localisation",
    "residences": "Résidences",
    "starts_on": "Début",
    "ends_on": "Fin",
    "quantity": "Quantité",
    "unit": "Unité",
    "unit_cost": "Coût unitaire",
    "beyond": "Part au-delà du droit commun (%)",
    "spending": "Dépense prévisionnelle",
    "own_funding": "Financement du bailleur",
    "other_funding": "Autre financement",
    "other_funder": "Autres financeurs",
    "valued": "Dépense valorisée TFPB",
    "justification": "Justification",
    "action": "Action du plan",
}
FIELDS = tuple(WORDS)
DAYS = ("starts_on", "ends_on")
FIGURES = ("quantity", "unit_cost", "beyond")
AMOUNTS = ("spending", "own_funding", "other_funding", "valued")
IDS = ("usual_means", "action")
MONEY = ("unit_cost", *AMOUNTS)
LINE, ACTION = "tfpb_line", "action"


def record_of(line: Line, names: tuple[str, ...] = FIELDS) -> Record:
    """These fields of a line as it stands."""
    found: Record = {}
    for name in names:
        if name == "residences":
            found[name] = sorted(one.pk for one in line.residences.all())
        elif name in IDS:
            found[name] = getattr(line, f"{name}_id")
        else:
            found[name] = plain(getattr(line, name))
    return found


def put_record(line: Line, record: Record, *, actor: Actor) -> None:
    """Write these fields on a line whose programme is held, and link it on the thread to the action
    that it pays for. ValidationError, by field, when the record contradicts itself."""
    before = line.action_id
    for name, value in record.items():
        if name in DAYS:
            setattr(line, name, _read(name, day_of, value))
        elif name in FIGURES:
            setattr(line, name, _read(name, figure_of, value))
        elif name in AMOUNTS:
            setattr(line, name, to_cents(_read(name, figure_of, value) or Decimal(0)))
        elif name in IDS:
            setattr(line, f"{name}_id", value)
        elif name != "residences":
            setattr(line, name, value)
    _check(line, record, actor)
    line.full_clean(exclude=["programme", "action", "usual_means", "split"])
    line.save()
    if "residences" in record:
        line.residences.set(_residences(line, record["residences"]))
    if line.action_id != before:
        lead_to(line, before, actor=actor)


def lead_to(line: Line, before: int | None, *, actor: Actor) -> None:
    """The line arises from its action, and from the one before no longer."""
    if before is not None:
        unlink((ACTION, before), (LINE, line.pk))
    if line.action_id is not None:
        link(actor, (ACTION, line.action_id), (LINE, line.pk))


def _read(name: str, reader: Any, value: Any) -> Any:
    try:
        return reader(value)
    except ValidationError as wrong:
        raise ValidationError({name: wrong.messages}) from None


def _check(line: Line, record: Record, actor: Actor) -> None:
    """Lists, the row of droit commun and the action: only what belongs there."""
    programme = line.programme
    known = {axis.code for axis in axes_of(programme.year)}
    if "axis" in record and line.axis not in known:
        raise ValidationError({"axis": "Choisissez un axe de la liste de cette année."})
    if line.unit and line.unit not in units():
        raise ValidationError({"unit": "Choisissez une unité de la liste."})
    if record.get("usual_means") is not None:
        own = UsualMeans.objects.filter(pk=record["usual_means"], year=programme.year)
        if not own.filter(landlord_id=programme.landlord_id).exists():
            words = "Choisissez un moyen du tableau de droit commun de ce bailleur, cette année-là."
            raise ValidationError({"usual_means": words})
    if record.get("action") is not None:
        offered = actions_for(actor, programme, "").filter(pk=record["action"])
        if not offered.exists():
            words = "Choisissez une action en cours de ce quartier, que vous voyez."
            raise ValidationError({"action": words})


def actions_for(actor: Actor, programme: Programme, word: str) -> Any:
    """The open actions that this actor sees and that touch the quartier, by words of their title
    or their reference."""
    own = Action.quartiers.through.objects.filter(
        quartier=programme.quartier_id, action_id=OuterRef("pk")
    )
    planned = Plan.quartiers.through.objects.filter(
        quartier=programme.quartier_id, plan_id=OuterRef("plan_id")
    )
    rows = Action.objects.visible_to(actor).filter(
        Q(Exists(own)) | Q(Exists(planned)), state__in=OPEN
    )
    for part in word.split()[:6]:
        rows = rows.filter(Q(title__icontains=part) | Q(reference__iexact=part))
    return rows.select_related("plan", "lead").order_by("plan__title", "reference")


def _residences(line: Line, ids: list[int]) -> list[int]:
    there = Residence.objects.filter(pk__in=ids, commune=line.programme.commune_id)
    found = list(there.values_list("pk", flat=True))
    if len(found) != len(set(ids)):
        raise ValidationError({"residences": "Choisissez des résidences de cette commune."})
    return found


def in_words(name: str, value: Any) -> str:
    """A value of a record as people read it."""
    if value in ("", None, []):
        return "vide"
    if name == "axis":
        return axis_of(value).label
    if name == "nature":
        return str(Line.Nature(value).label)
    if name == "unit":
        return units().get(str(value), str(value))
    if name == "residences":
        names = Residence.objects.filter(pk__in=value).values_list("name", flat=True)
        return ", ".join(names.order_by("name"))
    if name == "usual_means":
        return str(UsualMeans.objects.filter(pk=value).first() or "")
    if name == "action":
        return str(Action.objects.filter(pk=value).first() or "")
    if name in DAYS:
        day = day_of(value)
        return day_in_words(day) if day else ""
    if name in MONEY:
        return euros_in_words(Decimal(value))
    return str(value)


def row_like(means: UsualMeans | None, year: int, landlord_id: int) -> UsualMeans | None:
    """The row of that year's table that carries the same indicator as this one of another year."""
    if means is None:
        return None
    same = Q(domain=means.domain, indicator=means.indicator)
    return UsualMeans.objects.filter(same, year=year, landlord_id=landlord_id).first()
