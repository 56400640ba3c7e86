"""Forms of worksites, of their charter and of what is announced of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.documents.files import FileField
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier, Residence
from parvis.ui.fields import day_field
from parvis.upkeep.outlines import MAX_BYTES, OutlineRefused, overlaps, read_outline
from parvis.works.models import CharterPledge, Operation, WorksAnnouncement, Worksite
from parvis.works.sorting import choices

NO_OUTLINE = dict.fromkeys(("outline", "west", "south", "east", "north"))


def words_field(
    label: str, length: int, *, rows: int = 0, required: bool = False, help_text: str = ""
) -> forms.CharField:
    """A line, or some lines, of words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=help_text, widget=widget
    )


def organisation_field(label: str, help_text: str = "") -> forms.ModelChoiceField:
    """One of the organisations that are not closed."""
    return forms.ModelChoiceField(
        Organisation.objects.filter(closed_on=None).order_by("name", "pk"),
        label=label,
        empty_label="Choisir…",
        help_text=help_text,
    )


def listed(name: str, *first: tuple[str, str]) -> list[tuple[str, str]]:
    """The choices of a list of data/lists.toml."""
    return [*first, *((code, label.capitalize()) for code, label in choices(name).items())]


def _communes(actor: Actor) -> Any:
    """Those of the actor's perimeter; all of them for who has none, a landlord for instance."""
    rows = Commune.objects.defer("outline")
    mine = {*actor.communes, *(commune for commune, _ in actor.crossings)}
    if not mine and not actor.quartiers:
        return rows
    lying = Quartier.communes.through.objects.filter(quartier_id__in=sorted(actor.quartiers))
    return rows.filter(Q(pk__in=sorted(mine)) | Q(pk__in=lying.values("commune_id")))


