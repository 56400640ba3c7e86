"""Forms of propositions: made, read again, answered, supported."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.councils.answers import words_field
from parvis.councils.models import Proposition
from parvis.notices.phones import normalise
from parvis.places.choices import offer_quartiers
from parvis.places.models import Quartier
from parvis.upkeep import themes

ROBOT = (
    "Votre envoi a été pris pour celui d’un robot. Rien n’est perdu : pressez de nouveau le bouton."
)
PUBLISH, REFUSE = "publish", "refuse"


def theme_choices() -> list[Any]:
    """Themes by domain, after none."""
    return [("", "Sans thème"), *themes.choices()]


def title_field() -> forms.CharField:
    """The idea in one sentence."""
    return forms.CharField(
        label="Votre idée en une phrase",
        max_length=140,
        help_text="Par exemple : un banc à l’ombre devant l’école.",
    )


class GuardedForm(forms.Form):
    """A public form: sent once, by a person."""

    form_id = forms.CharField(widget=forms.HiddenInput)
    proof = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(required=False, label="Ne remplissez pas ce champ")

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(ROBOT)
        return ""


class ProposeForm(GuardedForm):
    """What somebody would like to see done in their quartier."""

    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", empty_label="Choisissez un quartier"
    )
    title = title_field()
    text = words_field(
        "Expliquez",
        length=3000,
        rows=6,
        help_text="Où, pour qui, pourquoi. N’écrivez le nom de personne : chacun le lira.",
    )
    theme_code = forms.ChoiceField(label="Thème", required=False)
    name = forms.CharField(label="Votre nom ou prénom", required=False, max_length=80)
    email = forms.EmailField(
        label="Votre adresse électronique",
        required=False,
        help_text="Pour savoir ce que devient votre idée. Jamais montrée, effacée ensuite.",
    )
    phone = forms.CharField(label="Ou votre téléphone", required=False, max_length=25)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        choices: Any = self.fields["quartier"]
        choices.queryset = Quartier.objects.in_force(today).defer("outline")
        listed: Any = self.fields["theme_code"]
        listed.choices = theme_choices()

    def clean_phone(self) -> str:
        return normalise(self.cleaned_data["phone"])


class ReviewForm(forms.Form):
    """What everybody will read, and whether they will."""

    title = title_field()
    text = words_field(
        "Le texte que chacun lira",
        length=3000,
        rows=8,
        help_text="Ôtez les noms, numéros et adresses de personnes ; gardez l’idée telle quelle.",
    )
    theme_code = forms.ChoiceField(label="Thème", required=False)
    decision = forms.ChoiceField(
        label="Que faire",
        choices=[(PUBLISH, "La publier"), (REFUSE, "Ne pas la publier")],
        widget=forms.RadioSelect,
    )
    reason = words_field(
        "Pourquoi elle n’est pas publiée",
        length=500,
        required=False,
        rows=3,
        help_text="À remplir si vous ne la publiez pas : son auteur le lira.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = "En une phrase"
        listed: Any = self.fields["theme_code"]
        listed.choices = theme_choices()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if data.get("decision") == REFUSE and not data.get("reason", "").strip():
            self.add_error("reason", "Dites pourquoi : son auteur le lira.")
        return data


class AnswerForm(forms.Form):
    """The answer that everybody reads and the author is sent."""

    answer = words_field("Votre réponse", length=4000, rows=8)


class PaperForm(forms.Form):
    """Signatures gathered on paper, in all."""

    number = forms.IntegerField(
        label="Signatures sur papier, en tout",
        min_value=0,
        max_value=100_000,
        help_text="Comptées par vous ; elles sont montrées à part.",
    )


class SupportForm(forms.Form):
    """An address to confirm with."""

    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Un message vous demandera de confirmer. Elle n’est pas gardée.",
    )
    website = forms.CharField(required=False, label="Ne remplissez pas ce champ")


class FilterForm(forms.Form):
    """What of the list is shown, and in which order."""

    ORDERS = (("soutiens", "Les plus soutenues"), ("recentes", "Les plus récentes"))

    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Tous les quartiers"
    )
    theme = forms.ChoiceField(label="Thème", required=False)
    etat = forms.ChoiceField(label="Où elle en est", required=False)
    tri = forms.ChoiceField(label="Dans l’ordre", required=False, choices=ORDERS)
    q = forms.CharField(label="Chercher", required=False, max_length=100)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        offer_quartiers(fields["quartier"], Quartier.objects.defer("outline"))
        fields["theme"].choices = [("", "Tous les thèmes"), *themes.choices()]
        fields["etat"].choices = [("", "Tous les états"), *states]


def initial_of(proposition: Proposition) -> dict[str, str]:
    """What a review begins with."""
    return {name: getattr(proposition, name) for name in ("title", "text", "theme_code")}
