"""Forms of who creates a body, keeps it up, and composes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from parvis.councils.answers import words_field
from parvis.councils.body_models import Body, College, CouncilSeat
from parvis.councils.regimes import Regime, choices, label_of, regimes, regimes_on
from parvis.documents.files import FileField
from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Organisation
from parvis.places.models import Commune, Quartier
from parvis.ui.fields import day_field

KIND = Organisation.Kind
CARRIERS = (KIND.ASSOCIATION, KIND.MAISON_DE_QUARTIER, KIND.COMMUNE, KIND.AGGLOMERATION)
SEATS_AT_ONCE = 60


def tell(form: forms.BaseForm, refused: ValidationError) -> None:
    """Say on the form why it could not be done, beside the field when it has that field."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def open_organisations(*kinds: str) -> Any:
    """Organisations of these kinds that are still there."""
    rows = Organisation.objects.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))
    return rows.filter(kind__in=kinds).order_by("name", "pk")


def quartiers_for(actor: Actor, kept: Body | None = None) -> Any:
    """The quartiers of the actor's communes in force today, and those that the body has already."""
    in_force = Quartier.objects.in_force(timezone.localdate()).order_by()
    wanted = Q(pk__in=in_force.filter(communes__in=sorted(actor.communes)).values("pk"))
    if kept is not None:
        wanted |= Q(pk__in=kept.quartiers.order_by().values("pk"))
    return Quartier.objects.filter(wanted).defer("outline").order_by("name", "pk")


def regime_label(one: Regime) -> str:
    """A regime with the days between which it may be chosen."""
    since = f"depuis le {one.starts_on:%d/%m/%Y}"
    if one.ends_on:
        since = f"du {one.starts_on:%d/%m/%Y} au {one.ends_on:%d/%m/%Y}"
    return f"{one.label} ({since})"


