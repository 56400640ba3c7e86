"""One sitting: its agenda, its papers, its decisions, its relevé."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.gatherings.models import Guest
from parvis.meetings import acts
from parvis.meetings.documents import give_document, remove_document
from parvis.meetings.events import SITTING_LABELS
from parvis.meetings.forms import (
    CancelForm,
    DocumentForm,
    MinutesForm,
    PointForm,
    SittingForm,
)
from parvis.meetings.inviting import out_of_reach
from parvis.meetings.models import AgendaItem, Decision, Document, Sitting
from parvis.meetings.views.instances import crumbs
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.thread.finding import find_things, thing_of
from parvis.thread.reading import events_of, rows_of
from parvis.thread.register import kind_of

ROWS = Sitting.objects.select_related("instance__organiser", "gathering__commune").defer(
    "gathering__commune__outline"
)


def fetch_sitting(request: HttpRequest, pk: int, action: str = "see") -> Sitting:
    """The sitting, with the right to do that on it."""
    found: Sitting = rights.fetch(ROWS.all(), actor_of(request), action, pk=pk)
    return found


def trail(sitting: Sitting, *more: tuple[str, str]) -> list[dict[str, str]]:
    """From the list of instances to the pages of this sitting."""
    instance = (sitting.instance.name, reverse("meetings:instance", args=[sitting.instance_id]))
    return crumbs(instance, *more)


def points_of(sitting: Sitting, actor: Actor) -> list[dict[str, Any]]:
    """The agenda as this actor may read it, with what was decided on each point; three queries.

    A point about a thing that this actor may not see keeps its title, without link nor state.
    """
    items = list(sitting.items.all())
    rows = rows_of(actor, {one.thing for one in items if one.thing})
    shown = Decision.objects.visible_to(actor).filter(sitting=sitting)
    decisions: dict[int | None, list[Decision]] = {}
    for one in shown.select_related("organisation"):
        decisions.setdefault(one.item_id, []).append(one)
    points = []
    for item in items:
        row = rows.get(item.thing) if item.thing else None
        kind = kind_of(row.kind) if row else None
        points.append(
            {
                "item": item,
                "url": kind.url(row.id) if kind and row else "",
                "label": kind.label if kind else "",
                "icon": kind.icon if kind else "",
                "state": kind.state_labels.get(row.state, row.state) if kind and row else "",
                "who": row.who if row else "",
                "decisions": decisions.get(item.pk, []),
            }
        )
    if decisions.get(None):
        points.append({"item": None, "decisions": decisions[None]})
    return points


@require_safe
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """The page used before, during and after the meeting."""
    return _page(request, fetch_sitting(request, pk))


def _page(request: HttpRequest, found: Sitting, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    may_hold = Sitting.objects.allowed(actor, "hold").filter(pk=found.pk).exists()
    rows = Guest.objects.filter(gathering=found.gathering_id).select_related("organisation")
    guests = list(rows)
    opened = may_hold and found.sent_at is None and found.gathering.cancelled_at is None
    return render(
        request,
        "meetings/sitting.html",
        {
            "sitting": found,
            "instance": found.instance,
            "gathering": found.gathering,
            "state": SITTING_LABELS[found.state],
            "started": found.gathering.starts_at <= timezone.now(),
            "points": points_of(found, actor),
            "checks": acts.to_check(found),
            "guests": guests,
            "out_of_reach": out_of_reach(guests) if may_hold and found.convened_at else [],
            "documents": list(Document.objects.visible_to(actor).filter(sitting=found)),
            "may_hold": may_hold,
            "open": opened,
            "minutes_form": forms.get("minutes")
            or (MinutesForm(initial={"minutes": found.minutes}) if opened else None),
            "document_form": forms.get("document") or (DocumentForm() if may_hold else None),
            "events": events_of(actor, acts.SITTING, found.pk, seen=True),
            "crumbs": trail(found, (f"Séance du {found.gathering.starts_at:%d/%m/%Y}", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the agenda: what is proposed, points of one's own, their order."""
    actor, found = actor_of(request), fetch_sitting(request, pk, "hold")
    _refuse_sent(found)
    form = PointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_point(found, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Point ajouté.")
            return redirect("meetings:agenda", pk)
    points = [one for one in points_of(found, actor) if one["item"]]
    word = request.GET.get("mot", "").strip()[:200]
    held = {one["item"].thing for one in points if one["item"].thing}
    found_things = find_things(actor, word, acts.watched(found), without=held)
    return render(
        request,
        "meetings/agenda.html",
        {
            "last": points[-1]["item"].pk if points else None,
            "sitting": found,
            "instance": found.instance,
            "gathering": found.gathering,
            "points": points,
            "proposals": acts.proposals(found, actor, timezone.localdate()),
            "form": form,
            "word": word,
            "found": found_things,
            "today": timezone.localdate(),
            "crumbs": trail(
                found,
                ("Séance", reverse("meetings:sitting", args=[pk])),
                ("Ordre du jour", ""),
            ),
        },
    )


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what was ticked, proposed or found, on the agenda."""
    actor, found = actor_of(request), fetch_sitting(request, pk, "hold")
    chosen = [thing for value in request.POST.getlist("things") if (thing := thing_of(value))]
    try:
        count = acts.add_things(found, chosen, actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if count:
            messages.success(request, "Ajouté à l’ordre du jour.")
        elif chosen:
            messages.error(request, "Ces points ne sont plus proposés : la liste est à jour.")
        else:
            messages.error(request, "Cochez au moins un point.")
    return redirect("meetings:agenda", pk)


@require_POST
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a point, change how it is presented, or take it off."""
    found = fetch_sitting(request, pk, "hold")
    points = {str(one.pk): one for one in found.items.all()}
    point, do = points.get(request.POST.get("item", "")), request.POST.get("do", "")
    if point is None:
        messages.error(request, "Ce point n’est plus à l’ordre du jour.")
        return redirect("meetings:agenda", pk)
    try:
        if do in ("up", "down"):
            acts.move_point(point, up=do == "up")
        elif do == "remove":
            acts.remove_point(point)
            messages.success(request, "Point retiré de l’ordre du jour.")
        elif do in AgendaItem.Asked.values:
            acts.write_point(point, asked=do)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("meetings:agenda", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another date or place."""
    actor, found = actor_of(request), fetch_sitting(request, pk, "hold")
    gathering = found.gathering
    names = ("starts_at", "ends_at", "place_label", "online_url", "contact")
    initial = {name: getattr(gathering, name) for name in names}
    initial["commune"] = gathering.commune_id
    form = SittingForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_sitting(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Séance modifiée.")
            return redirect("meetings:sitting", pk)
    return _form(request, found, form, "Modifier la date ou le lieu", "Enregistrer")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the sitting off."""
    actor, found = actor_of(request), fetch_sitting(request, pk, "hold")
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.cancel_sitting(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Séance annulée : les organisations sont prévenues.")
            return redirect("meetings:sitting", pk)
    return _form(request, found, form, "Annuler la séance", "Annuler cette séance")


def _form(
    request: HttpRequest, found: Sitting, form: Any, heading: str, action: str
) -> HttpResponse:
    back = reverse("meetings:sitting", args=[found.pk])
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": back,
        "crumbs": trail(found, ("Séance", back), (heading, "")),
    }
    return render(request, "meetings/form.html", context)


@require_POST
def convene(request: HttpRequest, pk: int) -> HttpResponse:
    """Call everybody who sits."""
    return _do(request, pk, acts.convene, "Convocation envoyée.")


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the relevé and send it."""
    return _do(request, pk, acts.send_releve, "Relevé de décisions envoyé.")


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The relevé is approved."""
    return _do(request, pk, acts.approve_releve, "Relevé approuvé.")


def _do(request: HttpRequest, pk: int, act: Any, said: str) -> HttpResponse:
    found = fetch_sitting(request, pk, "hold")
    try:
        act(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, said)
    return redirect("meetings:sitting", pk)


@require_POST
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the words of the sitting."""
    found = fetch_sitting(request, pk, "hold")
    form = MinutesForm(request.POST)
    if form.is_valid():
        try:
            acts.write_minutes(found, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Compte rendu enregistré.")
            return redirect("meetings:sitting", pk)
    return _page(request, found, minutes=form)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a file with the sitting."""
    found = fetch_sitting(request, pk, "hold")
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            give_document(found, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Document ajouté.")
            return redirect("meetings:sitting", pk)
    return _page(request, found, document=form)


@require_POST
def remove_given(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away."""
    rows = Document.objects.select_related("sitting")
    found: Document = rights.fetch(rows, actor_of(request), "remove", pk=pk)
    remove_document(found)
    messages.success(request, "Document retiré.")
    return redirect("meetings:sitting", found.sitting_id)


def _refuse_sent(found: Sitting) -> None:
    if found.sent_at is not None:
        raise Http404
