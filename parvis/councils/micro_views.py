"""Small projects of residents: written by a body, decided by a committee, the body's budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.actions.models import Plan
from parvis.councils import micro_acts as acts
from parvis.councils import micro_money as money
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.micro_forms import REFUSE, CloseForm, DecideForm, PlanForm, ProjectForm
from parvis.councils.models import MicroProject, Proposition
from parvis.councils.proposition_access import DECIDED, MICRO_PROJECT
from parvis.councils.proposition_events import MICRO_PROJECT as KIND
from parvis.councils.proposition_listing import cut_of
from parvis.councils.sorting import label_of
from parvis.councils.tabs import tabs_of
from parvis.councils.workflow import MicroState
from parvis.meetings.models import Sitting
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.thread.reading import events_of, thread_of

both = require_http_methods(["GET", "HEAD", "POST"])
ROWS = MicroProject.objects.select_related(
    "body__organisation", "body__coordinator", "payer", "proposition", "sitting__instance",
    "sitting__gathering", "action",
)  # fmt: skip
RIGHTS = ("edit", "send", "check", "decide")
SHOWN = 50  # before a committee, or prepared by a body: few


def fetch_project(request: HttpRequest, pk: int, action: str = "see") -> MicroProject:
    """The project with what it spent, with the right to do that on it."""
    found: MicroProject = rights.fetch(money.with_spent(ROWS), actor_of(request), action, pk=pk)
    return found


def trail(project: MicroProject, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page of a project."""
    here = reverse("councils:micro_project", args=[project.pk]) if pairs else ""
    return crumbs(project.body, (project.title, here), *pairs)


def may_of(actor: Actor, project: MicroProject) -> dict[str, bool]:
    """What this actor may do on it."""
    rows = MicroProject.objects.filter(pk=project.pk)
    return {one: rows.filter(MICRO_PROJECT.condition(actor, one)).exists() for one in RIGHTS}


def plans_of(actor: Actor, project: MicroProject) -> Any:
    """The plans in force that this actor may write and that cover a quartier of the body."""
    today = timezone.localdate()
    quartiers = project.body.quartiers.values("pk")
    lying = Plan.quartiers.through.objects.filter(plan_id=OuterRef("pk"), quartier_id__in=quartiers)
    plans = Plan.objects.allowed(actor, "edit").filter(starts_on__lte=today, ends_on__gte=today)
    return plans.filter(Exists(lying)).order_by("-starts_on", "pk")


@require_safe
def micro_projects(request: HttpRequest) -> HttpResponse:
    """The projects that one may see: those before one's committee first, then one's body's."""
    actor = actor_of(request)
    rows = money.with_spent(ROWS).visible_to(actor)
    awaiting = MicroProject.objects.allowed(actor, "decide").filter(state=MicroState.SUBMITTED)
    newest = rows.exclude(pk__in=awaiting.values("pk")).order_by("-written_at", "-pk")
    before = rows.filter(pk__in=awaiting.values("pk")).order_by("submitted_at", "pk")
    return render(
        request,
        "councils/micro_list.html",
        {
            "awaiting": list(before[:SHOWN]),
            **cut_of(request, newest),
            "crumbs": crumbs(None, ("Projets d’habitants", "")),
        },
    )


@require_safe
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """What a body's projects were granted, spent and have left, by year and fund."""
    actor, body = actor_of(request), fetch_body(request, pk)
    lines = money.budget_of(body)
    granted = money.with_spent(ROWS).visible_to(actor).filter(body=body, state__in=DECIDED)
    others = ROWS.visible_to(actor).filter(body=body).exclude(state__in=DECIDED)
    return render(
        request,
        "councils/micro_budget.html",
        {
            "body": body,
            "lines": lines,
            "total": money.total_of(lines),
            **cut_of(request, granted.order_by("-decided_on", "-pk")),
            "others": list(others.order_by("-written_at", "-pk")[:SHOWN]),
            "enters": type(body).objects.allowed(actor, "enter").filter(pk=pk).exists(),
            "tabs": tabs_of(actor, body, "councils:budget"),
            "crumbs": crumbs(body, ("Budget des habitants", "")),
        },
    )


