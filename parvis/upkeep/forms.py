"""Forms of managed areas and holdings; places offered are those of the actor's perimeter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier, Residence
from parvis.ui.fields import day_field
from parvis.upkeep import access, themes
from parvis.upkeep.models import ManagedArea
from parvis.upkeep.outlines import MAX_BYTES, OutlineRefused, overlaps, read_outline

NO_OUTLINE: dict[str, Any] = {
    "outline": None,
    "west": None,
    "south": None,
    "east": None,
    "north": None,
}


class FilterForm(forms.Form):
    """What is looked for among managed areas; every value is in the address of the page."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(), required=False, label="Commune", empty_label="Toutes"
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, label="Organisation", empty_label="Toutes"
    )
    theme = forms.ChoiceField(required=False, label="Thème")
    ended = forms.BooleanField(required=False, label="Montrer aussi ce qui est terminé")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = ManagedArea.objects.visible_to(actor)
        self.fields["commune"].queryset = Commune.objects.defer("outline").filter(  # type: ignore[attr-defined]
            pk__in=visible.values("commune")
        )
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            pk__in=visible.values("manager")
        ) | Organisation.objects.filter(pk__in=visible.values("owner"))
        self.fields["theme"].choices = [("", "Tous"), *themes.choices()]  # type: ignore[attr-defined]


