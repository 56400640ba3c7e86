"""Conventions de GUP."""

from parvis.actions.convention_models import Convention, Ground, Pledge, PledgeCheck

__all__ = ["Convention", "Ground", "Pledge", "PledgeCheck"]
