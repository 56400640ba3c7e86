"""Who may tell, see, read and handle a report."""

from __future__ import annotations

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
from parvis.reports.scopes import (
    CARETAKER,
    HANDLERS,
    ROLES,
    TERRITORIAL,
    has_a_part,
    has_spoken,
    in_quartiers,
    is_public,
    served,
    unowned_dwelling,
)
from parvis.reports.workflow import BlackspotState

ENTERING = ("coordination", *HANDLERS)


def public(actor: Actor) -> Q:
    return is_public()


def shared_with_me(actor: Actor) -> Q:
    return has_a_part(actor, "pk")


def perimeter(actor: Actor) -> Q:
    """What lies in the perimeter, but for what concerns one dwelling: that is its landlord's."""
    return Q(private=False) & within(actor, commune="commune_id", quartiers=in_quartiers("pk"))


nobodys_dwelling = unowned_dwelling("pk", "")


def spoken_on(actor: Actor) -> Q:
    return has_spoken(actor, "pk")


def served_by_link(actor: Actor) -> Q:
    """The report of the part that a service's signed link opens: what the work needs, and never a
    contact, a dwelling, a plate or a note, since a link may be passed on."""
    return served(actor, "pk")


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


def back_at_our_blackspot(actor: Actor) -> Q:
    """What came back at a point noir that my organisation carries: what it is about and where, so
    that a plan can be made, and not what people wrote."""
    if actor.organisation_id is None:
        return NOTHING
    carried = apps.get_model("reports", "Blackspot").objects.filter(
        owner_id=actor.organisation_id, state=BlackspotState.KEPT
    )
    tied = apps.get_model("thread", "Link").objects.filter(
        source_kind="report", target_kind="blackspot", target_id__in=carried.values("pk")
    )
    return Q(private=False) & Q(pk__in=tied.values("source_id"))


def text_shown(actor: Actor) -> Q:
    return is_public() & Q(text_shown=True)


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
    return Q(residence_id__in=sorted(actor.residences)) & has_a_part(actor, "pk")


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
        "back at a point noir of ours": back_at_our_blackspot,
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
        *(Row(role, ("see",), "back at a point noir of ours") for role in ROLES),
        *(Row(role, ("wreck",), "shared with my organisation") for role in HANDLERS),
        Row("coordination", ("wreck",), "my perimeter"),
        Row("responsable", ("wreck",), "my perimeter", ("commune",)),
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
    # Reading
    "reports:list": Door(EVERYONE),
    "reports:map": Door(EVERYONE),
    "reports:territory": Door(EVERYONE),
    "reports:export": Door(EVERYONE),
    "reports:report": Door(EVERYONE, "reports.report"),
    # Handling
    "reports:wreck": Door(PARTNERS, "reports.report", "wreck"),
    "reports:review": Door(PARTNERS, "reports.report", "moderate"),
    "reports:assign": Door(PARTNERS, "reports.report", "assign"),
    "reports:recategorise": Door(PARTNERS, "reports.report", "recategorise"),
    "reports:merge": Door(PARTNERS, "reports.report", "merge"),
    "reports:unmerge": Door(PARTNERS, "reports.report", "merge"),
    "reports:answer": Door(PARTNERS, "reports.report", "answer"),
    "reports:note": Door(PARTNERS, "reports.report", "note"),
    # Entering for somebody else: the act asks for the right once it knows where
    "reports:enter": Door(PARTNERS, roles=ENTERING),
    "reports:entered": Door(PARTNERS, roles=ENTERING),
    # Several at once: each row is asked for its own right
    "reports:batch": Door(PARTNERS),
    "reports:undo_batch": Door(PARTNERS),
}
