"""The sittings of a body: who is called, who answered, who came. For the body alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.councils import space_acts as acts
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.member_views import note_members
from parvis.councils.models import Body
from parvis.councils.space_mail import address_of
from parvis.councils.space_reading import (
    PRESENCES,
    absences_in_a_row,
    counts_of,
    cut,
    sittings_of,
    word_of,
)
from parvis.councils.tabs import tabs_of
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor, actor_of
from parvis.ui.unkept import unkept


def _speaks(actor: Actor, body: Body) -> bool:
    """Whether this actor calls members of that body and writes who came."""
    return bool(Body.objects.allowed(actor, "speak").filter(pk=body.pk).exists())


def _sitting(body: Body, pk: int) -> Sitting:
    found: Sitting | None = sittings_of(body).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def body_sittings(request: HttpRequest, pk: int) -> HttpResponse:
    """The sittings of a body, newest first, with how many came."""
    actor, body = actor_of(request), fetch_body(request, pk, "enter")
    some, pager = cut(request, sittings_of(body))
    counts = counts_of(some, body)
    speaks = _speaks(actor, body)
    now = timezone.now()
    return render(
        request,
        "councils/space_sittings.html",
        {
            "body": body,
            "rows": [
                {
                    "sitting": one,
                    "past": one.gathering.ends_at < now,
                    "counts": counts.get(one.pk),
                }
                for one in some
            ],
            "speaks": speaks,
            "absences": absences_in_a_row(body, now=now) if speaks else [],
            "tabs": tabs_of(actor, body, "councils:body_sittings"),
            "crumbs": crumbs(body, ("Séances", "")),
            **pager,
        },
    )


@require_safe
def sitting_presences(request: HttpRequest, pk: int, sitting: int) -> HttpResponse:
    """Who is called to one sitting; the animator calls members and writes who came."""
    body = fetch_body(request, pk, "enter")
    return _presences(request, body, _sitting(body, sitting))


@require_POST
def sitting_contacts(request: HttpRequest, pk: int, sitting: int) -> HttpResponse:
    """The same page with how to reach those who have no address; it is logged."""
    body = fetch_body(request, pk, "speak")
    return unkept(_presences(request, body, _sitting(body, sitting), shown=True))


def _presences(
    request: HttpRequest, body: Body, found: Sitting, *, shown: bool = False
) -> HttpResponse:
    actor = actor_of(request)
    speaks = _speaks(actor, body)
    presences = list(
        PRESENCES.select_related("member__user")
        .filter(sitting=found, member__body=body)
        .order_by("member__number")
    )
    called = {one.member_id for one in presences}
    now = timezone.now()
    members = acts.members_on(body, timezone.localdate(found.gathering.starts_at))
    # Phone numbers are for who animates, who has the right to reach every member.
    unreached = [one.member for one in presences if not address_of(one.member)] if speaks else []
    opened = found.gathering.ends_at >= now and not found.gathering.cancelled_at
    if shown and opened:
        note_members(actor, unreached)
    return render(
        request,
        "councils/space_sitting.html",
        {
            "body": body,
            "sitting": found,
            "gathering": found.gathering,
            "rows": [
                {"presence": one, "name": one.member.name, "word": word_of(one)}
                for one in presences
            ],
            "recorded": acts.RECORDED,
            "speaks": speaks,
            "begun": found.gathering.starts_at <= now,
            "open": opened,
            "to_call": len([one for one in members if one.pk not in called]) if speaks else 0,
            "unreached": unreached,
            "contacts_shown": shown,
            "crumbs": crumbs(
                body,
                ("Séances", reverse("councils:body_sittings", args=[body.pk])),
                (str(found), ""),
            ),
        },
    )


@require_POST
def call_members(request: HttpRequest, pk: int, sitting: int) -> HttpResponse:
    """Call every member with a seat."""
    body = fetch_body(request, pk, "speak")
    found = _sitting(body, sitting)
    try:
        sent = acts.call_members(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = f"{sent} message{'s' if sent > 1 else ''}"
        messages.success(
            request, f"Membres convoqués : {words} par courriel. Prévenez les autres autrement."
        )
    return redirect("councils:sitting_presences", body.pk, found.pk)


@require_POST
def record_presences(request: HttpRequest, pk: int, sitting: int) -> HttpResponse:
    """Write who came."""
    body = fetch_body(request, pk, "speak")
    found = _sitting(body, sitting)
    said = {
        int(name[1:]): str(value)
        for name, value in request.POST.items()
        if name.startswith("p") and name[1:].isascii() and name[1:].isdigit() and len(name) < 18
    }
    try:
        acts.record_presences(found, said, body=body)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Présences enregistrées.")
    return redirect("councils:sitting_presences", body.pk, found.pk)
