"""Who may see, share and close reports, and who may read a contact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import (
    ANYONE,
    BEARER,
    EVERYONE,
    NOTHING,
    PARTNERS,
    Door,
    Policy,
    Row,
    within,
)

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
CARETAKER = "gardien"  # a role that no mandate gives: a lodge's telephone does, for a shift
HANDLERS = ("responsable", "contributeur")
ENTERING = ("coordination", *HANDLERS)
COMMITTERS = ("responsable", "coordination")  # who may promise a delay for their organisation
ROUTERS = ("coordination", "responsable")  # who may write what becomes of a commune's reports
# Organisations that look after a whole perimeter, and not only what is theirs.
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")
SERVED_AFTER_CLOSING = timedelta(days=60)  # then a service's link is for reading only


def _quartiers(path: str) -> Callable[[Iterable[int]], Q]:
    """The `Q` of rows whose report (reached by the column `path`) lies in some quartiers."""

    def condition(ids: Iterable[int]) -> Q:
        through = apps.get_model("reports", "Report").quartiers.through
        return Q(
            Exists(through.objects.filter(report_id=OuterRef(path), quartier_id__in=list(ids)))
        )

    return condition


def _public(prefix: str = "") -> Q:
    """What was reviewed for all; a report united with another is read through that one."""
    names = (f"{prefix}withdrawn_at", f"{prefix}merged_into")
    return Q(**{f"{prefix}public": True}, **dict.fromkeys(names))


def _parts_of(actor: Actor, path: str) -> Q:
    part = apps.get_model("reports", "Part")
    if actor.organisation_id is None:
        return NOTHING
    return Q(
        Exists(part.objects.filter(report_id=OuterRef(path), organisation_id=actor.organisation_id))
    )


def _voice(actor: Actor, path: str) -> Q:
    if actor.bearer is None or actor.bearer[0] != "voice":
        return NOTHING
    # Who spoke through a report that was united with this one follows this one.
    if actor.opened is not None:
        return Q(**{f"{path}__in": sorted(actor.opened)})
    voice = apps.get_model("reports", "Voice")
    here = Q(report_id=OuterRef(path)) | Q(report__merged_into_id=OuterRef(path))
    return Q(Exists(voice.objects.filter(here, pk=actor.bearer[1], withdrawn_at=None)))


def _service_link(actor: Actor) -> dict[str, int] | None:
    """The part that a service's link opens, as long as it is that organisation's; None without."""
    if actor.bearer is None or actor.bearer[0] != "part" or actor.organisation_id is None:
        return None
    return {"pk": actor.bearer[1], "organisation_id": actor.organisation_id}


def _served(actor: Actor, path: str) -> Q:
    part, link = apps.get_model("reports", "Part"), _service_link(actor)
    return Q(Exists(part.objects.filter(report_id=OuterRef(path), **link))) if link else NOTHING


def _nobodys_dwelling(path: str, prefix: str) -> Callable[[Actor], Q]:
    """The scope of what concerns a dwelling as long as no organisation has a part of it."""

    @cache  # the same for everybody: made once
    def unowned() -> Q:
        part = apps.get_model("reports", "Part")
        given = part.objects.filter(report_id=OuterRef("report_id"), organisation__isnull=False)
        # A report has a part from its filing on. Few have none but an orphan: starting from those,
        # PostgreSQL does not read all parts for one list.
        orphan = part.objects.filter(~Q(Exists(given)), organisation=None)
        return Q(Exists(orphan.filter(report_id=OuterRef(path))))

    def scope(actor: Actor) -> Q:
        """A dwelling whose landlord nobody knows yet: until somebody gives it to one."""
        inside = within(actor, commune=f"{prefix}commune_id", quartiers=_quartiers(path))
        return Q(**{f"{prefix}private": True}) & inside & unowned()

    return scope


# --- scopes on reports
def public(actor: Actor) -> Q:
    return _public()


def shared_with_me(actor: Actor) -> Q:
    return _parts_of(actor, "pk")


def perimeter(actor: Actor) -> Q:
    """What lies in the perimeter, but for what concerns one dwelling: that is its landlord's."""
    return Q(private=False) & within(actor, commune="commune_id", quartiers=_quartiers("pk"))


