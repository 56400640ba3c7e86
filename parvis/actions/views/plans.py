"""A plan as a table that is written in place; what one's organisation owes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.actions import acts
from parvis.actions.forms import Filters, LineForm, PlanForm
from parvis.actions.models import Action, Insertion, PartnerShare, Plan, Step
from parvis.actions.record import LINE, PLACES, WORDS, Record, record_of
from parvis.actions.sorting import goal_on
from parvis.actions.tabling import rows_in_words
from parvis.actions.workflow import OPEN, PROMISED, ActionState
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.models import Objective, Organisation
from parvis.places.models import Quartier, Residence
from parvis.thread.register import paid_for
from parvis.ui.words import day_in_words
from parvis.upkeep.themes import labels

AT_MOST = 1000  # actions of one plan on one page
DUE_AT_MOST = 200
SOON = timedelta(days=30)
WAYS = (
    ("actions:plan", "Tableau", "table"),
    ("actions:board", "Par état", "columns-3"),
    ("actions:calendar", "Calendrier", "calendar"),
    ("actions:map", "Carte", "map"),
)


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of plans down."""
    trail = [("Plans d’actions", reverse("actions:plans")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


def fetch_plan(request: HttpRequest, pk: int, action: str = "see") -> Plan:
    """The plan, with the right to do that on it."""
    plans = Plan.objects.select_related("organiser")
    found: Plan = rights.fetch(plans, actor_of(request), action, pk=pk)
    return found


def plan_crumb(plan: Plan) -> tuple[str, str]:
    """A plan in the trail of its pages."""
    return plan.title, reverse("actions:plan", args=[plan.pk])


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """The plans that one animates, sees in one's perimeter, or has a part in."""
    actor, today = actor_of(request), timezone.localdate()
    still = Q(actions__state__in=OPEN)
    rows = (
        Plan.objects.visible_to(actor)
        .select_related("organiser")
        .annotate(
            total=Count("actions"),
            running=Count("actions", filter=Q(actions__state=ActionState.RUNNING)),
            ended=Count("actions", filter=Q(actions__state=ActionState.ENDED)),
            late=Count("actions", filter=still & Q(actions__ends_on__lt=today)),
        )
    )
    return render(
        request,
        "actions/plans.html",
        {"rows": list(rows[:100]), "may_create": actor.role in ("coordination", "responsable")},
    )


def cut_down(plan: Plan, actor: Actor, form: Filters) -> Any:
    """The actions of a plan that this actor sees and that the filters keep."""
    rows = Action.objects.visible_to(actor).filter(plan=plan)
    if not form.is_valid():
        return rows
    asked = form.cleaned_data
    named = {"domain": "domaine", "state": "etat"}
    rows = rows.filter(**{column: asked[name] for column, name in named.items() if asked[name]})
    if asked["organisation"]:
        one = asked["organisation"]
        shares = PartnerShare.objects.filter(organisation=one).values("action_id")
        steps = Step.objects.filter(organisation=one).values("action_id")
        rows = rows.filter(Q(lead=one) | Q(pk__in=shares) | Q(pk__in=steps))
    if asked["quartier"]:
        through = Action.quartiers.through.objects.filter(quartier=asked["quartier"])
        rows = rows.filter(pk__in=through.values("action_id"))
    if asked["retard"]:
        today = timezone.localdate()
        overdue = Step.objects.filter(done_on=None, due_on__lt=today).values("action_id")
        late = Q(state__in=OPEN, ends_on__lt=today) | Q(state__in=PROMISED, pk__in=overdue)
        rows = rows.filter(late)
    return rows


def ways_of(request: HttpRequest, found: Plan, filters: Filters) -> dict[str, Any]:
    """What the head of each way of reading a plan shows: the other ways, and what is kept."""
    kept = QueryDict(mutable=True)
    for name in filters.fields:
        if value := request.GET.get(name):
            kept[name] = value
    query = kept.urlencode()
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "filters": filters,
        "kept": query,
        "filtered": bool(query),
        "ways": [
            {
                "label": label,
                "icon": icon,
                "url": reverse(name, args=[found.pk]) + (f"?{query}" if query else ""),
                "here": name == here,
            }
            for name, label, icon in WAYS
        ],
    }


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as a table; `?ligne=` opens one line for writing."""
    found = fetch_plan(request, pk)
    return plan_page(request, found)


def plan_page(
    request: HttpRequest, found: Plan, written: tuple[int, LineForm] | None = None
) -> HttpResponse:
    """The table, with a line open when it is being written or was refused."""
    actor = actor_of(request)
    filters = Filters(request.GET or None, plan=found)
    rows = cut_down(found, actor, filters).select_related("lead")
    rows = list(rows.annotate(typed=Sum("fundings__granted")).order_by("reference")[:AT_MOST])
    elsewhere = paid_for(actor, acts.KIND, [one.pk for one in rows])
    for one in rows:
        paid = sum((money.planned for _, money in elsewhere.get(one.pk, [])), Decimal(0))
        one.granted = (one.typed or Decimal(0)) + paid
    mine = set(
        Action.objects.allowed(actor, "edit").filter(plan=found).values_list("pk", flat=True)
    )
    line, form = written or _opened(request, rows, mine, actor)
    shown = [{"action": one, "may_edit": one.pk in mine, "open": one.pk == line} for one in rows]
    undo = request.GET.get("ecrit", "")
    return render(
        request,
        "actions/plan.html",
        {
            "plan": found,
            "quartiers": filters.quartiers,
            "rows": shown,
            **ways_of(request, found, filters),
            "form": form,
            "written": next((one for one in rows if str(one.pk) == undo and one.pk in mine), None),
            "totals": {
                "budget": sum(one.budget or 0 for one in rows),
                "granted": sum(one.granted for one in rows),
            },
            "insertion": _insertion(rows),
            "goal": goal_on(found.starts_on),
            "may_edit": Plan.objects.allowed(actor, "edit").filter(pk=found.pk).exists(),
            "crumbs": crumbs((found.title, "")),
        },
    )


def _insertion(rows: list[Action]) -> dict[str, Any]:
    """Hours of work for residents in these actions; the share is of what has its total."""
    known = Insertion.objects.filter(action__in=[one.pk for one in rows])
    sums = known.aggregate(
        counted=Sum("worked", filter=Q(total__gt=0)),
        promised=Sum("promised"),
        worked=Sum("worked"),
        people=Sum("people"),
        total=Sum("total"),
    )
    total = sums["total"]
    return {**sums, "share": Decimal(100 * sums["counted"]) / total if total else None}


def _opened(
    request: HttpRequest, rows: list[Action], mine: set[int], actor: Actor
) -> tuple[int, LineForm | None]:
    wanted = request.GET.get("ligne", "")
    for one in rows:
        if str(one.pk) == wanted and one.pk in mine:
            initial = {**record_of(one, LINE), "version": one.version}
            return one.pk, LineForm(initial=initial, actor=actor, lead=one.lead_id)
    return 0, None


@require_POST
def write_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one line of the table; who writes on what somebody else wrote sees the difference."""
    actor = actor_of(request)
    rows = Action.objects.select_related("plan__organiser")
    found: Action = rights.fetch(rows, actor, "edit", pk=pk)
    form = LineForm(request.POST, actor=actor, lead=found.lead_id)
    if not form.is_valid():
        return plan_page(request, _seen_plan(request, found), (pk, form))
    return write(request, found, form, form.record(), _line_url(found))


def _seen_plan(request: HttpRequest, found: Action) -> Plan:
    return fetch_plan(request, found.plan_id)


def _line_url(found: Action) -> str:
    return f"{reverse('actions:plan', args=[found.plan_id])}?ecrit={found.pk}#a{found.pk}"


def write(
    request: HttpRequest, found: Action, form: Any, record: Record, there: str
) -> HttpResponse:
    """Write a record and go on; or show the difference, or what is wrong with it."""
    try:
        acts.write_action(
            found,
            record,
            actor=actor_of(request),
            version=form.cleaned_data.get("version") or 1,
        )
    except acts.Overtaken as overtaken:
        return _difference(request, overtaken, there)
    messages.success(request, "Enregistré.")
    return redirect(there)


def _difference(request: HttpRequest, overtaken: acts.Overtaken, there: str) -> HttpResponse:
    """What somebody else wrote meanwhile beside what one was writing; nothing is lost."""
    last = overtaken.action.changes.select_related("by").first()
    names = [name for name in overtaken.mine if name in overtaken.theirs]
    context = {
        "action": overtaken.action,
        "last": last,
        "lines": [
            {
                "label": WORDS[name],
                "theirs": _words(name, overtaken.theirs[name]),
                "mine": _words(name, overtaken.mine[name]),
            }
            for name in names
        ],
        "posted": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "version")
            for value in values
        ],
        "there": there,
        "crumbs": crumbs(plan_crumb(overtaken.action.plan), (overtaken.action.reference, "")),
    }
    return render(request, "actions/difference.html", context, status=409)


