"""The desk of a walk: its findings by who manages the place, and what its checks said."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST, require_safe

from parvis.partners.actors import Actor, actor_of
from parvis.thread.reading import rows_of
from parvis.thread.register import kind_of, kinds
from parvis.ui.words import counted
from parvis.walks import sorting
from parvis.walks.answers import crumbs, fetch_walk
from parvis.walks.desk_rows import (
    ALL,
    ASIDE,
    BY_PAGE,
    CUTS,
    TO_SORT,
    Counts,
    findings_of,
    grouped,
    lines_of,
)
from parvis.walks.giving_back import give_back_walk
from parvis.walks.models import Answer, Picture, Walk
from parvis.walks.tabs import tabs_of
from parvis.walks.workflow import Result


@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """What the walk found, and what is made of it."""
    actor, walk = actor_of(request), fetch_walk(request, pk)
    counts = Counts.of(walk)
    cut = request.GET.get("voir", "")
    if cut not in CUTS:
        cut = TO_SORT if counts.whole.to_sort else ALL
    theme = request.GET.get("theme", "")
    theme = theme if theme in counts.themes else ""
    page = page_of(request)
    first = (page - 1) * BY_PAGE
    some = list(findings_of(walk, cut, theme)[first : first + BY_PAGE + 1])
    kept = urlencode({"voir": cut, **({"theme": theme} if theme else {})})
    return render(
        request,
        "walks/desk.html",
        {
            "walk": walk,
            "counts": counts,
            "groups": grouped(lines_of(actor, some[:BY_PAGE]), counts),
            "cuts": [(code, words) for code, (words, _) in CUTS.items()],
            "cut": cut,
            "aside": cut == ASIDE,
            "theme": theme,
            "themes": counts.theme_choices(),
            "may_sort": may_sort(actor, walk),
            "next_url": f"?{kept}&page={page + 1}" if len(some) > BY_PAGE else "",
            "first_url": f"?{kept}" if first else "",
            "here": f"?{kept}",
            "tabs": tabs_of(actor, walk, "walks:desk"),
            "crumbs": crumbs(walk, ("Constats", "")),
        },
    )


def may_sort(actor: Actor, walk: Walk) -> bool:
    """Whether this actor sorts the findings of that walk."""
    return bool(Walk.objects.allowed(actor, "sort").filter(pk=walk.pk).exists())


def page_of(request: HttpRequest) -> int:
    """The page that is asked for, from 1."""
    number = request.GET.get("page", "")
    return max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 5 else 1


@require_POST
def sort_several(request: HttpRequest, pk: int) -> HttpResponse:
    """Several findings in one go."""
    actor, walk = actor_of(request), fetch_walk(request, pk, "sort")
    do, into = request.POST.get("do", ""), request.POST.get("into", "")
    refused: list[str] = []
    if do == "strengths":
        done = sorting.note_strengths(walk, actor=actor)
    else:
        ids = _numbers(request.POST.getlist("finding")[: BY_PAGE + 1])
        head = _numbers([into])
        done, refused = sorting.in_one_go(
            walk, do, ids, actor=actor, into=head[0] if head else None
        )
    for words in refused:
        messages.error(request, words)
    if done:
        messages.success(request, f"C’est fait pour {counted(done, 'constat', 'constats')}.")
    elif not refused:
        messages.info(request, "Cochez d’abord des constats de la liste.")
    cut = request.POST.get("voir", "")
    query = f"?{urlencode({'voir': cut})}" if cut in CUTS else ""
    return redirect(reverse("walks:desk", args=[pk]) + query)


def _numbers(given: list[str]) -> list[int]:
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]


@require_safe
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """What was checked on the way, what was seen of it, and whether it returned to the thing."""
    actor, walk = actor_of(request), fetch_walk(request, pk)
    page = page_of(request)
    first = (page - 1) * BY_PAGE
    rows = Answer.objects.filter(about__stop__walk=walk).select_related(
        "about__stop", "about__organisation", "organisation"
    )
    rows = rows.order_by("about__stop__position", "about__position", "about", "noted_at", "pk")
    some = list(rows[first : first + BY_PAGE + 1])
    shown = some[:BY_PAGE]
    things, sorts = rows_of(actor, {one.about.thing for one in shown}), may_sort(actor, walk)
    pictures: dict[int, list[Picture]] = {}
    found = Picture.objects.visible_to(actor).filter(answer__in=[one.pk for one in shown])
    for picture in found.order_by("noted_at", "pk"):
        pictures.setdefault(picture.answer_id or 0, []).append(picture)
    return render(
        request,
        "walks/desk_answers.html",
        {
            "walk": walk,
            "lines": [
                {
                    **_checked(one, things, sorts=sorts),
                    "pictures": pictures.get(one.pk, []) if _told(one, things, sorts) else [],
                    "awaits": one.pictures_told > len(pictures.get(one.pk, [])),
                }
                for one in shown
            ],
            "next_url": f"?page={page + 1}" if len(some) > BY_PAGE else "",
            "first_url": "?" if first else "",
            "waiting": _waiting(actor, walk),
            "tabs": tabs_of(actor, walk, "walks:answers"),
            "crumbs": crumbs(walk, ("Vérifications", "")),
        },
    )


def _waiting(actor: Actor, walk: Walk) -> int:
    """How many answers the desk may give back."""
    mine = Answer.objects.allowed(actor, "sort")
    return int(mine.filter(about__stop__walk=walk, returned_at=None).count())


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return what waits to the things checked, without the pictures that have not come."""
    walk = fetch_walk(request, pk, "sort")
    done = give_back_walk(walk, actor_of(request))
    words = counted(done, "réponse rendue", "réponses rendues") if done else "Rien n’a été rendu"
    messages.success(request, f"{words}.")
    return redirect("walks:answers", pk)


def _told(answer: Answer, things: dict[tuple[str, int], Any], sorts: bool) -> bool:
    """Whether its words are for this reader: who sorts reads all, others what they may see."""
    return sorts or answer.about.thing in things


def _checked(answer: Answer, things: dict[tuple[str, int], Any], *, sorts: bool) -> dict[str, Any]:
    """One answer in words: a thing that its reader may not see is named by its kind alone."""
    code, pk = answer.about.thing
    kind, row = kinds().get(code), things.get((code, pk))
    checking = kind.checking if kind else None
    words = checking.words if checking else {}
    return {
        "answer": answer,
        "note": answer.note if _told(answer, things, sorts) else "",
        "label": capfirst(kind.label) if kind else code,
        "title": row.title if row else "",
        "url": kind_of(code).url(pk) if row else "",
        "result": words.get(answer.result, answer.get_result_display()),
        # What "seen" means is the thing's: good for what was promised, bad for what was broken.
        "tone": "late" if answer.result == Result.WORSE else "",
        "noted_by": answer.organisation.name if answer.organisation else "un participant",
    }
