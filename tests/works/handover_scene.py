"""What tests of handover build: a survey with answers, checks that were made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.partners.models import Organisation, User
from parvis.works.acts import durability, handover
from parvis.works.handover_models import Delivery, DurabilityCheck, Survey, SurveyAnswer
from parvis.works.models import Operation
from tests.cast import Cast
from tests.works.scene import a_delivery, an_operation, day


def minutes() -> ContentFile:
    """A procès-verbal."""
    return ContentFile(b"%PDF-1.7 pv", "pv.pdf")


def delivered(
    cast: Cast, *, days_ago: int = 100, operation: Operation | None = None, **fields: Any
) -> Delivery:
    """The square of Les Tilleuls, delivered by luc's landlord; surveys and checks are dated."""
    made = a_delivery(
        cast,
        operation or an_operation(cast),
        delivered_on=None,
        planned_on=day(-days_ago),
        **fields,
    )
    return handover.deliver(made, actor=cast.actor(cast.luc), delivered_on=day(-days_ago))


def taken(cast: Cast, *, days_ago: int = 100, **fields: Any) -> Delivery:
    """The same, which the town manages since."""
    made = delivered(cast, days_ago=days_ago, **fields)
    return handover.hand_over(
        made, actor=cast.actor(cast.luc), taken_on=day(10 - days_ago), minutes=minutes()
    )


def checked(
    cast: Cast,
    delivery: Delivery,
    year: int,
    condition: str = "bon",
    use: str = "prevu",
    *,
    person: User | None = None,
    **found: Any,
) -> DurabilityCheck:
    """karim's town looked at it again."""
    actor = cast.actor(person or cast.karim)
    return durability.make_check(
        delivery.checks.get(year=year),
        actor=actor,
        by=Organisation.objects.get(pk=actor.organisation_id or 0),
        done_on=timezone.localdate(),
        condition=condition,
        use=use,
        **found,
    )


def answered(survey: Survey, *marks: dict[str, int], closed: bool = True) -> Survey:
    """A survey that these answers came to; closed yesterday, or still open."""
    today = timezone.localdate()
    survey.opens_on = today - timedelta(days=40)
    survey.closes_on = today + timedelta(days=-1 if closed else 20)
    survey.save(update_fields=["opens_on", "closes_on"])
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(survey=survey, marks=one, channel="link", on=today - timedelta(days=10))
        for one in marks
    )
    return survey