nobodys_dwelling = _nobodys_dwelling("pk", "")


def spoken_on(actor: Actor) -> Q:
    return _voice(actor, "pk")


def served_by_link(actor: Actor) -> Q:
    """The report of the part that a service's signed link opens: what the work needs, and never a
    contact, a dwelling, a plate or a note, since a link may be passed on."""
    return _served(actor, "pk")


def held_by_us(actor: Actor) -> Q:
    """What lies in a residence that my organisation holds today."""
    if actor.organisation_id is None:
        return NOTHING
    today = timezone.localdate()
    held = apps.get_model("upkeep", "Holding").objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=today),
        Q(ends_on=None) | Q(ends_on__gte=today),
        residence_id=OuterRef("residence_id"),
        organisation_id=actor.organisation_id,
    )
    return Q(Exists(held))


def entered_by_us(actor: Actor) -> Q:
    """What my organisation entered for somebody, whoever answers for it; but for dwellings, which
    are their landlord's alone."""
    if actor.organisation_id is None:
        return NOTHING
    filed = apps.get_model("thread", "Event").objects.filter(
        thing_kind="report",
        thing_id=OuterRef("pk"),
        code="filed",
        organisation_id=actor.organisation_id,
    )
    return ~Q(channel="web") & Q(private=False) & Q(Exists(filed))


def text_shown(actor: Actor) -> Q:
    return _public() & Q(text_shown=True)


def authored(actor: Actor) -> Q:
    """The report whose author bears the link: one who said "moi aussi" reads what is shown."""
    voice = apps.get_model("reports", "Voice")
    if actor.bearer is None or actor.bearer[0] != "voice":
        return NOTHING
    mine = voice.objects.filter(
        report_id=OuterRef("pk"), pk=actor.bearer[1], kind="author", withdrawn_at=None
    )
    return Q(Exists(mine))


def spoken_on_and_shown(actor: Actor) -> Q:
    return spoken_on(actor) & Q(text_shown=True)


def in_my_lodge(actor: Actor) -> Q:
    """A caretaker with the lodge's telephone: reports of the lodge's residences on which the
    organisation has a part."""
    if actor.residences is None:
        return NOTHING
    return Q(residence_id__in=sorted(actor.residences)) & _parts_of(actor, "pk")


# --- scopes on what hangs from a report (parts, photos, messages, notes, voices, contacts)
def public_report(actor: Actor) -> Q:
    return _public("report__")


def shown_on_public_report(actor: Actor) -> Q:
    return Q(shown=True) & _public("report__")


def report_shared_with_me(actor: Actor) -> Q:
    return _parts_of(actor, "report_id")


def report_or_its_home_shared_with_me(actor: Actor) -> Q:
    """Shared with my organisation, or united with a report that is."""
    return report_shared_with_me(actor) | _parts_of(actor, "report__merged_into_id")


def report_in_perimeter(actor: Actor) -> Q:
    inside = within(actor, commune="report__commune_id", quartiers=_quartiers("report_id"))
    return Q(report__private=False) & inside


of_nobodys_dwelling = _nobodys_dwelling("report_id", "report__")


def report_spoken_on(actor: Actor) -> Q:
    return _voice(actor, "report_id")


def report_in_my_lodge(actor: Actor) -> Q:
    if actor.residences is None:
        return NOTHING
    return Q(report__residence_id__in=sorted(actor.residences)) & _parts_of(actor, "report_id")


def open_in_my_lodge(actor: Actor) -> Q:
    """The same, while the organisation's own part is open: once it is closed nobody is called."""
    part = apps.get_model("reports", "Part")
    still = part.objects.filter(
        my_organisation(actor), report_id=OuterRef("report_id"), closed_at=None
    )
    return report_in_my_lodge(actor) & Q(Exists(still))


def mine_in_my_lodge(actor: Actor) -> Q:
    return report_in_my_lodge(actor) & my_organisation(actor)


def report_served_by_link(actor: Actor) -> Q:
    return _served(actor, "report_id")


