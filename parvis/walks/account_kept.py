"""A version of the account as it was sent, as far as its reader may read it today."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.partners.actors import Actor
from parvis.thread.reading import rows_of
from parvis.walks.account_content import Plain
from parvis.walks.models import Picture, SentAccount


def read_version(version: SentAccount, actor: Actor) -> Plain:
    """What was sent, without what this reader may not see: the version was written by who leads the
    walk, who sees more. Pictures that are gone since are only counted; one on which somebody was
    recognised since is not printed. Two queries; the row itself does not change."""
    content: Plain = version.content
    content["checks"] = _visible(content, actor)
    _show_pictures([*_told(content), *content["checks"]])
    return content


def _told(content: Plain) -> list[Plain]:
    """Every line about a finding, those of the follow-up table too."""
    groups = [one for group in content["weak"] for one in group["lines"]]
    return [*content["strengths"], *groups, *content["rows"]]


def _visible(content: Plain, actor: Actor) -> list[Plain]:
    """Take from each line the thing that is not for these eyes; the checks that are."""
    lines, checks = _told(content), content["checks"]
    things = {_node(one) for one in (*lines, *checks) if one["thing"]}
    seen = rows_of(actor, things)
    for line in lines:
        if line["thing"] and _node(line) not in seen:
            line |= line["apart"]
    return [one for one in checks if _node(one) in seen]


def _node(line: Plain) -> tuple[str, int]:
    kind, pk = line["thing"]
    return (kind, pk)


def _show_pictures(lines: Iterable[Plain]) -> None:
    lines = list(lines)
    ids = {picture["id"] for line in lines for picture in line["pictures"]}
    rows = Picture.objects.filter(pk__in=ids).order_by()
    there = {
        pk: agreed or not people
        for pk, people, agreed in rows.values_list("pk", "people", "consent")
    }
    for line in lines:
        line["pictures"] = [
            {**one, "paper": there[one["id"]]} for one in line["pictures"] if one["id"] in there
        ]
