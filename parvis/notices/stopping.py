"""Stopping in one click (RFC 8058): what the button of a mail program presses, and the page that a
person sees at the same address. No session, no cookie; pressed again it changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parvis.notices import preferences, subscribing
from parvis.notices.fingerprints import from_token
from parvis.ui.languages import in_every_language
from parvis.ui.unkept import unkept

METHODS = ["GET", "HEAD", "POST"]


# The bearer of the link is the one who may: a mail program holds neither cookie nor form.
@in_every_language
@csrf_exempt
@require_http_methods(METHODS)
def stop_subscriptions(request: HttpRequest, token: str) -> HttpResponse:
    """Stop everything that a subscriber follows: what a digest is made of."""
    subscriber = subscribing.subscriber_from_token(token)
    known = subscriber is not None
    if request.method == "POST" and subscriber is not None:
        subscribing.unsubscribe(subscriber, subscriber.subscriptions.all())
        subscriber = None
    return _page(request, gone=subscriber is None, known=known, label="")


@in_every_language
@csrf_exempt
@require_http_methods(METHODS)
def stop_subscription(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Stop exactly that subscription."""
    subscriber = subscribing.subscriber_from_token(token)
    one = subscriber.subscriptions.filter(pk=pk).first() if subscriber is not None else None
    label = one.label if one is not None else ""
    if request.method == "POST" and subscriber is not None and one is not None:
        subscribing.unsubscribe(subscriber, [one])
        one = None
    return _page(request, gone=one is None, known=bool(label), label=label)


@in_every_language
@csrf_exempt
@require_http_methods(METHODS)
def stop_everything(request: HttpRequest, token: str) -> HttpResponse:
    """Stop all that is sent to an address, and show it stopped."""
    mark = from_token(token)
    if mark is not None and request.method == "POST":
        preferences.stop(mark)
    chosen = preferences.of([mark]) if mark is not None else None
    gone = mark is None or (chosen is not None and chosen.stopped_at is not None)
    return _page(request, gone=gone, known=mark is not None, label="")


def _page(request: HttpRequest, *, gone: bool, known: bool, label: str) -> HttpResponse:
    """`known`: the link still names something. Pressing twice is well; looking at what is no more
    there is told as such."""
    status = 200 if known or request.method == "POST" else 410
    context = {"gone": gone, "label": label}
    response = render(request, "notices/stop.html", context, status=status)
    return unkept(response)
