"""Who asks. An `Actor` is a mandate in use, the bearer of a signed link, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

if TYPE_CHECKING:
    from parvis.partners.models import User

SESSION_KEY = "mandate"


@dataclass(frozen=True)
class Actor:
    """One who asks for a right. The perimeter is unfolded: whole communes, whole quartiers, and
    crossings (commune, quartier), as primary keys."""

    user_id: int | None = None
    user_name: str = ""
    mandate_id: int | None = None
    role: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    kind: str = ""
    communes: frozenset[int] = frozenset()
    quartiers: frozenset[int] = frozenset()
    crossings: frozenset[tuple[int, int]] = frozenset()
    # What a signed link gives: the kind of thing and its id, ("voice", 12).
    bearer: tuple[str, int] | None = None
    # The ids of what that link opens, once it was read; None when it was not.
    opened: frozenset[int] | None = None
    # Has a mandate that asks for a second factor, which this session has not proved: no right yet.
    held_back: bool = False
    # A caretaker with a lodge's telephone in hand: the role is "gardien", and reports are those of
    # these residences alone.
    lodge_id: int | None = None
    residences: frozenset[int] | None = None

    @property
    def is_partner(self) -> bool:
        """Whether this actor acts for an organisation."""
        return self.mandate_id is not None

    def bearing(self, kind: str, pk: int, opened: frozenset[int] | None = None) -> Actor:
        """The same actor, holding a signed link besides."""
        return replace(self, bearer=(kind, pk), opened=opened)


NOBODY = Actor()


class ActorRequest(HttpRequest):
    """A request as views see it once ActorMiddleware has been there; only types read this."""

    actor: Actor
    actors: list[Actor]  # every actor this person may be
    user: Any  # the door has told whether anybody is signed in


def actors_of(user: User) -> list[Actor]:
    """Every actor this person may be today, one per mandate in force, in one query."""
    from parvis.partners.models import Mandate

    today = timezone.localdate()
    rows = (
        Mandate.objects.in_force(today)
        .filter(Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=today), person=user)
        .order_by("organisation__name", "pk")
        .values_list(
            "pk",
            "role",
            "organisation_id",
            "organisation__name",
            "organisation__kind",
            "perimeters__commune_id",
            "perimeters__quartier_id",
        )
    )
    return [
        _actor(user, mandate, [(commune, quartier) for *_, commune, quartier in lines])
        for mandate, lines in groupby(rows, key=itemgetter(0, 1, 2, 3, 4))
    ]


def _actor(
    user: User,
    mandate: tuple[int, str, int, str, str],
    perimeter: list[tuple[int | None, int | None]],
) -> Actor:
    """One mandate in use, its perimeter given as (commune, quartier), either of which may lack."""
    pk, role, organisation_id, organisation, kind = mandate
    return Actor(
        user_id=user.pk,
        user_name=user.name,
        mandate_id=pk,
        role=role,
        organisation_id=organisation_id,
        organisation_name=organisation,
        kind=kind,
        communes=frozenset(commune for commune, quartier in perimeter if commune and not quartier),
        quartiers=frozenset(
            quartier for commune, quartier in perimeter if quartier and not commune
        ),
        crossings=frozenset(
            (commune, quartier) for commune, quartier in perimeter if commune and quartier
        ),
    )


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware read it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def chosen_actor(request: HttpRequest) -> Actor:
    """For the middleware: the mandate chosen in this session, or the first one in force.

    Costs the session's and the user's query and one more; leaving an organisation shows at once.
    """
    user = request.user
    if not user.is_authenticated:
        return NOBODY
    mandates: list[Actor] = request.actors  # type: ignore[attr-defined]
    chosen = request.session.get(SESSION_KEY)
    for actor in mandates:
        if actor.mandate_id == chosen:
            return actor
    return mandates[0] if mandates else Actor(user_id=user.pk, user_name=user.name)
