"""An opinion in the hands of its body: written, put on an agenda, adopted, sent, shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import opinion_acts as acts
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.opinion_answers import (
    ask,
    asked_subject,
    choose,
    fetch_opinion,
    opinion_crumbs,
    tell_refused,
)
from parvis.councils.opinion_forms import (
    SITTINGS,
    AdoptForm,
    AgendaForm,
    NewOpinionForm,
    OpinionForm,
    SendForm,
)
from parvis.councils.opinion_models import Opinion
from parvis.councils.opinion_reading import subject_of
from parvis.councils.workflow import OpinionState
from parvis.partners.actors import actor_of

both = require_http_methods(["GET", "HEAD", "POST"])
VERSIONS_SHOWN = 100


def _page(opinion: Opinion) -> str:
    return reverse("councils:opinion", args=[opinion.pk])


@both
def new_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The body takes up something by itself."""
    actor, body = actor_of(request), fetch_body(request, pk, "enter")
    about, given = asked_subject(request)
    form = NewOpinionForm(request.POST or None, body=body, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.open_opinion(body, actor=actor, subject=about, **form.cleaned_data)
        except ValidationError as refused:
            tell_refused(form, refused)
        else:
            messages.success(request, "L’avis est ouvert. Écrivez-le à plusieurs, à votre rythme.")
            return redirect("councils:write_opinion", made.pk)
    return render(
        request,
        "councils/opinion_form.html",
        {
            "form": form,
            "heading": "Se saisir d’un sujet",
            "lead": "Votre instance rend un avis sur ce qu’elle choisit. Elle seule le lit tant"
            " qu’il n’est pas adopté et envoyé.",
            "why": "",
            "action": "Ouvrir l’avis",
            "given": given,
            "subject": subject_of(actor, about),
            "back": reverse("councils:opinions_of", args=[pk]),
            "crumbs": crumbs(
                body,
                ("Nos avis", reverse("councils:opinions_of", args=[pk])),
                ("Se saisir d’un sujet", ""),
            ),
        },
    )


@both
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the opinion: its words, what it asks, the views that diverge."""
    actor, found = actor_of(request), fetch_opinion(request, pk, "write")
    start = {
        "version": acts.last_version(found),
        "title": found.title,
        "text": found.text,
        "asked": "\n".join(one.text for one in found.askings.all()),
        "views": "\n\n".join(one.text for one in found.divergent_views.all()),
        "pillar": found.pillar,
        "phase": found.phase_id,
    }
    form = OpinionForm(request.POST or None, initial=start, body=found.body, actor=actor)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_opinion(found, actor=actor, **form.cleaned_data)
        except acts.Changed as refused:
            # What was typed stays; saved again, it is saved knowing the other's words.
            theirs = start
            again = request.POST.copy()
            again["version"] = str(start["version"])
            form.data = again
            tell_refused(form, refused)
        except ValidationError as refused:
            tell_refused(form, refused)
        else:
            messages.success(request, "Avis enregistré. L’ancien texte est gardé.")
            return redirect("councils:opinion", pk)
    return render(
        request,
        "councils/opinion_write.html",
        {
            "opinion": found,
            "form": form,
            "theirs": theirs,
            "back": _page(found),
            "crumbs": opinion_crumbs(found, ("Écrire", "")),
        },
    )


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of an opinion as they stood, newest first: the body's own for ever."""
    found = fetch_opinion(request, pk, "debate")
    rows = found.versions.select_related("by").order_by("-number")[:VERSIONS_SHOWN]
    return render(
        request,
        "councils/opinion_versions.html",
        {
            "opinion": found,
            "versions": list(rows),
            "crumbs": opinion_crumbs(found, ("Versions", "")),
        },
    )


@both
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an opinion is about."""
    found = fetch_opinion(request, pk, "write")
    return choose(
        request,
        found,
        found.body,
        acts.choose_subject,
        back=_page(found),
        trail=opinion_crumbs(found, ("Sujet", "")),
    )


def _sittings(request: HttpRequest, found: Opinion) -> Any:
    """The sittings of the body, those that were not called off."""
    return (
        SITTINGS.visible_to(actor_of(request))
        .filter(instance__organiser=found.body.organisation_id, gathering__cancelled_at=None)
        .order_by("-gathering__starts_at", "-pk")
    )


@both
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the opinion on the agenda of a sitting of the body."""
    actor, found = actor_of(request), fetch_opinion(request, pk, "decide")
    rows = _sittings(request, found).allowed(actor, "hold")
    rows = rows.filter(gathering__ends_at__gte=timezone.now(), sent_at=None)
    why = (
        "" if rows.exists() else "Prévoyez d’abord une séance de votre instance, dans « Réunions »."
    )
    return ask(
        request,
        AgendaForm(request.POST or None, rows=rows),
        lambda sitting: acts.put_on_agenda(found, sitting, actor=actor),
        back=_page(found),
        done="L’avis est à l’ordre du jour, sous le titre « Un avis à débattre ».",
        heading="Mettre à l’ordre du jour",
        action="Mettre à l’ordre du jour",
        lead="Les personnes invitées qui ne sont pas de votre instance liront seulement « Un avis"
        " à débattre ».",
        why=why,
        trail=opinion_crumbs(found, ("Ordre du jour", "")),
    )


@both
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt the opinion at a sitting: its words are frozen."""
    actor, found = actor_of(request), fetch_opinion(request, pk, "decide")
    rows = _sittings(request, found).filter(gathering__starts_at__lte=timezone.now())
    why = ""
    if found.state != OpinionState.DRAFT:
        why = "Cet avis n’est plus en débat."
    elif not found.text:
        why = "Écrivez l’avis avant de l’adopter."
    elif not rows.exists():
        why = "Aucune séance de votre instance n’a encore eu lieu : prévoyez-la dans « Réunions »."
    return ask(
        request,
        AdoptForm(request.POST or None, rows=rows, initial={"version": acts.last_version(found)}),
        lambda **given: acts.adopt(found, actor=actor, **given),
        back=_page(found),
        done="Avis adopté. Il ne reste qu’à l’envoyer.",
        heading="Adopter l’avis",
        action="Adopter l’avis",
        lead="Une fois adopté, l’avis ne change plus : relisez-le. Il prend la date de la séance.",
        why=why,
        trail=opinion_crumbs(found, ("Adopter", "")),
    )


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an opinion in debate, or take it up again."""
    found = fetch_opinion(request, pk, "decide")
    again = request.POST.get("do") == "resume"
    try:
        (acts.resume_opinion if again else acts.drop_opinion)(found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = "L’avis est de nouveau en débat." if again else "Avis abandonné. Il reste à vous."
        messages.success(request, words)
    return redirect("councils:opinion", pk)


@both
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the opinion to who owes the reply."""
    actor, found = actor_of(request), fetch_opinion(request, pk, "decide")
    who = found.request.replier if found.request else None
    return ask(
        request,
        SendForm(request.POST or None, opinion=found, actor=actor),
        lambda **given: acts.send_opinion(found, actor=actor, **given),
        back=_page(found),
        done="Avis envoyé. La réponse et sa date s’affichent ici.",
        heading="Envoyer l’avis",
        action="Envoyer l’avis",
        lead=f"{who} répondra, dans les {found.request.reply_days} jours."
        if who and found.request
        else "Qui reçoit l’avis doit y répondre, demande par demande.",
        why=""
        if found.state == OpinionState.ADOPTED
        else "Seul un avis adopté s’envoie, une fois.",
        trail=opinion_crumbs(found, ("Envoyer", "")),
    )


@both
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the opinion to everybody."""
    actor, found = actor_of(request), fetch_opinion(request, pk, "decide")
    why = ""
    if found.sent_at is None:
        why = "Envoyez l’avis avant de le rendre public."
    elif found.published_at:
        why = "Cet avis est déjà public."
    return ask(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda: acts.publish_opinion(found, actor=actor),
        back=_page(found),
        done="L’avis est public.",
        heading="Rendre l’avis public",
        action="Rendre public",
        lead="Tout le monde lira l’avis, ses votes, les points de vue divergents, la demande avec"
        " ses documents, et la réponse. Qui suit le quartier est prévenu une fois.",
        why=why,
        trail=opinion_crumbs(found, ("Rendre public", "")),
    )
