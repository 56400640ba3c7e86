"""Which network is whose: the partners of one agglomération, around its coordination."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING
from parvis.toolbox.scopes import TEAM


def networks_of(actor: Actor) -> Any:
    """The agglomérations whose network this actor belongs to: those of the commune where their
    organisation has its seat, and of the communes of their perimeter."""
    organisations = apps.get_model("partners", "Organisation").objects
    if actor.organisation_id is None:
        return organisations.none()
    held = sorted(actor.communes | {commune for commune, _ in actor.crossings})
    seat = organisations.filter(pk=actor.organisation_id).values("commune_id")
    communes = apps.get_model("places", "Commune").objects.exclude(epci_siren="")
    mine = communes.filter(Q(pk__in=held) | Q(pk__in=seat)).order_by()
    return organisations.filter(
        kind="agglomeration", closed_on=None, commune__epci_siren__in=mine.values("epci_siren")
    ).order_by("pk")


def members_of(network: Any) -> Any:
    """The mandates in force of the people of that agglomération's network."""
    today = timezone.localdate()
    perimeters = apps.get_model("partners", "Perimeter").objects
    siren = network.commune.epci_siren if network.commune else None
    there = Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=today)
    running = apps.get_model("partners", "Mandate").objects.in_force(today)
    if not siren:
        return running.none()
    working = perimeters.filter(mandate_id=OuterRef("pk"), commune__epci_siren=siren)
    inside = Q(organisation__commune__epci_siren=siren) | Q(Exists(working))
    return running.filter(there, inside, role__in=TEAM, person__is_active=True)


def in_my_network(path: str = "coordination") -> Callable[[Actor], Q]:
    """What belongs to a network of the actor's; `path` leads to its agglomération."""

    def scope(actor: Actor) -> Q:
        """The partners of one agglomération: by the seat of their organisation, or by a commune of
        their perimeter."""
        if actor.organisation_id is None:
            return NOTHING
        return Q(**{f"{path}__in": networks_of(actor).order_by().values("pk")})

    return scope


def of_my_organisation(path: str = "organisation_id") -> Callable[[Actor], Q]:
    """What the actor's organisation wrote."""

    def scope(actor: Actor) -> Q:
        return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING

    return scope


def network_to_write_in(actor: Actor) -> Any:
    """The agglomération in whose network this actor writes; None when none covers them."""
    from parvis.toolbox.office import coordination_of

    organisations = apps.get_model("partners", "Organisation").objects.select_related("commune")
    own = organisations.filter(pk=actor.organisation_id or 0).first()
    return (coordination_of(own) if own else None) or networks_of(actor).first()
