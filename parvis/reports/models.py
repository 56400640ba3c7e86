"""Reports, their parts, those who spoke, and what was answered.

Personal data (`Contact`, `PrivatePlace`) live in tables of their own, without history; the rest
may be kept and counted after they are erased.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Building, Commune, Entrance, Inside, Quartier, Residence
from parvis.reports import access
from parvis.reports.workflow import CLOSED, State


class Category(models.Model):
    """What a resident may report; loaded from data/categories.toml."""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("nom", max_length=120)
    hint = models.CharField("précision", max_length=200, blank=True)
    icon = models.CharField("icône", max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    theme_code = models.SlugField("thème", max_length=40)
    # [{"code": ..., "label": ..., "choices": [...] or absent for free text, "required": bool}]
    questions = models.JSONField("questions", default=list, blank=True)
    delay_days = models.PositiveSmallIntegerField("délai, en jours ouvrés", default=10)
    may_be_public = models.BooleanField("peut être public", default=True)
    # Code of the "stop" message shown first (danger, gas, fire), in data/stops.toml; empty: none.
    stop = models.CharField("avertissement", max_length=20, blank=True)
    inside_only = models.BooleanField("seulement dans une résidence", default=False)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "catégorie"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label


class ReportQuerySet(GuardedQuerySet["Report"]):
    policy = access.REPORT


class Report(models.Model):
    reference = models.CharField("référence", max_length=16, unique=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="reports", verbose_name="catégorie"
    )
    text = models.TextField("ce qui se passe", blank=True, max_length=2000)
    answers = models.JSONField("réponses aux questions", default=dict, blank=True)
    at = models.DateTimeField("signalé le")

    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Near an edge, or outside every known outline: a person looks before it is taken for sure.
    place_to_confirm = models.BooleanField("lieu à confirmer", default=False)
    place_label = models.CharField("lieu", max_length=240, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="reports")
    residence = models.ForeignKey(
        Residence, models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True, related_name="+")
    entrance = models.ForeignKey(Entrance, models.SET_NULL, null=True, blank=True, related_name="+")
    inside = models.CharField("endroit", max_length=12, choices=Inside.choices, blank=True)

    # Review: nothing that a person wrote is public before somebody has read it.
    public = models.BooleanField("public", default=False)
    text_shown = models.BooleanField("texte montré", default=False)
    reviewed_at = models.DateTimeField("relu le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    # Kept beside the parts and voices, in the same transaction, for lists and maps.
    state = models.CharField("état", max_length=12, choices=State.choices, default=State.NEW)
    due_on = models.DateField("attendu pour le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    voice_count = models.PositiveIntegerField("personnes", default=1)
    # Raised each time the report is reopened: each kind of news goes out once in a round.
    round = models.PositiveSmallIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        indexes = [
            models.Index(name="reports_by_age", fields=["-at", "-id"]),
            models.Index(name="reports_by_state", fields=["state", "-at", "-id"]),
            models.Index(name="reports_of_a_commune", fields=["commune", "-at", "-id"]),
            models.Index(name="reports_on_the_map", fields=["latitude", "longitude"]),
            models.Index(name="reports_to_review", fields=["at"], condition=Q(reviewed_at=None)),
            models.Index(
                name="reports_closed", fields=["-closed_at"], condition=Q(closed_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_is_public_only_once_reviewed",
                condition=Q(public=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Un signalement n’est public qu’après relecture.",
            ),
            models.CheckConstraint(
                name="report_text_is_shown_only_once_reviewed",
                condition=Q(text_shown=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Un texte n’est montré qu’après relecture.",
            ),
            models.CheckConstraint(
                name="report_is_closed_with_a_date",
                condition=Q(state__in=CLOSED, closed_at__isnull=False)
                | (~Q(state__in=CLOSED) & Q(closed_at=None)),
                violation_error_message=(
                    "Un signalement clos porte une date de clôture, un signalement ouvert aucune."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PartQuerySet(GuardedQuerySet["Part"]):
    policy = access.PART


class Part(models.Model):
    """What one organisation owes to a report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="parts")
    # Nobody answers for the place yet: the coordination's list "sans gestionnaire".
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="organisation",
    )
    title = models.CharField("sa part", max_length=160, blank=True)
    state = models.CharField("état", max_length=12, choices=State.choices, default=State.NEW)
    person = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="parts")
    due_on = models.DateField("pour le")
    reason = models.CharField("raison", max_length=300, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    # When the organisation's service was told of this part; empty: the next follow-up tells it.
    told_at = models.DateTimeField(null=True, blank=True)
    chased_on = models.DateField("relancée le", null=True, blank=True)
    # What the last step replaced, for as long as it may be undone.
    moved_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = "part"
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                name="parts_of_an_organisation", fields=["organisation", "state", "due_on"]
            ),
            models.Index(name="parts_due", fields=["due_on"], condition=~Q(state__in=CLOSED)),
            models.Index(name="parts_to_tell", fields=["created_at"], condition=Q(told_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_has_one_open_part",
                fields=["report", "organisation"],
                condition=~Q(state__in=CLOSED),
                violation_error_message=(
                    "Cette organisation a déjà une part ouverte de ce signalement."
                ),
            ),
            models.CheckConstraint(
                name="part_dropped_gives_a_reason",
                condition=~Q(state=State.DROPPED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi cette part reste sans suite.",
            ),
            models.CheckConstraint(
                name="part_is_closed_with_a_date",
                condition=Q(state__in=CLOSED, closed_at__isnull=False)
                | (~Q(state__in=CLOSED) & Q(closed_at=None)),
                violation_error_message=(
                    "Une part close porte une date de clôture, une part ouverte aucune."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.organisation or 'sans gestionnaire'}"


class Voice(models.Model):
    """One person who spoke on a report: its author, or one who said "moi aussi"."""

    class Kind(models.TextChoices):
        AUTHOR = "author", "a signalé"
        ALSO = "also", "moi aussi"

    class Says(models.TextChoices):
        SETTLED = "settled", "c’est réglé"
        NOT_YET = "not_yet", "pas encore"

    report = models.ForeignKey(Report, models.CASCADE, related_name="voices")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.AUTHOR)
    nonce = models.CharField(max_length=22)  # links and codes are made from it and the secret key
    at = models.DateTimeField()
    says = models.CharField(max_length=8, choices=Says.choices, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # When the receipt was put in the outbox; empty: the next follow-up does it.
    greeted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "voix"
        ordering = ["at", "pk"]
        indexes = [
            models.Index(name="voices_to_greet", fields=["at"], condition=Q(greeted_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.get_kind_display()}"


class ContactQuerySet(GuardedQuerySet["Contact"]):
    policy = access.CONTACT


class Contact(models.Model):
    """How to tell a person. Personal: erased on request, or a set time after closing."""

    voice = models.OneToOneField(Voice, models.CASCADE, primary_key=True, related_name="contact")
    report = models.ForeignKey(Report, models.CASCADE, related_name="contacts")
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "coordonnées"
        constraints = [
            models.CheckConstraint(
                name="contact_has_an_address",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message="Donnez une adresse électronique ou un téléphone.",
            )
        ]

    def __str__(self) -> str:
        return f"coordonnées {self.pk}"


class PrivatePlaceQuerySet(GuardedQuerySet["PrivatePlace"]):
    policy = access.CONTACT


class PrivatePlace(models.Model):
    """The dwelling that a report concerns. Personal, erased with the contacts."""

    report = models.OneToOneField(
        Report, models.CASCADE, primary_key=True, related_name="private_place"
    )
    dwelling = models.CharField("numéro de logement", max_length=40)

    objects = PrivatePlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "logement"

    def __str__(self) -> str:
        return f"logement {self.pk}"


class PhotoQuerySet(GuardedQuerySet["Photo"]):
    policy = access.PHOTO


class Photo(models.Model):
    """A cleaned picture: pixels only, no metadata; shown to the public once reviewed."""

    class Moment(models.TextChoices):
        BEFORE = "before", "avant"
        AFTER = "after", "après"

    report = models.ForeignKey(Report, models.CASCADE, related_name="photos")
    voice = models.ForeignKey(Voice, models.SET_NULL, null=True, blank=True, related_name="photos")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moment = models.CharField(max_length=8, choices=Moment.choices, default=Moment.BEFORE)
    file = models.FileField(upload_to="photos/%Y/%m/")
    thumbnail = models.FileField(upload_to="photos/%Y/%m/")
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    at = models.DateTimeField()
    shown = models.BooleanField("montrée", default=False)
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "photo"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="photo_is_shown_only_once_reviewed",
                condition=Q(shown=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Une photo n’est montrée qu’après relecture.",
            )
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"


class MessageQuerySet(GuardedQuerySet["Message"]):
    policy = access.MESSAGE


class Message(models.Model):
    """A word between those who spoke and those who answer. An organisation's answer is shown at
    once; what a resident writes is shown to the public once reviewed."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="messages")
    voice = models.ForeignKey(
        Voice, models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    # The part that this word closed, if it did.
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="messages")
    text = models.TextField("message", max_length=2000)
    at = models.DateTimeField()
    shown = models.BooleanField("montré", default=False)
    reviewed_at = models.DateTimeField("relu le", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class NoteQuerySet(GuardedQuerySet["Note"]):
    policy = access.NOTE


class Note(models.Model):
    """An internal note: partners who share the report read it, nobody else ever does."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField("note", max_length=2000)
    at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note interne"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class CallbackQuerySet(GuardedQuerySet["Callback"]):
    policy = access.CALLBACK


class Callback(models.Model):
    """A person who left a phone only and must be called (or written to): the list "à rappeler"."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="callbacks")
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="callbacks")
    why = models.CharField(max_length=40)  # code of the event they must be told
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = "appel à passer"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_person_is_called_once_at_a_time",
                fields=["voice"],
                condition=Q(done_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"appel {self.pk}"
