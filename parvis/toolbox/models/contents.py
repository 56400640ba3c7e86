"""Pages of content: the legal notice, the statement of accessibility, help, and free pages.

They are the installation's, written by its coordinations; a sheet belongs to an organisation.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager, PagePermissionTester, Revision
from wagtail.query import PageQuerySet

from parvis.partners.rights import GuardedQuerySet
from parvis.toolbox import content_access as access
from parvis.toolbox import content_office, content_places
from parvis.toolbox.blocks import Body
from parvis.toolbox.models.files import Paper, Picture
from parvis.toolbox.models.shelves import Room

LINES = ["bold", "italic", "ol", "ul", "link"]


class OnlyPagesBelow(PagePermissionTester):
    """What may be done with the root of the pages: pages are added under it, nothing else."""

    def can_edit(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_publish(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False


class Front(Room, Page):
    """The root of the pages of content; there is one in an installation."""

    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = ["toolbox.ContentPage", "toolbox.AccessibilityStatement"]
    is_creatable = False

    class Meta:
        verbose_name = "pages du site"

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Who may write pages may not take their root away."""
        return OnlyPagesBelow(user, self)


class ContentPageQuerySet(PageQuerySet, GuardedQuerySet["ContentPage"]):
    policy = access.CONTENT

    def listed(self) -> ContentPageQuerySet:
        """Those that the site map and the help show, in the order that the coordination chose."""
        return self.filter(live=True, show_in_menus=True).order_by("position", "title", "pk")


class ContentPage(Page):
    """A page of the site. With a place, its text stands at that place's own address."""

    search_auto_update = False
    wagtail_reference_index_ignore = True

    place = models.CharField(
        "place",
        max_length=24,
        blank=True,
        choices=content_places.choices(),
        help_text="Une page du site qui existe déjà, dont ce texte prend la place ; "
        "vide : une page de plus. Ne change plus ensuite.",
    )
    summary = models.CharField("en une phrase", max_length=300, blank=True)
    body = StreamField(Body(required=False), verbose_name="texte", blank=True)
    position = models.PositiveSmallIntegerField(
        "rang dans le plan du site", default=10, help_text="Les plus petits viennent en premier."
    )

    # Of no kind of sheet: its text is read in the order in which it was written.
    kind: ClassVar[str] = ""

    objects = PageManager.from_queryset(ContentPageQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["toolbox.Front"]
    subpage_types: ClassVar[list[str]] = []
    base_form_class = content_office.ContentForm
    show_in_menus_default = True
    content_panels = [*Page.content_panels, "place", "summary", "body"]
    promote_panels = ["slug", "show_in_menus", "position"]
    settings_panels: ClassVar[list[Any]] = []

    class Meta:
        verbose_name = "page de contenu"
        constraints = [
            models.UniqueConstraint(
                name="a_place_of_the_site_has_one_page",
                fields=["place"],
                condition=~Q(place=""),
                violation_error_message="Une page tient déjà cette place : modifiez-la.",
            )
        ]

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Its place's address, or one made of its own name."""
        from django.conf import settings

        if not self.slug:
            return None
        own = reverse("toolbox:content", args=[self.slug])
        return (0, settings.SITE_URL, content_places.address(self.place) or own)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The draft as its page will look, inside the editor alone."""
        from parvis.toolbox import content_views

        return content_views.preview(request, self.specific)

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> None:
        """Make this revision the text that everybody reads, and open the files that it shows."""
        with transaction.atomic():
            super().publish(revision, user=user, **options)
            content_office.open_files(self.pk)


class AccessibilityStatement(ContentPage):
    """Déclaration d’accessibilité, with what the law wants said (RGAA)."""

    class State(models.TextChoices):
        NONE = "none", "non conforme"
        PART = "part", "partiellement conforme"
        FULL = "full", "totalement conforme"

    state = models.CharField("état", max_length=4, choices=State.choices, default=State.NONE)
    rate = models.DecimalField(
        "taux de conformité (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text="Vide tant qu’aucun audit complet n’a été mené.",
    )
    audited_on = models.DateField("date de l’audit", null=True, blank=True)
    audited_by = models.CharField("audit mené par", max_length=200, blank=True)
    failures = RichTextField("non-conformités", blank=True, features=LINES)
    burdens = RichTextField("charge disproportionnée", blank=True, features=LINES)
    exempt = RichTextField("contenus non soumis à l’obligation", blank=True, features=LINES)
    made_on = models.DateField("déclaration établie le")
    contact = models.EmailField(
        "adresse pour signaler un défaut", blank=True, help_text="Vide : celle de l’éditeur."
    )

    max_count: ClassVar[int] = 1
    content_panels = [
        *Page.content_panels,
        "state",
        "rate",
        "audited_on",
        "audited_by",
        "failures",
        "burdens",
        "exempt",
        "contact",
        "made_on",
        "summary",
        "body",
    ]

    class Meta:
        verbose_name = "déclaration d’accessibilité"
        constraints = [
            models.CheckConstraint(
                name="a_statement_says_what_its_audit_found",
                condition=Q(state="none", rate=None)
                | Q(rate__isnull=False)
                & (
                    Q(state="none", rate__gte=0, rate__lt=50)
                    | Q(state="part", rate__gte=50, rate__lt=100)
                    | Q(state="full", rate=100)
                ),
                violation_error_message="L’état suit le taux : totalement conforme à 100 %%, "
                "partiellement à partir de 50 %%, non conforme en dessous ou sans audit.",
            ),
            models.CheckConstraint(
                name="a_rate_has_the_day_of_its_audit",
                condition=Q(rate=None) | Q(audited_on__isnull=False),
                violation_error_message="Un taux vient d’un audit : donnez sa date.",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """It has one place, whatever the editor sends."""
        self.place = content_places.ACCESSIBILITY
        super().save(*args, **kwargs)

    @property
    def mention(self) -> str:
        """What the home says of it, as the law words it."""
        return f"Accessibilité : {self.get_state_display()}"


class Displayed(models.Model):
    """A picture or paper that the published text of a page of content holds."""

    page = models.ForeignKey(ContentPage, models.CASCADE, related_name="displayed")
    picture = models.ForeignKey(Picture, models.CASCADE, null=True, related_name="displayed")
    paper = models.ForeignKey(Paper, models.CASCADE, null=True, related_name="displayed")

    class Meta:
        verbose_name = "fichier d’une page de contenu"
        constraints = [
            models.CheckConstraint(
                name="what_is_displayed_is_a_picture_or_a_paper",
                condition=Q(picture=None, paper__isnull=False)
                | Q(picture__isnull=False, paper=None),
            ),
            models.UniqueConstraint(
                name="a_page_displays_a_picture_once", fields=["page", "picture"]
            ),
            models.UniqueConstraint(name="a_page_displays_a_paper_once", fields=["page", "paper"]),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.picture_id or self.paper_id}"
