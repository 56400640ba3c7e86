"""The sheets that everybody reads, as the list filters, searches and sorts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.places.models import Quartier
from parvis.toolbox import sheet_index
from parvis.toolbox.labels import groups, languages
from parvis.toolbox.models import Sheet, Wording
from parvis.toolbox.sheet_forms import LABELLED

SHOWN = 20  # sheets of a page
PUT_FORWARD = 6  # sheets of a block of the front page


def published(actor: Actor) -> Any:
    """The published sheets that this actor may read."""
    return Sheet.objects.visible_to(actor).filter(live=True)


def kept(rows: Any, asked: dict[str, str]) -> Any:
    """The rows that these filters keep."""
    if nature := asked.get("nature"):
        rows = rows.filter(kind=nature)
    if theme := asked.get("theme"):
        about = Sheet.themes.through.objects.filter(theme__code=theme)
        rows = rows.filter(pk__in=about.values("sheet_id"))
    if code := asked.get("quartier"):
        quartiers = Quartier.objects.filter(code=code).values("pk")
        there = Sheet.quartiers.through.objects.filter(quartier_id__in=quartiers)
        rows = rows.filter(pk__in=there.values("sheet_id"))
    for name, group in LABELLED.items():
        if code := asked.get(name):
            bears = Sheet.labels.through.objects.filter(label__group=group, label__code=code)
            held = Q(pk__in=bears.values("sheet_id"))
            if group == "domaine":  # a theme lies in a domain
                themed = Sheet.themes.through.objects.filter(theme__domain=code)
                held |= Q(pk__in=themed.values("sheet_id"))
            rows = rows.filter(held)
    return rows


@dataclass
class Page:
    """One page of the list: its rows, how many there are in all, and where the next ones are."""

    rows: list[Any] = field(default_factory=list)
    total: int = 0
    kinds: list[tuple[str, str, int, bool]] = field(default_factory=list)
    found: sheet_index.Found | None = None
    next_url: str = ""
    first_url: str = ""


def page_of(actor: Actor, asked: dict[str, str], at: dict[str, str], today: date) -> Page:
    """The page that the address asks for: `at` holds `apres` or `page`."""
    words = asked.get("q", "")
    rows = kept(published(actor), asked)
    found = sheet_index.find(words, rows) if words else None
    page = (
        _found_page(rows, found, asked, at, today)
        if found is not None
        else _listed_page(actor, rows, asked, at, today)
    )
    _tell_wordings(page.rows)
    return page


# --- What was looked for: numbered pages of what answers best -----------------------------------


def _found_page(
    rows: Any, found: sheet_index.Found, asked: dict[str, str], at: dict[str, str], today: date
) -> Page:
    known = {
        pk: (expires is not None and expires < today, first)
        for pk, expires, first in rows.filter(pk__in=found.ids)
        .order_by()
        .values_list("pk", "expires_on", "first_published_at")
    }
    ids = [pk for pk in found.ids if pk in known]
    if asked.get("tri") == "recentes":
        ids.sort(key=lambda pk: known[pk][1], reverse=True)
    ids.sort(key=lambda pk: known[pk][0])  # what is no longer vouched for comes last
    number = _number(at.get("page", "")) or 1
    some = ids[(number - 1) * SHOWN : number * SHOWN]
    by_pk = rows.select_related("author").defer("body").in_bulk(some)
    page = Page(rows=[by_pk[pk] for pk in some if pk in by_pk], total=len(ids), found=found)
    if len(ids) > number * SHOWN:
        page.next_url = _address(asked, page=str(number + 1))
    page.first_url = _address(asked) if number > 1 else ""
    return page


# --- Everything: paged by where the page before ended -------------------------------------------


def _listed_page(
    actor: Actor, rows: Any, asked: dict[str, str], at: dict[str, str], today: date
) -> Page:
    by_title = asked.get("tri") == "titre"
    key, order = (
        ("title", ("over", "title", "pk"))
        if by_title
        else (
            "first_published_at",
            ("over", "-first_published_at", "-pk"),
        )
    )
    over = Case(
        When(expires_on__lt=today, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    every = kept(published(actor), {**asked, "nature": ""})
    counts = dict(every.order_by().values_list("kind").annotate(many=Count("pk")))
    page = Page(kinds=_kinds(counts, asked))
    page.total = counts.get(asked["nature"], 0) if "nature" in asked else sum(counts.values())
    rows = rows.select_related("author").defer("body").annotate(over=over)
    after = _number(at.get("apres", ""))
    # Read among what may be seen: where a draft would stand tells of its title.
    last = published(actor).filter(pk=after).annotate(over=over).first() if after else None
    if last is not None:
        beyond = "gt" if by_title else "lt"
        value = getattr(last, key)
        rows = rows.filter(
            Q(over__gt=last.over)
            | Q(over=last.over, **{f"{key}__{beyond}": value})
            | Q(over=last.over, **{key: value, f"pk__{beyond}": last.pk})
        )
        page.first_url = _address(asked)
    some = list(rows.order_by(*order)[: SHOWN + 1])
    page.rows = some[:SHOWN]
    if len(some) > SHOWN:
        page.next_url = _address(asked, apres=str(page.rows[-1].pk))
    return page


def _kinds(counts: dict[str, int], asked: dict[str, str]) -> list[tuple[str, str, int, bool]]:
    """The kinds of sheets as links: name, address, how many, whether it is the one shown."""
    chosen = asked.get("nature", "")
    every = [("Toutes", _address({**asked, "nature": ""}), sum(counts.values()), not chosen)]
    return every + [
        (
            f"{str(label)[:1].upper()}{str(label)[1:]}",
            _address({**asked, "nature": str(code)}),
            counts[code],
            chosen == code,
        )
        for code, label in Sheet.Kind.choices
        if code in counts
    ]


def _tell_wordings(rows: list[Any]) -> None:
    """In which other words each sheet can be read. One query."""
    held: dict[int, set[str]] = {}
    pairs = Wording.objects.filter(sheet__in=[row.pk for row in rows]).order_by()
    for pk, code in pairs.values_list("sheet_id", "language") if rows else ():
        held.setdefault(pk, set()).add(code)
    for row in rows:
        row.worded = [one for one in languages().values() if one.code in held.get(row.pk, ())]


def _address(asked: dict[str, str], **others: str) -> str:
    wanted = {name: value for name, value in {**asked, **others}.items() if value}
    # Without anything asked the front page stands there: an order says that the list is wanted.
    return f"{reverse('toolbox:sheets')}?{urlencode(wanted or {'tri': 'recentes'})}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


# --- The front page ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Front:
    """What is put forward when nothing is asked for."""

    publics: list[tuple[str, str, int]]  # name, address, how many
    domains: list[tuple[str, str, int]]
    newest: list[Any]
    guides: list[Any]


def front(actor: Actor, today: date) -> Front:
    """For whom there are sheets, on what, the newest, and what residents read. Four queries."""
    rows = published(actor).current(today)
    bears = Sheet.labels.through.objects.filter(sheet__in=rows.values("pk")).order_by()
    counted = bears.filter(label__group__in=("public", "domaine"))
    counts = {
        (group, code): many
        for group, code, many in counted.values_list("label__group", "label__code").annotate(
            many=Count("pk")
        )
    }

    def entries(group: str) -> list[tuple[str, str, int]]:
        return [
            (label, _address({group: code}), counts[group, code])
            for code, label in groups()[group][1]
            if (group, code) in counts
        ]

    newest = rows.select_related("author").defer("body").order_by("-first_published_at", "-pk")
    latest = list(newest[:PUT_FORWARD])
    guides = list(newest.filter(kind=Sheet.Kind.GUIDE)[:PUT_FORWARD])
    _tell_wordings([*latest, *guides])
    return Front(entries("public"), entries("domaine"), latest, guides)
