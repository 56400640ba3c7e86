"""What was spent, what proves it, what became of each line, and the account of the year."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.tfpb import bilan_access as access
from parvis.tfpb.money import euros
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.spending_periods import period_in_words
from parvis.tfpb.workflow import BilanState


class LineReview(models.Model):
    """What became of a line, as its landlord says in the bilan."""

    class Done(models.TextChoices):
        DONE = "done", "réalisée"
        PARTLY = "partly", "réalisée en partie"
        POSTPONED = "postponed", "reportée"
        CANCELLED = "cancelled", "annulée"

    line = models.OneToOneField(Line, models.CASCADE, related_name="review")
    done = models.CharField("état", max_length=10, choices=Done.choices)
    comment = models.TextField("commentaire", blank=True, max_length=2000)
    indicators = models.CharField("indicateurs", max_length=500, blank=True)

    class Meta:
        verbose_name = "état d’une ligne au bilan"

    def __str__(self) -> str:
        return f"{self.line} : {self.get_done_display()}"


class Spending(models.Model):
    """What a line has cost over a period: one total is enough."""

    class Source(models.TextChoices):
        TYPED = "typed", "saisie"
        IMPORTED = "imported", "extrait comptable"

    line = models.ForeignKey(Line, models.PROTECT, related_name="spendings")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    amount = euros("dépense réalisée")
    own_funding = euros("financement du bailleur", default=Decimal(0))
    other_funding = euros("autre financement", default=Decimal(0))
    valued = euros("dépense valorisée TFPB", default=Decimal(0))
    quantity = models.DecimalField(
        "quantité réalisée", max_digits=12, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.TYPED)
    # The entry's own number in the accounts, so that an extract read twice counts once.
    reference = models.CharField("référence comptable", max_length=60, blank=True)
    note = models.CharField("remarque", max_length=300, blank=True)
    at = models.DateTimeField("saisie le")

    class Meta:
        verbose_name = "dépense réalisée"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_spending_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la période précède son début.",
            ),
            models.CheckConstraint(
                name="a_spending_is_not_negative",
                condition=Q(amount__gte=0, own_funding__gte=0, other_funding__gte=0, valued__gte=0),
                violation_error_message="Une dépense n’est pas négative.",
            ),
            models.UniqueConstraint(
                name="an_accounting_entry_counts_once",
                fields=["line", "reference"],
                condition=~Q(reference=""),
                violation_error_message="Cette écriture comptable est déjà comptée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} €"

    @property
    def period(self) -> str:
        """Over which period, in words."""
        return period_in_words(self.starts_on, self.ends_on)


class VoucherQuerySet(GuardedQuerySet["Voucher"]):
    policy = access.VOUCHER


class Voucher(models.Model):
    """A proof of spending that a party asks for by sample, and that the landlord gives."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="vouchers")
    asked_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="demandé par"
    )
    asked_at = models.DateTimeField()
    note = models.CharField("ce qui est demandé", max_length=300)
    title = models.CharField("pièce", max_length=160, blank=True)
    file = models.FileField("fichier", upload_to="tfpb/justificatifs/%Y/", blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = "justificatif"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_voucher_that_was_given_has_its_file",
                condition=Q(given_at=None) | ~Q(file=""),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.note


class FieldCheckQuerySet(GuardedQuerySet["FieldCheck"]):
    policy = access.FIELD_CHECK


class FieldCheck(models.Model):
    """Somebody went and looked: what a line pays for was seen there, or was not."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="field_checks")
    on = models.DateField("le")
    seen = models.BooleanField("vu sur place")
    note = models.CharField("ce qui a été constaté", max_length=500, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="constaté par"
    )
    # A cleaned picture without anybody in it; none is fine.
    file = models.FileField("photo", upload_to="tfpb/constats/%Y/%m/", blank=True)
    width = models.PositiveIntegerField(default=0)  # pixels
    height = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    objects = FieldCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "constat sur place"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return "vu" if self.seen else "non vu"


class Bilan(models.Model):
    """The account of a programme once its year is over."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="bilan")
    state = models.CharField(
        "état", max_length=10, choices=BilanState.choices, default=BilanState.TO_WRITE
    )
    worked = models.TextField("ce qui a marché", blank=True, max_length=4000)
    difficulties = models.TextField("difficultés rencontrées", blank=True, max_length=4000)
    prospects = models.TextField("suites", blank=True, max_length=4000)
    # What residents read.
    summary = models.TextField("résumé pour tous", blank=True, max_length=2000)
    sent_at = models.DateTimeField("transmis le", null=True, blank=True)
    moved_at = models.DateTimeField("dernier passage")

    class Meta:
        verbose_name = "bilan TFPB"

    def __str__(self) -> str:
        return f"Bilan · {self.programme}"


class BilanWord(models.Model):
    """A question, a reservation or a contestation of a party, and the landlord's answer."""

    class Kind(models.TextChoices):
        QUESTION = "question", "question"
        RESERVATION = "reservation", "réserve"
        CONTEST = "contest", "contestation"

    bilan = models.ForeignKey(Bilan, models.CASCADE, related_name="words")
    line = models.ForeignKey(Line, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    text = models.TextField("texte", max_length=3000)
    at = models.DateTimeField()
    answer = models.TextField("réponse du bailleur", blank=True, max_length=3000)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "question sur un bilan"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
