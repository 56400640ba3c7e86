"""How actions stand on the thread, what of them is due, and how a decision becomes one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat, TruncDate
from django.urls import reverse
from django.utils import timezone

from parvis.actions import access, convention_things
from parvis.actions.acts import KIND, action_of_decision
from parvis.actions.events import SENTENCES
from parvis.actions.models import Action, Funding, Picture, Plan, Step
from parvis.actions.workflow import PROMISED, ActionState
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.register import (
    Kind,
    Making,
    Order,
    Where,
    columns,
    due_columns,
    register,
    register_making,
)

__all__ = ["convention_things"]


def action_rows(actor: Actor) -> Any:
    """The actions that this actor may see, as the register's columns; what they cost for
    partners, and for everybody where it is public."""
    spent = Funding.objects.filter(action=OuterRef("pk")).values("action")
    cost: Any = Subquery(spent.annotate(total=Sum("spent")).values("total"))
    if not actor.is_partner:
        cost = Case(When(cost_public=True, then=cost), default=Value(None))
    return columns(
        Action.objects.visible_to(actor),
        KIND,
        title="title",
        who="lead__name",
        day=Coalesce(TruncDate("closed_at"), "ends_on", TruncDate("created_at")),
        amount=cost,
        state="state",
    )


def actions_due(actor: Actor) -> Any:
    """The steps, and the ends of actions without a step to do, that await who may write them."""
    may = access.ACTION.condition(actor, "edit")
    todo = Step.objects.filter(action=OuterRef("pk"), done_on=None)
    next_step = todo.order_by(F("due_on").asc(nulls_last=True), "pk")
    mine = Action.objects.filter(may, state__in=PROMISED)
    return due_columns(
        mine,
        KIND,
        # What it is for, then the step: a step alone says little among other rooms' things.
        title=Case(
            When(
                Exists(todo),
                then=Concat("title", Value(" : "), Subquery(next_step.values("title")[:1])),
            ),
            default="title",
        ),
        who=Coalesce(Subquery(next_step.values("organisation__name")[:1]), "lead__name"),
        state="state",
        due_on=Coalesce(Subquery(next_step.values("due_on")[:1]), "ends_on"),
        owner=Coalesce(Subquery(next_step.values("organisation_id")[:1]), "lead_id"),
    )


def actions_lying(where: Where) -> Any:
    """The actions of these quartiers or residences."""
    through, homes = Action.quartiers.through.objects, Action.residences.through.objects
    inside = through.filter(quartier_id__in=where.quartiers, action_id=OuterRef("pk"))
    there = homes.filter(residence_id__in=where.residences, action_id=OuterRef("pk"))
    return Action.objects.filter(Q(Exists(inside)) | Q(Exists(there))).values("pk")


def places_of_actions(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Where the first residence of these actions is."""
    rows = Action.objects.filter(pk__in=list(ids), residences__latitude__isnull=False)
    found: dict[int, tuple[float, float]] = {}
    for pk, north, east in rows.values_list("pk", "residences__latitude", "residences__longitude"):
        if north is not None and east is not None:
            found.setdefault(pk, (float(north), float(east)))
    return found


def photo_of_action(actor: Actor, pk: int) -> bytes | None:
    """The last picture of an action that this actor may see."""
    picture = Picture.objects.visible_to(actor).filter(action=pk).order_by("-at", "-pk").first()
    if picture is None:
        return None
    with picture.file.open("rb") as content:
        return bytes(content.read())


def plans_for(actor: Actor, where: Where) -> Any:
    """The plans in force that this actor may write and that touch these quartiers."""
    today = timezone.localdate()
    plans = Plan.objects.allowed(actor, "edit").filter(starts_on__lte=today, ends_on__gte=today)
    if where.quartiers:
        lying = Plan.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
        plans = plans.filter(Exists(lying.filter(plan_id=OuterRef("pk"))))
    return plans.order_by("-starts_on", "pk")


def offers_an_action(actor: Actor, about: str | None) -> bool:
    """Whether a decision may become an action of a plan."""
    return any(row.grants(actor, "edit") for row in access.PLAN.rows)


def make_action(actor: Actor, order: Order) -> tuple[str, int]:
    """Write the action that was decided in the plan of these quartiers."""
    plan = plans_for(actor, order.where).first()
    if plan is None:
        raise ValidationError("Aucun plan d’actions en cours que vous animiez ne couvre ce lieu.")
    lead = Organisation.objects.filter(pk=order.organisation_id or 0).first()
    if lead is None:
        raise ValidationError("Dites quelle organisation s’en charge.")
    made = action_of_decision(
        plan, title=order.title, text=order.text, lead=lead, ends_on=order.due_on, actor=actor
    )
    return KIND, made.pk


def url_of(pk: int) -> str:
    """The page of an action."""
    return reverse("actions:action", args=[pk])


register(
    Kind(
        code=KIND,
        label="action",
        plural="actions",
        icon="target",
        url=url_of,
        public_url=url_of,
        rows=action_rows,
        state_labels=dict(ActionState.choices),
        ended=(ActionState.ENDED, ActionState.DROPPED),
        tells_existence=True,
        due=actions_due,
        lies_in=actions_lying,
        places=places_of_actions,
        photo=photo_of_action,
        sentences=SENTENCES,
    )
)
register_making(Making("action", "une action du plan", offers_an_action, make_action))
