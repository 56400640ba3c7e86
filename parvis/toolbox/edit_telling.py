"""The mails of a sheet's life: proposed, to be changed, published, to be read again, expired.

They say that something waits and where; what was said in comments stays in the office, where
whoever opens it has the right to read.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, TaskState, WorkflowState

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.models import Mandate, Organisation
from parvis.toolbox.models import Sheet, Version
from parvis.toolbox.scopes import WRITERS

NOTICES = "toolbox/notices/edit_"


def writers_of(sheet: Sheet, by: int | None = None) -> list[Recipient]:
    """Who wrote a sheet and still writes for its organisation; when they have all left, who answers
    for that organisation, and then its service. Never the person `by` whom it happens."""
    wrote = set(
        WorkflowState.objects.for_instance(sheet).values_list("requested_by_id", flat=True)
    ) | {sheet.owner_id}
    running = _acting(sheet.author_id, WRITERS)
    found = {key: one for key, one in running.items() if key in wrote}
    if not found:
        found = _acting(sheet.author_id, ("coordination", "responsable"))
    return _without(found, by) if found else _service(sheet.author)


def readers_of(sheet: Sheet, by: int | None = None) -> list[Recipient]:
    """The coordination that reads a sheet; its service when nobody acts for it here."""
    found = _acting(sheet.coordination_id, ("coordination",))
    return _without(found, by) if found else _service(sheet.coordination)


def tell_submitted(sheet: Sheet, task: TaskState, by: int | None) -> int:
    """To the coordination, a sheet is proposed; to its authors, it was received."""
    key, words = f"sheet.submitted:{task.pk}", {"sheet": sheet, "link": office_url(sheet)}
    told = outbox.put(key, readers_of(sheet, by), _composed("submitted", **words))
    # The one who proposed is told too: a mail is what stays of it.
    return told + outbox.put(f"{key}.received", writers_of(sheet), _composed("received", **words))


def tell_changes(sheet: Sheet, state: WorkflowState, by: int | None) -> int:
    """To the authors: the coordination asks for changes."""
    comments = getattr(sheet, COMMENTS_RELATION_NAME).filter(resolved_at=None).count()
    words = {"sheet": sheet, "comments": comments, "link": office_url(sheet)}
    key = f"sheet.changes:{state.current_task_state_id}"
    return outbox.put(key, writers_of(sheet, by), _composed("changes", **words))


def tell_published(sheet: Sheet, version: Version, by: int | None) -> int:
    """To the authors: their sheet is validated, and everybody reads it."""
    words = {"sheet": sheet, "number": version.number, "link": page_url(sheet)}
    key = f"sheet.published:{version.pk}"
    return outbox.put(key, writers_of(sheet, by), _composed("published", **words))


def tell_due(sheet: Sheet) -> int:
    """To authors and coordination: the day on which the sheet must be read again is near."""
    return _both(sheet, f"sheet.due:{sheet.pk}:{sheet.review_on}", "due")


def tell_expired(sheet: Sheet) -> int:
    """To authors and coordination: nobody vouches for the sheet any more."""
    return _both(sheet, f"sheet.expired:{sheet.pk}:{sheet.expires_on}", "expired")


def page_url(sheet: Sheet) -> str:
    """The absolute address of a sheet's page."""
    return f"{settings.SITE_URL}{reverse('toolbox:sheet', args=[sheet.pk])}"


def office_url(sheet: Sheet) -> str:
    """The absolute address where a sheet is written."""
    return f"{settings.SITE_URL}{reverse('wagtailadmin_pages:edit', args=[sheet.pk])}"


def _both(sheet: Sheet, key: str, name: str) -> int:
    people = {one.key: one for one in [*writers_of(sheet), *readers_of(sheet)]}
    words = {"sheet": sheet, "link": office_url(sheet), "page": page_url(sheet)}
    return outbox.put(key, people.values(), _composed(name, **words))


def _composed(name: str, **words: Any) -> outbox.Compose:
    @cache
    def mail() -> Mail:  # one text for all: it is made once, and only if somebody is told
        return render(f"{NOTICES}{name}", words)

    def compose(who: Recipient) -> Mail:
        return mail()

    return compose


def _acting(organisation: int, roles: tuple[str, ...]) -> dict[int, Recipient]:
    mandates = Mandate.objects.in_force(timezone.localdate()).filter(
        organisation=organisation, role__in=roles, person__is_active=True
    )
    rows = mandates.order_by("pk").values_list("person_id", "person__email")
    return {pk: Recipient(f"user:{pk}", email) for pk, email in rows}


def _without(found: dict[int, Recipient], by: int | None) -> list[Recipient]:
    return [one for pk, one in found.items() if pk != by]


def _service(organisation: Organisation) -> list[Recipient]:
    return [Recipient(f"organisation:{organisation.pk}", organisation.email)]
