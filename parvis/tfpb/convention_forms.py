"""Forms of a convention of abatement: what it is, what each party answers, its papers, cautions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.actions.convention_forms import quartiers_of
from parvis.documents.files import FileField
from parvis.meetings.models import Decision
from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Organisation, Signature
from parvis.places.models import Commune, Quartier
from parvis.tfpb.axes import valuation_choices, valuation_rules
from parvis.tfpb.convention_models import Caution, Convention, ConventionPaper
from parvis.tfpb.convention_state import COUNCILS
from parvis.ui.fields import day_field

DECISIONS_SHOWN = 50
RULE = "rule_"


class ConventionForm(forms.Form):
    """A new convention: landlord, towns, EPCI and State; where, for how long, by which rules."""

    landlord = forms.ModelChoiceField(
        Organisation.objects.none(), label="Bailleur", empty_label="Choisir…"
    )
    state = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Service de l’État qui signe",
        empty_label="Choisir…",
        help_text="Les villes des communes cochées et votre agglomération signent aussi.",
    )
    title = forms.CharField(label="Titre", max_length=200)
    code = forms.SlugField(
        label="Code",
        max_length=20,
        help_text="Lettres sans accent, chiffres et tirets, par exemple TFPB-2027.",
        error_messages={"invalid": "Lettres sans accent, chiffres et tirets seulement."},
    )
    starts_on = day_field("Début", required=False, help_text="En général un 1er janvier.")
    ends_on = day_field("Fin", required=False)
    communes = forms.ModelMultipleChoiceField(
        Commune.objects.none(), label="Communes", widget=forms.CheckboxSelectMultiple
    )
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        widget=forms.CheckboxSelectMultiple,
        help_text="Un programme est attendu dans chacun, commune par commune.",
    )
    contract = forms.ModelChoiceField(
        Agreement.objects.none(),
        label="Contrat de ville auquel elle est annexée",
        required=False,
        empty_label="Pas encore relié",
        help_text="La date de signature du bailleur y est lue.",
    )
    territory = forms.ChoiceField(
        label="Territoire", choices=Convention._meta.get_field("territory").choices or []
    )
    held_previous_year = forms.BooleanField(
        label="Les logements avaient déjà l’abattement l’année d’avant", required=False
    )
    decision = forms.ModelChoiceField(
        Decision.objects.none(),
        label="Décision qui la demande",
        required=False,
        empty_label="Aucune",
        help_text="Le fil montrera l’une depuis l’autre.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = Q(commune__in=actor.communes) | Q(commune=None)
        known = Organisation.objects.filter(closed_on=None).order_by("name", "pk")
        decisions = Decision.objects.visible_to(actor).order_by("-taken_at", "-pk")
        lying = Agreement.communes.through.objects.filter(
            agreement_id=OuterRef("pk"), commune_id__in=actor.communes
        )
        contracts = Agreement.objects.filter(kind=Agreement.Kind.CONTRAT_DE_VILLE)
        newest = decisions.values("pk")[:DECISIONS_SHOWN]
        self._choose("landlord", known.filter(kind=Organisation.Kind.BAILLEUR))
        self._choose("state", known.filter(near, kind=Organisation.Kind.ETAT))
        self._choose("communes", Commune.objects.defer("outline").filter(pk__in=actor.communes))
        self._choose("quartiers", quartiers_of(actor))
        self._choose("contract", contracts.filter(Exists(lying)).order_by("code"))
        self._choose("decision", decisions.filter(pk__in=[row["pk"] for row in newest]))
        choices = list(valuation_choices().items())
        words = valuation_choices()
        for rule in valuation_rules():
            doubt = "" if rule.confirmed else ", usage à confirmer"
            self.fields[f"{RULE}{rule.code}"] = forms.ChoiceField(
                label=rule.label,
                required=False,
                choices=[("", f"Non dit : {words[rule.default]}{doubt}"), *choices],
            )

    def _choose(self, name: str, rows: Any) -> None:
        if name in self.fields:
            choice: Any = self.fields[name]
            choice.queryset = rows

    @property
    def first_rule(self) -> str:
        """The field before which the rules of valuation are introduced."""
        return next((name for name in self.fields if name.startswith(RULE)), "")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].upper()
        if Agreement.objects.filter(code=code).exists():
            raise forms.ValidationError("Une autre convention porte déjà ce code.")
        return code

    def clean(self) -> dict[str, Any]:
        """Days in their order, so that the form says it and not the database."""
        found: dict[str, Any] = self.cleaned_data
        starts_on, ends_on = found.get("starts_on"), found.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "La fin de la convention précède son début.")
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """What acts take: the rules together, the decision as its id."""
        found = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith(RULE) and name != "decision"
        }
        rules = {name for name in self.fields if name.startswith(RULE)}
        if rules:
            found["valuation"] = {
                name.removeprefix(RULE): self.cleaned_data[name]
                for name in sorted(rules)
                if self.cleaned_data[name]
            }
        decision = self.cleaned_data.get("decision")
        return found | {"decision": decision.pk if decision else None}


class AvenantForm(ConventionForm):
    """An avenant: the same, but its landlord and the State's service are those of the first."""

    landlord = None  # type: ignore[assignment]
    state = None  # type: ignore[assignment]


