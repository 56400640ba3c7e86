"""What participation there is in a quartier, on one page: each part brings its section."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.councils.answers import BODIES
from parvis.councils.body_reading import compositions_of
from parvis.councils.quartier_sections import Section, opinions_here, propositions_here, told_here
from parvis.councils.regimes import label_of
from parvis.partners.actors import Actor, actor_of
from parvis.places.models import Quartier


def bodies_here(actor: Actor, quartier: Quartier) -> Section:
    """The bodies in activity and who sits in them, in public names."""
    rows = BODIES.visible_to(actor).filter(closed_on=None, quartiers=quartier)
    found = list(rows.order_by("organisation__name", "pk"))
    shown = compositions_of(actor, found, timezone.localdate())
    lines = [
        {"body": one, "form": label_of("form", one.form), "composition": shown[one.pk]}
        for one in found
    ]
    return Section("instances", "Instances", "councils/_quartier_bodies.html", {"rows": lines})


# Each gives its section of the page to this reader.
SECTIONS: list[Callable[[Actor, Quartier], Section]] = [
    propositions_here,
    opinions_here,
    bodies_here,
    told_here,
]


@require_safe
def quartier(request: HttpRequest, pk: int) -> HttpResponse:
    """What participation there is in this quartier."""
    actor = actor_of(request)
    found = get_object_or_404(Quartier.objects.defer("outline"), pk=pk)
    sections = [made(actor, found) for made in SECTIONS]
    trail = [("Participation", reverse("councils:bodies")), (found.name, "")]
    return render(
        request,
        "councils/body_quartier.html",
        {
            "quartier": found,
            "sections": sections,
            "crumbs": [{"label": label, "url": url} for label, url in trail],
        },
    )
