"""Bodies of participation, their colleges and seats, their members and the terms these hold."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.councils import body_access as access
from parvis.councils.periods import NoOverlap
from parvis.councils.workflow import TermEnd
from parvis.partners.models import Agreement, Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier


def document_path(document: Any, filename: str) -> str:
    """Where a file of this room is kept: under a name that tells nothing."""
    return f"councils/{uuid4().hex}{PurePosixPath(filename).suffix.lower()}"


class BodyQuerySet(GuardedQuerySet["Body"]):
    policy = access.BODY


class Body(models.Model):
    """A body of participation: a conseil citoyen, a table de quartier, a collectif."""

    # Its members and its animator act for this organisation, of kind participation.
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="+", verbose_name="organisation"
    )
    coordinator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="agglomération"
    )
    # What it is and by which rules, by their codes in data/regimes.toml.
    form = models.CharField("forme", max_length=24)
    regime = models.CharField("régime", max_length=24)
    # Since when by these rules; empty: since its creation.
    regime_on = models.DateField("sous ce régime depuis le", null=True, blank=True)
    quartiers = models.ManyToManyField(Quartier, related_name="+", verbose_name="quartiers")
    agreement = models.ForeignKey(
        Agreement,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="contrat de ville",
    )
    carrier = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="structure porteuse",
    )
    presentation = models.TextField("présentation pour tous", blank=True, max_length=4000)
    contact = models.CharField("comment la joindre", max_length=200, blank=True)
    created_on = models.DateField("créée le")
    closed_on = models.DateField("dissoute le", null=True, blank=True)
    # Means: the law wants a place and money of its own to be written down.
    room = models.CharField("local", max_length=200, blank=True)
    budget = models.DecimalField(
        "budget annuel", max_digits=10, decimal_places=2, null=True, blank=True
    )
    budget_source = models.CharField("d’où vient ce budget", max_length=200, blank=True)
    fund = models.CharField("fonds pour les habitants", max_length=200, blank=True)
    rules_file = models.FileField("règlement intérieur", upload_to=document_path, blank=True)
    rules_on = models.DateField("règlement adopté le", null=True, blank=True)
    # How long a term lasts here, in months; empty: the contrat de ville sets none.
    term_months = models.PositiveSmallIntegerField(
        "durée du mandat, en mois", null=True, blank=True
    )
    # Nobody types who was elected: somebody looks at who sits, and says so on that day.
    no_elected_on = models.DateField("aucun élu ne siège, vérifié le", null=True, blank=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = "instance de participation"
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_body_ends_after_it_begins",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("created_on")),
                violation_error_message="La fin précède la création.",
            ),
            models.CheckConstraint(
                name="the_budget_of_a_body_is_not_negative",
                condition=Q(budget=None) | Q(budget__gte=0),
                violation_error_message="Un budget n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class Recognition(models.Model):
    """An act that recognises a body and its composition, where its regime knows one."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="recognitions")
    number = models.CharField("numéro de l’arrêté", max_length=60, blank=True)
    signed_on = models.DateField("signé le")
    authority = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="par"
    )
    note = models.CharField("ce qu’il fixe", max_length=300, blank=True)
    file = models.FileField("arrêté", upload_to=document_path, blank=True)

    class Meta:
        verbose_name = "acte de reconnaissance"
        ordering = ["signed_on", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.signed_on:%d/%m/%Y}".strip()