def part_served_by_link(actor: Actor) -> Q:
    """The part of the link itself; for reading only once it has been closed for sixty days."""
    link = _service_link(actor)
    lately = Q(closed_at=None) | Q(closed_at__gt=timezone.now() - SERVED_AFTER_CLOSING)
    return Q(**link) & lately if link else NOTHING


def own_voice_or_shown(actor: Actor) -> Q:
    """What the bearer said, and what was said to those who spoke."""
    if actor.bearer is None or actor.bearer[0] != "voice":
        return NOTHING
    return _voice(actor, "report_id") & (Q(shown=True) | Q(voice_id=actor.bearer[1]))


def after_by_my_organisation(actor: Actor) -> Q:
    """Photos of what changed that the actor's organisation took, while it has a part."""
    return my_organisation(actor) & Q(moment="after") & report_shared_with_me(actor)


def after_in_perimeter(actor: Actor) -> Q:
    return Q(moment="after") & report_in_perimeter(actor)


def my_organisation(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


def mine(actor: Actor) -> Q:
    return Q(person_id=actor.user_id) if actor.user_id else NOTHING


def shared_in_my_organisation(actor: Actor) -> Q:
    return my_organisation(actor) & Q(shared=True)


def commune_in_perimeter(actor: Actor) -> Q:
    """Communes that the actor has whole."""
    return Q(commune_id__in=actor.communes) if actor.communes else NOTHING


def communes_to_route(actor: Actor) -> frozenset[int]:
    """Communes for which this actor may write what becomes of reports: the policy's own rows."""
    allowed = any(row.grants(actor, "edit") for row in ROUTE.rows)
    return actor.communes if allowed else frozenset()


def lies_in_perimeter(actor: Actor) -> Q:
    """What has a commune and quartiers of its own, as a report has."""

    def quartiers(ids: Iterable[int]) -> Q:
        through = apps.get_model("reports", "Blackspot").quartiers.through
        return Q(
            Exists(through.objects.filter(blackspot_id=OuterRef("pk"), quartier_id__in=list(ids)))
        )

    return within(actor, commune="commune_id", quartiers=quartiers)


def owned(actor: Actor) -> Q:
    return Q(owner_id=actor.organisation_id) if actor.organisation_id else NOTHING


def nobodys_in_perimeter(actor: Actor) -> Q:
    return Q(organisation=None) & report_in_perimeter(actor)


REPORT = Policy(
    "reports.report",
    "signalement",
    scopes={
        "public": public,
        "spoken on": spoken_on,
        "text shown": text_shown,
        "authored": authored,
        "spoken on and shown": spoken_on_and_shown,
        "served by link": served_by_link,
        "shared with my organisation": shared_with_me,
        "a dwelling that nobody has": nobodys_dwelling,
        "my perimeter": perimeter,
        "my lodge": in_my_lodge,
        "held by my organisation": held_by_us,
        "entered by my organisation": entered_by_us,
    },
    rows=(
        # "read" is for what a person wrote (text, answers); "work" for the partner's own list.
        Row(ANYONE, ("see", "join"), "public"),
        Row(ANYONE, ("read",), "text shown"),
        Row(BEARER, ("see", "speak", "withdraw"), "spoken on"),
        Row(BEARER, ("read",), "authored"),
        Row(BEARER, ("read",), "spoken on and shown"),
        Row(BEARER, ("see", "read"), "served by link"),
        *(Row(role, ("see", "read", "work"), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see", "read", "work"), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("answer", "note"), "shared with my organisation") for role in HANDLERS),
        Row("coordination", ("moderate", "assign", "answer", "note", "chase"), "my perimeter"),
        Row("coordination", ("recategorise", "merge"), "my perimeter"),
        Row("responsable", ("moderate", "assign", "answer", "note"), "my perimeter", ("commune",)),
        Row("responsable", ("recategorise", "merge"), "my perimeter", ("commune",)),
        Row("contributeur", ("note",), "my perimeter", ("commune", "maison_de_quartier")),
        Row(CARETAKER, ("see", "read", "work", "answer", "note"), "my lodge"),
        Row(
            "coordination",
            ("see", "read", "work", "assign", "answer", "note"),
            "a dwelling that nobody has",
        ),
        # Entering for somebody else: where the report lies is known once it is there.
        *(Row(role, ("enter",), "my perimeter", TERRITORIAL) for role in ENTERING),
        *(Row(role, ("enter",), "held by my organisation", ("bailleur",)) for role in HANDLERS),
        *(Row(role, ("see", "read"), "entered by my organisation") for role in ENTERING),
        *(Row(role, ("wreck",), "shared with my organisation") for role in HANDLERS),
        Row("coordination", ("wreck",), "my perimeter"),
        Row("responsable", ("wreck",), "my perimeter", ("commune",)),
    ),
)

PART = Policy(
    "reports.part",
    "part d’un signalement",
    scopes={
        "public": public_report,
        "spoken on": report_spoken_on,
        "report served by link": report_served_by_link,
        "served by link": part_served_by_link,
        "my organisation": my_organisation,
        "nobody's, in my perimeter": nobodys_in_perimeter,
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge": report_in_my_lodge,
        "my organisation, in my lodge": mine_in_my_lodge,
    },
    rows=(
        Row(ANYONE, ("see",), "public"),
        Row(BEARER, ("see",), "spoken on"),
        Row(BEARER, ("see",), "report served by link"),
        Row(BEARER, ("handle", "reopen"), "served by link"),
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("handle", "reopen"), "my organisation") for role in HANDLERS),
        Row("coordination", ("handle",), "my organisation"),
        Row("coordination", ("handle",), "nobody's, in my perimeter"),
        Row("coordination", ("reopen", "assign", "chase"), "my perimeter"),
        Row("responsable", ("assign",), "my perimeter", ("commune",)),
        Row(CARETAKER, ("see",), "my lodge"),
        Row(CARETAKER, ("handle",), "my organisation, in my lodge"),
        Row("coordination", ("see", "handle", "reopen", "assign"), "a dwelling that nobody has"),
    ),
)

PHOTO = Policy(
    "reports.photo",
    "photo",
    scopes={
        "shown": shown_on_public_report,
        "own or shown": own_voice_or_shown,
        "report served by link": report_served_by_link,
        "my organisation, after": after_by_my_organisation,
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my perimeter, after": after_in_perimeter,
        "my lodge": report_in_my_lodge,
    },
    rows=(
        Row(ANYONE, ("see",), "shown"),
        Row(BEARER, ("see",), "own or shown"),
        Row(BEARER, ("see",), "report served by link"),
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("pair",), "my organisation, after") for role in HANDLERS),
        Row("coordination", ("moderate",), "my perimeter"),
        Row("responsable", ("moderate",), "my perimeter", ("commune",)),
        Row("coordination", ("pair",), "my perimeter, after"),
        Row("responsable", ("pair",), "my perimeter, after", ("commune",)),
        Row(CARETAKER, ("see",), "my lodge"),
        Row("coordination", ("see",), "a dwelling that nobody has"),
    ),
)

