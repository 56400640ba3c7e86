"""Lists of orientations, and the page of one: what happened to it, never what it says."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners import rights
from parvis.partners.actors import ActorRequest, actor_of
from parvis.ui.unkept import unkept
from parvis.vigilance.catalogue import labels
from parvis.vigilance.models import (
    Entry,
    Orientation,
    SpokenAgreement,
    SupportDoor,
)
from parvis.vigilance.orientation_doors import doors_taking
from parvis.vigilance.orientation_forms import (
    AcceptForm,
    CloseForm,
    ContactForm,
    GlassForm,
    RedirectForm,
    RefuseForm,
)
from parvis.vigilance.scopes import meets_households
from parvis.vigilance.workflow import ANSWERS, State, may

AT_ONCE = 30
ENTRIES_SHOWN = 200
ROWS = Orientation.objects.select_related("door", "commune", "quartier").defer(
    "commune__outline", "quartier__outline"
)
TONES = {
    State.DRAFT: "mine",
    State.SENT: "soon",
    State.ACCEPTED: "done",
    State.CLOSED: "done",
}
FORMS: dict[str, Any] = {
    "accept": AcceptForm,
    "refuse": RefuseForm,
    "redirect": RedirectForm,
    "contact": ContactForm,
    "close": CloseForm,
}


def fetch(request: HttpRequest, pk: int, action: str = "see") -> Orientation:
    """The orientation, with the right to do that on it."""
    found: Orientation = rights.fetch(ROWS.all(), actor_of(request), action, pk=pk)
    return found


def trail(*more: tuple[str, str]) -> list[dict[str, str]]:
    """From the list of orientations to a page."""
    start = ("Orientations", reverse("vigilance:orientations") if more else "")
    return [{"label": label, "url": url} for label, url in (start, *more)]


@require_safe
def orientations(request: ActorRequest) -> HttpResponse:
    """What this actor wrote: drafts, and what became of the others."""
    actor = request.actor
    # Those that somebody else sent to one's own service stand in the other list.
    written = ROWS.filter(sender_id=actor.user_id, sender_organisation_id=actor.organisation_id)
    rows = written.visible_to(actor).order_by("-written_at", "-pk")
    return _list(
        request,
        "vigilance/orientations.html",
        rows,
        {"may_orient": meets_households(actor), "crumbs": trail()},
    )


@require_safe
def received(request: ActorRequest) -> HttpResponse:
    """What was sent where this actor receives, or answers for the service: waiting ones first."""
    rows = ROWS.allowed(request.actor, "receive").order_by(*_waiting_first())
    context = {"crumbs": trail(("Reçues", ""))}
    return _list(request, "vigilance/orientations_received.html", rows, context)


def _waiting_first() -> list[Any]:
    place = {State.SENT: 0, State.ACCEPTED: 1}
    rank = Case(
        *(When(state=state, then=Value(number)) for state, number in place.items()),
        default=Value(2),
        output_field=IntegerField(),
    )
    return [rank, "answer_due_on", "-sent_at", "-pk"]


def _list(request: ActorRequest, template: str, rows: Any, context: dict[str, Any]) -> HttpResponse:
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    shown = [{"one": one, "late": one.is_late(today), **_state(one)} for one in page]
    return unkept(
        render(
            request,
            template,
            {
                "rows": shown,
                "waiting": Orientation.objects.allowed(request.actor, "answer").to_answer().count(),
                "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
                "first_url": "?" if page.has_previous() else "",
                **context,
            },
        )
    )


def _state(one: Orientation) -> dict[str, str]:
    """The state in words, and its tone."""
    words = one.get_state_display()
    if one.state == State.CLOSED and one.outcome:
        words = labels("outcome")[one.outcome]
    return {"words": words, "tone": TONES.get(State(one.state), "plain")}


@require_safe
def orientation(request: ActorRequest, pk: int) -> HttpResponse:
    """One orientation: where it stands, what may be done, who did or read what."""
    return page_of(request, fetch(request, pk))


def page_of(
    request: HttpRequest, found: Orientation, *, act: str = "", form: Any = None
) -> HttpResponse:
    """The page, with the form that was refused open in its place."""
    actor = actor_of(request)
    may_do = {
        action: Orientation.objects.allowed(actor, action).filter(pk=found.pk).exists()
        for action in ("write", "read", "answer", "withdraw", "break")
    }
    kept = Orientation.objects.with_content().filter(pk=found.pk).exists()
    agreement = SpokenAgreement.objects.filter(orientation=found, withdrawn_at=None).first()
    answers = [
        {"act": one, "form": form if one == act else made, "open": one == act}
        for one in ANSWERS
        if may_do["answer"]
        and may(one, found.state)
        and (made := _blank(one, found, agreement)) is not None
    ]
    entries = (
        Entry.objects.visible_to(actor)
        .filter(orientation=found)
        .select_related("person", "organisation", "door")
        .order_by("-at", "-pk")[:ENTRIES_SHOWN]
    )
    today = timezone.localdate()
    return unkept(
        render(
            request,
            "vigilance/orientation.html",
            {
                "one": found,
                "need": labels("need").get(found.need, found.need),
                "refusal": labels("refusal").get(found.refusal, ""),
                "late": found.is_late(today),
                **_state(found),
                "kept": kept,
                "agreement": agreement,
                "may_write": may_do["write"],
                "may_read": may_do["read"] and kept,
                "may_withdraw": may_do["withdraw"] and kept,
                "glass": (form if act == "break" else GlassForm())
                if may_do["break"] and kept and found.state != State.WITHDRAWN
                else None,
                "answers": answers,
                "is_sender": found.sender_id == actor.user_id
                and found.sender_organisation_id == actor.organisation_id,
                "entries": list(entries),
                "crumbs": trail((f"Orientation {found.code}", "")),
            },
        )
    )


def _blank(act: str, found: Orientation, agreement: SpokenAgreement | None) -> Any:
    """The empty form of an answer; None for one that cannot be given now."""
    if act != "redirect":
        return FORMS[act]()
    doors = elsewhere(found) if agreement and agreement.may_be_redirected else []
    return RedirectForm(doors=doors) if doors else None


def elsewhere(found: Orientation) -> list[SupportDoor]:
    """The other doors of the commune that take this need, where somebody receives."""
    offer = doors_taking(found.commune_id, found.need, timezone.localdate())
    return [door for door in offer.receiving if door.pk != found.door_id]
