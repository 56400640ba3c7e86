"""The public front door: home, quartiers and search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from parvis.partners.actors import Actor, actor_of
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier
from parvis.places.outlines import quartier_outlines
from parvis.places.searching import KIND
from parvis.portal import menu, sketch
from parvis.portal.doorstep import door_of_quartier, gathering_moments, gatherings_at, strip
from parvis.portal.doorworks import Works, sites_at, works_moments
from parvis.reports import figures
from parvis.reports.models import Report
from parvis.reports.searching import holding
from parvis.reports.views.shared import words_of_state
from parvis.reports.views.story import late_on
from parvis.search import index
from parvis.tfpb.bilan_public import abatement_told
from parvis.toolbox import sheet_index
from parvis.toolbox.content_views import statement
from parvis.toolbox.models import Sheet
from parvis.ui.languages import in_every_language
from parvis.upkeep.models import Holding

SHOWN = 8  # reports of each kind on a quartier's page; the whole list is one click away
FOUND = 20  # results of each kind
SHEETS = 5  # the toolbox has a search of its own, with filters


def quartier_url(quartier: Quartier) -> str:
    return reverse("portal:quartier", args=[quartier.code])


@in_every_language
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Report, follow, find one's quartier, and see what was done."""
    actor = actor_of(request)
    quartiers = list(Quartier.objects.in_force(timezone.localdate()).told_apart())
    return render(
        request,
        "portal/home.html",
        {
            "sketch": sketch.draw(quartiers, url=quartier_url),
            "quartiers": quartiers,
            "settled": figures.settled_lately(actor, limit=3),
            "footer": menu.footer(
                gettext(told.mention) if (told := statement(actor)) else menu.NOT_YET
            ),
        },
    )


@in_every_language
@require_safe
def quartiers(request: HttpRequest) -> HttpResponse:
    """Every quartier in force, by commune; one that crosses several stands under each. With
    `?code=`, the page of that quartier (the home's choice, without JavaScript)."""
    if code := request.GET.get("code", ""):
        return redirect("portal:quartier", get_object_or_404(Quartier, code=code).code)
    today = timezone.localdate()
    in_force = list(Quartier.objects.in_force(today).prefetch_related("communes"))
    by_commune: dict[Commune, list[Quartier]] = {}
    for quartier in in_force:
        for commune in quartier.communes.all():
            by_commune.setdefault(commune, []).append(quartier)
    return render(
        request,
        "portal/quartiers.html",
        {
            "rows": sorted(by_commune.items(), key=lambda row: (row[0].name, row[0].code)),
            "sketch": sketch.draw(in_force, url=quartier_url),
        },
    )


@in_every_language
@require_safe
def quartier(request: HttpRequest, code: str) -> HttpResponse:
    """One quartier: its map, what is open, what was settled, how long it takes, whom to talk to."""
    actor = actor_of(request)
    rows = Quartier.objects.annotate(abated=abatement_told(), in_sheets=_told_in_sheets())
    found = get_object_or_404(rows, code=code)
    communes = list(found.communes.all())
    told = figures.of_quartier(actor, found.pk, shown=SHOWN)
    today = timezone.localdate()
    door = door_of_quartier(found)
    works = Works(sites_at(actor, door, today))
    coming = list(gathering_moments(gatherings_at(actor, door, today), today))
    coming += works_moments(works, today)
    return render(
        request,
        "portal/quartier.html",
        {
            "quartier": found,
            "crumbs": [
                {"label": _("Quartiers"), "url": reverse("portal:quartiers")},
                {"label": found.name, "lang": "fr"},
            ],
            "communes": communes,
            "runs": found.runs_on(today),
            "outlines": quartier_outlines([found.pk], on=found.valid_until),
            # Fetched by the map itself: a page need not wait for hundreds of points.
            "features_url": f"{reverse('reports:map')}?{_open_ones(found)}",
            "open": in_words(told.open),
            "counts": {"open": told.open_count, "closed": told.closed_count},
            "settled": told.settled,
            "coming": strip(coming, today) if coming else [],
            "delays": told.delays,
            "contacts": _contacts(found, communes),
            "abated": found.abated,  # type: ignore[attr-defined]
            "in_sheets": found.in_sheets,  # type: ignore[attr-defined]
        },
    )


