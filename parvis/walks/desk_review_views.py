"""Reading a walk again for the public: findings and pictures, all on one page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.partners.actors import Actor
from parvis.walks.answers import actor_of, crumbs, fetch_walk
from parvis.walks.desk_forms import PictureForm, ReviewForm
from parvis.walks.desk_review import Agreed, Said, check_picture
from parvis.walks.desk_review import review as keep
from parvis.walks.desk_rows import BY_PAGE, pictures_of
from parvis.walks.desk_views import page_of
from parvis.walks.models import Observation, Picture, Walk
from parvis.walks.sorting import followed
from parvis.walks.tabs import tabs_of

ANSWERS_AT_MOST = 60  # pictures of checks that are read again on the first page


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
    first = (page - 1) * BY_PAGE
    rows = Observation.objects.filter(followed(walk)).select_related("stop")
    rows = rows.order_by(F("stop__position").asc(nulls_last=True), "noted_at", "pk")
    some = list(rows[first : first + BY_PAGE + 1])
    data = request.POST if request.method == "POST" else None
    lines = _lines(actor, some[:BY_PAGE], data)
    checked = [] if first else _of_checks(actor, walk, data)
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
        return redirect(f"{here}?page={page}" if first else here)
    return render(
        request,
        "walks/review.html",
        {
            "walk": walk,
            "lines": lines,
            "checked": checked,
            "wrong": request.method == "POST",
            "next_url": f"?page={page + 1}" if len(some) > BY_PAGE else "",
            "first_url": "?" if first else "",
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


def _of_checks(actor: Actor, walk: Walk, data: Any) -> list[PictureForm]:
    """The pictures of what was checked, which the public account shows too."""
    rows = Picture.objects.allowed(actor, "review").filter(answer__about__stop__walk=walk)
    some = rows.select_related("answer__about__stop").order_by("noted_at", "pk")
    return [PictureForm(data, picture=one) for one in some[:ANSWERS_AT_MOST]]


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
