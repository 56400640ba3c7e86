"""Pages of conventions de GUP and of their pledges."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.actions import pledging
from parvis.actions.convention_forms import (
    CheckForm,
    ConventionForm,
    GroundForm,
    PledgeForm,
    TextsForm,
)
from parvis.actions.convention_models import Convention, Pledge
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.thread.reading import events_of, thread_of

ROWS = Convention.objects.select_related("agreement")
SHOWN = 100
TONES = {"kept": "done", "late": "soon", "unkept": "late", "unchecked": ""}


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of conventions down."""
    trail = [("Conventions de GUP", reverse("actions:conventions")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


@require_safe
def conventions(request: HttpRequest) -> HttpResponse:
    """The conventions that one may read, the newest first, with how their pledges are kept."""
    actor = actor_of(request)
    rows = ROWS.visible_to(actor).annotate(
        pledged=Count("pledges"),
        kept=Count("pledges", filter=Q(pledges__state=Pledge.State.KEPT)),
        unkept=Count("pledges", filter=Q(pledges__state=Pledge.State.UNKEPT)),
    )
    context = {
        "rows": list(rows.order_by("-agreement__starts_on", "-pk")[:SHOWN]),
        "may_create": actor.role == "coordination",
    }
    return render(request, "actions/conventions.html", context)


@require_safe
def convention(request: HttpRequest, pk: int) -> HttpResponse:
    """One convention: where, who signed, who keeps up which ground, who pledged what."""
    actor = actor_of(request)
    found: Convention = rights.fetch(ROWS.all(), actor, pk=pk)
    may = {
        action: actor.is_partner
        and Convention.objects.allowed(actor, action).filter(pk=pk).exists()
        for action in ("edit", "follow")
    }
    pledges = list(
        found.pledges.select_related("organisation").order_by("organisation__name", "number")
    )
    for one in pledges:
        one.tone = TONES[one.state]  # type: ignore[attr-defined]
    agreement = found.agreement
    context = {
        "convention": found,
        "agreement": agreement,
        "may": may,
        "by_organisation": [
            (who, list(rows)) for who, rows in groupby(pledges, lambda one: one.organisation)
        ],
        "counts": _counts(pledges) if may["follow"] else [],
        "grounds": list(found.grounds.select_related("owner", "manager", "area__manager")),
        "signatures": agreement.signatures.select_related("organisation")
        .prefetch_related("organisation__past_names")
        .order_by("organisation__name", "pk"),
        "quartiers": list(agreement.quartiers.defer("outline")),
        "communes": list(agreement.communes.defer("outline")),
        "project_quartiers": list(found.project_quartiers.defer("outline")),
        "avenants": list(agreement.avenants.order_by("starts_on", "pk")),
        "crumbs": crumbs((agreement.title, "")),
    }
    return render(request, "actions/convention.html", context)


def _counts(pledges: list[Pledge]) -> list[dict[str, Any]]:
    """How many pledges stand in each state, worst first; states that nobody is in are left out."""
    order = ("unkept", "late", "unchecked", "kept")
    labels = dict(Pledge.State.choices)
    found = [
        {
            "label": labels[state],
            "tone": TONES[state],
            "number": len([one for one in pledges if one.state == state]),
        }
        for state in order
    ]
    return [one for one in found if one["number"]]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new convention or charte."""
    actor = actor_of(request)
    form = ConventionForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = pledging.open_convention(actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Convention enregistrée. Ajoutez maintenant les engagements.")
            return redirect("actions:convention", made.pk)
    return _form(request, form, "Nouvelle convention de GUP", reverse("actions:conventions"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a convention says."""
    actor = actor_of(request)
    found: Convention = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    initial: dict[str, Any] = {name: getattr(found, name) for name in pledging.TEXTS}
    initial["project_quartiers"] = list(found.project_quartiers.values_list("pk", flat=True))
    form = TextsForm(request.POST or None, actor=actor, initial=initial)
    back = reverse("actions:convention", args=[pk])
    if request.method == "POST" and form.is_valid():
        pledging.rewrite_convention(found, actor=actor, **form.cleaned_data)
        messages.success(request, "Convention modifiée.")
        return redirect(back)
    return _form(request, form, "Modifier la convention", back, found.agreement.title, back)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody."""
    actor = actor_of(request)
    found: Convention = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    try:
        pledging.publish_convention(found, actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Convention publiée : chacun peut la lire.")
    return redirect("actions:convention", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new_ground(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who keeps up a ground."""
    actor = actor_of(request)
    found: Convention = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    form = GroundForm(request.POST or None, actor=actor, convention=found)
    back = reverse("actions:convention", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            pledging.name_ground(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Espace ajouté.")
            return redirect(back)
    return _form(request, form, "Ajouter un espace", back, found.agreement.title, back)


@require_http_methods(["GET", "HEAD", "POST"])
def new_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a signatory commits to."""
    actor = actor_of(request)
    found: Convention = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    form = PledgeForm(request.POST or None, convention=found)
    back = reverse("actions:convention", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            pledging.make_pledge(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Engagement ajouté.")
            return redirect(back)
    return _form(request, form, "Ajouter un engagement", back, found.agreement.title, back)


PLEDGES = Pledge.objects.select_related("convention__agreement", "organisation")


@require_safe
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """One pledge: its words for everybody, how it is kept for those who signed."""
    actor = actor_of(request)
    return _pledge(request, rights.fetch(PLEDGES.all(), actor, pk=pk))


def _pledge(request: HttpRequest, found: Pledge, form: CheckForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    may = {
        action: actor.is_partner
        and Pledge.objects.allowed(actor, action).filter(pk=found.pk).exists()
        for action in ("edit", "check", "follow")
    }
    convention = found.convention
    context = {
        "pledge": found,
        "tone": TONES[found.state],
        "may": may,
        "form": (form or CheckForm(initial={"checked_on": timezone.localdate()}))
        if may["check"]
        else None,
        "checks": [
            {"check": one, "tone": TONES[one.result]}
            for one in found.checks.select_related("by")[:SHOWN]
        ]
        if may["follow"]
        else [],
        "events": events_of(actor, pledging.PLEDGE, found.pk, seen=True) if may["follow"] else [],
        "steps": thread_of(actor, pledging.PLEDGE, found.pk, seen=True) if may["follow"] else [],
        "crumbs": crumbs(
            (convention.agreement.title, reverse("actions:convention", args=[convention.pk])),
            (f"Engagement {found.number}", ""),
        ),
    }
    return render(request, "actions/pledge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the words of a pledge."""
    actor = actor_of(request)
    found: Pledge = rights.fetch(PLEDGES.all(), actor, "edit", pk=pk)
    names = ("organisation", "task", "place", "frequency", "until", "means", "next_check_on")
    initial = {name: getattr(found, name) for name in names}
    form = PledgeForm(request.POST or None, convention=found.convention, initial=initial)
    back = reverse("actions:pledge", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            pledging.change_pledge(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Engagement corrigé.")
            return redirect(back)
    return _form(request, form, f"Corriger l’engagement {found.number}", back, found.task, back)


@require_POST
def check_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how the pledge was found."""
    actor = actor_of(request)
    found: Pledge = rights.fetch(PLEDGES.all(), actor, "check", pk=pk)
    form = CheckForm(request.POST)
    if form.is_valid():
        by = Organisation.objects.get(pk=actor.organisation_id or 0)
        try:
            check = pledging.check_pledge(found, actor=actor, by=by, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            more = (
                " Il sera proposé à l’ordre du jour de la prochaine séance."
                if check.result == Pledge.State.UNKEPT
                else ""
            )
            messages.success(request, f"Vérification enregistrée.{more}")
            return redirect("actions:pledge", pk)
    return _pledge(request, found, form)


def _form(
    request: HttpRequest, form: Any, heading: str, back: str, above: str = "", above_url: str = ""
) -> HttpResponse:
    trail = [(above, above_url)] if above else []
    context = {
        "form": form,
        "heading": heading,
        "back": back,
        "crumbs": crumbs(*trail, (heading, "")),
    }
    return render(request, "actions/convention_form.html", context)
