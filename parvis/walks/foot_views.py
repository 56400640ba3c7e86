"""The walk on a telephone: one page for everybody, kept with the files it needs; what it shows of a
walk comes apart, under rights. See `docs/offline.md`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from parvis.partners.actors import actor_of
from parvis.walks import links, offline
from parvis.walks.answers import fetch_walk
from parvis.walks.foot_data import data_of
from parvis.walks.models import Walk

TEMPLATE = "walks/foot.html"


def by_link(view: Callable[[HttpRequest, Walk], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that the walk's own link opens: never indexed, its address told to nobody."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        walk = links.walk_from_token(token)
        if walk is None:
            raise Http404
        response = view(request, walk)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


@require_safe
@ensure_csrf_cookie
def foot(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a partner's telephone."""
    fetch_walk(request, pk, "observe")
    return _page(request)


@require_safe
@ensure_csrf_cookie
def foot_data(request: HttpRequest, pk: int) -> HttpResponse:
    """What that telephone keeps of the walk."""
    walk = fetch_walk(request, pk, "observe")
    return _json(data_of(actor_of(request), walk, guests=True, picture_url=_picture_url))


@require_safe
@ensure_csrf_cookie
@by_link
def joined(request: HttpRequest, walk: Walk) -> HttpResponse:
    """The page of a participant's telephone: the link is the right."""
    return _page(request)


@require_safe
@ensure_csrf_cookie
@by_link
def joined_data(request: HttpRequest, walk: Walk) -> HttpResponse:
    """What that telephone keeps of the walk: what everybody may see, and what the link opens."""
    token, actor = links.token_of(walk), links.bearing(actor_of(request), walk)

    def picture_url(pk: int) -> str:
        return reverse("walks:joined_shown", args=[token, pk, "small"])

    return _json(data_of(actor, walk, guests=False, picture_url=picture_url))


@require_safe
def unconnected(request: HttpRequest) -> HttpResponse:
    """The walks that this telephone keeps. A browser keeps this page as a stranger sees it, and
    opens it in the place of every walk's when there is no network."""
    return render(request, TEMPLATE)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that the browser runs beside these pages: what to keep, under a version made from
    the page and its files, then the worker itself."""
    return offline.PAGE.script(render_to_string(TEMPLATE), reverse("walks:unconnected"))


def _picture_url(pk: int) -> str:
    return reverse("walks:picture", args=[pk, "small"])


def _page(request: HttpRequest) -> HttpResponse:
    response = render(request, TEMPLATE)
    response["Cache-Control"] = "private, no-store"
    return response


def _json(told: dict[str, object]) -> HttpResponse:
    return JsonResponse(told, headers={"Cache-Control": "private, no-store"})
