"""Residences with who holds them, and managed areas, read from the files of partners."""

from parvis.upkeep.importing.areas import import_managed_areas
from parvis.upkeep.importing.residences import import_residences

__all__ = ["import_managed_areas", "import_residences"]
