"""Following a case: its steps, and the préfet's answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.councils import challenge_acts as acts
from parvis.councils.challenge_access import steps_written
from parvis.councils.challenge_forms import AnswerForm, StepForm
from parvis.councils.challenge_rules import ANSWER, label_of
from parvis.councils.challenge_views import fetch_challenge, form_page, trail
from parvis.councils.frame_models import Challenge, ChallengeStep
from parvis.councils.frame_write_views import tell
from parvis.partners.actors import actor_of

both = require_http_methods(["GET", "HEAD", "POST"])


@both
def new_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a step that was missing: another commune, a second debate."""
    found = fetch_challenge(request, pk, "extend")
    form = StepForm(request.POST or None, actor=actor_of(request))
    return _write(request, found, None, form, "Ajouter une étape")


@both
def edit_step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Write what became of a step: any of them for who follows the case, one's own elsewhere."""
    actor, found = actor_of(request), fetch_challenge(request, pk, "follow")
    row = get_object_or_404(
        ChallengeStep.objects.exclude(code=ANSWER).select_related("organisation"),
        challenge=found,
        pk=step,
    )
    if not ChallengeStep.objects.filter(steps_written(actor), pk=row.pk).exists():
        raise PermissionDenied
    form = StepForm(request.POST or None, actor=actor, step=row, initial=StepForm.of(row))
    return _write(request, found, row, form, label_of(row.code))


def _write(
    request: HttpRequest, found: Challenge, row: ChallengeStep | None, form: StepForm, heading: str
) -> HttpResponse:
    there = reverse("councils:challenge", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_step(found, row, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Étape enregistrée.")
            return redirect(f"{there}#etapes")
    whose = row.organisation.name if row and row.organisation else ""
    return form_page(
        request,
        form,
        heading,
        "Enregistrer",
        back=there,
        trail=trail(found, (heading, "")),
        lead=whose,
    )


@both
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The préfet's service answers the body."""
    found = fetch_challenge(request, pk, "answer")
    today = timezone.localdate()
    form = AnswerForm(request.POST or None, initial={"answered_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer_challenge(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Réponse envoyée : l’instance est prévenue.")
            return redirect("councils:challenge", pk)
    heading = "Répondre à l’instance"
    return form_page(
        request,
        form,
        heading,
        "Envoyer la réponse",
        back=reverse("councils:challenge", args=[pk]),
        trail=trail(found, (heading, "")),
        lead="L’instance reçoit votre réponse, et choisit si elle rend l’échange public.",
        quoted=found.text,
        quoted_by=found.title,
    )
