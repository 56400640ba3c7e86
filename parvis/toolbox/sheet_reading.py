"""What the page of a sheet shows beside its text, as far as this reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.models import Link
from parvis.thread.reading import rows_of
from parvis.thread.register import kind_of, kinds, paid_for
from parvis.thread.steps import Row
from parvis.toolbox import sheet_text
from parvis.toolbox.labels import groups, languages
from parvis.toolbox.models import Use

LOOKED_AT = 300  # the newest things that followed a sheet
SHOWN_OF_A_KIND = 5
WORDS_SHOWN = 20


@dataclass(frozen=True)
class Words:
    """Another wording of a sheet; `html` is made for the one that is read."""

    code: str
    label: str
    lang: str
    rtl: bool
    older: bool  # than the text that it words
    title: str
    html: str = ""


def wordings_of(sheet: Any, chosen: str) -> tuple[list[Words], Words | None]:
    """Every other wording of a sheet, and the one that was asked for. One query."""
    known = languages()
    found = []
    read = None
    for row in sheet.wordings.all():
        language = known.get(row.language)
        if language is None:
            continue
        one = Words(
            row.language,
            language.label,
            language.lang,
            language.rtl,
            row.of_version < sheet.version,
            row.title,
            sheet_text.expanded(row.text) if row.language == chosen else "",
        )
        found.append(one)
        read = one if row.language == chosen else read
    return found, read


def labels_of(sheet: Any) -> list[tuple[str, str, list[Any]]]:
    """The labels of a sheet under the code and name of their groups, in the order of the lists."""
    held: dict[str, list[Any]] = {}
    for label in sheet.labels.all():
        held.setdefault(label.group, []).append(label)
    return [(code, name, held[code]) for code, (name, _) in groups().items() if code in held]


@dataclass(frozen=True)
class Told:
    """What an experience was written from: the thing, and what is paid for it."""

    label: str
    icon: str
    url: str
    title: str
    state: str
    row: Row
    paid: list[Any]


def told_of(actor: Actor, sheet: Any) -> Told | None:
    """What an experience was written from, as far as this actor sees it."""
    node = (getattr(sheet, "told_kind", ""), getattr(sheet, "told_id", None))
    if not node[0] or node[1] is None or node[0] not in kinds():
        return None
    row = rows_of(actor, {(node[0], node[1])}).get((node[0], node[1]))
    if row is None:
        return None
    kind = kind_of(row.kind)
    return Told(
        label=kind.label,
        icon=kind.icon,
        url=kind.url(row.id),
        title=row.title,
        state=kind.state_labels.get(row.state, row.state),
        row=row,
        paid=paid_for(actor, row.kind, [row.id]).get(row.id, []),
    )


@dataclass(frozen=True)
class Followed:
    """The things of one kind that followed a sheet."""

    label: str
    plural: str
    icon: str
    count: int
    first: list[tuple[str, str]]  # title and address

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.first)


def used_by(actor: Actor, pk: int) -> list[Followed]:
    """What followed a sheet, kind by kind, newest first: what this actor sees of it and nothing
    else. Two queries, one when nothing followed."""
    links = Link.objects.filter(source_kind="sheet", source_id=pk).order_by("-at", "-pk")
    nodes = list(dict.fromkeys(links.values_list("target_kind", "target_id")[:LOOKED_AT]))
    rows = rows_of(actor, set(nodes)) if nodes else {}
    by_kind: dict[str, list[Row]] = {}
    for node in nodes:
        if node in rows:
            by_kind.setdefault(node[0], []).append(rows[node])
    found = []
    for code, some in by_kind.items():
        kind = kind_of(code)
        first = [(row.title, kind.url(row.id)) for row in some[:SHOWN_OF_A_KIND]]
        found.append(Followed(kind.label, kind.plural, kind.icon, len(some), first))
    return found


@dataclass(frozen=True)
class Uses:
    """Who used a sheet, and what they said of it."""

    organisations: int
    by_kind: list[tuple[str, int]]
    useful: list[tuple[str, int]]
    words: list[Use]  # for partners
    mine: Use | None  # the newest of the actor's organisation


def uses_of(actor: Actor, pk: int) -> Uses:
    """Counts for everybody, by kind of organisation; words for partners. Three queries at most."""
    rows = Use.objects.filter(sheet=pk).order_by()
    useful = dict(rows.values_list("useful").annotate(many=Count("pk")))
    if not useful:
        return Uses(0, [], [], [], None)
    by_kind = dict(
        rows.values_list("organisation__kind").annotate(many=Count("organisation", distinct=True))
    )
    words: list[Use] = []
    mine = None
    if actor.is_partner:
        read = Use.objects.visible_to(actor).filter(sheet=pk).select_related("organisation")
        words = list(
            read.filter(~Q(what_for="") | Q(organisation=actor.organisation_id)).order_by(
                "-on", "-pk"
            )[:WORDS_SHOWN]
        )
        mine = next((one for one in words if one.organisation_id == actor.organisation_id), None)
    return Uses(
        organisations=sum(by_kind.values()),
        by_kind=[
            (str(label), by_kind[code])
            for code, label in Organisation.Kind.choices
            if code in by_kind
        ],
        useful=[(str(label), useful.get(code, 0)) for code, label in Use.Useful.choices],
        words=[one for one in words if one.what_for],
        mine=mine,
    )
