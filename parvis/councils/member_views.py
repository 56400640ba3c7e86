"""Members: composing a body, the page of a member, what they show, who follows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.body_acts import add_member, seat_member
from parvis.councils.body_desk_views import form_page, seat_of
from parvis.councils.body_forms import tell
from parvis.councils.body_models import Body, Member, Term
from parvis.councils.body_reading import composition_of, old_regime
from parvis.councils.member_acts import (
    erase_member,
    replace_holder,
    show_of_member,
    write_contact,
)
from parvis.councils.member_forms import (
    AddForm,
    BelongingForm,
    ContactForm,
    EndForm,
    SeatForm,
    ShownForm,
    name_for,
    seat_words,
)
from parvis.councils.regimes import label_of
from parvis.councils.tabs import tabs_of
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.models import Organisation
from parvis.partners.readings import note_readings
from parvis.ui.unkept import unkept

MEMBER = "member"  # under which a reading of a contact is logged
OPENING = "ouvrir"  # what the button that opens the form sends
SOON = timedelta(days=60)  # a term that ends within these days is told
MEMBERS = Member.objects.select_related(
    "body__organisation", "contact", "organisation", "user", "quartier"
).defer("quartier__outline")


@require_safe
def composition(request: HttpRequest, pk: int) -> HttpResponse:
    """The seats of a body and what may be done on each; who has no seat."""
    actor = actor_of(request)
    found = fetch_body(request, pk, "compose")
    today = timezone.localdate()
    shown = composition_of(actor, found, today)
    sitting = Term.objects.lasting(today).filter(member=OuterRef("pk"))
    aside = found.members.filter(~Exists(sitting)).order_by("number")
    names = name_for(actor, aside)
    known = set(
        Member.objects.allowed(actor, "know").filter(body=found).values_list("pk", flat=True)
    )
    ending = [
        (one.term.expires_on, one.seat.pk, one)
        for one in shown.lines()
        if one.term and one.term.expires_on and one.term.expires_on <= today + SOON
    ]
    return render(
        request,
        "councils/body_composition.html",
        {
            "body": found,
            "composition": shown,
            "aside": [(pk, name, pk in known) for pk, name in names.items()],
            "ending": [one for *_, one in sorted(ending, key=itemgetter(0, 1))],
            "may_invite": Organisation.objects.allowed(actor, "invite")
            .filter(pk=found.organisation_id)
            .exists(),
            "tabs": tabs_of(actor, found, "councils:composition"),
            "crumbs": crumbs(found, ("Composition", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a member, on a seat at once when one is chosen."""
    actor = actor_of(request)
    found = fetch_body(request, pk, "compose")
    start = {"starts_on": timezone.localdate()}
    form = AddForm(request.POST or None, actor=actor, body=found, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                made = add_member(found, contact=form.contact(), **form.others())
                if given["seat"]:
                    seat_member(given["seat"], made, actor=actor, starts_on=given["starts_on"])
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, f"C’est noté : {made}.")
            return redirect("councils:composition", pk)
    return _composing(
        request,
        found,
        form,
        "Ajouter un membre",
        action="Ajouter ce membre",
        intro="Son nom et ses coordonnées ne seront lus que par l’instance. Le public lira "
        "« membre n° … » tant que cette personne n’aura pas choisi de se montrer.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Give a seat to a member."""
    actor = actor_of(request)
    found = fetch_body(request, pk, "compose")
    chosen = seat_of(found, seat)
    start = {"starts_on": timezone.localdate()}
    form = SeatForm(request.POST or None, actor=actor, body=found, initial=start)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            seat_member(chosen, given.pop("member"), actor=actor, **given)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Le siège est pourvu.")
            return redirect("councils:composition", pk)
    return _composing(
        request,
        found,
        form,
        "Pourvoir un siège",
        action="Donner ce siège",
        intro=f"Siège : {seat_words(chosen)}.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """End a term, and let a substitute take the seat."""
    actor = actor_of(request)
    found = fetch_body(request, pk, "compose")
    rows = Term.objects.select_related("seat__college__body", "seat__quartier", "member")
    held = rows.filter(seat__college__body=found, pk=term).first()
    if held is None:
        raise Http404
    start = {"ends_on": timezone.localdate()}
    form = EndForm(request.POST or None, actor=actor, term=held, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            follower = replace_holder(
                held,
                actor=actor,
                ends_on=given["ends_on"],
                reason=given["reason"],
                heir=form.heir(),
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            words = "Le suppléant prend le siège." if follower else "Le siège est vacant."
            messages.success(request, f"Le mandat est terminé. {words}")
            if held.member.user_id is not None:
                messages.warning(
                    request,
                    "Cette personne a un compte : tant qu’il agit pour l’instance, elle lit tout. "
                    "L’animateur retire son accès depuis « Mon organisation ».",
                )
            return redirect("councils:composition", pk)
    name = name_for(actor, Member.objects.filter(pk=held.member_id))[held.member_id]
    return _composing(
        request,
        found,
        form,
        "Terminer un mandat",
        action="Terminer ce mandat",
        intro=f"{name} : {seat_words(held.seat)}.",
    )


def _composing(
    request: HttpRequest, body: Body, form: Any, heading: str, **words: Any
) -> HttpResponse:
    there = reverse("councils:composition", args=[body.pk])
    trail = crumbs(body, ("Composition", there), (heading, ""))
    return form_page(request, body, form, heading, back=there, crumbs=trail, **words)


@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """A member, for the body: their terms; and for themselves and the animator, how to reach them
    and what they show."""
    found: Member = rights.fetch(MEMBERS, actor_of(request), "know", pk=pk)
    return _member(request, found)


@require_POST
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with how to reach them; it is logged."""
    actor = actor_of(request)
    found: Member = rights.fetch(MEMBERS, actor, "reach", pk=pk)
    note_members(actor, [found])
    return unkept(_member(request, found, reached=True))


def note_members(actor: Actor, members: Iterable[Member]) -> None:
    """Log that this actor has the contacts of these members shown, their own aside."""
    note_readings(
        actor,
        MEMBER,
        [
            (one.pk, f"{one}, {one.body.organisation.name}")
            for one in members
            if one.user_id != actor.user_id and hasattr(one, "contact")
        ],
    )


def _member(request: HttpRequest, found: Member, *, reached: bool = False) -> HttpResponse:
    actor, pk = actor_of(request), found.pk
    may = {
        right: Member.objects.allowed(actor, right).filter(pk=pk).exists()
        for right in ("reach", "act")
    }
    may["compose"] = Body.objects.allowed(actor, "compose").filter(pk=found.body_id).exists()
    rows = found.terms.select_related("seat__college", "seat__quartier")
    terms = list(rows.defer("seat__quartier__outline").order_by("-starts_on"))
    today = timezone.localdate()
    running = [one for one in terms if one.ends_on is None or one.ends_on >= today]
    return render(
        request,
        "councils/member.html",
        {
            "member": found,
            "body": found.body,
            "contact": getattr(found, "contact", None),
            "contact_shown": reached or found.user_id == actor.user_id,
            "origin": label_of("origin", found.origin),
            "sex": {"F": "femme", "H": "homme"}.get(found.sex, ""),
            "age": label_of("age_band", found.age_band) if found.age_band else "",
            "terms": [
                {
                    "term": one,
                    "seat": seat_words(one.seat),
                    "running": one in running,
                    "may_end": may["compose"] and one.ends_on is None,
                    "regime": old_regime(one.regime, found.body.regime),
                }
                for one in terms
            ],
            "form": ShownForm(initial={"shown": found.shown}) if may["act"] else None,
            "may": may,
            "erasable": may["act"] and not running and hasattr(found, "contact"),
            "crumbs": crumbs(found.body, (found.name, "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """How to reach a member; the animator says besides where they come from. The form holds what
    is known: who opens that of somebody else does it by a button, and it is logged."""
    actor = actor_of(request)
    found: Member = rights.fetch(MEMBERS, actor, "reach", pk=pk)
    opening = OPENING in request.POST
    if request.method != "POST" and found.user_id != actor.user_id:
        return redirect("councils:member", pk)
    data = None if opening else request.POST or None
    form: ContactForm
    if Body.objects.allowed(actor, "compose").filter(pk=found.body_id).exists():
        form = BelongingForm(data, actor=actor, body=found.body, member=found)
    else:
        form = ContactForm(data, member=found)
    if opening:
        note_members(actor, [found])
    elif request.method == "POST" and form.is_valid():
        try:
            write_contact(found, form.contact(), **form.others())
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("councils:member", pk)
    there = reverse("councils:member", args=[pk])
    trail = crumbs(found.body, (found.name, there), ("Coordonnées", ""))
    return unkept(form_page(request, found.body, form, "Coordonnées", back=there, crumbs=trail))


@require_POST
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody may read of a member."""
    found: Member = rights.fetch(MEMBERS, actor_of(request), "act", pk=pk)
    form = ShownForm(request.POST)
    if form.is_valid():
        show_of_member(found, form.cleaned_data["shown"])
        messages.success(request, f"Le public lira désormais : {found.public_name}.")
    else:
        messages.error(request, "Choisissez une des trois réponses.")
    return redirect("councils:member", pk)


@require_POST
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase at once who a member was, when no term runs."""
    found: Member = rights.fetch(MEMBERS, actor_of(request), "act", pk=pk)
    body = found.body_id
    try:
        erase_member(found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("councils:member", pk)
    messages.success(request, f"C’est effacé : il reste « {found} » et ses mandats.")
    return redirect("councils:body", body)
