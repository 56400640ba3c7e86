"""Writing an orientation in three steps: where and what for, which service, the person.

The first two say nothing of anybody and stand in the address; the third is posted, and what was
typed comes back in the answer to that post alone.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners.actors import ActorRequest
from parvis.partners.rights import Refused
from parvis.ui.unkept import unkept
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.catalogue import agreement_text_on, labels
from parvis.vigilance.models import Entry, Orientation, OrientationSecret, SpokenAgreement
from parvis.vigilance.models.orientations import new_code
from parvis.vigilance.orientation_doors import Offer, doors_taking
from parvis.vigilance.orientation_forms import OrientationForm, WhereForm
from parvis.vigilance.orientation_reading import open_secret
from parvis.vigilance.scopes import meets_households
from parvis.vigilance.sealing import LostKeyError
from parvis.vigilance.views.orientation_reading import lost
from parvis.vigilance.views.orientations import fetch, trail

STEPS = ["Pour quoi", "Quel service", "La personne"]
_SALT = "parvis.vigilance.orientation"


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: ActorRequest) -> HttpResponse:
    """The three steps; the last one keeps a draft, or sends."""
    actor = request.actor
    crumbs = trail(("Nouvelle orientation", ""))
    if not meets_households(actor):
        return unkept(render(request, "vigilance/orientation_not_yours.html", {"crumbs": crumbs}))
    where = WhereForm(request.GET or None, actor=actor)
    if not where.is_valid():
        served = where.fields["commune"].queryset.exists()  # type: ignore[attr-defined]
        context = {"form": where, "served": served, "steps": STEPS, "crumbs": crumbs}
        return unkept(render(request, "vigilance/orientation_where.html", context))
    commune, need = where.cleaned_data["commune"], where.cleaned_data["need"]
    offer = doors_taking(commune.pk, need, timezone.localdate())
    chosen = _chosen(offer, request.GET.get("door", ""))
    asked = {"commune": commune, "need": need, "need_label": labels("need")[need]}
    if chosen is None:
        context = {**asked, "offer": offer, "steps": STEPS, "crumbs": crumbs}
        return unkept(render(request, "vigilance/orientation_door.html", context))
    form = OrientationForm(
        request.POST if request.method == "POST" else None,
        doors=offer.receiving,
        commune=commune,
        sending=request.POST.get("do") == "send",
        files=request.FILES,
        initial={"door": chosen.pk},
    )
    if request.method == "POST" and form.is_valid():
        code = _code_of(request.POST.get("code", ""), actor.user_id)
        what = acts.Asked(commune, need, form.cleaned_data["door"], form.cleaned_data["quartier"])
        try:
            one = acts.write(code, what, form.secret, form.spoken, actor=actor)
        except Refused as refused:  # the same form came twice
            messages.info(request, " ".join(refused.messages))
            return redirect("vigilance:orientations")
        return _kept(request, one, sending=form.sending)
    return _third(request, form, {**asked, "door": chosen, "code": _sign(request), "one": None})


@sensitive_post_parameters()
@sensitive_variables()
@require_POST
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """A draft, opened by its sender: a reading, and logged as one. Then changed, or sent."""
    actor, found = request.actor, fetch(request, pk, "write")
    offer = doors_taking(found.commune_id, found.need, timezone.localdate())
    do = request.POST.get("do", "")
    if do not in ("keep", "send"):
        try:
            secret = open_secret(found, Entry.Code.READ, actor=actor)
        except LostKeyError:
            return lost(request, found)
        except OrientationSecret.DoesNotExist:
            secret = {}
        form = OrientationForm(
            None, doors=offer.receiving, commune=found.commune, initial=_initial(found, secret)
        )
    else:
        form = OrientationForm(
            request.POST,
            doors=offer.receiving,
            commune=found.commune,
            sending=do == "send",
            files=request.FILES,
        )
        if form.is_valid():
            door, quartier = form.cleaned_data["door"], form.cleaned_data["quartier"]
            what = acts.Asked(found.commune, found.need, door, quartier)
            try:
                acts.rewrite(found, what, form.secret, form.spoken)
            except Refused as refused:
                messages.error(request, " ".join(refused.messages))
                return redirect("vigilance:orientation", pk)
            return _kept(request, found, sending=form.sending)
    return _third(
        request,
        form,
        {
            "commune": found.commune,
            "need": found.need,
            "need_label": labels("need")[found.need],
            "door": None,
            "code": "",
            "one": found,
        },
    )


def _kept(request: ActorRequest, one: Orientation, *, sending: bool) -> HttpResponse:
    """Send what was kept, if that was asked; say what became of it."""
    if not sending:
        messages.success(
            request,
            f"Brouillon {one.code} gardé. Sans envoi, il sera effacé dans trente jours.",
        )
        return redirect("vigilance:orientation", one.pk)
    try:
        acts.send(one, actor=request.actor)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request,
            f"Orientation {one.code} envoyée. Au téléphone, dites ce code plutôt que le nom.",
        )
    return redirect("vigilance:orientation", one.pk)


@sensitive_variables()
def _third(request: ActorRequest, form: OrientationForm, context: dict[str, Any]) -> HttpResponse:
    heading = f"Orientation {context['one'].code}" if context["one"] else "Nouvelle orientation"
    return unkept(
        render(
            request,
            "vigilance/orientation_write.html",
            {
                **context,
                "form": form,
                "heading": heading,
                "steps": STEPS,
                "agreement": agreement_text_on(timezone.localdate()).text,
                "crumbs": trail((heading, "")),
            },
        )
    )


def _initial(found: Orientation, secret: dict[str, str]) -> dict[str, Any]:
    """A draft as the form shows it."""
    initial = {**secret, "door": found.door_id, "quartier": found.quartier_id}
    agreement = SpokenAgreement.objects.filter(orientation=found).first()
    if agreement is None:
        return initial
    return {
        **initial,
        "agreed": True,
        "how": agreement.how,
        "given_on": agreement.given_on,
        "may_be_redirected": agreement.may_be_redirected,
    }


def _chosen(offer: Offer, number: str) -> Any:
    """The door of that number, among those where somebody receives."""
    return next((door for door in offer.receiving if str(door.pk) == number), None)


def _sign(request: ActorRequest) -> str:
    """The code that this form will bear, however often it is sent; of nobody else's making."""
    given = request.POST.get("code", "")
    code = _code_of(given, request.actor.user_id) if given else new_code()
    return signing.Signer(salt=_SALT).sign(f"{request.actor.user_id}:{code}")


def _code_of(signed: str, user_id: int | None) -> str:
    """The code of a form that this person was given; a new one for any other."""
    try:
        owner, _, code = signing.Signer(salt=_SALT).unsign(signed).partition(":")
    except signing.BadSignature:
        return new_code()
    return code if owner == str(user_id) else new_code()
