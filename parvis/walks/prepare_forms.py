"""Forms of who prepares a walk: the date, the route, a stop and its grid, who does what."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from parvis.gatherings.forms import moment_field
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.places.models import Commune, Quartier, Residence
from parvis.upkeep.themes import choices as theme_choices
from parvis.upkeep.themes import themes
from parvis.walks.models import Stop, Walk
from parvis.walks.planning import where_of
from parvis.walks.practice import roles, stop_kind, stop_kinds
from parvis.walks.prepare_places import communes_for, quartiers_for, residences_for
from parvis.walks.prepare_route import FILE_AT_MOST, RouteRefused, read_route

OWN_LINES = 3  # empty lines of a grid that a form offers
OF_THE_GATHERING = (
    *("title", "starts_at", "ends_at", "place_label", "contact"),
    *("entry", "seats", "closes_at"),
)


class WalkForm(forms.Form):
    """A walk: what for, where, when, and how people come."""

    title = forms.CharField(
        label="Titre",
        max_length=160,
        help_text="Par exemple : diagnostic en marchant des Rives, côté écoles.",
    )
    purpose = forms.CharField(
        label="Ce que l’on veut regarder",
        max_length=2000,
        required=False,
        help_text="Une ou deux phrases : les invités les liront.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        help_text="Un au moins, ou la commune plus bas.",
        widget=forms.CheckboxSelectMultiple,
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Aucune"
    )
    starts_at = moment_field("Début")
    ends_at = moment_field("Fin")
    place_label = forms.CharField(
        label="Point de rendez-vous",
        max_length=200,
        required=False,
        help_text="Un endroit que chacun trouve : devant l’école, place de l’Écluse.",
    )
    contact = forms.CharField(
        label="Renseignements",
        max_length=160,
        required=False,
        help_text="Le téléphone ou l’adresse d’un service, jamais d’une personne.",
    )
    entry = forms.ChoiceField(label="Les habitants viennent", choices=Gathering.Entry.choices)
    seats = forms.IntegerField(
        label="Places",
        required=False,
        min_value=1,
        max_value=2000,
        help_text="Laissez vide s’il n’y a pas de limite.",
    )
    closes_at = moment_field(
        "Inscriptions jusqu’au", required=False, help_text="Laissez vide : jusqu’au début."
    )

    def __init__(self, *args: Any, actor: Actor, walk: Walk | None = None, **kwargs: Any) -> None:
        kept = walk.gathering if walk else None
        lying = tuple(kept.quartiers.values_list("pk", flat=True)) if kept else ()
        if kept is not None:
            initial = {name: getattr(kept, name) for name in OF_THE_GATHERING}
            initial |= {"commune": kept.commune_id, "quartiers": list(lying)}
            kwargs["initial"] = {**initial, "purpose": walk.purpose if walk else ""}
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["commune"].queryset = communes_for(actor, kept.commune_id if kept else None)
        chosen["quartiers"].queryset = quartiers_for(actor, lying)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("quartiers") and not data.get("commune") and not self.errors:
            self.add_error("quartiers", "Choisissez un quartier, ou la commune.")
        return data


class RouteForm(forms.Form):
    """The way between the stops: what the map wrote, or a file; nothing: from stop to stop."""

    route_file = forms.FileField(
        label="Fichier du parcours",
        required=False,
        help_text="GeoJSON, une ligne en longitude et latitude, 1 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    route_text = forms.CharField(
        label="Ou le parcours collé ici",
        required=False,
        max_length=FILE_AT_MOST,
        help_text="Laissez vide : le parcours va alors tout droit d’un arrêt au suivant.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    @staticmethod
    def initial_of(walk: Walk) -> dict[str, str]:
        """What the form holds of a walk."""
        return {"route_text": json.dumps(walk.route) if walk.route else ""}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent = data.get("route_file")
        name = "route_file" if sent else "route_text"
        try:
            if sent and sent.size > FILE_AT_MOST:
                raise RouteRefused("Ce fichier dépasse 1 Mo.")
            given: bytes | str = sent.read() if sent else data.get("route_text", "")
            data["route"] = read_route(given) if given else None
        except RouteRefused as refused:
            self.add_error(name, str(refused))
        return data


class DegreesField(forms.CharField):
    """A latitude or a longitude, with a point or a comma; None when empty."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(required=False, max_length=24, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        """ValidationError for what is no number of degrees."""
        text = str(super().clean(value) or "").replace(",", ".").strip()
        if not text:
            return None
        try:
            degrees = float(text)
        except ValueError:
            raise forms.ValidationError("Écrivez un nombre, comme 50,3812.") from None
        if not -self.most <= degrees <= self.most:
            raise forms.ValidationError("Ce point n’est pas sur la carte.")
        return round(degrees, 6)


def _value(line: dict[str, str]) -> str:
    """A line of a grid as a box to tick says it."""
    return f"{line['theme']}:{line['label']}"


class StopForm(forms.Form):
    """A stop: what it is, where, and what is looked at there."""

    kind = forms.ChoiceField(label="Type d’arrêt")
    title = forms.CharField(
        label="Nom de l’arrêt", max_length=120, help_text="Par exemple : pied des Tilleuls."
    )
    note = forms.CharField(
        label="À regarder ici",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    residence = forms.ModelChoiceField(
        Residence.objects.none(),
        label="Résidence",
        required=False,
        empty_label="Aucune",
        help_text="Sans repère sur la carte, l’arrêt est placé à la résidence.",
    )
    latitude = DegreesField(label="Latitude", most=90)
    longitude = DegreesField(label="Longitude", most=180)

    def __init__(self, *args: Any, walk: Walk, stop: Stop | None = None, **kwargs: Any) -> None:
        if stop is not None:
            names = ("kind", "title", "note", "latitude", "longitude")
            initial = {name: getattr(stop, name) for name in names}
            kept = [_value(line) for line in stop.looks]
            kwargs["initial"] = {**initial, "residence": stop.residence_id, "kept": kept}
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["kind"].choices = [(one.code, one.label) for one in stop_kinds().values()]
        self.residences = residences_for(where_of(walk), stop.residence_id if stop else None)
        rows = Residence.objects.defer("outline").filter(pk__in=[one.pk for one in self.residences])
        chosen["residence"].queryset = rows
        self.stop = stop
        self.offered: list[dict[str, str]] = []
        if stop is not None:
            if stop.kind not in stop_kinds():
                chosen["kind"].choices.append((stop.kind, stop.kind))
            self._ask_grid(stop)

    def _ask_grid(self, stop: Stop) -> None:
        """The lines of its type and its own, to keep or not, and room for others."""
        model = [dict(line) for line in stop_kind(stop.kind).looks]
        self.offered = [*model, *(line for line in stop.looks if line not in model)]
        self.fields["kept"] = forms.MultipleChoiceField(
            label="Ce que l’on regarde",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(_value(line), line["label"]) for line in self.offered],
        )
        listed = [("", "Choisissez un thème"), *theme_choices()]
        for number in range(1, OWN_LINES + 1):
            self.fields[f"label_{number}"] = forms.CharField(
                label=f"Ligne {number}", required=False, max_length=120
            )
            self.fields[f"theme_{number}"] = forms.ChoiceField(
                label=f"Thème de la ligne {number}", required=False, choices=listed
            )

    @property
    def own_lines(self) -> list[tuple[Any, Any]]:
        """The fields of the lines that may be added, two by two."""
        if self.stop is None:
            return []
        numbers = range(1, OWN_LINES + 1)
        return [(self[f"label_{number}"], self[f"theme_{number}"]) for number in numbers]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        latitude, longitude = data.get("latitude"), data.get("longitude")
        if (latitude is None) != (longitude is None) and not self.errors:
            missing = "latitude" if latitude is None else "longitude"
            self.add_error(missing, "Donnez les deux nombres, ou aucun.")
        if self.stop is not None:
            for label, theme in self.own_lines:
                if bool(data.get(label.name)) != bool(data.get(theme.name)):
                    empty = theme if data.get(label.name) else label
                    self.add_error(empty.name, "Donnez les mots et le thème.")
        return data

    def said(self) -> dict[str, Any]:
        """The fields of the stop that this form describes."""
        names = ("kind", "title", "note", "residence", "latitude", "longitude")
        fields = {name: self.cleaned_data[name] for name in names}
        residence = fields["residence"]
        if residence is not None and (fields["latitude"] is None or self._only_residence(fields)):
            fields |= {"latitude": residence.latitude, "longitude": residence.longitude}
        if self.stop is not None:
            fields["looks"] = self._looks(self.stop)
        return fields

    def _only_residence(self, fields: dict[str, Any]) -> bool:
        """Whether another residence was chosen and the mark on the map left where it was."""
        if self.stop is None or fields["residence"] == self.stop.residence:
            return False
        return bool(
            fields["latitude"] == self.stop.latitude and fields["longitude"] == self.stop.longitude
        )

    def _looks(self, stop: Stop) -> list[dict[str, str]]:
        """The grid: another type brings all its lines, lines of one's own stay with it."""
        kind = self.cleaned_data["kind"]
        ticked = set(self.cleaned_data["kept"])
        kept = [line for line in self.offered if _value(line) in ticked]
        if kind != stop.kind:
            before = [dict(line) for line in stop_kind(stop.kind).looks]
            after = [dict(line) for line in stop_kind(kind).looks]
            kept = after + [line for line in kept if line not in before and line not in after]
        for label, theme in self.own_lines:
            words, code = self.cleaned_data[label.name].strip(), self.cleaned_data[theme.name]
            line = {"theme": code, "label": words}
            if words and code in themes() and line not in kept:
                kept.append(line)
        return kept


class RoleForm(forms.Form):
    """Somebody who comes, and what they take on; `who` is "guest:12" or "person:3"."""

    code = forms.ChoiceField(label="Rôle")
    who = forms.ChoiceField(label="Qui")

    def __init__(self, *args: Any, guests: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["code"].choices = list(roles().items())
        groups: list[tuple[str, Any]] = [("", "Choisissez")]
        if guests:
            called = [(f"guest:{one.pk}", one.organisation.name) for one in guests]
            groups.append(("Organisations invitées", called))
        if people:
            groups.append(
                ("Personnes inscrites", [(f"person:{pk}", name) for pk, name in people.items()])
            )
        chosen["who"].choices = groups
