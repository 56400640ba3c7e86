"""The rules of a body's regime, each held, not held, or impossible to tell; and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from parvis.councils.body_models import Body, Recognition
from parvis.councils.body_reading import RESIDENTS, Composition
from parvis.councils.frame_reading import articles_citing
from parvis.councils.regimes import Rule, regime_of
from parvis.ui.words import counted, day_in_words

DRAWN = "tirage"  # the origin of who was drawn, in data/regimes.toml
FEW = 5  # people: of fewer, a figure would tell who says what


class Verdict(Enum):
    """What can be said of a rule."""

    HELD = "held"
    NOT_HELD = "not held"
    UNTOLD = "untold"


Told = tuple[Verdict, str]
# The tone and the words of each on a page; an advice that is not followed is no fault.
SHOWN = {
    (Verdict.HELD, True): ("done", "tenue"),
    (Verdict.HELD, False): ("done", "suivie"),
    (Verdict.NOT_HELD, True): ("late", "pas tenue"),
    (Verdict.NOT_HELD, False): ("soon", "pas suivie"),
    (Verdict.UNTOLD, True): ("", "ne peut pas se dire"),
    (Verdict.UNTOLD, False): ("", "ne peut pas se dire"),
}


@dataclass(frozen=True)
class Seen:
    """What a rule is told from; `acts` recognise the body, oldest first."""

    body: Body
    composition: Composition
    acts: Sequence[Recognition]


@dataclass(frozen=True)
class RuleLine:
    """A rule of the regime on one line; `article` is the one of the cadre de référence that sets
    it, when one does."""

    rule: Rule
    verdict: Verdict
    why: str
    article: Any = None

    @property
    def tone(self) -> str:
        return SHOWN[self.verdict, self.rule.required][0]

    @property
    def words(self) -> str:
        return SHOWN[self.verdict, self.rule.required][1]


def articles_of(body: Body) -> Mapping[str, Any]:
    """The articles of the cadre de référence in force that set each rule, by the rule's code."""
    return articles_citing(body)


def rules_of(body: Body, composition: Composition, acts: Sequence[Recognition]) -> list[RuleLine]:
    """Each rule of the body's regime, as the body holds it."""
    articles, seen = articles_of(body), Seen(body, composition, acts)
    lines = []
    for rule in regime_of(body.regime).rules:
        verdict, why = TELLS[rule.code](rule, seen)
        lines.append(RuleLine(rule, verdict, why, articles.get(rule.code)))
    return lines


def old_terms(composition: Composition) -> int:
    """How many members sit under rules that are no longer the body's."""
    return sum(bool(one.old_regime) for one in composition.lines())


# --- Figures ---------------------------------------------------------------------------------


def parity(women: int, men: int, unsaid: int, most_apart: int) -> Verdict:
    """Whether women and men are at most so many apart, whoever those are who say nothing."""
    if women + men + unsaid == 0:
        return Verdict.UNTOLD
    apart = abs(women - men)
    if apart + unsaid <= most_apart:
        return Verdict.HELD
    # At best they fill the gap; of an odd number of people, one is over in any case.
    at_best = max(apart - unsaid, (apart + unsaid) % 2)
    return Verdict.UNTOLD if at_best <= most_apart else Verdict.NOT_HELD


def share(of_residents: int, of_all: int, least_percent: int) -> Verdict:
    """Whether residents have at least that percentage of the seats."""
    if of_all == 0:
        return Verdict.UNTOLD
    return Verdict.HELD if of_residents * 100 >= least_percent * of_all else Verdict.NOT_HELD


# --- Each rule -------------------------------------------------------------------------------


def _draw(rule: Rule, seen: Seen) -> Told:
    # Who sits under rules without draw is not held to this one.
    held = [
        one.term
        for one in seen.composition.of(RESIDENTS)
        if one.term and regime_of(one.term.regime).draws
    ]
    if not held:
        return Verdict.UNTOLD, "Aucun habitant ne siège encore sous ce régime."
    drawn = sum(one.member.origin == DRAWN for one in held)
    if drawn == len(held):
        return Verdict.HELD, "Tous les habitants titulaires ont été tirés au sort."
    why = f"{drawn} sur {counted(len(held), 'habitant titulaire', 'habitants titulaires')}."
    return Verdict.NOT_HELD, why


def _parity(rule: Rule, seen: Seen) -> Told:
    said = [one.term.member.sex for one in seen.composition.of(RESIDENTS) if one.term]
    women, men = said.count("F"), said.count("H")
    unsaid = len(said) - women - men
    verdict = parity(women, men, unsaid, rule.most_apart or 0)
    if not said:
        return verdict, "Aucun habitant titulaire ne siège encore."
    if verdict is Verdict.UNTOLD:
        return verdict, "Des membres ne disent pas leur sexe : ils en ont le droit."
    if unsaid or len(said) < FEW:
        return verdict, ""
    return verdict, f"{counted(women, 'femme', 'femmes')}, {counted(men, 'homme', 'hommes')}."


def _recognition(rule: Rule, seen: Seen) -> Told:
    if not seen.acts:
        return Verdict.NOT_HELD, "Aucun arrêté n’est noté."
    return Verdict.HELD, f"Dernier arrêté signé le {day_in_words(seen.acts[-1].signed_on)}."


def _residents(rule: Rule, seen: Seen) -> Told:
    all_seats = sum(one.titulaire for one in seen.composition.lines())
    theirs = len(seen.composition.of(RESIDENTS))
    verdict = share(theirs, all_seats, rule.least_percent or 0)
    if verdict is Verdict.UNTOLD:
        return verdict, "Aucun siège n’est encore ouvert."
    many = counted(theirs, "siège de titulaire", "sièges de titulaires")
    return verdict, f"{many} sur {all_seats}."


def _alternates(rule: Rule, seen: Seen) -> Told:
    used = [one for one in seen.composition.colleges if one.titulaires]
    if not used:
        return Verdict.UNTOLD, "Aucun siège n’est encore ouvert."
    without = [one.label for one in used if not one.suppleants]
    if without:
        return Verdict.NOT_HELD, f"Aucun siège de suppléant : {', '.join(without)}."
    count = sum(len(one.suppleants) for one in used)
    return Verdict.HELD, f"{counted(count, 'siège de suppléant', 'sièges de suppléants')}."


def _term(rule: Rule, seen: Seen) -> Told:
    if not seen.body.agreement_id:
        return Verdict.NOT_HELD, "Aucun contrat de ville n’est relié."
    if not seen.body.term_months:
        return Verdict.NOT_HELD, "Aucune durée n’est notée."
    return Verdict.HELD, f"{seen.body.term_months} mois."


def _no_elected(rule: Rule, seen: Seen) -> Told:
    day = seen.body.no_elected_on
    if day is None:
        return Verdict.UNTOLD, "Personne ne l’a encore vérifié."
    checked = f"Vérifié le {day_in_words(day)}"
    if any(one.term.starts_on > day for one in seen.composition.lines() if one.term):
        return Verdict.UNTOLD, f"{checked} ; d’autres membres sont arrivés depuis."
    return Verdict.HELD, f"{checked}."


# By the codes of data/regimes.toml: a test checks that each rule has its line here.
TELLS: dict[str, Callable[[Rule, Seen], Told]] = {
    "draw": _draw,
    "parity": _parity,
    "recognition": _recognition,
    "residents": _residents,
    "alternates": _alternates,
    "term": _term,
    "no_elected": _no_elected,
}
