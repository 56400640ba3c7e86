"""Sheets of the toolbox: what all kinds share, and what each kind adds.

`live` says that the published text may be read by everybody; the row holds that text, and drafts
live in revisions alone, except before the first publication, when the row is a draft itself.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager, Revision
from wagtail.query import PageQuerySet

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier
from parvis.toolbox import sheet_access as access
from parvis.toolbox.blocks import Body
from parvis.toolbox.labels import language_choices, licence_choices
from parvis.upkeep.models import Theme


class Label(models.Model):
    """One value of one way of sorting sheets: « Pendant les travaux » of the group « moment »."""

    group = models.SlugField("groupe", max_length=20)
    code = models.SlugField("code", max_length=30)
    label = models.CharField("nom", max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "étiquette"
        ordering = ["position", "group", "code"]
        constraints = [
            models.UniqueConstraint(name="a_label_stands_once", fields=["group", "code"])
        ]

    def __str__(self) -> str:
        return self.label


class SheetQuerySet(PageQuerySet, GuardedQuerySet["Sheet"]):
    policy = access.SHEET

    def expired(self, on: date) -> SheetQuerySet:
        """Those whose text is no longer vouched for on that day."""
        return self.filter(expires_on__lt=on)

    def current(self, on: date) -> SheetQuerySet:
        """Those published and vouched for on that day: what is suggested and put forward."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), live=True)