MESSAGE = Policy(
    "reports.message",
    "message",
    scopes={
        "shown": shown_on_public_report,
        "own or shown": own_voice_or_shown,
        "report served by link": report_served_by_link,
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge": report_in_my_lodge,
    },
    rows=tuple(row for row in PHOTO.rows if "pair" not in row.actions),
)

NOTE = Policy(
    "reports.note",
    "note interne",
    scopes={
        "shared with my organisation": report_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge": report_in_my_lodge,
    },
    rows=(
        *(Row(role, ("see",), "shared with my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", ("agglomeration", "commune")) for role in ROLES),
        Row(CARETAKER, ("see",), "my lodge"),
        Row("coordination", ("see",), "a dwelling that nobody has"),
    ),
)

# Contacts, dwellings and calls to make: those who handle, where they handle.
CONTACT = Policy(
    "reports.contact",
    "coordonnées d’une personne",
    scopes={
        "shared with my organisation": report_or_its_home_shared_with_me,
        "a dwelling that nobody has": of_nobodys_dwelling,
        "my perimeter": report_in_perimeter,
        "my lodge, part open": open_in_my_lodge,
    },
    rows=(
        *(Row(role, ("see",), "shared with my organisation") for role in HANDLERS),
        Row("coordination", ("see",), "my perimeter"),
        Row("responsable", ("see",), "my perimeter", ("commune",)),
        Row(CARETAKER, ("see",), "my lodge, part open"),
        Row("coordination", ("see",), "a dwelling that nobody has"),
    ),
    personal=True,
)

