"""Forms of needs: asked, asked for too, answered, closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.toolbox.labels import groups
from parvis.toolbox.models import Course, Need
from parvis.upkeep import themes
from parvis.upkeep.models import Theme


def current_themes() -> Any:
    """The themes of the current list."""
    return Theme.objects.filter(version=themes.version()).order_by("position", "code")


def publics() -> list[tuple[str, str]]:
    """The labels « pour qui »."""
    return list(groups()["public"][1])


def people_field(label: str = "Combien de vos collègues ?") -> forms.IntegerField:
    """For how many people an organisation asks."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=2000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class NeedForm(forms.Form):
    """A subject, for whom, for how many, when."""

    title = forms.CharField(
        label="Le sujet",
        max_length=140,
        help_text="Par exemple : parler d’un impayé sans blesser.",
    )
    words = forms.CharField(
        label="Ce que vous en attendez",
        required=False,
        max_length=2000,
        help_text="Une situation vécue aide à préparer la formation. Sans nommer personne.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="Thème", required=False, empty_label="Sans thème"
    )
    public = forms.ChoiceField(label="Pour qui", required=False)
    people = people_field("Pour combien de personnes de votre organisation ?")
    wanted = forms.CharField(
        label="Quand",
        required=False,
        max_length=120,
        help_text="Par exemple : avant l’été, plutôt le matin.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = current_themes()  # type: ignore[attr-defined]
        self.fields["public"].choices = [("", "Non précisé"), *publics()]  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """We need it too."""

    people = people_field("Combien de personnes chez vous ?")
    words = forms.CharField(label="Une précision", required=False, max_length=300)


class AnswerNeedForm(forms.Form):
    """The course that arises from a need."""

    course = forms.ModelChoiceField(
        Course.objects.none(),
        label="La formation qui répond à ce besoin",
        empty_label="Choisissez une formation à venir",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Course.objects.visible_to(actor).to_come(timezone.now())
        self.fields["course"].queryset = rows.order_by("starts_at", "pk")  # type: ignore[attr-defined]


class CloseNeedForm(forms.Form):
    """Why no course comes of it."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=300,
        help_text="Les organisations qui l’ont demandée le liront.",
    )


class NeedFilters(forms.Form):
    """Which needs are shown. A choice that makes no sense shows all."""

    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "Tous"),
            *((value, label.capitalize()) for value, label in Need.State.choices),
        ],
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="Thème", required=False, empty_label="Tous"
    )
    public = forms.ChoiceField(label="Pour qui", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = current_themes()  # type: ignore[attr-defined]
        self.fields["public"].choices = [("", "Tous"), *publics()]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """The conditions to filter by."""
        if not self.is_bound:
            return {}
        self.is_valid()
        names = {"etat": "state", "theme": "theme", "public": "public"}
        given = {names[name]: self.cleaned_data.get(name) for name in names}
        return {name: value for name, value in given.items() if value}
