"""Propositions of residents, who supports them, and the small projects that some become."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from parvis.actions.models import Action
from parvis.councils import proposition_access as access
from parvis.councils.body_models import Body, document_path
from parvis.councils.workflow import MicroState, PropositionState
from parvis.meetings.models import Sitting
from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier


def new_nonce() -> str:
    """What makes an author's link impossible to guess, beside the key."""
    return secrets.token_urlsafe(12)


class PropositionQuerySet(GuardedQuerySet["Proposition"]):
    policy = access.PROPOSITION


class Proposition(models.Model):
    """What somebody of a quartier would like to see done."""

    class Origin(models.TextChoices):
        ONLINE = "online", "déposée en ligne"
        DESK = "desk", "recueillie à un accueil"
        MEMBER = "member", "portée par un membre"

    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="+", verbose_name="quartier"
    )
    body = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="propositions",
        verbose_name="instance qui la suit",
    )
    origin = models.CharField(
        "origine", max_length=8, choices=Origin.choices, default=Origin.ONLINE
    )
    title = models.CharField("en une phrase", max_length=140)
    text = models.TextField("l’idée", max_length=3000)
    theme_code = models.CharField("thème", max_length=24, blank=True)
    state = models.CharField(
        "état", max_length=10, choices=PropositionState.choices, default=PropositionState.TO_REVIEW
    )
    at = models.DateTimeField("déposée le")
    nonce = models.CharField(max_length=24, default=new_nonce)
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True)
    reason = models.CharField("pourquoi elle n’est pas publiée", max_length=500, blank=True)
    answer = models.TextField("réponse", blank=True, max_length=4000)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    # People whose support was confirmed: kept when the digests of their addresses are erased.
    supporters = models.PositiveIntegerField("soutiens", default=0)
    # Signatures gathered on paper, as counted by who gathered them.
    on_paper = models.PositiveIntegerField("soutiens sur papier", default=0)

    objects = PropositionQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_refused_proposition_says_why",
                condition=~Q(state=PropositionState.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi : son auteur le lira.",
            )
        ]
        indexes = [
            models.Index(name="propositions_of_a_quartier", fields=["quartier", "state", "-at"])
        ]

    def __str__(self) -> str:
        return self.title


class PropositionContact(models.Model):
    """How to reach who made a proposition; erased with the last word back."""

    proposition = models.OneToOneField(
        Proposition, models.CASCADE, primary_key=True, related_name="contact"
    )
    name = models.CharField("nom", max_length=80, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    # The last thing said, by the code of its event, to who has a telephone and no address; emptied
    # once somebody called.
    to_tell = models.CharField(max_length=12, blank=True)
    told_at = models.DateTimeField("dernière nouvelle", null=True, blank=True)

    class Meta:
        verbose_name = "coordonnées de qui propose"

    def __str__(self) -> str:
        return str(self.proposition_id)


class Support(models.Model):
    """One person supports a proposition, once. Who, only a keyed digest of an address knows."""

    proposition = models.ForeignKey(Proposition, models.CASCADE, related_name="supports")
    # HMAC-SHA256 of the address and the proposition, hexadecimal: what a person supports here does
    # not tell what else they support.
    person = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    # The address was proved by the link sent to it; only then the support counts.
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "soutien d’une proposition"
        constraints = [
            models.UniqueConstraint(
                name="a_person_supports_a_proposition_once", fields=["proposition", "person"]
            )
        ]

    def __str__(self) -> str:
        return str(self.proposition_id)


class MicroProjectQuerySet(GuardedQuerySet["MicroProject"]):
    policy = access.MICRO_PROJECT


class MicroProject(models.Model):
    """A small project of residents with its budget, that a committee grants. Euros."""

    proposition = models.OneToOneField(
        Proposition, models.PROTECT, null=True, blank=True, related_name="micro_project"
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="micro_projects")
    title = models.CharField("titre", max_length=140)
    text = models.TextField("le projet", max_length=4000)
    carried_by = models.CharField("porté par", max_length=160)  # a group or an association
    fund = models.CharField("fonds", max_length=24)  # data/lists.toml
    # Whose fund it is: its committee decides.
    payer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="financé par"
    )
    asked = models.DecimalField("montant demandé", max_digits=9, decimal_places=2)
    granted = models.DecimalField(
        "montant accordé", max_digits=9, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(
        "état", max_length=10, choices=MicroState.choices, default=MicroState.PREPARED
    )
    submitted_at = models.DateTimeField("présenté le", null=True, blank=True)
    decided_on = models.DateField("décidé le", null=True, blank=True)
    sitting = models.ForeignKey(
        Sitting, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="comité"
    )
    reason = models.TextField("raisons de la décision", blank=True, max_length=2000)
    # The action of the plan by which it is followed, once granted.
    action = models.OneToOneField(
        Action, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="action"
    )
    account = models.TextField("ce qui a été fait", blank=True, max_length=4000)
    written_at = models.DateTimeField("écrit le")
    closed_at = models.DateTimeField("terminé le", null=True, blank=True)

    objects = MicroProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "projet d’habitants"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_micro_project_asks_for_something",
                condition=Q(asked__gt=0),
                violation_error_message="Donnez un montant.",
            ),
            models.CheckConstraint(
                name="a_granted_project_has_its_amount",
                condition=~Q(state__in=(MicroState.GRANTED, MicroState.DONE))
                | Q(granted__gt=0, decided_on__isnull=False),
                violation_error_message="Donnez le montant accordé et la date de la décision.",
            ),
            models.CheckConstraint(
                name="a_refused_project_says_why",
                condition=~Q(state=MicroState.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi il est refusé.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MicroExpense(models.Model):
    """What a small project of residents spent. Euros, two decimals."""

    project = models.ForeignKey(MicroProject, models.CASCADE, related_name="expenses")
    label = models.CharField("dépense", max_length=160)
    amount = models.DecimalField("montant", max_digits=9, decimal_places=2)
    spent_on = models.DateField("le")
    voucher = models.FileField("justificatif", upload_to=document_path, blank=True)

    class Meta:
        verbose_name = "dépense d’un projet d’habitants"
        ordering = ["spent_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_expense_of_a_micro_project_is_something",
                condition=Q(amount__gt=0),
                violation_error_message="Donnez un montant.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.amount}"
