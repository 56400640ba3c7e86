"""The toolbox of the demonstration: sheets written for it, in their other languages, with their
files; one is out of date, one waits for its reading with a comment on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from wagtail.models import Comment, Revision

from parvis.demo.accounts import address_of, read
from parvis.demo.councils import untold
from parvis.demo.toolbox_files import PAPERS, PICTURES, file_of
from parvis.demo.toolbox_text import body, dialled, rich, typeset
from parvis.partners.actors import actors_of
from parvis.partners.models import Organisation, User
from parvis.places.models import Quartier
from parvis.toolbox.models import (
    AdviceSheet,
    ExperienceSheet,
    Label,
    MethodSheet,
    ModelSheet,
    NewsSheet,
    ResidentGuide,
    SeeAlso,
    Sheet,
    Version,
    Wording,
)
from parvis.toolbox.office import desk_of, open_office
from parvis.upkeep.models import Theme

FILES = ("methods", "methods_with", "guides", "others")
KINDS: dict[str, type[Sheet]] = {
    kind.KIND: kind
    for kind in (MethodSheet, ExperienceSheet, AdviceSheet, ResidentGuide, ModelSheet, NewsSheet)
}
LINES = ("title", "summary", "contributors", "contact", "question", "duration", "period")
RICH = (
    "when", "steps", "who", "means", "pitfalls",
    "context", "done", "funding", "results", "differently",
)  # fmt: skip
CREDIT = "Parvis, dessin de démonstration"


def load_toolbox(organisations: dict[str, Organisation], now: datetime) -> list[Sheet]:
    """Write, publish and link the sheets of data/toolbox_*.toml."""
    told = [row for name in FILES for row in read(f"toolbox_{name}")["sheet"]]
    wordings = read("toolbox_wordings")["wording"]
    reader = User.objects.get(email=address_of("coordination"))
    with untold():
        open_office(actors_of(reader)[0])
        made = {row["key"]: _begin(row, organisations) for row in told}
        for row in told:
            _finish(row, made, [one for one in wordings if one["sheet"] == row["key"]], now)
    return list(made.values())


def _begin(row: dict[str, Any], organisations: dict[str, Organisation]) -> Sheet:
    """The draft on its author's desk."""
    desk = desk_of(organisations[row["by"]])
    sheet = KINDS[row["kind"]](title=typeset(row["title"]), slug=row["key"], live=False)
    desk.add_child(instance=sheet)
    return sheet


def _finish(
    row: dict[str, Any], made: dict[str, Sheet], wordings: list[dict[str, Any]], now: datetime
) -> None:
    """Everything that the file tells; the older text first, where it tells one."""
    sheet: Any = made[row["key"]]
    today = timezone.localdate(now)
    sheet.themes.set(_all(Theme, "code", row["themes"]))
    sheet.labels.set(list(_labels(row["labels"])))
    sheet.quartiers.set(_all(Quartier, "code", row.get("quartiers", [])))
    sheet.see_also.set([SeeAlso(other=made[key].sheet_ptr) for key in row.get("see", [])])
    sheet.wordings.set([_wording(one) for one in wordings])
    if "review" in row:
        sheet.review_on = today + timedelta(days=row["review"])
    if "expires" in row:
        sheet.expires_on = today + timedelta(days=row["expires"])
    for version in (row.get("older"), row):
        if version is not None:
            _write(sheet, {**row, **version})
            if "ago" in version:
                publish_on(sheet, now - timedelta(days=version["ago"]))
    if "ago" not in row:
        _propose(sheet, row)


def _write(sheet: Any, told: dict[str, Any]) -> None:
    """The words of one version."""
    for name in LINES:
        if name in told:
            setattr(sheet, name, typeset(told[name]))
    for name in RICH:
        if name in told:
            setattr(sheet, name, rich(told[name]))
    if "cost" in told and isinstance(sheet, MethodSheet):
        sheet.cost_from, sheet.cost_to = (Decimal(one) for one in told["cost"])
    elif "cost" in told:
        sheet.cost = Decimal(told["cost"])
    sheet.scale = told.get("scale", "")
    desk = sheet.get_parent().specific
    names = {block.get("picture") or block.get("paper") for block in told["block"]}
    files = {name: file_of(name, desk, CREDIT) for name in (*PICTURES, *PAPERS) if name in names}
    sheet.body = body(told["key"], told["block"], files)


def publish_on(sheet: Any, at: datetime) -> None:
    """Read and published on that day."""
    day, committee = timezone.localdate(at), f"Comité de lecture · {sheet.coordination.name}"
    sheet.validated_on, sheet.validated_by = day, committee
    reader = User.objects.get(email=address_of("coordination"))
    revision = sheet.save_revision(user=reader)
    revision.publish(user=reader)
    sheet.refresh_from_db()
    Revision.objects.filter(pk=revision.pk).update(created_at=at)
    Version.objects.filter(sheet_id=sheet.pk, number=sheet.version).update(at=at)
    first = at if sheet.version == 1 else sheet.first_published_at
    Sheet.objects.filter(pk=sheet.pk).update(
        validated_on=day,
        validated_by=committee,
        first_published_at=first,
        last_published_at=at,
        latest_revision_created_at=at,
    )
    sheet.refresh_from_db()


def _propose(sheet: Any, row: dict[str, Any]) -> None:
    """Sent to the reading committee, whose first remark stands on a passage."""
    author = User.objects.get(email=address_of(row["proposed_by"]))
    reader = User.objects.get(email=address_of("coordination"))
    sheet.owner = author  # who only writes opens again what is their own
    sheet.save()
    revision = sheet.save_revision(user=author)
    sheet.get_workflow().start(sheet, author)
    Comment.objects.create(
        page=sheet.page_ptr,
        user=reader,
        text=typeset(row["comment"]),
        contentpath=row["comment_on"],
        revision_created=revision,
    )


def _wording(told: dict[str, Any]) -> Wording:
    spaces = typeset if told["language"] == "falc" else dialled
    return Wording(
        language=told["language"],
        title=spaces(told["title"]),
        text=rich(told["text"], spaces),
        of_version=told.get("of_version", 1),
    )


def _all(model: Any, field: str, wanted: list[str]) -> list[Any]:
    """Those rows; a name that is not there stops the loading."""
    return [model.objects.get(**{field: one}) for one in wanted]


def _labels(wanted: list[str]) -> Iterator[Label]:
    for one in wanted:
        group, code = one.split(":")
        yield Label.objects.get(group=group, code=code)
