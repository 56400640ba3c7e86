"""The circuit of a programme: its steps, the opinions of its parties, remarks, consultations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.tfpb import circuit_reading as reading
from parvis.tfpb.circuit_acts import INSTANCES, advance_programme, obstacles
from parvis.tfpb.circuit_dialogue import give_opinion, make_remark, tell_consultation
from parvis.tfpb.circuit_events import title
from parvis.tfpb.circuit_forms import ConsultationForm, OpinionForm, RemarkForm, StepForm
from parvis.tfpb.circuit_parties import parties_of
from parvis.tfpb.circuit_waiting import together, waiting_for
from parvis.tfpb.dialogue_models import Consultation
from parvis.tfpb.programme_answers import crumbs as trail_of
from parvis.tfpb.programme_answers import programme_crumb
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.tabs import tabs_of
from parvis.tfpb.workflow import READ, STEPS, Step, steps_from

RIGHTS = ("edit", "steer", "opine", "remark")


def with_names(rows: Any) -> Any:
    """These programmes with their landlord, place and convention, without outlines."""
    names = ("landlord", "commune", "quartier", "convention__agreement")
    return rows.select_related(*names).defer("commune__outline", "quartier__outline")


def fetch_programme(request: HttpRequest, pk: int, right: str = "follow") -> Programme:
    """The programme, with the right to do that on it."""
    found: Programme = rights.fetch(
        with_names(Programme.objects.all()), actor_of(request), right, pk=pk
    )
    return found


def crumbs(programme: Programme, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page below a programme."""
    return trail_of(programme_crumb(programme), *pairs)


def circuit_crumb(programme: Programme) -> tuple[str, str]:
    """The way back to the circuit."""
    return "Avis et passages", reverse("tfpb:circuit", args=[programme.pk])


