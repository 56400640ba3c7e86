"""One finding: its page for everybody, what becomes of it, what is put right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.rights import Refused
from parvis.thread.reading import events_of, thread_of
from parvis.walks import sorting
from parvis.walks.answers import crumbs
from parvis.walks.desk_correcting import correct_finding as correct
from parvis.walks.desk_forms import (
    DOUBLES_AT_MOST,
    JOIN,
    LINK,
    MAKE,
    REPORT,
    CorrectForm,
    SortForm,
    UniteForm,
)
from parvis.walks.desk_places import near_reports, point_of
from parvis.walks.desk_rows import TO_SORT, TONES, became_of, findings_of, noted_by, severity_of
from parvis.walks.desk_rows import pictures_of as pictures_by_finding
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation, Picture, Walk
from parvis.walks.plan import Mark, plan_of
from parvis.walks.workflow import MADE, Outcome

ROWS = Observation.objects.select_related(
    "walk__gathering",
    "stop__residence",
    "manager",
    "responsible",
    "organisation",
    "residence",
    "same_as",
)
DONE = {
    "withdraw": "Constat écarté. Il se reprend quand vous voulez.",
    "restore": "Constat repris.",
    "part": "Constat séparé.",
    "undo": "Ce constat est de nouveau à trier.",
    "unite": "Constats réunis : leurs photos restent.",
}


@require_safe
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what, where, what it became. Strangers read what was reviewed for them."""
    actor = actor_of(request)
    found: Observation = rights.fetch(ROWS.all(), actor, pk=pk)
    walk, point = found.walk, point_of(found)
    tone = "strength" if found.strength else "weakness"
    marks = [Mark("", found.title, *point, tone)] if point else []
    reads = Observation.objects.allowed(actor, "read").filter(pk=pk).exists()
    follows = Walk.objects.allowed(actor, "follow").filter(pk=walk.pk).exists()
    may_sort = Observation.objects.allowed(actor, "sort").filter(pk=pk).exists()
    trail = crumbs(walk, (found.title, ""))
    return render(
        request,
        "walks/observation.html",
        {
            "observation": found,
            "walk": walk,
            "reads": reads,
            "may_sort": may_sort,
            "sortable": may_sort and _sortable(found),
            "words": found.note if reads else found.public_note,
            "severity": severity_of(found),
            "noted_by": noted_by(found) if reads else "",
            "tone": TONES.get(Outcome(found.outcome), ""),
            "pictures": _pictures(actor, found),
            "doubles": _doubles(actor, found) if reads else [],
            "head": found.same_as if follows else None,
            "plan": plan_of(walk, list(walk.stops.all()), marks, width=480) if marks else None,
            "thread": thread_of(actor, OBSERVATION, pk, seen=True),
            "events": events_of(actor, OBSERVATION, pk, seen=True) if reads else [],
            # The page of the walk is for those who follow it.
            "crumbs": trail if follows else [trail[0], trail[-1]],
        },
    )


def _doubles(actor: Actor, found: Observation) -> list[Observation]:
    rows = Observation.objects.visible_to(actor).filter(same_as=found)
    return list(rows.order_by("noted_at", "pk")[:DOUBLES_AT_MOST])


def _sortable(found: Observation) -> bool:
    return found.withdrawn_at is None and found.same_as_id is None and found.outcome not in MADE


def _pictures(actor: Actor, found: Observation) -> list[Picture]:
    return pictures_by_finding(actor, [found.pk]).get(found.pk, [])


