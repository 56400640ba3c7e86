"""Quartiers in the index: by name, code and communes."""

from __future__ import annotations

from parvis.places.models import Quartier
from parvis.search import index

KIND = "quartier"


def index_quartiers() -> int:
    """Index every quartier anew, in a fixed number of queries by some hundreds; how many."""
    rows = [
        (
            quartier.pk,
            " ".join(
                [quartier.name, quartier.code, *(one.name for one in quartier.communes.all())]
            ),
        )
        for quartier in Quartier.objects.prefetch_related("communes").order_by("pk")
    ]
    index.put_many(KIND, rows)
    return len(rows)
