"""On the spot: the lines to look at, one check in one hand, and what follows a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.tfpb import field_check_acts as acts
from parvis.tfpb.bilan_models import FieldCheck, LineReview, Spending, Voucher
from parvis.tfpb.bilan_reading import bilan_open_to
from parvis.tfpb.effect import pictures_of, reports_chart
from parvis.tfpb.lines_on_foot import PUBLIC_LATER
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.spending_reading import numbered
from parvis.tfpb.spending_views import both, crumbs, fetch_line, fetch_programme, refuse
from parvis.tfpb.sums import Sums, sums_by
from parvis.tfpb.tabs import tabs_of
from parvis.tfpb.voucher_acts import CONTROLLED, settled
from parvis.tfpb.voucher_forms import AskForm

SHOWN = 40  # checks and vouchers of a line: the newest


class CheckForm(forms.Form):
    """What was seen; the two buttons say whether it was."""

    note = forms.CharField(
        label="Ce que vous voyez",
        max_length=500,
        required=False,
        help_text=PUBLIC_LATER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = forms.FileField(
        label="Photo",
        required=False,
        help_text="Sans personne dessus. Le lieu et la date cachés dans la photo sont retirés.",
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


def _open(programme: Programme) -> bool:
    """Whether something may be checked on the spot: begun, and not published yet."""
    return programme.state in CONTROLLED and programme.published_at is None


@require_safe
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a programme, with what was last seen of each on the spot."""
    actor, found = actor_of(request), fetch_programme(request, pk, "track")
    seen = FieldCheck.objects.visible_to(actor).select_related("organisation")
    lines = found.lines.order_by("pk").prefetch_related(
        Prefetch("field_checks", seen.order_by("-on", "-pk"))
    )
    rows = [
        {"number": number, "line": line, "checks": list(line.field_checks.all())}
        for number, line in numbered(lines)
    ]
    may = Line.objects.allowed(actor, "check").filter(programme=found).exists()
    return render(
        request,
        "tfpb/field_checks.html",
        {
            "programme": found,
            "tabs": tabs_of(actor, found, "tfpb:checks"),
            "rows": [row for row in rows if not row["checks"]] + [r for r in rows if r["checks"]],
            "seen": sum(bool(row["checks"]) for row in rows),
            "may_check": may and _open(found),
            "crumbs": crumbs(found, ("Sur place", "")),
        },
    )


@both
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Seen, or not seen: two large buttons under the thumb."""
    found = fetch_line(request, pk, "check")
    asked = request.method == "POST"
    form = CheckForm(request.POST, request.FILES) if asked else CheckForm()
    there = reverse("tfpb:checks", args=[found.programme_id])
    if form.is_valid():
        if request.POST.get("seen") not in ("yes", "no"):
            form.add_error(None, "Dites si vous l’avez vu ou non.")
        else:
            try:
                acts.check_line(
                    found,
                    actor=actor_of(request),
                    seen=request.POST["seen"] == "yes",
                    note=form.cleaned_data["note"],
                    upload=form.cleaned_data["file"],
                )
            except ValidationError as refused:
                refuse(form, refused)
            else:
                messages.success(request, "Constat enregistré.")
                return redirect(there)
    return render(
        request,
        "tfpb/field_check.html",
        {
            "line": found,
            "form": form,
            "residences": list(found.residences.values_list("name", flat=True)),
            "back": there,
            "crumbs": crumbs(found.programme, ("Sur place", there), (found.title, "")),
        },
    )


@require_safe
def check_picture(request: HttpRequest, pk: int) -> FileResponse:
    """The picture of a check, under the rights of the check."""
    found: FieldCheck = rights.fetch(FieldCheck.objects.all(), actor_of(request), pk=pk)
    if not found.file:
        raise Http404
    response = FileResponse(found.file.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def line_followup(request: HttpRequest, pk: int) -> HttpResponse:
    """What follows a line: money, what was seen on the spot, vouchers, what it changed."""
    return followup_page(request, fetch_line(request, pk, "follow"))


def followup_page(request: HttpRequest, found: Line, ask: AskForm | None = None) -> HttpResponse:
    """That page, with the form for a voucher as it was filled."""
    actor = actor_of(request)
    programme = found.programme
    mine = Line.objects.filter(pk=found.pk)
    begun = programme.state in CONTROLLED
    may = {
        right: Line.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in ("check", "judge")
    }
    vouchers = Voucher.objects.visible_to(actor).filter(line=found).select_related("asked_by")
    seen = FieldCheck.objects.visible_to(actor).filter(line=found).select_related("organisation")
    give = Voucher.objects.allowed(actor, "give").filter(line=found)
    if settled(programme):
        give = give.filter(given_at=None)
    told = bilan_open_to(actor, Programme.objects.order_by())
    reviews = LineReview.objects.filter(line__programme__in=told.values("pk"))
    context: dict[str, Any] = {
        "line": found,
        "programme": programme,
        "tabs": tabs_of(actor, found, "tfpb:line_followup"),
        "sums": sums_by(mine).get((), Sums()),
        "entries": list(Spending.objects.filter(line=found).order_by("-ends_on", "-pk")[:SHOWN]),
        "review": reviews.filter(line=found).first(),
        "checks": list(seen.order_by("-on", "-pk")[:SHOWN]),
        "vouchers": list(vouchers.order_by("-asked_at", "-pk")[:SHOWN]),
        "may_give": set(give.values_list("pk", flat=True)),
        "may_check": may["check"] and _open(programme),
        "may_ask": may["judge"] and begun,
        "ask_form": ask or AskForm(),
        "pictures": pictures_of(actor, [found]).get(found.pk, []),
        "chart": reports_chart(actor, programme, [found.axis]),
        "crumbs": crumbs(programme, (found.title, "")),
    }
    return render(request, "tfpb/line_followup.html", context)
