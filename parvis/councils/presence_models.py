"""Who was called to which sitting, what members spent, and what they learned."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parvis.councils import space_access as access
from parvis.councils.body_models import Body, Member, document_path
from parvis.councils.workflow import ExpenseState
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Sitting
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet


class PresenceQuerySet(GuardedQuerySet["Presence"]):
    policy = access.PRESENCE


class Presence(models.Model):
    """A member and a sitting: of their own body, or of an instance where they are référent."""

    class Answer(models.TextChoices):
        AWAITED = "awaited", "sans réponse"
        COMING = "coming", "sera là"
        EXCUSED = "excused", "excusé"

    member = models.ForeignKey(Member, models.CASCADE, related_name="presences")
    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="+")
    # Whether they are called as référent of a quartier, in an instance of others.
    as_referent = models.BooleanField("comme référent", default=False)
    invited_at = models.DateTimeField("invité le", null=True, blank=True)
    documents_at = models.DateTimeField("documents envoyés le", null=True, blank=True)
    answer = models.CharField(
        "réponse", max_length=8, choices=Answer.choices, default=Answer.AWAITED
    )
    came = models.BooleanField("présent", null=True, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence d’un membre"
        ordering = ["sitting", "member"]
        constraints = [
            models.UniqueConstraint(
                name="a_member_is_called_once_to_a_sitting", fields=["member", "sitting"]
            )
        ]
        indexes = [models.Index(name="presences_of_a_sitting", fields=["sitting", "came"])]

    def __str__(self) -> str:
        return f"{self.member_id} · {self.sitting_id}"


class ExpenseQuerySet(GuardedQuerySet["Expense"]):
    policy = access.EXPENSE


class Expense(models.Model):
    """What a member paid to take part, and whether it was paid back. Euros, two decimals."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="expenses")
    kind = models.CharField("nature", max_length=24)  # data/lists.toml: travel, childcare...
    label = models.CharField("pour quoi", max_length=160)
    amount = models.DecimalField("montant", max_digits=8, decimal_places=2)
    spent_on = models.DateField("le")
    presence = models.ForeignKey(
        Presence, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="séance"
    )
    voucher = models.FileField("justificatif", upload_to=document_path, blank=True)
    state = models.CharField(
        "état", max_length=8, choices=ExpenseState.choices, default=ExpenseState.CLAIMED
    )
    # Who is to pay it back: the structure porteuse or the agglomération.
    payer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="remboursé par"
    )
    reason = models.CharField("motif du refus", max_length=300, blank=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    paid_on = models.DateField("remboursé le", null=True, blank=True)
    at = models.DateTimeField("demandé le")

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = "frais d’un membre"
        ordering = ["-spent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_expense_is_something",
                condition=Q(amount__gt=0),
                violation_error_message="Donnez un montant.",
            ),
            models.CheckConstraint(
                name="a_refused_expense_says_why",
                condition=~Q(state=ExpenseState.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi ces frais sont refusés.",
            ),
            models.CheckConstraint(
                name="a_paid_expense_has_its_day",
                condition=Q(state=ExpenseState.PAID, paid_on__isnull=False)
                | (~Q(state=ExpenseState.PAID) & Q(paid_on=None)),
                violation_error_message="Donnez le jour du remboursement.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.amount}"


class TrainingOfferQuerySet(GuardedQuerySet["TrainingOffer"]):
    policy = access.TRAINING


class TrainingOffer(models.Model):
    """A training open to members of the bodies of an agglomération."""

    coordinator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="proposée par"
    )
    title = models.CharField("titre", max_length=160)
    provider = models.CharField("formateur", max_length=160, blank=True)
    summary = models.TextField("programme", blank=True, max_length=3000)
    gathering = models.OneToOneField(
        Gathering, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="date"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    place = models.CharField("lieu", max_length=200, blank=True)
    hours = models.DecimalField("durée, en heures", max_digits=5, decimal_places=1)
    seats = models.PositiveSmallIntegerField("places", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = TrainingOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "formation proposée aux membres"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_training_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="a_training_lasts_some_time",
                condition=Q(hours__gt=0),
                violation_error_message="Donnez une durée.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingFollowed(models.Model):
    """A member asked to follow a training, and followed it or not."""

    offer = models.ForeignKey(TrainingOffer, models.CASCADE, related_name="followed")
    member = models.ForeignKey(Member, models.CASCADE, related_name="trainings")
    asked_at = models.DateTimeField("demandée le")
    came = models.BooleanField("suivie", null=True, blank=True)

    class Meta:
        verbose_name = "formation d’un membre"
        ordering = ["offer", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_member_asks_once_for_a_training", fields=["offer", "member"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} · {self.member_id}"


class DueDocumentQuerySet(GuardedQuerySet["DueDocument"]):
    policy = access.DUE_DOCUMENT


class DueDocument(models.Model):
    """A document that an institution owes to a body: the diagnosis, the programming of a year."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="due_documents")
    kind = models.CharField("nature", max_length=24)  # data/lists.toml
    title = models.CharField("titre", max_length=200)
    owed_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="dû par"
    )
    due_on = models.DateField("dû le")
    received_on = models.DateField("reçu le", null=True, blank=True)
    file = models.FileField("fichier", upload_to=document_path, blank=True)

    objects = DueDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document dû à une instance"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class NetworkTopicQuerySet(GuardedQuerySet["NetworkTopic"]):
    policy = access.TOPIC


class NetworkTopic(models.Model):
    """A subject that référents of an agglomération talk about among themselves."""

    coordinator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="agglomération"
    )
    title = models.CharField("sujet", max_length=160)
    opened_at = models.DateTimeField("ouvert le")
    moved_at = models.DateTimeField("dernier message le")
    closed_at = models.DateTimeField("clos le", null=True, blank=True)

    objects = NetworkTopicQuerySet.as_manager()

    class Meta:
        verbose_name = "sujet du réseau des référents"
        ordering = ["-moved_at", "-pk"]
        indexes = [models.Index(name="topics_of_a_network", fields=["coordinator", "-moved_at"])]

    def __str__(self) -> str:
        return self.title


class NetworkMessage(models.Model):
    """What one of them wrote under a subject, with a file perhaps."""

    topic = models.ForeignKey(NetworkTopic, models.CASCADE, related_name="messages")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    body = models.ForeignKey(
        Body, models.SET_NULL, null=True, related_name="+", verbose_name="instance"
    )
    text = models.TextField("message", max_length=4000)
    file = models.FileField("document", upload_to=document_path, blank=True)
    file_name = models.CharField("nom du document", max_length=160, blank=True)
    at = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "message du réseau des référents"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.topic_id}, {self.at:%d/%m/%Y}"
