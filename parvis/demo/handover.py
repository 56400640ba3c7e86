"""What the works of the demonstration delivered, what residents say of it, and how it lasts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from parvis.actions.models import Action
from parvis.documents.pdf import make_pdf
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.acts import link, record
from parvis.ui.words import day_in_words
from parvis.works.acts import appropriation, durability, handover, surveys
from parvis.works.models import Delivery, GroundChange, Operation, Survey, SurveyAnswer
from parvis.works.sorting import lines

if TYPE_CHECKING:
    from parvis.demo.works import Ground

QUESTIONS = "question"


def load_deliveries(
    rows: list[dict[str, Any]],
    operations: dict[str, Operation],
    grounds: dict[str, GroundChange],
    ground: Ground,
) -> list[Delivery]:
    """Deliver, hand over, ask residents and check, as data/works.toml tells."""
    made = []
    for row in rows:
        delivery = _deliver(row, operations[row["operation"]], grounds, ground)
        _appropriate(delivery, row, ground)
        for months, answers in row["answers"].items():
            _ask(delivery.surveys.get(months=months), answers, ground)
        for line in row["checks"]:
            _check(delivery, line, ground)
        if "action" in row:
            _act(delivery, row["action"], ground.actor, ground.moment(row["checks"][-1][1] + 12))
        made.append(delivery)
    return made


def _deliver(
    row: dict[str, Any], operation: Operation, grounds: dict[str, GroundChange], ground: Ground
) -> Delivery:
    actor, where = ground.actor, [row["residence"]] if "residence" in row else []
    delivery = handover.plan_delivery(
        operation,
        actor=actor,
        now=ground.moment(row["delivered"] - 90),
        title=row["title"],
        kind=row["kind"],
        taker=ground.who(row["taker"], where),
        ground=grounds.get(row.get("ground", "")),
        residence=ground.homes[where[0]] if where else None,
        planned_on=ground.day(row["delivered"]),
        planned_use=row["use"],
        planned_cost=Decimal(row["cost"]) if "cost" in row else None,
    )
    delivery = handover.deliver(
        delivery,
        actor=actor,
        delivered_on=ground.day(row["delivered"]),
        now=ground.moment(row["delivered"]),
    )
    for text, place, firm, found, due, lifted in row["reserves"]:
        reserve = handover.note_reserve(
            delivery,
            actor=actor,
            now=ground.moment(found),
            text=text,
            place=place,
            firm=firm,
            found_on=ground.day(found),
            due_on=ground.day(due),
        )
        if lifted:
            day, at = ground.day(lifted), ground.moment(lifted)
            handover.lift_reserve(reserve, actor=actor, lifted_on=day, now=at)
    if "taken" in row:
        taken_on = ground.day(row["taken"])
        delivery = handover.hand_over(
            delivery,
            actor=actor,
            taken_on=taken_on,
            minutes=_minutes(delivery, taken_on),
            now=ground.moment(row["taken"]),
        )
    return delivery


def _minutes(delivery: Delivery, taken_on: date) -> ContentFile:
    """A procès-verbal that says that it is invented."""
    content = make_pdf(
        "demo/minutes",
        {
            "place": delivery.title,
            "delivered": day_in_words(delivery.delivered_on or taken_on),
            "taken": day_in_words(taken_on),
            "owner": delivery.operation.owner.name,
            "taker": delivery.taker.name,
        },
        title="Procès-verbal de remise en gestion (exemple)",
    )
    return ContentFile(content, "proces-verbal.pdf")


def _appropriate(delivery: Delivery, row: dict[str, Any], ground: Ground) -> None:
    for title, url in row["guides"]:
        appropriation.give_guide(delivery, title=title, url=url)
    for starts, ends, offered, made, by, note in row["visits"]:
        appropriation.note_visits(
            delivery,
            actor=ground.actor,
            now=ground.moment(ends),
            starts_on=ground.day(starts),
            ends_on=ground.day(ends),
            offered=offered,
            made=made,
            by=by,
            note=note,
        )
    for one in Gathering.objects.filter(title__in=row["workshops"]).order_by("pk"):
        appropriation.attach_gathering(delivery, one, actor=ground.actor)


def _ask(survey: Survey, answers: list[str], ground: Ground) -> None:
    """Each answer is one figure by question; one in three came on paper. Then it is published."""
    asked = list(lines(QUESTIONS))
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            survey=survey,
            marks={code: int(mark) for code, mark in zip(asked, marks, strict=True)},
            channel="paper" if number % 3 == 2 else "link",
            on=survey.opens_on + timedelta(days=3 + number),
        )
        for number, marks in enumerate(answers)
    )
    closed = ground.moment((survey.closes_on - ground.today).days + 7)
    surveys.publish_survey(survey, actor=ground.actor, shown=True, now=min(closed, ground.now))


def _check(delivery: Delivery, line: list[Any], ground: Ground) -> None:
    year, days, condition, use, note, damage, reports, cost = line
    durability.make_check(
        delivery.checks.get(year=year),
        actor=ground.actor,
        by=Organisation.objects.get(pk=delivery.taker_id),
        done_on=ground.day(days),
        now=ground.moment(days),
        condition=condition,
        use=use,
        note=note,
        damage=damage,
        reports=reports,
        cost=Decimal(cost),
    )


def _act(delivery: Delivery, title: str, actor: Actor, at: datetime) -> None:
    """The check that got worse led to an action of the plan."""
    worse = delivery.checks.filter(worsened=True).order_by("-year").first()
    action = Action.objects.filter(title=title).first()
    if worse is not None and action is not None:
        link(actor, (durability.KIND, worse.pk), ("action", action.pk))
        record(actor, durability.KIND, worse.pk, "acted", public=False, at=at)
