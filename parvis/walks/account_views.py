"""The tab « Compte rendu » of a walk: read, written, sent, shown to everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.ui.words import counted, day_in_words
from parvis.walks import account_acts as acts
from parvis.walks.account_content import Plain, account_of, summary_sent
from parvis.walks.account_forms import SummaryForm
from parvis.walks.account_kept import read_version
from parvis.walks.account_papers import ENDINGS, account_paper, account_sheet
from parvis.walks.answers import crumbs, fetch_walk, may, with_rights
from parvis.walks.models import Observation, Picture, SentAccount, Walk
from parvis.walks.tabs import TABS, tabs_of

both = require_http_methods(["GET", "HEAD", "POST"])


def _fetch(request: HttpRequest, pk: int) -> Walk:
    """The walk whose account this actor may read, with its rights and its last version."""
    actor = actor_of(request)
    wanted = {right for _, _, right in TABS} - {"see"} | {"follow", "sort"}
    sent = SentAccount.objects.filter(walk=OuterRef("pk")).order_by("-number").values("number")
    rows = with_rights(actor, *sorted(wanted)).annotate(last=Subquery(sent[:1]))
    found: Walk = rights.fetch(rows, actor, pk=pk)
    return found


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """The account: all of it for partners who follow the walk, what was reviewed for others."""
    actor, found = actor_of(request), _fetch(request, pk)
    content = account_of(found, actor)
    writes = may(actor, found, "sort")
    last: int = found.last or 0  # type: ignore[attr-defined]
    return render(
        request,
        "walks/account.html",
        {
            "walk": found,
            "content": content,
            "writes": writes,
            "why": acts.why_not_sent(found, content) if writes else "",
            "versions": list(range(last, 0, -1)) if content["full"] else [],
            "tabs": tabs_of(actor, found, "walks:account"),
            "crumbs": _crumbs(found, content, "Compte rendu"),
        },
    )


def _crumbs(walk: Walk, content: Plain, *labels: str) -> list[dict[str, str]]:
    """The trail of who follows the walk; others come from the list."""
    if content["full"]:
        here = reverse("walks:account", args=[walk.pk])
        urls = [here] * (len(labels) - 1) + [""]
        return crumbs(walk, *zip(labels, urls, strict=True))
    return crumbs(None, (f"Compte rendu : {walk.gathering.title}", ""))


@require_safe
def account_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper, under the same rights."""
    content = account_of(_fetch(request, pk), actor_of(request))
    subtitle = "Compte rendu du diagnostic en marchant"
    return account_paper(content, subtitle=subtitle if content["full"] else f"{subtitle}, public")