class AreaForm(forms.Form):
    """A managed area over a whole place or a drawn outline."""

    name = forms.CharField(
        label="Nom", max_length=160, help_text="Par exemple : square des Tilleuls."
    )
    manager = forms.ModelChoiceField(
        Organisation.objects.filter(closed_on=None),
        label="Qui l’entretient",
        empty_label="Choisissez une organisation",
    )
    owner = forms.ModelChoiceField(
        Organisation.objects.filter(closed_on=None),
        label="À qui il appartient",
        required=False,
        empty_label="Je ne sais pas",
    )
    theme_codes = forms.MultipleChoiceField(
        label="Thèmes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : tous les thèmes.",
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(),
        label="Commune",
        empty_label="Choisissez une commune",
        help_text="Un espace à cheval sur deux communes s’écrit une fois pour chacune.",
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(),
        label="Quartier",
        required=False,
        empty_label="Toute la commune",
        help_text="Seule la partie du quartier située dans la commune est concernée.",
    )
    residence = forms.ModelChoiceField(
        Residence.objects.none(), label="Résidence", required=False, empty_label="Aucune"
    )
    keep_outline = forms.BooleanField(label="Garder le contour actuel", required=False)
    outline_file = forms.FileField(
        label="Fichier du contour",
        required=False,
        help_text="GeoJSON, une surface en longitude et latitude, 1 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    outline_text = forms.CharField(
        label="Contour, dessiné sur la carte ou collé ici",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    starts_on = day_field("À partir du", required=False, help_text="Vide : depuis toujours.")
    ends_on = day_field("Jusqu’au", required=False, help_text="Vide : sans fin prévue.")

    def __init__(
        self, *args: Any, actor: Actor, area: ManagedArea | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.area = area
        chosen: dict[str, Any] = self.fields
        chosen["theme_codes"].choices = [
            (code, theme.label) for code, theme in themes.themes().items()
        ]
        # Outlines are heavy and a list of names does not need them; the chosen one comes alone.
        chosen["commune"].queryset = Commune.objects.defer("outline").filter(
            access.communes_to_write(actor)
        )
        chosen["quartier"].queryset = (
            Quartier.objects.in_force(timezone.localdate())
            .defer("outline")
            .filter(access.quartiers_to_write(actor))
        )
        chosen["residence"].queryset = Residence.objects.defer("outline").filter(
            access.residences_to_write(actor)
        )
        if area is None or not area.outline:
            del self.fields["keep_outline"]
        if area is not None:
            chosen["starts_on"].label = "Le changement commence le"
            chosen["starts_on"].help_text = "Jusqu’à la veille, l’espace reste ce qu’il était."
            chosen["starts_on"].required = True

    def offered_quartiers(self) -> list[int]:
        """Ids of the quartiers that may be chosen."""
        rows: Any = self.fields["quartier"]
        return list(rows.queryset.values_list("pk", flat=True))

    def frames(self) -> dict[str, dict[int, list[list[float]]]]:
        """South-west and north-east corners of the communes and quartiers that may be chosen: the
        map goes where the choice lies."""
        found: dict[str, dict[int, list[list[float]]]] = {}
        for name in ("commune", "quartier"):
            rows: Any = self.fields[name]
            boxes = rows.queryset.exclude(west=None).order_by("pk")
            found[name] = {
                pk: [[south, west], [north, east]]
                for pk, south, west, north, east in boxes.values_list(
                    "pk", "south", "west", "north", "east"
                )
            }
        return found

    @staticmethod
    def initial_of(area: ManagedArea) -> dict[str, Any]:
        """What the form says first when an area is to be changed."""
        today = timezone.localdate()
        start = today
        if area.starts_on and area.starts_on >= today:
            start = area.starts_on + timedelta(days=1 if area.starts_on == today else 0)
        return {
            "name": area.name,
            "manager": area.manager_id,
            "owner": area.owner_id,
            "theme_codes": area.theme_codes,
            "commune": area.commune_id,
            "quartier": area.quartier_id,
            "residence": area.residence_id,
            "keep_outline": bool(area.outline),
            "starts_on": start,
            "ends_on": area.ends_on,
        }

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
        commune, quartier, residence = (
            data.get(name) for name in ("commune", "quartier", "residence")
        )
        if (
            commune
            and quartier
            and not Quartier.communes.through.objects.filter(
                quartier_id=quartier.pk, commune_id=commune.pk
            ).exists()
        ):
            self.add_error("quartier", f"Ce quartier ne touche pas {commune}.")
        if commune and residence and residence.commune_id != commune.pk:
            self.add_error("residence", f"Cette résidence n’est pas à {commune}.")
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "La fin précède le début.")
        self._clean_outline(data)
        return data

    def _clean_outline(self, data: dict[str, Any]) -> None:
        given = "outline_file" if data.get("outline_file") else "outline_text"
        if data.get(given):
            try:
                self.outline = read_outline(data[given])
            except OutlineRefused as refused:
                self.add_error(given, str(refused))
                return
        elif data.get("keep_outline") and self.area is not None:
            self.outline = {name: getattr(self.area, name) for name in NO_OUTLINE}
        else:
            self.outline = dict(NO_OUTLINE)
            return
        commune = data.get("commune")
        if commune and commune.outline and not overlaps(self.outline["outline"], commune.outline):
            self.add_error(given, f"Ce contour est en dehors de la commune choisie ({commune}).")

    def fields_of_area(self) -> dict[str, Any]:
        """The fields of the managed area that this form describes."""
        names = (
            "name",
            "manager",
            "owner",
            "theme_codes",
            "commune",
            "quartier",
            "residence",
            "starts_on",
            "ends_on",
        )
        return {**{name: self.cleaned_data[name] for name in names}, **self.outline}


class EndForm(forms.Form):
    last_day = day_field("Dernier jour", help_text="Ce jour compris.")


class HoldingForm(forms.Form):
    """A landlord takes over a residence."""

    residence = forms.ModelChoiceField(
        Residence.objects.none(), label="Résidence", empty_label="Choisissez une résidence"
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(kind=Organisation.Kind.BAILLEUR, closed_on=None),
        label="Bailleur",
        empty_label="Choisissez un bailleur",
    )
    from_day = day_field("À partir du")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["residence"].queryset = Residence.objects.defer("outline").filter(  # type: ignore[attr-defined]
            access.residences_to_write(actor)
        )

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if day.year < 1900:
            raise forms.ValidationError("Vérifiez l’année.")
        return day
