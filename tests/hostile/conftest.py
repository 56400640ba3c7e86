"""The world of the walks over every URL, drawn in full here."""

from tests.access.test_every_url import worlds

__all__ = ["worlds"]
