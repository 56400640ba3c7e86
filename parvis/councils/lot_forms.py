"""Forms of a draw: what it is for, its lists, its quotas, its seed, and what people answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from parvis.councils.body_models import Body
from parvis.councils.draw_models import ContactAttempt, Draw, SourceList
from parvis.councils.draw_rules import DrawRefused, load_json
from parvis.councils.lot_acts import MOST_PARTIES
from parvis.councils.lot_lists import HOUSEHOLDS, guessed
from parvis.councils.lot_people import ANSWERS
from parvis.councils.lot_reading import ENDINGS, MOST_EXTRA, PARTS
from parvis.councils.lot_seed import LEAST_VALUE, MOST_VALUE
from parvis.councils.regimes import choices
from parvis.councils.sorting import choices as list_choices
from parvis.councils.workflow import DrawnState
from parvis.ui.fields import day_field

MOST_VALUES_SHOWN = 12  # a column with more of them takes its quotas as JSON
HIDDEN = {"autocomplete": "off", "spellcheck": "false"}


class DrawForm(forms.Form):
    """What a draw is for, and who may be drawn."""

    body = forms.ModelChoiceField(Body.objects.none(), label="Instance", empty_label=None)
    title = forms.CharField(
        label="Titre", max_length=160, help_text="Par exemple : renouvellement du collège habitants"
    )
    college = forms.ChoiceField(label="Collège")
    seats = forms.IntegerField(label="Places à pourvoir", min_value=1, max_value=1000)
    reserve = forms.IntegerField(
        label="Personnes en réserve",
        min_value=0,
        max_value=1000,
        help_text="Elles remplacent celles qui refusent. Comptez deux à cinq fois les places.",
    )
    youngest = forms.IntegerField(
        label="Âge minimum", required=False, min_value=0, max_value=99, help_text="Le jour du tri."
    )
    inside = forms.BooleanField(
        label="Seulement les personnes qui habitent les quartiers de l’instance", required=False
    )
    destroy_on = day_field(
        "Les listes seront détruites le",
        help_text="Dans un an au plus. Cette date est publiée, et la destruction se fait seule.",
    )

    def __init__(self, *args: Any, bodies: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if bodies is None:
            del fields["body"]
        else:
            fields["body"].queryset = bodies
        fields["college"].choices = [(c, capfirst(w)) for c, w in choices("college").items()]

    @staticmethod
    def initial_of(draw: Draw) -> dict[str, Any]:
        """What a draw says already."""
        names = ("title", "college", "youngest", "inside", "destroy_on")
        rules = draw.rules
        return {
            **{name: getattr(draw, name) for name in names},
            "seats": rules["seats"],
            "reserve": rules["reserve"],
        }


class ListForm(forms.Form):
    """Where a list comes from and by which right; then the file."""

    origin = forms.ChoiceField(label="Nature de la liste")
    holder = forms.CharField(
        label="Fournie par", max_length=160, help_text="L’organisation qui tient cette liste."
    )
    basis = forms.CharField(
        label="Base légale",
        max_length=300,
        help_text="Consentement des volontaires, mission d’intérêt public avec la convention qui "
        "autorise cet usage, article du code électoral… Sans elle, la liste n’est pas prise.",
    )
    file = forms.FileField(
        label="Tableau",
        help_text="csv, xlsx ou ods, 15 Mo au plus, une personne par ligne. Le fichier est lu, "
        "jamais gardé.",
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        lines = list_choices("source_list").items()
        fields["origin"].choices = [("", "Choisir"), *((c, capfirst(w)) for c, w in lines)]


class ColumnsForm(forms.Form):
    """What each column of a list holds; the others are erased."""

    def __init__(self, data: Any, *, source: SourceList) -> None:
        super().__init__(data)
        found = source.columns.get("found", [])
        seems = guessed(source)
        offered = [("", "Aucune colonne"), *((name, name) for name in found)]
        for code, words in PARTS.items():
            self.fields[code] = forms.ChoiceField(
                label=capfirst(words),
                choices=offered,
                required=code == "last_name",
                initial=seems.get(code, ""),
            )
        self.fields["extra"] = forms.MultipleChoiceField(
            label="Autres colonnes à garder pour des quotas",
            choices=[(name, name) for name in found if name not in seems.values()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=f"{MOST_EXTRA} au plus. Tout ce qui n’est pas choisi est effacé.",
        )

    @property
    def parts(self) -> dict[str, str]:
        """The column chosen for each piece of information."""
        return {code: self.cleaned_data[code] for code in PARTS if self.cleaned_data[code]}


class RulesForm(forms.Form):
    """Who shares a home, and how many people of each value at least and at most."""

    household = forms.ChoiceField(
        label="Une seule personne par foyer",
        required=False,
        widget=forms.RadioSelect,
        choices=[(code, capfirst(words)) for code, words in HOUSEHOLDS.items()],
    )
    text = forms.CharField(
        label="Tous les quotas, en JSON",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, **HIDDEN}),
        help_text='Remplace les cases ci-dessus : {"sexe": {"F": [2, 2], "H": [2, 2]}}.',
    )

    def __init__(self, data: Any, *, draw: Draw, strata: dict[str, Any]) -> None:
        rules = draw.rules
        super().__init__(data, initial={"household": rules.get("household") or ""})
        self.seats = rules["seats"]
        self.table: list[tuple[str, list[tuple[str, int, str]]]] = []
        for place, (column, found) in enumerate(strata.items()):
            values = sorted(value for value in found if value)
            if not 1 < len(values) <= MOST_VALUES_SHOWN:
                continue
            rows = []
            for number, value in enumerate(values):
                kept = rules["quotas"].get(column, {}).get(value, [None, None])
                name = f"q{place}_{number}"
                for end, words, at_first in zip(
                    ("least", "most"), ("au moins", "au plus"), kept, strict=True
                ):
                    self.fields[f"{name}_{end}"] = forms.IntegerField(
                        label=f"{value} : {words}",
                        required=False,
                        min_value=0,
                        max_value=1000,
                        initial=at_first,
                    )
                rows.append((value, found[value], name))
            self.table.append((column, rows))

    def rows(self) -> list[dict[str, Any]]:
        """The quotas to fill in, by column, with their bound fields."""
        return [
            {
                "column": column,
                "lines": [
                    {
                        "value": value,
                        "people": people,
                        "least": self[f"{name}_least"],
                        "most": self[f"{name}_most"],
                    }
                    for value, people, name in lines
                ],
            }
            for column, lines in self.table
        ]

    def clean_text(self) -> Any:
        """The quotas as JSON values; None when nothing is written there."""
        words = self.cleaned_data["text"].strip()
        if not words:
            return None
        try:
            return load_json(words.encode(), "Quotas")
        except DrawRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def quotas(self) -> dict[str, dict[str, list[int]]]:
        """Column, value, minimum and maximum; a value without either has no quota."""
        written = self.cleaned_data.get("text")
        if written is not None:
            return dict(written) if isinstance(written, dict) else {}
        found: dict[str, dict[str, list[int]]] = {}
        for column, lines in self.table:
            for value, _, name in lines:
                least = self.cleaned_data.get(f"{name}_least")
                most = self.cleaned_data.get(f"{name}_most")
                if least is not None or most is not None:
                    pair = [least or 0, self.seats if most is None else most]
                    found.setdefault(column, {})[value] = pair
        return found


class PartiesForm(forms.Form):
    """Who makes the seed, and what each commits to."""

    def __init__(self, data: Any, *, initial: list[tuple[str, str]] | None = None) -> None:
        super().__init__(data)
        given = initial or []
        for number in range(1, MOST_PARTIES + 1):
            name, commitment = given[number - 1] if number <= len(given) else ("", "")
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"Partie {number}", max_length=120, required=False, initial=name
            )
            self.fields[f"commitment_{number}"] = forms.CharField(
                label="Son engagement",
                max_length=64,
                required=False,
                initial=commitment,
                widget=forms.TextInput(attrs=HIDDEN),
            )

    def lines(self) -> list[tuple[Any, Any]]:
        """The fields of each party, side by side."""
        numbers = range(1, MOST_PARTIES + 1)
        return [(self[f"name_{number}"], self[f"commitment_{number}"]) for number in numbers]

    @property
    def parties(self) -> list[tuple[str, str]]:
        """The parties that are filled in."""
        given = self.cleaned_data
        pairs = [
            (given[f"name_{number}"], given[f"commitment_{number}"])
            for number in range(1, MOST_PARTIES + 1)
        ]
        return [pair for pair in pairs if any(pair)]


class CommitmentForm(forms.Form):
    """A value typed twice, of which the commitment alone is shown; it is kept nowhere."""

    value = forms.CharField(
        label="Votre valeur",
        max_length=MOST_VALUE,
        help_text=f"{LEAST_VALUE} signes au moins, que personne ne peut deviner : des mots pris au "
        "hasard. Gardez-la par écrit, exactement, jusqu’au tirage.",
        widget=forms.PasswordInput(attrs=HIDDEN),
    )
    again = forms.CharField(
        label="La même, une seconde fois",
        max_length=MOST_VALUE,
        widget=forms.PasswordInput(attrs=HIDDEN),
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("value") and given.get("again") and given["value"] != given["again"]:
            self.add_error("again", "Les deux ne sont pas les mêmes.")
        return given


class NumberForm(forms.Form):
    """A public number of a later date."""

    label = forms.CharField(
        label="Résultat public attendu",
        max_length=200,
        help_text="Lequel, et comment il sera écrit : « numéros du Loto du 12 mars, dans l’ordre "
        "croissant, séparés par une espace, puis le numéro chance ».",
    )
    on = day_field("Connu le")


class TellForm(forms.Form):
    """That number, once it is known."""

    told = forms.CharField(
        label="Résultat, écrit comme annoncé",
        max_length=200,
        widget=forms.TextInput(attrs=HIDDEN),
    )
    source = forms.CharField(label="Où chacun peut le lire", max_length=300)


class RevealForm(forms.Form):
    """The value of a party, once the rules are published."""

    value = forms.CharField(
        label="Valeur révélée", max_length=MOST_VALUE, widget=forms.TextInput(attrs=HIDDEN)
    )


class AttemptForm(forms.Form):
    """A letter, a call or a visit, and what came of it."""

    means = forms.ChoiceField(label="Par", choices=ContactAttempt.Means.choices)
    on = day_field("Le")
    outcome = forms.ChoiceField(label="Résultat")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["outcome"].choices = list(list_choices("attempt").items())


class AnswerForm(forms.Form):
    """What somebody answered."""

    state = forms.ChoiceField(
        label="Réponse",
        widget=forms.RadioSelect,
        choices=[(code, capfirst(DrawnState(code).label)) for code in ANSWERS],
    )


class InstallForm(forms.Form):
    """From when somebody sits."""

    starts_on = day_field("Siège à partir du")
