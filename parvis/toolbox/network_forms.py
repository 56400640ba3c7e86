"""Forms of the network: what is looked for, what is written in the directory, and questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from parvis.notices.consents import current
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.choices import offer_quartiers
from parvis.places.models import Quartier
from parvis.toolbox.models import DirectoryEntry, Label, Question, StructureCard
from parvis.toolbox.network_scopes import networks_of
from parvis.toolbox.network_workflow import ExperimentState, QuestionState
from parvis.upkeep import themes
from parvis.upkeep.models import Theme


def words_field(
    label: str, *, length: int, required: bool = True, help_text: str = "", rows: int = 4
) -> forms.CharField:
    """Some sentences, of so many characters at most."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": str(rows)}),
    )


def many_field(label: str, *, help_text: str = "") -> forms.ModelMultipleChoiceField:
    """Any number of a list, none too; the form says which list."""
    return forms.ModelMultipleChoiceField(
        Theme.objects.none(),
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


def themes_now() -> Any:
    """The themes of the current list."""
    return Theme.objects.filter(version=themes.version())


def quartiers_of(actor: Actor) -> Any:
    """The quartiers in force of the actor's networks."""
    sirens = networks_of(actor).order_by().values("commune__epci_siren")
    lying = Quartier.communes.through.objects.filter(commune__epci_siren__in=sirens)
    rows = Quartier.objects.in_force(timezone.localdate()).defer("outline")
    return rows.filter(pk__in=lying.values("quartier_id")).order_by("name", "pk")


class FilterForm(forms.Form):
    """What of a list is shown: each list names the choices that it has."""

    q = forms.CharField(label="Chercher", required=False, max_length=100)
    theme = forms.ChoiceField(label="Thème", required=False)
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Tous"
    )
    public = forms.ChoiceField(label="Pour qui", required=False)
    nature = forms.ChoiceField(label="Organisation", required=False)
    etat = forms.ChoiceField(label="État", required=False)

    def __init__(self, *args: Any, of: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name in set(fields) - {"q", *of}:
            del fields[name]
        for name, choices in self._choices().items():
            if name in fields:
                fields[name].choices = [("", "Tous"), *choices]
        if "nature" in fields:
            fields["nature"].choices[0] = ("", "Toutes")
        if "quartier" in fields:
            rows = Quartier.objects.in_force(timezone.localdate()).defer("outline")
            offer_quartiers(fields["quartier"], rows.order_by("name", "pk"))

    def _choices(self) -> dict[str, list[Any]]:
        from parvis.toolbox.labels import groups

        return {
            "theme": themes.choices(),
            "public": groups()["public"][1],
            "nature": [(code, label.capitalize()) for code, label in Organisation.Kind.choices],
        }


class QuestionFilterForm(FilterForm):
    """Among questions."""

    def _choices(self) -> dict[str, list[Any]]:
        states = [(QuestionState.OPEN, "Ouvertes"), (QuestionState.CLOSED, "Closes")]
        return {**super()._choices(), "etat": states}


class ExperimentFilterForm(FilterForm):
    """Among experiments."""

    def _choices(self) -> dict[str, list[Any]]:
        states = [(code, label.capitalize()) for code, label in ExperimentState.choices]
        return {**super()._choices(), "etat": states}


class CardForm(forms.Form):
    """What a structure does."""

    doing = forms.CharField(
        label="En une phrase, ce que fait votre structure",
        max_length=300,
        help_text="Par exemple : médiation sociale en pied d’immeuble, le soir et le week-end.",
    )
    presentation = words_field(
        "Présentation",
        length=3000,
        required=False,
        rows=6,
        help_text="Ce que les autres peuvent vous demander. N’écrivez le nom de personne.",
    )
    themes = many_field("Thèmes")
    publics = many_field("Pour qui")
    quartiers = many_field("Quartiers", help_text="Rien de coché : tout le territoire.")
    published = forms.BooleanField(label="Montrer cette fiche à tout le monde", required=False)

    def __init__(
        self, *args: Any, actor: Actor, card: StructureCard | None = None, **kwargs: Any
    ) -> None:
        if card is not None:
            kwargs["initial"] = {
                "doing": card.doing,
                "presentation": card.presentation,
                "published": card.published_at is not None,
                **_ids(card, "themes", "publics", "quartiers"),
            }
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["themes"].queryset = themes_now()
        fields["publics"].queryset = Label.objects.filter(group="public")
        offer_quartiers(fields["quartiers"], quartiers_of(actor))


class EntryForm(forms.Form):
    """What a person agrees to show."""

    function = forms.CharField(
        label="Votre fonction", max_length=120, help_text="Par exemple : gardienne d’immeubles."
    )
    help = words_field(
        "Ce pour quoi on peut faire appel à vous",
        length=600,
        required=False,
        help_text="Une expérience, un savoir-faire, une question que vous suivez.",
    )
    themes = many_field("Thèmes")
    quartiers = many_field("Quartiers", help_text="Rien de coché : tout le territoire.")
    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        required=False,
        help_text="Montrée telle quelle. Laissez vide pour n’en montrer aucune.",
    )
    phone = forms.RegexField(
        r"^\+?[\d .-]{9,20}$",
        label="Téléphone professionnel",
        required=False,
        error_messages={"invalid": "Donnez un numéro de téléphone."},
        help_text="Jamais celui de chez vous.",
    )
    shown = forms.ChoiceField(
        label="Qui peut vous trouver",
        choices=[
            ("partners", "Les partenaires du réseau"),
            ("everybody", "Tout le monde, habitants compris"),
        ],
        initial="partners",
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField()  # its label is the text in force

    def __init__(
        self, *args: Any, actor: Actor, entry: DirectoryEntry | None = None, **kwargs: Any
    ) -> None:
        if entry is not None:
            names = ("function", "help", "email", "phone", "shown")
            kept = {name: getattr(entry, name) for name in names}
            kwargs["initial"] = {**kept, **_ids(entry, "themes", "quartiers"), "agreed": True}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["themes"].queryset = themes_now()
        offer_quartiers(fields["quartiers"], quartiers_of(actor))
        fields["agreed"].label = current("toolbox", "directory").text


class QuestionForm(forms.Form):
    """A question to the others."""

    title = forms.CharField(
        label="Votre question",
        max_length=200,
        help_text="Par exemple : comment faire sortir les encombrants avant la collecte ?",
    )
    text = words_field(
        "Expliquez",
        length=4000,
        rows=6,
        help_text="Ce que vous avez essayé, ce qui bloque. N’écrivez le nom d’aucun habitant.",
    )
    theme_code = forms.ChoiceField(
        label="Thème", help_text="Qui suit ce thème lira votre question demain matin."
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(),
        label="Quartier",
        required=False,
        empty_label="Aucun en particulier",
    )

    def __init__(
        self, *args: Any, actor: Actor, question: Question | None = None, **kwargs: Any
    ) -> None:
        if question is not None:
            names = ("title", "text", "theme_code")
            kept = {name: getattr(question, name) for name in names}
            kwargs["initial"] = {**kept, "quartier": question.quartier_id}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["theme_code"].choices = [("", "Choisissez un thème"), *themes.choices()]
        offer_quartiers(fields["quartier"], quartiers_of(actor))


class AnswerForm(forms.Form):
    """What one answers."""

    text = words_field("Votre réponse", length=4000, rows=5)


class HideForm(forms.Form):
    """Why a message is hidden."""

    reason = forms.CharField(
        label="Pourquoi", max_length=300, help_text="Son auteur et les partenaires le liront."
    )


class ThemesForm(forms.Form):
    """The themes that one follows."""

    themes = forms.MultipleChoiceField(
        label="Thèmes", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["themes"].choices = [(code, one.label) for code, one in themes.themes().items()]


def _ids(row: Any, *names: str) -> dict[str, list[int]]:
    return {
        name: list(getattr(row, name).order_by().values_list("pk", flat=True)) for name in names
    }
