"""Reading a walk again for the public: findings and pictures, all on one page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.partners.actors import Actor, actor_of
from parvis.walks.answers import crumbs, fetch_walk
from parvis.walks.desk_forms import PictureForm, ReviewForm
from parvis.walks.desk_review import Agreed, Said, check_picture
from parvis.walks.desk_review import review as keep
from parvis.walks.desk_rows import BY_PAGE, pictures_of
from parvis.walks.desk_views import page_of
from parvis.walks.models import Observation, Picture, Walk
from parvis.walks.sorting import followed
from parvis.walks.tabs import tabs_of

CHECKED_BY_PAGE = 60  # pictures of checks that are read again on one page


@dataclass
class Reread:
    """One finding to read again, with its pictures."""

    finding: Observation
    form: ReviewForm
    pictures: list[PictureForm] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody will read and see of this walk."""
    actor, walk = actor_of(request), fetch_walk(request, pk, "sort")
    page = page_of(request)
    rows = Observation.objects.filter(followed(walk)).select_related("stop")
    rows = rows.order_by(F("stop__position").asc(nulls_last=True), "noted_at", "pk")
    some, more = _of_page(request, rows, "o", page, BY_PAGE)
    pictures, others = _of_page(request, _of_checks(actor, walk), "p", page, CHECKED_BY_PAGE)
    data = request.POST if request.method == "POST" else None
    lines = _lines(actor, some, data)
    checked = [PictureForm(data, picture=one) for one in pictures]
    here = reverse("walks:review", args=[pk])
    if request.method == "POST" and _valid(lines, checked):
        forms = [*checked, *(form for line in lines for form in line.pictures)]
        keep(
            walk,
            actor=actor,
            # What came since the page was opened was not on it, and is left as it is.
            findings={
                line.finding.pk: _said(line.form) for line in lines if _sent(line.form, request)
            },
            pictures={form.picture.pk: _agreed(form) for form in forms if _sent(form, request)},
        )
        messages.success(request, "Relecture enregistrée.")
        return redirect(f"{here}?page={page}" if page > 1 else here)
    return render(
        request,
        "walks/review.html",
        {
            "walk": walk,
            "lines": lines,
            "checked": checked,
            "wrong": request.method == "POST",
            "next_url": f"?page={page + 1}" if more or others else "",
            "first_url": "?" if page > 1 else "",
            "tabs": tabs_of(actor, walk, "walks:review"),
            "crumbs": crumbs(walk, ("Relecture", "")),
        },
    )


def _lines(actor: Actor, findings: list[Observation], data: Any) -> list[Reread]:
    pictures = pictures_of(actor, [one.pk for one in findings])
    return [
        Reread(
            one,
            ReviewForm(data, finding=one),
            [PictureForm(data, picture=picture) for picture in pictures.get(one.pk, [])],
        )
        for one in findings
    ]


def _of_checks(actor: Actor, walk: Walk) -> Any:
    """The pictures of what was checked, which the public account shows too."""
    rows = Picture.objects.allowed(actor, "review").filter(answer__about__stop__walk=walk)
    return rows.select_related("answer__about__stop").order_by("noted_at", "pk")


def _of_page(
    request: HttpRequest, rows: Any, letter: str, page: int, by: int
) -> tuple[list[Any], bool]:
    """The rows of a page, and whether others follow; of what is sent, those that the page showed:
    a finding that came since moves none of them away."""
    if request.method == "POST":
        sent = re.compile(rf"{letter}(\d{{1,18}})-choice")
        ids = [int(found[1]) for name in request.POST if (found := sent.fullmatch(name))]
        return list(rows.filter(pk__in=ids[: 10 * by])), False
    first = (page - 1) * by
    some = list(rows[first : first + by + 1])
    return some[:by], len(some) > by


def _sent(form: ReviewForm | PictureForm, request: HttpRequest) -> bool:
    return form.add_prefix("choice") in request.POST


def _valid(lines: list[Reread], checked: list[PictureForm]) -> bool:
    """Whether all of it may be kept; what may not says why beside it."""
    good = [line.form.is_valid() for line in lines]
    for form in [*checked, *(one for line in lines for one in line.pictures)]:
        if not form.is_valid():
            good.append(False)
            continue
        try:
            check_picture(_agreed(form))
        except ValidationError as refused:
            form.add_error(None, refused)
            good.append(False)
    return all(good)


_SHOWN = {"show": True, "hide": False}


def _said(form: ReviewForm) -> Said:
    given = form.cleaned_data
    return Said(_SHOWN.get(given["choice"]), given["public_note"])


def _agreed(form: PictureForm) -> Agreed:
    given = form.cleaned_data
    return Agreed(_SHOWN.get(given["choice"]), given["people"], given["consent"])
