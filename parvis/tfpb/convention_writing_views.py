"""Forms of a convention of abatement: writing it, answering, declaring, filing, warning."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation, Signature
from parvis.tfpb import convention_access as access
from parvis.tfpb import convention_acts as acts
from parvis.tfpb import convention_answers as answers
from parvis.tfpb.convention_forms import (
    AnswerForm,
    AvenantForm,
    CautionForm,
    ConventionForm,
    CorrectionForm,
    DeclarationForm,
    LiftingForm,
    PaperForm,
    initial_of,
)
from parvis.tfpb.convention_models import Caution, Convention
from parvis.tfpb.convention_views import crumbs, may_open

ROWS = Convention.objects.select_related("agreement", "landlord")
# A day of an answer stands in one field, whatever the answer.
OF_ANSWER = {"signed_on": "on", "refused_on": "on"}
both = require_http_methods(["GET", "HEAD", "POST"])


@both
def new(request: HttpRequest) -> HttpResponse:
    """Write a new convention."""
    actor = actor_of(request)
    if not may_open(actor):
        raise PermissionDenied
    form = ConventionForm(request.POST or None, actor=actor)

    def act() -> str:
        epci = Organisation.objects.get(pk=actor.organisation_id or 0)
        made = acts.open_convention(actor=actor, epci=epci, **form.facts)
        return page_of(made)

    return write(
        request,
        form,
        act,
        heading="Nouvelle convention d’abattement",
        intro="Elle lie un bailleur, les communes, l’agglomération et l’État. Chaque partie dira "
        "elle-même quand elle délibère et signe.",
        done="Convention enregistrée. Chaque partie peut maintenant répondre.",
        back=reverse("tfpb:conventions"),
    )


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a convention."""
    actor, found = actor_of(request), fetch(request, pk, "edit")
    frozen = found.agreement.signatures.filter(signed_on__isnull=False).exists()
    form = CorrectionForm(
        request.POST or None, actor=actor, frozen=frozen, initial=initial_of(found)
    )
    return write(
        request,
        form,
        lambda: page_of(acts.write_convention(found, actor=actor, **form.facts)),
        heading="Modifier la convention",
        intro="Une partie a déjà signé : le texte, les lieux et les règles ne changent plus. "
        "Pour les changer, préparez un avenant."
        if frozen
        else "",
        done="Convention modifiée.",
        about=found,
    )


@both
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare an avenant."""
    actor, found = actor_of(request), fetch(request, pk, "edit")
    title = f"Avenant – {found.agreement.title}"[:200]
    initial = {**initial_of(found), "title": title}
    form = AvenantForm(request.POST or None, actor=actor, initial=initial)
    return write(
        request,
        form,
        lambda: page_of(acts.amend_convention(found, actor=actor, **form.facts)),
        heading="Préparer un avenant",
        intro="L’avenant a ses propres signatures. La convention reste lisible telle qu’elle a été "
        "signée.",
        done="Avenant enregistré. Chaque partie peut maintenant répondre.",
        about=found,
    )


@both
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a party answers: one's own, or, for the coordination, the one of `?partie=`."""
    actor, found = actor_of(request), fetch(request, pk, "sign")
    signature = _party(request, found)
    form = AnswerForm(request.POST or None, signature=signature)

    def act() -> str:
        answers.answer_for(signature, found, actor=actor, **form.given)
        return page_of(found)

    return write(
        request,
        form,
        act,
        heading=f"Réponse : {signature.organisation.name}",
        intro="Pour corriger une réponse, changez-la ici.",
        done="Réponse enregistrée.",
        about=found,
    )


@both
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the declaration to the tax office."""
    actor, found = actor_of(request), fetch(request, pk, "declare")
    form = DeclarationForm(
        request.POST or None, request.FILES or None, initial={"declared_on": found.declared_on}
    )
    return write(
        request,
        form,
        lambda: page_of(answers.declare_convention(found, actor=actor, **form.cleaned_data)),
        heading="Noter la déclaration aux impôts",
        intro="Le bailleur déclare les logements au service des impôts, avec la convention et le "
        "contrat de ville signés.",
        done="Déclaration notée.",
        about=found,
    )


@both
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a document with the convention."""
    actor, found = actor_of(request), fetch(request, pk, "file")
    form = PaperForm(request.POST or None, request.FILES or None)

    def act() -> str:
        answers.file_paper(found, actor=actor, **form.cleaned_data)
        return page_of(found)

    return write(
        request,
        form,
        act,
        heading="Déposer un document",
        intro="Les parties de la convention le liront. Le public ne le voit pas.",
        done="Document déposé.",
        about=found,
    )


