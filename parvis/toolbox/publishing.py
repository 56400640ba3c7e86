"""What goes with a publication: the version, the files that it shows, the index, the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wagtail.models import Revision


def after_publishing(pk: int, revision: Revision) -> None:
    """Number the text that was just published and open what it shows. In the caller's transaction
    where there is one."""
    from django.db import transaction
    from django.utils import timezone

    from parvis.toolbox.models import Sheet, Shown, Version

    with transaction.atomic():
        sheet: Any = Sheet.objects.select_for_update().get(pk=pk).specific
        if sheet.live_revision_id != revision.pk:
            return  # kept for another day
        sheet.version += 1
        Sheet.objects.filter(pk=pk).update(version=sheet.version)
        Version.objects.create(
            sheet_id=pk, number=sheet.version, at=timezone.now(), revision=revision
        )
        Shown.objects.filter(sheet_id=pk).delete()
        pictures, papers = files_of(sheet)
        Shown.objects.bulk_create(
            [
                *(Shown(sheet_id=pk, picture_id=one) for one in sorted(pictures)),
                *(Shown(sheet_id=pk, paper_id=one) for one in sorted(papers)),
            ]
        )


def files_of(sheet: Any) -> tuple[set[int], set[int]]:
    """The ids of the pictures and of the papers that the text of a sheet holds."""
    from parvis.toolbox.models import Paper, Picture

    found: dict[Any, set[int]] = {Picture: set(), Paper: set()}
    for row in [sheet, *sheet.wordings.all()]:
        for field in row._meta.get_fields():
            if not hasattr(field, "extract_references"):
                continue
            for model, pk, *_ in field.extract_references(field.value_from_object(row)):
                if model in found:
                    found[model].add(int(pk))
    return found[Picture], found[Paper]
