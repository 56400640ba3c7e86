"""Enrolling: for oneself, without an account, for one's colleagues; and one's own places."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.gatherings.forms import RegisterForm
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import User
from parvis.partners.readings import note_readings
from parvis.toolbox import course_events as events
from parvis.toolbox import course_seats as seats
from parvis.toolbox.course_answers import ask, by_link, crumbs, fetch_course, tell, url_of
from parvis.toolbox.course_events import token_of
from parvis.toolbox.course_forms import AddForm, SendForm
from parvis.toolbox.course_materials import papers_of
from parvis.toolbox.course_reading import before_of, by_organisation, paged, sheets_of
from parvis.toolbox.course_views import page
from parvis.toolbox.models import Course, Enrolment
from parvis.toolbox.scopes import HEADS
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key
from parvis.ui.words import counted

ENROLMENT = "enrolment"  # under which a reading of a contact is logged
AN_HOUR = 3600  # seconds
ENROLMENTS_AN_HOUR = 20  # from one address: a centre social enrols several people
SENT_AGAIN = (
    "Cette personne est déjà inscrite : le lien qui permet de voir ou de retirer l’inscription est "
    "envoyé à son adresse."
)
CALL = "Cette personne est déjà inscrite : pour changer quelque chose, appelez l’organisateur."
PEOPLE = Enrolment.objects.select_related("contact", "person", "organisation")


@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat, without an account."""
    found = fetch_course(request, pk, "enrol")
    form = RegisterForm(request.POST)
    if form.is_valid() and not form.cleaned_data["website"]:
        said = {name: form.cleaned_data[name] for name in ("name", "email", "phone")}
        who = visitor_key(request)
        if too_often("toolbox.enrol", who, times=ENROLMENTS_AN_HOUR, seconds=AN_HOUR):
            form.add_error(None, "Trop d’inscriptions d’un coup : réessayez dans une heure.")
        else:
            now = timezone.now()
            try:
                made = seats.enrol_contact(found, **said, now=now)
            except ValidationError as refused:
                tell(form, refused)
            else:
                if made.at == now:
                    return redirect("toolbox:course_seat", events.token_of(made))
                # Whoever types a name and an address is not that person: their mail knows them.
                events.tell_link(made, now)
                messages.info(request, SENT_AGAIN if made.email else CALL)
                return redirect(url_of(found))
    return page(request, found, form)


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat for oneself, in the name of the organisation for which one acts."""
    actor, found = actor_of(request), fetch_course(request, pk, "join")
    person = User.objects.get(pk=actor.user_id or 0)
    try:
        made = seats.enrol_person(found, person=person, organisation=actor.organisation_id)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        seated = made.state == Enrolment.State.SEATED
        words = "Votre place est retenue." if seated else "Vous êtes sur la liste d’attente."
        messages.success(request, words)
    return redirect(url_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol the people of one's organisation."""
    actor, found = actor_of(request), fetch_course(request, pk, "send")
    now, own = timezone.now(), actor.organisation_id
    sent = PEOPLE.filter(course=found, organisation=own).standing().order_by("rank")
    known = [one.person_id for one in sent if one.person_id]
    form = SendForm(request.POST or None, people=seats.colleagues(own, now).exclude(pk__in=known))

    def act(said: dict[str, Any]) -> str:
        for person in said["people"]:
            seats.enrol_person(found, person=person, organisation=own, now=now)
        if said["name"]:
            who = {name: said[name] for name in ("name", "email", "phone")}
            seats.enrol_contact(found, **who, organisation=own, now=now)
        return reverse("toolbox:course_send", args=[pk])

    return ask(
        request,
        form,
        act,
        done="C’est inscrit : chaque personne reçoit un message avec les dates.",
        heading="Inscrire des collègues",
        action="Inscrire",
        back=url_of(found),
        trail=crumbs((found.title, url_of(found)), ("Inscrire des collègues", "")),
        course=found,
        closed=not found.takes_enrolments(now),
        sent=list(sent),
    )


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own places, and those of one's organisation for who answers for it."""
    actor = actor_of(request)
    rows = PEOPLE.visible_to(actor).standing().select_related("course__organiser")
    own = rows.filter(person_id=actor.user_id).order_by("-course__starts_at", "-pk")
    ours: Any = ()
    pages: dict[str, str] = {}
    if actor.role in HEADS:
        sent = rows.filter(organisation=actor.organisation_id).exclude(person_id=actor.user_id)
        ours, pages = paged(request, sent.order_by("-course__starts_at", "course", "rank"))
    return render(
        request,
        "toolbox/course_mine.html",
        {
            "own": [(one, token_of(one)) for one in own[:100]],
            "ours": ours,
            "organisation": actor.organisation_name if actor.role in HEADS else "",
            "crumbs": crumbs(("Mes inscriptions", "")),
            **pages,
        },
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a seat back: one's own, a colleague's, or on behalf of who called the organiser."""
    actor = actor_of(request)
    rows = Enrolment.objects.select_related("course")
    found: Enrolment = rights.fetch(rows, actor, "withdraw", pk=pk)
    another = found.person_id != actor.user_id
    seats.withdraw_enrolment(found, by_another=another)
    messages.success(request, "Inscription retirée : la place va à qui attend.")
    there = request.POST.get("retour", "")
    if not url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        there = reverse("toolbox:course_mine")
    return redirect(there)


@require_safe
@by_link
def seat(request: HttpRequest, token: str, found: Enrolment) -> HttpResponse:
    """Seated, waiting or withdrawn: what the person's own link says."""
    course, now = found.course, timezone.now()
    standing = found.state != Enrolment.State.WITHDRAWN
    return render(
        request,
        "toolbox/course_seat.html",
        {
            "enrolment": found,
            "course": course,
            "dates": events.standing_dates(course),
            "over": seats.is_over(course, now),
            "has_contact": hasattr(found, "contact"),
            "before": before_of(found),
            "token": token,
            "sheets": sheets_of(course),
            "papers": list(papers_of(course)) if standing else [],
        },
    )


@require_POST
@by_link
def leave(request: HttpRequest, token: str, found: Enrolment) -> HttpResponse:
    """Give the seat back, or have one's address erased once it is over."""
    over = seats.is_over(found.course, timezone.now())
    seats.withdraw_enrolment(found)
    words = (
        "Vos coordonnées sont effacées."
        if over
        else "Votre inscription est retirée, vos coordonnées sont effacées."
    )
    messages.success(request, words)
    return redirect("toolbox:course_seat", token)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who enrolled, for who organises; somebody who called is added here."""
    found = fetch_course(request, pk, "people")
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = seats.enrol_contact(found, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, f"{made.name} : {made.get_state_display()}.")
            return redirect("toolbox:course_people", pk)
    return _people(request, found, form)


@require_POST
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with how to reach each person; it is logged for those without an account."""
    found = fetch_course(request, pk, "people")
    rows = PEOPLE.filter(course=found).standing().filter(contact__isnull=False)
    note_readings(
        actor_of(request), ENROLMENT, [(one.pk, found.title) for one in rows.order_by("rank")]
    )
    return unkept(_people(request, found, AddForm(), shown=True))


def _people(
    request: HttpRequest, found: Course, form: AddForm, *, shown: bool = False
) -> HttpResponse:
    rows = list(PEOPLE.filter(course=found).standing().order_by("rank"))
    seated = [one for one in rows if one.state == Enrolment.State.SEATED]
    return render(
        request,
        "toolbox/course_people.html",
        {
            "course": found,
            "seated": seated,
            "waiting": [one for one in rows if one.state == Enrolment.State.WAITING],
            "unreached": [one for one in rows if not one.email and phone_of(one)],
            "contacts_shown": shown,
            "reachable": sum(bool(one.email or phone_of(one)) for one in rows),
            "organisations": by_organisation(rows),
            "words": counted(len(seated), "personne inscrite", "personnes inscrites"),
            "form": form if found.takes_enrolments(timezone.now()) else None,
            "over": seats.is_over(found, timezone.now()),
            "crumbs": crumbs((found.title, url_of(found)), ("Inscrits", "")),
        },
    )


def phone_of(enrolment: Enrolment) -> str:
    """The telephone of somebody without an address."""
    contact = getattr(enrolment, "contact", None)
    return contact.phone if contact is not None else ""
