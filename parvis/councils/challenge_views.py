"""The interpellation of the préfet: its list, a case, writing, adopting and sending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import challenge_acts as acts
from parvis.councils import challenge_reading as reading
from parvis.councils.answers import crumbs, fetch_body, page_of
from parvis.councils.body_models import Body
from parvis.councils.challenge_events import CHALLENGE
from parvis.councils.challenge_forms import AdoptForm, ChallengeForm, SendForm
from parvis.councils.challenge_papers import challenge_paper
from parvis.councils.challenge_rules import rules
from parvis.councils.frame_models import Challenge
from parvis.councils.frame_write_views import tell
from parvis.councils.tabs import tabs_of
from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import thread_of

both = require_http_methods(["GET", "HEAD", "POST"])
LABEL = "Interpellations du préfet"
BY_PAGE = 30
RIGHTS = ("write", "send", "follow", "extend", "answer")


def fetch_challenge(request: HttpRequest, pk: int, action: str = "see") -> Challenge:
    """The case, with the right to do that on it."""
    rows = reading.CHALLENGES.select_related("body__coordinator", "body__agreement")
    found: Challenge = rights.fetch(rows, actor_of(request), action, pk=pk)
    return found


def trail(challenge: Challenge | None, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page below a case."""
    top = (LABEL, reverse("councils:challenges") if challenge or pairs else "")
    if challenge is None:
        return crumbs(None, top, *pairs)
    here = reverse("councils:challenge", args=[challenge.pk]) if pairs else ""
    return crumbs(None, top, (challenge.title, here), *pairs)


@require_safe
def challenges(request: HttpRequest) -> HttpResponse:
    """The cases that one may see: everybody's are those that bodies published."""
    return _list(request, None)


@require_safe
def body_challenges(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of one body."""
    return _list(request, fetch_body(request, pk))


def _list(request: HttpRequest, body: Body | None) -> HttpResponse:
    actor, page = actor_of(request), page_of(request)
    first = (page - 1) * BY_PAGE
    rows = reading.listed(actor)
    if body is not None:
        rows = rows.filter(body=body)
    some = list(rows[first : first + BY_PAGE + 1])
    mine = Body.objects.allowed(actor, "enter").filter(**({"pk": body.pk} if body else {})).first()
    return render(
        request,
        "councils/challenge_list.html",
        {
            "body": body,
            "rows": [
                {"one": one, "state": reading.STATES[reading.state_of(one)]}
                for one in some[:BY_PAGE]
            ],
            "mine": mine,
            "tabs": tabs_of(actor, body, "councils:body_challenges") if body else [],
            "next_url": f"?page={page + 1}" if len(some) > BY_PAGE else "",
            "first_url": "?" if first else "",
            "crumbs": crumbs(body, (LABEL, "")) if body else trail(None),
        },
    )


@require_safe
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the text, its steps in order, the answer."""
    actor, found = actor_of(request), fetch_challenge(request, pk)
    may = {
        right: Challenge.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in RIGHTS
    }
    lines = reading.steps_of(found, actor)
    rule = rules().get(found.rule)
    return render(
        request,
        "councils/challenge.html",
        {
            "challenge": found,
            "state": reading.STATES[reading.state_of(found)],
            "rule": rule,
            "other_form": rule is not None and found.body.form not in rule.forms,
            "lines": lines,
            "late": sum(one["late"] for one in lines),
            "may": may,
            "steps": thread_of(actor, CHALLENGE, found.pk) if found.sent_at else [],
            "crumbs": trail(found),
        },
    )


@require_safe
def challenge_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The case file on paper, for who sees it."""
    found = fetch_challenge(request, pk)
    return challenge_paper(found, reading.steps_of(found, actor_of(request)))


@require_safe
def challenge_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that goes with it."""
    found = fetch_challenge(request, pk)
    if not found.file:
        raise Http404
    return file_response(found.file, f"Interpellation, {found.title}")


def form_page(
    request: HttpRequest,
    form: Any,
    heading: str,
    action: str,
    *,
    back: str,
    trail: list[dict[str, str]],
    **more: Any,
) -> HttpResponse:
    """A page that asks something about a case."""
    given = {"form": form, "heading": heading, "action": action, "back": back, "crumbs": trail}
    return render(request, "councils/frame_form.html", {**given, **more})


@both
def new_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a case in one's own body."""
    body = fetch_body(request, pk, "enter")
    back = reverse("councils:body_challenges", args=[pk])
    heading = "Interpeller le préfet"
    return _write(request, body, None, heading, back, crumbs(body, (LABEL, back), (heading, "")))


@both
def edit_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """Change it until it is adopted."""
    found = fetch_challenge(request, pk, "write")
    back = reverse("councils:challenge", args=[pk])
    heading = "Modifier le texte"
    return _write(request, found.body, found, heading, back, trail(found, (heading, "")))


def _write(
    request: HttpRequest,
    body: Body,
    found: Challenge | None,
    heading: str,
    back: str,
    path: list[dict[str, str]],
) -> HttpResponse:
    initial = {"title": found.title, "text": found.text} if found else {}
    form = ChallengeForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        has_file=bool(found and found.file),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        drop = given.pop("drop_file", False)
        # None leaves the file as it stands, False takes it away.
        given["file"] = given["file"] or (False if drop else None)
        try:
            made = acts.write_challenge(body, found, **given)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "C’est enregistré. Votre instance seule peut le lire.")
            return redirect("councils:challenge", made.pk)
    return form_page(
        request,
        form,
        heading,
        "Enregistrer",
        back=back,
        trail=path,
        lead="Les membres de votre instance peuvent lire et changer ce texte. Personne d’autre ne "
        "le voit, ni son titre, tant qu’il n’est pas envoyé.",
    )


