"""Served by e-mail: the service of an organisation opens its part by the signed link of its mail.

Reading changes nothing, since mail scanners open links; each button sends a form.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import Actor
from parvis.reports import acts, drafts, sending
from parvis.reports.forms.handling import ReturnForm, StepForm
from parvis.reports.forms.pausing import NumberForm
from parvis.reports.masking import without_contacts
from parvis.reports.models import Part
from parvis.reports.views import story
from parvis.reports.views.shared import add_errors, by_service_link, words_of_state
from parvis.reports.workflow import CLOSED, OPEN, RETURN, SERVED, STEPS, Forbidden, steps_from

TOO_MANY = (
    "Beaucoup d’envois viennent d’arriver de votre connexion : celui-ci n’est pas parti. Ce que "
    "vous avez écrit est gardé ici. Réessayez dans une heure."
)
READ_ONLY = "Cette part est close depuis longtemps : ce lien ne sert plus qu’à la lire."
TWICE = "Votre organisation a déjà une part ouverte de ce signalement."
DONE = {
    "take": "C’est noté : vous prenez en charge. Les personnes qui ont signalé seront prévenues.",
    "schedule": "C’est noté : l’intervention est programmée.",
    "settle": "C’est noté : votre part est réglée.",
    "reopen": "Votre part est rouverte.",
}


@require_safe
@by_service_link
def serve(request: HttpRequest, token: str, part: Part, actor: Actor) -> HttpResponse:
    """A part for its organisation's service: what, where, and what may be done."""
    return _page(request, token, part, actor)


def _page(
    request: HttpRequest,
    token: str,
    part: Part,
    actor: Actor,
    *,
    failed: StepForm | None = None,
    code: str = "",
    giving_back: ReturnForm | None = None,
    numbering: NumberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `failed` is the form of the step `code` that came back with an error."""
    context = story.told(actor, part.report)
    writable = Part.objects.allowed(actor, "handle").filter(pk=part.pk).exists()
    usable = writable and part.report.withdrawn_at is None
    codes = [step.code for step in steps_from(part.state) if step.code in SERVED] if usable else []
    forms = {one: _form(part, one) for one in codes}
    if failed is not None and code in forms:
        forms[code] = failed
    context["text"] = without_contacts(context["text"])
    context["answers"] = [(said, without_contacts(words)) for said, words in context["answers"]]
    for message in context["messages_said"]:
        if message.voice_id:
            message.text = without_contacts(message.text)
    tone, words = words_of_state(part.state)
    context |= {
        "token": token,
        "part": part,
        "part_tone": tone,
        "part_words": words,
        "part_late": story.late_on(part.state, part.due_on, timezone.localdate()),
        "forms": forms,
        "failed": failed,
        "failed_code": code,
        "closes": _closes(part),
        "give_back": (giving_back or ReturnForm()) if usable and part.state in OPEN else None,
        "number_form": (
            numbering or NumberForm(initial={"own_number": part.own_number, "firm": part.firm})
        )
        if usable
        else None,
        "may_undo": usable and story.undoable(part, timezone.now()),
        "read_only": not writable,
    }
    return render(request, "reports/service.html", context, status=status)


def _closes(part: Part) -> bool:
    """Whether settling this part closes the report."""
    others = Part.objects.filter(report_id=part.report_id, state__in=OPEN).exclude(pk=part.pk)
    return not others.exists()


def _form(part: Part, code: str, *data: Any) -> StepForm:
    step = STEPS[code]
    closes = step.target in CLOSED and _closes(part)
    return StepForm(*data, step=step, closes=closes)


def _allowed(part: Part, actor: Actor, right: str) -> None:
    try:
        rights.fetch(Part.objects.all(), actor, right, pk=part.pk)
    except PermissionDenied:
        raise Forbidden(READ_ONLY) from None


@require_POST
@by_service_link
def step(request: HttpRequest, token: str, part: Part, actor: Actor, code: str) -> HttpResponse:
    """Take in charge, schedule, settle, reopen."""
    if code not in SERVED:
        raise Http404
    form = _form(part, code, request.POST, request.FILES)
    status = 200
    if sending.posted_too_often(request):
        form.is_valid()
        form.add_error(None, TOO_MANY)
        status = 429
    elif form.is_valid():
        data = form.cleaned_data
        try:
            _allowed(part, actor, STEPS[code].right)
            acts.advance_part(
                part,
                code,
                actor=actor,
                due_on=data.get("due_on"),
                answer=data.get("answer", ""),
                photos=form.ready,
            )
        except Forbidden as refused:
            return _moved(request, token, str(refused))
        except IntegrityError:
            return _moved(request, token, TWICE)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            drafts.forget(form.kept)
            messages.success(request, DONE[code])
            return redirect("reports:serve", token)
    form.keep_photos()
    return _page(request, token, part, actor, failed=form, code=code, status=status)


def _moved(request: HttpRequest, token: str, words: str) -> HttpResponse:
    """Somebody was faster, or it is too late: said on the page as it stands now."""
    messages.error(request, words)
    return redirect("reports:serve", token)


@require_POST
@by_service_link
def give_back(request: HttpRequest, token: str, part: Part, actor: Actor) -> HttpResponse:
    """ "Pas de mon ressort": the part goes back to the coordination, and the link with it."""
    form = ReturnForm(request.POST)
    status = 200
    if sending.posted_too_often(request):
        form.is_valid()
        form.add_error(None, TOO_MANY)
        status = 429
    elif form.is_valid():
        try:
            _allowed(part, actor, RETURN.right)
            acts.return_part(part, actor=actor, reason=form.cleaned_data["reason"])
        except Forbidden as refused:
            return _moved(request, token, str(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            return render(request, "reports/service_gone.html", {"returned": part.report.reference})
    return _page(request, token, part, actor, giving_back=form, status=status)


@require_POST
@by_service_link
def undo(request: HttpRequest, token: str, part: Part, actor: Actor) -> HttpResponse:
    """Take the last step back, before its message has left."""
    try:
        _allowed(part, actor, "handle")
        acts.undo_part(part, actor=actor)
    except Forbidden as refused:
        return _moved(request, token, str(refused))
    messages.success(request, "Étape annulée. Aucun message n’est parti.")
    return redirect("reports:serve", token)


@require_POST
@by_service_link
def number(request: HttpRequest, token: str, part: Part, actor: Actor) -> HttpResponse:
    """The number of this part in the organisation's own tool."""
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            _allowed(part, actor, "handle")
            acts.number_part(part, actor=actor, **form.cleaned_data)
        except Forbidden as refused:
            return _moved(request, token, str(refused))
        messages.success(request, "Votre numéro de dossier est gardé.")
        return redirect("reports:serve", token)
    return _page(request, token, part, actor, numbering=form)
