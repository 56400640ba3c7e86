"""What a small project spent, line by line, and its vouchers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parvis.councils import micro_acts as acts
from parvis.councils import micro_money as money
from parvis.councils.micro_forms import ExpenseForm
from parvis.councils.micro_views import fetch_project, may_of, trail
from parvis.councils.models import MicroExpense, MicroProject
from parvis.councils.workflow import MicroState
from parvis.documents.files import file_response
from parvis.partners.actors import actor_of


@require_safe
def micro_expenses(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines, their sum and what is left."""
    return _page(request, fetch_project(request, pk, "check"))


def _page(
    request: HttpRequest, found: MicroProject, form: ExpenseForm | None = None
) -> HttpResponse:
    edits = may_of(actor_of(request), found)["edit"] and found.state == MicroState.GRANTED
    spent = money.spent_of(found)
    return render(
        request,
        "councils/micro_expenses.html",
        {
            "project": found,
            "rows": list(found.expenses.order_by("spent_on", "pk")),
            "spent": spent,
            "left": (found.granted or money.NOTHING) - spent,
            "form": (form or ExpenseForm()) if edits else None,
            "crumbs": trail(found, ("Dépenses", "")),
        },
    )


@require_POST
def add_micro_expense(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one more down."""
    found = fetch_project(request, pk, "edit")
    form = ExpenseForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            acts.add_expense(found, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Dépense notée.")
            return redirect("councils:micro_expenses", pk)
    return _page(request, found, form)


@require_POST
def remove_micro_expense(request: HttpRequest, pk: int, expense: int) -> HttpResponse:
    """Take one back."""
    found = _expense(fetch_project(request, pk, "edit"), expense)
    try:
        acts.remove_expense(found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Dépense retirée.")
    return redirect("councils:micro_expenses", pk)


@require_safe
def micro_voucher(request: HttpRequest, pk: int, expense: int) -> HttpResponseBase:
    """The file that proves one, for the body and for who pays."""
    found = _expense(fetch_project(request, pk, "check"), expense)
    if not found.voucher:
        raise Http404
    return file_response(found.voucher, f"Justificatif {found.label}")


def _expense(project: MicroProject, pk: int) -> MicroExpense:
    found = MicroExpense.objects.filter(project=project, pk=pk).first()
    if found is None:
        raise Http404
    return found
