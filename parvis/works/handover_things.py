"""How deliveries and their checks stand on the thread; what is due of them, and for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Least
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.register import Checking, Kind, Where, columns, due_columns, register
from parvis.works import handover_access as access
from parvis.works.acts import durability, handover
from parvis.works.handover_events import (
    CHECK_SENTENCES,
    CHECK_STATES,
    DELIVERY_SENTENCES,
    DELIVERY_STATES,
)
from parvis.works.handover_models import Delivery, DurabilityCheck, Reserve, Survey, SurveyAnswer
from parvis.works.project_models import Operation, RenewalProject

NEVER = Value(date(9999, 12, 31), output_field=DateField())
# What was seen of it on foot is told by the event; its own checks come at their ages, with figures.
SEEN_WORDS = {"seen": "en bon état", "unseen": "fermé ou disparu", "worse": "dégradé"}
STATE = Case(
    When(taken_on__isnull=False, then=Value("taken")),
    When(delivered_on__isnull=False, then=Value("delivered")),
    default=Value("planned"),
)


def delivery_rows(actor: Actor) -> Any:
    """The deliveries that this actor may see, as the register's columns."""
    return columns(
        Delivery.objects.visible_to(actor),
        handover.KIND,
        title="title",
        who="operation__owner__name",
        day=Coalesce("delivered_on", "planned_on"),
        state=STATE,
    )


def deliveries_due(actor: Actor) -> Any:
    """What awaits the owner of an operation: a réserve to have lifted, a survey to hand out, or
    the delivery itself; one line for each place, the first of them."""
    today = timezone.localdate()
    still = Reserve.objects.filter(delivery=OuterRef("pk"), lifted_on=None, due_on__isnull=False)
    answered = SurveyAnswer.objects.filter(survey=OuterRef("pk"))
    silent = Survey.objects.filter(
        ~Exists(answered), delivery=OuterRef("pk"), closes_on__gte=today
    ).order_by("opens_on")
    waits = Case(When(delivered_on=None, then=F("planned_on")), output_field=DateField())
    firsts = {
        "reserve_on": Subquery(still.order_by("due_on").values("due_on")[:1]),
        "survey_on": Subquery(silent.values("opens_on")[:1]),
        "delivery_on": waits,
    }
    dated = {name: Coalesce(found, NEVER) for name, found in firsts.items()}
    mine = (
        Delivery.objects.filter(access.DELIVERY.condition(actor, "edit"))
        .annotate(**dated)
        .annotate(first_on=Least("reserve_on", "survey_on", "delivery_on"))
        .filter(first_on__lt=NEVER)
    )
    what = Case(
        When(reserve_on=F("first_on"), then=Value(" : réserve à lever")),
        When(survey_on=F("first_on"), then=Value(" : enquête à distribuer")),
        default=Value(" : livraison prévue"),
    )
    return due_columns(
        mine,
        handover.KIND,
        title=Concat("title", what),
        who="operation__owner__name",
        state=STATE,
        due_on="first_on",
        owner="operation__owner_id",
    )


def deliveries_lying(where: Where) -> Any:
    """The deliveries of these places."""
    return Delivery.objects.filter(_lying(where, "")).values("pk")


def deliveries_to_see(actor: Actor, where: Where) -> Any:
    """What was delivered in these places and this actor may check."""
    mine = Delivery.objects.allowed(actor, "check").filter(delivered_on__isnull=False)
    return mine.filter(pk__in=deliveries_lying(where)).order_by().values("pk")


def checks_lying(where: Where) -> Any:
    """The checks of what was delivered there."""
    return DurabilityCheck.objects.filter(_lying(where, "delivery__")).values("pk")


def _lying(where: Where, prefix: str) -> Q:
    project = OuterRef(f"{prefix}operation__project_id")
    communes = RenewalProject.communes.through.objects.filter(
        renewalproject_id=project, commune_id__in=where.communes
    )
    quartiers = RenewalProject.quartiers.through.objects.filter(
        renewalproject_id=project, quartier_id__in=where.quartiers
    )
    homes = Operation.residences.through.objects.filter(
        operation_id=OuterRef(f"{prefix}operation_id"), residence_id__in=where.residences
    )
    here = {f"{prefix}residence_id__in": where.residences}
    return Q(Exists(communes)) | Q(Exists(quartiers)) | Q(Exists(homes)) | Q(**here)


CHECK_TITLE = Concat(
    "delivery__title",
    Value(" : vérification à "),
    Cast("year", output_field=Delivery._meta.get_field("title")),
    Case(When(year=1, then=Value(" an")), default=Value(" ans")),
)
CHECK_STATE = Case(
    When(worsened=True, then=Value("worsened")),
    When(done_on__isnull=False, then=Value("done")),
    default=Value("due"),
)


def check_rows(actor: Actor) -> Any:
    """The checks of what this actor follows, as the register's columns."""
    return columns(
        DurabilityCheck.objects.visible_to(actor),
        durability.KIND,
        title=CHECK_TITLE,
        who=Coalesce("by__name", "delivery__taker__name"),
        day=Coalesce("done_on", "due_on"),
        amount="cost",
        state=CHECK_STATE,
    )


def checks_due(actor: Actor) -> Any:
    """The checks to make: due to who manages the place, and to the owner of its operation."""
    built = F("delivery__operation__owner_id")
    return due_columns(
        DurabilityCheck.objects.allowed(actor, "make").filter(done_on=None),
        durability.KIND,
        title=CHECK_TITLE,
        who="delivery__taker__name",
        state=CHECK_STATE,
        due_on="due_on",
        owner=Case(
            When(delivery__operation__owner_id=actor.organisation_id or 0, then=built),
            default=F("delivery__taker_id"),
        ),
    )


def checks_awaiting(actor: Actor) -> Any:
    """The checks that found a place worse, while nothing was made of it."""
    return due_columns(
        durability.unanswered(DurabilityCheck.objects.visible_to(actor)),
        durability.KIND,
        title=CHECK_TITLE,
        who="delivery__taker__name",
        state=CHECK_STATE,
        due_on="done_on",
        owner="delivery__taker_id",
    )


def url_of_delivery(pk: int) -> str:
    """The page of a delivery."""
    return reverse("works:delivery", args=[pk])


def url_of_check(pk: int) -> str:
    """The page of a check."""
    return reverse("works:check", args=[pk])


register(
    Kind(
        code=handover.KIND,
        label="livraison",
        plural="livraisons",
        icon="key-round",
        url=url_of_delivery,
        rows=delivery_rows,
        state_labels=DELIVERY_STATES,
        due=deliveries_due,
        lies_in=deliveries_lying,
        checking=Checking(SEEN_WORDS, deliveries_to_see),
        sentences=DELIVERY_SENTENCES,
    )
)
register(
    Kind(
        code=durability.KIND,
        label="vérification dans la durée",
        plural="vérifications dans la durée",
        icon="clipboard-check",
        url=url_of_check,
        rows=check_rows,
        state_labels=CHECK_STATES,
        due=checks_due,
        awaits=checks_awaiting,
        lies_in=checks_lying,
        sentences=CHECK_SENTENCES,
    )
)
