"""Where sheets stand in the editor's tree: a library per agglomération, a desk per organisation."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from wagtail.models import Collection, Page

from parvis.partners.models import Organisation


class Room(models.Model):
    """A branch of the tree that nobody edits or opens: it only holds others."""

    # The editor's library neither indexes pages here nor notes what they refer to.
    search_auto_update = False
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.title)  # type: ignore[attr-defined]

    def get_url_parts(self, request: Any = None) -> None:
        """No address: what it holds is listed by pages of ours."""


class Library(Room, Page):
    """The sheets of one agglomération, whose coordination reads and publishes them."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="library")
    collection = models.OneToOneField(Collection, models.PROTECT, related_name="+")

    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = ["toolbox.Desk"]
    is_creatable = False

    class Meta:
        verbose_name = "bibliothèque"


class Desk(Room, Page):
    """The sheets that one organisation writes: its people see no other desk."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="desk")
    # The agglomération whose coordination reads what is written here.
    coordination = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Pictures and papers of this organisation.
    collection = models.OneToOneField(Collection, models.PROTECT, related_name="+")

    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = [
        "toolbox.MethodSheet",
        "toolbox.ExperienceSheet",
        "toolbox.AdviceSheet",
        "toolbox.ResidentGuide",
        "toolbox.ModelSheet",
        "toolbox.NewsSheet",
    ]
    is_creatable = False

    class Meta:
        verbose_name = "bureau d’une organisation"
