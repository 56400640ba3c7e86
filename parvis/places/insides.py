"""Residences with their buildings and entrances, for a choice that narrows step by step."""

from __future__ import annotations

from parvis.places.models import Residence


def residence_tree(residence_pk: int) -> Residence | None:
    """A residence, its buildings and their entrances at hand, in three queries.

    Read them with `.buildings.all()` and `.entrances.all()`: no query is made any more.
    """
    return (
        Residence.objects.prefetch_related("buildings__entrances").filter(pk=residence_pk).first()
    )


def residences_of(commune_pk: int) -> list[Residence]:
    """The residences of a commune with their inside, in three queries whatever their number."""
    return list(
        Residence.objects.filter(commune_id=commune_pk).prefetch_related("buildings__entrances")
    )
