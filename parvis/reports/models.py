"""Reports, their parts, those who spoke, and what was answered.

Personal data (`Contact`, `PrivatePlace`) live in tables of their own, without history; the rest
may be kept and counted after they are erased.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from parvis.notices.consents import current
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Building, Commune, Entrance, Inside, Quartier, Residence
from parvis.reports import access
from parvis.reports.workflow import CLOSED, BlackspotState, Ground, State, WreckStep


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
    # Concerns one dwelling: seen by its landlord alone, or sent to the landlord's own desk.
    in_dwelling = models.BooleanField("dans un logement", default=False)
    wreck = models.BooleanField("épave", default=False)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "catégorie"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label


class Channel(models.TextChoices):
    """How a report reached us."""

    WEB = "web", "en ligne"
    PHONE = "phone", "par téléphone"
    DESK = "desk", "à l’accueil"
    DOOR = "door", "en porte-à-porte"
    FIELD = "field", "sur le terrain"


class Way(models.TextChoices):
    """What becomes of a report in a commune: handled here, handed over, or for partners only."""

    HERE = "here", "traité ici"
    HANDED = "handed", "transmis à l’outil de la commune et suivi ici"
    PARTNERS = "partners", "ouvert aux partenaires seulement"


class RouteQuerySet(GuardedQuerySet["Route"]):
    policy = access.ROUTE


class Route(models.Model):
    """What a commune wants done with the reports of a category (or of all, when none is named)."""

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+", verbose_name="commune")
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="catégorie ou famille",
    )
    way = models.CharField("façon", max_length=8, choices=Way.choices)
    # The commune's own tool: its name for people, where it receives reports, where people find it.
    tool = models.CharField("nom de l’outil", max_length=80, blank=True)
    email = models.EmailField("adresse qui reçoit", blank=True)
    url = models.URLField("page de l’outil", blank=True)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = "circuit"
        ordering = ["commune__name", "category__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_commune_routes_a_category_once",
                fields=["commune", "category"],
                violation_error_message="Cette commune a déjà un circuit pour cette catégorie.",
            ),
            models.UniqueConstraint(
                name="a_commune_has_one_general_route",
                fields=["commune"],
                condition=Q(category=None),
                violation_error_message="Cette commune a déjà un circuit général.",
            ),
            models.CheckConstraint(
                name="a_handed_report_has_somewhere_to_go",
                condition=~Q(way=Way.HANDED) | (~Q(email="") & ~Q(tool="")),
                violation_error_message="Nommez l’outil de la commune et l’adresse qui reçoit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} · {self.category or 'toutes les catégories'}"


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
    # H3 cell (resolution 8) of the point, as a signed number: clusters of the city map.
    cell = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField("reçu", max_length=8, choices=Channel.choices, default=Channel.WEB)
    way = models.CharField("circuit", max_length=8, choices=Way.choices, default=Way.HERE)
    # Concerns one dwelling: never public, seen by its author and by those who have a part alone.
    private = models.BooleanField("dans un logement", default=False)
    # United with another report; those who spoke here are told through that one.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="réuni avec",
    )

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
    # Which `CellCount` holds it ("cell/commune/family/state"); empty: none, it is not public.
    counted = models.CharField(max_length=80, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        indexes = [
            models.Index(name="reports_by_age", fields=["-at", "-id"]),
            models.Index(name="reports_by_state", fields=["state", "-at", "-id"]),
            models.Index(name="reports_of_a_commune", fields=["commune", "-at", "-id"]),
            models.Index(name="reports_on_the_map", fields=["latitude", "longitude"]),
            # All that a partner's city map reads, so that it never opens the reports themselves.
            models.Index(
                name="reports_by_cell",
                fields=[
                    "cell",
                    "state",
                    "commune",
                    "private",
                    "public",
                    "withdrawn_at",
                    "merged_into",
                    "id",  # their parts are asked for by it
                ],
            ),
            models.Index(name="reports_by_due_day", fields=["due_on", "-id"]),
            models.Index(name="reports_by_voices", fields=["-voice_count", "-id"]),
            models.Index(
                name="reports_to_review", fields=["commune", "at"], condition=Q(reviewed_at=None)
            ),
            models.Index(
                name="reports_closed",
                fields=["-closed_at", "-id"],
                condition=Q(closed_at__isnull=False),
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
                name="report_of_a_dwelling_is_never_public",
                condition=Q(private=False) | Q(public=False),
                violation_error_message=(
                    "Un signalement qui concerne un logement n’est jamais public."
                ),
            ),
            models.CheckConstraint(
                name="report_is_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("pk")),
                violation_error_message="Un signalement ne se réunit pas avec lui-même.",
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

    @property
    def home(self) -> Report:
        """Where it is handled: the report that it was united with, or itself."""
        return self.merged_into or self


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
    # The owner's own: claim or work order, and the firm that was called.
    own_number = models.CharField("numéro chez l’organisation", max_length=60, blank=True)
    firm = models.CharField("entreprise appelée", max_length=120, blank=True)
    created_at = models.DateTimeField()
    # Its delay is counted anew from that day: given to another, reopened. Empty: from its creation.
    restarted_on = models.DateField(null=True, blank=True)
    # The published delay that its day was counted with; empty: the category's, or a day chosen.
    commitment = models.ForeignKey(
        "Commitment", models.SET_NULL, null=True, blank=True, related_name="+"
    )
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
            models.Index(name="parts_of_a_report", fields=["report", "organisation"]),
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


class Pause(models.Model):
    """Days that do not count in a part's delay: the part is due as many working days later."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="pauses")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")  # that day included
    due_before = models.DateField()  # the day that the part was due without this pause
    reason = models.CharField("raison", max_length=300)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "pause"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_starts",
                condition=Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="La fin de la pause précède son début.",
            ),
            models.CheckConstraint(
                name="pause_gives_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Dites pourquoi cette part est en pause.",
            ),
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"


