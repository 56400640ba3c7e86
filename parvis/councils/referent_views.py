"""Who is référent where; designating one, and ending a designation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.councils import referent_acts as acts
from parvis.councils.answers import crumbs, fetch_body, page_of
from parvis.councils.body_models import Body
from parvis.councils.referent_forms import DesignateForm, EndForm
from parvis.councils.referent_models import CalledSitting, Referent
from parvis.councils.referent_reading import (
    called,
    known_members,
    names_of,
    places_of,
    still_seated,
)
from parvis.councils.tabs import tabs_of
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.places.models import Quartier
from parvis.ui.words import day_in_words

BY_PAGE = 20  # quartiers of a page
LINES = 100  # designations of a body, the newest first
TITLE = "Référents de quartier"


def tell(form: Any, refused: ValidationError) -> None:
    """Words of an act on the form, on the field when the form has it."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, wrong in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, wrong)


@require_safe
def referents(request: HttpRequest) -> HttpResponse:
    """Who is référent where, quartier by quartier; places with nobody are told."""
    actor, today = actor_of(request), timezone.localdate()
    bodies = Body.objects.visible_to(actor).filter(Q(closed_on=None) | Q(closed_on__gte=today))
    through = Body.quartiers.through.objects.filter(body__in=bodies.order_by().values("pk"))
    page = page_of(request)
    first = (page - 1) * BY_PAGE
    rows = Quartier.objects.filter(pk__in=through.values("quartier_id")).defer("outline")
    some = list(rows.order_by("name", "pk")[first : first + BY_PAGE + 1])
    places = places_of(actor, some[:BY_PAGE], today)
    known = known_members(actor, _members(places))
    return render(
        request,
        "councils/referents.html",
        {
            "places": [
                {
                    "place": one,
                    "posts": [
                        {"post": post, "seats": [_seat(seat, known) for seat in post.seats]}
                        for post in one.posts
                    ],
                }
                for one in places
            ],
            "next_url": f"?page={page + 1}" if len(some) > BY_PAGE else "",
            "first_url": "?" if first else "",
            "year": today.year,
            "crumbs": crumbs(None, (TITLE, "")),
        },
    )


def _members(places: Any) -> list[Any]:
    return [
        one.member
        for place in places
        for post in place.posts
        for seat in post.seats
        for one in (seat.holder, seat.substitute)
        if one is not None
    ]


def _seat(seat: Any, known: set[int]) -> dict[str, Any]:
    """A place in words: who holds it, of which body."""
    return {
        "number": seat.number,
        **{
            name: {
                "name": called(one.member, known),
                "body": one.member.body.organisation.name,
                "url": reverse("councils:body_referents", args=[one.member.body_id]),
            }
            if one is not None
            else None
            for name, one in (("holder", seat.holder), ("substitute", seat.substitute))
        },
    }


@require_safe
def referent(request: HttpRequest, pk: int) -> HttpResponse:
    """One designation is read among those of its body."""
    rows = Referent.objects.select_related("member")
    found: Referent = rights.fetch(rows, actor_of(request), pk=pk)
    there = reverse("councils:body_referents", args=[found.member.body_id])
    return redirect(f"{there}#referent-{found.pk}")


@require_safe
def body_referents(request: HttpRequest, pk: int) -> HttpResponse:
    """The référents of a body, today and before, and the sittings to which they go."""
    actor, today, now = actor_of(request), timezone.localdate(), timezone.now()
    body = fetch_body(request, pk)
    rows = Referent.objects.visible_to(actor).filter(member__body=body)
    rows = rows.select_related("member__contact", "quartier", "project")
    rows = rows.defer("quartier__outline").annotate(seated=still_seated(today))
    designations = list(rows.order_by("-starts_on", "-pk")[:LINES])
    known = known_members(actor, [one.member for one in designations])
    names = names_of(actor, [one.instance_id for one in designations if one.instance_id])
    editable = Referent.objects.allowed(actor, "edit").filter(member__body=body)
    may = set(editable.values_list("pk", flat=True))
    lines = [
        {
            "referent": one,
            "name": called(one.member, known),
            "where": one.project.title if one.project else names.get(one.instance_id or 0, ""),
            "over": one.ends_on is not None and one.ends_on < today,
            "unseated": not one.seated,  # type: ignore[attr-defined]
            "may_end": one.pk in may,
            "reason": one.reason if one.pk in may or one.member_id in known else "",
        }
        for one in designations
    ]
    lines.sort(key=lambda line: line["over"])  # type: ignore[return-value, arg-type]
    sittings = CalledSitting.objects.none()
    if actor.organisation_id == body.organisation_id:
        sittings = CalledSitting.objects.visible_to(actor).filter(
            gathering__ends_at__gte=now, gathering__cancelled_at=None
        )
        # The body's own sittings call its members, not its référents.
        sittings = sittings.exclude(instance__organiser_id=body.organisation_id)
    return render(
        request,
        "councils/referent_body.html",
        {
            "body": body,
            "lines": lines,
            "may_designate": Body.objects.allowed(actor, "compose").filter(pk=pk).exists(),
            "sittings": sittings.select_related("instance", "gathering").order_by(
                "gathering__starts_at", "pk"
            )[:20],
            "tabs": tabs_of(actor, body, "councils:body_referents"),
            "crumbs": crumbs(body, ("Référents", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def designate(request: HttpRequest, pk: int) -> HttpResponse:
    """Designate a référent of a body."""
    actor = actor_of(request)
    body = fetch_body(request, pk, "compose")
    there = reverse("councils:body_referents", args=[pk])
    form = DesignateForm(request.POST or None, actor=actor, body=body)
    if request.method == "POST" and form.is_valid():
        try:
            acts.designate(actor=actor, **form.given())
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Référent désigné.")
            return redirect(there)
    lead = ""
    if not form.members:
        lead = "Aucun membre n’a de mandat en cours : donnez d’abord un siège à quelqu’un."
    elif not form.places:
        lead = "Aucun projet ni aucune instance ouverte à vos yeux sur ces quartiers."
    return render(
        request,
        "councils/referent_form.html",
        {
            "form": form,
            "heading": "Désigner un référent",
            "lead": lead,
            "action": "Désigner",
            "back": there,
            "crumbs": crumbs(body, ("Référents", there), ("Désigner", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_designation(request: HttpRequest, pk: int) -> HttpResponse:
    """End a designation on a day."""
    actor = actor_of(request)
    rows = Referent.objects.select_related("member__contact", "member__body__organisation")
    found: Referent = rights.fetch(rows, actor, "edit", pk=pk)
    body = found.member.body
    there = reverse("councils:body_referents", args=[body.pk])
    form = EndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            acts.end_designation(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "La fin de cette désignation est notée.")
            return redirect(there)
    name = called(found.member, known_members(actor, [found.member]))
    return render(
        request,
        "councils/referent_form.html",
        {
            "form": form,
            "heading": "Mettre fin à une désignation",
            "lead": f"{name[:1].upper()}{name[1:]}, désigné depuis le "
            f"{day_in_words(found.starts_on)}.",
            "action": "Mettre fin",
            "back": there,
            "crumbs": crumbs(body, ("Référents", there), ("Fin", "")),
        },
    )
