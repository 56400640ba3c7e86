"""Conventions de GUP, and what was recalled of them."""

from parvis.actions.convention_models import Convention, Ground, Pledge, PledgeCheck
from parvis.actions.reminder_models import Reminder

__all__ = ["Convention", "Ground", "Pledge", "PledgeCheck", "Reminder"]
