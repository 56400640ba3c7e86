"""Forms of courses, of their dates and of who enrols."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.gatherings.forms import RegisterForm, moment_field
from parvis.partners.actors import Actor
from parvis.partners.models import User
from parvis.places.choices import offer_quartiers
from parvis.places.locate import locate
from parvis.places.models import Commune, Quartier
from parvis.toolbox.labels import axis_choices
from parvis.toolbox.models import Course
from parvis.ui.fields import link_field
from parvis.upkeep import themes
from parvis.upkeep.access import communes_to_write, quartiers_to_write
from parvis.upkeep.models import Holding, Theme


def _words(label: str, rows: int, length: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class CourseForm(forms.Form):
    """What a course is; its dates come after."""

    nature = forms.ChoiceField(label="Nature", choices=Course.Nature.choices)
    audience = forms.ChoiceField(
        label="Pour qui",
        choices=Course.Audience.choices,
        help_text="Les acteurs de terrain s’inscrivent par leur compte ou par leur organisation ; "
        "les habitants, sans compte.",
    )
    title = forms.CharField(
        label="Titre",
        max_length=140,
        help_text="Par exemple : accueillir et orienter un locataire.",
    )
    summary = forms.CharField(
        label="En une phrase", max_length=300, required=False, help_text="Ce que la liste montre."
    )
    objectives = _words(
        "Ce que l’on saura faire", 4, 2000, "Une chose par ligne, avec un verbe : repérer, dire."
    )
    programme = _words("Programme", 8, 6000)
    trainers = _words(
        "Intervenants",
        3,
        600,
        "Un par ligne : l’organisation et la fonction. Le nom d’une personne, seulement si elle "
        "intervient pour son organisation.",
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.none(),
        label="Thèmes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Laissez vide si tout le territoire est concerné.",
    )
    axis = forms.ChoiceField(
        label="Axe de l’abattement de taxe foncière (TFPB)",
        required=False,
        help_text="Si un bailleur la paie sur son abattement de taxe foncière.",
    )
    hours = forms.DecimalField(
        label="Durée en tout, en heures",
        min_value=Decimal("0.25"),
        max_value=Decimal(500),
        max_digits=5,
        decimal_places=2,
        localize=True,
        help_text="Toutes les dates ensemble : l’attestation la dit.",
    )
    share = forms.IntegerField(
        label="Part des dates à suivre pour l’attestation, en %",
        min_value=1,
        max_value=100,
        initial=100,
    )
    seats = forms.IntegerField(
        label="Places",
        required=False,
        min_value=1,
        max_value=2000,
        help_text="Laissez vide s’il n’y a pas de limite.",
    )
    opens_at = moment_field(
        "Inscriptions à partir du", required=False, help_text="Laissez vide : dès la publication."
    )
    closes_at = moment_field(
        "Inscriptions jusqu’au",
        required=False,
        help_text="Laissez vide : jusqu’à la première date.",
    )
    contact = forms.CharField(
        label="Renseignements",
        max_length=160,
        required=False,
        help_text="Le téléphone ou l’adresse d’un service, jamais d’une personne.",
    )

    def __init__(self, *args: Any, actor: Actor, kept: Course | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        axes = [("", "Aucun"), *axis_choices()]
        self.fields["axis"].choices = axes  # type: ignore[attr-defined]
        listed = Theme.objects.filter(version=themes.version())
        own = listed | (kept.themes.all() if kept else Theme.objects.none())
        self.fields["themes"].queryset = own.distinct()  # type: ignore[attr-defined]
        offer_quartiers(self.fields["quartiers"], quartiers_for(actor, kept))


def quartiers_for(actor: Actor, kept: Course | None = None) -> Any:
    """The quartiers of which this actor may say that a course concerns them: those of their
    perimeter, and those where their organisation holds a residence."""
    today = timezone.localdate()
    held = Holding.objects.in_force(today).filter(organisation_id=actor.organisation_id or 0)
    points = held.values_list("residence__latitude", "residence__longitude")
    lying = {one.pk for north, east in points for one in locate(north, east).quartiers}
    if kept is not None:
        lying |= set(kept.quartiers.values_list("pk", flat=True))
    rows = Quartier.objects.in_force(today).defer("outline")
    return rows.filter(quartiers_to_write(actor) | Q(pk__in=lying))


class DateForm(forms.Form):
    """When and where a date of a course is held."""

    starts_at = moment_field("Début")
    ends_at = moment_field("Fin")
    place_label = forms.CharField(
        label="Lieu",
        max_length=200,
        required=False,
        help_text="Le nom de la salle et son adresse.",
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Aucune"
    )
    online_url = link_field("Adresse en ligne", required=False)

    def __init__(self, *args: Any, actor: Actor, kept: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        held = Holding.objects.in_force(today).filter(organisation_id=actor.organisation_id or 0)
        rows = Commune.objects.defer("outline").filter(
            communes_to_write(actor) | Q(pk__in=held.values("residence__commune_id")) | Q(pk=kept)
        )
        self.fields["commune"].queryset = rows  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a date or a course is called off."""

    reason = forms.CharField(
        label="Pourquoi", max_length=300, help_text="Les personnes inscrites le liront."
    )


class SendForm(forms.Form):
    """The people whom an organisation sends: those who act for it, and somebody else by name."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Vos collègues qui ont un compte",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(
        label="Nom et prénom d’une personne sans compte", max_length=80, required=False
    )
    email = forms.EmailField(label="Son adresse électronique", required=False)
    phone = forms.RegexField(
        r"^\+?[\d .-]{9,20}$",
        label="Ou son téléphone",
        required=False,
        error_messages={"invalid": "Donnez un numéro de téléphone."},
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("people") and not said.get("name"):
            raise forms.ValidationError("Choisissez ou nommez au moins une personne.")
        return said


class AddForm(RegisterForm):
    """Somebody who asked the organiser by telephone, or at the desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["website"]
        for name, label in (
            ("name", "Nom et prénom"),
            ("email", "Adresse électronique"),
            ("phone", "Ou téléphone"),
        ):
            self.fields[name].label = label
            self.fields[name].widget.attrs["autocomplete"] = "off"


class CourseFilters(forms.Form):
    """What is shown of the list. A value that makes no sense is left out."""

    pour = forms.ChoiceField(label="Pour qui", required=False)
    nature = forms.ChoiceField(label="Nature", required=False)
    theme = forms.ChoiceField(label="Thème", required=False)
    quartier = forms.ChoiceField(label="Quartier", required=False)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = rows.order_by().values("pk")
        named = Theme.objects.filter(
            pk__in=Course.themes.through.objects.filter(course_id__in=rows).values("theme_id")
        )
        places = Quartier.objects.told_apart().filter(
            pk__in=Course.quartiers.through.objects.filter(course_id__in=rows).values("quartier_id")
        )
        self._offer("pour", Course.Audience.choices)
        self._offer("nature", Course.Nature.choices)
        self._offer("theme", named.values_list("code", "label"))
        self._offer("quartier", places.order_by("name", "pk").values_list("pk", "label"))

    def _offer(self, name: str, pairs: Any) -> None:
        field: Any = self.fields[name]
        # The same theme may stand in several versions of the list.
        field.choices = [("", "Tous"), *{str(code): str(label) for code, label in pairs}.items()]

    def asked(self) -> dict[str, Any]:
        """What was asked for, by name."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
