"""How conventions of abatement stand on the thread, and what of them is due."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.partners.models import Agreement
from parvis.tfpb.alerts import REFUSED, SUSPENDED, labels, watched
from parvis.tfpb.convention_acts import KIND
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.convention_state import ConventionState, with_state
from parvis.thread.register import Kind, Where, columns, due_columns, register


def rows(actor: Actor) -> Any:
    """The conventions that this actor may see, as the register's columns."""
    return columns(
        with_state(Convention.objects.visible_to(actor)),
        KIND,
        title="agreement__title",
        who="landlord__name",
        day="agreement__starts_on",
        state="state",
    )


def due(actor: Actor) -> Any:
    """What conventions await, for who is to do it: the signature of each party that has not
    answered, the declaration and the programme of the landlord, and, for the coordination, a
    refusal. The coordination of the place sees what the others owe too."""
    ours = Q(agreement__signatures__organisation_id=actor.organisation_id) | Q(
        agreement__signatures__organisation__successor_id=actor.organisation_id
    )
    answering = ours & Q(pk__in=Convention.objects.allowed(actor, "sign").values("pk"))
    steered = Q(pk__in=Convention.objects.allowed(actor, "edit").values("pk"))
    # Whose signature stands for whose turn: the landlord's when it is suspended or signed by all,
    # the agglomération's when somebody refuses, or else those that are awaited.
    landlord = Q(agreement__signatures__organisation_id=F("landlord_id"))
    coordination = Q(agreement__signatures__organisation__kind="agglomeration")
    silent = Q(agreement__signatures__signed_on=None)
    whose = (
        (Q(suspended=True) & landlord)
        | (Q(suspended=False, refused=True) & coordination)
        | (Q(suspended=False, refused=False, awaited=True) & silent)
        | (Q(suspended=False, refused=False, awaited=False) & landlord)
    )
    # One row for each party that owes something.
    return due_columns(
        watched(Convention.objects.all()).filter(answering | steered, whose).filter(alert__gt=""),
        KIND,
        title="agreement__title",
        who="agreement__signatures__organisation__name",
        state="alert",
        due_on="alert_due_on",
        owner=Coalesce(
            "agreement__signatures__organisation__successor_id",
            "agreement__signatures__organisation_id",
        ),
    )


def awaits(actor: Actor) -> Any:
    """What only several organisations can settle: a refusal, a suspension."""
    return due_columns(
        watched(Convention.objects.visible_to(actor)).filter(alert__in=(REFUSED, SUSPENDED)),
        KIND,
        title="agreement__title",
        who="landlord__name",
        state="alert",
        due_on="alert_due_on",
        owner="landlord_id",
    )


def lies_in(where: Where) -> Any:
    """The conventions of these places."""
    communes = Agreement.communes.through.objects.filter(
        agreement_id=OuterRef("agreement_id"), commune_id__in=where.communes
    )
    quartiers = Agreement.quartiers.through.objects.filter(
        agreement_id=OuterRef("agreement_id"), quartier_id__in=where.quartiers
    )
    return Convention.objects.filter(Q(Exists(communes)) | Q(Exists(quartiers))).values("pk")


def url_of(pk: int) -> str:
    """The page of a convention."""
    return reverse("tfpb:convention", args=[pk])


register(
    Kind(
        code=KIND,
        label="convention d’abattement",
        plural="conventions d’abattement",
        icon="file-pen-line",
        url=url_of,
        rows=rows,
        state_labels=dict(ConventionState.choices) | labels(),
        due=due,
        awaits=awaits,
        lies_in=lies_in,
        sentences={
            "opened": "Convention préparée par {who}",
            "rewritten": "Convention modifiée par {who}",
            "amended": "Avenant préparé par {who}",
            "voted": "Délibération notée : {concerns}",
            "voted_back": "Délibération retirée : {concerns}",
            "signed": "Signature notée : {concerns}",
            "signed_back": "Signature retirée : {concerns}",
            "refused": "Refus de signer noté : {concerns}",
            "refused_back": "Refus de signer retiré : {concerns}",
            "declared": "Déclaration aux impôts notée par {who}",
            "filed": "Document déposé par {who}",
            "warning": "Mise en garde de {who}",
            "warning_lifted": "Mise en garde levée par {who}",
            "suspension": "Suspension dite par {who}",
            "suspension_lifted": "Suspension levée par {who}",
        },
    )
)