@require_safe
def circuit(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of a programme, who said what of its last version, whose turn it is."""
    return _page(request, fetch_programme(request, pk))


def _page(request: HttpRequest, found: Programme, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    may = {
        right: Programme.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in RIGHTS
    }
    versions = reading.versions_of(found)
    number = versions[0].number if versions else None
    said, missing = reading.said_of(found, parties_of([found])[found.pk], number)
    # Lines as they stand now, for who reads them; other people know those that were sent.
    reads = Programme.objects.allowed(actor, "read").filter(pk=found.pk).exists()
    lines = Line.objects.visible_to(actor).filter(programme=found)
    opining = may["opine"] and number is not None and found.state in READ
    context = {
        "programme": found,
        "title": title(found),
        "may": may,
        "steps": reading.steps_of(found, actor),
        "next": [_button(found, step) for step in steps_from(found.state) if may[step.right]],
        "awaited": together(waiting_for([found])[found.pk]),
        "versions": versions,
        "number": number,
        "said": said,
        "missing": missing,
        # Who has only this to do here finds the form open.
        "our_turn": not may["steer"] and actor.organisation_id in {one.pk for one in missing},
        "opinion_form": (forms.get("opinion") or OpinionForm(initial={"number": number}))
        if opining
        else None,
        "remarks": reading.remarks_of(found) if reads else reading.remarks_as_sent(found),
        "reads": reads,
        "remark_form": (forms.get("remark") or RemarkForm(lines=lines)) if may["remark"] else None,
        "consultations": list(found.consultations.order_by("-held_on", "-pk")),
        "today": timezone.localdate(),
        "tabs": tabs_of(actor, found, "tfpb:circuit"),
        "crumbs": crumbs(found, ("Avis et passages", "")),
    }
    return render(request, "tfpb/circuit.html", context)


def _button(programme: Programme, step: Step) -> dict[str, Any]:
    names = {"send": "tfpb:send_programme", "take_back": "tfpb:take_back"}
    if step.code in names:
        url = reverse(names[step.code], args=[programme.pk])
    else:
        url = reverse("tfpb:advance_programme", args=[programme.pk, step.code])
    return {"label": step.label, "url": url, "posts": step.code == "take_back"}


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the programme to those who negotiate it: what is sent does not change any more."""
    return _step(request, fetch_programme(request, pk, "edit"), STEPS["send"])


@require_http_methods(["GET", "HEAD", "POST"])
def advance(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Lead the programme to its next state."""
    found, step = fetch_programme(request, pk, "steer"), STEPS.get(code)
    if step is None or step.right != "steer":
        raise Http404
    return _step(request, found, step)


def _step(request: HttpRequest, found: Programme, step: Step) -> HttpResponse:
    actor = actor_of(request)
    form = StepForm(request.POST or None, actor=actor, step=step)
    there = reverse("tfpb:circuit", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            advance_programme(found, step.code, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "C’est fait : les personnes concernées sont prévenues.")
            return redirect(there)
    context = {
        "programme": found,
        "title": title(found),
        "step": step,
        "body": INSTANCES.get(step.needs, ""),
        "form": form,
        "obstacles": [] if form.is_bound else obstacles(found, step),
        "parties": parties_of([found])[found.pk],
        "back": there,
        "crumbs": crumbs(found, circuit_crumb(found), (step.label, "")),
    }
    return render(request, "tfpb/circuit_step.html", context)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the programme back, as long as nobody has begun to read it."""
    found = fetch_programme(request, pk, "edit")
    try:
        advance_programme(found, "take_back", actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Vous avez repris le programme : vous pouvez le modifier.")
    return redirect("tfpb:circuit", pk)


def tell(form: Any, refused: ValidationError) -> None:
    """Words of the act on the form, on the field when the form has it."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, wrong in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, wrong)


@require_POST
def opine(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what one's organisation thinks of the version that one has read."""
    found = fetch_programme(request, pk, "opine")
    form = OpinionForm(request.POST)
    if form.is_valid():
        try:
            give_opinion(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Avis enregistré : le bailleur est prévenu.")
            return redirect("tfpb:circuit", pk)
    number = reading.last_number_of(found)
    if number is not None and str(number) != request.POST.get("number"):
        data = request.POST.copy()
        data["number"] = str(number)  # what was typed is kept; what was read is the last one
        form.data = data
    return _page(request, found, opinion=form)


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """A word about the programme or one of its lines."""
    found = fetch_programme(request, pk, "remark")
    lines = Line.objects.visible_to(actor_of(request)).filter(programme=found)
    form = RemarkForm(request.POST, lines=lines)
    if form.is_valid():
        make_remark(found, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, "Remarque enregistrée.")
        return redirect("tfpb:circuit", pk)
    return _page(request, found, remark=form)


@require_http_methods(["GET", "HEAD", "POST"])
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a consultation of tenants or residents."""
    return _consultation(request, fetch_programme(request, pk, "remark"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Complete a consultation: what was kept, and why."""
    found = fetch_programme(request, pk, "remark")
    told = found.consultations.filter(pk=number).first()
    if told is None:
        raise Http404
    return _consultation(request, found, told)


def _consultation(
    request: HttpRequest, found: Programme, told: Consultation | None
) -> HttpResponse:
    names = ("body", "name", "held_on", "present", "asked", "kept")
    initial = {name: getattr(told, name) for name in names} if told else {}
    form = ConsultationForm(request.POST or None, initial=initial)
    there = reverse("tfpb:circuit", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            tell_consultation(
                found, actor=actor_of(request), consultation=told, **form.cleaned_data
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Consultation enregistrée.")
            return redirect(there)
    heading = "Compléter une consultation" if told else "Noter une consultation"
    context = {
        "form": form,
        "heading": heading,
        "title": title(found),
        "back": there,
        "crumbs": crumbs(found, circuit_crumb(found), (heading, "")),
    }
    return render(request, "tfpb/circuit_form.html", context)


LINES = Line.objects.select_related(
    "programme__landlord", "programme__commune", "programme__quartier"
).defer("programme__commune__outline", "programme__quartier__outline")


@require_safe
def line_remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """What was remarked of a line."""
    found: Line = rights.fetch(LINES.all(), actor_of(request), "follow", pk=pk)
    return _line(request, found)


@require_POST
def remark_line(request: HttpRequest, pk: int) -> HttpResponse:
    """A word about a line."""
    actor = actor_of(request)
    found: Line = rights.fetch(LINES.all(), actor, "remark", pk=pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        make_remark(found.programme, actor=actor, line=found, **form.cleaned_data)
        messages.success(request, "Remarque enregistrée.")
        return redirect("tfpb:line_remarks", pk)
    return _line(request, found, form)


def _line(request: HttpRequest, found: Line, form: RemarkForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    may_remark = Line.objects.allowed(actor, "remark").filter(pk=found.pk).exists()
    there = reverse("tfpb:line", args=[found.pk])
    context = {
        "line": found,
        "title": title(found.programme),
        "remarks": reading.remarks_of(found.programme, found.pk),
        "form": (form or RemarkForm()) if may_remark else None,
        "tabs": tabs_of(actor, found, "tfpb:line_remarks"),
        "crumbs": crumbs(found.programme, (found.title, there), ("Remarques", "")),
    }
    return render(request, "tfpb/circuit_line.html", context)
