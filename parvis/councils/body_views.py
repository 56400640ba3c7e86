"""Bodies of participation for everybody: their list, the page of one, its files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.councils.answers import BODIES, crumbs, fetch_body, number_in
from parvis.councils.body_access import may_create
from parvis.councils.body_following import offered_on
from parvis.councils.body_models import Body
from parvis.councils.body_reading import balance_of, composition_of, counts_of
from parvis.councils.body_rules import old_terms, rules_of
from parvis.councils.opinion_access import may_ask
from parvis.councils.regimes import label_of, regime_of
from parvis.councils.tabs import tabs_of
from parvis.councils.ways import public_ways, ways_of
from parvis.documents.files import file_response
from parvis.partners.actors import Actor, actor_of
from parvis.places.models import Quartier

PAGE = 30
FILTER_FROM = 2  # quartiers: with fewer there is nothing to choose


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies that one may see: those in activity, or those that were dissolved."""
    actor, asked = actor_of(request), request.GET
    seen = BODIES.visible_to(actor)
    lying = Body.quartiers.through.objects
    quartiers = list(
        Quartier.objects.filter(
            Exists(lying.filter(quartier_id=OuterRef("pk"), body_id__in=seen.values("pk")))
        )
        .only("pk", "name")
        .order_by("name", "pk")
    )
    dissolved = asked.get("dissoutes") == "1"
    chosen, page = number_in(asked.get("quartier")), number_in(asked.get("page")) or 1
    rows = seen.filter(closed_on__isnull=not dissolved)
    if chosen is not None:
        rows = rows.filter(Exists(lying.filter(body_id=OuterRef("pk"), quartier_id=chosen)))
    start = (page - 1) * PAGE
    found = list(
        rows.prefetch_related("quartiers").order_by("organisation__name", "pk")[
            start : start + PAGE + 1
        ]
    )
    shown = found[:PAGE]
    counts = counts_of([one.pk for one in shown], timezone.localdate())
    kept = {"dissoutes": "1"} if dissolved else {}
    if chosen is not None:
        kept["quartier"] = str(chosen)
    return render(
        request,
        "councils/bodies.html",
        {
            "rows": [
                {
                    "body": one,
                    "form": label_of("form", one.form),
                    "quartiers": ", ".join(here.name for here in one.quartiers.all()),
                    "members": counts[one.pk][0],
                    "vacant": counts[one.pk][1],
                }
                for one in shown
            ],
            "dissolved": dissolved,
            "quartiers": quartiers if len(quartiers) >= FILTER_FROM else [],
            "quartier": next((one for one in quartiers if one.pk == chosen), None),
            "chosen": chosen,
            "may_create": may_create(actor),
            "ways": ways_of(actor),
            "public_ways": public_ways(),
            "first_url": f"?{urlencode(kept)}" if page > 1 else "",
            "next_url": f"?{urlencode(kept | {'page': page + 1})}" if len(found) > PAGE else "",
        },
    )


@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: what it is, who sits in it, by which rules and whether they are held."""
    actor = actor_of(request)
    found = fetch_body(request, pk)
    composition = composition_of(actor, found, timezone.localdate())
    quartiers = list(found.quartiers.defer("outline").order_by("name", "pk"))
    regime = regime_of(found.regime)
    acts = list(found.recognitions.select_related("authority").order_by("signed_on", "pk"))
    return render(
        request,
        "councils/body.html",
        {
            "body": found,
            "form": label_of("form", found.form),
            "regime": regime,
            "quartiers": quartiers,
            "composition": composition,
            "balance": balance_of(quartiers, composition) if len(quartiers) > 1 else [],
            "rules": rules_of(found, composition, acts),
            "old_terms": old_terms(composition),
            # Acts of recognition stay readable after the regime that wanted them.
            "recognitions": acts,
            "recognised": regime.rule("recognition") is not None,
            "may": may_on(actor, found),
            "asks": may_ask(actor),
            "followed": offered_on(found),
            "tabs": tabs_of(actor, found, "councils:body"),
            "crumbs": crumbs(found),
        },
    )


def may_on(actor: Actor, found: Body) -> dict[str, bool]:
    """What this actor may do on a body that they see."""
    return {
        right: Body.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in ("enter", "edit", "compose")
    }


@require_safe
def rules_file(request: HttpRequest, pk: int) -> FileResponse:
    """The règlement intérieur, for who sees the body."""
    found = fetch_body(request, pk)
    if not found.rules_file:
        raise Http404
    title = f"Règlement intérieur, {found.organisation.name}"
    return file_response(found.rules_file, title)


@require_safe
def recognition_file(request: HttpRequest, pk: int, act: int) -> FileResponse:
    """An act that recognises the body, for who sees the body."""
    found = fetch_body(request, pk)
    kept: Any = found.recognitions.filter(pk=act).first()
    if kept is None or not kept.file:
        raise Http404
    return file_response(kept.file, f"Arrêté {kept.number} {kept.signed_on:%d-%m-%Y}")
