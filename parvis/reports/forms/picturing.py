"""Photos that are there: which parts to black out, which photo before one after answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict

from parvis.documents.photos import Box
from parvis.reports.models import Photo

WHOLE = 1000  # thousandths of a side
LONG, SHORT = 12, 9  # squares along the long and the short side of a photo
MOST = 60  # drawn parts
_BOX = re.compile(r"(\d{1,4}),(\d{1,4}),(\d{1,4}),(\d{1,4})", re.ASCII)
NOT_UNDERSTOOD = "Une des zones n’a pas été comprise : dessinez-la de nouveau."


@dataclass(frozen=True)
class Cell:
    """One square of the grid that covers a photo."""

    value: str  # "column-row", from 0
    label: str
    checked: bool


class BlackOutForm(forms.Form):
    """Parts of a photo: squares of a coarse grid, and rectangles drawn over it ("left,top,width,
    height" in thousandths)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    cells = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": NOT_UNDERSTOOD}
    )

    def __init__(self, *args: Any, photo: Photo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wide = photo.width >= photo.height
        self.columns, self.rows = (LONG, SHORT) if wide else (SHORT, LONG)
        self.squares = [
            (f"{column}-{row}", f"ligne {row + 1}, colonne {column + 1}")
            for row in range(self.rows)
            for column in range(self.columns)
        ]
        field = self.fields["cells"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = self.squares

    @property
    def grid(self) -> list[Cell]:
        """The squares in reading order."""
        chosen = set(cast(QueryDict, self.data).getlist("cells")) if self.is_bound else set()
        return [Cell(value, label, value in chosen) for value, label in self.squares]

    @property
    def drawn(self) -> list[str]:
        """The rectangles that came, for a form that goes back."""
        return cast(QueryDict, self.data).getlist("box")[:MOST] if self.is_bound else []

    def clean(self) -> dict[str, Any]:
        boxes = [self._square(value) for value in self.cleaned_data.get("cells", [])]
        for words in self.drawn:
            found = _BOX.fullmatch(words)
            if found is None:
                raise forms.ValidationError(NOT_UNDERSTOOD)
            left, top, width, height = (int(number) for number in found.groups())
            if max(left + width, top + height) > WHOLE or not (width and height):
                raise forms.ValidationError(NOT_UNDERSTOOD)
            boxes.append(Box(left, top, width, height))
        self.boxes = boxes
        return self.cleaned_data

    def _square(self, value: str) -> Box:
        column, row = (int(number) for number in value.split("-"))
        left, right = WHOLE * column // self.columns, -(-WHOLE * (column + 1) // self.columns)
        top, bottom = WHOLE * row // self.rows, -(-WHOLE * (row + 1) // self.rows)
        return Box(left, top, min(right, WHOLE) - left, min(bottom, WHOLE) - top)


class BeforeField(forms.ModelChoiceField):
    """One of the photos "before" of a report, or none."""

    def __init__(self, photos: Any) -> None:
        super().__init__(
            photos,
            required=False,
            label="Quelle photo « avant » montre le même endroit ?",
            error_messages={"invalid_choice": "Cette photo n’est plus là : choisissez-en une."},
        )


class PairForm(forms.Form):
    """Which photo "before" this photo "after" answers."""

    def __init__(self, *args: Any, photos: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["before"] = BeforeField(photos)
