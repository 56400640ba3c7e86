"""Receiving what a page sends by itself: at once, or later when the network is back.

Why there is no CSRF secret here. A report may wait for days in a browser: the session of its
page, and the secret that goes with it, are long gone when it leaves. So this door knows nobody.
It never reads the session (the page sends no cookie either): whatever comes in is filed by a
resident who did not sign in, even from a computer where a partner is signed in, and nothing is
done in anybody's name. What a CSRF secret would still bring, that another site does not make its
visitors send reports, is held by the browser itself: it says where a request comes from (`Sec-
Fetch-Site`, or `Origin` in older ones), no page can change that, and only our own pages are
heard. A program that writes these headers itself gains nothing: it could fill the form as well.
Limits and the proof of work are for it. Partners who are signed in use the ordinary form, with
its secret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import NOBODY
from parvis.reports import drafts, proofs, sending
from parvis.reports.acts import file_report, join_report
from parvis.reports.acts.receiving import voice_sent_as
from parvis.reports.dwellings import desk_instead
from parvis.reports.forms.filing import JoinForm, PlaceForm, TellForm
from parvis.reports.forms.receiving import SendingForm
from parvis.reports.links import code_of, token_of
from parvis.reports.models import Category, Report, Voice
from parvis.reports.proofs import Proof
from parvis.reports.views.shared import add_errors, private
from parvis.reports.workflow import Forbidden
from parvis.ui import languages

NO_CATEGORY = _("Choisissez ce qui se passe : ce sujet n’est pas, ou plus, dans la liste.")
NO_REPORT = _("Ce signalement n’est plus ouvert : faites-en un nouveau si le problème est là.")
DESK = _(
    "Pour ce sujet, {name} reçoit directement ses locataires : {ways}. Rien n’est enregistré ici."
)
WAIT = 15 * 60  # seconds before a browser that sent too much tries again


@private
@require_safe
def challenge(request: HttpRequest) -> HttpResponse:
    """The work asked for one sending; nothing when this installation asks for none."""
    return JsonResponse(proofs.new_challenge() if proofs.wanted() else {})


@csrf_exempt
@private
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take a report or a "moi aussi", once. Answers in JSON:

    200 with reference, code and url (the same answer each time it comes again); 422 with what is to
    be corrected, by field; 429 when too many came: the browser keeps it and tries later.
    """
    if not _from_our_pages(request):
        raise PermissionDenied("Cet envoi ne vient pas d’une page de ce site.")
    # No cookie comes with it: the form says itself in which language its page was.
    with translation.override(languages.known(request.POST.get("langue"))):
        return _receive(request)


def _receive(request: HttpRequest) -> HttpResponse:
    envelope = SendingForm(request.POST)
    if not envelope.is_valid():
        return _refuse(envelope)
    data = envelope.cleaned_data
    if first := voice_sent_as(data["sent_as"]):
        return _receipt(first)
    if sending.posted_too_often(request):
        return _later()
    proof = proofs.proof_of(data["proof"])
    if data["report"]:
        return _join(request, data["report"], data["sent_as"], proof)
    return _file(request, data["sent_as"], proof)


def _from_our_pages(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    return origin == own or origin in settings.CSRF_TRUSTED_ORIGINS


def _file(request: HttpRequest, sent_as: UUID, proof: Proof | None) -> HttpResponse:
    place = PlaceForm(request.POST)
    if not place.is_valid():
        return _refuse(place)
    code = request.POST.get("category", "")[:40]
    category = Category.objects.filter(code=code, active=True).first()
    if category is None:
        return _refusal({"category": [NO_CATEGORY]})
    if desk := desk_instead(category, place.place.residence, timezone.localdate()):
        ways = [desk.phone, desk.hours, desk.address, desk.url]
        said = DESK.format(name=desk.organisation.name, ways=", ".join(way for way in ways if way))
        return _refusal({"": [said]})
    form = TellForm(
        request.POST,
        request.FILES,
        category=category,
        with_dwelling=place.place.residence is not None,
    )
    if not form.is_valid():
        return _refuse(form)
    data = form.cleaned_data

    def act() -> Voice:
        return file_report(
            actor=NOBODY,
            place=place.place,
            category=category,
            text=data["text"],
            answers=form.answers,
            photos=form.ready,
            email=data["email"],
            phone=data["phone"],
            dwelling=data.get("dwelling", ""),
            ground=data.get("ground", ""),
            plate=data.get("plate", ""),
            sent_as=sent_as,
            proof=proof,
        )

    answer = _do(request, form, act, proof)
    if answer.status_code == 200:
        drafts.forget(form.kept)
    return answer


def _join(request: HttpRequest, reference: str, sent_as: UUID, proof: Proof | None) -> HttpResponse:
    try:
        report = rights.fetch(Report.objects.all(), NOBODY, "join", reference=reference)
    except Http404:
        return _refusal({"": [NO_REPORT]})
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _refuse(form)
    data = form.cleaned_data

    def act() -> Voice:
        return join_report(
            report,
            actor=NOBODY,
            email=data["email"],
            phone=data["phone"],
            sent_as=sent_as,
            proof=proof,
        )

    return _do(request, form, act, proof)


def _do(
    request: HttpRequest, form: forms.Form, act: Callable[[], Voice], proof: Proof | None
) -> HttpResponse:
    if sending.filed_too_often(request, proved=proof is not None or not proofs.wanted()):
        return _later()
    try:
        return _receipt(act())
    except Forbidden as refused:
        return _refusal({"": [str(refused)]})
    except ValidationError as refused:
        add_errors(form, refused)
        return _refuse(form)


def _receipt(voice: Voice) -> HttpResponse:
    url = reverse("reports:follow", args=[token_of(voice)]) + "?nouveau=1"
    return JsonResponse({"reference": voice.report.reference, "code": code_of(voice), "url": url})


def _refuse(form: forms.Form) -> HttpResponse:
    return _refusal(
        {name.replace("__all__", ""): list(found) for name, found in form.errors.items()}
    )


def _refusal(errors: dict[str, Any]) -> HttpResponse:
    return JsonResponse({"errors": errors}, status=422)


def _later() -> HttpResponse:
    return JsonResponse({}, status=429, headers={"Retry-After": str(WAIT)})