CALLBACK = Policy(
    "reports.callback",
    "appel à passer",
    scopes=CONTACT.scopes,
    rows=tuple(Row(row.who, ("see", "tick"), row.scope, row.kinds) for row in CONTACT.rows),
)

ROUTE = Policy(
    "reports.route",
    "circuit d’une commune",
    scopes={"my communes": commune_in_perimeter},
    rows=(
        Row("coordination", ("see", "edit"), "my communes"),
        Row("responsable", ("see", "edit"), "my communes", ("commune",)),
    ),
)

COMMITMENT = Policy(
    "reports.commitment",
    "engagement de délai",
    scopes={"my organisation": my_organisation},
    rows=(
        *(Row(role, ("see",), "my organisation") for role in ROLES),
        *(Row(role, ("edit",), "my organisation") for role in COMMITTERS),
    ),
)

ANSWER_TEMPLATE = Policy(
    "reports.answertemplate",
    "réponse type",
    scopes={"my organisation": my_organisation},
    rows=(
        *(Row(role, ("see",), "my organisation") for role in ROLES),
        Row("responsable", ("edit",), "my organisation"),
        Row("coordination", ("edit",), "my organisation"),
    ),
)

DWELLING_DESK = Policy(
    "reports.dwellingdesk",
    "accueil des locataires",
    scopes={"my organisation": my_organisation},
    rows=(
        *(Row(role, ("see",), "my organisation") for role in ROLES),
        Row("responsable", ("edit",), "my organisation", ("bailleur",)),
    ),
)

SAVED_VIEW = Policy(
    "reports.savedview",
    "vue enregistrée",
    scopes={"mine": mine, "shared in my organisation": shared_in_my_organisation},
    rows=(
        *(Row(role, ("see", "edit"), "mine") for role in ROLES),
        *(Row(role, ("see",), "shared in my organisation") for role in ROLES),
    ),
)

BLACKSPOT = Policy(
    "reports.blackspot",
    "point noir",
    scopes={"my perimeter": lies_in_perimeter, "owned by my organisation": owned},
    rows=(
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see",), "owned by my organisation") for role in ROLES),
        *(Row(role, ("plan",), "owned by my organisation") for role in HANDLERS),
        Row("coordination", ("decide", "plan"), "my perimeter"),
    ),
)

