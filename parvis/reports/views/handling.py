"""Handling: partners review, share, move parts on, answer, and call back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.notices.phones import spoken
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.readings import note_readings
from parvis.reports import acts, drafts, wordings
from parvis.reports.forms.handling import AssignForm, GiveForm, ReviewForm, StepForm, TextForm
from parvis.reports.forms.wrecking import WreckForm
from parvis.reports.models import Callback, Message, Part, Photo, Report
from parvis.reports.views.picturing import photos_before
from parvis.reports.views.reading import ROWS, VOICE, page
from parvis.reports.views.shared import add_errors, crumbs, words_of_state
from parvis.reports.workflow import CLOSED, OPEN, STEPS, Forbidden, step_from
from parvis.ui.unkept import unkept

PARTS = Part.objects.select_related("report__category", "organisation")
SHOWN = 100  # calls on one page
DONE = {
    "doubt": "Part à qualifier.",
    "take": "Vous avez pris cette part en charge.",
    "schedule": "L’intervention est programmée.",
    "settle": "Part réglée.",
    "drop": "Part close sans suite.",
    "reopen": "Part rouverte.",
}


def _report(request: HttpRequest, reference: str, action: str) -> Report:
    found: Report = rights.fetch(ROWS.all(), actor_of(request), action, reference=reference)
    return found


def _part(request: HttpRequest, pk: int, action: str) -> Part:
    found: Part = rights.fetch(PARTS.all(), actor_of(request), action, pk=pk)
    return found


def _back(report: Report) -> HttpResponse:
    return redirect("reports:report", report.reference)


def _refused(request: HttpRequest, report: Report, refused: Exception) -> HttpResponse:
    """Somebody was faster, or it cannot be done: said on the report's page as it stands now."""
    words = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
    for sentence in words:
        messages.error(request, sentence)
    return _back(report)


@require_POST
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide what the public reads: the report, its text, each photo, each message."""
    report = _report(request, reference, "moderate")
    form = ReviewForm(
        request.POST,
        report=report,
        photos=Photo.objects.filter(report=report).order_by("at", "pk"),
        messages=Message.objects.filter(report=report).order_by("at", "pk"),
    )
    if not form.is_valid():
        messages.error(request, "Un élément relu n’est plus là : relisez la page mise à jour.")
        return _back(report)
    data = form.cleaned_data
    try:
        acts.review(
            report,
            actor=actor_of(request),
            public=data["public"],
            text_shown=data["text_shown"],
            shown_photos={photo.pk for photo in data["photos"]},
            shown_messages={message.pk for message in data["messages"]},
        )
    except (Forbidden, ValidationError) as refused:
        return _refused(request, report, refused)
    shown = "public" if data["public"] else "gardé entre partenaires"
    messages.success(request, f"Relecture enregistrée : signalement {shown}.")
    return _back(report)


@require_POST
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Share a report with one more organisation."""
    report = _report(request, reference, "assign")
    form = AssignForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            acts.assign_part(
                report,
                actor=actor_of(request),
                organisation=data["organisation"],
                title=data["title"],
            )
        except (Forbidden, IntegrityError) as refused:
            form.add_error(None, _words(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, f"Part confiée à {data['organisation']}.")
            return _back(report)
    return page(request, report, assign_form=form)


def _words(refused: Exception) -> str:
    if isinstance(refused, IntegrityError):  # two people at the same instant
        return "Cette organisation a déjà une part ouverte de ce signalement."
    return str(refused)


@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """A public word to everyone who spoke."""
    report = _report(request, reference, "answer")
    form = TextForm(request.POST, label="Réponse", auto_id="answer_%s")
    if form.is_valid():
        try:
            acts.answer(report, actor=actor_of(request), text=form.cleaned_data["text"])
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Réponse envoyée à ceux qui ont signalé.")
            return _back(report)
    return page(request, report, answer_form=form)


@require_POST
def wreck(request: HttpRequest, reference: str) -> HttpResponse:
    """Move the removal of an abandoned vehicle on."""
    report = _report(request, reference, "wreck")
    form = WreckForm(request.POST, auto_id="wreck_%s")
    if form.is_valid():
        try:
            acts.move_wreck(report, actor=actor_of(request), **form.cleaned_data)
        except Forbidden as refused:
            return _refused(request, report, refused)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "L’étape de l’épave est enregistrée.")
            return _back(report)
    return page(request, report, wreck_form=form)


