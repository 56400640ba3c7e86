"""The form of a sheet in the editor's office: a draft is always kept; a proposal is checked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import CheckboxSelectMultiple
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from parvis.places.models import Quartier
from parvis.toolbox.edit_checks import Fault, faults, wording_faults
from parvis.toolbox.edit_refusing import OnlyOnesOwn
from parvis.toolbox.labels import groups
from parvis.toolbox.models import Label
from parvis.upkeep.models import Theme
from parvis.upkeep.themes import domains, version

SORTED_BY = ("themes", "labels", "quartiers")


class SheetForm(OnlyOnesOwn, WagtailAdminPageForm):
    """A sheet as its writers and its readers fill it in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SORTED_BY:
            if name in self.fields:
                self.fields[name].widget = CheckboxSelectMultiple()
        self._offer("themes", _themes())
        self._offer("labels", _labels())
        held = [one.pk for one in self.instance.quartiers.all()] if self.instance.pk else []
        self._offer("quartiers", _quartiers(self._commune_of_coordination(), held))

    def _offer(self, name: str, choices: list[Any]) -> None:
        if name in self.fields:
            self.fields[name].choices = choices

    def _commune_of_coordination(self) -> Any:
        parent = self.parent_page.specific if self.parent_page else None
        return parent.coordination.commune if parent and hasattr(parent, "coordination") else None

    def clean(self) -> dict[str, Any]:
        """Nothing of others is taken in; a text that others will read is whole and readable."""
        cleaned: dict[str, Any] = super().clean()
        self.refuse_files_of_others()
        self.refuse_drafts_of_others()
        if not self._is_draft():
            self._add(faults(self.instance.kind, self._values(cleaned)))
            self._add(self._wording_faults())
        return cleaned

    def _is_draft(self) -> bool:
        """Whether the text is only kept: a draft, a proposal taken back, a wish for changes."""
        asked = self.data.get("workflow-action-name", "")
        taken_back = self.data.get("action-cancel-workflow")
        return bool(self.is_deferred_validation or taken_back or asked == "reject")

    def _values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        # A field with a fault of its own speaks of that one first.
        return {name: cleaned.get(name) for name in self.fields if name not in SORTED_BY}

    def _add(self, found: list[Fault]) -> None:
        body: dict[int, list[Fault]] = {}
        for one in found:
            if one.field in self.errors:
                continue
            if one.block is not None:
                body.setdefault(one.block, []).append(one)
            elif one.field in self.fields:
                self.add_error(one.field, one.text)
            else:
                self.add_error(None, one.text)
        if body and "body" not in self.errors:
            # Added as one error, whole: it tells the editor which block each fault is in.
            by_block = {place: _block_error(told) for place, told in body.items()}
            self.add_error("body", StreamBlockValidationError(block_errors=by_block))

    def _wording_faults(self) -> list[Fault]:
        found: list[Fault] = []
        for form in self._forms("wordings"):
            filled = form.cleaned_data
            if filled.get("title"):
                found += wording_faults(filled["title"], filled.get("text"))
        return found

    def _forms(self, name: str) -> list[Any]:
        """The rows of an inline panel that are filled in and kept."""
        forms = self.formsets[name].forms if name in self.formsets else ()
        return [one for one in forms if one.is_valid() and not one.cleaned_data.get("DELETE")]


def _block_error(told: list[Fault]) -> Any:
    parts = {one.part: ValidationError(one.text) for one in told if one.part}
    whole = [ValidationError(one.text) for one in told if not one.part]
    if parts:
        return StructBlockValidationError(block_errors=parts, non_block_errors=whole or None)
    return ValidationError(whole)


def _themes() -> list[Any]:
    names = domains()
    found: dict[str, list[Any]] = {}
    for theme in Theme.objects.filter(version=version()):
        found.setdefault(names.get(theme.domain, theme.domain), []).append((theme.pk, theme.label))
    return list(found.items())


def _labels() -> list[Any]:
    names = {code: label for code, (label, _) in groups().items()}
    found: dict[str, list[Any]] = {}
    for label in Label.objects.all():
        found.setdefault(names.get(label.group, label.group), []).append((label.pk, label.label))
    return list(found.items())


def _quartiers(commune: Any, held: list[int]) -> list[Any]:
    """Those of the territory, and those that the sheet names already."""
    rows = Quartier.objects.told_apart().order_by("name", "pk")
    if commune is not None:
        there = Q(communes__epci_siren=commune.epci_siren) | Q(pk__in=held)
        rows = rows.filter(there).distinct()
    return list(rows.values_list("pk", "label"))
