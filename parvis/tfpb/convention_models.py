"""Conventions of abatement: what they add to the agreement, its parties and its signatures."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from parvis.partners.models import Agreement, Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.tfpb import convention_access as access
from parvis.tfpb.law import Territory


class ConventionQuerySet(GuardedQuerySet["Convention"]):
    policy = access.CONVENTION


class Convention(models.Model):
    """A landlord's convention of abatement. Parties, signatures, communes, quartiers, dates and
    avenants are those of its agreement; an avenant has a convention of its own."""

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, related_name="+", verbose_name="convention"
    )
    landlord = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="bailleur"
    )
    # The contrat de ville that the landlord has signed too: the convention is annexed to it.
    contract = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="contrat de ville",
    )
    territory = models.CharField(
        "territoire",
        max_length=10,
        choices=[
            (Territory.METROPOLE.value, "France métropolitaine"),
            (Territory.OUTREMER.value, "outre-mer"),
        ],
        default=Territory.METROPOLE.value,
    )
    held_previous_year = models.BooleanField(
        "les logements avaient déjà l’abattement l’année d’avant", default=False
    )
    declared_on = models.DateField("déclarée aux impôts le", null=True, blank=True)
    # What the parties agreed for each rule of data/valuation.toml: allowed, justify or refused.
    valuation = models.JSONField("règles de valorisation", default=dict, blank=True)

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention d’abattement"
        ordering = ["-agreement__starts_on", "pk"]

    def __str__(self) -> str:
        return self.agreement.title

    def clean(self) -> None:
        """A landlord, and a contrat de ville, and nothing else in their places."""
        if self.landlord.kind != Organisation.Kind.BAILLEUR:
            raise ValidationError({"landlord": "Cette organisation n’est pas un bailleur."})
        if self.contract and self.contract.kind != Agreement.Kind.CONTRAT_DE_VILLE:
            raise ValidationError({"contract": "Choisissez un contrat de ville."})


class PaperQuerySet(GuardedQuerySet["ConventionPaper"]):
    policy = access.PAPER


class ConventionPaper(models.Model):
    """A document of a convention: its signed text, a deliberation, the declaration."""

    class Kind(models.TextChoices):
        TEXT = "text", "texte signé"
        DELIBERATION = "deliberation", "délibération"
        DECLARATION = "declaration", "déclaration aux impôts"
        ANNEX = "annex", "annexe"
        LETTER = "letter", "courrier"

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="papers")
    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    title = models.CharField("titre", max_length=160)
    file = models.FileField("fichier", upload_to="tfpb/conventions/%Y/")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’une convention d’abattement"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.title


class Caution(models.Model):
    """A mise en garde, or a suspension, of a landlord's abatement: from when, until when, why."""

    class Kind(models.TextChoices):
        WARNING = "warning", "mise en garde"
        SUSPENSION = "suspension", "suspension"

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="cautions")
    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    said_on = models.DateField("du")
    by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="par")
    reason = models.CharField("motif", max_length=1000)
    paper = models.ForeignKey(
        ConventionPaper,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document",
    )
    lifted_on = models.DateField("levée le", null=True, blank=True)
    lifted_because = models.CharField("pourquoi elle est levée", max_length=500, blank=True)

    class Meta:
        verbose_name = "mise en garde ou suspension"
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_caution_is_lifted_after_it_was_said",
                condition=Q(lifted_on=None) | Q(lifted_on__gte=F("said_on")),
                violation_error_message="La levée précède la mise en garde.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.said_on}"