def _words(name: str, value: Any) -> str:
    """A value of a record as people read it."""
    if name == "lead":
        return str(Organisation.objects.filter(pk=value).first() or "")
    if isinstance(value, bool):
        return "oui" if value else "non"
    if name == "themes":
        return ", ".join(labels(value)) or "vide"
    if name in PLACES:
        known: Any = {"quartiers": Quartier, "residences": Residence, "objectives": Objective}[name]
        return ", ".join(str(one) for one in known.objects.filter(pk__in=value)) or "vide"
    if isinstance(value, list):
        return "\n".join(rows_in_words(name, value)) or "vide"
    if name.endswith("_on") and value:
        return day_in_words(date.fromisoformat(value))
    return str(value or "vide")


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last writing of a line."""
    rows = Action.objects.select_related("plan")
    found: Action = rights.fetch(rows, actor_of(request), "edit", pk=pk)
    number = request.POST.get("version", "")
    version = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    try:
        acts.undo_change(found, actor=actor_of(request), version=version)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Modification annulée : la ligne est comme avant.")
    return redirect(f"{reverse('actions:plan', args=[found.plan_id])}#a{pk}")


@require_safe
def ours(request: HttpRequest) -> HttpResponse:
    """What one's organisation owes: the steps it carries, the actions it leads."""
    actor, today = actor_of(request), timezone.localdate()
    mine = Q(organisation=actor.organisation_id) | Q(
        organisation=None, action__lead=actor.organisation_id
    )
    steps = (
        Step.objects.filter(mine, done_on=None, action__state__in=PROMISED)
        .select_related("action__plan")
        .order_by(F("due_on").asc(nulls_last=True), "pk")[:DUE_AT_MOST]
    )
    led = (
        Action.objects.visible_to(actor)
        .filter(lead=actor.organisation_id, state__in=OPEN)
        .select_related("plan")
        .order_by(F("ends_on").asc(nulls_last=True), "pk")[:DUE_AT_MOST]
    )
    may = set(Action.objects.allowed(actor, "edit").values_list("pk", flat=True)[: 10 * AT_MOST])
    return render(
        request,
        "actions/ours.html",
        {
            "steps": [{"step": one, "may_tick": one.action_id in may} for one in steps],
            "led": list(led),
            "today": today,
            "soon": today + SOON,
            "crumbs": crumbs(("Ce que nous devons", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """Open a plan for one's organisation."""
    form = PlanForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        organiser = Organisation.objects.get(pk=actor_of(request).organisation_id or 0)
        return _write_plan(request, Plan(organiser=organiser), form)
    return _plan_form(request, form, "Ouvrir un plan d’actions", reverse("actions:plans"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan's title, quartiers and period."""
    found = fetch_plan(request, pk, "edit")
    initial = {"title": found.title, "starts_on": found.starts_on, "ends_on": found.ends_on}
    quartiers = list(found.quartiers.values_list("pk", flat=True))
    form = PlanForm(
        request.POST or None,
        actor=actor_of(request),
        initial={**initial, "quartiers": quartiers},
    )
    if request.method == "POST" and form.is_valid():
        return _write_plan(request, found, form)
    back = reverse("actions:plan", args=[pk])
    return _plan_form(request, form, "Modifier le plan", back)


def _write_plan(request: HttpRequest, found: Plan, form: PlanForm) -> HttpResponse:
    try:
        acts.write_plan(found, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _plan_form(request, form, "Plan d’actions", reverse("actions:plans"))
    messages.success(request, "Plan enregistré.")
    return redirect("actions:plan", found.pk)


def _plan_form(request: HttpRequest, form: PlanForm, heading: str, back: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": "Enregistrer",
        "back": back,
        "crumbs": crumbs((heading, "")),
    }
    return render(request, "actions/form.html", context)