@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """An internal note."""
    report = _report(request, reference, "note")
    form = TextForm(request.POST, label="Note interne", auto_id="note_%s")
    if form.is_valid():
        try:
            acts.note(report, actor=actor_of(request), text=form.cleaned_data["text"])
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Note gardée entre partenaires.")
            return _back(report)
    return page(request, report, note_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def advance(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One step with a part: its own small page when the step asks for something."""
    if code not in STEPS:
        raise Http404
    part = _part(request, pk, STEPS[code].right)
    try:
        step = step_from(part.state, code)
    except Forbidden as refused:
        return _refused(request, part.report, refused)
    others = Part.objects.filter(report_id=part.report_id, state__in=OPEN).exclude(pk=part.pk)
    closes = step.target in CLOSED and not others.exists()
    before = photos_before(actor_of(request), part.report)
    asked = {"step": step, "closes": closes, "photos_before": before}
    if request.method == "POST":
        form = StepForm(request.POST, request.FILES, **asked)
        if form.is_valid():
            answered = _advance(request, part, code, form)
            if answered is not None:
                return answered
        form.keep_photos()
    else:
        form = StepForm(**asked)
    tone, words = words_of_state(part.state)
    wording = {}
    if "answer" in form.fields:
        chosen = request.GET.get("modele", "")
        wording = wordings.offered(actor_of(request), part.report, chosen, part)
        form.initial["answer"] = wording["text"]
    shown_before = list(before) if "before" in form.fields else []
    alone = shown_before[0].pk if len(shown_before) == 1 else None
    context = {
        "offered": wording,
        "part": part,
        "report": part.report,
        "step": step,
        "form": form,
        "photos_before": shown_before,
        "chosen": _number(form.data.get("before", "")) if form.is_bound else alone,
        "closes": closes,
        "tone": tone,
        "state_words": words,
        "crumbs": crumbs(
            ("Signalements", reverse("reports:list")),
            (part.report.reference, reverse("reports:report", args=[part.report.reference])),
            (step.label, ""),
        ),
    }
    return render(request, "reports/step.html", context)


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() else None


def _advance(request: HttpRequest, part: Part, code: str, form: StepForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        acts.advance_part(
            part,
            code,
            actor=actor_of(request),
            due_on=data.get("due_on"),
            reason=data.get("reason", ""),
            answer=data.get("answer", ""),
            photos=form.ready,
            before=data.get("before"),
        )
    except (Forbidden, IntegrityError) as refused:
        form.add_error(None, _words(refused))
        return None
    except ValidationError as refused:
        add_errors(form, refused)
        return None
    drafts.forget(form.kept)
    messages.success(request, DONE[code])
    return _back(part.report)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a part to the organisation that answers for it."""
    part = _part(request, pk, "assign")
    form = GiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            acts.give_part(
                part,
                actor=actor_of(request),
                organisation=data["organisation"],
                reason=data["reason"],
            )
        except (Forbidden, IntegrityError) as refused:
            form.add_error(None, _words(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, f"Part confiée à {data['organisation']}.")
            return _back(part.report)
    context = {
        "part": part,
        "report": part.report,
        "form": form,
        "crumbs": crumbs(
            ("Signalements", reverse("reports:list")),
            (part.report.reference, reverse("reports:report", args=[part.report.reference])),
            ("Confier la part", ""),
        ),
    }
    return render(request, "reports/give.html", context)


def _do(request: HttpRequest, part: Part, act: Callable[..., object], told: str) -> HttpResponse:
    """An act on a part that asks for nothing more, and the word that it was done."""
    try:
        act(part, actor=actor_of(request))
    except Forbidden as refused:
        return _refused(request, part.report, refused)
    messages.success(request, told)
    return _back(part.report)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last step back, before its message has left."""
    part = _part(request, pk, "handle")
    return _do(request, part, acts.undo_part, "Étape annulée. Aucun message n’est parti.")


@require_POST
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one sees to this part."""
    part = _part(request, pk, "handle")
    told = "Vous êtes la personne en charge de cette part."
    return _do(request, part, acts.carry_part, told)


@require_safe
def callbacks(request: HttpRequest) -> HttpResponse:
    """Those who left a phone only, and must be told by voice or by letter; oldest first."""
    return _callbacks(request)


def _callbacks(request: HttpRequest, shown: int = 0) -> HttpResponse:
    rows = (
        Callback.objects.visible_to(actor_of(request))
        .filter(done_at=None, voice__withdrawn_at=None)
        .select_related("report__category", "voice__contact")
        .order_by("created_at", "pk")
    )
    calls = list(rows[: SHOWN + 1])
    lines = [_call(call, call.pk == shown) for call in calls[:SHOWN]]
    context = {"calls": lines, "more": len(calls) > SHOWN}
    return render(request, "reports/callbacks.html", context)


@require_POST
def see_number(request: HttpRequest, pk: int) -> HttpResponse:
    """The same list with the number of one of them, ready to be called; it is logged."""
    actor = actor_of(request)
    call: Callback = rights.fetch(Callback.objects.select_related("report"), actor, pk=pk)
    note_readings(actor, VOICE, [(call.voice_id, f"signalement {call.report.reference}")])
    return unkept(_callbacks(request, call.pk))


def _call(call: Callback, shown: bool) -> dict[str, Any]:
    contact = getattr(call.voice, "contact", None)
    phone = contact.phone if contact else ""
    tone, words = words_of_state(call.report.state)
    return {
        "call": call,
        "report": call.report,
        "reachable": bool(phone),
        "phone": phone if shown else "",
        "spoken": spoken(phone) if shown else "",
        "tone": tone,
        "words": words,
    }


@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """This person was told."""
    call: Callback = rights.fetch(Callback.objects.all(), actor_of(request), "tick", pk=pk)
    acts.tick_callback(call, actor=actor_of(request))
    messages.success(request, "Personne prévenue : l’appel est coché.")
    return redirect("reports:callbacks")
