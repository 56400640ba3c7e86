"""What the editor's library wants to find before anything is written: a language, and two roots."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, Locale, Page


def lay_ground() -> None:
    """Make the language of texts and the roots of files and pages. Twice does nothing."""
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    if not Page.objects.filter(depth=1).exists():
        root = Page(title="Root", draft_title="Root", slug="root", url_path="/", locale=locale)
        root.content_type = ContentType.objects.get_for_model(Page)
        root.path, root.depth, root.numchild = "0001", 1, 0
        Page.objects.bulk_create([root])  # as it is: a save would queue work for the library
