"""Propositions for everybody: the list, one of them, making one, following it by its link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import proposition_acts as acts
from parvis.councils.answers import crumbs
from parvis.councils.models import MicroProject, Proposition
from parvis.councils.proposition_access import HIDDEN, LINK
from parvis.councils.proposition_access import PROPOSITION as POLICY
from parvis.councils.proposition_digest import author_token, proposition_from_token
from parvis.councils.proposition_events import PROPOSITION
from parvis.councils.proposition_forms import FilterForm, ProposeForm, SupportForm
from parvis.councils.proposition_listing import (
    HEADINGS,
    ROWS,
    STATES,
    chosen,
    page_of,
    table_of,
    theme_label,
)
from parvis.councils.proposition_supports import supports
from parvis.councils.workflow import PropositionState
from parvis.documents.tables import csv_response, ods_response, xlsx_response
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.readings import note_readings
from parvis.reports import proofs, sending
from parvis.reports.workflow import Forbidden
from parvis.thread.reading import events_of, thread_of
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key

RIGHTS = ("support", "review", "answer", "carry", "adopt", "link", "reach")
AN_HOUR = 3600  # seconds
PROVED_AN_HOUR, UNPROVED_AN_HOUR = 10, 5  # propositions of one visitor
TABLES = {"csv": csv_response, "ods": ods_response, "xlsx": xlsx_response}
TOO_MANY = (
    "Beaucoup de propositions viennent d’arriver de votre connexion : celle-ci n’est pas partie. "
    "Ce que vous avez écrit est gardé ici. Réessayez dans une heure."
)
OLD_FORM = (
    "Cette page était ouverte depuis longtemps. Rien n’est perdu : pressez de nouveau le bouton."
)
BUSY = "Votre envoi est en cours. Attendez un instant, puis pressez de nouveau le bouton."
LIST = ("Propositions", "councils:propositions")


def trail(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page below the list of propositions."""
    return crumbs(None, (LIST[0], reverse(LIST[1]) if pairs else ""), *pairs)


def fetch_proposition(request: HttpRequest, pk: int, action: str = "see") -> Proposition:
    """The proposition, with the right to do that on it."""
    found: Proposition = rights.fetch(
        ROWS.select_related("contact"), actor_of(request), action, pk=pk
    )
    return found


def may_of(actor: Actor, proposition: Proposition) -> dict[str, bool]:
    """What this actor may do on it."""
    rows = Proposition.objects.filter(pk=proposition.pk)
    return {right: rows.filter(POLICY.condition(actor, right)).exists() for right in RIGHTS}


@require_safe
def propositions(request: HttpRequest) -> HttpResponse:
    """The propositions that were reviewed, by quartier, theme and state."""
    actor = actor_of(request)
    page = page_of(request, actor)
    query = request.GET.urlencode()
    return render(
        request,
        "councils/proposition_list.html",
        {
            "form": page.form,
            "rows": [{"one": one, "theme": theme_label(one.theme_code)} for one in page.rows],
            "next_url": page.next_url,
            "first_url": page.first_url,
            "filtered": page.filtered,
            "quartier": request.GET.get("quartier", ""),
            "tables": [
                (ending, reverse("councils:export_propositions", args=[ending]) + f"?{query}")
                for ending in TABLES
            ],
            "reviews": actor.role in ("coordination", "responsable") and actor.is_partner,
            "crumbs": trail(),
        },
    )


@require_safe
def export_propositions(request: HttpRequest, form: str) -> HttpResponseBase:
    """What the list shows, as a table."""
    make: Callable[..., HttpResponseBase] | None = TABLES.get(form)
    if make is None:
        raise Http404
    rows = chosen(actor_of(request), FilterForm(request.GET, states=STATES))
    return make("propositions", HEADINGS, table_of(rows))


@require_safe
def proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposition: the idea, who supports it, what became of it."""
    return show(request, fetch_proposition(request, pk))


@require_POST
def reach_author(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with how to reach its author; it is logged."""
    found = fetch_proposition(request, pk, "reach")
    note_author(request, found)
    return unkept(show(request, found, reached=True))


def note_author(request: HttpRequest, found: Proposition) -> None:
    """Log that the contact of its author is shown, where one is kept. An idea may name somebody in
    its title: it goes by its number."""
    if hasattr(found, "contact"):
        note_readings(actor_of(request), PROPOSITION, [(found.pk, f"proposition n° {found.pk}")])


