"""Saved views: a list's filters and order under a name, mine or shown to my colleagues."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.partners.models import User
from parvis.reports.models import SavedView

MOST = 30  # views of one person, in one organisation


def save_view(*, actor: Actor, name: str, query: str, shared: bool) -> SavedView:
    """Keep a list under a name. `query` was checked by the form of filters."""
    if actor.user_id is None or actor.organisation_id is None:
        raise ValidationError("Une vue se garde au nom d’une personne et d’une organisation.")
    view = SavedView(
        person_id=actor.user_id, organisation_id=actor.organisation_id, query=query, shared=shared
    )
    with transaction.atomic():
        # Held, so that two windows together do not pass the limit.
        User.objects.select_for_update().get(pk=actor.user_id)
        mine = SavedView.objects.filter(
            person_id=actor.user_id, organisation_id=actor.organisation_id
        )
        if mine.count() >= MOST:
            raise ValidationError(f"Vous avez déjà {MOST} vues : supprimez-en une d’abord.")
        _name(view, name)
        view.save(force_insert=True)
    return view


def change_view(view: SavedView, *, name: str, shared: bool) -> SavedView:
    """Give a view another name, or show it to colleagues or not."""
    view.shared = shared
    _name(view, name)
    view.save(update_fields=["name", "shared"])
    return view


def _name(view: SavedView, name: str) -> None:
    view.name = " ".join(name.split())
    view.full_clean()


def delete_view(view: SavedView) -> None:
    """Take a view away; colleagues who saw it see it no more."""
    view.delete()
