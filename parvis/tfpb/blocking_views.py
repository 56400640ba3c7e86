"""« Qui bloque quoi » : every open programme, whom it waits for, since when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from parvis.partners.actors import Actor, actor_of
from parvis.tfpb import blocking
from parvis.tfpb.circuit_events import title
from parvis.tfpb.circuit_forms import BlockingFilters
from parvis.tfpb.circuit_views import fetch_programme, with_names
from parvis.tfpb.circuit_waiting import together, waiting_for
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.scopes import WRITERS

SHOWN = 50


@require_safe
def blocking_page(request: HttpRequest) -> HttpResponse:
    """Every programme that one follows and that is not closed, the longest still first."""
    actor = actor_of(request)
    filters = BlockingFilters(request.GET or None, rows=blocking.blocked(actor))
    asked = filters.asked() if filters.is_bound else {}
    rows = blocking.blocked(actor, turn=asked.get("attend", ""), state=asked.get("etat", ""))
    rows = filters.cut_down(rows) if filters.is_bound else rows
    total = rows.count()
    if after := _after(request.GET.get("apres", "")):
        moved_at, pk = after
        rows = rows.filter(Q(moved_at__gt=moved_at) | Q(moved_at=moved_at, pk__gt=pk))
    found = list(with_names(rows)[: SHOWN + 1])
    shown = found[:SHOWN]
    chosen = request.GET.copy()
    chosen.pop("apres", None)
    first_url = f"?{chosen.urlencode()}" if after else ""
    if len(found) > SHOWN:
        chosen["apres"] = f"{shown[-1].moved_at.isoformat()}~{shown[-1].pk}"
    context = {
        "lines": _lines(shown, actor),
        "total": total,
        "filters": filters,
        "filtered": bool(asked),
        "first_url": first_url,
        "next_url": f"?{chosen.urlencode()}" if len(found) > SHOWN else "",
    }
    return render(request, "tfpb/blocking.html", context)


def _after(asked: str) -> tuple[datetime, int] | None:
    """Where the page before ended; None for the first one, or when it makes no sense."""
    moment, _, pk = asked.partition("~")
    try:
        moved_at = parse_datetime(moment)
    except ValueError:
        return None
    if moved_at is None or timezone.is_naive(moved_at) or not (pk.isascii() and pk.isdigit()):
        return None
    return (moved_at, int(pk)) if len(pk) < 19 else None


def _lines(shown: list[Programme], actor: Actor) -> list[dict[str, Any]]:
    waiting = waiting_for(shown)
    chased = blocking.chased_on([one.pk for one in shown])
    now, today = timezone.now(), timezone.localdate()
    found = []
    for one in shown:
        awaited = waiting[one.pk]
        last = chased.get(one.pk)
        others = [who for who in awaited if who.pk and who.pk != actor.organisation_id]
        fresh = last is not None and timezone.localdate(last) == today
        found.append(
            {
                "programme": one,
                "title": title(one),
                "awaited": together(awaited),
                "ours": any(who.pk == actor.organisation_id for who in awaited),
                "days": (now - one.moved_at).days,
                "late": one.due_on is not None and one.due_on < today,
                "chased": last,
                "may_chase": bool(others) and not fresh and actor.role in WRITERS,
            }
        )
    return found


@require_POST
def chase(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those for whom a programme waits."""
    found = fetch_programme(request, pk, "remark")
    try:
        names = blocking.chase_programme(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, f"Relance envoyée : {', '.join(names)}.")
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(back)
    return redirect("tfpb:blocking")