def show(
    request: HttpRequest,
    found: Proposition,
    form: SupportForm | None = None,
    *,
    reached: bool = False,
) -> HttpResponse:
    """The page of a proposition; `form` when an address was wrong, `reached` with the contact."""
    actor = actor_of(request)
    may = may_of(actor, found)
    opened = found.state in acts.SUPPORTED
    user: Any = request.user
    signed_in = user.is_authenticated
    return render(
        request,
        "councils/proposition.html",
        {
            "proposition": found,
            "hidden": found.state in HIDDEN,
            "theme": theme_label(found.theme_code),
            "may": may,
            "opened": opened,
            "signed_in": signed_in,
            "mine": signed_in and opened and supports(found, user.email),
            "form": form or SupportForm(),
            "contact": getattr(found, "contact", None) if may["reach"] else None,
            "contact_shown": reached,
            "project": MicroProject.objects.visible_to(actor).filter(proposition=found).first(),
            "thread": thread_of(actor, PROPOSITION, found.pk, seen=True),
            "events": events_of(actor, PROPOSITION, found.pk, seen=True),
            "crumbs": trail((found.title, "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Say what one would like to see done: without an account, or for somebody at a desk."""
    actor = actor_of(request)
    form = ProposeForm(request.POST or None, initial={"quartier": request.GET.get("quartier", "")})
    form_id = request.POST.get("form_id", "") or sending.new_form_id()
    if request.method == "POST" and form.is_valid():
        try:
            pk = sending.once(form_id, lambda: _propose(request, form))
        except sending.AlreadyOld:
            form.add_error(None, OLD_FORM)
            form_id = sending.new_form_id()
        except ValidationError as refused:
            form.add_error(None, refused)
        except Forbidden as refused:
            form.add_error(None, str(refused))
        else:
            made = Proposition.objects.filter(pk=pk).first()
            if made is not None:
                token = author_token(made)
                return redirect(reverse("councils:my_proposition", args=[token]) + "?nouveau=1")
            form.add_error(None, BUSY)
    return render(
        request,
        "councils/proposition_new.html",
        {
            "form": form,
            "form_id": form_id,
            "partner": actor.is_partner,
            "crumbs": trail(("Proposer une idée", "")),
        },
    )


def _propose(request: HttpRequest, form: ProposeForm) -> int:
    actor, data = actor_of(request), form.cleaned_data
    proof = proofs.proof_of(data["proof"])
    proved = proof is not None or not proofs.wanted()
    times = PROVED_AN_HOUR if proved else UNPROVED_AN_HOUR
    # People at a desk write down what many say; what they do bears their organisation's name.
    if not actor.is_partner and too_often(
        "councils.propose", visitor_key(request), times=times, seconds=AN_HOUR
    ):
        raise ValidationError(TOO_MANY)
    fields = ("quartier", "title", "text", "theme_code", "name", "email", "phone")
    made = acts.propose(actor=actor, proof=proof, **{name: data[name] for name in fields})
    return int(made.pk)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that an author's own link opens: never kept, never indexed."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        found = proposition_from_token(token)
        if found is None:
            raise Http404
        bearer = actor_of(request).bearing(LINK, found.pk)
        rights.fetch(Proposition.objects.all(), bearer, "withdraw", pk=found.pk)
        return unkept(view(request, token, found))

    return wrapped


@require_safe
@by_link
def my_proposition(request: HttpRequest, token: str, found: Proposition) -> HttpResponse:
    """Where one's proposition stands, by its author's own link."""
    project = MicroProject.objects.visible_to(actor_of(request)).filter(proposition=found).first()
    return render(
        request,
        "councils/proposition_mine.html",
        {
            "proposition": found,
            "new": request.GET.get("nouveau") == "1",
            "public": found.state not in HIDDEN,
            "waiting": found.state == PropositionState.TO_REVIEW,
            "contact": getattr(found, "contact", None),
            "project": project,
            "link": request.build_absolute_uri(request.path),
            "withdraw_url": reverse("councils:withdraw_proposition", args=[token]),
        },
    )


@require_POST
@by_link
def withdraw_proposition(request: HttpRequest, token: str, found: Proposition) -> HttpResponse:
    """Its author takes it back; how to reach them is erased at once."""
    acts.withdraw_proposition(found, actor=actor_of(request))
    messages.success(request, "C’est fait : ce qui permettait de vous joindre est effacé.")
    return redirect("councils:my_proposition", token)
