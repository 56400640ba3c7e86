"""The witness page: a draw as it is shown on a wall at a public meeting, step after step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.councils.lot_answers import fetch_draw, trail
from parvis.councils.lot_content import content_of, people_words, version_of


@require_safe
def witness(request: HttpRequest, pk: int) -> HttpResponse:
    """Digest of the list, rules, commitments, values, seed, then line numbers; never a name."""
    found = fetch_draw(request, pk)
    return render(
        request,
        "councils/lot_witness.html",
        {
            "draw": found,
            "words": people_words(found),
            "content": content_of(found),
            "version": version_of(found),
            "crumbs": trail(found, ("Page témoin", "")),
        },
    )


@require_safe
def state(request: HttpRequest, pk: int) -> JsonResponse:
    """A word that changes when the page does."""
    response = JsonResponse({"version": version_of(fetch_draw(request, pk))})
    response["Cache-Control"] = "no-store"
    return response
