"""The list of programmes, the sheet of one, and how its landlord opens and heads it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier
from parvis.tfpb import programme_acts as acts
from parvis.tfpb.circuit_reading import versions_of
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.line_checks import rule_for
from parvis.tfpb.programme_answers import (
    PROGRAMMES,
    crumbs,
    fetch_programme,
    form_page,
    programme_crumb,
    sent_already,
    tell,
    url_of,
    write,
)
from parvis.tfpb.programme_forms import (
    HeadForm,
    OpenForm,
    ProgrammeFilters,
    RealForm,
    read_initial,
)
from parvis.tfpb.programme_merging import day_of, plain_record
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.programme_reading import (
    against,
    money_table,
    next_of,
    sheets_of_quartier,
    voices_of,
    years_of,
)
from parvis.tfpb.scopes import WRITERS
from parvis.tfpb.split_models import SplitPart
from parvis.tfpb.stock_sums import stock_of
from parvis.tfpb.sums import Sums, sums_by
from parvis.tfpb.tabs import tabs_of
from parvis.ui.words import day_in_words

BY_PAGE = 50


def writes_programmes(request: HttpRequest) -> bool:
    """Whether who asks writes the programmes of a landlord."""
    actor = actor_of(request)
    return actor.kind == Organisation.Kind.BAILLEUR and actor.role in WRITERS


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes that one may see, newest year first, a page at a time."""
    actor = actor_of(request)
    seen = Programme.objects.visible_to(actor)
    filters = ProgrammeFilters(request.GET or None, seen=seen, partner=actor.is_partner)
    number = request.GET.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    page = max(page, 1)
    first = (page - 1) * BY_PAGE
    rows = filters.kept(PROGRAMMES.visible_to(actor))
    rows = rows.order_by("-year", "landlord__name", "commune__name", "quartier__name", "pk")
    shown = list(rows[first : first + BY_PAGE + 1])
    more, shown = len(shown) > BY_PAGE, shown[:BY_PAGE]
    ids = [one.pk for one in shown]
    reads = set(
        Programme.objects.allowed(actor, "read").filter(pk__in=ids).values_list("pk", flat=True)
    )
    sums = sums_by(Line.objects.filter(programme__in=reads), "programme_id")
    kept = QueryDict(mutable=True)
    for name in filters.fields:
        if value := request.GET.get(name):
            kept[name] = value
    query = kept.urlencode()
    writes = writes_programmes(request)
    return render(
        request,
        "tfpb/programmes.html",
        {
            "rows": [
                {
                    "programme": one,
                    "money": against([one], sums.get((one.pk,), Sums()))
                    if one.pk in reads
                    else None,
                    "next": next_of(one),
                }
                for one in shown
            ],
            "filters": filters,
            "filtered": bool(query),
            "partner": actor.is_partner,
            "writes": writes,
            "year": timezone.localdate().year,
            "landlord": actor.organisation_id,
            "proposed": _proposed(request) if writes else [],
            "next_url": f"?{query}{'&' if query else ''}page={page + 1}" if more else "",
            "first_url": f"?{query}" if first else "",
        },
    )


def _proposed(request: HttpRequest) -> list[SplitPart]:
    """The parts of shared actions that await an answer of one's organisation."""
    waiting = SplitPart.objects.allowed(actor_of(request), "answer")
    rows = waiting.filter(line=None, declined_on=None).select_related("split__pilot")
    return list(rows.order_by("split__title", "pk")[:20])


