"""Vouchers: a party asks on the page of a line, the landlord gives, both read."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.tfpb import voucher_acts as acts
from parvis.tfpb.bilan_models import Voucher
from parvis.tfpb.field_check_views import followup_page
from parvis.tfpb.spending_views import both, crumbs, fetch_line, form_page, refuse
from parvis.tfpb.voucher_forms import AskForm, GiveForm

VOUCHERS = Voucher.objects.select_related(
    "asked_by", "line__programme__landlord", "line__programme__commune", "line__programme__quartier"
)


@require_POST
def ask_voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a proof of what was spent on a line."""
    found = fetch_line(request, pk, "judge")
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            acts.ask_voucher(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Demande transmise au bailleur.")
            return redirect("tfpb:line_followup", pk)
    return followup_page(request, found, ask=form)


@both
def give_voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """Give what was asked for."""
    found: Voucher = rights.fetch(VOUCHERS.all(), actor_of(request), "give", pk=pk)
    back = reverse("tfpb:line_followup", args=[found.line_id])
    form = GiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.give_voucher(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Justificatif donné.")
            return redirect(back)
    return form_page(
        request,
        found.line.programme,
        form,
        heading="Donner un justificatif",
        lead=f"{found.asked_by} demande : {found.note}",
        action="Donner ce fichier",
        back=back,
        multipart=True,
        crumbs=crumbs(
            found.line.programme, (found.line.title, back), ("Donner un justificatif", "")
        ),
    )


@require_safe
def voucher(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for the landlord and the parties."""
    found: Voucher = rights.fetch(VOUCHERS.all(), actor_of(request), pk=pk)
    if not found.file:
        raise Http404
    return file_response(found.file, found.title)
