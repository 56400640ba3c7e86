"""What telephones brought back: findings, answers to checks, pictures, who was there.

Each row bears the number that its telephone gave it (`uid`): however often it is sent, it stands
once. Hours are the telephone's, put right by how far its clock was off when it sent.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.gatherings.models import Guest, Registration
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence
from parvis.upkeep.themes import themes
from parvis.walks import access
from parvis.walks.walk_models import Check, Stop, Walk
from parvis.walks.workflow import Condition, Outcome, Result


class ObservationQuerySet(GuardedQuerySet["Observation"]):
    policy = access.OBSERVATION


class Observation(models.Model):
    """A finding: what somebody saw on the way, good or bad, and what became of it."""

    uid = models.UUIDField(unique=True)
    walk = models.ForeignKey(Walk, models.PROTECT, related_name="observations")
    stop = models.ForeignKey(
        Stop, models.PROTECT, null=True, blank=True, related_name="observations"
    )
    theme_code = models.SlugField("thème", max_length=40)
    # Theme and place, in words: never what a person wrote.
    title = models.CharField("constat", max_length=200)
    strength = models.BooleanField("point fort")
    # By the values of data/practice.toml; a strength weighs nothing.
    severity = models.PositiveSmallIntegerField("gravité", null=True, blank=True)
    note = models.TextField("note", blank=True, max_length=1000)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="+")
    residence = models.ForeignKey(
        Residence, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Who answers for that place and theme; nobody: sans gestionnaire.
    manager = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gestionnaire",
    )
    noted_at = models.DateTimeField("noté le")
    received_at = models.DateTimeField("reçu le")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    # For whom they walked; none: a participant with the link of the walk.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # How many pictures its telephone holds of it, received or not.
    pictures_told = models.PositiveSmallIntegerField(default=0)
    # The same thing noted by another telephone: that one is followed.
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubles"
    )
    withdrawn_at = models.DateTimeField("écarté le", null=True, blank=True)

    # Back at the desk.
    outcome = models.CharField(
        "suite", max_length=10, choices=Outcome.choices, default=Outcome.TO_SORT
    )
    outcome_note = models.CharField("ce qui est prévu", max_length=300, blank=True)
    responsible = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="responsable",
    )
    due_on = models.DateField("échéance", null=True, blank=True)
    sorted_at = models.DateTimeField("trié le", null=True, blank=True)

    # Found again by a later walk.
    condition = models.CharField(
        "retrouvé", max_length=8, choices=Condition.choices, blank=True, default=""
    )
    condition_on = models.DateField("retrouvé le", null=True, blank=True)

    # What everybody reads of it once the account is public; nothing before it was reviewed.
    shown = models.BooleanField("montré", default=False)
    public_note = models.TextField("texte public", blank=True, max_length=1000)
    reviewed_at = models.DateTimeField("relu le", null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "constat"
        ordering = ["noted_at", "pk"]
        indexes = [
            models.Index(name="findings_of_a_walk", fields=["walk", "outcome"]),
            models.Index(name="findings_to_decide", fields=["outcome", "due_on"]),
            models.Index(name="findings_of_a_manager", fields=["manager", "outcome"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_weakness_weighs_and_a_strength_does_not",
                condition=Q(strength=True, severity=None)
                | Q(strength=False, severity__in=(1, 2, 3)),
                violation_error_message="Dites combien ce point gêne ; un point fort ne gêne pas.",
            ),
            models.CheckConstraint(
                name="a_finding_is_shown_once_reviewed",
                condition=Q(shown=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Un constat n’est montré qu’après relecture.",
            ),
            models.CheckConstraint(
                name="a_finding_is_not_its_own_double",
                condition=Q(same_as=None) | ~Q(same_as=models.F("pk")),
            ),
            models.CheckConstraint(
                name="a_finding_has_a_whole_point_or_none",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="a_finding_is_found_again_on_a_day",
                condition=Q(condition="", condition_on=None)
                | (~Q(condition="") & Q(condition_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def theme_label(self) -> str:
        """Its theme in words; a code that left the list is shown as it is."""
        theme = themes().get(self.theme_code)
        return theme.label if theme else self.theme_code


class AnswerQuerySet(GuardedQuerySet["Answer"]):
    policy = access.ANSWER


class Answer(models.Model):
    """What somebody saw of a thing that was to be checked."""

    uid = models.UUIDField(unique=True)
    about = models.ForeignKey(Check, models.PROTECT, related_name="answers")
    result = models.CharField("constat", max_length=6, choices=Result.choices)
    note = models.TextField("note", blank=True, max_length=1000)
    noted_at = models.DateTimeField("noté le")
    received_at = models.DateTimeField("reçu le")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    pictures_told = models.PositiveSmallIntegerField(default=0)
    # Given back to the thing checked once its pictures came; or why that could not be.
    returned_at = models.DateTimeField("rendu le", null=True, blank=True)
    not_kept = models.CharField("pourquoi ce n’est pas rendu", max_length=300, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse à un point à vérifier"
        ordering = ["noted_at", "pk"]

    def __str__(self) -> str:
        return self.get_result_display()


class PictureQuerySet(GuardedQuerySet["Picture"]):
    policy = access.PICTURE


class Picture(models.Model):
    """A cleaned picture of a finding or of a check: pixels only, no metadata."""

    uid = models.UUIDField(unique=True)
    observation = models.ForeignKey(
        Observation, models.CASCADE, null=True, blank=True, related_name="pictures"
    )
    answer = models.ForeignKey(
        Answer, models.CASCADE, null=True, blank=True, related_name="pictures"
    )
    file = models.FileField("photo", upload_to="walks/%Y/%m/")
    thumbnail = models.FileField("vignette", upload_to="walks/%Y/%m/")
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    noted_at = models.DateTimeField("prise le")
    received_at = models.DateTimeField("reçue le")
    # Somebody can be recognised on it, and whether they agreed on paper to its publication.
    people = models.BooleanField("on reconnaît quelqu’un", default=False)
    consent = models.BooleanField("accord signé", default=False)
    # Of the paper that was signed; none where nobody signed.
    consent_version = models.PositiveSmallIntegerField("texte accepté", null=True, blank=True)
    shown = models.BooleanField("montrée", default=False)
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = "photo d’un diagnostic"
        ordering = ["noted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_picture_shows_a_finding_or_a_check",
                condition=Q(observation=None, answer__isnull=False)
                | Q(observation__isnull=False, answer=None),
            ),
            models.CheckConstraint(
                name="a_picture_is_shown_once_reviewed",
                condition=Q(shown=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Une photo n’est montrée qu’après relecture.",
            ),
            models.CheckConstraint(
                name="whoever_is_recognised_has_agreed",
                condition=Q(shown=False) | Q(people=False) | Q(consent=True),
                violation_error_message="Une personne reconnaissable doit avoir donné son accord.",
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"


class Presence(models.Model):
    """Who was there, as one telephone noted it; the latest hour counts, none is lost."""

    uid = models.UUIDField(unique=True)
    walk = models.ForeignKey(Walk, models.CASCADE, related_name="presences")
    guest = models.ForeignKey(Guest, models.CASCADE, null=True, blank=True, related_name="+")
    registration = models.ForeignKey(
        Registration, models.CASCADE, null=True, blank=True, related_name="+"
    )
    came = models.BooleanField("présent", null=True, blank=True)
    # People who came without having registered, as counted.
    count = models.PositiveSmallIntegerField("venus sans s’inscrire", null=True, blank=True)
    noted_at = models.DateTimeField("noté le")
    received_at = models.DateTimeField("reçu le")

    class Meta:
        verbose_name = "présence"
        ordering = ["noted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_presence_is_somebodys_or_a_number",
                condition=Q(guest=None, registration=None, count__isnull=False, came=None)
                | Q(guest__isnull=False, registration=None, count=None, came__isnull=False)
                | Q(guest=None, registration__isnull=False, count=None, came__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.walk_id} · {self.noted_at:%d/%m/%Y %H:%M}"
