"""Projects and their operations: the pages that everybody reads, and writing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.notices.forms import SubscribeForm
from parvis.notices.subscribing import offer
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.places.models import Quartier
from parvis.thread.reading import thread_of
from parvis.thread.register import said_beside
from parvis.ui.words import counted
from parvis.works.acts import projects as acts
from parvis.works.models import Operation, RenewalProject
from parvis.works.project_events import PROJECT, topic_of
from parvis.works.project_forms import (
    AmountRow,
    OperationForm,
    PartnerRow,
    PhaseRow,
    ProjectForm,
    ReasonForm,
    standing,
)
from parvis.works.project_management import edition_of, missing_among
from parvis.works.project_reading import (
    around,
    contradictions_of,
    facts_of,
    meetings_of,
    phase_lines,
    steps_around,
    timetable,
    url_of,
)
from parvis.works.sorting import lines

SHOWN = 100  # of each list, before « tout voir »
SAID = 4  # contradictions, before the fold


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of projects down."""
    trail = [("Projets", reverse("works:projects")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


def project_crumb(project: RenewalProject) -> tuple[str, str]:
    """A project in the trail."""
    return project.title, reverse("works:project", args=[project.pk])


def fetch_project(request: HttpRequest, pk: int, action: str = "see") -> RenewalProject:
    """The project, with the right to do that on it, and `may_edit` and `may_follow`."""
    actor = actor_of(request)
    may = {}
    for name in ("edit", "follow"):
        allowed = RenewalProject.objects.allowed(actor, name).filter(pk=OuterRef("pk"))
        may[f"may_{name}"] = Exists(allowed)
    rows = RenewalProject.objects.select_related("carrier", "agreement").annotate(**may)
    found: RenewalProject = rights.fetch(rows, actor, action, pk=pk)
    return found


def form_page(
    request: HttpRequest,
    form: Any,
    heading: str,
    trail: list[tuple[str, str]],
    **more: Any,
) -> HttpResponse:
    """A form alone on its page; the trail's last entry is where one goes back."""
    context = {
        "form": form,
        "heading": heading,
        "back": trail[-1][1] if trail else reverse("works:projects"),
        "lead": "",
        "action": "Enregistrer",
        "crumbs": crumbs(*trail, (heading, "")),
        **more,
    }
    return render(request, "works/project_form.html", context)


def tell(form: Any, refused: ValidationError) -> None:
    """Words of an act on the form, on the field when the form has it."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, wrong in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, wrong)


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The projects that one may read, with the phase in which each is."""
    actor, today = actor_of(request), timezone.localdate()
    named = Prefetch("quartiers", queryset=Quartier.objects.defer("outline"))
    rows = (
        RenewalProject.objects.visible_to(actor)
        .select_related("carrier")
        .prefetch_related(named, "phases")
        .annotate(operation_count=Count("operations"))
        .order_by("title", "pk")
    )
    found = []
    for one in rows[:SHOWN]:
        known = phase_lines({phase.code: phase for phase in one.phases.all()}, today)
        found.append({"project": one, "running": [line for line in known if line.running]})
    context = {
        "rows": found,
        "may_create": actor.role == "coordination",
    }
    return render(request, "works/project_list.html", context)


@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: what changes, when, with what money, what residents are owed; for partners what
    lacks besides."""
    actor, today = actor_of(request), timezone.localdate()
    found = fetch_project(request, pk)
    follow = found.may_follow  # type: ignore[attr-defined]
    rows = around(found, actor, follow=follow)
    table = timetable(found, actor, today)
    amounts = list(found.amounts.all())
    houses = list(found.houses.all())
    meetings = meetings_of(found, actor, today)
    steps = steps_around(table, rows, facts_of(meetings, houses, today))
    names: dict[int, list[str]] = {}
    for one in rows.get("residence", []):
        names.setdefault(one.ref, []).append(one.name)
    for line in table.operations:
        line.residences = names.get(line.pk, [])
    said = contradictions_of(table, today)
    everything = request.GET.get("tout") == "1"
    limit = None if everything else SHOWN
    now = timezone.now()
    context = {
        "project": found,
        "around": {
            name: rows.get(name, []) for name in ("commune", "quartier", "partner", "annex")
        },
        "phases": phase_lines(table.phases, today),
        "operations": table.operations[:limit],
        "operations_total": len(table.operations),
        "worksites": table.worksites[:limit],
        "worksites_total": len(table.worksites),
        "deliveries": table.deliveries[:limit],
        "deliveries_total": len(table.deliveries),
        "more": not everything
        and max(len(table.operations), len(table.worksites), len(table.deliveries)) > SHOWN,
        "amounts": amounts,
        "totals": {
            "planned": sum(one.planned for one in amounts),
            "spent": sum(one.spent or 0 for one in amounts),
        },
        "houses": [one for one in houses if one.ends_on is None or one.ends_on >= today][:SHOWN],
        "next_meetings": [
            one
            for one in reversed(meetings)
            if one.gathering.ends_at >= now and not one.gathering.cancelled_at
        ][:SHOWN],
        "past_meetings": [one for one in meetings if one.gathering.ends_at < now][:SHOWN],
        "steps": [
            {"step": one, "tone": one.tone(today), "late": one.late(today)}
            for one in steps
            if one.operation is None or one.late(today)
        ],
        "contradictions": said[:SAID],
        "contradictions_more": said[SAID:200],
        "lacking": _lacking(found, rows, table, meetings, steps) if follow else [],
        "management_done": len(rows.get("part", [])),
        "management_asked": len(edition_of(found.rules).asks),
        "changes": list(found.changes.select_related("by")[:50]) if follow else [],
        "beside": said_beside(actor, PROJECT, pk),
        "thread": thread_of(actor, PROJECT, pk, seen=True),
        "form": SubscribeForm(),
        "signed": offer(topic_of(found)),
        "today": today,
        "crumbs": crumbs((found.title, "")),
    }
    return render(request, "works/project.html", context)


def _lacking(
    found: RenewalProject, rows: Any, table: Any, meetings: list[Any], steps: list[Any]
) -> list[dict[str, str]]:
    """What lacks in a project, for those who follow it: a sentence and where to mend it."""
    today = timezone.localdate()
    phases = reverse("works:project_phases", args=[found.pk])
    management = reverse("works:management", args=[found.pk])
    lacking = [
        {"text": f"Phase {line['label']} : pas de dates.", "url": phases}
        for code, line in lines("phase").items()
        if code not in table.phases or table.phases[code].first_day is None
    ]
    lacking += [
        {"text": f"Opération « {one.title} » : pas de dates.", "url": one.url}
        for one in table.operations
        if one.dated.first_day is None
    ]
    lacking += [
        {"text": f"Projet de gestion : « {part.label} » n’est pas achevé.", "url": management}
        for part in missing_among(found.rules, [one.name for one in rows.get("part", [])])
    ]
    lacking += [
        {"text": f"Aux habitants : {_step_words(one)}.", "url": _step_url(found, one)}
        for one in steps
        if one.late(today)
    ]
    lacking += [
        {
            "text": f"« {one.gathering.title} » : "
            f"{counted(one.late, 'question attend', 'questions attendent')} une réponse en retard.",
            "url": reverse("works:public_meeting", args=[one.pk]),
        }
        for one in meetings
        if one.late
    ]
    lacking += [
        {
            "text": f"« {one.name} » change les charges des locataires : "
            "rien ne dit comment les habitants ont été associés.",
            "url": management,
        }
        for one in rows.get("uninvolved", [])
    ]
    lacking += [
        {
            "text": f"{one.name}{', ' if one.text else ''}{one.text} : encore habité, "
            "l’entretien est à vérifier.",
            "url": reverse("works:emptied", args=[one.ref]),
        }
        for one in rows.get("alert", [])
    ]
    return lacking


def _step_words(step: Any) -> str:
    label: str = step.duty.label[:1].lower() + step.duty.label[1:]
    return f"{label} ({step.operation.title})" if step.operation else label


def _step_url(found: RenewalProject, step: Any) -> str:
    if step.operation:
        return url_of("operation", step.operation.pk)
    return reverse("works:resident_step", args=[found.pk, step.duty.code])


# --- Writing ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Write a new project."""
    actor = actor_of(request)
    initial = {"carrier": actor.organisation_id}
    form = ProjectForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.open_project(actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Projet enregistré. Donnez maintenant ses phases.")
            return redirect("works:project_phases", made.pk)
    return form_page(request, form, "Nouveau projet", [])


@require_http_methods(["GET", "HEAD", "POST"])
def edit_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a project."""
    actor, found = actor_of(request), fetch_project(request, pk, "edit")
    initial: dict[str, Any] = {
        name: getattr(found, name) for name in ("title", "code", "programme", "rules", "summary")
    }
    initial |= {"carrier": found.carrier_id, "agreement": found.agreement_id}
    for name in acts.MANY:
        initial[name] = list(getattr(found, name).values_list("pk", flat=True))
    form = ProjectForm(request.POST or None, actor=actor, project=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.rewrite_project(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Projet modifié.")
            return redirect("works:project", pk)
    return form_page(request, form, "Modifier le projet", [project_crumb(found)])


@require_POST
def publish_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody."""
    found = fetch_project(request, pk, "edit")
    try:
        acts.publish_project(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Projet publié : chacun peut le lire.")
    return redirect("works:project", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def project_phases(request: HttpRequest, pk: int) -> HttpResponse:
    """The dates of every phase, on one form."""
    actor, found = actor_of(request), fetch_project(request, pk, "edit")
    known = {one.code: one for one in found.phases.all()}
    data = request.POST or None
    rows = []
    for code, line in lines("phase").items():
        phase = known.get(code)
        initial = {name: getattr(phase, name) for name in acts.DATES} if phase else {}
        form = PhaseRow(data, prefix=code, initial=initial)
        rows.append({"code": code, "label": line["label"], "form": form})
    why = ReasonForm(data)
    if request.method == "POST" and all(
        [why.is_valid(), *(row["form"].is_valid() for row in rows)]
    ):
        given = [{"code": row["code"], **row["form"].cleaned_data} for row in rows]
        try:
            moved = acts.write_phases(found, given, actor=actor, **why.cleaned_data)
        except ValidationError as refused:
            tell(why, refused)
        else:
            words = "Calendrier enregistré."
            told = " Qui suit le projet et les partenaires sont prévenus." if moved else ""
            messages.success(request, f"{words}{told}")
            return redirect("works:project", pk)
    context = {
        "project": found,
        "rows": rows,
        "why": why,
        "back": reverse("works:project", args=[pk]),
        "crumbs": crumbs(project_crumb(found), ("Phases", "")),
    }
    return render(request, "works/project_phases.html", context)


def _rows_page(request: HttpRequest, found: RenewalProject, rows: Any, **more: Any) -> HttpResponse:
    context = {
        "project": found,
        "rows": rows,
        "back": reverse("works:project", args=[found.pk]),
        "crumbs": crumbs(project_crumb(found), (more["heading"], "")),
        **more,
    }
    return render(request, "works/project_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def project_amounts(request: HttpRequest, pk: int) -> HttpResponse:
    """The money of a project, funder by funder."""
    found = fetch_project(request, pk, "edit")
    names = list(AmountRow.base_fields)
    initial = [{name: getattr(one, name) for name in names} for one in found.amounts.all()]
    kind = formset_factory(AmountRow, extra=3, max_num=200, absolute_max=220)
    rows = kind(request.POST or None, prefix="a", initial=initial)
    if request.method == "POST" and rows.is_valid():
        given = [form.cleaned_data for form in rows.forms if form.filled()]
        acts.set_amounts(found, given, actor=actor_of(request))
        messages.success(request, "Argent du projet enregistré.")
        return redirect("works:project", pk)
    return _rows_page(
        request, found, rows, heading="L’argent du projet", what="Montant", refused=""
    )


@require_http_methods(["GET", "HEAD", "POST"])
def project_partners(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes part, and what each does."""
    actor, found = actor_of(request), fetch_project(request, pk, "edit")
    partners = list(found.partners.all())
    initial = [{"organisation": one.organisation_id, "part": one.part} for one in partners]
    known = standing(actor, *(one.organisation_id for one in partners))
    kind = formset_factory(PartnerRow, extra=3, max_num=60, absolute_max=80)
    rows = kind(request.POST or None, prefix="p", initial=initial, form_kwargs={"known": known})
    refused = ""
    if request.method == "POST" and rows.is_valid():
        given = [
            (form.cleaned_data["organisation"], form.cleaned_data["part"])
            for form in rows.forms
            if form.filled()
        ]
        try:
            acts.set_partners(found, given, actor=actor)
        except ValidationError as error:
            refused = " ".join(error.messages)
        else:
            messages.success(request, "Partenaires enregistrés.")
            return redirect("works:project", pk)
    heading = "Les partenaires du projet"
    return _rows_page(request, found, rows, heading=heading, what="Partenaire", refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
def new_operation(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a new operation of a project."""
    actor, found = actor_of(request), fetch_project(request, pk, "edit")
    form = OperationForm(request.POST or None, actor=actor, project=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_operation(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Opération enregistrée.")
            return redirect("works:operation", made.pk)
    return form_page(request, form, "Nouvelle opération", [project_crumb(found)])


OPERATION_FIELDS = (
    *("title", "kind", "summary", "starts_on", "ends_on", "began_on", "ended_on"),
    *("dwellings", "amount", "changes_rents"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_operation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an operation; dates that everybody has read ask for a reason."""
    actor = actor_of(request)
    rows = Operation.objects.select_related("project", "owner")
    found: Operation = rights.fetch(rows, actor, "edit", pk=pk)
    initial: dict[str, Any] = {name: getattr(found, name) for name in OPERATION_FIELDS}
    initial["owner"] = found.owner_id
    initial["residences"] = list(found.residences.values_list("pk", flat=True))
    form = OperationForm(
        request.POST or None,
        actor=actor,
        project=found.project,
        operation=found,
        initial=initial,
    )
    there = reverse("works:operation", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_operation(found.project, found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Opération modifiée.")
            return redirect(there)
    trail = [project_crumb(found.project), (found.title, there)]
    return form_page(request, form, "Modifier l’opération", trail)
