"""Forms of tables in and out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from parvis.documents.files import FileField
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.describing import Guess
from parvis.tfpb.tabling.grids import Grid, address
from parvis.tfpb.tabling.headings import written_at
from parvis.tfpb.tabling.mapping import AXES, MONEYS, PERCENTS, Mapping

FORMATS = {"xlsx": "xlsx (Excel)", "ods": "ods (LibreOffice)"}


class WorkbookField(FileField):
    """A workbook: xlsx or ods."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Un classeur xlsx ou ods, 15 Mo au plus.")
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ".xlsx,.ods"

    def clean(self, data: Any, initial: Any = None) -> Any:
        """ValidationError when it is no workbook."""
        found = super().clean(data, initial)
        if found and not str(found.name).lower().endswith((".xlsx", ".ods")):
            raise ValidationError("Donnez un classeur xlsx ou ods.")
        return found


class UploadForm(forms.Form):
    """A filled table, and the model that it follows."""

    file = WorkbookField(label="Fichier")
    model = forms.ChoiceField(label="Modèle suivi", required=False)

    def __init__(self, *args: Any, models: list[Mapping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one.code, one.name) for one in models]
        self.fields["model"].choices = [  # type: ignore[attr-defined]
            ("", "Le reconnaître d’après ses titres"),
            *listed,
        ]


class ManyForm(forms.Form):
    """Which programmes go into one workbook."""

    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    bailleur = forms.ModelChoiceField(
        Organisation.objects.none(), label="Bailleur", required=False, empty_label="Tous"
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Toutes"
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Tous"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = Programme.objects.allowed(actor, "read")
        seen = self.programmes.order_by()
        years = sorted(set(seen.values_list("year", flat=True)), reverse=True)
        self.fields["annee"].choices = [  # type: ignore[attr-defined]
            ("", "Toutes"),
            *((year, str(year)) for year in years),
        ]
        lists: dict[str, tuple[Any, str]] = {
            "bailleur": (Organisation.objects, "landlord"),
            "commune": (Commune.objects.defer("outline"), "commune"),
            "quartier": (Quartier.objects.defer("outline"), "quartier"),
        }
        for name, (rows, column) in lists.items():
            self.fields[name].queryset = rows.filter(  # type: ignore[attr-defined]
                pk__in=seen.values(column)
            )

    def rows(self) -> Any:
        """The programmes that the filters keep; none when a filter is wrong."""
        if not self.is_valid():
            return self.programmes.none()
        named = {
            "annee": "year",
            "bailleur": "landlord",
            "commune": "commune",
            "quartier": "quartier",
        }
        asked = {column: self.cleaned_data[name] for name, column in named.items()}
        return self.programmes.filter(**{key: value for key, value in asked.items() if value})


class NewModelForm(forms.Form):
    """A real file to learn a model of table from."""

    name = forms.CharField(
        label="Nom du modèle", max_length=80, help_text="Par exemple : Tableau de la DDTM 2026."
    )
    document = forms.ChoiceField(label="Ce qu’il contient", choices=list(f.LABELS.items()))
    file = WorkbookField(
        label="Un fichier réel",
        help_text="Un classeur xlsx ou ods, rempli ou vide. Il n’est gardé que le temps de le "
        "décrire.",
    )


class DescribeForm(forms.Form):
    """Which heading is which field, and where the table begins, for one sheet of a file."""

    name = forms.CharField(label="Nom du modèle", max_length=80)
    sheet = forms.ChoiceField(label="Feuille")
    headings_at = forms.IntegerField(label="Ligne des titres", min_value=1, max_value=200)
    heading_rows = forms.TypedChoiceField(
        label="Les titres tiennent sur",
        choices=[(1, "une ligne"), (2, "deux lignes, la seconde sous la première")],
        coerce=int,
    )
    axis = forms.ChoiceField(label="Un axe s’écrit", choices=list(AXES.items()))
    percent = forms.ChoiceField(label="Un pourcentage s’écrit", choices=list(PERCENTS.items()))
    money = forms.ChoiceField(label="Les montants sont", choices=list(MONEYS.items()))
    subtotal = forms.CharField(
        label="Premiers mots d’un sous-total",
        required=False,
        max_length=60,
        help_text="Après chaque axe. Vide : pas de sous-total.",
    )
    total = forms.CharField(
        label="Premiers mots du total",
        required=False,
        max_length=60,
        help_text="La table finit là. Vide : pas de total.",
    )

    def __init__(
        self,
        *args: Any,
        document: str,
        grids: list[Grid],
        guessed: Guess,
        grid: Grid,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (str(place), one.name) for place, one in enumerate(grids)
        ]
        listed = [("", "ne pas lire"), *((one.code, one.label) for one in _readable(document))]
        written = written_at(grid, guessed.headings_at, guessed.heading_rows)
        self.columns = sorted(written)
        for column, (group, heading) in sorted(written.items()):
            words = f"{group} / {heading}" if group else heading
            label = f"{address(1, column)[:-1]} : {words[:80]}"
            self.fields[f"c{column}"] = forms.ChoiceField(
                label=label,
                choices=listed,
                required=False,
                initial=guessed.fields.get(column, ""),
            )
        for code, one in f.HEAD.items():
            self.fields[f"h_{code}"] = forms.CharField(
                label=capfirst(one.label),
                required=False,
                max_length=8,
                initial=guessed.head.get(code, ("", ""))[1],
            )

    @property
    def headings(self) -> list[forms.BoundField]:
        """The fields that say what each column is."""
        return [self[f"c{column}"] for column in self.columns]

    @property
    def head(self) -> list[forms.BoundField]:
        """The fields that say where the title block stands."""
        return [self[f"h_{code}"] for code in f.HEAD]

    def said(self) -> dict[str, Any]:
        """What the person said, for `describing.words_of`."""
        given = self.cleaned_data
        fields = {column: given[f"c{column}"] for column in self.columns if given[f"c{column}"]}
        head = {code: words for code in f.HEAD if (words := given[f"h_{code}"].strip().upper())}
        return {**given, "fields": fields, "head": head}


def _readable(document: str) -> list[f.Field]:
    """The fields that a column may hold: those of the rows, then those of the title block."""
    return [*f.COLUMNS[document].values(), *f.HEAD.values()]
