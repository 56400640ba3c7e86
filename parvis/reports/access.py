"""Who may see, share and close reports, and who may read a contact."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, BEARER, NOTHING, Door, Policy, Row, within

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
HANDLERS = ("responsable", "contributeur")
# Organisations that look after a whole perimeter, and not only what is theirs.
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")


def _quartiers(path: str) -> Callable[[Iterable[int]], Q]:
    """The `Q` of rows whose report (reached by the column `path`) lies in some quartiers."""

    def condition(ids: Iterable[int]) -> Q:
        through = apps.get_model("reports", "Report_quartiers")
        return Q(Exists(through.objects.filter(report_id=OuterRef(path), quartier_id__in=list(ids))))

    return condition


def _public(prefix: str = "") -> Q:
    return Q(**{f"{prefix}public": True, f"{prefix}withdrawn_at": None})


def _parts_of(actor: Actor, path: str) -> Q:
    part = apps.get_model("reports", "Part")
    if actor.organisation_id is None:
        return NOTHING
    return Q(Exists(part.objects.filter(report_id=OuterRef(path), organisation_id=actor.organisation_id)))


def _voice(actor: Actor, path: str) -> Q:
    voice = apps.get_model("reports", "Voice")
    if actor.bearer is None or actor.bearer[0] != "voice":
        return NOTHING
    return Q(Exists(voice.objects.filter(report_id=OuterRef(path), pk=actor.bearer[1], withdrawn_at=None)))


# --- scopes on reports
def public(actor: Actor) -> Q:
    return _public()


def shared_with_me(actor: Actor) -> Q:
    return _parts_of(actor, "pk")


def perimeter(actor: Actor) -> Q:
    return within(actor, commune="commune_id", quartiers=_quartiers("pk"))


def spoken_on(actor: Actor) -> Q:
    return _voice(actor, "pk")


# --- scopes on what hangs from a report (parts, photos, messages, notes, voices, contacts)
def public_report(actor: Actor) -> Q:
    return _public("report__")


def shown_on_public_report(actor: Actor) -> Q:
    return Q(shown=True) & _public("report__")


def report_shared_with_me(actor: Actor) -> Q:
    return _parts_of(actor, "report_id")


def report_in_perimeter(actor: Actor) -> Q:
    return within(actor, commune="report__commune_id", quartiers=_quartiers("report_id"))


def report_spoken_on(actor: Actor) -> Q:
    return _voice(actor, "report_id")


def own_voice_or_shown(actor: Actor) -> Q:
    """What the bearer said, and what was said to those who spoke."""
    if actor.bearer is None or actor.bearer[0] != "voice":
        return NOTHING
    return _voice(actor, "report_id") & (Q(shown=True) | Q(voice_id=actor.bearer[1]))


def my_organisation(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


REPORT = Policy(
    "reports.report",
    "signalement",
    scopes={
        "public": public,
        "spoken on": spoken_on,
        "shared with my organisation": shared_with_me,
        "my perimeter": perimeter,
    },
    rows=(
        Row(ANYONE, ("see", "join"), "public"),
        Row(BEARER, ("see", "speak", "withdraw"), "spoken on"),
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("answer", "note"), "shared with my organisation") for role in HANDLERS),
        Row("coordination", ("moderate", "assign", "answer", "note", "chase"), "my perimeter"),
        Row("responsable", ("moderate", "assign", "answer", "note"), "my perimeter", ("commune",)),
        Row("contributeur", ("note",), "my perimeter", ("commune", "maison_de_quartier")),
    ),
)

PART = Policy(
    "reports.part",
    "part d’un signalement",
    scopes={
        "public": public_report,
        "spoken on": report_spoken_on,
        "my organisation": my_organisation,
        "shared with my organisation": report_shared_with_me,
        "my perimeter": report_in_perimeter,
    },
    rows=(
        Row(ANYONE, ("see",), "public"),
        Row(BEARER, ("see",), "spoken on"),
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("handle", "reopen"), "my organisation") for role in HANDLERS),
        Row("coordination", ("handle",), "my organisation"),
        Row("coordination", ("reopen", "assign", "chase"), "my perimeter"),
        Row("responsable", ("assign",), "my perimeter", ("commune",)),
    ),
)

PHOTO = Policy(
    "reports.photo",
    "photo",
    scopes={
        "shown": shown_on_public_report,
        "own or shown": own_voice_or_shown,
        "shared with my organisation": report_shared_with_me,
        "my perimeter": report_in_perimeter,
    },
    rows=(
        Row(ANYONE, ("see",), "shown"),
        Row(BEARER, ("see",), "own or shown"),
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        Row("coordination", ("moderate",), "my perimeter"),
        Row("responsable", ("moderate",), "my perimeter", ("commune",)),
    ),
)

MESSAGE = Policy(
    "reports.message",
    "message",
    scopes=PHOTO.scopes,
    rows=PHOTO.rows,
)

NOTE = Policy(
    "reports.note",
    "note interne",
    scopes={"shared with my organisation": report_shared_with_me, "my perimeter": report_in_perimeter},
    rows=(
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", ("agglomeration", "commune")) for role in ROLES),
    ),
)

# Contacts, dwellings and calls to make: those who handle, where they handle.
CONTACT = Policy(
    "reports.contact",
    "coordonnées d’une personne",
    scopes={"shared with my organisation": report_shared_with_me, "my perimeter": report_in_perimeter},
    rows=(
        *(Row(role, ("see",), "shared with my organisation") for role in HANDLERS),
        Row("coordination", ("see",), "my perimeter"),
        Row("responsable", ("see",), "my perimeter", ("commune",)),
    ),
)

CALLBACK = Policy(
    "reports.callback",
    "appel à passer",
    scopes=CONTACT.scopes,
    rows=tuple(Row(row.who, ("see", "tick"), row.scope, row.kinds) for row in CONTACT.rows),
)

DOORS: dict[str, Door] = {}
