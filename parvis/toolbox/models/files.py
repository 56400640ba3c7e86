"""Pictures and papers of sheets. No address leads to the files: views ask for rights."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.db import models
from django.urls import reverse
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet

from parvis.partners.rights import GuardedQuerySet
from parvis.toolbox import sheet_access as access


class PictureQuerySet(ImageQuerySet, GuardedQuerySet["Picture"]):
    policy = access.PICTURE


class Picture(AbstractImage):
    """A picture of a sheet; seen by everybody once a published sheet shows it."""

    credit = models.CharField("crédit", max_length=160, blank=True)

    admin_form_fields = ("title", "file", "collection", "description", "credit")
    search_auto_update = False  # the editor's library indexes nothing here
    objects: ClassVar = PictureQuerySet.as_manager()

    class Meta(AbstractImage.Meta):
        verbose_name = "image"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whatever way a new file comes by, it is kept drawn anew, without metadata."""
        from parvis.toolbox.edit_files import CleanPicture, drawn_anew

        new = self.file and not self.file._committed
        if new and not isinstance(self.file.file, CleanPicture):
            self.file = drawn_anew(str(self.file.name), self.file.file)
        super().save(*args, **kwargs)

    def generate_rendition_file(self, *arguments: Any, **options: Any) -> ContentFile:
        """The picture in one size; the temporary file, which the library leaves open, is closed."""
        with super().generate_rendition_file(*arguments, **options) as drawn:
            drawn.seek(0)
            return ContentFile(drawn.read(), name=drawn.name)

    @property
    def default_alt_text(self) -> str:
        """What the picture shows, in words; a title is no such words."""
        return str(self.description)


class PictureRendition(AbstractRendition):
    """A picture in the size that a page wants."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    @property
    def url(self) -> str:
        """The view that asks for rights, never the folder."""
        return reverse("toolbox:picture", args=[self.pk])


class PaperQuerySet(DocumentQuerySet, GuardedQuerySet["Paper"]):
    policy = access.PAPER


class Paper(AbstractDocument):
    """A model document or an annex; downloaded by everybody once a published sheet offers it."""

    admin_form_fields = ("title", "file", "collection")
    search_auto_update = False
    objects: ClassVar = PaperQuerySet.as_manager()

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"

    @property
    def url(self) -> str:
        """The view that asks for rights, never the folder."""
        return reverse("toolbox:paper", args=[self.pk])


class Shown(models.Model):
    """A picture or paper that the published text of a sheet holds. Written when it is published."""

    sheet = models.ForeignKey("toolbox.Sheet", models.CASCADE, related_name="shown")
    picture = models.ForeignKey(Picture, models.CASCADE, null=True, related_name="shown")
    paper = models.ForeignKey(Paper, models.CASCADE, null=True, related_name="shown")

    class Meta:
        verbose_name = "fichier d’une fiche publiée"
        constraints = [
            models.CheckConstraint(
                name="what_is_shown_is_a_picture_or_a_paper",
                condition=models.Q(picture=None, paper__isnull=False)
                | models.Q(picture__isnull=False, paper=None),
            ),
            models.UniqueConstraint(
                name="a_sheet_shows_a_picture_once", fields=["sheet", "picture"]
            ),
            models.UniqueConstraint(name="a_sheet_shows_a_paper_once", fields=["sheet", "paper"]),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.picture_id or self.paper_id}"