@both
def adopt_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the day on which the body adopted it."""
    found = fetch_challenge(request, pk, "send")
    form = AdoptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.adopt_challenge(found, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Le texte est adopté : vous pouvez l’envoyer.")
            return redirect("councils:challenge", pk)
    heading = "Noter l’adoption"
    return form_page(
        request,
        form,
        heading,
        "Enregistrer",
        back=reverse("councils:challenge", args=[pk]),
        trail=trail(found, (heading, "")),
        lead="Le jour où votre instance a adopté ce texte. Il reste privé jusqu’à son envoi.",
    )


@require_POST
def reopen_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the debate."""
    found = fetch_challenge(request, pk, "send")
    try:
        acts.reopen_challenge(found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Le texte revient au débat : il peut être changé.")
    return redirect("councils:challenge", pk)


@both
def send_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it to the State's service."""
    found = fetch_challenge(request, pk, "send")
    form = SendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.send_challenge(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "C’est envoyé : le service de l’État est prévenu.")
            return redirect("councils:challenge", pk)
    heading = "Envoyer au préfet"
    return form_page(
        request,
        form,
        heading,
        "Envoyer",
        back=reverse("councils:challenge", args=[pk]),
        trail=trail(found, (heading, "")),
        lead="Le service de l’État reçoit votre texte. Les communes, l’agglomération et les "
        "signataires du contrat de ville, à qui la loi veut qu’il soit transmis, pourront le lire. "
        "Il ne changera plus.",
        warning="" if found.adopted_on else "L’instance doit d’abord adopter ce texte.",
    )


@require_POST
def publish_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everybody read it, or take it back."""
    found = fetch_challenge(request, pk, "send")
    shown = request.POST.get("montrer") == "oui"
    try:
        acts.show_challenge(found, actor=actor_of(request), shown=shown)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        done = "Tout le monde peut maintenant la lire." if shown else "Elle n’est plus publique."
        messages.success(request, done)
    return redirect("councils:challenge", pk)
