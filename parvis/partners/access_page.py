"""docs/access.md, made from what the rooms declare: never written by hand."""

from __future__ import annotations

from django.conf import settings

from parvis.partners.rights import Door, Policy, Row, doors, policies

HEAD = """# Who may do what

Written by `parvis write_access` from the `access.py` of every room; a test fails when it is out of
date. A right is a row: who (a role held for a kind of organisation, the bearer of a signed link, or
anyone) may do which actions within which scope. Several rows add up. What no row grants is refused:
404 for what one may not see, 403 for what one sees but may not do.
"""

DOORS_HEAD = """## Pages

Every URL of the site and who may open it. A URL that is not in this list stays shut. Where a right
is named, the view fetches its object with that right.

| page | opens to | roles | right on the object |
|---|---|---|---|
"""


def access_page() -> str:
    """The whole page, in Markdown."""
    sections = [_section(policy) for policy in policies()]
    pages = DOORS_HEAD + "".join(
        _page(name, door) for name, door in sorted(doors().items()) if _in_production(name)
    )
    return "\n".join([HEAD, *sections, pages])


def _in_production(page: str) -> bool:
    return f"parvis.{page.partition(':')[0]}" not in settings.DEMO_ROOMS


def _section(policy: Policy) -> str:
    lines = [
        f"## {policy.label} (`{policy.resource}`)",
        "",
        "| who | for which organisations | may | within |",
        "|---|---|---|---|",
        *(_line(row) for row in policy.rows),
        "",
        "Scopes:",
        "",
    ]
    for name, scope in policy.scopes.items():
        told = " ".join((scope.__doc__ or "").split())
        lines.append(f"- {name}: {told}" if told else f"- {name}")
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    kinds = ", ".join(row.kinds) or "every kind"
    if row.who in ("anyone", "bearer"):
        kinds = ""
    return f"| {row.who} | {kinds} | {', '.join(row.actions)} | {row.scope} |"


def _page(name: str, door: Door) -> str:
    right = f"{door.action} {door.resource}" if door.resource else ""
    if door.sees != "see":
        right += f" (not found without {door.sees})"
    return f"| `{name}` | {door.opens_to} | {', '.join(door.roles)} | {right} |\n"
