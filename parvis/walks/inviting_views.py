"""Who comes to a walk: organisations that are called, what they answered, residents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.gatherings.models import Gathering, Guest, Registration
from parvis.meetings.forms import standing
from parvis.meetings.inviting import out_of_reach
from parvis.partners.actors import Actor, actor_of
from parvis.partners.models import Organisation
from parvis.ui.words import counted
from parvis.walks import inviting
from parvis.walks.answers import crumbs, fetch_walk
from parvis.walks.links import address_of
from parvis.walks.models import HeldRole, Walk
from parvis.walks.practice import roles
from parvis.walks.tabs import tabs_of
from parvis.walks.workflow import WALK_LABELS


class GuestsForm(forms.Form):
    """The organisations to call, by kind; those that were called already are not asked again."""

    def __init__(self, *args: Any, actor: Actor, guests: list[Guest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = {one.organisation_id for one in guests if one.invited_at}
        waiting = {one.organisation_id for one in guests if not one.invited_at}
        self.among = [one for one in standing(actor) if one.pk not in called]
        for kind, label in Organisation.Kind.choices:
            shown = [one for one in self.among if one.kind == kind]
            if shown:
                self.fields[kind] = forms.TypedMultipleChoiceField(
                    label=label.capitalize(),
                    required=False,
                    coerce=int,
                    choices=[(one.pk, one.name) for one in shown],
                    initial=[one.pk for one in shown if one.pk in waiting],
                    widget=forms.CheckboxSelectMultiple,
                )

    def chosen(self) -> list[Organisation]:
        """What was ticked."""
        ticked = {pk for name in self.fields for pk in self.cleaned_data[name]}
        return [one for one in self.among if one.pk in ticked]


def _guests_of(walk: Walk) -> list[Guest]:
    rows = Guest.objects.filter(gathering=walk.gathering_id)
    return list(rows.select_related("organisation"))


@require_safe
def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is called, who answered, who registered."""
    return _page(request, fetch_walk(request, pk))


def _page(request: HttpRequest, found: Walk, form: GuestsForm | None = None) -> HttpResponse:
    actor, gathering = actor_of(request), found.gathering
    invited = _guests_of(found)
    allowed = {
        right: Walk.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in ("edit", "observe")
    }
    opened = found.state in ("prepared", "convened")
    editing = opened and allowed["edit"]
    if editing and form is None:
        form = GuestsForm(actor=actor, guests=invited)
    called = [one for one in invited if one.invited_at]
    # Who is only chosen is the business of who prepares the walk.
    shown = invited if allowed["edit"] else called
    labels = roles()
    held: dict[int | None, list[str]] = {}
    for role in HeldRole.objects.filter(walk=found, guest__isnull=False):
        held.setdefault(role.guest_id, []).append(labels.get(role.code, role.code))
    registrations = gathering.registrations
    return render(
        request,
        "walks/guests.html",
        {
            "walk": found,
            "gathering": gathering,
            "state": WALK_LABELS[found.state],
            "guests": [(one, ", ".join(held.get(one.pk, []))) for one in shown],
            "chosen": sum(one.invited_at is None for one in shown),
            "mine": next(
                (one for one in called if one.organisation_id == actor.organisation_id), None
            ),
            "may_answer": opened
            and Gathering.objects.allowed(actor, "answer").filter(pk=gathering.pk).exists(),
            "registered": registrations.filter(state=Registration.State.SEATED).count(),
            "waiting": registrations.filter(state=Registration.State.WAITING).count(),
            "may_attend": Gathering.objects.allowed(actor, "attend")
            .filter(pk=gathering.pk)
            .exists(),
            "may_edit": allowed["edit"],
            "editing": editing,
            "form": form if editing else None,
            "out_of_reach": out_of_reach(called) if allowed["edit"] else [],
            "link": address_of(found) if opened and any(allowed.values()) else "",
            "started": gathering.starts_at <= timezone.now(),
            "tabs": tabs_of(actor, found, "walks:guests"),
            "crumbs": crumbs(found, ("Participants", "")),
        },
    )


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the organisations that are ticked."""
    found = fetch_walk(request, pk, "edit")
    form = GuestsForm(request.POST, actor=actor_of(request), guests=_guests_of(found))
    if not form.is_valid():
        return _page(request, found, form)
    try:
        inviting.choose_guests(found, form.chosen(), among=form.among)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "La liste est gardée. Personne n’est encore prévenu.")
    return redirect("walks:guests", pk)


@require_POST
def convene(request: HttpRequest, pk: int) -> HttpResponse:
    """Call who is chosen and was not called yet."""

    def said(count: int) -> str:
        if not count:
            return "Invitations faites. Personne n’a d’adresse électronique : imprimez les lettres."
        return f"Invitations prêtes : {counted(count, 'message part', 'messages partent')}."

    return _do(request, pk, inviting.convene, said)


@require_POST
def welcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Let residents come."""
    return _do(
        request, pk, inviting.welcome_residents, lambda _: "Les habitants voient ce rendez-vous."
    )


@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the link for telephones and make another one."""
    return _do(
        request,
        pk,
        inviting.renew_link,
        lambda _: "L’ancien lien est fermé. Imprimez de nouveau le carnet, donnez le nouveau lien.",
    )


def _do(
    request: HttpRequest, pk: int, act: Callable[..., Any], said: Callable[[Any], str]
) -> HttpResponse:
    found = fetch_walk(request, pk, "edit")
    try:
        made = act(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, said(made))
    return redirect("walks:guests", pk)
