"""The directory of doors, as partners keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.tables import csv_response, ods_response, xlsx_response
from parvis.partners.actors import actor_of
from parvis.partners.rights import fetch
from parvis.vigilance import door_acts as acts
from parvis.vigilance import door_reading as reading
from parvis.vigilance.catalogue import door_kinds, needs
from parvis.vigilance.door_access import may_add
from parvis.vigilance.door_forms import DoorFilters, DoorForm, ReceiverForm
from parvis.vigilance.door_import import HEADER
from parvis.vigilance.door_tabs import tabs_of
from parvis.vigilance.models import Receiver, SupportDoor

PAGE = 40
both = require_http_methods(["GET", "HEAD", "POST"])
WRITERS: dict[str, Callable[..., HttpResponseBase]] = {
    "csv": csv_response,
    "xlsx": xlsx_response,
    "ods": ods_response,
}


def crumbs(*further: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the directory."""
    way = [("Qui peut aider", reverse("vigilance:doors")), *further]
    return [{"label": label, "url": url} for label, url in way]


@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """Every door, filtered; what there is to do about those that one keeps."""
    actor, today = actor_of(request), timezone.localdate()
    form, rows = _asked(request)
    page = max(1, int(number) if (number := request.GET.get("page", "")).isdigit() else 1)
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    shown = found[:PAGE]
    mine = reading.filtered(reading.directory(today), {}, today).allowed(actor, "edit")
    return render(
        request,
        "vigilance/door_list.html",
        {
            "doors": [(door, _kind(door), not _fresh(door)) for door in shown],
            "form": form,
            "filtered": any(form.cleaned_data.values()) if form.is_valid() else False,
            "may_add": may_add(actor),
            "may_import": actor.role == "coordination",
            "to_check": mine.filter(reading.unchecked(today)).count() if may_add(actor) else 0,
            "unopened": mine.filter(organisation__isnull=False, receives=False).count()
            if may_add(actor)
            else 0,
            "query": _query(request, page=""),
            "next_url": f"?{_query(request, page=str(page + 1))}" if len(found) > PAGE else "",
            "first_url": f"?{_query(request, page='')}" if page > 1 else "",
            "tabs": tabs_of(actor, "vigilance:doors"),
        },
    )


@require_safe
def table(request: HttpRequest, form: str) -> HttpResponseBase:
    """The doors that the list shows, as a table that `import_doors` reads again."""
    if form not in WRITERS:
        raise Http404
    return WRITERS[form]("qui-peut-aider", HEADER, _lines(_asked(request)[1]))


def _asked(request: HttpRequest) -> tuple[DoorFilters, Any]:
    form, today = DoorFilters(request.GET), timezone.localdate()
    asked = form.cleaned_data if form.is_valid() else {}
    rows = reading.directory(today).visible_to(actor_of(request))
    return form, reading.filtered(rows, asked, today)


def _lines(rows: Any) -> Iterator[list[Any]]:
    listed = needs()
    for door in rows.iterator(chunk_size=200):
        yield [
            _kind(door),
            door.name,
            ", ".join(commune.code for commune in door.communes.all()),
            ", ".join(listed[code].label for code in door.takes if code in listed),
            *(door.what, door.hours, door.address, door.phone, door.email, door.website),
            *(door.to_bring, door.conditions, door.opens_on, door.closes_on, door.checked_on),
        ]


def _kind(door: SupportDoor) -> str:
    return door_kinds()[door.kind].short if door.kind in door_kinds() else door.kind


def _fresh(door: SupportDoor) -> bool:
    on = door.checked_on
    return on is not None and on >= timezone.localdate() - reading.CHECKED_FOR


def _query(request: HttpRequest, page: str) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    if page:
        asked["page"] = page
    return asked.urlencode()


@require_safe
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """One door: what is told of it and, for who answers for it, who opens what is sent there."""
    rows = reading.directory(timezone.localdate())
    return _page(request, fetch(rows, actor_of(request), pk=pk))


def _page(
    request: HttpRequest, found: SupportDoor, receiver_form: ReceiverForm | None = None
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    own = SupportDoor.objects.filter(pk=found.pk)
    names = own.allowed(actor, "name").exists()
    receivers: list[tuple[Receiver, bool]] = []
    if names:
        rows = Receiver.objects.visible_to(actor).filter(door=found, ended_at=None)
        active = set(Receiver.objects.filter(door=found).in_force(today).values_list("pk"))
        receivers = [(one, (one.pk,) in active) for one in rows.select_related("mandate__person")]
    listed = needs()
    return render(
        request,
        "vigilance/door.html",
        {
            "door": found,
            "kind": _kind(found),
            "takes": [listed[code].label for code in found.takes if code in listed],
            "communes": list(found.communes.all()),
            "receives": SupportDoor.objects.receiving(today).filter(pk=found.pk).exists(),
            "is_open": own.open_on(today).exists(),
            "fresh": _fresh(found),
            "edits": own.allowed(actor, "edit").exists(),
            "names": names,
            "receivers": receivers,
            "receiver_form": (receiver_form or ReceiverForm(found)) if names else None,
            "crumbs": crumbs((found.name, "")),
        },
    )


@both
def new(request: HttpRequest) -> HttpResponse:
    """Write a new door."""
    actor = actor_of(request)
    made = SupportDoor()
    form = DoorForm(request.POST or None, instance=made, actor=actor)
    if not may_add(actor):
        return _form(request, form, None, may_write=False)
    return _written(request, form, None)


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is told of a door."""
    actor = actor_of(request)
    found = fetch(SupportDoor.objects.all(), actor, "edit", pk=pk)
    return _written(request, DoorForm(request.POST or None, instance=found, actor=actor), found)


def _written(request: HttpRequest, form: DoorForm, found: SupportDoor | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = acts.save_door(form.instance, form.cleaned_data["communes"])
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, f"« {saved.name} » est enregistré, et vérifié aujourd’hui.")
            return redirect("vigilance:door", saved.pk)
    return _form(request, form, found)


def _form(
    request: HttpRequest, form: DoorForm, found: SupportDoor | None, *, may_write: bool = True
) -> HttpResponse:
    name = SupportDoor.objects.get(pk=found.pk).name if found else ""
    way = [(name, reverse("vigilance:door", args=[found.pk])), ("Modifier", "")] if found else []
    context = {
        "form": form,
        "name": name,
        "back": way[0][1] if found else reverse("vigilance:doors"),
        "may_write": may_write,
        "crumbs": crumbs(*(way or [("Ajouter un service", "")])),
    }
    return render(request, "vigilance/door_form.html", context)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything told of this door is right today."""
    found = fetch(SupportDoor.objects.all(), actor_of(request), "edit", pk=pk)
    acts.check_door(found)
    messages.success(request, f"« {found.name} » est vérifié aujourd’hui. Merci.")
    return redirect("vigilance:door", found.pk)


@require_POST
def name_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody who opens what is sent here."""
    actor = actor_of(request)
    found = fetch(reading.directory(timezone.localdate()), actor, "name", pk=pk)
    form = ReceiverForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        named = acts.name_receiver(found, form.cleaned_data["mandate"], actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request, f"{named.mandate.person} ouvre maintenant les orientations envoyées ici."
        )
    return redirect("vigilance:door", found.pk)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody opens nothing here any more."""
    rows = Receiver.objects.select_related("mandate__person", "door").filter(ended_at=None)
    found = fetch(rows, actor_of(request), "end", pk=pk)
    acts.end_receiver(found)
    messages.success(request, f"{found.mandate.person} n’ouvre plus les orientations envoyées ici.")
    return redirect("vigilance:door", found.door_id)
