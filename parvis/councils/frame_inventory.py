"""The inventory of the participation that exists, quartier by quartier, and its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http.response import HttpResponseBase
from django.utils import timezone

from parvis.councils.body_models import Body
from parvis.councils.frame_models import Participation
from parvis.councils.sorting import choices, label_of
from parvis.documents.tables import csv_response, ods_response, xlsx_response
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier

BY_PAGE = 20
AT_ONCE = 200  # quartiers read together for a table
ENDINGS = {"csv": csv_response, "xlsx": xlsx_response, "ods": ods_response}
HEADER = (
    "Code du quartier",
    "Quartier",
    "Communes",
    "Participation",
    "Forme",
    "Animée par",
    "Pour qui",
    "Rythme",
    "Depuis le",
    "Jusqu’au",
    "Ce qu’on y fait",
)
NOTHING = "aucune participation recensée"


def quartiers_listed(commune: str = "", *, bare: bool = False) -> Any:
    """The quartiers of the inventory: those prioritaires in force, and any other where something
    was found; of one commune, or those where nothing runs, when it is asked."""
    today = timezone.localdate()
    found = Participation.objects.filter(quartier_id=OuterRef("pk"))
    rows = Quartier.objects.in_force(today).filter(Q(kind=Quartier.Kind.QPV) | Exists(found))
    if commune:
        rows = rows.filter(Exists(Commune.objects.filter(quartiers=OuterRef("pk"), code=commune)))
    if bare:
        running = found.filter(Q(until=None) | Q(until__gte=today))
        rows = rows.exclude(Exists(running))
    return rows.defer("outline").order_by("name", "code")


def groups_of(actor: Actor, quartiers: Iterable[Quartier]) -> list[dict[str, Any]]:
    """Each quartier with what exists there; three queries whatever their number."""
    found = list(quartiers)
    rows = list(
        Participation.objects.visible_to(actor)
        .filter(quartier__in=[one.pk for one in found])
        .select_related("coordinator")
        .order_by("name", "pk")
    )
    edited = set(
        Participation.objects.allowed(actor, "edit")
        .filter(pk__in=[one.pk for one in rows])
        .values_list("pk", flat=True)
    )
    # A body that is not public yet is not told by the inventory either.
    wanted = {one.body_id for one in rows if one.body_id}
    seen = set(Body.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    today = timezone.localdate()
    lines: dict[int, list[dict[str, Any]]] = {}
    for one in rows:
        lines.setdefault(one.quartier_id, []).append(
            {
                "one": one,
                "form": label_of("participation", one.form),
                "body": one.body_id if one.body_id in seen else None,
                "over": one.until is not None and one.until < today,
                "may_edit": one.pk in edited,
            }
        )
    return [{"quartier": one, "lines": lines.get(one.pk, [])} for one in found]


def write_participation(
    participation: Participation | None, *, coordinator: Organisation, **fields: Any
) -> Participation:
    """Write down a way of taking part, or correct it. ValidationError for a form out of the list,
    or an end before its beginning."""
    found = participation or Participation(coordinator=coordinator)
    for name, value in fields.items():
        setattr(found, name, value)
    found.full_clean()
    found.save()
    return found


def remove_participation(participation: Participation) -> None:
    """Take out of the inventory what was written there by mistake; what ended gets its day."""
    with transaction.atomic():
        participation.delete()


def form_choices() -> list[tuple[str, str]]:
    """The forms of participation, to choose from."""
    return list(choices("participation").items())


def inventory_table(ending: str, commune: str, *, bare: bool) -> HttpResponseBase:
    """Exactly what the page shows, all pages together, as csv, xlsx or ods."""
    return ENDINGS[ending](
        "participation-existante", HEADER, _rows(quartiers_listed(commune, bare=bare))
    )


def _rows(quartiers: Any) -> Iterator[list[Any]]:
    ids = list(quartiers.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        named = Quartier.objects.defer("outline").filter(pk__in=some)
        known = {one.pk: one for one in named}
        towns: dict[int, list[str]] = {}
        pairs = Quartier.communes.through.objects.filter(quartier_id__in=some)
        for pk, name in pairs.order_by("commune__name").values_list("quartier_id", "commune__name"):
            towns.setdefault(pk, []).append(name)
        lines: dict[int, list[Participation]] = {}
        for one in Participation.objects.filter(quartier_id__in=some).order_by("name", "pk"):
            lines.setdefault(one.quartier_id, []).append(one)
        for pk in some:
            head = [known[pk].code, known[pk].name, ", ".join(towns.get(pk, []))]
            for one in lines.get(pk, []):
                form = label_of("participation", one.form)
                yield [*head, one.name, form, one.run_by, one.audience, one.rhythm, one.since,
                       one.until, one.note]  # fmt: skip
            if pk not in lines:
                yield [*head, NOTHING, *[""] * 7]
