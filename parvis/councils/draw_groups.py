"""People of a list put in groups that are treated alike, and what binds the groups together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from parvis.councils.draw_list import Person
from parvis.councils.draw_rules import Profile, Rules

MOST_GROUPS = 600
Pattern = tuple[int, ...]  # the groups of the members of a household, in order


@dataclass(frozen=True)
class Grouping:
    """Groups (a profile each, by its index), the group of each person, and the patterns of
    households with how many households follow each."""

    rules: Rules
    profiles: list[Profile]
    groups: list[int]
    of_person: list[int]
    patterns: dict[Pattern, int]

    @cached_property
    def sizes(self) -> list[int]:
        """How many people each group has."""
        found = Counter(self.of_person)
        return [found[group] for group in range(len(self.groups))]

    @cached_property
    def most(self) -> list[int]:
        """How many people of each group a panel can hold, as far as its own quotas say."""
        caps = {(column, value): high for column, value, _, high in self.rules.limits()}
        return [
            min(
                self.rules.seats,
                size,
                *(
                    caps.get((column, str(value)), size) if value is not None else size
                    for column, value in zip(
                        self.rules.columns, self.profiles[profile], strict=True
                    )
                ),
            )
            for profile, size in zip(self.groups, self.sizes, strict=True)
        ]

    def holds(self, column: str, value: str) -> list[int]:
        """The groups whose people have this value."""
        place = self.rules.columns.index(column)
        return [
            group
            for group, profile in enumerate(self.groups)
            if self.profiles[profile][place] == value
        ]

    @cached_property
    def tight(self) -> list[Pattern]:
        """Patterns whose households some panel could ask too much of, rarest members first."""
        found = [
            pattern
            for pattern in self.patterns
            if sum(self.most[group] / self.sizes[group] for group in pattern) > 1
        ]
        return sorted(found, key=lambda p: (min(self.sizes[group] for group in p), p))


def by_profile(people: Sequence[Person], rules: Rules) -> Grouping:
    """A group for each profile."""
    profiles = sorted({one.profile for one in people}, key=_order)
    place = {profile: number for number, profile in enumerate(profiles)}
    of_person = [place[one.profile] for one in people]
    groups = list(range(len(profiles)))
    return Grouping(rules, profiles, groups, of_person, _patterns(people, of_person))


def by_pattern(people: Sequence[Person], coarse: Grouping) -> Grouping:
    """The profile is split by pattern of household where households are tight, as far as
    MOST_GROUPS goes; other households stay together."""
    homes = _members(people, coarse.of_person)
    split: set[Pattern] = set()
    room = MOST_GROUPS - len(coarse.groups)
    fine = coarse
    while True:
        # Those that stay together are fewer after each split: others may have become tight.
        tight = (tuple(sorted(fine.groups[group] for group in pattern)) for pattern in fine.tight)
        more = [pattern for pattern in dict.fromkeys(tight) if pattern not in split]
        for pattern in more:
            room -= len(set(pattern))
            if room >= 0:
                split.add(pattern)
        if more:
            fine = _split(people, coarse, homes, split)
        if not more or room < 0:
            return fine


def _split(
    people: Sequence[Person], coarse: Grouping, homes: dict[int, Pattern], split: set[Pattern]
) -> Grouping:
    """Groups of one profile each; a pattern that is split has its own."""
    keys = [
        (profile, homes[one.household] if homes[one.household] in split else ())
        for one, profile in zip(people, coarse.of_person, strict=True)
    ]
    place = {key: number for number, key in enumerate(sorted(set(keys)))}
    of_person = [place[key] for key in keys]
    groups = [profile for profile, _ in place]
    return Grouping(coarse.rules, coarse.profiles, groups, of_person, _patterns(people, of_person))


def _patterns(people: Sequence[Person], of_person: Sequence[int]) -> dict[Pattern, int]:
    return dict(Counter(_members(people, of_person).values()))


def _members(people: Sequence[Person], of_person: Sequence[int]) -> dict[int, Pattern]:
    """The pattern of each household."""
    homes: dict[int, list[int]] = {}
    for one, group in zip(people, of_person, strict=True):
        homes.setdefault(one.household, []).append(group)
    return {number: tuple(sorted(members)) for number, members in homes.items()}


def _order(profile: Profile) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in profile]