def _told_in_sheets() -> Exists:
    """Whether a published sheet of the toolbox is about the quartier."""
    about = Sheet.quartiers.through.objects.filter(sheet__live=True)
    return Exists(about.filter(quartier_id=OuterRef("pk")))


def in_words(reports: list[Report]) -> list[tuple[Report, str, str, bool]]:
    """Each report with the tone and the words of its state, and whether it is late."""
    today = timezone.localdate()
    return [
        (report, *words_of_state(report.state), late_on(report.state, report.due_on, today))
        for report in reports
    ]


def _open_ones(found: Quartier) -> str:
    """The query of the map of a quartier's open reports, all those that the reader may see."""
    return urlencode({"quartier": found.code, "state": "open", "all": "1"})


def _contacts(found: Quartier, communes: list[Commune]) -> list[Organisation]:
    """Whom to talk to: towns, landlords present, maisons de quartier, agglomérations; one query."""
    kinds = Organisation.Kind
    # Landlords of the residences that stand inside the quartier's box, in one of its communes.
    box = Q(
        residence__latitude__range=(found.south or 0, found.north or 0),
        residence__longitude__range=(found.west or 0, found.east or 0),
    )
    holders = (
        Holding.objects.in_force(timezone.localdate())
        .filter(box, residence__commune__in=communes)
        .values("organisation_id")
    )
    sirens = [commune.epci_siren for commune in communes if commune.epci_siren]
    order = [kinds.COMMUNE, kinds.BAILLEUR, kinds.MAISON_DE_QUARTIER, kinds.AGGLOMERATION]
    organisations = Organisation.objects.filter(closed_on=None).filter(
        Q(kind__in=(kinds.COMMUNE, kinds.MAISON_DE_QUARTIER), commune__in=communes)
        | Q(kind=kinds.AGGLOMERATION, siren__in=sirens)
        | Q(kind=kinds.BAILLEUR, pk__in=holders)
    )
    return sorted(organisations, key=lambda one: (order.index(kinds(one.kind)), one.name))


@in_every_language
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Words among the reports that one may see, among quartiers, and among sheets."""
    words = request.GET.get("q", "").strip()[:100]
    reports: list[Report] = []
    quartiers_found: list[Quartier] = []
    sheets = words_in_sheets(request.actor, words)  # type: ignore[attr-defined]
    actor = actor_of(request)
    in_reports, in_quartiers = holding(actor, words), index.matching(KIND, words)
    if in_reports is not None and in_quartiers is not None:
        reports = list(
            Report.objects.visible_to(actor)
            .filter(in_reports, withdrawn_at=None, merged_into=None)
            .select_related("category")
            .order_by("-at", "-pk")[:FOUND]
        )
        in_force = Quartier.objects.in_force(timezone.localdate())
        quartiers_found = list(in_force.filter(pk__in=in_quartiers)[:FOUND])
    return render(
        request,
        "portal/search.html",
        {
            "words": words,
            "reports": in_words(reports),
            "quartiers": quartiers_found,
            "sheets": sheets[:SHEETS],
            "more_sheets": len(sheets) > SHEETS,
        },
    )


def words_in_sheets(actor: Actor, words: str) -> list[Sheet]:
    """The sheets of the toolbox that hold all these words as they are typed, best first, and one
    more than are shown; corrections are for the toolbox's own search."""
    rows = Sheet.objects.visible_to(actor).filter(live=True)
    found = sheet_index.find(words, rows)
    if found is None or found.corrected or not found.whole:
        return []
    wanted = found.ids[: SHEETS + 1]
    by_pk = rows.select_related("author").defer("body").in_bulk(wanted)
    return [by_pk[pk] for pk in wanted if pk in by_pk]
