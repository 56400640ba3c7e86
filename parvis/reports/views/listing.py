"""The list of reports: its filters, its order, one page after another by key."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from parvis.partners.actors import Actor, actor_of
from parvis.reports.forms.filters import LONG_PAGE, FilterForm
from parvis.reports.links import report_path
from parvis.reports.models import Part, SavedView
from parvis.reports.scopes import ROLES
from parvis.reports.tallies import TALLIED, Tally, tallied, tally, with_tally
from parvis.reports.views import batching
from parvis.reports.views.exporting import FORMATS
from parvis.reports.views.mapping import ON_THE_MAP
from parvis.reports.views.shared import words_of_state
from parvis.reports.views.story import late_on, where_in_words
from parvis.reports.workflow import OPEN
from parvis.ui.languages import in_every_language
from parvis.ui.words import NBSP, counted, day_in_words

# What a line of the list is made of, and no more: the whole of a report weighs four times as much.
COLUMNS = (
    *("pk", "reference", "at", "state", "due_on", "closed_at", "voice_count", "place_label"),
    *("private", "reviewed_at", "category__label", "commune__name"),
)


@in_every_language
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The list, with its map beside it."""
    actor = actor_of(request)
    # The lists of the panel weigh as much as a page of reports: they come when they are asked for.
    panel = FilterForm.is_asked_for(request.GET)
    form = FilterForm(request.GET, actor=actor, with_choices=panel)
    before = request.GET.get("before", "")
    found, counts = _page(form, form.rows(at_once=True), before)
    if not found and form.corrects():
        found, counts = _page(form, form.rows(), before)
    shown = found[: form.size]
    more = len(found) > form.size
    organisations = _organisations(actor, [report.pk for report in shown])
    today = timezone.localdate()
    query = form.query()
    list_url = reverse("reports:list")
    bare = form.query(but=("par",))
    return render(
        request,
        "reports/list.html",
        {
            "form": form,
            "rows": [_row(report, organisations, today, actor) for report in shown],
            "counts": counts,
            "query": query,
            "filtered": bool(form.narrowing),
            "panel": panel,
            "panel_url": _with(list_url, query, filtres=1),
            "map_url": _with(reverse("reports:map"), form.query(but=("tri", "par"))),
            "crowded": counts is None or counts.total.more or counts.total.number > ON_THE_MAP,
            "exports": [
                {"words": name, "url": _with(reverse("reports:export", args=[name]), bare)}
                for name in FORMATS
            ],
            "views": _views(actor) if actor.is_partner else [],
            "save_url": _with(reverse("reports:save_view"), query) if actor.role in ROLES else "",
            "list_url": list_url,
            "next_url": _with(list_url, query, before=form.sort.key(shown[-1])) if more else "",
            "first_url": _with(list_url, query) if before else "",
            "longer_url": _with(list_url, bare, par=LONG_PAGE)
            if more and form.size < LONG_PAGE
            else "",
            "long_page": LONG_PAGE,
            "batch": batching.offered(request),
            "home_url": settings.LOGIN_REDIRECT_URL,
        },
    )


def _page(form: FilterForm, rows: Any, before: str) -> tuple[list[Any], Tally | None]:
    """The columns of the reports of this page and of one more, and what the rows are in all."""
    words = form.found
    if words and words.few and len(form.sort.runs) == 1 and not before:
        lines = with_tally(rows, form.sort.runs[0].order)
        found = list(lines.values_list(*COLUMNS, *TALLIED, named=True)[: form.size + 1])
        return found, tallied(found[0]) if found else tally(rows.none())
    found = form.sort.page(rows.values_list(*COLUMNS, named=True), before, form.size + 1)
    if words and words.many:  # counting would cost more than the whole page
        return found, None
    return found, tally(rows, form.kept(), few=words is not None)


def _views(actor: Actor) -> list[SavedView]:
    """The views that this person kept here, and those that colleagues show."""
    rows = SavedView.objects.visible_to(actor).filter(organisation=actor.organisation_id)
    return list(rows.order_by("name", "pk"))


def _with(url: str, query: str, **more: Any) -> str:
    query = "&".join(part for part in (query, urlencode(more)) if part)
    return f"{url}?{query}" if query else url


def _organisations(actor: Actor, ids: list[int]) -> dict[int, list[str]]:
    """Who has a part of each of these reports, in one query."""
    names: dict[int, list[str]] = {}
    ownerless = gettext("sans gestionnaire")
    parts = Part.objects.visible_to(actor).filter(report__in=ids)
    for report_id, name in parts.order_by("created_at", "pk").values_list(
        "report_id", "organisation__name"
    ):
        known = names.setdefault(report_id, [])
        if (name or ownerless) not in known:
            known.append(name or ownerless)
    return names


def _row(
    report: Any, organisations: dict[int, list[str]], today: date, actor: Actor
) -> dict[str, Any]:
    """One line: its words are made here, for a template takes ten times as long to join them."""
    tone, words = words_of_state(report.state)
    opened, others = report.state in OPEN, report.voice_count - 1
    more = [
        day_in_words(report.at),
        gettext("attendu pour {day}").format(day=day_in_words(report.due_on))
        if opened and report.due_on
        else "",
        counted(others, "autre personne", "autres personnes") if others > 0 else "",
        ", ".join(organisations.get(report.pk, [])),
    ]
    return {
        "report": report,
        "url": report_path(report.reference),
        "where": where_in_words(report.place_label, report.commune__name or ""),
        "tone": tone,
        "words": words,
        "late": late_on(report.state, report.due_on, today),
        "more": "".join(f"{NBSP}· {part}" for part in more if part),
        "unread": actor.is_partner and not report.private and report.reviewed_at is None,
    }
