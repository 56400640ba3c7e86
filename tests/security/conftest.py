"""The world of the walks over every URL; what is asked here is not how pages are drawn."""

from tests.access.conftest import undrawn
from tests.access.test_every_url import worlds

__all__ = ["undrawn", "worlds"]
