"""Forms of experiments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.choices import offer_quartiers
from parvis.toolbox.models import Experiment
from parvis.toolbox.network_experiment_acts import FIGURES, MANY
from parvis.toolbox.network_forms import many_field, quartiers_of, themes_now, words_field
from parvis.toolbox.network_scopes import networks_of
from parvis.toolbox.network_workflow import Decision
from parvis.ui.fields import day_field


def figure_field(label: str, *, help_text: str = "") -> forms.DecimalField:
    """A figure with at most two decimals, written with a comma or a point."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=12,
        decimal_places=2,
        localize=True,
        help_text=help_text,
    )


class ExperimentForm(forms.Form):
    """What is tried, where, with whom, and what will be measured."""

    title = forms.CharField(
        label="Titre",
        max_length=160,
        help_text="Par exemple : un local de réemploi au pied de la tour.",
    )
    hypothesis = words_field(
        "Hypothèse",
        length=2000,
        help_text="Si nous faisons ceci, alors cela devrait changer. Une phrase suffit.",
    )
    test = words_field("Ce qui est essayé", length=3000, required=False, rows=5)
    starts_on = day_field("Du", required=False)
    ends_on = day_field(
        "Au", required=False, help_text="Ce jour-là, un résultat vous sera demandé."
    )
    indicator = forms.CharField(
        label="Ce qui est mesuré",
        max_length=160,
        required=False,
        help_text="Par exemple : dépôts sauvages relevés par mois.",
    )
    unit = forms.CharField(label="Unité", max_length=40, required=False)
    before = figure_field("Avant l’essai")
    target = figure_field("Visé")
    themes = many_field("Thèmes")
    quartiers = many_field("Quartiers")
    partners = many_field("Avec")

    def __init__(
        self, *args: Any, actor: Actor, experiment: Experiment | None = None, **kwargs: Any
    ) -> None:
        if experiment is not None:
            names = set(self.base_fields) - set(MANY)
            kept = {name: getattr(experiment, name) for name in names}
            many = {
                name: list(getattr(experiment, name).order_by().values_list("pk", flat=True))
                for name in MANY
            }
            kwargs["initial"] = {**kept, **many}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if experiment is not None and experiment.results.exists():
            for name in FIGURES:
                del fields[name]
        fields["themes"].queryset = themes_now()
        offer_quartiers(fields["quartiers"], quartiers_of(actor))
        sirens = networks_of(actor).order_by().values("commune__epci_siren")
        today = timezone.localdate()
        there = Q(closed_on=None) | Q(closed_on__gt=today)
        near = Organisation.objects.filter(there, commune__epci_siren__in=sirens)
        fields["partners"].queryset = near.exclude(pk=actor.organisation_id or 0).order_by(
            "name", "pk"
        )


class ResultForm(forms.Form):
    """What the test gave."""

    on = day_field("Constaté le")
    after = figure_field("Après l’essai")
    text = words_field(
        "Ce que l’essai a donné",
        length=3000,
        rows=5,
        help_text="Ce qui a changé, ce qui n’a pas changé, ce qui a surpris.",
    )

    def __init__(self, *args: Any, experiment: Experiment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not experiment.indicator:
            del self.fields["after"]
        else:
            unit = f" ({experiment.unit})" if experiment.unit else ""
            self.fields["after"].help_text = f"{experiment.indicator}{unit}."


class DecisionForm(forms.Form):
    """What is done of it."""

    decision = forms.ChoiceField(
        label="Décision",
        widget=forms.RadioSelect,
        choices=[
            (Decision.SPREAD, "Diffuser : c’est concluant, d’autres peuvent le faire"),
            (Decision.GO_ON, "Continuer l’essai : il est trop tôt pour le dire"),
            (Decision.STOP, "Arrêter : ce n’est pas la bonne réponse"),
        ],
    )
    reason = words_field("Pourquoi", length=1000, rows=4)
    ends_on = day_field(
        "Continuer jusqu’au", required=False, help_text="Seulement pour continuer l’essai."
    )
