"""A sitting for an organisation that does not sign in: by its own signed link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.documents.files import file_response
from parvis.gatherings.acts import answer_invitation
from parvis.gatherings.calendars import entry_of
from parvis.gatherings.forms import AnswerForm
from parvis.gatherings.models import Guest
from parvis.meetings.events import SITTING_LABELS
from parvis.meetings.inviting import address_of, guest_from_token
from parvis.meetings.models import Document, Sitting
from parvis.meetings.views.papers import agenda_paper, releve_paper
from parvis.partners import rights
from parvis.partners.actors import Actor
from parvis.ui.unkept import unkept

ROWS = Sitting.objects.select_related("instance__organiser", "gathering__commune").defer(
    "gathering__commune__outline"
)


def _by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The sitting of a signed link, under the rights that it gives: never kept, never indexed."""

    def wrapped(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        guest = guest_from_token(token)
        if guest is None:
            raise Http404
        bearer = Actor(bearer=("guest", guest.pk))
        sitting: Sitting = rights.fetch(ROWS.filter(gathering=guest.gathering_id), bearer)
        response = view(request, token, guest, bearer, sitting, **more)
        return unkept(response)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def invited(
    request: HttpRequest, token: str, guest: Guest, bearer: Actor, found: Sitting
) -> HttpResponse:
    """When, where, the agenda, the papers; and whether the organisation comes."""
    open_ = found.state in ("convened", "prepared")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and open_ and form.is_valid():
        actor = Actor(organisation_id=guest.organisation_id)
        answer_invitation(found.gathering, actor=actor, answer=form.cleaned_data["answer"])
        messages.success(request, "Votre réponse est enregistrée.")
        return redirect("meetings:invited", token)
    papers = {"agenda": "Ordre du jour (PDF)", "calendrier": "Ajouter à mon agenda"}
    if found.sent_at:
        papers["releve"] = "Relevé de décisions (PDF)"
    ours = []
    if found.sent_at:
        ours = list(found.decisions.filter(organisation=guest.organisation_id))
    return render(
        request,
        "meetings/invited.html",
        {
            "sitting": found,
            "instance": found.instance,
            "gathering": found.gathering,
            "state": SITTING_LABELS[found.state],
            "guest": guest,
            "open": open_,
            "items": list(found.items.all()),
            "ours": ours,
            "papers": [
                {"label": label, "url": reverse("meetings:invited_paper", args=[token, name])}
                for name, label in papers.items()
            ],
            "documents": [
                {
                    "document": one,
                    "url": reverse("meetings:invited_document", args=[token, one.pk]),
                }
                for one in Document.objects.allowed(bearer, "see").filter(sitting=found)
            ],
        },
    )


@require_safe
@_by_link
def paper(
    request: HttpRequest, token: str, guest: Guest, bearer: Actor, found: Sitting, name: str
) -> HttpResponse:
    """The agenda, the date for a calendar, or the relevé once it is sent."""
    if name == "agenda":
        return agenda_paper(found, bearer)
    if name == "calendrier":
        entry = entry_of(found.gathering, address_of(guest))
        return calendar_response(found.instance.name, calendar(found.instance.name, [entry]))
    if name == "releve" and found.sent_at is not None:
        return releve_paper(found)
    raise Http404


@require_safe
@_by_link
def document(
    request: HttpRequest, token: str, guest: Guest, bearer: Actor, found: Sitting, pk: int
) -> HttpResponse:
    """A file of the sitting."""
    one: Document = rights.fetch(Document.objects.filter(sitting=found), bearer, pk=pk)
    return file_response(one.file, one.title)  # type: ignore[return-value]
