"""Conventions de GUP and plans."""

from parvis.actions.models.conventions import Convention, Ground, Pledge, PledgeCheck

__all__ = ["Convention", "Ground", "Pledge", "PledgeCheck"]
