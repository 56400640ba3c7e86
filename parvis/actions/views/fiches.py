"""One action: its page for everybody, and how partners write it and take it to its end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.actions import acts
from parvis.actions.events import cost_of
from parvis.actions.forms import (
    ROW_FORMS,
    ActionForm,
    MeasureForm,
    PictureForm,
    StepForm,
    row_sets,
    rows_record,
)
from parvis.actions.models import Action, Funding, Indicator, Picture, Plan
from parvis.actions.record import record_of
from parvis.actions.sorting import goal_on
from parvis.actions.views.plans import crumbs, fetch_plan, plan_crumb, write
from parvis.actions.workflow import STEPS, steps_from
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of, thread_of
from parvis.thread.register import Paid, paid_for, payings
from parvis.toolbox.content_following import say_it_follows
from parvis.toolbox.sheet_suggesting import suggest
from parvis.upkeep.themes import labels

ROWS = Action.objects.select_related("plan__organiser", "lead")


def fetch_action(request: HttpRequest, pk: int, action: str = "see") -> Action:
    """The action, with the right to do that on it."""
    found: Action = rights.fetch(ROWS.all(), actor_of(request), action, pk=pk)
    return found


@require_safe
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """The fiche: for residents what is done here, for partners all of it."""
    return _page(request, fetch_action(request, pk))


def _page(request: HttpRequest, found: Action, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    partner = actor.is_partner and _more_than_public(request, found)
    may = {
        right: partner and Action.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in ("edit", "validate")
    }
    steps = list(found.steps.select_related("organisation"))
    indicators = list(found.indicators.prefetch_related("measures")) if partner else []
    pictures = list(found.pictures.all())
    fundings = list(found.fundings.select_related("funder")) if partner else []
    paid = paid_for(actor, acts.KIND, [found.pk]).get(found.pk, []) if partner else []
    done = sum(one.done_on is not None for one in steps)
    return render(
        request,
        "actions/action.html",
        {
            "action": found,
            "partner": partner,
            "may": may,
            "quartiers": list(found.quartiers.defer("outline")),
            "residences": list(found.residences.defer("outline")),
            "themes": labels(found.themes),
            "objectives": list(found.objectives.all()) if partner else [],
            "goal": goal_on(found.starts_on or timezone.localdate()),
            "partners": list(found.partners.select_related("organisation")),
            "steps": steps,
            "done": done,
            "indicators": [
                {"indicator": one, "measures": list(one.measures.all())} for one in indicators
            ],
            "insertions": list(found.insertions.all()) if partner else [],
            "fundings": fundings,
            "paid": [{"label": label, "money": money} for label, money in paid],
            "totals": _totals(fundings, [money for _, money in paid]),
            "cost": cost_of(found, actor) if found.cost_public else None,
            "pictures": pictures,
            "life": [step for step in steps_from(found.state) if may[step.right]],
            "measure_form": forms.get("measure") or MeasureForm(),
            "measured": forms.get("measured", 0),
            "picture_form": forms.get("picture") or PictureForm(),
            "suggested": suggest(actor, themes=found.themes) if partner else [],
            "follow_url": reverse("actions:follow_sheet", args=[found.pk]) if may["edit"] else "",
            "thread": thread_of(actor, acts.KIND, found.pk),
            "events": events_of(actor, acts.KIND, found.pk, seen=True),
            "crumbs": crumbs(plan_crumb(found.plan), (found.reference, ""))
            if partner
            else [{"label": "Accueil", "url": "/"}, {"label": found.title, "url": ""}],
        },
    )


@require_POST
def follow_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it follows a sheet of the toolbox."""
    found = fetch_action(request, pk, "edit")
    return say_it_follows(
        request,  # type: ignore[arg-type]
        (acts.KIND, found.pk),
        reverse("actions:action", args=[pk]),
    )


def _totals(fundings: list[Funding], paid: list[Paid]) -> dict[str, Decimal]:
    """What was asked for, granted and spent in all; what is paid elsewhere counts once, here."""
    zero = Decimal(0)
    return {
        "asked": sum((one.asked for one in fundings), zero),
        "granted": sum((one.granted for one in fundings), zero)
        + sum((one.planned for one in paid), zero),
        "spent": sum((one.spent for one in fundings), zero)
        + sum((one.spent for one in paid), zero),
    }


def _more_than_public(request: HttpRequest, found: Action) -> bool:
    """Whether this partner sees the fiche for more than its being published."""
    return bool(Plan.objects.visible_to(actor_of(request)).filter(pk=found.plan_id).exists())


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a new action in a plan."""
    actor, plan = actor_of(request), fetch_plan(request, pk, "edit")
    data = request.POST or None
    initial = {"lead": plan.organiser_id, "quartiers": plan.quartiers.values_list("pk", flat=True)}
    form = ActionForm(data, actor=actor, plan=plan, lead=plan.organiser_id, initial=initial)
    sets = row_sets(actor, None, data)
    if request.method == "POST" and _valid(form, sets):
        try:
            made = acts.new_action(plan, {**form.record(), **rows_record(sets)}, actor=actor)
        except ValidationError as refused:
            _tell(form, refused)
        else:
            messages.success(request, f"Fiche {made.reference} écrite.")
            return redirect("actions:action", made.pk)
    return _form(request, form, sets, "Écrire une fiche action", plan_crumb(plan))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the whole fiche."""
    actor, found = actor_of(request), fetch_action(request, pk, "edit")
    data = request.POST or None
    initial = {**record_of(found), "version": found.version}
    form = ActionForm(data, actor=actor, plan=found.plan, lead=found.lead_id, initial=initial)
    sets = row_sets(actor, found, data)
    there = reverse("actions:action", args=[pk])
    if request.method == "POST" and _valid(form, sets):
        try:
            return write(request, found, form, {**form.record(), **rows_record(sets)}, there)
        except ValidationError as refused:
            _tell(form, refused)
    return _form(request, form, sets, f"Modifier {found.reference}", (found.title, there))


