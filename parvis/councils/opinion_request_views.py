"""Requests for an opinion: written, given documents, sent, withdrawn, taken up by the body."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import opinion_request_acts as acts
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.opinion_answers import (
    ask,
    asked_subject,
    choose,
    fetch_request,
    paged,
    request_crumbs,
    tell_refused,
)
from parvis.councils.opinion_events import REQUEST
from parvis.councils.opinion_forms import DocumentForm, RequestForm, WhyForm
from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.councils.opinion_reading import REQUESTS, granted, subject_of
from parvis.councils.sorting import settings
from parvis.councils.workflow import Level
from parvis.documents.files import file_response
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of

both = require_http_methods(["GET", "HEAD", "POST"])
FIELDS = (
    "title",
    "text",
    "decided",
    "still_open",
    "level",
    "replier",
    "wanted_on",
    "reply_days",
    "pillar",
    "phase",
)


def state_of(found: OpinionRequest) -> tuple[str, str]:
    """How its state is marked, and its words; that a body debates it is told to nobody else."""
    if found.withdrawn_at:
        return "plain", "retirée"
    if found.sent_at is None:
        return "soon", "brouillon"
    if found.level == Level.INFORM:
        return "plain", "pour information"
    return "done", "envoyée"


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that one's organisation made, received or is to answer."""
    actor = actor_of(request)
    rows = REQUESTS.visible_to(actor)
    informs = request.GET.get("niveau") == Level.INFORM
    total, informing = rows.count(), rows.filter(level=Level.INFORM).count()
    if informs:
        rows = rows.filter(level=Level.INFORM)
    shown, pages = paged(request, rows.order_by("-written_at", "-pk"))
    return render(
        request,
        "councils/opinion_requests.html",
        {
            "lines": [
                {"request": one, "tone": tone, "state": words}
                for one in shown
                for tone, words in [state_of(one)]
            ],
            "informs": informs,
            "total": total,
            "informing": informing,
            "crumbs": crumbs(None, ("Avis", reverse("councils:opinions")), ("Demandes d’avis", "")),
            **pages,
        },
    )


@both
def new_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a body for its opinion."""
    actor, body = actor_of(request), fetch_body(request, pk)
    about, given = asked_subject(request)
    start = {
        "replier": actor.organisation_id,
        "reply_days": settings()["reply_days"],
        "wanted_on": timezone.localdate() + timedelta(days=60),
        "level": Level.CONSULT,
    }
    form = RequestForm(request.POST or None, initial=start, body=body, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_request(actor=actor, body=body, subject=about, **form.cleaned_data)
        except ValidationError as refused:
            tell_refused(form, refused)
        else:
            messages.success(request, "Demande enregistrée. Relisez-la, puis envoyez-la.")
            return redirect("councils:opinion_request", made.pk)
    return _form(
        request,
        form,
        body=body,
        given=given,
        subject=subject_of(actor, about),
        heading="Demander un avis",
        back=reverse("councils:body", args=[pk]),
        crumbs=crumbs(body, ("Demander un avis", "")),
    )


def _form(request: HttpRequest, form: RequestForm, **words: Any) -> HttpResponse:
    context = {"given": "", "subject": None, "form": form, **words}
    return render(request, "councils/opinion_request_form.html", context)


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a request before it is sent."""
    actor, found = actor_of(request), fetch_request(request, pk, "edit")
    start = {name: getattr(found, name) for name in FIELDS}
    form = RequestForm(request.POST or None, initial=start, body=found.body, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_request(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell_refused(form, refused)
        else:
            messages.success(request, "Demande enregistrée.")
            return redirect("councils:opinion_request", pk)
    return _form(
        request,
        form,
        body=found.body,
        heading="Changer la demande",
        back=reverse("councils:opinion_request", args=[pk]),
        crumbs=request_crumbs(found, ("Changer", "")),
    )


@require_safe
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is asked, what is decided, what is open, who will reply."""
    return _page(request, fetch_request(request, pk))


def _page(
    request: HttpRequest, found: OpinionRequest, document_form: DocumentForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    may = granted(actor, found, "edit", "take")
    tone, state = state_of(found)
    opinion = Opinion.objects.visible_to(actor).filter(request=found).first()
    gives = may["edit"] and found.withdrawn_at is None
    return render(
        request,
        "councils/opinion_request.html",
        {
            "asked": found,
            "subject": subject_of(actor, found.subject),
            "documents": list(found.documents.all()),
            "document_form": document_form or (DocumentForm() if gives else None),
            "tone": tone,
            "state": state,
            "may": may,
            "open": found.withdrawn_at is None,
            "informs": found.level == Level.INFORM,
            "opinion": opinion,
            "withdrawable": not (opinion and opinion.sent_at),
            "events": events_of(actor, REQUEST, found.pk, seen=True),
            "crumbs": request_crumbs(found),
        },
    )


@both
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a request is about."""
    found = fetch_request(request, pk, "edit")
    return choose(
        request,
        found,
        found.body,
        acts.choose_request_subject,
        back=reverse("councils:opinion_request", args=[pk]),
        trail=request_crumbs(found, ("Sujet", "")),
    )


@require_safe
def document(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """A document of a request, for whoever may read the request."""
    found = fetch_request(request, pk)
    one = get_object_or_404(found.documents, pk=document)
    return file_response(one.file, one.title)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a document with a request."""
    found = fetch_request(request, pk, "edit")
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            acts.give_request_document(found, **form.cleaned_data)
        except ValidationError as refused:
            tell_refused(form, refused)
        else:
            messages.success(request, "Document ajouté.")
            return redirect("councils:opinion_request", pk)
    return _page(request, found, form)


@require_POST
def remove(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """Take a document away before the request is sent."""
    found = fetch_request(request, pk, "edit")
    one = get_object_or_404(found.documents, pk=document)
    try:
        acts.remove_request_document(one)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Document retiré.")
    return redirect("councils:opinion_request", pk)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a request to the body."""
    found = fetch_request(request, pk, "edit")
    try:
        sent = acts.send_request(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        informs = sent.level == Level.INFORM
        words = "Information envoyée" if informs else "Demande envoyée"
        messages.success(request, f"{words} à {sent.body.organisation.name}.")
    return redirect("councils:opinion_request", pk)


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back, with a word to the body."""
    found = fetch_request(request, pk, "edit")
    return ask(
        request,
        WhyForm(request.POST or None),
        lambda why: acts.withdraw_request(found, actor=actor_of(request), why=why),
        back=reverse("councils:opinion_request", args=[pk]),
        done="Demande retirée.",
        heading="Retirer la demande",
        action="Retirer la demande",
        lead="L’instance est prévenue et lit votre mot. Ce qu’elle a commencé à débattre reste à"
        " elle.",
        trail=request_crumbs(found, ("Retirer", "")),
    )


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """The body takes up a request: its opinion opens."""
    found = fetch_request(request, pk, "take")
    try:
        opened = acts.take_request(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("councils:opinion_request", pk)
    messages.success(request, "L’avis est ouvert : votre instance seule le lit avant l’envoi.")
    return redirect("councils:opinion", opened.pk)