@require_http_methods(["GET", "HEAD", "POST"])
def open_programme(request: HttpRequest) -> HttpResponse:
    """Open the sheet of one place and one year."""
    actor = actor_of(request)
    back = reverse("tfpb:programmes")
    if not writes_programmes(request):
        messages.error(request, "Un bailleur ouvre lui-même ses programmes.")
        return redirect(back)
    landlord = Organisation.objects.get(pk=actor.organisation_id or 0)
    form = OpenForm(
        request.POST or None, landlord=landlord.pk, initial={"year": timezone.localdate().year}
    )
    if request.method == "POST" and form.is_valid():
        commune, quartier = form.where()
        try:
            made = acts.open_programme(
                landlord=landlord,
                commune=Commune.objects.get(pk=commune),
                quartier=Quartier.objects.get(pk=quartier),
                year=form.cleaned_data["year"],
                actor=actor,
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Programme ouvert. Écrivez sa première ligne.")
            return redirect(url_of(made))
    return form_page(
        request,
        form,
        heading="Ouvrir un programme",
        lead="Une fiche par quartier, par commune et par année."
        if form.places
        else "Parvis ne connaît encore aucun quartier où vous avez des logements : commencez par "
        "votre patrimoine, ou par la convention d’abattement.",
        button="Ouvrir",
        back=back,
        trail=crumbs(("Ouvrir un programme", "")),
    )


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet: its head, its lines by axis with their sums, beside last year and what residents
    report."""
    actor, found = actor_of(request), fetch_programme(request, pk)
    may = {
        right: actor.is_partner
        and Programme.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in ("edit", "follow", "spend")
    }
    if not Programme.objects.allowed(actor, "read").filter(pk=found.pk).exists():
        return _being_completed(request, found)
    writes = may["edit"] and found.written
    table = money_table([found], with_notices=may["follow"])
    sheets, whole = sheets_of_quartier(actor, found)
    last = acts.last_year_of(found) if writes else None
    return render(
        request,
        "tfpb/programme.html",
        {
            "programme": found,
            "follow": may["follow"],
            "writes": writes,
            "spends": may["spend"] and not found.written and found.published_at is None,
            "table": table,
            "many": False,
            "next": next_of(found),
            "years": years_of(actor, found),
            "voices": voices_of(actor, found, table),
            "sheets": [one for one in sheets if one.pk != found.pk],
            "together": whole and len(sheets) > 1,
            "stock": stock_of(found) if may["follow"] else None,
            "carried_over": rule_for(found, "programme").label if may["follow"] else "",
            "rebuild": last is not None and not table.number,
            "before_sending": acts.why_not_sendable(found) if writes else [],
            "tabs": tabs_of(actor, found, "tfpb:programme"),
            "crumbs": crumbs((programme_crumb(found)[0], "")),
        },
    )


def _being_completed(request: HttpRequest, found: Programme) -> HttpResponse:
    """The sheet while its landlord completes it, for who reads the version sent until then."""
    actor = actor_of(request)
    context = {
        "programme": found,
        "next": next_of(found),
        "last": next(iter(versions_of(found)), None),
        "sheets": [one for one in sheets_of_quartier(actor, found)[0] if one.pk != found.pk],
        "tabs": tabs_of(actor, found, "tfpb:programme"),
        "crumbs": crumbs((programme_crumb(found)[0], "")),
    }
    return render(request, "tfpb/programme_completed.html", context)


@require_safe
def together(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets of a quartier that lies in several communes, read as one by who sees them all."""
    actor, found = actor_of(request), fetch_programme(request, pk)
    sheets, whole = sheets_of_quartier(actor, found)
    if not whole or len(sheets) < 2:
        messages.error(request, "Vous ne lisez pas toutes les fiches de ce quartier.")
        return redirect(url_of(found))
    sums = sums_by(Line.objects.filter(programme__in=sheets), "programme_id")
    return render(
        request,
        "tfpb/together.html",
        {
            "programme": found,
            "table": money_table(sheets, with_notices=False),
            "many": True,
            "follow": False,
            "writes": False,
            "sheets": [
                {"programme": one, "money": against([one], sums.get((one.pk,), Sums()))}
                for one in sheets
            ],
            "crumbs": crumbs(programme_crumb(found), ("Toutes les communes", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def head(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the head of a programme."""
    actor, found = actor_of(request), fetch_programme(request, pk, "edit")
    posting = request.method == "POST"
    if not posting and (late := sent_already(request, found)):
        return late
    there = url_of(found)
    trail = crumbs(programme_crumb(found), ("En-tête", ""))
    form = HeadForm(
        request.POST or None,
        landlord=found.landlord_id,
        initial=read_initial(acts.head_record(found), found.version),
    )
    if posting and form.is_valid():
        answer = write(
            request,
            form,
            lambda: acts.write_head(found, form.record(), actor=actor, **form.was_read()),
            words=acts.HEAD_WORDS,
            in_words=_in_words,
            there=there,
            trail=trail,
        )
        if answer is not None:
            return answer
    return form_page(
        request, form, heading="Écrire l’en-tête", button="Enregistrer", back=there, trail=trail
    )


@require_http_methods(["GET", "HEAD", "POST"])
def real(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the real abatement, once the tax notice has come."""
    actor, found = actor_of(request), fetch_programme(request, pk, "spend")
    there = url_of(found)
    kept = {name: getattr(found, name) for name in acts.REAL}
    form = RealForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            asked = plain_record(form.cleaned_data, acts.REAL)
            acts.write_real(found, asked, actor=actor)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Abattement réel enregistré : les taux sont à jour.")
            return redirect(there)
    return form_page(
        request,
        form,
        heading="Noter l’abattement réel",
        lead="Celui de l’avis d’imposition. Il prend la place de la prévision dans les taux.",
        button="Enregistrer",
        back=there,
        trail=crumbs(programme_crumb(found), ("Abattement réel", "")),
    )


def _in_words(name: str, value: Any) -> str:
    """A value of the head as people read it."""
    if value in ("", None):
        return "vide"
    if name == "convention":
        return str(Convention.objects.select_related("agreement").filter(pk=value).first() or "")
    if name.endswith("_on"):
        day = day_of(value)
        return day_in_words(day) if day else ""
    return str(value)


@require_POST
def rebuild(request: HttpRequest, pk: int) -> HttpResponse:
    """Take last year's lines over."""
    found = fetch_programme(request, pk, "edit")
    try:
        number = acts.build_from_last_year(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = f"{number} lignes reprises" if number > 1 else f"{number} ligne reprise"
        messages.success(request, f"{words} de {found.year - 1} : relisez les montants.")
    return redirect(url_of(found))


@require_POST
def reorder(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a line up or down among those of its axis."""
    found = fetch_programme(request, pk, "edit")
    rows = list(found.lines.order_by("position", "pk"))
    moved = next((one for one in rows if str(one.pk) == request.POST.get("line")), None)
    if moved is None:
        messages.error(request, "Cette ligne n’est plus dans le programme.")
        return redirect(url_of(found))
    peers = [one.pk for one in rows if one.axis == moved.axis]
    place = peers.index(moved.pk)
    other = place - 1 if request.POST.get("way") == "up" else place + 1
    if 0 <= other < len(peers):
        peers[place], peers[other] = peers[other], peers[place]
        sorted_peers = iter(peers)
        order = [next(sorted_peers) if one.axis == moved.axis else one.pk for one in rows]
        try:
            acts.reorder(found, order, actor=actor_of(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    return redirect(f"{url_of(found)}#l{moved.pk}")