@require_http_methods(["GET", "HEAD", "POST"])
def sort_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a finding becomes; then the next one to sort."""
    actor = actor_of(request)
    found: Observation = rights.fetch(ROWS.all(), actor, "sort", pk=pk)
    near = near_reports(actor, found)
    form = SortForm(request.POST or None, actor=actor, finding=found, near=near)
    if request.method == "POST" and form.is_valid():
        try:
            _sort(found, form, actor)
        except Refused as refused:
            form.add_error(None, refused)
        except ValidationError as refused:
            _tell(form, refused)
        else:
            messages.success(request, f"{found.title} : c’est noté.")
            return redirect(_next(found))
    return render(
        request,
        "walks/sort_finding.html",
        {
            "observation": found,
            "walk": found.walk,
            "form": form,
            "sortable": _sortable(found),
            "severity": severity_of(found),
            "noted_by": noted_by(found),
            "tone": TONES.get(Outcome(found.outcome), ""),
            "pictures": _pictures(actor, found),
            "became": became_of(actor, [pk]).get(pk, []),
            "unite": UniteForm(finding=found),
            "crumbs": _trail(found, "Donner une suite"),
        },
    )


def _sort(found: Observation, form: SortForm, actor: Actor) -> None:
    given = form.cleaned_data
    outcome, follow, text = given["outcome"], form.follow(), given["text"]
    if outcome == REPORT:
        sorting.make_report(
            found,
            actor=actor,
            category=given["category"],
            text=text,
            follow=follow,
            pictures=given["pictures"],
        )
    elif outcome.startswith(LINK):
        pk = int(outcome.removeprefix(LINK))
        if "responsible" not in form.changed_data:
            # Left as it was proposed: who has a part of that report is known better.
            follow = replace(follow, responsible=None)
        sorting.link_to_report(found, pk, actor=actor, follow=follow)
    elif outcome == JOIN:
        sorting.join_action(found, given["action"], actor=actor, follow=follow)
    elif outcome.startswith(MAKE):
        code = outcome.removeprefix(MAKE)
        sorting.make_of(found, code, actor=actor, text=text, follow=follow)
    elif outcome == Outcome.TO_DECIDE:
        sorting.put_to_decision(found, actor=actor, follow=follow)
    else:
        sorting.note_finding(found, actor=actor, follow=follow)


def _tell(form: Any, refused: ValidationError) -> None:
    """Put what was refused beside its field, or above the form when it has no such field."""
    by_field = refused.message_dict if hasattr(refused, "error_dict") else {}
    if not by_field:
        form.add_error(None, refused)
    for name, words in by_field.items():
        form.add_error(name if name in form.fields else None, words)


def _next(found: Observation) -> str:
    """The next finding to sort of the same walk; the desk once there is none."""
    left = findings_of(found.walk, TO_SORT).exclude(pk=found.pk).first()
    if left is None:
        return reverse("walks:desk", args=[found.walk_id])
    return reverse("walks:sort_finding", args=[left.pk])


def _trail(found: Observation, here: str) -> list[dict[str, str]]:
    desk = reverse("walks:desk", args=[found.walk_id])
    page = reverse("walks:observation", args=[found.pk])
    return crumbs(found.walk, ("Constats", desk), (found.title, page), (here, ""))


@require_http_methods(["GET", "HEAD", "POST"])
def correct_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what was noted, and how it is followed."""
    actor = actor_of(request)
    found: Observation = rights.fetch(ROWS.all(), actor, "sort", pk=pk)
    form = CorrectForm(request.POST or None, actor=actor, finding=found)
    if request.method == "POST" and form.is_valid():
        names = ("theme_code", "severity", "stop", "manager")
        given = {name: form.cleaned_data[name] for name in names}
        given["strength"] = bool(form.cleaned_data["strength"])
        try:
            correct(found, actor=actor, follow=form.follow(), **given)
        except ValidationError as refused:
            _tell(form, refused)
        else:
            messages.success(request, "Constat corrigé.")
            return redirect("walks:observation", pk)
    return render(
        request,
        "walks/sort_correct.html",
        {
            "observation": found,
            "form": form,
            "crumbs": _trail(found, "Corriger"),
        },
    )


@require_POST
def move_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a finding, take it up again, unite it, part it, or undo what was said of it."""
    actor = actor_of(request)
    found: Observation = rights.fetch(ROWS.all(), actor, "sort", pk=pk)
    do = request.POST.get("do", "")
    acts = {
        "withdraw": sorting.withdraw,
        "restore": sorting.restore,
        "part": sorting.part,
        "undo": sorting.undo_sorting,
    }
    try:
        if do == "unite":
            form = UniteForm(request.POST, finding=found)
            if not form.is_valid():
                raise Refused("Choisissez le constat qui dit la même chose.")
            sorting.unite(found, form.cleaned_data["into"], actor=actor)
        elif do in acts:
            acts[do](found, actor=actor)
        else:
            raise Refused("Choisissez ce qu’il faut faire de ce constat.")
    except ValidationError as refused:
        for words in refused.messages:
            messages.error(request, words)
    else:
        messages.success(request, DONE[do])
    return redirect("walks:observation", pk)