class PlaceForm(forms.Form):
    """What a body is for everybody, and what it stands on."""

    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(), label="Quartiers", widget=forms.CheckboxSelectMultiple
    )
    presentation = words_field(
        "Présentation pour tous",
        length=4000,
        required=False,
        help_text="Ce qu’elle fait, pour qui, et comment on la rejoint.",
        rows=6,
    )
    contact = forms.CharField(
        label="Comment la joindre",
        max_length=200,
        required=False,
        help_text="Public : une permanence, l’adresse ou le téléphone d’un service, "
        "jamais d’une personne.",
    )
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), label="Contrat de ville", required=False, empty_label="Aucun"
    )
    carrier = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Structure porteuse",
        required=False,
        empty_label="Aucune",
        help_text="Qui la porte en droit et tient ses comptes. Elle respecte son indépendance.",
    )

    def __init__(self, *args: Any, actor: Actor, body: Body | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["quartiers"].queryset = quartiers_for(actor, body)
        rows = Agreement.objects.visible_to(actor)
        rows = rows.filter(kind=Agreement.Kind.CONTRAT_DE_VILLE)
        chosen["agreement"].queryset = rows.order_by("title", "pk")
        chosen["carrier"].queryset = open_organisations(*CARRIERS)


class CreateForm(PlaceForm):
    """A body that does not stand yet."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Organisation",
        required=False,
        empty_label="Une nouvelle, nommée plus bas",
        help_text="Ses membres et son animateur agiront en son nom.",
    )
    name = forms.CharField(
        label="Nom, si l’organisation est nouvelle", max_length=160, required=False
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(),
        label="Commune de son siège, si elle est nouvelle",
        required=False,
        empty_label="Choisissez",
    )
    form = forms.ChoiceField(label="Forme", choices=())
    created_on = day_field("Créée le")
    regime = forms.ChoiceField(
        label="Régime", choices=(), help_text="Celui qui valait le jour de sa création."
    )

    field_order = ("organisation", "name", "commune", "form", "created_on", "regime")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        chosen: dict[str, Any] = self.fields
        mine = sorted(actor.communes)
        free = open_organisations(KIND.PARTICIPATION).filter(commune__in=mine)
        taken = Body.objects.order_by().values("organisation_id")
        chosen["organisation"].queryset = free.exclude(pk__in=taken)
        chosen["commune"].queryset = Commune.objects.filter(pk__in=mine).defer("outline")
        chosen["form"].choices = list(choices("form").items())
        chosen["regime"].choices = [(one.code, regime_label(one)) for one in regimes().values()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("organisation"):
            if not data.get("name"):
                self.add_error("name", "Donnez un nom, ou choisissez une organisation.")
            if not data.get("commune"):
                self.add_error("commune", "Choisissez la commune où elle a son siège.")
        created, form, regime = (data.get(name) for name in ("created_on", "form", "regime"))
        if created and form and regime:
            valid = regimes_on(created, form)
            if regime not in {one.code for one in valid}:
                self.add_error("regime", _wrong_regime(valid))
        return data


def _wrong_regime(valid: list[Regime]) -> str:
    if not valid:
        return "Aucun régime ne vaut à cette date pour cette forme."
    return f"Ce jour-là, pour cette forme : {' ou '.join(one.label for one in valid)}."


class EditForm(PlaceForm):
    """What a body says of itself, its means, how long its terms last."""

    term_months = forms.IntegerField(
        label="Durée du mandat, en mois",
        required=False,
        min_value=1,
        max_value=120,
        help_text="Telle que le contrat de ville l’écrit. Laissez vide s’il n’en fixe pas.",
    )
    room = forms.CharField(label="Local", max_length=200, required=False)
    budget = forms.DecimalField(
        label="Budget annuel, en euros",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        localize=True,
    )
    budget_source = forms.CharField(label="D’où vient ce budget", max_length=200, required=False)
    fund = forms.CharField(
        label="Fonds pour les habitants",
        max_length=200,
        required=False,
        help_text="Par exemple : fonds de participation des habitants, 4 000 € par an.",
    )
    rules_file = FileField(label="Règlement intérieur", required=False)
    rules_on = day_field("Règlement adopté le", required=False)
    no_elected = forms.BooleanField(
        label="J’ai vérifié aujourd’hui qu’aucun élu ne siège",
        required=False,
        help_text="La page de l’instance dira que c’est vérifié, et quand.",
    )

    def __init__(self, *args: Any, actor: Actor, body: Body, **kwargs: Any) -> None:
        names = ("presentation", "contact", "term_months", "room", "budget", "budget_source")
        kept = {name: getattr(body, name) for name in (*names, "fund", "rules_on")}
        kept |= {"agreement": body.agreement_id, "carrier": body.carrier_id}
        kept["quartiers"] = list(body.quartiers.order_by().values_list("pk", flat=True))
        super().__init__(*args, actor=actor, body=body, initial=kept, **kwargs)
        if body.rules_file:
            self.fields["rules_file"].help_text = "Un nouveau fichier remplace celui qui est là."
        chosen: dict[str, Any] = self.fields
        if body.agreement_id:
            rows = chosen["agreement"].queryset | Agreement.objects.filter(pk=body.agreement_id)
            chosen["agreement"].queryset = rows
        if body.carrier_id:
            rows = chosen["carrier"].queryset | Organisation.objects.filter(pk=body.carrier_id)
            chosen["carrier"].queryset = rows

    def fields_of_body(self, today: date) -> dict[str, Any]:
        """What was written, as the columns of the body."""
        data = dict(self.cleaned_data)
        if data.pop("no_elected"):
            data["no_elected_on"] = today
        if not data["rules_file"]:
            del data["rules_file"]
        return data


class RegimeForm(forms.Form):
    """Other rules, from a day on."""

    regime = forms.ChoiceField(label="Nouveau régime", choices=())
    since = day_field(
        "À partir du",
        help_text="Les mandats commencés avant ce jour gardent leurs règles jusqu’à leur fin.",
    )

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["regime"].choices = [
            (one.code, regime_label(one))
            for one in regimes().values()
            if body.form in one.forms and one.code != body.regime
        ]


class DissolveForm(forms.Form):
    """The day on which a body ends."""

    on = day_field("Dissoute le", help_text="Tous les mandats en cours se terminent ce jour-là.")


class RecognitionForm(forms.Form):
    """An act that recognises a body."""

    number = forms.CharField(label="Numéro de l’arrêté", max_length=60, required=False)
    signed_on = day_field("Signé le")
    authority = forms.ModelChoiceField(
        Organisation.objects.none(), label="Par", empty_label="Choisissez"
    )
    note = forms.CharField(
        label="Ce qu’il fixe",
        max_length=300,
        required=False,
        help_text="Par exemple : la composition et la structure porteuse.",
    )
    file = FileField(label="L’arrêté", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["authority"].queryset = open_organisations(KIND.ETAT)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["file"] = data.get("file") or ""
        return data


class SeatsForm(forms.Form):
    """Seats to open."""

    college = forms.ModelChoiceField(College.objects.none(), label="Collège")
    kind = forms.ChoiceField(label="Sièges de", choices=CouncilSeat.Kind.choices)
    how_many = forms.IntegerField(label="Combien", min_value=1, max_value=SEATS_AT_ONCE)
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(),
        label="Pour le quartier",
        required=False,
        empty_label="Tous les quartiers de l’instance",
    )

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["college"].empty_label = "Choisissez"
        chosen["college"].queryset = body.colleges.all()
        chosen["college"].label_from_instance = lambda one: label_of("college", one.code)
        chosen["quartier"].queryset = body.quartiers.defer("outline")