def _valid(form: ActionForm, sets: dict[str, Any]) -> bool:
    return all([form.is_valid(), *(rows.is_valid() for rows in sets.values())])


def _tell(form: ActionForm, refused: ValidationError) -> None:
    """Words of the act on the form, on the field when the form has it."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, wrong in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, wrong)


def _form(
    request: HttpRequest,
    form: ActionForm,
    sets: dict[str, Any],
    heading: str,
    back: tuple[str, str],
) -> HttpResponse:
    rows = [{"name": name, "title": ROW_FORMS[name][1], "set": rows} for name, rows in sets.items()]
    context = {
        "form": form,
        "rows": rows,
        "heading": heading,
        "payings": [one.label for one in payings()],
        "back": back[1],
        "crumbs": crumbs(back, (heading, "")),
    }
    return render(request, "actions/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def advance(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take the action to its next state."""
    step = STEPS.get(code)
    found = fetch_action(request, pk, "edit")
    if step is None:
        raise Http404
    fetch_action(request, pk, step.right)
    form = StepForm(request.POST or None, needs=step.needs)
    ready = request.method == "POST" and (not step.needs or form.is_valid())
    if ready:
        said = form.cleaned_data if step.needs else {}
        try:
            acts.advance_action(found, code, actor=actor_of(request), **said)
        except ValidationError as refused:
            form.add_error(None, refused) if step.needs else messages.error(
                request, " ".join(refused.messages)
            )
        else:
            done = code == "end"
            words = "Action terminée : qui l’avait demandée est prévenu." if done else "C’est noté."
            messages.success(request, words)
            return redirect("actions:action", pk)
        if not step.needs:
            return redirect("actions:action", pk)
    there = reverse("actions:action", args=[pk])
    context = {
        "form": form,
        "heading": step.label,
        "lead": str(found),
        "action": step.label,
        "back": there,
        "crumbs": crumbs(plan_crumb(found.plan), (found.reference, there), (step.label, "")),
    }
    return render(request, "actions/form.html", context)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the fiche to everybody, or to partners alone again."""
    found = fetch_action(request, pk, "edit")
    shown = request.POST.get("shown") == "yes"
    try:
        acts.publish_action(found, actor=actor_of(request), shown=shown)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = "Chacun peut lire cette fiche." if shown else "Les partenaires seuls la lisent."
        messages.success(request, words)
    return redirect("actions:action", pk)


@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """A step is done today, or is not done after all."""
    found = fetch_action(request, pk, "edit")
    steps = {str(one.pk): one for one in found.steps.select_related("action")}
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        messages.error(request, "Cette étape n’est plus dans la fiche.")
    else:
        done = None if step.done_on else timezone.localdate()
        acts.tick_step(step, actor=actor_of(request), done_on=done)
        messages.success(request, "Étape faite." if done else "Étape reprise.")
    if request.POST.get("next") == "ours":
        return redirect("actions:ours")
    return redirect("actions:action", pk)


@require_POST
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what an indicator showed."""
    found = fetch_action(request, pk, "edit")
    known = {str(one.pk): one for one in found.indicators.select_related("action")}
    indicator: Indicator | None = known.get(request.POST.get("indicator", ""))
    form = MeasureForm(request.POST)
    if indicator is None:
        messages.error(request, "Cet indicateur n’est plus dans la fiche.")
        return redirect("actions:action", pk)
    if form.is_valid():
        try:
            acts.measure_indicator(indicator, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Mesure enregistrée.")
            return redirect("actions:action", pk)
    return _page(request, found, measure=form, measured=indicator.pk)


@require_POST
def give_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a picture of before or after."""
    found = fetch_action(request, pk, "edit")
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            acts.give_picture(
                found, moment=asked["moment"], caption=asked["caption"], upload=asked["file"]
            )
        except ValidationError as refused:
            _tell_picture(form, refused)
        else:
            messages.success(request, "Photo ajoutée.")
            return redirect("actions:action", pk)
    return _page(request, found, picture=form)


def _tell_picture(form: PictureForm, refused: ValidationError) -> None:
    form.add_error("file" if hasattr(refused, "error_dict") else None, refused.messages)


@require_safe
def picture(request: HttpRequest, pk: int) -> FileResponse:
    """A picture, under the rights of its fiche."""
    found: Picture = rights.fetch(Picture.objects.all(), actor_of(request), pk=pk)
    response = FileResponse(found.file.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
def remove_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture away."""
    found: Picture = rights.fetch(Picture.objects.all(), actor_of(request), "remove", pk=pk)
    acts.remove_picture(found)
    messages.success(request, "Photo retirée.")
    return redirect("actions:action", found.action_id)