class Merging(models.Model):
    """That a report was united with another: what to put back if they are taken apart."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="merging")
    at = models.DateTimeField("réuni le")
    # Ids of what the target took over, states of the parts that were closed; codes and ids only.
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = "réunion de signalements"

    def __str__(self) -> str:
        return f"réunion {self.pk}"


class CommitmentQuerySet(GuardedQuerySet["Commitment"]):
    policy = access.COMMITMENT


class Commitment(models.Model):
    """The delay that an organisation has itself published for a category, a family or all."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="commitments")
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="catégorie ou famille",
    )
    days = models.PositiveSmallIntegerField("délai, en jours ouvrés")
    source = models.URLField("où il est publié", blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement de délai"
        ordering = ["organisation", "category__position", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="commitment_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="La fin de l’engagement précède son début.",
            ),
            models.CheckConstraint(
                name="commitment_counts_days",
                condition=Q(days__gte=1, days__lte=365),
                violation_error_message="Un délai compte de 1 à 365 jours ouvrés.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.days} j"


class Voice(models.Model):
    """One person who spoke on a report: its author, or one who said "moi aussi"."""

    class Kind(models.TextChoices):
        AUTHOR = "author", "a signalé"
        ALSO = "also", "moi aussi"

    class Says(models.TextChoices):
        SETTLED = "settled", gettext_noop("c’est réglé")
        NOT_YET = "not_yet", gettext_noop("pas encore")

    report = models.ForeignKey(Report, models.CASCADE, related_name="voices")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.AUTHOR)
    nonce = models.CharField(max_length=22)  # links and codes are made from it and the secret key
    at = models.DateTimeField()
    says = models.CharField(max_length=8, choices=Says.choices, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # When the receipt was put in the outbox; empty: the next follow-up does it.
    greeted_at = models.DateTimeField(null=True, blank=True)
    # Made by the browser: the same sending, come twice, is one voice.
    sent_as = models.UUIDField(null=True, blank=True, unique=True)

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


def contact_text() -> int:
    """The version of the text that is shown today to who is asked."""
    return current("reports", "contact").version


class Contact(models.Model):
    """How to tell a person. Personal: erased on request, or a set time after closing."""

    voice = models.OneToOneField(Voice, models.CASCADE, primary_key=True, related_name="contact")
    report = models.ForeignKey(Report, models.CASCADE, related_name="contacts")
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    language = models.CharField(
        "langue", max_length=8, default="fr"
    )  # in which they are written to
    consent_version = models.PositiveSmallIntegerField("texte accepté", default=contact_text)

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
        indexes = [
            # Who writes a text message is known by its number.
            models.Index(name="contacts_by_phone", fields=["phone"], condition=~Q(phone="")),
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
        BEFORE = "before", gettext_noop("avant")
        AFTER = "after", gettext_noop("après")

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
    # Raised when a part is blacked out: the picture is drawn anew and the old one deleted.
    version = models.PositiveSmallIntegerField(default=1)
    # The photo "before" that this one answers.
    answers = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name="photo d’avant",
    )

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

    @property
    def stamp(self) -> str:
        """What its addresses end with, so that no page shows an older picture of it."""
        return f"?v={self.version}"


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


class AnswerTemplateQuerySet(GuardedQuerySet["AnswerTemplate"]):
    policy = access.ANSWER_TEMPLATE


class AnswerTemplate(models.Model):
    """A word that an organisation sends often, kept ready; edited before it is sent."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="answer_templates")
    title = models.CharField("nom", max_length=80)
    text = models.TextField("texte", max_length=2000)
    category = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="catégorie ou famille",
    )

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse type"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_answer_template_has_one_name",
                fields=["organisation", "title"],
                violation_error_message="Une réponse type porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class DwellingDeskQuerySet(GuardedQuerySet["DwellingDesk"]):
    policy = access.DWELLING_DESK


class DwellingDesk(models.Model):
    """What a landlord wants done with what concerns one dwelling: nothing here, or its desk."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="dwelling_desk"
    )
    handled_here = models.BooleanField("traité dans Parvis", default=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    hours = models.CharField("horaires", max_length=200, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    url = models.URLField("page", blank=True)

    objects = DwellingDeskQuerySet.as_manager()

    class Meta:
        verbose_name = "accueil des locataires"
        constraints = [
            models.CheckConstraint(
                name="a_dwelling_desk_can_be_reached",
                condition=Q(handled_here=True) | ~Q(phone="") | ~Q(address="") | ~Q(url=""),
                violation_error_message="Donnez un téléphone, une adresse ou une page.",
            )
        ]

    def __str__(self) -> str:
        return f"accueil des locataires · {self.organisation}"

    @property
    def dial(self) -> str:
        """Its number as a telephone dials it."""
        return "".join(sign for sign in self.phone if sign in "+0123456789")


class Wreck(models.Model):
    """An abandoned vehicle: on whose ground it stands, and at which step its removal is."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="wreck")
    ground = models.CharField("terrain", max_length=12, choices=Ground.choices, blank=True)
    step = models.CharField(
        "étape", max_length=12, choices=WreckStep.choices, default=WreckStep.SEEN
    )
    step_on = models.DateField("depuis le")

    class Meta:
        verbose_name = "épave"

    def __str__(self) -> str:
        return f"épave {self.pk}"


class WreckPlateQuerySet(GuardedQuerySet["WreckPlate"]):
    policy = access.CONTACT


class WreckPlate(models.Model):
    """The number plate of a wreck. Personal: it names an owner."""

    report = models.OneToOneField(
        Report, models.CASCADE, primary_key=True, related_name="wreck_plate"
    )
    number = models.CharField("immatriculation", max_length=20)

    objects = WreckPlateQuerySet.as_manager()

    class Meta:
        verbose_name = "immatriculation"

    def __str__(self) -> str:
        return f"immatriculation {self.pk}"


class SavedViewQuerySet(GuardedQuerySet["SavedView"]):
    policy = access.SAVED_VIEW


class SavedView(models.Model):
    """A list of reports that somebody comes back to: its filters and its order, under a name."""

    person = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField("nom", max_length=60)
    query = models.CharField(max_length=500, blank=True)
    shared = models.BooleanField("montrée à mes collègues", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_saved_view_has_one_name",
                fields=["person", "organisation", "name"],
                violation_error_message="Une de vos vues porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CellCount(models.Model):
    """How many public reports a cell of the map holds; kept with the reports, rebuilt by
    `recount_reports`. Cell 0 holds those that have no point."""

    cell = models.BigIntegerField()
    commune = models.ForeignKey(Commune, models.CASCADE, null=True, blank=True, related_name="+")
    family = models.ForeignKey(Category, models.CASCADE, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_cell_is_counted_once",
                fields=["cell", "commune", "family", "state"],
            ),
            # A second constraint, because two empty values are never equal in a database.
            models.UniqueConstraint(
                name="a_cell_outside_communes_is_counted_once",
                fields=["cell", "family", "state"],
                condition=Q(commune=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cell:x}: {self.count}"

    @property
    def key(self) -> str:
        """Its name on the reports that it counts (`Report.counted`)."""
        return f"{self.cell}/{self.commune_id or 0}/{self.family_id}/{self.state}"


class BlackspotQuerySet(GuardedQuerySet["Blackspot"]):
    policy = access.BLACKSPOT


class Blackspot(models.Model):
    """A point noir: what comes back at one place and theme, as one subject with its own plan.
    Its reports are links of the thread; closing one of them does not close it."""

    title = models.CharField("titre", max_length=160)
    theme_code = models.SlugField("thème", max_length=40)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="+")
    residence = models.ForeignKey(
        Residence, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    place_label = models.CharField("lieu", max_length=240, blank=True)
    state = models.CharField(
        "état", max_length=12, choices=BlackspotState.choices, default=BlackspotState.PROPOSED
    )
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="blackspots",
        verbose_name="porteur",
    )
    plan = models.TextField("plan", blank=True, max_length=2000)
    due_on = models.DateField("pour le", null=True, blank=True)
    for_group = models.BooleanField("à l’ordre du prochain groupe technique", default=True)
    created_at = models.DateTimeField("proposé le")
    decided_at = models.DateTimeField("retenu ou écarté le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)

    objects = BlackspotQuerySet.as_manager()

    class Meta:
        verbose_name = "point noir"
        verbose_name_plural = "points noirs"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(name="blackspots_by_state", fields=["state", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                name="blackspot_kept_has_an_owner",
                condition=~Q(state=BlackspotState.KEPT) | Q(owner__isnull=False),
                violation_error_message="Un point noir retenu a un porteur.",
            ),
            models.CheckConstraint(
                name="blackspot_refused_gives_a_reason",
                condition=~Q(state=BlackspotState.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi ce point noir est écarté.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SpentChallenge(models.Model):
    """A proof of work that was accepted: it is not taken a second time."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="challenges_by_end", fields=["expires_at"])]

    def __str__(self) -> str:
        return self.digest[:8]
