"""What goes with a publication: the version, the committee's word, the files that it shows, the
index, the thread, the mails. And what goes with taking a sheet back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread import acts as thread

if TYPE_CHECKING:
    from wagtail.models import Revision

KIND = "sheet"


def after_publishing(pk: int, revision: Revision, by: int | None = None) -> None:
    """Number the text that was just published, vouch for it, open what it shows and tell of it.

    `by` is the person who published; they are not told of what they did.
    """
    from parvis.toolbox import edit_telling, sheet_alerts, sheet_index, sheet_text
    from parvis.toolbox.models import Sheet, Version

    with transaction.atomic():
        sheet: Any = Sheet.objects.select_for_update().get(pk=pk).specific
        if sheet.live_revision_id != revision.pk:
            return  # kept for another day
        last = sheet.versions.aggregate(last=Max("number"))["last"] or 0
        sheet.version = last + 1
        sheet.validated_on = timezone.localdate()
        sheet.validated_by = f"Comité de lecture · {sheet.coordination.name}"[:200]
        Sheet.objects.filter(pk=pk).update(
            version=sheet.version,
            validated_on=sheet.validated_on,
            validated_by=sheet.validated_by,
        )
        version = Version.objects.create(
            sheet_id=pk, number=sheet.version, at=timezone.now(), revision=revision
        )
        _show_files(sheet)
        thread.record(
            Actor(organisation_id=sheet.coordination_id),
            KIND,
            pk,
            "updated" if last else "published",
            new=str(sheet.version),
            concerns=sheet.author_id,
        )
        sheet_text.draw_pictures(sheet)
        sheet_index.put(sheet)
        edit_telling.tell_published(sheet, version, by)
        sheet_alerts.tell_published(sheet)


def after_unpublishing(pk: int) -> None:
    """Take a sheet out of what everybody finds, and say so on its thread."""
    from parvis.toolbox import sheet_alerts, sheet_index
    from parvis.toolbox.models import Sheet

    with transaction.atomic():
        sheet = Sheet.objects.get(pk=pk)
        sheet_index.drop(pk)
        sheet_alerts.take_back(pk)
        thread.record(
            Actor(organisation_id=sheet.coordination_id),
            KIND,
            pk,
            "withdrawn",
            concerns=sheet.author_id,
            public=False,
        )


def after_deleting(pk: int) -> None:
    """Forget a draft that was never published: nothing points to it any more."""
    from parvis.thread.models import Link
    from parvis.toolbox import sheet_index

    sheet_index.drop(pk)
    Link.objects.filter(target_kind=KIND, target_id=pk).delete()
    Link.objects.filter(source_kind=KIND, source_id=pk).delete()


def _show_files(sheet: Any) -> None:
    """Open to everybody what the published text holds, and nothing of another territory."""
    from parvis.toolbox.models import Library, Paper, Picture, Shown

    pictures, papers = files_of(sheet)
    library = Library.objects.get(organisation_id=sheet.coordination_id)
    ours = library.collection.get_descendants(inclusive=True).values("pk")
    rows = [
        *(
            Shown(sheet_id=sheet.pk, picture_id=one)
            for one in Picture.objects.filter(pk__in=pictures, collection__in=ours)
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
        *(
            Shown(sheet_id=sheet.pk, paper_id=one)
            for one in Paper.objects.filter(pk__in=papers, collection__in=ours)
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
    ]
    Shown.objects.filter(sheet_id=sheet.pk).delete()
    Shown.objects.bulk_create(rows)


def files_of(sheet: Any) -> tuple[set[int], set[int]]:
    """The ids of the pictures and of the papers that the text of a sheet holds."""
    return files_in([sheet, *sheet.wordings.all()])


def files_in(rows: Iterable[Any]) -> tuple[set[int], set[int]]:
    """The ids of the pictures and of the papers that the texts of these rows hold."""
    pictures: set[int] = set()
    papers: set[int] = set()
    for row in rows:
        for field in row._meta.get_fields():
            if hasattr(field, "extract_references"):
                shown, offered = files_of_field(field, field.value_from_object(row))
                pictures |= shown
                papers |= offered
    return pictures, papers


def files_of_field(field: Any, value: Any) -> tuple[set[int], set[int]]:
    """The ids of the pictures and of the papers that one field of a text holds."""
    from parvis.toolbox.models import Paper, Picture

    found: dict[Any, set[int]] = {Picture: set(), Paper: set()}
    for model, pk, *_ in field.extract_references(value):
        if model in found:
            found[model].add(int(pk))
    return found[Picture], found[Paper]
