"""Saying that a sheet was used, and whether it helped."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from parvis.partners.actors import ActorRequest
from parvis.partners.rights import fetch
from parvis.toolbox import sheet_acts
from parvis.toolbox.models import Sheet, Use
from parvis.toolbox.sheet_forms import UseForm
from parvis.toolbox.sheet_page import judged_cookie, show
from parvis.ui.visitors import too_often, visitor_key

AN_HOUR, A_DAY = 3600, 86_400  # seconds
JUDGED_AN_HOUR = 40  # sheets, by one visitor
KEPT = 365 * A_DAY


@require_POST
def use(request: ActorRequest, pk: int) -> HttpResponse:
    """The actor's organisation used this sheet."""
    found = fetch(Sheet.objects, request.actor, pk=pk).specific
    form = UseForm(request.POST)
    if form.is_valid():
        try:
            sheet_acts.say_used(
                request.actor,
                found,
                useful=form.cleaned_data["useful"],
                what_for=form.cleaned_data["what_for"],
                thing=form.cleaned_data["thing"],
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "C’est noté : votre organisation s’en est servi.")
            return redirect("toolbox:sheet", pk)
    return show(request, found, form)


@require_POST
def withdraw_use(request: ActorRequest, pk: int) -> HttpResponse:
    """Take back that one's organisation used a sheet."""
    found = fetch(Use.objects, request.actor, "withdraw", pk=pk)
    sheet_acts.withdraw_use(found)
    messages.success(request, "C’est retiré.")
    return redirect("toolbox:sheet", found.sheet_id)


@require_POST
def judge(request: ActorRequest, pk: int) -> HttpResponse:
    """A reader found the sheet useful or not: once a browser, and once a day a connection."""
    found = fetch(Sheet.objects, request.actor, pk=pk)
    answer = redirect(f"{reverse('toolbox:sheet', args=[pk])}#avis")
    said = request.POST.get("useful")
    if said not in ("yes", "no"):
        messages.error(request, "Choisissez « oui » ou « non ».")
        return answer
    cookie, who = judged_cookie(pk), visitor_key(request)
    again = cookie in request.COOKIES or too_often(
        f"toolbox.judge.{pk}", who, times=1, seconds=A_DAY
    )
    if again or too_often("toolbox.judge", who, times=JUDGED_AN_HOUR, seconds=AN_HOUR):
        messages.info(request, "Un avis sur cette fiche est déjà parti de votre connexion.")
        return answer
    try:
        sheet_acts.judge(found, useful=said == "yes")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return answer
    messages.success(request, "Merci, votre avis est compté. Rien n’est gardé de vous.")
    answer.set_cookie(
        cookie,
        "1",
        max_age=KEPT,
        path=reverse("toolbox:sheet", args=[pk]),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer
