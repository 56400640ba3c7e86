"""The letters that an organisation has to print and to post."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.documents.pdf import pdf_response
from parvis.notices import letters as post
from parvis.partners.actors import ActorRequest
from parvis.partners.models import Organisation
from parvis.partners.rights import fetch
from parvis.ui.words import counted


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: ActorRequest, pk: int) -> HttpResponse:
    """What waits, day by day; what was printed is marked as posted."""
    found = _poster(request, pk)
    if request.method == "POST":
        ids = [
            int(one) for one in request.POST.getlist("letter") if one.isascii() and one.isdigit()
        ]
        done = post.mark_posted(key_of(found), ids[: post.AT_ONCE])
        if done:
            words = counted(done, "lettre postée", "lettres postées")
            messages.success(request, f"C’est noté : {words}. Leurs adresses sont effacées.")
        else:
            messages.error(request, "Cochez les lettres que vous avez postées.")
        return redirect("partners:letters", pk)
    days = post.by_day(post.waiting(key_of(found)))
    response = render(request, "partners/letters.html", {"organisation": found, "days": days})
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def letters_pdf(request: ActorRequest, pk: int) -> HttpResponse:
    """All that waits, one letter a page."""
    found = _poster(request, pk)
    waiting = post.waiting(key_of(found))
    if not waiting:
        messages.error(request, "Il n’y a pas de lettre à imprimer.")
        return redirect("partners:letters", pk)
    sender = post.Sender(found.name, found.address, found.phone)
    day = timezone.localdate().isoformat()
    return pdf_response(f"lettres-{day}", post.printed(waiting, sender))


def key_of(organisation: Organisation) -> str:
    """How the outbox names an organisation that prints."""
    return f"organisation:{organisation.pk}"


def _poster(request: ActorRequest, pk: int) -> Organisation:
    openable = Organisation.objects.allowed(request.actor, "open")
    found: Organisation = fetch(openable, request.actor, "post", pk=pk)
    return found
