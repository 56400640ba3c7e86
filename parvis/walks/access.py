"""Who may see a walk, prepare it, note on it, sort what it found, and read its account."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

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
PLANNERS = ("coordination", "responsable", "contributeur")
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")
LINK = "walk"  # what a walk's own link bears


def _organised(actor: Actor, walk: str) -> Q:
    path = f"{walk}gathering__organiser_id"
    return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING


def _asked(actor: Actor, walk: str) -> Q:
    """The actor's organisation was called to the walk that this path leads to."""
    if actor.organisation_id is None:
        return NOTHING
    guests = apps.get_model("gatherings", "Guest").objects.filter(invited_at__isnull=False)
    mine = guests.filter(
        gathering_id=OuterRef(f"{walk}gathering_id"), organisation_id=actor.organisation_id
    )
    return Q(Exists(mine)) & Q(**{f"{walk}convened_at__isnull": False})


def _inside(actor: Actor, walk: str) -> Q:
    gathering = f"{walk}gathering_id"

    def quartiers(ids: Iterable[int]) -> Q:
        through = apps.get_model("gatherings", "Gathering").quartiers.through
        lying = through.objects.filter(gathering_id=OuterRef(gathering), quartier_id__in=list(ids))
        return Q(Exists(lying))

    return within(actor, commune=f"{walk}gathering__commune_id", quartiers=quartiers)


def _borne(actor: Actor, path: str) -> Q:
    if actor.bearer is None or actor.bearer[0] != LINK:
        return NOTHING
    return Q(**{path: actor.bearer[1]})


# --- Walks ------------------------------------------------------------------------------------


def organised(actor: Actor) -> Q:
    return _organised(actor, "")


def asked(actor: Actor) -> Q:
    return _asked(actor, "")


def perimeter(actor: Actor) -> Q:
    return _inside(actor, "")


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def borne(actor: Actor) -> Q:
    return _borne(actor, "pk")


# --- Findings ---------------------------------------------------------------------------------


def of_organised(actor: Actor) -> Q:
    return _organised(actor, "walk__")


def of_asked(actor: Actor) -> Q:
    return _asked(actor, "walk__")


def of_perimeter(actor: Actor) -> Q:
    return _inside(actor, "walk__")


def told(actor: Actor) -> Q:
    """Findings of a public account that were reviewed."""
    return Q(walk__published_at__isnull=False, shown=True, withdrawn_at=None, same_as=None)


def ours_to_settle(actor: Actor) -> Q:
    """Findings that were sorted, of a place that the actor's organisation manages or that it is to
    settle."""
    if actor.organisation_id is None:
        return NOTHING
    ours = Q(manager_id=actor.organisation_id) | Q(responsible_id=actor.organisation_id)
    return ours & Q(sorted_at__isnull=False, withdrawn_at=None)


def to_look_at_again(actor: Actor) -> Q:
    """Findings of an earlier walk that the walk whose link is borne looks at again."""
    if actor.bearer is None or actor.bearer[0] != LINK:
        return NOTHING
    checks = apps.get_model("walks", "Check").objects
    here = checks.filter(
        stop__walk_id=actor.bearer[1], thing_kind="observation", thing_id=OuterRef("pk")
    )
    return Q(Exists(here))


# --- Pictures and answers ---------------------------------------------------------------------


def _of_either(scope: Callable[[Actor, str], Q], actor: Actor) -> Q:
    found = scope(actor, "observation__walk__")
    answered = scope(actor, "answer__about__stop__walk__")
    return NOTHING if found == NOTHING else found | answered


def picture_organised(actor: Actor) -> Q:
    return _of_either(_organised, actor)


def picture_asked(actor: Actor) -> Q:
    return _of_either(_asked, actor)


def picture_in_perimeter(actor: Actor) -> Q:
    return _of_either(_inside, actor)


def picture_told(actor: Actor) -> Q:
    """Reviewed pictures of what a public account shows."""
    shown = Q(
        observation__walk__published_at__isnull=False,
        observation__shown=True,
        observation__withdrawn_at=None,
    )
    # A double is told by the finding that it is the same as, with its pictures.
    shown |= Q(
        observation__same_as__walk__published_at__isnull=False,
        observation__same_as__shown=True,
        observation__same_as__withdrawn_at=None,
        observation__withdrawn_at=None,
    )
    again = Q(answer__about__stop__walk__published_at__isnull=False)
    return Q(shown=True) & (shown | again)


