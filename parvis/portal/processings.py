"""The register of processing: why personal data are kept, by whom, on which basis, until when.

Each room says it of itself in `data/processings.toml`; which columns hold the data stands in
`privacy.toml`, and a processing names the tables of it that it covers. The public page, the page
`docs/privacy.md` and the tests read the same register.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from parvis.partners.models import Organisation

# What people did, in their words and in the order in which the page says it.
GROUPS = {
    "signaler": "J’ai signalé quelque chose",
    "suivre": "Je suis un quartier ou un chantier",
    "venir": "Je me suis inscrit à un rendez-vous ou à une formation",
    "marcher": "J’ai participé à un diagnostic en marchant",
    "participer": "Je participe, je propose, ou j’ai été tiré au sort",
    "orienter": "Un professionnel m’a orienté vers un service",
    "agir": "J’agis pour une organisation",
    "visiter": "J’utilise ce site",
}


@dataclass(frozen=True)
class Processing:
    """One line of the register. Every text is French, for people."""

    code: str
    group: str
    title: str
    purpose: str
    responsible: str
    basis: dict[str, str]  # by kind of organisation; "all" for every kind
    people: str
    data: Sequence[str]
    recipients: str
    kept: str
    security: str
    source: str
    covers: Sequence[str]  # tables of privacy.toml
    retentions: Sequence[str] = ()  # codes of what `parvis retention` erases
    commands: Sequence[str] = ()  # other commands that erase, by name

    @property
    def bases(self) -> list[tuple[str, str]]:
        """(for whom, on which basis); for whom is empty when it is the same for everybody."""
        kinds = dict(Organisation.Kind.choices)
        return [(kinds.get(kind, ""), words) for kind, words in self.basis.items()]


@cache
def processings() -> tuple[Processing, ...]:
    """The whole register, in the order of groups. ValueError when a line is not sound."""
    found = [
        _read(row, path)
        for path in _files()
        for row in tomllib.loads(path.read_text())["processing"]
    ]
    codes = [one.code for one in found]
    if len(set(codes)) < len(codes):
        raise ValueError("two processings have the same code")
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda one: (order.index(one.group), one.code)))


def by_group() -> list[tuple[str, list[Processing]]]:
    """The register for people: what they did, and what is kept of it."""
    found = [
        (heading, [one for one in processings() if one.group == group])
        for group, heading in GROUPS.items()
    ]
    return [(heading, rows) for heading, rows in found if rows]


def privacy_page() -> str:
    """The text of docs/privacy.md."""
    lines = [
        "# Personal data",
        "",
        "Written by `parvis write_privacy` from the register (`data/processings.toml` of each",
        "room): do not edit it. Which columns hold the data stands in `privacy.toml`.",
        "Texts are French, as people read them on « Données personnelles ».",
        "",
        "`parvis retention` erases each day what has served (`--dry-run` only says what it would",
        "erase) and keeps the counts (`portal.RetentionRun`), shown to the coordination.",
        "",
        "| code | what | tables | erased by |",
        "|---|---|---|---|",
    ]
    for one in processings():
        erasing = [*(f"`retention` ({code})" for code in one.retentions)]
        erasing += [f"`{name}`" for name in one.commands]
        tables = ", ".join(f"`{label}`" for label in one.covers)
        lines.append(f"| `{one.code}` | {one.title} | {tables} | {', '.join(erasing)} |")
    for heading, rows in by_group():
        lines += ["", f"## {heading}"]
        for one in rows:
            lines += ["", f"### {one.title} (`{one.code}`)", "", one.purpose, ""]
            lines.append(f"- Responsable : {one.responsible}")
            lines += [
                f"- Base légale{f' ({whose})' if whose else ''} : {words}"
                for whose, words in one.bases
            ]
            lines += [
                f"- Personnes : {one.people}",
                f"- Données : {' ; '.join(one.data)}",
                f"- Destinataires : {one.recipients}",
                f"- Conservation : {one.kept}",
                f"- Sécurité : {one.security}",
                f"- Origine : {one.source}",
            ]
    return "\n".join(lines) + "\n"


def _files() -> list[Path]:
    rooms = (apps.get_app_config(room.rpartition(".")[2]) for room in settings.ROOMS)
    paths = (Path(room.path, "data", "processings.toml") for room in rooms)
    return [path for path in paths if path.exists()]


def _read(row: dict[str, Any], path: Path) -> Processing:
    known = {field.name for field in fields(Processing)}
    if unknown := set(row) - known:
        raise ValueError(f"{path.parent.parent.name}: {row.get('code')}: {sorted(unknown)}")
    if row["group"] not in GROUPS:
        raise ValueError(f"{row['code']}: no group {row['group']}")
    return Processing(**row)