@both
def caution(request: HttpRequest, pk: int) -> HttpResponse:
    """Warn the landlord, or suspend its abatement."""
    actor, found = actor_of(request), fetch(request, pk, "caution")
    form = CautionForm(
        request.POST or None,
        request.FILES or None,
        actor=actor,
        convention=found,
        initial={"said_on": timezone.localdate(), "kind": Caution.Kind.WARNING},
    )

    def act() -> str:
        answers.say_caution(found, actor=actor, **form.cleaned_data)
        return page_of(found)

    return write(
        request,
        form,
        act,
        heading="Mettre en garde ou suspendre",
        intro="Les parties de la convention le liront, avec le motif.",
        done="C’est noté : les parties le voient.",
        about=found,
    )


@both
def lift(request: HttpRequest, pk: int, caution: int) -> HttpResponse:
    """Say that a mise en garde or a suspension no longer holds."""
    actor, found = actor_of(request), fetch(request, pk, "caution")
    said = get_object_or_404(Caution, pk=caution, convention=found)
    form = LiftingForm(request.POST or None)

    def act() -> str:
        answers.lift_caution(said, actor=actor, **form.cleaned_data)
        return page_of(found)

    return write(
        request,
        form,
        act,
        heading=f"Lever la {said.get_kind_display()}",
        intro=said.reason,
        done="C’est levé.",
        about=found,
    )


def fetch(request: HttpRequest, pk: int, right: str) -> Convention:
    """The convention, with that right on it."""
    found: Convention = rights.fetch(ROWS.all(), actor_of(request), right, pk=pk)
    return found


def page_of(convention: Convention) -> str:
    """The address of its page."""
    return reverse("tfpb:convention", args=[convention.pk])


def write(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], str],
    *,
    heading: str,
    done: str,
    intro: str = "",
    back: str = "",
    about: Convention | None = None,
) -> HttpResponse:
    """Show a form, or act on what it says and go on; what was typed stays when it is refused."""
    if request.method == "POST" and form.is_valid():
        try:
            there = act()
        except ValidationError as refused:
            _tell(form, refused)
        else:
            messages.success(request, done)
            return redirect(there)
    trail = [(about.agreement.title, page_of(about))] if about else []
    context = {
        "form": form,
        "heading": heading,
        "intro": intro,
        "back": back or (page_of(about) if about else ""),
        "about": about,
        "crumbs": crumbs(*trail, (heading, "")),
    }
    return render(request, "tfpb/convention_form.html", context)


def _tell(form: forms.Form, refused: ValidationError) -> None:
    """Each fault beside its field, or at the top when the form has no such field."""
    by_field = getattr(refused, "error_dict", None) or {None: refused.error_list}
    for name, faults in by_field.items():
        name = OF_ANSWER.get(name, name)
        form.add_error(name if name in form.fields else None, ValidationError(faults))


def _party(request: HttpRequest, found: Convention) -> Signature:
    """The signature to answer for: the one that was chosen, or the actor's own."""
    actor = actor_of(request)
    rows = Signature.objects.filter(agreement=found.agreement_id).select_related("organisation")
    own = rows.filter(access.answered_by(actor)).order_by("pk").first()
    wanted = request.GET.get("partie", "")
    named = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
    chosen = rows.filter(pk=int(wanted)).first() if named else own
    if chosen is None:
        # The coordination may come without a choice, and its agglomération be no party.
        chosen = rows.order_by("pk").first()
    if chosen is None or chosen == own:
        return _or_refuse(chosen)
    mine = rows.filter(access.answered_by(actor), pk=chosen.pk).exists()
    if not mine and not Convention.objects.allowed(actor, "edit").filter(pk=found.pk).exists():
        raise PermissionDenied
    return chosen


def _or_refuse(signature: Signature | None) -> Signature:
    if signature is None:
        raise PermissionDenied
    return signature
