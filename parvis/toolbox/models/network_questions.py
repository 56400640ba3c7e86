"""Questions to the network, their answers, and the themes that members follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.models import Mandate, Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier
from parvis.toolbox import network_access as access
from parvis.toolbox.models.networks import Findable
from parvis.toolbox.network_workflow import QuestionState


class Message(models.Model):
    """What a partner wrote to the others, for an organisation. Its person may be forgotten."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField("texte", max_length=4000)
    at = models.DateTimeField("écrit le")
    hidden_at = models.DateTimeField("masqué le", null=True, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)

    class Meta:
        abstract = True


def hidden_says_why(name: str) -> models.CheckConstraint:
    """What the coordination hides, it gives a reason for."""
    return models.CheckConstraint(
        name=name,
        condition=Q(hidden_at=None) | ~Q(reason=""),
        violation_error_message="Dites pourquoi ce message est masqué.",
    )


class QuestionQuerySet(GuardedQuerySet["Question"]):
    policy = access.QUESTION


class Question(Findable, Message):
    """A question to the network of an agglomération."""

    # The agglomération whose network reads it.
    coordination = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField("question", max_length=200)
    theme_code = models.SlugField("thème", max_length=40)
    quartier = models.ForeignKey(
        Quartier, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="quartier"
    )
    moved_at = models.DateTimeField("dernier message le")
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question au réseau"
        ordering = ["-moved_at", "-pk"]
        indexes = [
            models.Index(name="questions_of_a_network", fields=["coordination", "-moved_at"])
        ]
        constraints = [
            hidden_says_why("a_hidden_question_says_why"),
            models.CheckConstraint(
                name="a_question_asks_something",
                condition=~Q(title="") & ~Q(theme_code=""),
                violation_error_message="Posez votre question et donnez son thème.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """hidden, closed or open."""
        if self.hidden_at:
            return QuestionState.HIDDEN
        return QuestionState.CLOSED if self.closed_at else QuestionState.OPEN


class NetworkAnswerQuerySet(GuardedQuerySet["NetworkAnswer"]):
    policy = access.ANSWER


class NetworkAnswer(Message):
    """What a partner answers."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    # Who asked says that it helped.
    helped_at = models.DateTimeField("a aidé le", null=True, blank=True)

    objects = NetworkAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse du réseau"
        ordering = ["at", "pk"]
        indexes = [models.Index(name="answers_in_order", fields=["question", "at"])]
        constraints = [hidden_says_why("a_hidden_answer_says_why")]

    def __str__(self) -> str:
        return f"{self.question_id} · {self.pk}"


class ThemeFollowing(models.Model):
    """A theme on which a member reads the network's questions in the morning's digest."""

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="+")
    theme_code = models.SlugField("thème", max_length=40)

    class Meta:
        verbose_name = "thème suivi"
        constraints = [
            models.UniqueConstraint(
                name="a_member_follows_a_theme_once", fields=["theme_code", "mandate"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} · {self.theme_code}"
