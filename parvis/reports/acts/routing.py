"""What a commune wants done with the reports of a category, for those to come."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.reports import routes
from parvis.reports.models import Category, Route, Way
from parvis.reports.route_access import communes_to_route


def write_route(
    route: Route | None,
    *,
    actor: Actor,
    commune: Any,
    category: Category | None,
    way: str,
    tool: str = "",
    email: str = "",
    url: str = "",
) -> Route:
    """Write a new route, or change one: for a category, for a family, or for all (None).

    Raises ValidationError when the commune is not the actor's, has such a route already, or when a
    route that hands reports over does not say where.
    """
    if commune.pk not in communes_to_route(actor):
        raise ValidationError({"commune": ["Cette commune n’est pas dans votre périmètre."]})
    if way == Way.HANDED and not tool:
        raise ValidationError({"tool": ["Nommez l’outil de la commune."]})
    if way == Way.HANDED and not email:
        raise ValidationError({"email": ["Donnez l’adresse qui reçoit les signalements."]})
    written = route or Route()
    before = written.commune_id
    written.commune, written.category = commune, category
    written.way, written.tool, written.email, written.url = way, tool, email, url
    with transaction.atomic():
        written.full_clean()
        written.save()
        for commune_id in {before, commune.pk} - {None}:
            _forget(commune_id)
    return written


def remove_route(route: Route) -> None:
    """Take a route away: the next more general one holds, else reports are handled here."""
    with transaction.atomic():
        route.delete()
        _forget(route.commune_id)


def _forget(commune_id: int) -> None:
    routes.forget(commune_id)
    # Again once others can read it: somebody may have looked between the two.
    transaction.on_commit(partial(routes.forget, commune_id))
