"""Photos, under their policy: no address leads to the folder itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.reports import drafts
from parvis.reports.models import Part, Photo
from parvis.reports.views.shared import bearer_of, by_service_link

SIZES = {"large": "file", "small": "thumbnail"}
# Asked for again each time: a photo that is hidden or blacked out is gone everywhere at once. What
# has not changed is answered without its bytes.
CACHING = "private, no-cache"


@require_safe
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """A photo for a stranger (once shown) or for a partner (within their rights)."""
    found: Photo = rights.fetch(Photo.objects.all(), actor_of(request), pk=pk)
    return _file(request, found, size)


@require_safe
def own_photo(request: HttpRequest, token: str, pk: int, size: str) -> HttpResponse:
    """A photo for the bearer of a link: one's own, and those shown."""
    _, actor = bearer_of(request, token)
    found: Photo = rights.fetch(Photo.objects.all(), actor, pk=pk)
    response = _file(request, found, size)
    response["Referrer-Policy"] = "same-origin"
    return response


@require_safe
@by_service_link
def served_photo(
    request: HttpRequest, token: str, part: Part, actor: Actor, pk: int, size: str
) -> HttpResponse:
    """A photo for the service that holds the signed link of a part."""
    found: Photo = rights.fetch(Photo.objects.all(), actor, pk=pk)
    return _file(request, found, size)


def _file(request: HttpRequest, photo: Photo, size: str) -> HttpResponse:
    if size not in SIZES:
        raise Http404
    # A name is never written twice: another name is another picture.
    field: Any = getattr(photo, SIZES[size])
    etag = quote_etag(Path(field.name).stem)
    response: HttpResponse = get_conditional_response(request, etag=etag) or _read(field)
    response["ETag"] = etag
    response["Cache-Control"] = CACHING
    response["Vary"] = "Cookie"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


def _read(field: Any) -> HttpResponse:
    try:
        with field.open("rb") as stream:
            jpeg = stream.read()  # some hundred kilobytes: cleaned on their way in
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(jpeg, content_type="image/jpeg")


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
