"""The settings of an installation in service, and the empty page beside its own."""

from parvis.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmark.house"
