"""What a body tells back to its quartiers: written, told, taken back; the public pages, posters."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import aside_acts as acts
from parvis.councils.answers import crumbs, page_of
from parvis.councils.aside_answers import PAGE, answer_form, fetch_preparation, pager, trail
from parvis.councils.aside_forms import RestitutionForm
from parvis.councils.aside_papers import PAPERS, poster_paper
from parvis.councils.aside_reading import PREPARATIONS, QUARTIERS, quartiers_by, told_in
from parvis.councils.referent_models import Preparation
from parvis.meetings.models import Decision
from parvis.partners import rights
from parvis.partners.actors import NOBODY, actor_of
from parvis.places.models import Quartier

both = require_http_methods(["GET", "HEAD", "POST"])


@both
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was said at the sitting, and what was answered."""
    found = fetch_preparation(request, pk)
    page = reverse("councils:preparation", args=[pk])
    if found.told_at is not None:
        messages.error(request, "Tout le monde lit cette restitution : retirez-la d’abord.")
        return redirect(page)
    return answer_form(
        request,
        RestitutionForm(request.POST or None, initial=RestitutionForm.initial_of(found)),
        lambda data: acts.write_restitution(found, **data),
        done="C’est enregistré. Votre instance seule le lit, tant que ce n’est pas rendu.",
        to=page,
        heading="Raconter la séance au quartier",
        lead="Vous écrivez pour celles et ceux qui n’y étaient pas.",
        action="Enregistrer",
        crumbs=trail(found, "Restitution"),
    )


@both
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Read once more what everybody will read, then tell it."""
    found = fetch_preparation(request, pk, "tell")
    if request.method == "POST":
        try:
            acts.tell(found, actor=actor_of(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("councils:preparation", pk)
        messages.success(request, "C’est rendu au quartier. Imprimez l’affiche pour les halls.")
        return redirect("councils:restitution", pk)
    return render(
        request,
        "councils/aside_tell.html",
        {
            "preparation": found,
            "quartiers": quartiers_by([found])[pk],
            "why": acts.why_not_told(found, timezone.now()),
            "crumbs": trail(found, "Rendre au quartier"),
        },
    )


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it away from the public."""
    found = fetch_preparation(request, pk, "tell")
    acts.take_back(found, actor=actor_of(request))
    messages.success(request, "La restitution est retirée : votre instance seule la lit.")
    return redirect("councils:preparation", pk)


@require_safe
def restitutions(request: HttpRequest) -> HttpResponse:
    """What was told back, the last sitting first, everywhere or in one quartier."""
    page, asked = page_of(request), request.GET.get("quartier", "")
    chosen = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    rows = PREPARATIONS.visible_to(actor_of(request)).filter(
        told_at__isnull=False, body__published_at__isnull=False
    )
    if chosen:
        rows = rows.filter(pk__in=told_in([chosen]).values("pk"))
    start = (page - 1) * PAGE
    some = list(rows[start : start + PAGE + 1])
    shown = some[:PAGE]
    lying = quartiers_by(shown)
    told = Preparation.objects.filter(told_at__isnull=False).values("body")
    lived = QUARTIERS.filter(body__in=told, body__published_at__isnull=False)
    return render(
        request,
        "councils/aside_restitutions.html",
        {
            "rows": [{"told": one, "quartiers": lying[one.pk]} for one in shown],
            "quartiers": Quartier.objects.filter(pk__in=lived.values("quartier"))
            .order_by("name", "pk")
            .only("name"),
            "chosen": chosen,
            **pager(request, page, len(some) > PAGE),
            "crumbs": crumbs(None, ("Restitutions", "")),
        },
    )


@require_safe
def restitution(request: HttpRequest, pk: int) -> HttpResponse:
    """What référents said at a sitting, and what they were answered."""
    actor = actor_of(request)
    found: Preparation = rights.fetch(PREPARATIONS.all(), actor, pk=pk)
    mine = Preparation.objects.allowed(actor, "prepare").filter(pk=pk)
    return render(
        request,
        "councils/aside_restitution.html",
        {
            "preparation": found,
            "gathering": found.sitting.gathering,
            "quartiers": quartiers_by([found])[pk],
            # The decisions of that sitting that anybody may read, by the policy of decisions.
            "decisions": Decision.objects.visible_to(NOBODY).filter(sitting=found.sitting_id),
            "mine": actor.is_partner and mine.exists(),
            "papers": list(PAPERS),
            "crumbs": crumbs(
                found.body,
                ("Restitutions", reverse("councils:restitutions")),
                (found.sitting.instance.name, ""),
            ),
        },
    )


@require_safe
def poster(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """The same for the halls, on A4 or A3."""
    if paper not in PAPERS:
        raise Http404
    found: Preparation = rights.fetch(PREPARATIONS.all(), actor_of(request), pk=pk)
    return poster_paper(found, [name for _, name in quartiers_by([found])[pk]], paper)