class CorrectionForm(AvenantForm):
    """What may still be corrected: once a party has signed, what it signed is out of the form."""

    code = None  # type: ignore[assignment]

    def __init__(self, *args: Any, frozen: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signed = ("title", "starts_on", "ends_on", "communes", "quartiers")
        for name in [*self.fields]:
            if frozen and (name in signed or name.startswith(RULE)):
                del self.fields[name]


def initial_of(convention: Convention) -> dict[str, Any]:
    """What a form shows of a convention that is written already."""
    agreement = convention.agreement
    return {
        "title": agreement.title,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "communes": list(agreement.communes.values_list("pk", flat=True)),
        "quartiers": list(agreement.quartiers.values_list("pk", flat=True)),
        "contract": convention.contract_id,
        "territory": convention.territory,
        "held_previous_year": convention.held_previous_year,
        **{f"{RULE}{code}": said for code, said in convention.valuation.items()},
    }


class AnswerForm(forms.Form):
    """What a party answers: the vote of its council, then its signature or its refusal."""

    ANSWERS = (
        ("none", "N’a pas encore répondu"),
        ("signed", "Signe la convention"),
        ("refused", "Refuse de signer"),
    )

    voted_on = day_field(
        "Délibération du", required=False, help_text="Le jour où l’assemblée a voté."
    )
    answer = forms.ChoiceField(label="Réponse", choices=ANSWERS, widget=forms.RadioSelect)
    on = day_field("Jour de la signature ou du refus", required=False)
    refusal = forms.CharField(
        label="Motif du refus",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="À dire en cas de refus. Les autres parties le liront, le public non.",
    )

    def __init__(self, *args: Any, signature: Signature, **kwargs: Any) -> None:
        signed, refused = signature.signed_on, signature.refused_on
        initial = {
            "voted_on": signature.voted_on,
            "answer": "signed" if signed else ("refused" if refused else "none"),
            "on": signed or refused,
            "refusal": signature.refusal,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        if signature.organisation.kind not in COUNCILS and not signature.voted_on:
            del self.fields["voted_on"]

    def clean(self) -> dict[str, Any]:
        """An answer has its day; a refusal, its reason."""
        found: dict[str, Any] = self.cleaned_data
        answered = found.get("answer") in ("signed", "refused")
        if answered and not found.get("on") and "on" not in self.errors:
            self.add_error("on", "Donnez le jour de cette réponse.")
        if found.get("answer") == "refused" and not (found.get("refusal") or "").strip():
            self.add_error("refusal", "Dites pourquoi la signature est refusée.")
        return found

    @property
    def given(self) -> dict[str, Any]:
        """The answer, as the act takes it."""
        found = self.cleaned_data
        answer = found["answer"]
        return {
            "voted_on": found.get("voted_on"),
            "signed_on": found["on"] if answer == "signed" else None,
            "refused_on": found["on"] if answer == "refused" else None,
            "refusal": found["refusal"],
        }


class DeclarationForm(forms.Form):
    """The day on which the landlord declared it, with the form that it sent."""

    declared_on = day_field("Déclarée au service des impôts le")
    file = FileField(label="La déclaration", required=False)


class PaperForm(forms.Form):
    """A document to keep with the convention."""

    kind = forms.ChoiceField(label="Nature", choices=ConventionPaper.Kind.choices)
    title = forms.CharField(label="Titre", max_length=160)
    file = FileField(label="Fichier")


class CautionForm(forms.Form):
    """A warning or a suspension: who says it, since when, why, on which letter."""

    by = forms.ModelChoiceField(
        Organisation.objects.none(), label="Dite par", required=False, empty_label="Nous"
    )
    kind = forms.ChoiceField(label="Nature", choices=Caution.Kind.choices, widget=forms.RadioSelect)
    said_on = day_field("À compter du")
    reason = forms.CharField(
        label="Motif", max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    file = FileField(label="Courrier", required=False)

    def __init__(self, *args: Any, actor: Actor, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Convention.objects.allowed(actor, "edit").filter(pk=convention.pk).exists():
            signing = convention.agreement.signatures.values("organisation_id")
            states = Organisation.objects.filter(kind=Organisation.Kind.ETAT, pk__in=signing)
            self.fields["by"].queryset = states.order_by("name", "pk")  # type: ignore[attr-defined]
        else:
            del self.fields["by"]


class LiftingForm(forms.Form):
    """From when it no longer holds, and why."""

    lifted_on = day_field("Levée le")
    because = forms.CharField(
        label="Pourquoi", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lifted_on"].initial = timezone.localdate