@require_safe
def micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: what for, who pays, what was decided, spent and done."""
    return _page(request, fetch_project(request, pk))


def _page(request: HttpRequest, found: MicroProject, plan_form: Any = None) -> HttpResponse:
    actor = actor_of(request)
    may = may_of(actor, found)
    decided = found.state in DECIDED
    planned = may["decide"] and decided and found.action is None
    if planned and plan_form is None:
        plans = plans_of(actor, found)
        plan_form = PlanForm(plans=plans) if plans.exists() else None
    sitting = found.sitting
    if sitting is not None:
        sitting = Sitting.objects.visible_to(actor).filter(pk=sitting.pk).first() and sitting
    spent: Any = getattr(found, "spent", money.NOTHING)
    return render(
        request,
        "councils/micro_project.html",
        {
            "project": found,
            "fund": label_of("fund", found.fund),
            "decided": decided,
            "spent": spent,
            "left": (found.granted or money.NOTHING) - spent,
            "may": may,
            "sitting": sitting,
            "proposition": Proposition.objects.visible_to(actor)
            .filter(pk=found.proposition_id or 0)
            .first(),
            "planned": planned,
            "plan_form": plan_form if planned else None,
            "thread": thread_of(actor, KIND, found.pk, seen=True),
            "events": events_of(actor, KIND, found.pk, seen=True) if actor.is_partner else [],
            "crumbs": trail(found),
        },
    )


@both
def new_micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """A body writes a project, from a proposition that it follows (`?proposition=`) or not."""
    actor, body = actor_of(request), fetch_body(request, pk, "enter")
    given = request.GET.get("proposition", "")
    source = None
    if given.isascii() and given.isdigit() and len(given) < 19:
        rows = Proposition.objects.allowed(actor, "carry").filter(body=body)
        source = rows.filter(pk=int(given)).first()
    initial = {"title": source.title, "text": source.text} if source else {}
    form = ProjectForm(request.POST or None, body=body, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_project(body, proposition=source, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Projet enregistré : votre instance seule le lit.")
            return redirect("councils:micro_project", made.pk)
    return _form(
        request,
        form,
        heading="Nouveau projet d’habitants",
        lead=f"Né de la proposition « {source.title} »." if source else "",
        action="Enregistrer",
        back=reverse("councils:budget", args=[pk]),
        crumbs=crumbs(body, ("Nouveau projet", "")),
    )


@both
def edit_micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Change it before it is submitted, or after a refusal."""
    found = fetch_project(request, pk, "edit")
    initial = {name: getattr(found, name) for name in acts.WRITTEN}
    form = ProjectForm(request.POST or None, body=found.body, initial=initial)
    done = _bound(request, form, lambda data: acts.change_project(found, **data))
    if done:
        messages.success(request, "Projet modifié.")
        return redirect("councils:micro_project", pk)
    return _form_of(request, found, form, "Modifier le projet", "Enregistrer")


@require_POST
def submit_micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it before the committee."""
    found = fetch_project(request, pk, "send")
    return _do(
        request,
        pk,
        lambda: acts.submit_project(found, actor=actor_of(request)),
        "Le projet est devant le comité.",
    )


@require_POST
def drop_micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The body gives it up."""
    found = fetch_project(request, pk, "send")
    return _do(
        request,
        pk,
        lambda: acts.drop_project(found, actor=actor_of(request)),
        "Projet abandonné.",
    )


@both
def decide_micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee grants or refuses."""
    actor, found = actor_of(request), fetch_project(request, pk, "decide")
    initial = {"granted": found.asked, "decided_on": timezone.localdate()}
    form = DecideForm(request.POST or None, actor=actor, initial=initial)

    def decide(data: dict[str, Any]) -> None:
        common = {name: data[name] for name in ("decided_on", "reason", "sitting")}
        if data["decision"] == REFUSE:
            acts.refuse_project(found, actor=actor, **common)
        else:
            acts.grant_project(found, actor=actor, granted=data["granted"], **common)

    if _bound(request, form, decide):
        messages.success(request, "Décision enregistrée.")
        return redirect("councils:micro_project", pk)
    return _form_of(request, found, form, "Décider", "Enregistrer la décision")


@require_POST
def plan_micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow it as an action of a plan."""
    actor, found = actor_of(request), fetch_project(request, pk, "decide")
    if found.action is not None:
        return redirect("councils:micro_project", pk)
    form = PlanForm(request.POST, plans=plans_of(actor, found))
    if not _bound(
        request, form, lambda data: acts.follow_in_plan(found, data["plan"], actor=actor)
    ):
        return _page(request, found, form)
    messages.success(request, "L’action est dans le plan.")
    return redirect("councils:micro_project", pk)


@both
def close_micro_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done."""
    found = fetch_project(request, pk, "send")
    form = CloseForm(request.POST or None)
    done = _bound(
        request, form, lambda data: acts.close_project(found, actor=actor_of(request), **data)
    )
    if done:
        messages.success(request, "Merci : le bilan est publié.")
        return redirect("councils:micro_project", pk)
    return _form_of(request, found, form, "Faire le bilan", "Terminer le projet")


def _bound(request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether the form was sent and its act done; what is wrong is written on it."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except ValidationError as refused:
        known = getattr(refused, "error_dict", {})
        if set(known) - set(form.fields) - {"__all__"}:
            refused = ValidationError(refused.messages)
        form.add_error(None, refused)
        return False
    return True


def _do(request: HttpRequest, pk: int, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
    return redirect("councils:micro_project", pk)


def _form_of(
    request: HttpRequest, found: MicroProject, form: Any, heading: str, action: str
) -> HttpResponse:
    return _form(
        request,
        form,
        heading=heading,
        lead=found.title,
        action=action,
        back=reverse("councils:micro_project", args=[found.pk]),
        crumbs=trail(found, (heading, "")),
    )


def _form(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    return render(request, "councils/proposition_form.html", {"form": form, **context})
