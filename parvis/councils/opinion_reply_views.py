"""The reply to an opinion, by who owes it, or entered by the body for who does not come here."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.councils import opinion_reply_acts as acts
from parvis.councils.opinion_answers import ask, fetch_opinion, opinion_crumbs, tell_refused
from parvis.councils.opinion_events import acts_here
from parvis.councils.opinion_forms import AdditionForm, ReplyForm
from parvis.councils.opinion_models import Opinion
from parvis.councils.workflow import OpinionState
from parvis.partners.actors import actor_of

both = require_http_methods(["GET", "HEAD", "POST"])


@both
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Reply to an opinion; once that is done, add to the reply."""
    return _reply(request, fetch_opinion(request, pk, "reply"), entered=False)


@both
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the reply that an organisation gave otherwise."""
    return _reply(request, fetch_opinion(request, pk, "enter_reply"), entered=True)


def _reply(request: HttpRequest, found: Opinion, *, entered: bool) -> HttpResponse:
    actor, who = actor_of(request), found.replier
    back = reverse("councils:opinion", args=[found.pk])
    if entered and who and acts_here(who):
        messages.error(request, f"{who} répond ici : sa réponse ne se saisit pas à sa place.")
        return redirect(back)
    if found.state == OpinionState.ANSWERED:
        if request.method == "POST" and "added" not in request.POST:  # the reply, sent twice
            messages.info(request, "La réponse est déjà envoyée.")
            return redirect(back)
        return ask(
            request,
            AdditionForm(request.POST or None),
            lambda added: acts.add_to_reply(found, actor=actor, text=added, entered=entered),
            back=back,
            done="Complément ajouté.",
            heading="Compléter la réponse",
            action="Ajouter le complément",
            lead="La réponse reste telle qu’elle a été donnée. Le complément s’y ajoute, avec sa"
            " date.",
            trail=opinion_crumbs(found, ("Compléter la réponse", "")),
        )
    if found.state != OpinionState.SENT:
        messages.error(request, "Cet avis n’attend pas de réponse.")
        return redirect(back)
    form = ReplyForm(request.POST or None, opinion=found)
    if request.method == "POST" and form.is_valid():
        try:
            acts.reply(
                found,
                actor=actor,
                text=form.cleaned_data["text"],
                outcomes=form.outcomes(),
                entered=entered,
            )
        except ValidationError as refused:
            tell_refused(form, refused)
        else:
            messages.success(request, "Réponse enregistrée : l’instance est prévenue.")
            return redirect(back)
    heading = f"Saisir la réponse de {who}" if entered else "Répondre à l’avis"
    return render(
        request,
        "councils/opinion_reply.html",
        {
            "opinion": found,
            "form": form,
            "entered": entered,
            "heading": heading,
            "back": back,
            "crumbs": opinion_crumbs(found, (heading, "")),
        },
    )