class College(models.Model):
    """A part of a body whose seats are of one kind: residents, or associations and actors."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="colleges")
    code = models.CharField("collège", max_length=24)  # data/regimes.toml

    class Meta:
        verbose_name = "collège"
        ordering = ["body", "-code", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_college_stands_once_in_a_body", fields=["body", "code"])
        ]

    def __str__(self) -> str:
        return self.code


class CouncilSeat(models.Model):
    """A seat of a college, held for a term by one member at a time."""

    class Kind(models.TextChoices):
        TITULAIRE = "titulaire", "titulaire"
        SUPPLEANT = "suppleant", "suppléant"

    college = models.ForeignKey(College, models.CASCADE, related_name="seats")
    kind = models.CharField("nature", max_length=10, choices=Kind.choices, default=Kind.TITULAIRE)
    number = models.PositiveSmallIntegerField("numéro")
    # The quartier that a seat is for, in a body that covers several.
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quartier"
    )
    closed_on = models.DateField("supprimé le", null=True, blank=True)

    class Meta:
        verbose_name = "siège d’une instance de participation"
        ordering = ["college", "-kind", "number"]
        constraints = [
            models.UniqueConstraint(
                name="a_seat_is_numbered_once", fields=["college", "kind", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class MemberQuerySet(GuardedQuerySet["Member"]):
    policy = access.MEMBER


class Member(models.Model):
    """Somebody who sits in a body. Their name and how to reach them stand in a row of their own."""

    class Shown(models.TextChoices):
        NOTHING = "nothing", "rien"
        FIRST_NAME = "first_name", "mon prénom"
        NAME = "name", "mon prénom et mon nom"

    body = models.ForeignKey(Body, models.CASCADE, related_name="members")
    number = models.PositiveIntegerField("numéro")  # in the body: what stands for a hidden name
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compte"
    )
    # For whom a member of the actors' college sits.
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="pour le compte de",
    )
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quartier"
    )
    origin = models.CharField("origine", max_length=24)  # data/regimes.toml: draw, volunteer...
    # What a member lets everybody read; nothing until they say so.
    shown = models.CharField(
        "montré au public", max_length=12, choices=Shown.choices, default=Shown.NOTHING
    )
    # For parity and balance; a member may leave them empty.
    sex = models.CharField("sexe", max_length=1, blank=True)  # F, H or empty
    age_band = models.CharField("tranche d’âge", max_length=12, blank=True)
    # From that day on their contact is kept for a while, when they never hold a seat.
    added_on = models.DateField("ajouté le", default=timezone.localdate)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "membre d’une instance"
        ordering = ["body", "number"]
        constraints = [
            models.UniqueConstraint(
                name="a_member_has_one_number_in_a_body", fields=["body", "number"]
            ),
            models.UniqueConstraint(
                name="an_account_is_one_member_of_a_body",
                fields=["body", "user"],
                condition=Q(user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"membre n° {self.number}"

    @property
    def public_name(self) -> str:
        """What everybody may read of them: what they chose, or a number."""
        contact = getattr(self, "contact", None)
        if contact is None or self.shown == self.Shown.NOTHING:
            return str(self)
        if self.shown == self.Shown.NAME:
            return f"{contact.first_name} {contact.last_name}".strip()
        return str(contact.first_name)

    @property
    def name(self) -> str:
        """How the body calls them among themselves; never for others."""
        contact = getattr(self, "contact", None)
        if contact is None:
            return str(self)
        return f"{contact.first_name} {contact.last_name}".strip() or str(self)


class MemberContact(models.Model):
    """Who a member is and how to reach them; erased a year after their last term."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="contact")
    first_name = models.CharField("prénom", max_length=60)
    last_name = models.CharField("nom", max_length=60, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)

    class Meta:
        verbose_name = "coordonnées d’un membre"

    def __str__(self) -> str:
        return str(self.member_id)


class TermQuerySet(models.QuerySet["Term"]):
    def on(self, day: date) -> TermQuerySet:
        """Terms that run on that day, both ends included."""
        return self.lasting(day).filter(starts_on__lte=day)

    def lasting(self, day: date) -> TermQuerySet:
        """Terms that are not over by that day, those to come included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Term(models.Model):
    """A member holds a seat between two days, both included."""

    seat = models.ForeignKey(CouncilSeat, models.PROTECT, related_name="terms")
    member = models.ForeignKey(Member, models.PROTECT, related_name="terms")
    # The rules that hold for this term, even when the body has gone over to others since.
    regime = models.CharField("régime", max_length=24)
    starts_on = models.DateField("du")
    expires_on = models.DateField("prévu jusqu’au", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    reason = models.CharField("pourquoi", max_length=12, choices=TermEnd.choices, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat dans une instance"
        ordering = ["seat", "starts_on"]
        constraints = [
            NoOverlap(
                name="a_seat_is_held_by_one_member_at_a_time",
                fields=("seat",),
                violation_error_message="Ce siège est déjà occupé à cette date.",
            ),
            NoOverlap(
                name="a_member_holds_one_seat_at_a_time",
                fields=("member",),
                violation_error_message="Cette personne occupe déjà un siège à cette date.",
            ),
            models.CheckConstraint(
                name="a_term_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du mandat précède son début.",
            ),
            models.CheckConstraint(
                name="a_term_that_ended_says_why",
                condition=Q(ends_on=None, reason="") | (Q(ends_on__isnull=False) & ~Q(reason="")),
                violation_error_message="Dites pourquoi le mandat se termine.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} · {self.starts_on:%d/%m/%Y}"


class BodyNoteQuerySet(GuardedQuerySet["BodyNote"]):
    policy = access.NOTE


class BodyNote(models.Model):
    """What a body writes for itself: a draft, a debate, notes. Nobody else reads it."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="notes")
    title = models.CharField("titre", max_length=160)
    text = models.TextField("texte", max_length=20000)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("écrite le")
    changed_at = models.DateTimeField("modifiée le")

    objects = BodyNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note interne d’une instance"
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.title
