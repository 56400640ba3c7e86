"""Photos, under their policy: no address leads to the folder itself."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.partners import rights
from parvis.partners.actors import Actor
from parvis.reports import drafts
from parvis.reports.models import Part, Photo
from parvis.reports.views.shared import actor_on, bearer_of, by_service_link

SIZES = {"large": "file", "small": "thumbnail"}
PUBLIC = "public, max-age=600"  # seconds: a photo that is hidden again is soon gone everywhere
PRIVATE = "private, max-age=600"


@require_safe
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """A photo for a stranger (once shown) or for a partner (within their rights)."""
    actor = actor_on(request)
    found: Photo = rights.fetch(Photo.objects.all(), actor, pk=pk)
    return _file(found, size, PRIVATE if actor.user_id else PUBLIC)


@require_safe
def own_photo(request: HttpRequest, token: str, pk: int, size: str) -> HttpResponse:
    """A photo for the bearer of a link: one's own, and those shown."""
    _, actor = bearer_of(request, token)
    found: Photo = rights.fetch(Photo.objects.all(), actor, pk=pk)
    response = _file(found, size, PRIVATE)
    response["Referrer-Policy"] = "same-origin"
    return response


@require_safe
@by_service_link
def served_photo(
    request: HttpRequest, token: str, part: Part, actor: Actor, pk: int, size: str
) -> HttpResponse:
    """A photo for the service that holds the signed link of a part."""
    found: Photo = rights.fetch(Photo.objects.all(), actor, pk=pk)
    return _file(found, size, PRIVATE)


def _file(photo: Photo, size: str, caching: str) -> HttpResponse:
    if size not in SIZES:
        raise Http404
    field: Any = getattr(photo, SIZES[size])
    try:
        with field.open("rb") as stream:
            jpeg = stream.read()  # some hundred kilobytes: cleaned on their way in
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response["Cache-Control"] = caching
    response["Vary"] = "Cookie"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def draft_photo(request: HttpRequest, token: str) -> HttpResponse:
    """The small picture of a photo that waits in a form, for whoever holds its signed name."""
    jpeg = drafts.thumbnail(token)
    if jpeg is None:
        raise Http404
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
