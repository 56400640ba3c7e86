"""Trainings of members: the list, one of them, who followed it, and the figures by body."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, DecimalField, F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import space_training_acts as acts
from parvis.councils.answers import BODIES, crumbs, number_in
from parvis.councils.body_access import BODY
from parvis.councils.models import TrainingFollowed, TrainingOffer
from parvis.councils.space_access import offers_training
from parvis.councils.space_reading import cut, member_of
from parvis.councils.space_training_forms import TrainingForm
from parvis.councils.space_views import fetch_member, space_url
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation

both = require_http_methods(["GET", "HEAD", "POST"])
OFFERS = TrainingOffer.objects.select_related("coordinator")
FIELDS = ("title", "provider", "summary", "starts_on", "ends_on", "place", "hours", "seats")


def _may_edit(request: HttpRequest, offer: TrainingOffer) -> bool:
    rows = TrainingOffer.objects.allowed(actor_of(request), "edit")
    return bool(rows.filter(pk=offer.pk).exists())


def _listed() -> tuple[str, str]:
    return ("Formations", reverse("councils:trainings"))


@require_safe
def trainings(request: HttpRequest) -> HttpResponse:
    """The trainings that one may see, the newest first."""
    actor = actor_of(request)
    rows = OFFERS.visible_to(actor).annotate(taken=Count("followed"))
    some, pager = cut(request, rows.order_by("-starts_on", "-pk"))
    member = member_of(actor)
    asked: set[int] = set()
    if member is not None:
        mine = TrainingFollowed.objects.filter(member=member, offer__in=some)
        asked = set(mine.values_list("offer_id", flat=True))
    today = timezone.localdate()
    return render(
        request,
        "councils/space_trainings.html",
        {
            "rows": [
                {
                    "offer": one,
                    "open": one.starts_on >= today and not one.cancelled_at,
                    "full": one.seats is not None and one.taken >= one.seats,
                    "asked": one.pk in asked,
                }
                for one in some
            ],
            "member": member,
            "offers": offers_training(actor),
            "crumbs": crumbs(None, ("Formations", "")),
            **pager,
        },
    )


@require_safe
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """One training; who offers it also reads who asked, by number or by the name they show."""
    actor = actor_of(request)
    offer = rights.fetch(OFFERS.annotate(taken=Count("followed")), actor, pk=pk)
    edits = _may_edit(request, offer)
    member = member_of(actor)
    rows = TrainingFollowed.objects.filter(offer=offer)
    followed = rows.select_related("member__contact", "member__body__organisation").order_by(
        "member__body__organisation__name", "member__number"
    )
    today = timezone.localdate()
    return render(
        request,
        "councils/space_training.html",
        {
            "offer": offer,
            "edits": edits,
            "followed": _by_body(followed) if edits else [],
            "begun": offer.starts_on <= today,
            "recording": offer.starts_on <= today and not offer.cancelled_at,
            "open": offer.starts_on >= today and not offer.cancelled_at,
            "full": offer.seats is not None and offer.taken >= offer.seats,
            "member": member,
            "asked": member is not None and rows.filter(member=member).exists(),
            "crumbs": crumbs(None, _listed(), (offer.title, "")),
        },
    )


def _by_body(rows: Any) -> list[tuple[str, list[TrainingFollowed]]]:
    """These requests by the name of the body of who asked."""
    found: dict[str, list[TrainingFollowed]] = {}
    for one in rows:
        found.setdefault(one.member.body.organisation.name, []).append(one)
    return list(found.items())


@both
def new_training(request: HttpRequest) -> HttpResponse:
    """Offer a training."""
    actor = actor_of(request)
    if not offers_training(actor) or actor.organisation_id is None:
        raise PermissionDenied
    form = TrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        coordinator = Organisation.objects.get(pk=actor.organisation_id)
        try:
            made = acts.offer_training(coordinator, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Formation proposée aux membres de vos instances.")
            return redirect("councils:training", made.pk)
    heading = "Proposer une formation"
    return _form(request, form, heading, "Proposer", [_listed(), (heading, "")])


@both
def edit_training(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a training."""
    offer = rights.fetch(OFFERS, actor_of(request), "edit", pk=pk)
    initial = {name: getattr(offer, name) for name in FIELDS}
    form = TrainingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_training(offer, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Formation modifiée.")
            return redirect("councils:training", offer.pk)
    here = reverse("councils:training", args=[offer.pk])
    trail = [_listed(), (offer.title, here), ("Modifier", "")]
    return _form(request, form, "Modifier la formation", "Enregistrer", trail)


def _form(
    request: HttpRequest, form: Any, heading: str, action: str, trail: list[tuple[str, str]]
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": trail[-2][1],
        "crumbs": crumbs(None, *trail),
    }
    return render(request, "councils/space_form.html", context)


@require_POST
def cancel_training(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a training off."""
    offer = rights.fetch(OFFERS, actor_of(request), "edit", pk=pk)
    try:
        acts.cancel_training(offer)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Formation annulée. Les personnes inscrites sont prévenues.")
    return redirect("councils:training", offer.pk)


@require_POST
def record_training(request: HttpRequest, pk: int) -> HttpResponse:
    """Write who followed it."""
    offer = rights.fetch(OFFERS, actor_of(request), "edit", pk=pk)
    given = map(number_in, request.POST.getlist("came"))
    came = {one for one in given if one is not None}
    try:
        acts.record_training(offer, came)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Présences enregistrées : chacun lit ses heures dans son espace.")
    return redirect("councils:training", offer.pk)


@require_POST
def ask_training(request: HttpRequest, pk: int) -> HttpResponse:
    """A member asks for a seat of the training named in the form, or gives it back."""
    member = fetch_member(request, pk)
    chosen = request.POST.get("training", "")
    rows = TrainingOffer.objects.visible_to(actor_of(request))
    offer = (
        rows.filter(pk=int(chosen)).first()
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 18
        else None
    )
    back = space_url(request, member)
    if offer is None:
        messages.error(request, "Choisissez une formation.")
        return redirect(back)
    try:
        if request.POST.get("decision") == "leave":
            acts.leave_training(offer, member)
            messages.success(request, "Désinscription enregistrée : la place est libre.")
        else:
            acts.ask_training(offer, member)
            messages.success(request, "Inscription enregistrée.")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(back)


@require_safe
def training_figures(request: HttpRequest) -> HttpResponse:
    """By body and by year: how many trainings were offered, how many members followed them."""
    actor = actor_of(request)
    today = timezone.localdate()
    asked = request.GET.get("annee", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    mine = BODY.condition(actor, "compose") | BODY.condition(actor, "enter")
    some, pager = cut(request, BODIES.filter(mine).order_by("organisation__name", "pk"))
    offers = TrainingOffer.objects.visible_to(actor).filter(
        starts_on__year=year, starts_on__lte=today, cancelled_at=None
    )
    offered = {
        row["coordinator_id"]: row["count"]
        for row in offers.order_by().values("coordinator_id").annotate(count=Count("pk"))
    }
    followed = {
        row["member__body_id"]: row
        for row in TrainingFollowed.objects.filter(offer__in=offers, member__body__in=some)
        .order_by()
        .values("member__body_id")
        .annotate(
            asked=Count("pk"),
            attended=Count("pk", filter=Q(came=True)),
            members=Count("member", filter=Q(came=True), distinct=True),
            hours=Sum(
                F("offer__hours"), filter=Q(came=True), output_field=DecimalField(decimal_places=1)
            ),
        )
    }
    lines = []
    for body in some:
        found: Any = followed.get(body.pk, {})
        lines.append(
            {
                "body": body,
                "offered": offered.get(body.coordinator_id, 0),
                "asked": found.get("asked", 0),
                "came": found.get("attended", 0),
                "members": found.get("members", 0),
                "hours": found.get("hours") or Decimal(0),
            }
        )
    return render(
        request,
        "councils/space_training_figures.html",
        {
            "rows": lines,
            "year": year,
            "years": range(today.year, today.year - 4, -1),
            "crumbs": crumbs(None, _listed(), ("Chiffres", "")),
            **pager,
        },
    )
