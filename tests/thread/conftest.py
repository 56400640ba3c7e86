"""Fixtures of the thread's tests."""

from tests.thread.fakes import fake_kinds

__all__ = ["fake_kinds"]
