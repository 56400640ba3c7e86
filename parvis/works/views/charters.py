"""The charter of a worksite: its file for everybody, its checks for those who follow it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.works.acts import charters as acts
from parvis.works.models import CharterPledge, Worksite
from parvis.works.site_forms import CharterCheckForm, CharterForm, CharterPledgeForm, SignerForm
from parvis.works.views.site_writing import both, page_of, refuse, to_write, write
from parvis.works.views.sites import PLEDGE_TONES, ROWS, chapters, crumbs

PLEDGES_SHOWN = 200


@require_safe
def charter(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signed, what was pledged, and how each commitment is kept."""
    found: Worksite = rights.fetch(ROWS.all(), actor_of(request), "follow", pk=pk)
    return _charter_page(request, found)


def _charter_page(
    request: HttpRequest,
    found: Worksite,
    signer: SignerForm | None = None,
    pledged: CharterPledgeForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    may = {
        action: Worksite.objects.allowed(actor, action).filter(pk=found.pk).exists()
        for action in ("edit", "check")
    }
    pledges = list(found.pledges.all()[:PLEDGES_SHOWN])
    for one in pledges:
        one.tone = PLEDGE_TONES[one.state]  # type: ignore[attr-defined]
    return render(
        request,
        "works/site_charter.html",
        {
            "worksite": found,
            "may": may,
            "signers": list(found.signers.all()),
            "chapters": chapters(pledges),
            "counts": [
                (label, PLEDGE_TONES[code], number)
                for code, label in CharterPledge.State.choices
                if (number := len([one for one in pledges if one.state == code]))
            ],
            "signer_form": signer or SignerForm(auto_id="signataire_%s"),
            "pledge_form": pledged or CharterPledgeForm(auto_id="engagement_%s"),
            "crumbs": crumbs((found.title, page_of(found)), ("Charte", "")),
        },
    )


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, its date, its file."""
    actor, found = actor_of(request), to_write(request, pk)
    initial = {"title": found.charter_title, "signed_on": found.charter_signed_on}
    form = CharterForm(request.POST or None, request.FILES or None, initial=initial)

    def act(version: int) -> Any:
        return acts.write_charter(found, actor=actor, version=version, **form.cleaned_data)

    return write(
        request,
        found,
        form,
        act,
        heading="Charte de chantier",
        done="Charte enregistrée.",
        back=reverse("works:charter", args=[pk]),
    )


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The charter's file, for whoever sees the worksite."""
    found: Worksite = rights.fetch(ROWS.all(), actor_of(request), pk=pk)
    if not found.charter_file:
        raise Http404
    return file_response(found.charter_file, found.charter_title or found.title)


@require_POST
def add_signer(request: HttpRequest, pk: int) -> HttpResponse:
    """A firm signed."""
    found = to_write(request, pk)
    form = SignerForm(request.POST, auto_id="signataire_%s")
    if form.is_valid():
        try:
            acts.add_signer(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Signataire ajouté.")
            return redirect("works:charter", pk)
    return _charter_page(request, found, signer=form)


@require_POST
def drop_signer(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """It was written there by mistake."""
    found = to_write(request, pk)
    gone = get_object_or_404(found.signers, pk=part)
    acts.drop_signer(found, actor=actor_of(request), signer=gone)
    messages.success(request, "Signataire retiré.")
    return redirect("works:charter", pk)


@require_POST
def add_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The charter commits to one more thing."""
    found = to_write(request, pk)
    form = CharterPledgeForm(request.POST, auto_id="engagement_%s")
    if form.is_valid():
        try:
            acts.make_pledge(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Engagement ajouté.")
            return redirect("works:charter", pk)
    return _charter_page(request, found, pledged=form)


def _pledge_of(found: Worksite, part: int) -> CharterPledge:
    return get_object_or_404(found.pledges, pk=part)


@require_safe
def pledge(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """One commitment and all its checks."""
    actor = actor_of(request)
    found: Worksite = rights.fetch(ROWS.all(), actor, "follow", pk=pk)
    one = _pledge_of(found, part)
    form = CharterCheckForm(initial={"checked_on": timezone.localdate()})
    return _pledge_page(request, found, one, form)


def _pledge_page(
    request: HttpRequest, found: Worksite, one: CharterPledge, form: CharterCheckForm
) -> HttpResponse:
    actor = actor_of(request)
    checks = list(one.checks.select_related("by"))
    for row in checks:
        row.tone = PLEDGE_TONES[row.result]  # type: ignore[attr-defined]
    may_check = Worksite.objects.allowed(actor, "check").filter(pk=found.pk).exists()
    context = {
        "worksite": found,
        "pledge": one,
        "tone": PLEDGE_TONES[one.state],
        "checks": checks,
        "form": form if may_check else None,
        "crumbs": crumbs(
            (found.title, page_of(found)),
            ("Charte", reverse("works:charter", args=[found.pk])),
            (f"Engagement {one.number}", ""),
        ),
    }
    return render(request, "works/site_pledge.html", context)


@require_POST
def check(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Say how a commitment was found, and on what evidence."""
    actor = actor_of(request)
    found: Worksite = rights.fetch(ROWS.all(), actor, "check", pk=pk)
    one = _pledge_of(found, part)
    form = CharterCheckForm(request.POST)
    if form.is_valid():
        try:
            acts.check_pledge(one, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Vérification enregistrée.")
            return redirect("works:charter_pledge", pk, part)
    return _pledge_page(request, found, one, form)
