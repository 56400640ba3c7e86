"""People, organisations, mandates and agreements."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from parvis.partners import access
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence


def new_session_seed() -> str:
    """What every open session of a person is bound to."""
    return get_random_string(16)


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, name: str = "", password: str | None = None, **fields: Any
    ) -> User:
        """A person known by e-mail; without a password, sign-in is by e-mailed code."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(PermissionsMixin, AbstractBaseUser):
    """A person who signs in. Rights come from mandates alone: nobody is staff, nobody is root.

    Django's groups serve one library alone, the editor of the toolbox, and are made from the
    mandate in use each time it is opened.
    """

    email = models.EmailField("adresse électronique", unique=True)
    name = models.CharField("nom", max_length=120)
    is_active = models.BooleanField("actif", default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    # Another one ends every session that is open.
    session_seed = models.CharField(max_length=16, default=new_session_seed, editable=False)
    last_login = None  # type: ignore[assignment]  # nobody reads when somebody last came

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "personne"
        constraints = [
            models.CheckConstraint(
                name="email_is_in_lower_case",
                condition=Q(email=Lower("email")),
                violation_error_message="L’adresse s’écrit en minuscules.",
            ),
            models.CheckConstraint(
                name="nobody_is_root",
                condition=Q(is_superuser=False),
                violation_error_message="Personne n’a tous les droits.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bound to the password and to the seed: a session lives as long as neither changes."""
        bound = f"{self.password}|{self.session_seed}"
        return salted_hmac(
            "parvis.partners.session", bound, secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class OrganisationQuerySet(GuardedQuerySet["Organisation"]):
    policy = access.ORGANISATION


class Organisation(models.Model):
    class Kind(models.TextChoices):
        AGGLOMERATION = "agglomeration", "agglomération"
        COMMUNE = "commune", "commune"
        BAILLEUR = "bailleur", "bailleur"
        MAISON_DE_QUARTIER = "maison_de_quartier", "maison de quartier, centre social"
        ASSOCIATION = "association", "association"
        ETAT = "etat", "service de l’État"
        PARTICIPATION = "participation", "instance de participation"
        OPERATOR = "operator", "opérateur"

    kind = models.CharField("nature", max_length=20, choices=Kind.choices)
    name = models.CharField("nom", max_length=160)
    siren = models.CharField("SIREN", max_length=9, null=True, blank=True, unique=True)
    # The commune that an organisation of kind commune governs; where others have their seat.
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    email = models.EmailField("adresse du service", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    hours = models.CharField("horaires", max_length=200, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    closed_on = models.DateField("fermée le", null=True, blank=True)
    # The organisation that took this one over; what it did stays under its own name.
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="reprise par"
    )
    # What its members report is public at once, without a second reading.
    trusted_on = models.DateField("publie sans relecture depuis le", null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def name_on(self, day: date) -> str:
        """The name this organisation bore that day; old documents keep the old name."""
        later = [past for past in self.past_names.all() if past.used_until >= day]
        return min(later, key=lambda past: past.used_until).name if later else self.name


class PastName(models.Model):
    """A name that an organisation bore until a day, that day included."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="past_names")
    name = models.CharField("nom", max_length=160)
    used_until = models.DateField("jusqu’au")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_past_name_until_a_day", fields=["organisation", "used_until"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    COORDINATION = "coordination", "coordination"
    RESPONSABLE = "responsable", "responsable"
    CONTRIBUTEUR = "contributeur", "contributeur"
    LECTEUR = "lecteur", "lecteur"


def start_of_day(day: date) -> datetime:
    """Midnight, local time, at the start of that day."""
    return timezone.make_aware(datetime.combine(day, time.min))


class MandateQuerySet(GuardedQuerySet["Mandate"]):
    policy = access.MANDATE

    def in_force(self, on: date) -> MandateQuerySet:
        """Mandates that run on that day, both ends included; one cut short counts no more from
        the day it was cut."""
        return self.filter(
            Q(starts_on__lte=on),
            Q(ends_on=None) | Q(ends_on__gte=on),
            Q(cut_short_at=None) | Q(cut_short_at__gte=start_of_day(on + timedelta(days=1))),
        )


class Mandate(models.Model):
    """A person acts for an organisation, in a role, on a perimeter, between two days."""

    person = models.ForeignKey(
        User, models.CASCADE, related_name="mandates", verbose_name="personne"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    role = models.CharField("rôle", max_length=12, choices=Role.choices)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    # Ended before its day: rights go at once, and the day that was planned stays readable.
    cut_short_at = models.DateTimeField("terminé le", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        indexes = [models.Index(name="mandates_of_a_person", fields=["person", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du mandat précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation} ({self.get_role_display()})"


class Perimeter(models.Model):
    """One row of a mandate's perimeter: a commune, a quartier, or where the two cross."""

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="perimeters")
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    quartier = models.ForeignKey(Quartier, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="perimeter_names_a_place",
                condition=Q(commune__isnull=False) | Q(quartier__isnull=False),
                violation_error_message="Nommez une commune, un quartier ou leur croisement.",
            ),
            # Three constraints, because two empty values are never equal in a database.
            models.UniqueConstraint(
                name="perimeter_crossing_stands_once",
                fields=["mandate", "commune", "quartier"],
            ),
            models.UniqueConstraint(
                name="perimeter_commune_stands_once",
                fields=["mandate", "commune"],
                condition=Q(quartier=None),
            ),
            models.UniqueConstraint(
                name="perimeter_quartier_stands_once",
                fields=["mandate", "quartier"],
                condition=Q(commune=None),
            ),
        ]

    def __str__(self) -> str:
        return " × ".join(str(place) for place in (self.commune, self.quartier) if place)


class InvitationQuerySet(GuardedQuerySet["Invitation"]):
    policy = access.INVITATION

    def open(self) -> InvitationQuerySet:
        """Invitations that still wait for their answer."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An open hand to one address: expires, works once, and only for that address."""

    # Emptied once the invitation is used, withdrawn or long expired.
    email = models.EmailField("adresse électronique", blank=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField("rôle", max_length=12, choices=Role.choices)
    communes = models.ManyToManyField(Commune, blank=True, related_name="+")
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="+")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("acceptée le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class AgreementQuerySet(GuardedQuerySet["Agreement"]):
    policy = access.AGREEMENT


class Agreement(models.Model):
    """A convention between organisations: contrat de ville here, others in higher rooms."""

    class Kind(models.TextChoices):
        CONTRAT_DE_VILLE = "contrat_de_ville", "contrat de ville"
        CONVENTION_GUP = "convention_gup", "convention de gestion urbaine de proximité"
        CHARTE_GUP = "charte_gup", "charte de gestion urbaine de proximité"
        CONVENTION_TFPB = "convention_tfpb", "convention d’abattement de TFPB"

    kind = models.CharField(
        "nature", max_length=20, choices=Kind.choices, default=Kind.CONTRAT_DE_VILLE
    )
    code = models.CharField("code", max_length=20, unique=True)
    title = models.CharField("titre", max_length=200)
    generation = models.PositiveSmallIntegerField("génération", null=True, blank=True)
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    communes = models.ManyToManyField(Commune, blank=True, related_name="agreements")
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="agreements")
    # An avenant is an agreement that amends another one.
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="avenants"
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la convention précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Signature(models.Model):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signatures")
    # The vote of its council, for those who need one.
    voted_on = models.DateField("délibération du", null=True, blank=True)
    signed_on = models.DateField("signée le", null=True, blank=True)
    refused_on = models.DateField("refusée le", null=True, blank=True)
    refusal = models.CharField("motif du refus", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_signs_once", fields=["agreement", "organisation"]
            ),
            models.CheckConstraint(
                name="one_signs_or_refuses",
                condition=Q(signed_on=None) | Q(refused_on=None),
                violation_error_message="Une organisation signe ou refuse, pas les deux.",
            ),
            models.CheckConstraint(
                name="a_refusal_says_why",
                condition=Q(refused_on=None) | ~Q(refusal=""),
                violation_error_message="Dites pourquoi la signature est refusée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.signed_on or 'non signée'}"

    @property
    def signatory(self) -> str:
        """The name under which the organisation signed; today's when it has not."""
        if self.signed_on is None:
            return self.organisation.name
        return self.organisation.name_on(self.signed_on)


class Objective(models.Model):
    """An objective of an agreement, under one of its pillars."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="objectives")
    pillar = models.CharField("pilier", max_length=120)
    text = models.TextField("objectif")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["agreement", "position", "pk"]

    def __str__(self) -> str:
        return self.text


class LodgeQuerySet(GuardedQuerySet["Lodge"]):
    policy = access.LODGE


class Lodge(models.Model):
    """A caretakers' lodge: some residences, a shared telephone or two, and who takes them."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="lodges")
    name = models.CharField("nom", max_length=80)
    residences = models.ManyToManyField(Residence, related_name="+", verbose_name="résidences")

    objects = LodgeQuerySet.as_manager()

    class Meta:
        verbose_name = "loge"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class LodgePhone(models.Model):
    """A telephone of a lodge. Its token stays on it; only digests are kept here."""

    lodge = models.ForeignKey(Lodge, models.CASCADE, related_name="phones")
    label = models.CharField("nom du téléphone", max_length=60)
    # The link that enrols it: works once, for a day.
    link_digest = models.CharField(max_length=64, blank=True)
    link_expires_at = models.DateTimeField()
    token_digest = models.CharField(max_length=64, null=True, unique=True)
    enrolled_at = models.DateTimeField("enrôlé le", null=True)
    last_used_at = models.DateTimeField("dernier usage", null=True)
    revoked_at = models.DateTimeField("retiré le", null=True)

    class Meta:
        verbose_name = "téléphone de loge"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


class Caretaker(models.Model):
    """A person who takes the telephone of a lodge with a code of their own."""

    lodge = models.ForeignKey(Lodge, models.CASCADE, related_name="caretakers")
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="personne")
    code = models.CharField(max_length=128)  # hashed as a password is
    failures = models.PositiveSmallIntegerField(default=0)  # wrong codes in a row

    class Meta:
        verbose_name = "gardien"
        constraints = [
            models.UniqueConstraint(name="a_caretaker_stands_once", fields=["lodge", "person"])
        ]

    def __str__(self) -> str:
        return str(self.person)


# At the end: it points to what stands above.
from parvis.partners.reading_models import PersonalReading as PersonalReading  # noqa: E402