class Sheet(Page):
    """What every sheet has, whatever its kind."""

    class Kind(models.TextChoices):
        METHOD = "method", "fiche méthodologique"
        EXPERIENCE = "experience", "fiche d’expérience"
        ADVICE = "advice", "conseil"
        GUIDE = "guide", "guide pour les habitants"
        MODEL = "model", "document modèle"
        NEWS = "news", "actualité"

    KIND: ClassVar[str] = ""  # each kind says its own

    kind = models.CharField("nature", max_length=12, choices=Kind.choices, editable=False)
    summary = models.CharField("en une phrase", max_length=300, blank=True)
    body = StreamField(Body(required=False), verbose_name="texte", blank=True)
    themes = ParentalManyToManyField(Theme, blank=True, related_name="+", verbose_name="thèmes")
    labels = ParentalManyToManyField(
        Label, blank=True, related_name="sheets", verbose_name="étiquettes"
    )
    quartiers = ParentalManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    # Who wrote it: the organisation whose desk it stands on; people are not named in public.
    author = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", editable=False, verbose_name="auteur"
    )
    # The agglomération whose coordination reads it before it is published.
    coordination = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    contributors = models.CharField("avec", max_length=300, blank=True)
    contact = models.CharField("renseignements", max_length=200, blank=True)
    licence = models.CharField(
        "licence", max_length=20, choices=licence_choices, default="etalab-2.0"
    )
    # Where a sheet that came from another territory was first published; empty: here.
    origin = models.CharField("origine", max_length=200, blank=True, editable=False)
    origin_url = models.URLField("adresse d’origine", blank=True, editable=False)
    # The reading committee's word on the published text.
    validated_on = models.DateField("validée le", null=True, blank=True, editable=False)
    validated_by = models.CharField("validée par", max_length=200, blank=True, editable=False)
    review_on = models.DateField("à relire le", null=True, blank=True)
    expires_on = models.DateField("valable jusqu’au", null=True, blank=True)
    # How many texts were published: the number of the one that is read.
    version = models.PositiveSmallIntegerField("version", default=0, editable=False)

    objects = PageManager.from_queryset(SheetQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["toolbox.Desk"]
    subpage_types: ClassVar[list[str]] = []
    is_creatable = False  # only its kinds are
    # `search` holds the index that counts, and `Shown` what a published text refers to.
    search_auto_update = False
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "fiche"
        constraints = [
            models.CheckConstraint(
                name="a_sheet_is_read_again_before_it_expires",
                condition=Q(review_on=None)
                | Q(expires_on=None)
                | Q(review_on__lte=F("expires_on")),
                violation_error_message="La relecture vient avant la fin de validité.",
            ),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.KIND and not self.kind:
            self.kind = self.KIND

    @property
    def is_expired(self) -> bool:
        """Whether the text is no longer vouched for today."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """The one address of a sheet: its number never changes, whatever its title becomes."""
        from django.conf import settings

        if not self.pk:
            return None
        return (0, settings.SITE_URL, reverse("toolbox:sheet", args=[self.pk]))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Sign a new sheet with the organisation whose desk it stands on, and its coordination."""
        if self.author_id is None and self.path:
            desk = self.get_parent().specific
            self.author_id = desk.organisation_id
            self.coordination_id = desk.coordination_id
        super().save(*args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The draft as its page will look, inside the editor alone."""
        from parvis.toolbox import sheet_page

        return sheet_page.preview(request, self.specific)

    # What belongs to the sheet itself and not to one of its texts: a draft never brings it back.
    KEPT: ClassVar[tuple[str, ...]] = (
        "kind",
        "author_id",
        "coordination_id",
        "origin",
        "origin_url",
        "validated_on",
        "validated_by",
        "version",
    )

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """The sheet as a revision has it, with what belongs to the sheet itself as it is today."""
        found = super().with_content_json(content)
        for name in self.KEPT:
            setattr(found, name, getattr(self, name))
        return found

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> None:
        """Make this revision the text that everybody reads; what goes with it follows the library's
        signal (`edit_signals`), in the same transaction."""
        with transaction.atomic():
            super().publish(revision, user=user, **options)


class Version(models.Model):
    """A text that was published. Its content is the revision's, which is never changed."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    at = models.DateTimeField("publiée le")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "version d’une fiche"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="a_version_has_one_number", fields=["sheet", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} · {self.number}"


class Wording(Orderable):
    """The sheet in another language, or easy to read; it says of which version."""

    sheet = ParentalKey(Sheet, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField("langue", max_length=8, choices=language_choices)
    title = models.CharField("titre", max_length=255)
    text = RichTextField("texte", features=["h3", "bold", "italic", "ol", "ul", "link"])
    of_version = models.PositiveSmallIntegerField(
        "écrit pour la version",
        default=1,
        help_text="Le numéro de la version du texte que celui-ci traduit.",
    )

    class Meta(Orderable.Meta):
        verbose_name = "autre version du texte"
        constraints = [
            models.UniqueConstraint(
                name="a_sheet_is_worded_once_in_a_language", fields=["sheet", "language"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_language_display()})"


class SeeAlso(Orderable):
    """A sheet that another one points to: an example, or what goes with it."""

    sheet = ParentalKey(Sheet, on_delete=models.CASCADE, related_name="see_also")
    other = models.ForeignKey(Sheet, models.CASCADE, related_name="+", verbose_name="fiche")

    class Meta(Orderable.Meta):
        verbose_name = "fiche liée"
        constraints = [
            models.UniqueConstraint(
                name="a_sheet_points_once_to_another", fields=["sheet", "other"]
            )
        ]

    def __str__(self) -> str:
        return str(self.other)


LINES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class MethodSheet(Sheet):
    """Fiche méthodologique: how to do something."""

    KIND = Sheet.Kind.METHOD
    question = models.CharField("la question", max_length=200, blank=True)
    when = RichTextField("quand s’en servir", blank=True, features=LINES)
    steps = RichTextField("étapes", blank=True, features=LINES)
    who = RichTextField("qui", blank=True, features=LINES)
    means = RichTextField("moyens", blank=True, features=LINES)
    duration = models.CharField("durée", max_length=120, blank=True)
    cost_from = models.DecimalField(
        "coût, de (€)",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost_to = models.DecimalField(
        "à (€)",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    pitfalls = RichTextField("à éviter", blank=True, features=LINES)

    class Meta:
        verbose_name = "fiche méthodologique"
        constraints = [
            models.CheckConstraint(
                name="a_method_costs_from_less_to_more",
                condition=Q(cost_from=None) | Q(cost_to=None) | Q(cost_to__gte=F("cost_from")),
                violation_error_message="Le coût le plus haut vient après le plus bas.",
            )
        ]


class ExperienceSheet(Sheet):
    """Fiche d’expérience: what was done somewhere, and what it gave."""

    class Scale(models.TextChoices):
        RESIDENCE = "residence", "une résidence"
        QUARTIER = "quartier", "un quartier"
        COMMUNE = "commune", "une commune"
        AGGLOMERATION = "agglomeration", "l’agglomération"

    KIND = Sheet.Kind.EXPERIENCE
    KEPT = (*Sheet.KEPT, "told_kind", "told_id")
    context = RichTextField("contexte", blank=True, features=LINES)
    scale = models.CharField("échelle", max_length=14, choices=Scale.choices, blank=True)
    period = models.CharField("quand", max_length=120, blank=True)
    done = RichTextField("ce qui a été fait", blank=True, features=LINES)
    cost = models.DecimalField(
        "coût (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    funding = RichTextField("financement", blank=True, features=LINES)
    results = RichTextField("résultats mesurés", blank=True, features=LINES)
    differently = RichTextField("ce que nous ferions autrement", blank=True, features=LINES)
    # The thing of an upper room that it was written from ("action", 12); the thread links them.
    told_kind = models.CharField(max_length=24, blank=True, editable=False)
    told_id = models.PositiveBigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = "fiche d’expérience"


class AdviceSheet(Sheet):
    """Conseil: a question (the title) and its short answer (the text)."""

    KIND = Sheet.Kind.ADVICE

    class Meta:
        verbose_name = "conseil"


class ResidentGuide(Sheet):
    """A guide for residents."""

    KIND = Sheet.Kind.GUIDE

    class Meta:
        verbose_name = "guide pour les habitants"


class ModelSheet(Sheet):
    """A model document: what it is for, and its files."""

    KIND = Sheet.Kind.MODEL

    class Meta:
        verbose_name = "document modèle"


class NewsSheet(Sheet):
    """News of the network."""

    KIND = Sheet.Kind.NEWS

    class Meta:
        verbose_name = "actualité"