@require_safe
def account_table(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Its follow-up table for a spreadsheet program, under the same rights."""
    if form not in ENDINGS:
        raise Http404
    return account_sheet(account_of(_fetch(request, pk), actor_of(request)), form)


def _version(request: HttpRequest, pk: int, number: int) -> tuple[Walk, SentAccount]:
    found = fetch_walk(request, pk, "follow")
    return found, get_object_or_404(SentAccount, walk=found, number=number)


@require_safe
def sent_account(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A version as it was sent, as far as its reader may read it."""
    found, version = _version(request, pk, number)
    label = f"Version {number}"
    return render(
        request,
        "walks/account_sent.html",
        {
            "walk": found,
            "version": version,
            "content": read_version(version, actor_of(request)),
            "crumbs": _crumbs(found, version.content, "Compte rendu", label),
        },
    )


@require_safe
def sent_account_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A version as it was sent, on paper."""
    _, version = _version(request, pk, number)
    subtitle = f"Compte rendu, version {number}, envoyée le {day_in_words(version.at)}"
    return account_paper(read_version(version, actor_of(request)), subtitle=subtitle)


@both
def write_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the group says together."""
    found = fetch_walk(request, pk, "sort")
    form = SummaryForm(request.POST or None, initial={"summary": found.summary})
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_summary(found, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            again = " Envoyez une version corrigée pour que les participants la lisent."
            messages.success(request, f"Synthèse enregistrée.{again if found.sent_at else ''}")
            return redirect("walks:account", pk)
    back = reverse("walks:account", args=[pk])
    return render(
        request,
        "walks/account_form.html",
        {
            "form": form,
            "heading": "Écrire la synthèse",
            "action": "Enregistrer",
            "back": back,
            "crumbs": crumbs(found, ("Compte rendu", back), ("Synthèse", "")),
        },
    )


@both
def send_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who will read it, then send it to participants."""
    found = fetch_walk(request, pk, "sort")
    if request.method == "POST":
        try:
            version = acts.send_account(found, actor=actor_of(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            words = f"Compte rendu envoyé, version {version.number}. Il est gardé tel quel."
            messages.success(request, words)
        return redirect("walks:account", pk)
    return _ask(
        request,
        found,
        heading="Envoyer une version corrigée" if found.sent_at else "Envoyer le compte rendu",
        action="Envoyer aux participants",
        lines=[
            "Les organisations conviées reçoivent un message avec l’adresse du compte rendu.",
            "Les personnes inscrites qui ont laissé une adresse sont prévenues aussi ; elles"
            " liront la version publique, une fois publiée.",
            "La version envoyée est gardée telle quelle. Vous pourrez en envoyer une corrigée.",
        ],
        why=acts.why_not_sent(found, account_of(found, actor_of(request))),
    )


@both
def publish_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what everybody will read, then show it."""
    found = fetch_walk(request, pk, "sort")
    if request.method == "POST":
        try:
            acts.publish_account(found, actor=actor_of(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, "Le compte rendu est public.")
        return redirect("walks:account", pk)
    why = "" if found.sent_at else "Envoyez d’abord le compte rendu aux participants."
    return _ask(
        request,
        found,
        heading="Rendre le compte rendu public",
        action="Rendre public",
        lines=_public_lines(found),
        review_url=reverse("walks:review", args=[pk]),
        why=why,
        summary=summary_sent(found),
    )


def _public_lines(walk: Walk) -> list[str]:
    """What will be public, and what waits to be read again."""
    rows = Observation.objects.filter(walk=walk, withdrawn_at=None, same_as=None)
    pictures = Picture.objects.filter(observation__walk=walk, observation__withdrawn_at=None)
    shown = counted(rows.filter(shown=True).count(), "constat relu", "constats relus")
    seen = counted(pictures.filter(shown=True).count(), "photo relue", "photos relues")
    left = rows.filter(reviewed_at=None).count()
    unseen = pictures.filter(reviewed_at=None).count()
    lines = [
        f"Tout le monde lira {shown}, dans leur texte public, et {seen}.",
        "Le but, le parcours, la synthèse telle qu’elle a été envoyée et le nom des organisations"
        " présentes deviennent publics ; aucun nom de personne, aucune note interne.",
        "Les personnes qui suivent le quartier sont prévenues une fois.",
    ]
    if left or unseen:
        wait = counted(left, "constat attend", "constats attendent")
        more = counted(unseen, "photo attend", "photos attendent")
        lines.insert(1, f"{wait} une relecture, {more} aussi : ils resteront entre partenaires.")
    return lines


@both
def unpublish_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to partners alone again."""
    found = fetch_walk(request, pk, "sort")
    if request.method == "POST":
        acts.unpublish_account(found, actor=actor_of(request))
        messages.success(request, "Le compte rendu n’est plus public.")
        return redirect("walks:account", pk)
    return _ask(
        request,
        found,
        heading="Retirer le compte rendu du public",
        action="Retirer du public",
        lines=["Seuls les partenaires le liront. Vous pourrez le rendre public de nouveau."],
    )


def _ask(request: HttpRequest, walk: Walk, **words: Any) -> HttpResponse:
    """A question before an act that others will see."""
    back = reverse("walks:account", args=[walk.pk])
    context = {
        "why": "",
        "summary": "",
        "review_url": "",
        **words,
        "back": back,
        "crumbs": crumbs(walk, ("Compte rendu", back), (words["heading"], "")),
    }
    return render(request, "walks/account_ask.html", context)
