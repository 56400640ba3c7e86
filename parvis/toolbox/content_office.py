"""Pages of content in the editor's office: their root, their form, and the files they open."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page, Site

from parvis.toolbox import content_places, publishing
from parvis.toolbox.edit_refusing import OnlyOnesOwn
from parvis.toolbox.ground import lay_ground

WRITES = ("add", "change", "publish", "lock", "unlock")
REDIRECTS = ("add_redirect", "change_redirect", "delete_redirect")
SLUG = "pages-du-site"


class ContentForm(OnlyOnesOwn, WagtailAdminPageForm):
    """A page keeps the place that it was made for: the published text of another may stand there
    by the time a draft is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("place")) is None:
            return
        field.disabled = self.instance.pk is not None
        # The statement of accessibility has a form of its own, with what the law wants said.
        field.choices = [  # type: ignore[attr-defined]
            one
            for one in field.choices  # type: ignore[attr-defined]
            if one[0] != content_places.ACCESSIBILITY
        ]

    def clean(self) -> dict[str, Any]:
        """Nothing of others is taken in: publishing it would open it to everybody."""
        cleaned: dict[str, Any] = super().clean()
        self.refuse_files_of_others()
        return cleaned


def front() -> Any:
    """The root of the pages of content, made with its site the first time.

    Through the site, a page whose address changes leaves a redirect at its old one.
    """
    from parvis.toolbox.models import Front

    with transaction.atomic():
        found = Front.objects.first()
        if found is None:
            lay_ground()
            found = Page.get_first_root_node().add_child(
                instance=Front(title="Pages du site", slug=SLUG, live=False)
            )
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            host = urlsplit(settings.SITE_URL).hostname or "localhost"
            Site.objects.create(hostname=host, root_page=found, is_default_site=True)
        elif site.root_page_id != found.pk:
            site.root_page = found
            site.save()
        return found


def give_front(group: Group) -> None:
    """Let a group write the pages of content and their redirects. Twice does nothing."""
    from parvis.toolbox.office import give_pages

    give_pages(group, front(), WRITES)
    group.permissions.add(
        *Permission.objects.filter(
            content_type__app_label="wagtailredirects", codename__in=REDIRECTS
        )
    )


def open_files(pk: int) -> None:
    """Open to everybody what the published text of a page holds, and close what it held before."""
    from parvis.toolbox import sheet_text
    from parvis.toolbox.models import ContentPage, Displayed

    page: Any = ContentPage.objects.select_for_update().get(pk=pk)
    Displayed.objects.filter(page_id=pk).delete()
    sheet_text.draw_pictures(page)
    pictures, papers = publishing.files_in([page.specific])
    Displayed.objects.bulk_create(
        [
            *(Displayed(page_id=pk, picture_id=one) for one in sorted(pictures)),
            *(Displayed(page_id=pk, paper_id=one) for one in sorted(papers)),
        ]
    )