class NewWorksiteForm(forms.Form):
    """Who builds what, and in which town: enough to begin a worksite's page."""

    title = words_field(
        "Nom du chantier", 160, required=True, help_text="Par exemple : chantier des Tilleuls."
    )
    kind = forms.ChoiceField(label="Nature")
    owner = organisation_field("Maître d’ouvrage", "Qui fait faire les travaux.")
    manager = organisation_field(
        "Qui en répond", "Ce qui est signalé autour du chantier pendant les travaux lui est envoyé."
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", empty_label="Choisir…"
    )
    operation = forms.ModelChoiceField(
        Operation.objects.none(), label="Opération", required=False, empty_label="Aucune"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["kind"].choices = listed("operation")
        chosen["commune"].queryset = _communes(actor)
        chosen["operation"].queryset = Operation.objects.allowed(actor, "edit")


class WorksiteForm(NewWorksiteForm):
    """All that is said of a worksite, but its dates and its perimeter."""

    summary = words_field(
        "Ce qui est fait, pour tous",
        3000,
        rows=6,
        help_text="Des phrases courtes, sans mot de métier : les habitants les liront.",
    )
    place_label = words_field("Lieu", 200, help_text="Par exemple : 3 à 9 rue des Tilleuls.")
    hours = words_field(
        "Horaires", 200, help_text="Par exemple : du lundi au vendredi, 8 h à 17 h."
    )
    contact = words_field(
        "Contact du chantier", 200, help_text="Un service et son numéro, plutôt qu’un nom."
    )
    firms = words_field("Entreprises", 300)
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    residences = forms.ModelMultipleChoiceField(
        Residence.objects.none(),
        label="Résidences touchées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ceux qui les suivent sont prévenus.",
    )

    def __init__(self, *args: Any, actor: Actor, worksite: Worksite, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        chosen: dict[str, Any] = self.fields
        lying = Quartier.communes.through.objects
        here = lying.filter(commune_id=worksite.commune_id).values("quartier_id")
        own = worksite.quartiers.through.objects.filter(worksite_id=worksite.pk)
        chosen["quartiers"].queryset = (
            Quartier.objects.in_force(timezone.localdate()).defer("outline").filter(pk__in=here)
        )
        over = lying.filter(quartier_id__in=own.values("quartier_id")).values("commune_id")
        chosen["residences"].queryset = Residence.objects.defer("outline").filter(
            Q(commune_id=worksite.commune_id) | Q(commune_id__in=over)
        )
        kept = Operation.objects.filter(pk=worksite.operation_id or 0)
        chosen["operation"].queryset = Operation.objects.allowed(actor, "edit") | kept
        chosen["commune"].queryset = _communes(actor) | Commune.objects.defer("outline").filter(
            pk=worksite.commune_id
        )


class TimesForm(forms.Form):
    """When something is planned, and when it really began and ended."""

    starts_on = day_field("Début prévu", required=False)
    ends_on = day_field("Fin prévue", required=False)
    began_on = day_field("Commencé le", required=False, help_text="Quand c’est constaté.")
    ended_on = day_field("Terminé le", required=False, help_text="Quand c’est constaté.")
    reason = words_field(
        "Pourquoi les dates changent",
        300,
        help_text="Les habitants et les partenaires le liront.",
    )

    def __init__(self, *args: Any, published: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not published:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for first, last, words in (
            ("starts_on", "ends_on", "La fin prévue précède le début."),
            ("began_on", "ended_on", "La fin constatée précède le début."),
        ):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, words)
        return data


class PhaseForm(TimesForm):
    """One phase."""

    title = words_field("Phase", 120, required=True, help_text="Par exemple : gros œuvre.")
    summary = words_field("Ce qui s’y passe", 300)
    field_order = ("title", "summary", "starts_on", "ends_on", "began_on", "ended_on", "reason")


class DropForm(forms.Form):
    """Why something is taken off, where that must be said."""

    reason = words_field("Pourquoi", 300, required=True, help_text="Les habitants le liront.")


class NuisanceForm(forms.Form):
    """What it disturbs, and the measure that reduces it."""

    kind = forms.ChoiceField(label="Nuisance")
    detail = words_field(
        "Ce qui change", 300, help_text="Par exemple : une file fermée rue des Tilleuls."
    )
    starts_on = day_field("Du", required=False, help_text="Vide : pendant tout le chantier.")
    ends_on = day_field("Au", required=False)
    measure = words_field(
        "Mesure prise pour la réduire",
        300,
        help_text="Si rien n’est écrit, la page dira qu’aucune mesure n’est prise.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = listed("nuisance")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "La fin précède le début.")
        return data


class PerimeterForm(forms.Form):
    """Where the works go on: drawn on the map, sent as a file, or pasted."""

    outline_file = forms.FileField(
        label="Fichier du contour",
        required=False,
        help_text="GeoJSON, une surface en longitude et latitude, 1 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    outline_text = forms.CharField(
        label="Contour, dessiné sur la carte ou collé ici",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    keep_outline = forms.BooleanField(label="Garder le périmètre actuel", required=False)

    def __init__(self, *args: Any, worksite: Worksite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worksite = worksite
        self.outline: dict[str, Any] = dict(NO_OUTLINE)
        if not worksite.outline:
            del self.fields["keep_outline"]

    def clean_outline_file(self) -> bytes | None:
        sent = self.cleaned_data.get("outline_file")
        if sent is None:
            return None
        if sent.size > MAX_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 1 Mo. Simplifiez le contour.")
        content: bytes = sent.read()
        return content

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = "outline_file" if data.get("outline_file") else "outline_text"
        if given == "outline_file":
            # A browser does not send a file again: its words stay in the other field.
            sent = data[given].decode("utf-8-sig", "replace")
            self.data = {**self.data.dict(), "outline_text": sent}  # type: ignore[attr-defined]
        if data.get(given):
            try:
                self.outline = read_outline(data[given])
            except OutlineRefused as refused:
                self.add_error(given, str(refused))
                return data
            commune = self.worksite.commune
            if commune.outline and not overlaps(self.outline["outline"], commune.outline):
                self.add_error(given, f"Ce contour est en dehors de {commune}.")
        elif data.get("keep_outline"):
            self.outline = {name: getattr(self.worksite, name) for name in NO_OUTLINE}
        return data


class CharterForm(forms.Form):
    """The charter itself."""

    title = words_field(
        "Titre", 160, required=True, help_text="Par exemple : charte de chantier propre."
    )
    signed_on = day_field("Signée le", required=False)
    file = FileField(label="Fichier", required=False)


class SignerForm(forms.Form):
    """A firm that signed."""

    name = words_field("Entreprise", 120, required=True)
    signed_on = day_field("Signée le", required=False)


class CharterPledgeForm(forms.Form):
    """What the charter commits to."""

    text = words_field(
        "Engagement",
        300,
        required=True,
        help_text="Par exemple : les roues sont lavées avant de sortir.",
    )
    chapter = forms.ChoiceField(label="Chapitre", required=False)
    next_check_on = day_field("À vérifier le", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chapter"].choices = listed("chapter", ("", "Aucun"))  # type: ignore[attr-defined]


class CharterCheckForm(forms.Form):
    """How a commitment was found."""

    result = forms.ChoiceField(
        label="Constat",
        choices=[
            (code, label.capitalize())
            for code, label in CharterPledge.State.choices
            if code != CharterPledge.State.UNCHECKED
        ],
        widget=forms.RadioSelect,
    )
    evidence = words_field(
        "Sur quelle preuve", 500, rows=3, required=True, help_text="Visite, photo, bordereau…"
    )
    checked_on = day_field("Vérifié le")
    next_check_on = day_field("Prochaine vérification", required=False)


class AnnouncementForm(forms.Form):
    """What residents are told, in plain words."""

    title = words_field(
        "Titre", 120, required=True, help_text="Par exemple : l’eau sera coupée mardi matin."
    )
    starts_on = day_field("Du")
    ends_on = day_field("Au")
    hours = words_field("Heures", 120, help_text="Par exemple : de 8 h à 12 h.")
    what = words_field("Ce qui va se passer", 1500, rows=5, required=True)
    for_whom = words_field("Qui est concerné", 300)
    why = words_field("Pourquoi", 300)
    changes = words_field(
        "Ce qui change pour vous", 1500, rows=4, help_text="Ce qu’il faut prévoir ou éviter."
    )
    contact = words_field("Qui appeler", 200, help_text="Un service et son numéro.")
    nuisances = forms.MultipleChoiceField(
        label="Nuisances", required=False, widget=forms.CheckboxSelectMultiple
    )
    residences = forms.ModelMultipleChoiceField(
        Residence.objects.none(),
        label="Seulement pour ces résidences",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : pour tous ceux qui habitent près du chantier.",
    )
    easy = words_field(
        "Version facile à lire",
        1500,
        rows=4,
        help_text="Une idée par phrase, des mots de tous les jours.",
    )

    def __init__(self, *args: Any, worksite: Worksite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["nuisances"].choices = listed("nuisance")
        chosen["residences"].queryset = worksite.residences.defer("outline")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "La fin précède le début.")
        return data

    @staticmethod
    def initial_of(announcement: WorksAnnouncement, names: tuple[str, ...]) -> dict[str, Any]:
        """What the form says first of a draft, or of what it corrects."""
        chosen = list(announcement.residences.values_list("pk", flat=True))
        return {**{name: getattr(announcement, name) for name in names}, "residences": chosen}


class WithdrawForm(forms.Form):
    """Why an announcement does not hold any more."""

    reason = words_field("Pourquoi", 300, required=True, help_text="Les habitants le liront.")
