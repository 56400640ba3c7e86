"""What everybody may read of a draw, in plain data: for its page, its report and the witness page.
Line numbers and values of quotas; never a name."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils import timezone

from parvis.councils.draw_models import Draw, DrawnPerson
from parvis.councils.lot_acts import seed_words
from parvis.councils.lot_lists import HOUSEHOLDS, REASONS, counts_of
from parvis.councils.sorting import label_of as list_label
from parvis.councils.workflow import DrawnState
from parvis.ui.words import counted, day_in_words, moment_in_words

GROUPS_SHOWN = 40
Plain = dict[str, Any]


def content_of(draw: Draw) -> Plain:
    """All that is public of a draw."""
    found = draw.record or {}
    preparation = found.get("preparation", {})
    return {
        "rules": rules_of(draw),
        "lists": [
            {
                "origin": list_label("source_list", one.origin),
                "holder": one.holder,
                "basis": one.basis,
                "people": one.people,
            }
            for one in draw.lists.order_by("pk")
        ],
        "people": len(preparation.get("people", [])),
        "left_out": left_out(draw),
        "list_digest": draw.list_digest,
        "preparation_digest": found.get("preparation_digest", ""),
        "digest": found.get("digest", "") if draw.seed else "",
        **chances_of(draw, preparation),
        "parties": parties_of(draw),
        "number": draw.public_number,
        "number_on": day_in_words(draw.number_on) if draw.number_on else "",
        "number_told": draw.number_told,
        "number_source": draw.number_source,
        "ready": bool(seed_words(draw)),
        "seed": draw.seed,
        "panel": panel_of(draw),
        "reserve": reserve_of(draw),
        "answers": answers_of(draw),
        "command": command_of(draw, found),
        "sealed_at": moment_in_words(draw.sealed_at) if draw.sealed_at else "",
        "drawn_at": moment_in_words(draw.drawn_at) if draw.drawn_at else "",
        "destroy_on": day_in_words(draw.destroy_on) if draw.destroy_on else "",
        "destroyed_at": moment_in_words(draw.destroyed_at) if draw.destroyed_at else "",
    }


def rules_of(draw: Draw) -> Plain:
    """The rules, in words."""
    rules = draw.rules
    return {
        "seats": rules["seats"],
        "reserve": rules["reserve"],
        "household": HOUSEHOLDS.get(rules.get("household") or "", ""),
        "quotas": [
            {"column": column, "value": value, "least": least, "most": most}
            for column, values in sorted(rules.get("quotas", {}).items())
            for value, (least, most) in sorted(values.items())
        ],
        "youngest": draw.youngest,
        "inside": draw.inside,
    }


def left_out(draw: Draw) -> list[Plain]:
    """How many people of the lists were left out, by reason."""
    counts = draw.left_out if draw.sealed_at else counts_of(draw)
    return [
        {"why": words, "people": counts[code]}
        for code, words in REASONS.items()
        if counts.get(code)
    ]


def chances_of(draw: Draw, preparation: Plain) -> Plain:
    """The chance of each group, as the fraction of the record and as a number people read."""
    if not preparation:
        return {"groups": [], "more_groups": 0, "span": ""}
    profiles, groups = preparation["profiles"], preparation["groups"]
    chances = [Fraction(text) for _, _, text in groups]
    least, most = percent(min(chances)), percent(max(chances))
    return {
        "groups": [
            {
                "profile": profile_words(draw, profiles[profile]),
                "people": people,
                "fraction": text,
                "percent": percent(Fraction(text)),
            }
            for profile, people, text in groups[:GROUPS_SHOWN]
        ],
        "more_groups": max(len(groups) - GROUPS_SHOWN, 0),
        "span": f"de {least}" if least == most else f"de {least} à {most}",
    }


def percent(chance: Fraction) -> str:
    """« 12,5 % »."""
    return f"{float(chance) * 100:.2f}".rstrip("0").rstrip(".").replace(".", ",") + "\u00a0%"


def profile_words(draw: Draw, profile: list[str | None]) -> str:
    """« sexe F, âge 26-39 »; the columns are in the order of the record."""
    columns = sorted(draw.rules.get("quotas", {}))
    said = [f"{c} {v or 'autre'}" for c, v in zip(columns, profile, strict=True)]
    return ", ".join(said)


def _profiles(draw: Draw, lines: set[int]) -> dict[int, str]:
    preparation = (draw.record or {})["preparation"]
    groups, profiles = preparation["groups"], preparation["profiles"]
    return {
        line: profile_words(draw, profiles[groups[group][0]])
        for line, _, group in preparation["people"]
        if line in lines
    }


def panel_of(draw: Draw) -> list[Plain]:
    """The panel, seat after seat: line number and profile."""
    if not draw.seed or draw.record is None:
        return []
    panel = draw.record["draw"]["panel"]
    words = _profiles(draw, set(panel))
    return [
        {"seat": seat, "line": line, "profile": words[line]} for seat, line in enumerate(panel, 1)
    ]


def reserve_of(draw: Draw) -> list[Plain]:
    """The reserve, in order: line number, the seat it is for first, and profile."""
    if not draw.seed or draw.record is None:
        return []
    reserve = draw.record["draw"]["reserve"]
    words = _profiles(draw, {line for line, _ in reserve})
    return [{"line": line, "seat": seat, "profile": words[line]} for line, seat in reserve]


def parties_of(draw: Draw) -> list[Plain]:
    """Who makes the seed: commitments, values once revealed; those set aside come first."""
    return [
        {
            "pk": one.pk,
            "position": one.position,
            "name": one.name,
            "commitment": one.commitment,
            "value": one.value,
            "revealed": one.revealed_at is not None,
            "dropped": one.dropped_at is not None,
        }
        for one in draw.parties.order_by("position")
    ]


def answers_of(draw: Draw) -> list[Plain]:
    """How many people answered what, of those who were called."""
    if draw.drawn_at is None:
        return []
    states = list(DrawnPerson.objects.filter(draw=draw).values_list("state", flat=True))
    return [
        {"label": state.label, "people": states.count(state)}
        for state in DrawnState
        if states.count(state)
    ]


def command_of(draw: Draw, found: Plain) -> str:
    """What anybody runs to find the same people."""
    if draw.record is None:
        return ""
    prepared = "" if draw.seed else " --prepared"
    digest = found["preparation_digest"]
    return f"parvis verify_draw {file_name(draw)}{prepared} --published {digest}"


def file_name(draw: Draw) -> str:
    """How the file of the record is called."""
    return f"tirage-{draw.pk}.json"


def version_of(draw: Draw) -> str:
    """What changes when the page does: whoever watches asks for it now and then."""
    revealed = draw.parties.filter(dropped_at=None, revealed_at__isnull=False).count()
    dropped = draw.parties.filter(dropped_at__isnull=False).count()
    busy = bool(draw.computing_at)
    told = bool(draw.number_told)
    return f"{draw.state}-{revealed}-{dropped}-{told:d}-{busy:d}-{bool(draw.destroyed_at):d}"


def people_words(draw: Draw) -> str:
    """« 12 places, 24 personnes en réserve »."""
    rules = draw.rules
    seats = counted(rules["seats"], "place", "places")
    return f"{seats}, {counted(rules['reserve'], 'personne', 'personnes')} en réserve"


def today_words() -> str:
    """Today, for a paper."""
    return day_in_words(timezone.localdate())