DOORS: dict[str, Door] = {
    # Telling
    "reports:where": Door(EVERYONE),
    "reports:what": Door(EVERYONE),
    "reports:stop": Door(EVERYONE),
    "reports:tell": Door(EVERYONE),
    "reports:receive": Door(EVERYONE),  # from our own pages, and never in a session's name
    "reports:challenge": Door(EVERYONE),
    "reports:unconnected": Door(EVERYONE),
    "reports:worker": Door(EVERYONE),
    "reports:draft_photo": Door(EVERYONE),  # opened by a signed name
    "reports:join": Door(EVERYONE, "reports.report", "join"),
    # Following: opened by the signed link
    "reports:follow": Door(EVERYONE),
    "reports:speak": Door(EVERYONE),
    "reports:say_settled": Door(EVERYONE),
    "reports:say_not_yet": Door(EVERYONE),
    "reports:withdraw": Door(EVERYONE),
    "reports:erase_contact": Door(EVERYONE),
    "reports:own_photo": Door(EVERYONE),
    # Served by e-mail: opened by the signed link of an organisation's service
    "reports:serve": Door(EVERYONE),
    "reports:serve_step": Door(EVERYONE),
    "reports:serve_return": Door(EVERYONE),
    "reports:serve_undo": Door(EVERYONE),
    "reports:serve_number": Door(EVERYONE),
    "reports:serve_photo": Door(EVERYONE),
    # What becomes of reports, by commune
    "reports:routes": Door(PARTNERS, roles=ROUTERS),
    "reports:new_route": Door(PARTNERS, roles=ROUTERS),
    "reports:change_route": Door(PARTNERS, "reports.route", "edit"),
    "reports:remove_route": Door(PARTNERS, "reports.route", "edit"),
    # Reading
    "reports:list": Door(EVERYONE),
    "reports:map": Door(EVERYONE),
    "reports:territory": Door(EVERYONE),
    "reports:export": Door(EVERYONE),
    "reports:save_view": Door(PARTNERS, roles=ROLES),
    "reports:change_view": Door(PARTNERS, "reports.savedview", "edit"),
    "reports:delete_view": Door(PARTNERS, "reports.savedview", "edit"),
    "reports:report": Door(EVERYONE, "reports.report"),
    "reports:photo": Door(EVERYONE, "reports.photo"),
    # Handling
    "reports:black_out": Door(PARTNERS, "reports.photo", "moderate"),
    "reports:pair": Door(PARTNERS, "reports.photo", "pair"),
    "reports:wreck": Door(PARTNERS, "reports.report", "wreck"),
    "reports:desk": Door(PARTNERS, roles=("responsable",)),
    "reports:review": Door(PARTNERS, "reports.report", "moderate"),
    "reports:assign": Door(PARTNERS, "reports.report", "assign"),
    "reports:recategorise": Door(PARTNERS, "reports.report", "recategorise"),
    "reports:merge": Door(PARTNERS, "reports.report", "merge"),
    "reports:unmerge": Door(PARTNERS, "reports.report", "merge"),
    "reports:answer": Door(PARTNERS, "reports.report", "answer"),
    "reports:note": Door(PARTNERS, "reports.report", "note"),
    "reports:give": Door(PARTNERS, "reports.part", "assign"),
    "reports:advance": Door(PARTNERS, "reports.part", "handle"),
    "reports:chase": Door(PARTNERS, "reports.part", "chase"),
    "reports:pause": Door(PARTNERS, "reports.part", "handle"),
    "reports:resume": Door(PARTNERS, "reports.part", "handle"),
    "reports:number": Door(PARTNERS, "reports.part", "handle"),
    "reports:undo": Door(PARTNERS, "reports.part", "handle"),
    "reports:mine": Door(PARTNERS, "reports.part", "handle"),
    # Entering for somebody else: the act asks for the right once it knows where
    "reports:enter": Door(PARTNERS, roles=ENTERING),
    "reports:entered": Door(PARTNERS, roles=ENTERING),
    # Several at once: each row is asked for its own right
    "reports:batch": Door(PARTNERS),
    "reports:undo_batch": Door(PARTNERS),
    "reports:overdue": Door(PARTNERS),
    "reports:chase_all": Door(PARTNERS),
    # Answer templates
    "reports:templates": Door(PARTNERS),
    "reports:new_template": Door(PARTNERS, roles=("coordination", "responsable")),
    "reports:edit_template": Door(PARTNERS, "reports.answertemplate", "edit"),
    "reports:remove_template": Door(PARTNERS, "reports.answertemplate", "edit"),
    "reports:commitments": Door(PARTNERS),
    "reports:publish_commitment": Door(PARTNERS, roles=COMMITTERS),
    "reports:end_commitment": Door(PARTNERS, "reports.commitment", "edit"),
    "reports:blackspots": Door(PARTNERS),
    "reports:blackspot": Door(PARTNERS, "reports.blackspot"),
    "reports:decide_blackspot": Door(PARTNERS, "reports.blackspot", "decide"),
    "reports:plan_blackspot": Door(PARTNERS, "reports.blackspot", "plan"),
    "reports:callbacks": Door(PARTNERS),
    "reports:see_number": Door(PARTNERS, "reports.callback"),
    "reports:contacts": Door(PARTNERS, "reports.contact"),
    "reports:tick": Door(PARTNERS, "reports.callback", "tick"),
}
