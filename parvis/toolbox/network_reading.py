"""Lists of the network: cut down by their filters and read by pages, in as many queries whatever
the number of rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.http import HttpRequest
from django.utils import timezone

from parvis.gatherings.kinds import COURSE
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.places.models import Quartier
from parvis.toolbox.models import DirectoryEntry, Experiment, NetworkAnswer, Question, StructureCard
from parvis.toolbox.models.networks import holding
from parvis.toolbox.network_experiment_acts import in_figures
from parvis.toolbox.network_workflow import QuestionState
from parvis.ui.components import Bar, BarGroup, Chart
from parvis.ui.words import day_in_words

PAGE = 30
GATHERINGS = ("reseau", "formation", COURSE)  # the kinds that people of the network meet on
PLACES = Quartier.objects.only("pk", "name").order_by("name", "pk")


def cut(request: HttpRequest, rows: Any, page: int = PAGE) -> tuple[list[Any], dict[str, str]]:
    """The rows of the page that the address asks for, and where the next ones are; one query."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    start = (max(number, 1) - 1) * page
    found = list(rows[start : start + page + 1])
    kept = {name: value for name, value in request.GET.items() if value and name != "page"}
    more = urlencode({**kept, "page": max(number, 1) + 1})
    return found[:page], {
        "next_url": f"{request.path}?{more}" if len(found) > page else "",
        "first_url": f"{request.path}?{urlencode(kept)}" if start else "",
    }


def chosen(form: Any) -> dict[str, Any]:
    """What the filters ask; nothing of what makes no sense."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def _about(model: Any, name: str, field: str, **where: Any) -> Exists:
    """Whether a row is linked to such a theme, quartier or public, without a join."""
    through = getattr(model, name).through.objects
    return Exists(through.filter(**{field: OuterRef("pk")}, **where))


def structures(actor: Actor, asked: dict[str, Any]) -> Any:
    """The structures that this actor may see, by name."""
    model = StructureCard
    rows = model.objects.visible_to(actor).select_related("organisation__commune")
    field = "structurecard_id"
    if "theme" in asked:
        rows = rows.filter(_about(model, "themes", field, theme__code=asked["theme"]))
    if "quartier" in asked:
        # Who names no quartier works on all of them.
        here = _about(model, "quartiers", field, quartier=asked["quartier"])
        rows = rows.filter(Q(here) | ~Q(_about(model, "quartiers", field)))
    if "public" in asked:
        rows = rows.filter(_about(model, "publics", field, label__code=asked["public"]))
    if "nature" in asked:
        rows = rows.filter(organisation__kind=asked["nature"])
    rows = rows.filter(holding(asked.get("q", "")))
    return (
        rows.defer("organisation__commune__outline")
        .prefetch_related("themes", "publics", _places())
        .order_by("organisation__name", "pk")
    )


def people(actor: Actor, asked: dict[str, Any]) -> Any:
    """The people who agreed to be found by this actor, by name."""
    model = DirectoryEntry
    rows = model.objects.visible_to(actor).select_related(
        "mandate__person", "mandate__organisation"
    )
    field = "directoryentry_id"
    if "theme" in asked:
        rows = rows.filter(_about(model, "themes", field, theme__code=asked["theme"]))
    if "quartier" in asked:
        here = _about(model, "quartiers", field, quartier=asked["quartier"])
        rows = rows.filter(Q(here) | ~Q(_about(model, "quartiers", field)))
    if "nature" in asked:
        rows = rows.filter(mandate__organisation__kind=asked["nature"])
    rows = rows.filter(holding(asked.get("q", "")))
    return rows.prefetch_related("themes", _places()).order_by("mandate__person__name", "pk")


def questions(actor: Actor, asked: dict[str, Any]) -> Any:
    """The questions of the actor's networks, those that moved last on top."""
    standing = NetworkAnswer.objects.filter(
        question_id=OuterRef("pk"), hidden_at=None, helped_at__isnull=False
    )
    rows = Question.objects.visible_to(actor).select_related("organisation", "quartier")
    if "theme" in asked:
        rows = rows.filter(theme_code=asked["theme"])
    if "quartier" in asked:
        rows = rows.filter(quartier=asked["quartier"])
    if "etat" in asked:
        rows = rows.filter(hidden_at=None, closed_at__isnull=asked["etat"] == QuestionState.OPEN)
    rows = rows.filter(holding(asked.get("q", ""))).defer("quartier__outline")
    return rows.annotate(
        answered=Count("answers", filter=Q(answers__hidden_at=None)), helped=Exists(standing)
    ).order_by("-moved_at", "-pk")


def experiments(actor: Actor, asked: dict[str, Any]) -> Any:
    """The experiments that this actor may see, newest first."""
    model = Experiment
    rows = model.objects.visible_to(actor).select_related("organisation")
    field = "experiment_id"
    if "theme" in asked:
        rows = rows.filter(_about(model, "themes", field, theme__code=asked["theme"]))
    if "quartier" in asked:
        rows = rows.filter(_about(model, "quartiers", field, quartier=asked["quartier"]))
    if "etat" in asked:
        rows = rows.filter(state=asked["etat"])
    rows = rows.filter(holding(asked.get("q", "")))
    return rows.prefetch_related(_places()).order_by(F("written_at").desc(), "-pk")


def gatherings(actor: Actor) -> Any:
    """The meetings of the network to come that this actor may see, the next one first."""
    rows = Gathering.objects.visible_to(actor).to_come(timezone.now())
    return (
        rows.filter(kind__in=GATHERINGS)
        .select_related("organiser", "commune")
        .defer("commune__outline")
        .order_by("starts_at", "pk")
    )


def chart_of(experiment: Experiment, results: list[Any]) -> Chart | None:
    """Before, after and what was aimed at, on one scale; nothing without a figure to compare."""
    # Short names for the bars of a telephone, whole ones for the table.
    told: list[tuple[str, str, Decimal | None]] = [("Avant", "Avant l’essai", experiment.before)]
    alone = len(results) == 1
    for one in results:
        name = "Après" if alone else f"{one.on:%d/%m/%y}"
        told.append((name, f"Après l’essai, {day_in_words(one.on)}", one.after))
    told.append(("Visé", "Visé", experiment.target))
    known = [(name, whole, value) for name, whole, value in told if value is not None]
    if len(known) < 2:
        return None
    most = max(value for _, _, value in known)
    bars = tuple(
        Bar(
            name,
            float(value * 100 / most) if most > 0 else 0.0,
            in_figures(value),
            second=name == "Visé",
        )
        for name, _, value in known
    )
    unit = f" ({experiment.unit})" if experiment.unit else ""
    return Chart(
        title=f"{experiment.indicator}{unit}",
        text="Avant, après, et ce qui était visé."
        if experiment.target is not None
        else "Avant et après.",
        groups=(BarGroup("", bars),),
        heads=("Moment", "Mesure"),
        rows=tuple((whole, in_figures(value, experiment.unit)) for _, whole, value in known),
        ident="mesure",
    )


def _places() -> Any:
    return Prefetch("quartiers", PLACES.all())
