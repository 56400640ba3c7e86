"""What a form of the office takes in: files that this person may choose, sheets that they may read.

No page of the office offers anything else, so a form that holds it was forged: it is answered like
an address that one may not open, and never sent back, as it would tell the titles of what it names.
What was typed is looked at as it came, even where a field or a row has another fault.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from parvis.toolbox import publishing


class OnlyOnesOwn:
    """A form of a page, with pictures, documents and sheets in its fields and rows."""

    fields: Any
    formsets: Any
    for_user: Any
    instance: Any

    def refuse_files_of_others(self) -> None:
        """PermissionDenied for a picture or a document that this person may not choose; those that
        the page holds already stay."""
        from wagtail.documents.permissions import permission_policy as papers_policy
        from wagtail.images.permissions import permission_policy as pictures_policy

        pictures, papers = self._files_sent()
        had_pictures, had_papers = self._files_held()
        for policy, ids in (
            (pictures_policy, pictures - had_pictures),
            (papers_policy, papers - had_papers),
        ):
            may = policy.instances_user_has_any_permission_for(self.for_user, ["choose"])
            if ids and ids != set(may.filter(pk__in=ids).values_list("pk", flat=True)):
                raise PermissionDenied

    def refuse_drafts_of_others(self) -> None:
        """PermissionDenied for a linked sheet that nobody published and that this person may not
        open; one that was linked when it was published stays."""
        from wagtail.permissions import page_permission_policy

        from parvis.toolbox.models import Sheet

        sent = {str(form["other"].data or "") for form in self._rows("see_also")}
        chosen = {int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 16}
        if self.instance.pk:
            chosen -= {one.other_id for one in self.instance.see_also.all()}
        drafts = Sheet.objects.filter(pk__in=chosen, live=False)
        mine = page_permission_policy.explorable_instances(self.for_user)
        if drafts.exclude(pk__in=mine.values("pk")).exists():
            raise PermissionDenied

    def _files_held(self) -> tuple[set[int], set[int]]:
        if not self.instance.pk:
            return set(), set()
        rows = getattr(self.instance, "wordings", None)
        return publishing.files_in([self.instance, *(rows.all() if rows is not None else ())])

    def _files_sent(self) -> tuple[set[int], set[int]]:
        pictures: set[int] = set()
        papers: set[int] = set()
        for form in (self, *self._rows("wordings")):
            for field in form.instance._meta.get_fields():
                if hasattr(field, "extract_references") and field.name in form.fields:
                    sent = form[field.name].data  # type: ignore[index]
                    if sent:
                        shown, offered = publishing.files_of_field(field, sent)
                        pictures |= shown
                        papers |= offered
        return pictures, papers

    def _rows(self, name: str) -> list[Any]:
        """Every row of an inline panel that was sent, even with a fault or taken out."""
        return list(self.formsets[name].forms) if name in self.formsets else []
