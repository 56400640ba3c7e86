"""The two doors by which telephones send what was noted, and the pictures they sent.

A door looks at the length of what comes before it reads it: a refusal must not cost a network, a
disk or a memory what was refused. Django's own look at the CSRF secret reads the form first, so the
outer view is exempt from it and the inner one is not: nothing is done without the secret.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from parvis.documents.photos import MAX_BYTES, TOO_HEAVY
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.rights import Refused
from parvis.ui.visitors import too_often, visitor_key
from parvis.walks.answers import fetch_walk
from parvis.walks.links import bearing, walk_from_token
from parvis.walks.models import Picture, Walk
from parvis.walks.pictures import OwnerToCome, PictureSent, receive_picture
from parvis.walks.receive_items import (
    NO_BATCH,
    TooMany,
    Unreadable,
    read_batch,
    read_moment,
    read_uid,
)
from parvis.walks.receiving import receive as receive_batch

BATCH_BYTES = 2 * 1024 * 1024
FIELDS_BYTES = 64 * 1024  # what goes with a picture
AN_HOUR = 3600  # seconds
# From one address to one walk, for who holds its link: thirty telephones behind one network, each
# with forty notes and as many pictures.
SENDINGS_AN_HOUR = 1500
PICTURES_AN_HOUR = 3000

TOO_LONG = "Cet envoi est trop lourd. Il faut l’envoyer en plusieurs fois."
TOO_OFTEN = "Trop d’envois d’un coup. Tout est gardé sur ce téléphone, la suite part plus tard."
CLOSED = (
    "Ce lien n’est pas, ou plus, ouvert. Ce qui attend reste sur ce téléphone. Demandez un nouveau"
    " lien à l’organisation qui mène le diagnostic."
)
STALE = "Cette page est restée ouverte trop longtemps. Réessayez."
NO_PICTURE = "Cette photo est arrivée incomplète."
TO_COME = "La note de cette photo n’est pas encore arrivée."

View = Callable[..., HttpResponse]


class Stopping(FileUploadHandler):
    """Lets nothing more through once what comes is heavier than a picture may be."""

    over = False

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count it, and pass it on."""
        self.seen += len(raw_data)
        if self.seen > MAX_BYTES:
            self.over = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers that follow make the file."""


def _door(most: int, why: str) -> Callable[[View], View]:
    """A POST of so many bytes at most, with the CSRF secret, whose refusals are told in JSON."""

    def decorate(view: View) -> View:
        guarded = csrf_protect(view)

        @csrf_exempt
        @require_POST
        @wraps(view)
        def door(request: HttpRequest, **where: Any) -> HttpResponse:
            # Without a length nothing is read: Django takes the body for empty.
            if _length(request) > most:
                return _said(_error(why, 413))
            request.upload_handlers.insert(0, Stopping(request))
            try:
                response = guarded(request, **where)
            except Unreadable as refused:
                response = _error(str(refused), 413 if isinstance(refused, TooMany) else 400)
            except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
                response = _error(NO_BATCH, 400)
            if response.status_code == 403:  # a right that is missing is raised, not returned
                get_token(request)  # a new secret goes with the answer
                response = _error(STALE, 403)
            return _said(response)

        return door

    return decorate


def _length(request: HttpRequest) -> int:
    written = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 2**63


def _error(why: str, status: int) -> JsonResponse:
    return JsonResponse({"error": why}, status=status)


def _said(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def _joined(request: HttpRequest, token: str, what: str, times: int) -> tuple[Walk, Actor] | None:
    """The walk of a link and who holds it; None when too much came from there."""
    walk = walk_from_token(token)
    if walk is None:
        raise Http404
    if too_often(what, f"{walk.pk}.{visitor_key(request)}", times=times, seconds=AN_HOUR):
        return None
    return walk, bearing(actor_of(request), walk)


# --- What was noted ---------------------------------------------------------------------------


@_door(BATCH_BYTES, TOO_LONG)
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """What a partner's telephone noted."""
    walk = fetch_walk(request, pk, "observe")
    return _batch(request, walk, actor_of(request), partner=True)


