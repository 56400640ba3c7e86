"""The people whom a draw named, for who calls them: letters, calls, answers, seats."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.councils import lot_people
from parvis.councils.answers import page_of
from parvis.councils.draw_models import Draw, DrawnPerson
from parvis.councils.lot_answers import PEOPLE, fetch_draw, fetch_person, trail, words_of
from parvis.councils.lot_forms import AnswerForm, AttemptForm, InstallForm
from parvis.councils.lot_papers import calls_paper, letters_paper
from parvis.councils.sorting import label_of
from parvis.councils.workflow import DrawnState
from parvis.partners.actors import actor_of
from parvis.partners.models import PersonalReading
from parvis.partners.readings import note_readings
from parvis.ui.unkept import unkept

DRAWN = "drawn"  # under which a reading of a contact is logged
BY_PAGE = 50


def to_call(request: HttpRequest, draw: Draw) -> list[DrawnPerson]:
    """Those who are to be written to or called, in the order of the draw."""
    rows = PEOPLE.visible_to(actor_of(request)).filter(draw=draw, state=DrawnState.TO_CALL)
    return [one for one in rows.order_by("seat", "rank") if hasattr(one, "contact")]


@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody whom the draw named: the panel first, then the reserve."""
    actor, found = actor_of(request), fetch_draw(request, pk, "run")
    page = page_of(request)
    first = (page - 1) * BY_PAGE
    rows = PEOPLE.allowed(actor, "call").filter(draw=found).prefetch_related("attempts")
    some = list(rows.select_related("member").order_by("rank")[first : first + BY_PAGE + 1])
    return render(
        request,
        "councils/lot_people.html",
        {
            "draw": found,
            "rows": [_line(one) for one in some[:BY_PAGE]],
            "next_url": f"?page={page + 1}" if len(some) > BY_PAGE else "",
            "first_url": "?" if first else "",
            "callable": any(one.state == DrawnState.TO_CALL for one in some),
            "empty_seats": lot_people.empty_seats(found),
            "destroyed": found.destroyed_at is not None,
            "crumbs": trail(found, ("Personnes tirées au sort", "")),
        },
    )


def _line(person: DrawnPerson) -> dict[str, Any]:
    contact = getattr(person, "contact", None)
    attempts = list(person.attempts.all())
    return {
        "person": person,
        "contact": contact,
        "last": attempts[-1] if attempts else None,
        "outcome": label_of("attempt", attempts[-1].outcome) if attempts else "",
        "attempts": len(attempts),
        "substitute": lot_people.is_substitute(person)
        and person.state not in (DrawnState.RESERVE, *lot_people.ENDINGS),
    }


def _note(request: HttpRequest, people: list[DrawnPerson], how: str) -> None:
    things = [(one.pk, one.draw.title) for one in people]
    note_readings(actor_of(request), DRAWN, things, how=how)


@require_POST
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter for each of those to call, in one file to print; it is logged."""
    found = fetch_draw(request, pk, "run")
    some = to_call(request, found)
    if not some:
        messages.info(request, "Personne n’est à joindre pour le moment.")
        return redirect("councils:draw_people", pk)
    _note(request, some, PersonalReading.How.PRINT)
    return unkept(letters_paper(found, some))


@require_POST
def calls(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of those to call, to fill in by hand; it is logged."""
    found = fetch_draw(request, pk, "run")
    some = to_call(request, found)
    if not some:
        messages.info(request, "Personne n’est à joindre pour le moment.")
        return redirect("councils:draw_people", pk)
    _note(request, some, PersonalReading.How.PRINT)
    return unkept(calls_paper(found, some))


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what was tried, what they answered."""
    return _person(request, fetch_person(request, pk))


@require_POST
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with how to reach them; it is logged."""
    found = fetch_person(request, pk)
    if hasattr(found, "contact"):
        _note(request, [found], PersonalReading.How.PAGE)
    return unkept(_person(request, found, shown=True))


def _person(request: HttpRequest, found: DrawnPerson, *, shown: bool = False) -> HttpResponse:
    attempts = found.attempts.order_by("-on", "-pk")
    return render(
        request,
        "councils/lot_person.html",
        {
            "person": found,
            "draw": found.draw,
            "contact": getattr(found, "contact", None),
            "contact_shown": shown,
            "attempts": [
                {"attempt": one, "outcome": label_of("attempt", one.outcome)} for one in attempts
            ],
            "waiting": found.state in lot_people.WAITING,
            "accepted": found.state == DrawnState.ACCEPTED,
            "in_reserve": found.state == DrawnState.RESERVE,
            "substitute": lot_people.is_substitute(found),
            "attempt_form": AttemptForm(),
            "answer_form": AnswerForm(),
            "install_form": InstallForm(initial={"starts_on": timezone.localdate()}),
            "crumbs": trail(
                found.draw,
                ("Personnes tirées au sort", reverse("councils:draw_people", args=[found.draw_id])),
                (f"N° {found.rank}", ""),
            ),
        },
    )


@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a letter, a call or a visit."""
    found = fetch_person(request, pk)
    form = AttemptForm(request.POST)
    try:
        if form.is_valid():
            lot_people.note_attempt(found, actor=actor_of(request), **form.cleaned_data)
            messages.success(request, "C’est noté.")
        else:
            messages.error(request, "Dites comment, quel jour, et ce que cela a donné.")
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    return redirect("councils:drawn_person", pk)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an answer; whoever does not come is forgotten, and the reserve takes the place."""
    found = fetch_person(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez une réponse.")
        return redirect("councils:drawn_person", pk)
    state = form.cleaned_data["state"]
    try:
        follower = lot_people.answer(found, state, actor=actor_of(request))
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
        return redirect("councils:drawn_person", pk)
    if state == DrawnState.ACCEPTED:
        messages.success(request, "C’est noté : elle peut être installée.")
        return redirect("councils:drawn_person", pk)
    if follower is not None:
        messages.success(
            request, f"Ses coordonnées sont effacées. Le n° {follower.rank} de la réserve prend "
            "la place."
        )  # fmt: skip
    elif lot_people.is_substitute(found):
        messages.success(request, "Ses coordonnées sont effacées.")
    else:
        messages.warning(
            request, "Ses coordonnées sont effacées. La réserve est épuisée pour cette place."
        )
    return redirect("councils:draw_people", found.draw_id)


@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call somebody of the reserve as suppléant."""
    found = fetch_person(request, pk)
    try:
        lot_people.call_substitute(found)
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    else:
        messages.success(request, "Cette personne est à joindre, comme suppléante.")
    return redirect("councils:drawn_person", pk)


@require_POST
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Install somebody who accepted on a free seat."""
    found = fetch_person(request, pk)
    form = InstallForm(request.POST)
    try:
        if form.is_valid():
            member = lot_people.install(found, actor=actor_of(request), **form.cleaned_data)
            messages.success(request, f"Elle siège, comme {member}.")
        else:
            messages.error(request, "Donnez le jour à partir duquel elle siège.")
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    return redirect("councils:drawn_person", pk)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a second draw, for the seats that the reserve could not fill."""
    found = fetch_draw(request, pk, "run")
    try:
        second = lot_people.begin_again(found, actor=actor_of(request))
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
        return redirect("councils:draw_people", pk)
    messages.success(request, "Un second tirage est ouvert, parmi les personnes non tirées.")
    return redirect("councils:draw", second.pk)
