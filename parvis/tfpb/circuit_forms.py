"""Forms of the circuit: a step, an opinion, a remark, a consultation, a batch, what blocks."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.meetings.models import AgendaItem, Decision, Sitting
from parvis.meetings.workflow import DecisionState
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune
from parvis.tfpb.batch import BATCH_STEPS
from parvis.tfpb.dialogue_models import Consultation, Opinion
from parvis.tfpb.programme_events import PROGRAMME
from parvis.tfpb.programme_models import Line
from parvis.tfpb.workflow import ProgrammeState, Step
from parvis.ui.fields import day_field
from parvis.ui.words import day_in_words

TURNS = (
    ("bailleur", "le bailleur"),
    ("avis", "l’avis des parties"),
    ("coordination", "la coordination"),
)


def words_field(label: str, length: int, help_text: str = "", rows: int = 4) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class DecisionChoice(forms.ModelChoiceField):
    """A recorded decision, under the day and the name of its instance."""

    def label_from_instance(self, obj: Any) -> str:
        """« jeudi 12 mars, COTECH des Rives : … »."""
        sitting = obj.sitting
        day = day_in_words(sitting.gathering.starts_at)
        return f"{day}, {sitting.instance.name} : {obj.text}"[:180]


def decisions_for(actor: Actor, needs: str, sitting: Sitting | None = None) -> Any:
    """The decisions of a COTECH, or of a COPIL, that this actor may see, the newest first."""
    rows = Decision.objects.visible_to(actor).filter(sitting__instance__kind=needs)
    if sitting is not None:
        rows = rows.filter(sitting=sitting)
    rows = rows.exclude(state=DecisionState.DROPPED)
    return rows.select_related("sitting__instance", "sitting__gathering").order_by(
        "-taken_at", "-pk"
    )


class StepForm(forms.Form):
    """What a step asks for: words, a recorded decision, a day for who is next."""

    reason = words_field(
        "Ce qui manque ou doit changer", 1000, "Le bailleur le lit, et les parties aussi."
    )
    decision = DecisionChoice(
        Decision.objects.none(), label="Décision enregistrée", empty_label="Choisissez"
    )
    due_on = day_field(
        "Réponse attendue pour le", required=False, help_text="Les personnes prévenues le liront."
    )

    def __init__(self, *args: Any, actor: Actor, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.needs != "reason":
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
        if step.needs in ("cotech", "copil"):
            found = decisions_for(actor, step.needs)
            self.fields["decision"].queryset = found  # type: ignore[attr-defined]
        else:
            del self.fields["decision"]
        if step.target == ProgrammeState.CLOSED:
            del self.fields["due_on"]


class OpinionForm(forms.Form):
    """What a party thinks of the version that it has read."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    verdict = forms.ChoiceField(
        label="Votre avis", choices=Opinion.Verdict.choices, widget=forms.RadioSelect
    )
    text = words_field("Motifs", 3000, "Nécessaires, sauf pour un avis favorable.")


class RemarkForm(forms.Form):
    """A word about the programme or one of its lines."""

    text = forms.CharField(
        label="Votre remarque", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    line = forms.ModelChoiceField(
        Line.objects.none(),
        label="Sur quoi",
        required=False,
        empty_label="Le programme en entier",
    )

    def __init__(self, *args: Any, lines: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lines is None:
            del self.fields["line"]
        else:
            lines = lines.order_by("axis", "position", "pk")
            self.fields["line"].queryset = lines  # type: ignore[attr-defined]


class ConsultationForm(forms.Form):
    """Who was consulted, what they asked, what was kept of it."""

    body = forms.ChoiceField(label="Qui a été consulté", choices=Consultation.Body.choices)
    name = forms.CharField(label="Nom de l’association ou de l’instance", max_length=160)
    held_on = day_field("Le")
    present = forms.CharField(
        label="Qui était là",
        max_length=300,
        required=False,
        help_text="Des organisations et des nombres, par exemple « CNL, 12 locataires ». "
        "Jamais le nom d’une personne.",
    )
    asked = forms.CharField(
        label="Ce qui a été demandé", max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    kept = words_field(
        "Ce qui en a été retenu, et pourquoi",
        3000,
        "À compléter plus tard si rien n’est encore décidé.",
    )


class SheetFilters(forms.Form):
    """Which sheets: of a landlord, a commune, a year."""

    bailleur = forms.ModelChoiceField(
        Organisation.objects.none(), label="Bailleur", required=False, empty_label="Tous"
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Toutes"
    )
    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = rows.order_by()
        landlords = Organisation.objects.filter(pk__in=rows.values("landlord_id"))
        communes = Commune.objects.defer("outline").filter(pk__in=rows.values("commune_id"))
        years = rows.order_by("-year").values_list("year", flat=True).distinct()
        self.fields["bailleur"].queryset = landlords.order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["commune"].queryset = communes.order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["annee"].choices = [  # type: ignore[attr-defined]
            ("", "Toutes"),
            *((year, str(year)) for year in years),
        ]

    def asked(self) -> dict[str, Any]:
        """What was chosen, by name; what makes no sense asks nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def cut_down(self, rows: Any) -> Any:
        """Those of these programmes that were asked for."""
        asked = self.asked()
        columns = {"bailleur": "landlord", "commune": "commune", "annee": "year"}
        wanted = {columns[name]: asked[name] for name in columns if name in asked}
        return rows.filter(**wanted)


class BlockingFilters(SheetFilters):
    """Which sheets, by whom they wait for and by state."""

    attend = forms.ChoiceField(
        label="En attente de", required=False, choices=[("", "Tous"), ("nous", "nous"), *TURNS]
    )
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "Tous"),
            *(one for one in ProgrammeState.choices if one[0] != ProgrammeState.CLOSED),
        ],
    )


class BatchFilters(SheetFilters):
    """Which sheets a batch takes: also those on the agenda of a sitting."""

    seance = forms.ModelChoiceField(
        Sitting.objects.none(),
        label="Ordre du jour",
        required=False,
        empty_label="Aucun en particulier",
    )
    etape = forms.ChoiceField(
        label="Étape", choices=[(step.code, step.label) for step in BATCH_STEPS]
    )
    field_order = ["etape", "seance", "bailleur", "commune", "annee"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(thing_kind=PROGRAMME).values("sitting_id")
        sittings = Sitting.objects.visible_to(actor).filter(pk__in=items)
        self.fields["seance"].queryset = sittings.select_related(  # type: ignore[attr-defined]
            "instance", "gathering"
        ).order_by("-gathering__starts_at", "-pk")

    def cut_down(self, rows: Any) -> Any:
        """Those of these programmes that were asked for, agenda included."""
        rows, sitting = super().cut_down(rows), self.asked().get("seance")
        if sitting is None:
            return rows
        items = sitting.items.filter(thing_kind=PROGRAMME)
        return rows.filter(pk__in=items.values("thing_id"))


class BatchForm(forms.Form):
    """The proof of a batch, and the day that it gives to who is next."""

    decision = DecisionChoice(
        Decision.objects.none(),
        label="Décision enregistrée, qui fait preuve",
        empty_label="Choisissez",
    )
    due_on = day_field(
        "Réponse attendue pour le", required=False, help_text="Les personnes prévenues le liront."
    )

    def __init__(
        self, *args: Any, actor: Actor, step: Step, sitting: Sitting | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if step.needs:
            found = decisions_for(actor, step.needs, sitting)
            self.fields["decision"].queryset = found  # type: ignore[attr-defined]
        else:
            del self.fields["decision"]
