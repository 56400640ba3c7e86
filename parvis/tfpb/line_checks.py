"""What is to be said of a line beside it: figures that differ, rules that touch it, what stops it.

Nothing here refuses a writing but an excluded axis: a draft may be unfinished. What `stops` keeps
the programme from being sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from parvis.tfpb.axes import Valuation, valuation_choices, valuation_rules
from parvis.tfpb.line_exclusions import Renewal, kept_out, renewal_of
from parvis.tfpb.money import HUNDRED, to_cents
from parvis.tfpb.programme_models import Line, Programme, UsualMeans
from parvis.tfpb.split_models import SplitPart
from parvis.ui.words import euros_in_words


@dataclass(frozen=True)
class Notice:
    """One sentence beside a line; `stops`: the programme is not sent with it."""

    text: str
    stops: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule of valuation as the programme's convention has it."""

    valuation: Valuation
    choice: str  # a key of `valuation_choices`

    @property
    def label(self) -> str:
        """The rule and its answer, in words."""
        return f"{self.valuation.label} : {valuation_choices()[self.choice]}"

    def touches(self, line: Line) -> bool:
        """Whether something of the line brings the rule beside it."""
        what, _, value = self.valuation.touches.partition(":")
        if what == "axis":
            return line.axis == value
        if what == "unit":
            return line.unit == value
        return what == "other_funding" and line.other_funding > 0


@dataclass(frozen=True)
class Ground:
    """What the lines of one programme are read against."""

    rules: tuple[Rule, ...]
    renewal: Renewal
    shared: dict[int, Decimal] = field(default_factory=dict)  # per cent taken up, by split


def rules_of(programme: Programme) -> tuple[Rule, ...]:
    """The rules of valuation: what the convention says, or else their default."""
    said = programme.convention.valuation if programme.convention else {}
    known = valuation_choices()
    return tuple(
        Rule(one, said[one.code] if said.get(one.code) in known else one.default)
        for one in valuation_rules()
    )


def rule_for(programme: Programme, touches: str) -> Rule:
    """The rule that touches something else than a line: the programme, or a transfer."""
    return next(one for one in rules_of(programme) if one.valuation.touches == touches)


def ground_of(programme: Programme, lines: Iterable[Line] = ()) -> Ground:
    """The rules of a programme and what its shared lines add up to; two queries at most, besides
    the convention."""
    splits = {line.split_id for line in lines if line.split_id is not None}
    shared: dict[int, Decimal] = {}
    if splits:
        parts = SplitPart.objects.filter(split__in=splits, declined_on=None).order_by()
        shared = dict(parts.values_list("split_id").annotate(taken=Sum("percent")))
    return Ground(rules_of(programme), renewal_of(programme), shared)


def notices_of(line: Line, ground: Ground) -> list[Notice]:
    """What is to be said of a line; its residences are asked for on an excluded axis alone."""
    return [
        *_figures(line),
        *_usual_means(line),
        *_rules(line, ground.rules),
        *_axis(line, ground.renewal),
        *_shared(line, ground.shared),
    ]


def _figures(line: Line) -> list[Notice]:
    found = []
    if line.quantity is not None and line.unit_cost is not None:
        product = to_cents(line.quantity * line.unit_cost)
        if product != line.spending:
            words = euros_in_words(product)
            found.append(Notice(f"Quantité × coût unitaire font {words}, pas la dépense écrite."))
    funded = line.own_funding + line.other_funding
    if funded != line.spending:
        gap = euros_in_words(abs(line.spending - funded))
        if funded < line.spending:
            found.append(Notice(f"Il manque {gap} de financement pour faire la dépense."))
        else:
            found.append(Notice(f"Les financements dépassent la dépense de {gap}."))
    if line.valued > line.spending:
        words = euros_in_words(line.valued - line.spending)
        found.append(Notice(f"La part valorisée dépasse la dépense de {words}."))
    return found


def _usual_means(line: Line) -> list[Notice]:
    if line.nature != Line.Nature.REINFORCEMENT or line.usual_means_id is not None:
        return []
    words = "Un renforcement dit quel moyen de droit commun il renforce."
    return [Notice(words, stops=True)]


def _rules(line: Line, rules: tuple[Rule, ...]) -> list[Notice]:
    """Rules that the line meets. Figures prove one of them broken: what others pay is valued while
    it is refused. For the others a word answers: why it may count, or that none of it is counted.
    """
    found = []
    for rule in rules:
        if rule.choice == "allowed" or not rule.touches(line):
            continue
        refused = rule.choice == "refused"
        if rule.valuation.touches == "other_funding":
            over = line.valued - max(Decimal(0), line.spending - line.other_funding)
            if over <= 0:
                continue
            if refused:
                words = f"{rule.label}. La part valorisée en compte {euros_in_words(over)}."
                found.append(Notice(words, stops=True))
                continue
        if not line.justification.strip():
            ask = "dites que la ligne n’en compte pas" if refused else "dites pourquoi"
            found.append(Notice(f"{rule.label}. Dans la justification, {ask}.", stops=True))
    return found


def _axis(line: Line, renewal: Renewal) -> list[Notice]:
    found = kept_out(line, renewal)
    if found is None:
        return []
    rule, refuses = found
    unsure = "" if rule.confirmed else " Cette règle n’est pas confirmée."
    more = "" if refuses else " Vérifiez que la ligne est hors du projet."
    return [Notice(f"{rule.label} ({rule.reference}).{more}{unsure}", stops=refuses)]


def _shared(line: Line, shared: dict[int, Decimal]) -> list[Notice]:
    if line.split_id is None:
        return []
    taken = shared.get(line.split_id, Decimal(0))
    if taken == HUNDRED:
        return []
    said = f"{taken:.2f}".replace(".", ",")
    return [Notice(f"Les parts de l’action partagée font {said} %, et non 100 %.", stops=True)]


def why_not_sendable(programme: Programme) -> list[str]:
    """What keeps a programme from being sent, one sentence each, for its landlord; none when it
    may go."""
    lines = list(programme.lines.prefetch_related("residences").order_by("axis", "position", "pk"))
    found = []
    if not lines:
        found.append("Le programme n’a aucune ligne.")
    table = UsualMeans.objects.filter(landlord=programme.landlord_id, year=programme.year)
    if not programme.without_usual_means.strip() and not table.exists():
        found.append(
            f"Le tableau de droit commun de {programme.year} est vide : "
            "remplissez-le, ou dites pourquoi il n’est pas joint."
        )
    ground = ground_of(programme, lines)
    for line in lines:
        stops = [notice.text for notice in notices_of(line, ground) if notice.stops]
        found += [f"« {line.title} » : {text}" for text in stops]
    return found
