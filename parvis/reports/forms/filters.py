"""The filters of the list, the map and the export: one form, read from the address of the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier
from parvis.reports import access
from parvis.reports.models import Category, Part, Report
from parvis.reports.searching import Finding, find, look_for, nearest
from parvis.reports.sorting import SORTS, USUAL, Sort
from parvis.reports.tallies import kept_counts
from parvis.reports.workflow import OPEN, PLAIN_WORDS

PAGE = 20
LONG_PAGE = 100  # for who asks for it
PARTNERS_ONLY = ("organisation", "late", "review", "ownerless", "mine", "all")
USUALLY = {"tri": USUAL, "par": str(PAGE)}  # these two filter nothing

STATES = [
    ("", _("Tous")),
    ("open", _("En cours")),
    ("closed", _("Terminés")),
    *PLAIN_WORDS.items(),
]


class FilterForm(forms.Form):
    """Each filter alone or crossed with others. A value that is not in its list filters nothing
    out in silence: the page says that it was left aside."""

    q = forms.CharField(label=_("Chercher"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("État"), choices=STATES, required=False)
    family = forms.ChoiceField(label=_("Sujet"), required=False)
    quartier = forms.ChoiceField(label=_("Quartier"), required=False)
    commune = forms.ChoiceField(label=_("Commune"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    late = forms.BooleanField(label=_("En retard"), required=False)
    review = forms.BooleanField(label=_("À relire"), required=False)
    ownerless = forms.BooleanField(label=_("Sans gestionnaire"), required=False)
    mine = forms.BooleanField(label=_("Ma part seulement"), required=False)
    # For partners: besides their own list, what is public elsewhere.
    all = forms.BooleanField(label=_("Voir aussi le reste du public"), required=False)

    tri = forms.ChoiceField(
        label=_("Ordre"),
        choices=[(code, sort.label) for code, sort in SORTS.items()],
        required=False,
    )
    par = forms.ChoiceField(
        label=_("Signalements par page"),
        choices=[(str(size), str(size)) for size in (PAGE, LONG_PAGE)],
        required=False,
    )

    def __init__(self, data: Any, *, actor: Actor, with_choices: bool = True) -> None:
        super().__init__(data)
        self.actor = actor
        self.found: Finding | None = None  # what the words gave, once rows were asked for
        if not actor.is_partner:
            for name in PARTNERS_ONLY:
                del self.fields[name]
        if with_choices:
            self._choices("family", Category.objects.filter(parent=None, active=True), "label")
            self._choices(
                "quartier", Quartier.objects.in_force(timezone.localdate()), "name", "code"
            )
            self._choices("commune", Commune.objects.all(), "name", "code")
            if actor.is_partner:
                self._choices(
                    "organisation", Organisation.objects.filter(closed_on=None), "name", "pk"
                )
        else:  # the map and the export need no lists to choose from
            for name in ("family", "quartier", "commune", "organisation"):
                if name in self.fields:
                    self.fields[name] = forms.CharField(required=False, max_length=40)
        self.is_valid()

    @classmethod
    def is_asked_for(cls, data: Any) -> bool:
        """Whether the panel of filters is to be shown: it was opened, or something in it is in
        use."""
        inside = set(cls.base_fields) - {"q", "par"}
        return "filtres" in data or any(data.get(name) for name in inside)

    def _choices(self, name: str, rows: Any, label: str, value: str = "code") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        found = rows.order_by(label, "pk").values_list(value, label)
        field.choices = [("", _("Tous")), *[(str(one), gettext(words)) for one, words in found]]

    def value(self, name: str) -> Any:
        """What was asked, when it makes sense; empty otherwise."""
        return self.cleaned_data.get(name, "")

    @property
    def ignored(self) -> list[str]:
        """Labels of the filters whose value was not understood."""
        return [str(self.fields[name].label or name) for name in self.errors if name in self.fields]

    @property
    def checks(self) -> list[forms.BoundField]:
        """The yes-or-no filters that this reader has."""
        return [
            self[name]
            for name in ("late", "review", "ownerless", "mine", "all")
            if name in self.fields
        ]

    @property
    def narrowing(self) -> list[str]:
        """Names of the filters in use."""
        return [name for name in self.fields if self.value(name) and name not in USUALLY]

    @property
    def sort(self) -> Sort:
        """The order that was asked."""
        return SORTS[self.value("tri") or USUAL]

    @property
    def size(self) -> int:
        """How many reports a page holds."""
        return int(self.value("par") or PAGE)

    def query(self, but: tuple[str, ...] = ()) -> str:
        """The address that gives the same result, without what is empty or usual."""
        kept = {}
        for name in self.fields:
            value = self.value(name)
            if value and name not in but and value != USUALLY.get(name):
                kept[name] = "1" if value is True else str(value)
        return urlencode(kept)

    def kept(self) -> Any:
        """The counters of the city map, where they answer for these filters and this reader; None
        otherwise."""
        public = not self.actor.is_partner and self.actor.bearer is None
        if not public or not {"state", "family", "commune"}.issuperset(self.narrowing):
            return None
        state = self.value("state")
        return kept_counts(
            _state(state) if state else Q(), self.value("family"), self.value("commune")
        )

    @property
    def words(self) -> str:
        """The words that were typed."""
        return str(self.value("q")).strip()

    @property
    def corrected(self) -> str:
        """The words that were looked for instead of those typed; empty when they are the same."""
        return self.found.words if self.found and self.found.words != self.words else ""

    def _among(self) -> Any:
        """All the reports of the list, before any filter."""
        action = "work" if self.actor.is_partner and not self.value("all") else "see"
        rows = Report.objects.allowed(self.actor, action)
        return rows.filter(withdrawn_at=None, merged_into=None)

    def corrects(self) -> bool:
        """For who asked for `rows(at_once=True)` and got none: whether the words are why, and those
        nearest to them find something; `rows()` then gives that."""
        if self.found is None or self.found.many:
            return False
        among = self._among()
        if among.filter(self.found.condition).exists():  # another filter is why
            return False
        self.found = nearest(self.actor, self.words, among) or self.found
        return bool(self.corrected)

    def rows(self, *, at_once: bool = False) -> Any:
        """The reports that this actor may see and that pass every filter, without an order. The
        words are looked up first and corrected if need be; `at_once`, they are not."""
        actor, value = self.actor, self.value
        found = self._among()
        if words := self.words:
            if self.found is None:
                self.found = look_for(actor, words) if at_once else find(actor, words, found)
            found = found.filter(self.found.condition)
        if state := value("state"):
            found = found.filter(_state(state))
        if family := value("family"):
            within = Category.objects.filter(Q(code=family) | Q(parent__code=family))
            found = found.filter(category__in=within)
        if quartier := value("quartier"):
            through = Report.quartiers.through.objects
            found = found.filter(
                Exists(through.filter(report_id=OuterRef("pk"), quartier__code=quartier))
            )
        if commune := value("commune"):
            found = found.filter(commune__code=commune)
        if value("late"):
            found = found.filter(state__in=OPEN, due_on__lt=timezone.localdate())
        if value("review"):
            found = found.filter(access.REPORT.condition(actor, "moderate"), reviewed_at=None)
        if value("ownerless"):
            found = found.filter(_has_part(organisation=None, state__in=OPEN))
        organisation = str(value("organisation") or "")
        if organisation.isascii() and organisation.isdigit() and len(organisation) < 19:
            found = found.filter(_has_part(organisation_id=int(organisation)))
        if value("mine"):
            found = found.filter(_has_part(organisation_id=actor.organisation_id))
        return found


def _state(state: str) -> Q:
    if state == "open":
        return Q(state__in=OPEN)
    if state == "closed":
        return ~Q(state__in=OPEN)
    return Q(state=state)


def _has_part(**where: Any) -> Q:
    return Q(Exists(Part.objects.filter(report_id=OuterRef("pk"), **where)))
