"""The register of experiments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of, thread_of
from parvis.toolbox import network_experiment_acts as acts
from parvis.toolbox import network_reading as reading
from parvis.toolbox.models import Experiment
from parvis.toolbox.network_access import may_write
from parvis.toolbox.network_events import EXPERIMENT
from parvis.toolbox.network_experiment_forms import DecisionForm, ExperimentForm, ResultForm
from parvis.toolbox.network_forms import ExperimentFilterForm
from parvis.toolbox.network_views import both, crumbs, form_page, tabs, tell
from parvis.toolbox.network_workflow import ENDED, ExperimentState

LABEL = "Expérimentations"
EXPERIMENTS = Experiment.objects.select_related("organisation", "coordination")
RIGHTS = ("write", "measure", "decide", "publish", "tell")
TONES = {
    ExperimentState.PREPARED: "plain",
    ExperimentState.RUNNING: "soon",
    ExperimentState.MEASURED: "mine",
    ExperimentState.SPREAD: "done",
    ExperimentState.STOPPED: "plain",
}


def trail(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page below the register."""
    return crumbs((LABEL, reverse("toolbox:experiments") if pairs else ""), *pairs)


def is_late(experiment: Experiment) -> bool:
    """Whether its end passed without a result."""
    ends = experiment.ends_on
    running = experiment.state == ExperimentState.RUNNING
    return running and ends is not None and ends < timezone.localdate()


@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """The experiments that one may see."""
    actor = actor_of(request)
    form = ExperimentFilterForm(request.GET, of=("theme", "quartier", "etat"))
    asked = reading.chosen(form)
    rows, pager = reading.cut(request, reading.experiments(actor, asked))
    return render(
        request,
        "toolbox/network_experiments.html",
        {
            "rows": [{"one": one, "tone": TONES[one.state], "late": is_late(one)} for one in rows],
            "form": form,
            "filtered": bool(asked),
            "tabs": tabs(actor, "toolbox:experiments"),
            "may_write": may_write(actor),
            "crumbs": trail(),
            **pager,
        },
    )


@require_safe
def experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """One experiment: what is thought, tried, measured, decided."""
    actor = actor_of(request)
    found: Experiment = rights.fetch(EXPERIMENTS, actor, pk=pk)
    may = {
        right: actor.is_partner
        and Experiment.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in RIGHTS
    }
    results = list(found.results.all())
    return render(
        request,
        "toolbox/network_experiment.html",
        {
            "experiment": found,
            "tone": TONES[ExperimentState(found.state)],
            "late": is_late(found),
            "ended": found.state in ENDED,
            "partners": list(found.partners.order_by("name", "pk")),
            "quartiers": list(found.quartiers.only("pk", "name").order_by("name", "pk")),
            "themes": list(found.themes.all()),
            "results": [
                {
                    "one": one,
                    "figure": "" if one.after is None else acts.in_figures(one.after, found.unit),
                }
                for one in results
            ],
            "chart": reading.chart_of(found, results),
            "may": may,
            "steps": thread_of(actor, EXPERIMENT, found.pk),
            "events": events_of(actor, EXPERIMENT, found.pk, seen=True) if actor.is_partner else [],
            "crumbs": trail((found.title, "")),
        },
    )


@both
def new(request: HttpRequest) -> HttpResponse:
    """Write an experiment of one's organisation."""
    return _write(request, None)


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change it until it is ended."""
    return _write(request, rights.fetch(EXPERIMENTS, actor_of(request), "write", pk=pk))


def _write(request: HttpRequest, found: Experiment | None) -> HttpResponse:
    actor = actor_of(request)
    form = ExperimentForm(request.POST or None, actor=actor, experiment=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_experiment(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "L’expérimentation est enregistrée.")
            return redirect("toolbox:experiment", made.pk)
    if found is None:
        heading, back = "Proposer une expérimentation", reverse("toolbox:experiments")
        path = trail((heading, ""))
    else:
        heading, back = "Modifier", reverse("toolbox:experiment", args=[found.pk])
        path = trail((found.title, back), (heading, ""))
    return form_page(
        request,
        form,
        heading,
        "Enregistrer",
        back,
        path,
        lead="Votre organisation, celles que vous nommez et la coordination la lisent. Elle est "
        "publique quand la coordination la publie.",
    )


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """The test begins."""
    found = rights.fetch(EXPERIMENTS, actor_of(request), "write", pk=pk)
    return _done(
        request, pk, "L’essai a commencé.", acts.start_experiment, found, actor=actor_of(request)
    )


@both
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the test gave."""
    actor = actor_of(request)
    found = rights.fetch(EXPERIMENTS, actor, "measure", pk=pk)
    form = ResultForm(request.POST or None, experiment=found, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_result(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Le résultat est écrit : reste à décider de la suite.")
            return redirect("toolbox:experiment", pk)
    return _asked(request, found, form, "Écrire le résultat", "Enregistrer")


@both
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Spread it, stop it, or go on."""
    actor = actor_of(request)
    found = rights.fetch(EXPERIMENTS, actor, "decide", pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.decide(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "La décision est notée.")
            return redirect("toolbox:experiment", pk)
    return _asked(request, found, form, "Décider de la suite", "Décider")


def _asked(
    request: HttpRequest, found: Experiment, form: Any, heading: str, action: str
) -> HttpResponse:
    back = reverse("toolbox:experiment", args=[found.pk])
    path = trail((found.title, back), (heading, ""))
    return form_page(request, form, heading, action, back, path)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody, or take it back."""
    found = rights.fetch(EXPERIMENTS, actor_of(request), "publish", pk=pk)
    published = request.POST.get("retirer") != "oui"
    told = "Tout le monde peut la lire." if published else "Elle n’est plus publique."
    return _done(
        request,
        pk,
        told,
        acts.publish_experiment,
        found,
        actor=actor_of(request),
        published=published,
    )


@require_POST
def tell_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a fiche d'expérience with what is known here."""
    actor = actor_of(request)
    found = rights.fetch(EXPERIMENTS, actor, "tell", pk=pk)
    try:
        sheet = acts.tell_experience(found, actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("toolbox:experiment", pk)
    messages.success(request, "La fiche est en brouillon sur votre bureau : complétez-la.")
    return redirect("wagtailadmin_pages:edit", sheet.pk)


def _done(
    request: HttpRequest, pk: int, told: str, act: Any, found: Experiment, **given: Any
) -> HttpResponse:
    """Do it and say so, or say why not."""
    try:
        act(found, **given)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, told)
    return redirect("toolbox:experiment", pk)
