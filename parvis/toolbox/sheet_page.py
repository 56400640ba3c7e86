"""The page of a sheet."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from parvis.partners.actors import ActorRequest
from parvis.partners.rights import fetch
from parvis.toolbox.models import Paper, Picture, PictureRendition, Sheet


def sheet(request: ActorRequest, pk: int) -> HttpResponse:
    """A published sheet, as everybody reads it; its writers and readers see it before."""
    found = fetch(Sheet.objects, request.actor, pk=pk).specific
    return render(request, "toolbox/sheet.html", {"sheet": found, "preview": False})


def preview(request: HttpRequest, draft: Page) -> HttpResponse:
    """The draft as its page will look; only the editor makes such a request."""
    return render(request, "toolbox/sheet.html", {"sheet": draft, "preview": True})


def sheets(request: ActorRequest) -> HttpResponse:
    """The sheets that everybody may read."""
    found = Sheet.objects.visible_to(request.actor).filter(live=True).order_by("title", "pk")
    return render(request, "toolbox/sheets.html", {"sheets": found})


def picture(request: ActorRequest, pk: int) -> Any:
    """A picture in one size, to whoever may see it."""
    rendition = PictureRendition.objects.filter(pk=pk).first()
    if rendition is None:
        raise Http404
    fetch(Picture.objects, request.actor, pk=rendition.image_id)
    return _inline(rendition.file.open("rb"))


def paper(request: ActorRequest, pk: int) -> Any:
    """A document, to whoever may see it; always downloaded, never shown by the browser."""
    found = fetch(Paper.objects, request.actor, pk=pk)
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.filename)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _inline(file: Any) -> FileResponse:
    answer = FileResponse(file)
    answer["Cache-Control"] = "private, max-age=300"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
