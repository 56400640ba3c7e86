"""Outlines of communes and quartiers read from the files that public bodies publish."""

from parvis.places.importing.communes import import_communes
from parvis.places.importing.outcome import FileRefused, Outcome
from parvis.places.importing.quartiers import import_quartiers

__all__ = ["FileRefused", "Outcome", "import_communes", "import_quartiers"]
