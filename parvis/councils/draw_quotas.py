"""Why no panel can meet the quotas, and the nearest quotas that one can meet, in French."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.councils.draw_groups import Grouping
from parvis.councils.draw_list import Person
from parvis.councils.draw_solver import Rows, solve_whole

_FAILED = "Le calcul des chances n’a pas abouti pour cette liste et ces règles."


def explain(people: Sequence[Person], grouping: Grouping) -> str:
    """What to change so that a panel exists: as few units as possible, added over all quotas."""
    rules = grouping.rules
    homes = len({one.household for one in people})
    if homes < rules.seats:
        return (
            f"La liste compte {homes} foyer{'s' if homes > 1 else ''} pour {rules.seats} places : "
            "une seule personne par foyer peut être tirée."
        )
    changes = _nearest(grouping)
    if not changes:
        return _FAILED
    lines = []
    for column, value, old, new, word in changes:
        place = rules.columns.index(column)
        there = [one for one in people if one.profile[place] == value]
        held = len({one.household for one in there})
        lines.append(
            f"- « {column} = {value} » : {word} {new} au lieu de {old} "
            f"(la liste en compte {len(there)}, dans {held} foyer{'s' if held > 1 else ''})"
        )
    return (
        "Aucun groupe ne peut remplir ces quotas. Les quotas possibles les plus proches :\n"
        + "\n".join(lines)
    )


def _nearest(grouping: Grouping) -> list[tuple[str, str, int, int, str]]:
    """Quotas to change: column, value, old limit, new limit, "au moins" or "au plus"."""
    limits = grouping.rules.limits()
    size, seats = len(grouping.groups), grouping.rules.seats
    rows = Rows(size + 2 * len(limits))
    rows.add([(group, 1.0) for group in range(size)], seats, seats)
    for place, (column, value, low, high) in enumerate(limits):
        held = [(group, 1.0) for group in grouping.holds(column, value)]
        down, up = size + 2 * place, size + 2 * place + 1
        rows.add([*held, (down, 1.0)], low, float("inf"))
        rows.add([*held, (up, -1.0)], -float("inf"), high)
    for pattern, homes in grouping.patterns.items():
        own = [group for group in sorted(set(pattern)) if _is_own(grouping, group, pattern)]
        if len(own) == len(set(pattern)):
            rows.add([(group, 1.0) for group in own], 0.0, homes)
    most = [float(min(seats, n)) for n in grouping.sizes] + [float(seats) * 2] * (2 * len(limits))
    for place, (_, _, low, _) in enumerate(limits):
        most[size + 2 * place] = float(low)
    cost = [0.0] * size + [1.0] * (2 * len(limits))
    found = solve_whole(cost, rows, [0.0] * rows.width, most)
    if found is None:
        return []
    changes = []
    for place, (column, value, low, high) in enumerate(limits):
        down, up = (found[size + 2 * place + at] for at in (0, 1))
        if down:
            changes.append((column, value, low, low - down, "au moins"))
        if up:
            changes.append((column, value, high, high + up, "au plus"))
    return changes


def _is_own(grouping: Grouping, group: int, pattern: tuple[int, ...]) -> bool:
    """Whether this group lives in households of this pattern alone."""
    return grouping.sizes[group] == pattern.count(group) * grouping.patterns[pattern]
