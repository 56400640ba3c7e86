"""Opinions: asked or taken, debated, adopted, and the reasoned reply that is owed."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from parvis.councils import opinion_access as access
from parvis.councils.body_models import Body, document_path
from parvis.councils.workflow import Level, OpinionState, Outcome
from parvis.meetings.models import Sitting
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.works.models import ProjectPhase


class OpinionRequestQuerySet(GuardedQuerySet["OpinionRequest"]):
    policy = access.REQUEST


class OpinionRequest(models.Model):
    """An institution asks a body for its opinion; one that leaves nothing open only informs."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="requests")
    asker = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="demandé par"
    )
    title = models.CharField("objet", max_length=200)
    text = models.TextField("la demande, en mots simples", max_length=6000)
    level = models.CharField("niveau", max_length=10, choices=Level.choices)
    decided = models.TextField("ce qui est déjà décidé", max_length=3000)
    still_open = models.TextField("ce qui reste ouvert", blank=True, max_length=3000)
    # Who will reply to the opinion, and how long after they have it, in days.
    replier = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="qui répondra"
    )
    wanted_on = models.DateField("avis souhaité le")
    reply_days = models.PositiveSmallIntegerField("réponse sous, en jours")
    # What it is about, of any kind of the thread, and the phase of a renewal project.
    subject_kind = models.CharField(max_length=24, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    phase = models.ForeignKey(
        ProjectPhase, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="phase"
    )
    pillar = models.CharField("pilier du contrat de ville", max_length=120, blank=True)
    written_at = models.DateTimeField("écrite le")
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_why = models.CharField("pourquoi", max_length=300, blank=True)

    objects = OpinionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’avis"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="what_leaves_nothing_open_only_informs",
                condition=Q(level=Level.INFORM) | ~Q(still_open=""),
                violation_error_message="Dites ce qui reste ouvert, ou envoyez pour information.",
            ),
            models.CheckConstraint(
                name="what_a_request_is_about_is_named_whole",
                condition=Q(subject_kind="", subject_id=None)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="requests_of_a_body", fields=["body", "sent_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> tuple[str, int] | None:
        """What it is about, as the thread names things."""
        return None if self.subject_id is None else (self.subject_kind, self.subject_id)


class RequestDocument(models.Model):
    """A document given with a request."""

    request = models.ForeignKey(OpinionRequest, models.CASCADE, related_name="documents")
    title = models.CharField("titre", max_length=160)
    file = models.FileField("fichier", upload_to=document_path)
    size = models.PositiveIntegerField("taille")  # in bytes
    at = models.DateTimeField("déposé le")

    class Meta:
        verbose_name = "document d’une demande d’avis"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.title


class OpinionQuerySet(GuardedQuerySet["Opinion"]):
    policy = access.OPINION

    def unanswered(self) -> OpinionQuerySet:
        """Opinions that were sent and still wait for their reasoned reply."""
        return self.filter(state=OpinionState.SENT)


class Opinion(models.Model):
    """What a body thinks of something of the thread. Until it is adopted, nobody else reads it."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="opinions")
    # In the body, given when it is sent: the numbers of others tell nothing of what is in debate.
    number = models.PositiveIntegerField("numéro", null=True, blank=True)
    request = models.OneToOneField(
        OpinionRequest, models.PROTECT, null=True, blank=True, related_name="opinion"
    )
    title = models.CharField("objet", max_length=200)
    text = models.TextField("avis", blank=True, max_length=12000)
    state = models.CharField(
        "état", max_length=8, choices=OpinionState.choices, default=OpinionState.DRAFT
    )
    subject_kind = models.CharField(max_length=24, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    phase = models.ForeignKey(
        ProjectPhase, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="phase"
    )
    pillar = models.CharField("pilier du contrat de ville", max_length=120, blank=True)
    # The sitting of the body where it was adopted, and its votes.
    sitting = models.ForeignKey(
        Sitting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="séance"
    )
    adopted_on = models.DateField("adopté le", null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField("pour", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    replier = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="qui doit répondre",
    )
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    reply_due_on = models.DateField("réponse due le", null=True, blank=True)
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    reply = models.TextField("réponse", blank=True, max_length=12000)
    replied_at = models.DateTimeField("répondu le", null=True, blank=True)
    # The body wrote it down for an organisation that does not come here itself.
    reply_entered = models.BooleanField("réponse saisie par l’instance", default=False)
    written_at = models.DateTimeField("écrit le")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_opinion_has_one_number_in_a_body", fields=["body", "number"]
            ),
            models.CheckConstraint(
                name="an_adopted_opinion_names_its_sitting",
                condition=Q(state__in=(OpinionState.DRAFT, OpinionState.DROPPED))
                | (Q(adopted_on__isnull=False, sitting__isnull=False) & ~Q(text="")),
                violation_error_message="Donnez la séance où l’avis a été adopté.",
            ),
            models.CheckConstraint(
                name="a_sent_opinion_is_owed_a_reply_by_a_day",
                condition=Q(sent_at=None)
                | Q(replier__isnull=False, reply_due_on__isnull=False, adopted_on__isnull=False),
                violation_error_message="Dites qui doit répondre, et avant quelle date.",
            ),
            models.CheckConstraint(
                name="a_reply_gives_its_reasons",
                condition=Q(replied_at=None) | (~Q(reply="") & Q(sent_at__isnull=False)),
                violation_error_message="Écrivez la réponse et ses raisons.",
            ),
            models.CheckConstraint(
                name="an_opinion_is_adopted_before_it_is_public",
                condition=Q(published_at=None) | Q(adopted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="what_an_opinion_is_about_is_named_whole",
                condition=Q(subject_kind="", subject_id=None)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="opinions_by_reply", fields=["state", "reply_due_on"]),
            models.Index(name="opinions_of_a_replier", fields=["replier", "state"]),
            models.Index(name="opinions_about", fields=["subject_kind", "subject_id"]),
            models.Index(name="opinions_of_a_body", fields=["body", "state"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> tuple[str, int] | None:
        """What it is about, as the thread names things."""
        return None if self.subject_id is None else (self.subject_kind, self.subject_id)

    def late_on(self, day: date) -> bool:
        """Whether the reply was due before that day and has not come."""
        return (
            self.state == OpinionState.SENT
            and self.reply_due_on is not None
            and self.reply_due_on < day
        )


class OpinionVersion(models.Model):
    """The words of an opinion as they once stood, while it was debated."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    title = models.CharField("objet", max_length=200)
    text = models.TextField("avis", blank=True, max_length=12000)
    # What was asked and the divergent views, as they were typed.
    asked = models.TextField("ce que nous demandons", blank=True, max_length=16000)
    views = models.TextField("points de vue divergents", blank=True, max_length=16000)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("écrite le")

    class Meta:
        verbose_name = "version d’un avis"
        ordering = ["opinion", "number"]
        constraints = [
            models.UniqueConstraint(
                name="a_version_of_an_opinion_has_one_number", fields=["opinion", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id}, version {self.number}"


class DivergentView(models.Model):
    """A view that the body did not make its own, kept beside its opinion, without a name."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="divergent_views")
    text = models.TextField("autre point de vue", max_length=3000)
    at = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "point de vue divergent"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Asking(models.Model):
    """One thing that an opinion asks for, what was decided of it, and why, side by side."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="askings")
    position = models.PositiveSmallIntegerField("rang")
    text = models.CharField("ce que nous demandons", max_length=500)
    outcome = models.CharField("décision", max_length=12, choices=Outcome.choices, blank=True)
    why = models.TextField("pourquoi", blank=True, max_length=3000)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "demande d’un avis"
        ordering = ["opinion", "position"]
        constraints = [
            models.UniqueConstraint(
                name="an_asking_has_one_place_in_an_opinion", fields=["opinion", "position"]
            ),
            models.CheckConstraint(
                name="a_decided_asking_says_why",
                condition=Q(outcome="") | ~Q(why=""),
                violation_error_message="Dites pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ReplyAddition(models.Model):
    """What an institution adds to its reply later: what was studied and is decided now."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="additions")
    text = models.TextField("complément", max_length=6000)
    at = models.DateTimeField("écrit le")
    entered = models.BooleanField("saisi par l’instance", default=False)

    class Meta:
        verbose_name = "complément d’une réponse à un avis"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class ReplyReminder(models.Model):
    """That a reply was recalled to who owes it, that day: before its day, or once it is late."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="reminders")
    on = models.DateField("le")
    late = models.BooleanField("en retard")

    class Meta:
        verbose_name = "rappel d’une réponse due"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_reply_is_recalled_once_a_day", fields=["opinion", "on", "late"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id}, {self.on:%d/%m/%Y}"
