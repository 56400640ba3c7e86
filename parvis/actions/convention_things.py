"""How conventions de GUP and their pledges stand on the thread."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from parvis.actions import convention_access as access
from parvis.actions.convention_models import Convention, Pledge
from parvis.actions.pledges_on_foot import WORDS, keep_seen, pledges_to_see
from parvis.actions.pledging import CONVENTION, PLEDGE
from parvis.partners.actors import Actor
from parvis.partners.models import Agreement
from parvis.thread.register import Checking, Kind, Where, columns, due_columns, register

BROKEN = (Pledge.State.LATE, Pledge.State.UNKEPT)


def convention_rows(actor: Actor) -> Any:
    """The conventions that this actor may see, as the register's columns."""
    return columns(
        Convention.objects.visible_to(actor),
        CONVENTION,
        title="agreement__title",
        day="agreement__starts_on",
    )


def pledge_rows(actor: Actor) -> Any:
    """The pledges that this actor may see; how they are kept, for those who signed."""
    return columns(
        Pledge.objects.visible_to(actor),
        PLEDGE,
        title="task",
        who="organisation__name",
        day="checked_on" if actor.is_partner else None,
        state="state" if actor.is_partner else "",
    )


def pledges_due(actor: Actor) -> Any:
    """The pledges that their organisation is late with or does not keep; the others, for the
    coordination that is to check them by a day."""
    today = timezone.localdate()
    ours = access.PLEDGE.condition(actor, "keep") & Q(state__in=BROKEN)
    to_check = access.PLEDGE.condition(actor, "check") & Q(next_check_on__isnull=False)
    return due_columns(
        Pledge.objects.running(today).filter(ours | to_check),
        PLEDGE,
        title="task",
        who="organisation__name",
        state="state",
        due_on=Coalesce("next_check_on", "checked_on"),
        owner=Case(
            When(state__in=BROKEN, then=F("organisation_id")),
            default=Value(actor.organisation_id),
            output_field=BigIntegerField(null=True),
        ),
    )


def pledges_awaiting(actor: Actor) -> Any:
    """The pledges that are not kept: the next meeting is to speak of them."""
    unkept = Pledge.objects.allowed(actor, "follow").filter(state=Pledge.State.UNKEPT)
    return due_columns(
        unkept.filter(pk__in=Pledge.objects.running(timezone.localdate()).values("pk")),
        PLEDGE,
        title="task",
        who="organisation__name",
        day="checked_on",
        state="state",
        due_on="next_check_on",
        owner="organisation_id",
    )


def _agreements_of(where: Where) -> Any:
    communes = Agreement.communes.through.objects.filter(
        agreement_id=OuterRef("pk"), commune_id__in=where.communes
    )
    quartiers = Agreement.quartiers.through.objects.filter(
        agreement_id=OuterRef("pk"), quartier_id__in=where.quartiers
    )
    return Agreement.objects.filter(Q(Exists(communes)) | Q(Exists(quartiers))).values("pk")


def conventions_lying(where: Where) -> Any:
    """The conventions of these places."""
    return Convention.objects.filter(agreement__in=_agreements_of(where)).values("pk")


def pledges_lying(where: Where) -> Any:
    """The pledges of the conventions of these places."""
    return Pledge.objects.filter(convention__agreement__in=_agreements_of(where)).values("pk")


def offered_pledges(actor: Actor, where: Where) -> Any:
    """The pledges that this actor may have checked on the spot in these places."""
    return pledges_to_see(actor, pledges_lying(where))


def url_of_convention(pk: int) -> str:
    """The page of a convention."""
    return reverse("actions:convention", args=[pk])


def url_of_pledge(pk: int) -> str:
    """The page of a pledge."""
    return reverse("actions:pledge", args=[pk])


register(
    Kind(
        code=CONVENTION,
        label="convention de GUP",
        plural="conventions de GUP",
        icon="handshake",
        url=url_of_convention,
        rows=convention_rows,
        lies_in=conventions_lying,
        sentences={
            "opened": "Convention préparée par {who}",
            "rewritten": "Convention complétée par {who}",
            "published": "Convention publiée",
            "ground": "Espace confié à {concerns}",
        },
    )
)
register(
    Kind(
        code=PLEDGE,
        label="engagement",
        plural="engagements",
        icon="handshake",
        url=url_of_pledge,
        rows=pledge_rows,
        state_labels=dict(Pledge.State.choices),
        due=pledges_due,
        awaits=pledges_awaiting,
        lies_in=pledges_lying,
        checking=Checking(WORDS, offered_pledges, keep_seen),
        sentences={
            "pledged": "Engagement pris par {concerns}",
            "changed": "Engagement corrigé par {who}",
            "checked": "Vérifié par {who} : {new}",
        },
    )
)