@_door(BATCH_BYTES, TOO_LONG)
def joined_receive(request: HttpRequest, token: str) -> HttpResponse:
    """What the telephone of a participant with the link noted."""
    try:
        joined = _joined(request, token, "walks.receive", SENDINGS_AN_HOUR)
    except Http404:
        return _error(CLOSED, 404)
    return _batch(request, *joined, partner=False) if joined else _later()


def _batch(request: HttpRequest, walk: Walk, actor: Actor, *, partner: bool) -> HttpResponse:
    if request.content_type != "application/json":
        raise Unreadable(NO_BATCH)
    now = timezone.now()
    sent_at, items = read_batch(request.body)
    received = receive_batch(
        walk, actor=actor, sent_at=sent_at, items=items, partner=partner, now=now
    )
    return JsonResponse({"kept": received.kept, "refused": received.refused, "at": now.isoformat()})


def _later() -> HttpResponse:
    response = _error(TOO_OFTEN, 429)
    response["Retry-After"] = str(AN_HOUR // 4)
    return response


# --- Pictures ---------------------------------------------------------------------------------


@_door(MAX_BYTES + FIELDS_BYTES, TOO_HEAVY)
def receive_one_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture that a partner's telephone took."""
    return _picture(request, fetch_walk(request, pk, "observe"))


@_door(MAX_BYTES + FIELDS_BYTES, TOO_HEAVY)
def joined_picture(request: HttpRequest, token: str) -> HttpResponse:
    """A picture that the telephone of a participant with the link took."""
    try:
        joined = _joined(request, token, "walks.picture", PICTURES_AN_HOUR)
    except Http404:
        return _error(CLOSED, 404)
    return _picture(request, joined[0]) if joined else _later()


def _picture(request: HttpRequest, walk: Walk) -> HttpResponse:
    upload = request.FILES.get("file")
    stopping: Any = request.upload_handlers[0]
    if stopping.over:
        return _error(TOO_HEAVY, 413)
    written = request.POST.get("uid", "")
    try:
        if upload is None:
            raise Unreadable(NO_PICTURE)
        sent = PictureSent(
            uid=read_uid(written),
            of=read_uid(request.POST.get("of")),
            noted_at=request.POST.get("noted_at", ""),
            sent_at=_moment(request),
            people=request.POST.get("people") == "1",
        )
    except Refused as refused:
        raise Unreadable(refused.messages[0]) from refused
    try:
        receive_picture(walk, sent, upload)
    except OwnerToCome:
        return JsonResponse({"wait": True, "error": TO_COME}, status=409)
    except Refused as refused:
        return JsonResponse({"refused": {written: refused.messages[0]}}, status=422)
    return JsonResponse({"kept": [written]})


def _moment(request: HttpRequest) -> datetime:
    return read_moment(request.POST.get("sent_at"))


SIZES = {"large": "file", "small": "thumbnail"}


@require_safe
def picture(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """A picture, for whoever may see it."""
    return _file(request, actor_of(request), pk, size)


@require_safe
def joined_shown(request: HttpRequest, token: str, pk: int, size: str) -> HttpResponse:
    """A picture of what is to be looked at again, for a participant with the link."""
    walk = walk_from_token(token)
    if walk is None:
        raise Http404
    response = _file(request, bearing(actor_of(request), walk), pk, size)
    response["Referrer-Policy"] = "same-origin"
    return response


def _file(request: HttpRequest, actor: Actor, pk: int, size: str) -> HttpResponse:
    found: Picture = rights.fetch(Picture.objects.all(), actor, pk=pk)
    if size not in SIZES:
        raise Http404
    field: Any = getattr(found, SIZES[size])
    # A name is never written twice: another name is another picture.
    etag = quote_etag(Path(field.name).stem)
    response: HttpResponse = get_conditional_response(request, etag=etag) or _read(field)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"  # one that is hidden is gone everywhere
    response["Vary"] = "Cookie"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


def _read(field: Any) -> HttpResponse:
    try:
        with field.open("rb") as stream:
            return HttpResponse(stream.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
