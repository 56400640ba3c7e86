"""The choices of the page that tells what each organisation has trained."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.toolbox.after_trained import CUTS, Came, axes


class TrainedForm(forms.Form):
    """How the figures are cut, and which of them are kept. A choice that makes no sense keeps
    all."""

    par = forms.ChoiceField(label="Compter", choices=list(CUTS.items()), required=False)
    annee = forms.ChoiceField(label="Année", required=False)
    theme = forms.ChoiceField(label="Thème", required=False)
    public = forms.ChoiceField(label="Public", required=False)
    axe = forms.ChoiceField(label="Axe de l’abattement", required=False)

    def __init__(self, *args: Any, came: list[Came], first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        self._offer("annee", "Toutes", sorted({str(one.course.year) for one in came})[::-1])
        self._offer("theme", "Tous", sorted({label for one in came for label in one.course.themes}))
        self._offer("public", "Tous", sorted({one.course.audience for one in came}))
        used = {one.course.axis for one in came if one.course.axis}
        choices = [("", "Tous"), *((code, label) for code, label in axes().items() if code in used)]
        self.fields["axe"].choices = choices  # type: ignore[attr-defined]
        self.fields["par"].initial = first

    def _offer(self, name: str, everything: str, values: list[str]) -> None:
        choices = [("", everything), *((value, value.capitalize()) for value in values)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def cut(self) -> str:
        """How the figures are cut."""
        return self._chosen("par") or self.first

    def asked(self) -> dict[str, str]:
        """What is kept, for `after_trained.kept`."""
        return {
            "year": self._chosen("annee"),
            "theme": self._chosen("theme"),
            "public": self._chosen("public"),
            "axis": self._chosen("axe"),
        }

    def _chosen(self, name: str) -> str:
        if not self.is_bound:
            return ""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
