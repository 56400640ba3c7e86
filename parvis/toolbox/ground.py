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
        kind = ContentType.objects.get_for_model(Page)
        Page.add_root(
            instance=Page(title="Root", slug="root", url_path="/", content_type=kind, locale=locale)
        )
