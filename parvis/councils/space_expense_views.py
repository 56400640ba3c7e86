"""Expenses: claimed by a member, decided and paid by the payer, who reads a number, not a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import sorting
from parvis.councils import space_expense_acts as acts
from parvis.councils.answers import crumbs, number_in
from parvis.councils.models import Expense, Member
from parvis.councils.space_expense_forms import ExpenseForm, PaidForm, RefusalForm
from parvis.councils.space_expense_sums import sums_by_state
from parvis.councils.space_reading import cut
from parvis.councils.space_views import fetch_member, space_crumbs, space_url
from parvis.councils.workflow import ExpenseState
from parvis.documents.files import ending_of, file_response
from parvis.documents.tables import ods_response, xlsx_response
from parvis.partners import rights
from parvis.partners.actors import actor_of

both = require_http_methods(["GET", "HEAD", "POST"])
ENDINGS = {"xlsx": xlsx_response, "ods": ods_response}
HEADER = ("Date", "Nature", "Pour quoi", "Montant", "Membre", "Instance", "État", "Remboursé le")
EXPENSES = Expense.objects.select_related(
    "member__body__organisation",
    "member__body__coordinator",
    "member__contact",
    "payer",
    "presence__sitting__instance",
    "presence__sitting__gathering",
)
TONES = {
    ExpenseState.CLAIMED: "soon",
    ExpenseState.AGREED: "mine",
    ExpenseState.REFUSED: "plain",
    ExpenseState.PAID: "done",
}
AT_ONCE = 500  # claims in one batch


def _may(request: HttpRequest, expense: Expense, action: str) -> bool:
    rows = Expense.objects.allowed(actor_of(request), action)
    return bool(rows.filter(pk=expense.pk).exists())


def _knows(request: HttpRequest, member: Member) -> bool:
    rows = Member.objects.allowed(actor_of(request), "know")
    return bool(rows.filter(pk=member.pk).exists())


def _line(expense: Expense) -> dict[str, Any]:
    return {
        "expense": expense,
        "kind": sorting.label_of("expense", expense.kind),
        "tone": TONES[ExpenseState(expense.state)],
        # The payer pays a member of a body, whose name it reads only if they show it.
        "who": expense.member.public_name,
        "body": expense.member.body.organisation.name,
    }


@both
def new_expense(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim what a member spent."""
    member = fetch_member(request, pk)
    initial = {"spent_on": timezone.localdate(), "presence": request.GET.get("seance")}
    form = ExpenseForm(request.POST or None, request.FILES or None, member=member, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.claim_expense(member, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Demande enregistrée. Vous lirez ici la réponse.")
            return redirect(space_url(request, member))
    return _form(request, member, form, "Demander un remboursement", "Envoyer la demande")


@both
def edit_expense(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a claim that nobody decided."""
    found = rights.fetch(EXPENSES, actor_of(request), "edit", pk=pk)
    names = ("kind", "label", "amount", "spent_on", "presence", "payer")
    initial = {name: getattr(found, name) for name in names}
    form = ExpenseForm(
        request.POST or None, request.FILES or None, member=found.member, initial=initial
    )
    if found.voucher:
        kept = "Un nouveau fichier remplace celui que vous avez donné : PDF, JPEG ou PNG."
        form.fields["voucher"].help_text = kept
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_expense(found, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Demande modifiée.")
            return redirect("councils:expense", found.pk)
    return _form(request, found.member, form, "Modifier la demande", "Enregistrer", found)


def _form(
    request: HttpRequest,
    member: Member,
    form: Any,
    heading: str,
    action: str,
    expense: Expense | None = None,
) -> HttpResponse:
    back = reverse("councils:expense", args=[expense.pk]) if expense else space_url(request, member)
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": back,
        "files": True,
        "crumbs": space_crumbs(request, member, (heading, "")),
    }
    return render(request, "councils/space_form.html", context)


@require_safe
def expense(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: what it is, and what becomes of it."""
    found = rights.fetch(EXPENSES, actor_of(request), pk=pk)
    return _page(request, found, RefusalForm())


def _page(request: HttpRequest, found: Expense, refusal: RefusalForm) -> HttpResponse:
    mine, decides = _may(request, found, "edit"), _may(request, found, "decide")
    waits = found.state == ExpenseState.CLAIMED
    trail = (
        space_crumbs(request, found.member, ("Frais", ""))
        if mine
        else crumbs(
            None, ("Frais à rembourser", reverse("councils:expenses_to_pay")), ("Frais", "")
        )
    )
    knows = _knows(request, found.member)
    return render(
        request,
        "councils/space_expense.html",
        {
            **_line(found),
            "name": found.member.name if knows else found.member.public_name,
            "editing": mine and waits,
            "deciding": decides and found.state in (ExpenseState.CLAIMED, ExpenseState.AGREED),
            "waits": waits,
            "refusal": refusal,
            "crumbs": trail,
        },
    )


@require_POST
def withdraw_expense(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim back."""
    found = rights.fetch(EXPENSES, actor_of(request), "edit", pk=pk)
    try:
        acts.withdraw_expense(found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Demande retirée.")
    return redirect(space_url(request, found.member))


@require_POST
def decide_expense(request: HttpRequest, pk: int) -> HttpResponse:
    """The payer agrees, or refuses and says why."""
    found = rights.fetch(EXPENSES, actor_of(request), "decide", pk=pk)
    agreed = request.POST.get("decision") == "agree"
    form = RefusalForm(request.POST)
    if not agreed and not form.is_valid():
        return _page(request, found, form)
    try:
        reason = "" if agreed else form.cleaned_data["reason"]
        acts.decide_expense(found, actor=actor_of(request), agreed=agreed, reason=reason)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Frais accordés." if agreed else "Frais refusés, avec le motif.")
    return redirect("councils:expense", found.pk)


@require_safe
def voucher(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The voucher of a claim, for its payer, the member and who animates the body."""
    found = rights.fetch(EXPENSES, actor_of(request), pk=pk)
    if not found.voucher or ending_of(found.voucher.name) not in ("pdf", "jpg"):
        raise Http404
    return file_response(found.voucher, f"justificatif-{found.pk}")


@require_safe
def expenses(request: HttpRequest) -> HttpResponse:
    """What I claimed; for who animates a body, what its members claimed."""
    actor = actor_of(request)
    rows = EXPENSES.allowed(actor, "edit")
    some, pager = cut(request, rows.order_by("-spent_on", "-pk"))
    lines = [{**_line(one), "who": one.member.name} for one in some]
    return render(
        request,
        "councils/space_expenses.html",
        {
            "rows": lines,
            "sums": sums_by_state(rows),
            "crumbs": crumbs(None, ("Frais des membres", "")),
            **pager,
        },
    )


def _to_pay(request: HttpRequest) -> tuple[str, Any]:
    """The state that is looked at, and every expense that this actor decides."""
    state = request.GET.get("etat", "")
    state = state if state in ExpenseState.values else ExpenseState.CLAIMED.value
    return state, EXPENSES.allowed(actor_of(request), "decide").order_by("-spent_on", "-pk")


@require_safe
def expenses_to_pay(request: HttpRequest) -> HttpResponse:
    """What my organisation is to pay back, by what became of it, with sums to the cent."""
    return _to_pay_page(request, PaidForm(initial={"paid_on": timezone.localdate()}))


def _to_pay_page(request: HttpRequest, paid: PaidForm) -> HttpResponse:
    state, rows = _to_pay(request)
    some, pager = cut(request, rows.filter(state=state))
    sums = sums_by_state(rows)
    return render(
        request,
        "councils/space_to_pay.html",
        {
            "rows": [_line(one) for one in some],
            "sums": sums,
            "state": state,
            "shown": sums[state],
            "agreeing": state == ExpenseState.CLAIMED,
            "paying": state == ExpenseState.AGREED,
            "paid": paid,
            "crumbs": crumbs(None, ("Frais à rembourser", "")),
            **pager,
        },
    )


@require_POST
def advance_expenses(request: HttpRequest) -> HttpResponse:
    """Agree to several claims, or write that several were paid back."""
    rows = Expense.objects.allowed(actor_of(request), "decide")
    given = request.POST.getlist("expense")[:AT_ONCE]
    ids = [pk for one in given if (pk := number_in(one)) is not None]
    here = reverse("councils:expenses_to_pay")
    if not ids:
        messages.error(request, "Cochez d’abord des frais.")
        return redirect(here)
    if request.POST.get("decision") == "agree":
        done = acts.agree_expenses(rows, ids)
    else:
        form = PaidForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Donnez le jour du remboursement, aujourd’hui au plus tard.")
            return redirect(f"{here}?etat={ExpenseState.AGREED.value}")
        done = acts.pay_expenses(rows, ids, paid_on=form.cleaned_data["paid_on"])
    left = len(set(ids)) - done
    words = f"{done} demande{'s' if done > 1 else ''} traitée{'s' if done > 1 else ''}."
    if left:
        words += f" {left} laissée{'s' if left > 1 else ''} : leur état a changé entre-temps."
    messages.success(request, words)
    return redirect(here)


@require_safe
def expenses_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """What is shown, as a table for a spreadsheet program."""
    if form not in ENDINGS:
        raise Http404
    state, rows = _to_pay(request)
    return ENDINGS[form](f"frais-{state}", HEADER, _cells(rows.filter(state=state)))


def _cells(rows: Any) -> Iterator[list[Any]]:
    for one in rows.iterator(chunk_size=500):
        line = _line(one)
        yield [
            one.spent_on,
            line["kind"],
            one.label,
            one.amount,
            line["who"],
            line["body"],
            one.get_state_display(),
            one.paid_on,
        ]
