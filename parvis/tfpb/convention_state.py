"""Where a convention stands: derived from its signatures, its declaration and its cautions, never
typed. The rule lives here once, in SQL: lists filter by it and pages read it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.partners.models import Signature
from parvis.tfpb.convention_models import Caution, Convention

COUNCILS = ("commune", "agglomeration")  # whose council votes before it signs


class ConventionState(models.TextChoices):
    """From a draft to its last day."""

    PROJECT = "project", "projet"
    VOTED = "voted", "délibérée"
    SIGNING = "signing", "en signature"
    SIGNED = "signed", "signée"
    DECLARED = "declared", "déclarée aux impôts"
    REFUSED = "refused", "refusée"
    SUSPENDED = "suspended", "suspendue"
    EXPIRED = "expired", "échue"


S = ConventionState
TONES = {
    S.PROJECT: "",
    S.VOTED: "soon",
    S.SIGNING: "soon",
    S.SIGNED: "soon",
    S.DECLARED: "done",
    S.REFUSED: "late",
    S.SUSPENDED: "late",
    S.EXPIRED: "",
}
# What its parties have all signed.
IN_FORCE = (S.SIGNED, S.DECLARED)


def with_state(rows: Any, on: date | None = None) -> Any:
    """These conventions with what their state is made of that day, and `state` itself.

    `parties` and `signed`: how many there are, and have signed; `last_signed`: the day of the last
    signature; `begun`, `awaited`: somebody has signed, somebody has not. Conditions read what
    exists and count nothing: SQL writes an annotation again wherever another one names it.
    """
    on = on or timezone.localdate()
    signatures = Signature.objects.filter(agreement_id=OuterRef("agreement_id"))
    signed = signatures.filter(signed_on__isnull=False)
    councils = signatures.filter(organisation__kind__in=COUNCILS)
    return rows.annotate(
        parties=_number(signatures),
        signed=_number(signed),
        last_signed=Subquery(_grouped(signed, Max("signed_on")), output_field=DateField()),
        begun=Exists(signed),
        awaited=Exists(signatures.filter(signed_on=None)),
        refused=Exists(signatures.filter(refused_on__isnull=False)),
        suspended=Exists(suspensions(on)),
        voted_by_all=Exists(councils) & ~Exists(councils.filter(voted_on=None)),
    ).annotate(
        state=Case(
            When(agreement__ends_on__lt=on, then=Value(S.EXPIRED)),
            When(suspended=True, then=Value(S.SUSPENDED)),
            When(refused=True, then=Value(S.REFUSED)),
            When(Q(begun=True, awaited=False, declared_on__lte=on), then=Value(S.DECLARED)),
            When(Q(begun=True, awaited=False), then=Value(S.SIGNED)),
            When(begun=True, then=Value(S.SIGNING)),
            When(voted_by_all=True, then=Value(S.VOTED)),
            default=Value(S.PROJECT),
            output_field=CharField(),
        )
    )


def suspensions(on: date) -> Any:
    """In a subquery: the suspensions of a convention that hold that day."""
    said = Caution.objects.filter(
        convention_id=OuterRef("pk"), kind=Caution.Kind.SUSPENSION, said_on__lte=on
    )
    return said.filter(Q(lifted_on=None) | Q(lifted_on__gt=on)).order_by("said_on")


def current(rows: Any) -> Any:
    """Among these, those that no later avenant, signed by all its parties, has replaced."""
    awaited = Signature.objects.filter(agreement_id=OuterRef("agreement_id"), signed_on=None)
    anybody = Signature.objects.filter(agreement_id=OuterRef("agreement_id"))
    later = Convention.objects.filter(
        Q(agreement__amends_id=OuterRef("agreement_id"))
        | Q(agreement__amends_id=OuterRef("agreement__amends_id")),
        ~Exists(awaited),
        Exists(anybody),
        agreement_id__gt=OuterRef("agreement_id"),
    )
    return rows.filter(~Exists(later))


def words_of(convention: Any) -> str:
    """The state in words, with how many have signed; read `with_state`."""
    label = str(S(convention.state).label)
    if convention.state == S.SIGNING:
        return f"{label} ({convention.signed}/{convention.parties})"
    return label


def refused_by(signatures: list[Signature]) -> list[str]:
    """Who refuses to sign, by name."""
    return [one.organisation.name for one in signatures if one.refused_on is not None]


def _number(signatures: Any) -> Any:
    return Coalesce(Subquery(_grouped(signatures, Count("pk")), output_field=IntegerField()), 0)


def _grouped(signatures: Any, of: Any) -> Any:
    return signatures.order_by().values("agreement_id").annotate(found=of).values("found")
