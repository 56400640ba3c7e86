"""The cadre de référence of a territory, the inventory it starts from, and what a body may bring
to the préfet."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify

from parvis.councils import challenge_access, frame_access
from parvis.councils.body_models import Body, document_path
from parvis.councils.workflow import FrameState, Outcome
from parvis.meetings.models import Sitting
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier


class ParticipationQuerySet(GuardedQuerySet["Participation"]):
    policy = frame_access.PARTICIPATION


class Participation(models.Model):
    """A way of taking part that exists in a quartier: who runs it, for whom, since when."""

    coordinator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="recensée par"
    )
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="+", verbose_name="quartier"
    )
    form = models.CharField("forme", max_length=24)  # data/lists.toml
    name = models.CharField("nom", max_length=160)
    run_by = models.CharField("animée par", max_length=160)
    # The body of this platform that it is, when it is one.
    body = models.ForeignKey(Body, models.SET_NULL, null=True, blank=True, related_name="+")
    audience = models.CharField("pour qui", max_length=200, blank=True)
    rhythm = models.CharField("rythme", max_length=120, blank=True)
    since = models.DateField("depuis le", null=True, blank=True)
    until = models.DateField("jusqu’au", null=True, blank=True)
    note = models.TextField("ce qu’on y fait", blank=True, max_length=2000)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "participation existante"
        ordering = ["quartier", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_participation_ends_after_it_begins",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message="La fin précède le début.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FrameQuerySet(GuardedQuerySet["Frame"]):
    policy = frame_access.FRAME


class Frame(models.Model):
    """One version of the cadre de référence of an agglomération."""

    coordinator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="agglomération"
    )
    number = models.PositiveSmallIntegerField("version")
    title = models.CharField("titre", max_length=160)
    introduction = models.TextField("introduction", blank=True, max_length=4000)
    state = models.CharField(
        "état", max_length=8, choices=FrameState.choices, default=FrameState.DRAFT
    )
    opened_at = models.DateTimeField("ouvert aux remarques le", null=True, blank=True)
    closes_on = models.DateField("remarques jusqu’au", null=True, blank=True)
    # The articles as they were put to remarks: what was read is not told differently later.
    opened_as = models.JSONField(null=True, blank=True)
    adopted_on = models.DateField("adopté le", null=True, blank=True)
    sitting = models.ForeignKey(
        Sitting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="adopté en séance",
    )

    objects = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = "cadre de référence"
        ordering = ["coordinator", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="a_frame_has_one_number", fields=["coordinator", "number"]
            ),
            models.UniqueConstraint(
                name="one_frame_is_in_force",
                fields=["coordinator"],
                condition=Q(state=FrameState.ADOPTED),
            ),
            models.CheckConstraint(
                name="an_adopted_frame_names_its_sitting",
                condition=Q(state__in=(FrameState.DRAFT, FrameState.OPEN))
                | Q(adopted_on__isnull=False, sitting__isnull=False),
                violation_error_message="Donnez la séance et la date d’adoption.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class FrameArticle(models.Model):
    """An article: what a body may decide, what it may not, and which rules of a regime it sets."""

    frame = models.ForeignKey(Frame, models.CASCADE, related_name="articles")
    # What one article keeps from version to version, whatever its number.
    key = models.UUIDField(default=uuid4, editable=False)
    number = models.CharField("numéro", max_length=12)
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("titre", max_length=160)
    text = models.TextField("texte", max_length=8000)
    may = models.TextField("une instance peut", blank=True, max_length=2000)
    may_not = models.TextField("une instance ne peut pas", blank=True, max_length=2000)
    # Codes of the rules of data/regimes.toml that cite this article.
    rules: ClassVar[models.JSONField] = models.JSONField("règles", default=list, blank=True)

    class Meta:
        verbose_name = "article du cadre de référence"
        ordering = ["frame", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_article_has_one_number_in_a_frame",
                fields=["frame", "number"],
                violation_error_message="Un autre article porte déjà ce numéro.",
            ),
            models.UniqueConstraint(
                name="an_article_stands_once_in_a_frame", fields=["frame", "key"]
            ),
        ]

    def __str__(self) -> str:
        return f"Article {self.number}"

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its version: "article-3"."""
        return f"article-{slugify(self.number)}"


class FrameComment(models.Model):
    """What a body, an association, a commune or the State remarks on an article, and the answer."""

    article = models.ForeignKey(FrameArticle, models.CASCADE, related_name="comments")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="organisation"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField("remarque", max_length=4000)
    at = models.DateTimeField("écrite le")
    outcome = models.CharField("suite", max_length=12, choices=Outcome.choices, blank=True)
    answer = models.TextField("réponse", blank=True, max_length=2000)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)

    class Meta:
        verbose_name = "remarque sur un article"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_answered_remark_says_what_became_of_it",
                condition=Q(answered_at=None) | (~Q(outcome="") & ~Q(answer="")),
                violation_error_message="Dites ce qui est retenu, et pourquoi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.article_id}"


class ChallengeQuerySet(GuardedQuerySet["Challenge"]):
    policy = challenge_access.CHALLENGE


class Challenge(models.Model):
    """Difficulties of residents that a body brings to the préfet (law of 27 January 2017)."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="challenges")
    title = models.CharField("objet", max_length=200)
    text = models.TextField("difficultés rencontrées", max_length=12000)
    prefet = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="service de l’État saisi",
    )
    # The rule in force when it was sent, by its code in data/challenge.toml.
    rule = models.CharField("règle", max_length=24, blank=True)
    adopted_on = models.DateField("adoptée le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    answer = models.TextField("réponse du préfet", blank=True, max_length=12000)
    answered_on = models.DateField("répondue le", null=True, blank=True)
    file = models.FileField("pièce jointe", upload_to=document_path, blank=True)
    written_at = models.DateTimeField("écrite le")

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = "interpellation du préfet"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_challenge_is_adopted_before_it_is_sent",
                condition=Q(sent_at=None)
                | Q(adopted_on__isnull=False, prefet__isnull=False) & ~Q(rule=""),
                violation_error_message="Donnez la date d’adoption et le service saisi.",
            ),
            models.CheckConstraint(
                name="an_answered_challenge_has_its_answer",
                condition=Q(answered_on=None) | (~Q(answer="") & Q(sent_at__isnull=False)),
                violation_error_message="Écrivez la réponse.",
            ),
            models.CheckConstraint(
                name="a_challenge_is_sent_before_it_is_public",
                condition=Q(published_at=None) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChallengeStep(models.Model):
    """A step of the case: a notification, the COPIL, a council's debate."""

    challenge = models.ForeignKey(Challenge, models.CASCADE, related_name="steps")
    code = models.CharField("étape", max_length=24)  # data/challenge.toml
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation",
    )
    due_on = models.DateField("attendue pour le", null=True, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)
    sitting = models.ForeignKey(
        Sitting, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="séance"
    )
    outcome = models.TextField("ce qui en est sorti", blank=True, max_length=4000)

    class Meta:
        verbose_name = "étape d’une interpellation"
        ordering = ["challenge", "pk"]

    def __str__(self) -> str:
        return f"{self.challenge_id} · {self.code}"