def picture_to_look_at_again(actor: Actor) -> Q:
    if actor.bearer is None or actor.bearer[0] != LINK:
        return NOTHING
    checks = apps.get_model("walks", "Check").objects
    here = checks.filter(
        stop__walk_id=actor.bearer[1],
        thing_kind="observation",
        thing_id=OuterRef("observation_id"),
    )
    return Q(Exists(here), people=False)


def picture_to_settle(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    ours = Q(observation__manager_id=actor.organisation_id)
    ours |= Q(observation__responsible_id=actor.organisation_id)
    return ours & Q(observation__sorted_at__isnull=False, observation__withdrawn_at=None)


def answer_organised(actor: Actor) -> Q:
    return _organised(actor, "about__stop__walk__")


def answer_asked(actor: Actor) -> Q:
    return _asked(actor, "about__stop__walk__")


def answer_in_perimeter(actor: Actor) -> Q:
    return _inside(actor, "about__stop__walk__")


WALK = Policy(
    "walks.walk",
    "diagnostic en marchant",
    scopes={
        "published": published,
        "link borne": borne,
        "organised by my organisation": organised,
        "my organisation is called": asked,
        "my perimeter": perimeter,
    },
    rows=(
        # To see is to read the public account; to follow, to read all of it.
        Row(ANYONE, ("see",), "published"),
        Row(BEARER, ("see", "observe"), "link borne"),
        *(Row(role, ("see", "follow"), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see", "follow"), "my organisation is called") for role in ROLES),
        *(Row(role, ("see", "follow"), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("observe",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("observe",), "my organisation is called") for role in ROLES),
        *(Row(role, ("edit", "sort"), "organised by my organisation") for role in PLANNERS),
        Row("coordination", ("edit", "sort"), "my perimeter"),
    ),
)
OBSERVATION = Policy(
    "walks.observation",
    "constat d’un diagnostic",
    scopes={
        "of a public account, reviewed": told,
        "to look at again, link borne": to_look_at_again,
        "organised by my organisation": of_organised,
        "my organisation is called": of_asked,
        "my perimeter": of_perimeter,
        "sorted, my organisation's to settle": ours_to_settle,
    },
    rows=(
        # To see is to read what was reviewed for everybody; to read, the note and who noted it.
        Row(ANYONE, ("see",), "of a public account, reviewed"),
        Row(BEARER, ("see",), "to look at again, link borne"),
        *(Row(role, ("see", "read"), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see", "read"), "my organisation is called") for role in ROLES),
        *(Row(role, ("see", "read"), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see", "read"), "sorted, my organisation's to settle") for role in ROLES),
        *(Row(role, ("sort",), "organised by my organisation") for role in PLANNERS),
        Row("coordination", ("sort",), "my perimeter"),
    ),
)
PICTURE = Policy(
    "walks.picture",
    "photo d’un diagnostic",
    scopes={
        "of a public account, reviewed": picture_told,
        "to look at again, link borne": picture_to_look_at_again,
        "organised by my organisation": picture_organised,
        "my organisation is called": picture_asked,
        "my perimeter": picture_in_perimeter,
        "sorted, my organisation's to settle": picture_to_settle,
    },
    rows=(
        Row(ANYONE, ("see",), "of a public account, reviewed"),
        Row(BEARER, ("see",), "to look at again, link borne"),
        *(Row(role, ("see",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation is called") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see",), "sorted, my organisation's to settle") for role in ROLES),
        *(Row(role, ("review",), "organised by my organisation") for role in PLANNERS),
        Row("coordination", ("review",), "my perimeter"),
    ),
)
ANSWER = Policy(
    "walks.answer",
    "réponse à un point à vérifier",
    scopes={
        "organised by my organisation": answer_organised,
        "my organisation is called": answer_asked,
        "my perimeter": answer_in_perimeter,
    },
    rows=(
        *(Row(role, ("see",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation is called") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("sort",), "organised by my organisation") for role in PLANNERS),
        Row("coordination", ("sort",), "my perimeter"),
    ),
)

_WALK, _OBSERVATION = WALK.resource, OBSERVATION.resource
DOORS: dict[str, Door] = {
    "walks:walks": Door(EVERYONE),
    "walks:walk": Door(EVERYONE, _WALK),  # who does not follow it is led to its account
    # Desk.
    "walks:desk": Door(PARTNERS, _WALK, "follow"),
    "walks:sort_several": Door(PARTNERS, _WALK, "sort"),
    "walks:answers": Door(PARTNERS, _WALK, "follow"),
    "walks:give_back": Door(PARTNERS, _WALK, "sort"),
    "walks:review": Door(PARTNERS, _WALK, "sort"),
    "walks:observation": Door(EVERYONE, _OBSERVATION),
    # Receive: what telephones send; the link of a walk is the right.
    "walks:receive": Door(PARTNERS, _WALK, "observe"),
    "walks:receive_picture": Door(PARTNERS, _WALK, "observe"),
    "walks:joined_receive": Door(EVERYONE),
    "walks:joined_picture": Door(EVERYONE),
    "walks:joined_shown": Door(EVERYONE),
    "walks:picture": Door(EVERYONE, PICTURE.resource),
    # Return
    "walks:prepare_return": Door(PARTNERS, _WALK, "edit"),
    "walks:compare": Door(EVERYONE, _WALK),
    # Preparing.
    "walks:new": Door(PARTNERS, roles=PLANNERS),
    "walks:edit": Door(PARTNERS, _WALK, "edit"),
    "walks:cancel": Door(PARTNERS, _WALK, "edit"),
    "walks:tick": Door(PARTNERS, _WALK, "edit"),
    "walks:follow_sheet": Door(PARTNERS, _WALK, "edit"),
    "walks:roles": Door(PARTNERS, _WALK, "edit"),
    "walks:take_role_back": Door(PARTNERS, _WALK, "edit"),
    "walks:route": Door(PARTNERS, _WALK, "edit"),
    "walks:arrange": Door(PARTNERS, _WALK, "edit"),
    "walks:add_stop": Door(PARTNERS, _WALK, "edit"),
    "walks:stop": Door(PARTNERS, _WALK, "edit"),
    "walks:proposals": Door(PARTNERS, _WALK, "edit"),
    "walks:ask": Door(PARTNERS, _WALK, "edit"),
    "walks:drop": Door(PARTNERS, _WALK, "edit"),
    # F: the account.
    "walks:account": Door(EVERYONE, _WALK),
    "walks:account_pdf": Door(EVERYONE, _WALK),
    "walks:account_table": Door(EVERYONE, _WALK),
    "walks:sent_account": Door(PARTNERS, _WALK, "follow"),
    "walks:sent_account_pdf": Door(PARTNERS, _WALK, "follow"),
    "walks:write_account": Door(PARTNERS, _WALK, "sort"),
    "walks:send_account": Door(PARTNERS, _WALK, "sort"),
    "walks:publish_account": Door(PARTNERS, _WALK, "sort"),
    "walks:unpublish_account": Door(PARTNERS, _WALK, "sort"),
    "walks:sort_finding": Door(PARTNERS, _OBSERVATION, "sort"),
    "walks:correct_finding": Door(PARTNERS, _OBSERVATION, "sort"),
    "walks:move_finding": Door(PARTNERS, _OBSERVATION, "sort"),
    # Part B: inviting, and what is printed.
    "walks:guests": Door(PARTNERS, _WALK, "follow"),
    "walks:choose": Door(PARTNERS, _WALK, "edit"),
    "walks:convene": Door(PARTNERS, _WALK, "edit"),
    "walks:welcome": Door(PARTNERS, _WALK, "edit"),
    "walks:new_link": Door(PARTNERS, _WALK, "edit"),
    "walks:letters": Door(PARTNERS, _WALK, "edit"),
    "walks:book": Door(PARTNERS, _WALK, "follow"),
    "walks:consent": Door(PARTNERS, _WALK, "follow"),
    "walks:poster": Door(PARTNERS, _WALK, "follow"),
    "walks:date_by_link": Door(EVERYONE),  # the link is the right
    # On foot: the page and what a telephone keeps.
    "walks:foot": Door(PARTNERS, _WALK, "observe"),
    "walks:foot_data": Door(PARTNERS, _WALK, "observe"),
    "walks:joined": Door(EVERYONE),  # the link is the right
    "walks:joined_data": Door(EVERYONE),  # the link is the right
    "walks:unconnected": Door(EVERYONE),
    "walks:worker": Door(EVERYONE),
}
