"""Conventions de GUP, plans and fiches action."""

from parvis.actions.convention_models import Convention, Ground, Pledge, PledgeCheck
from parvis.actions.plan_models import (
    Action,
    Change,
    Funding,
    Indicator,
    Insertion,
    Measure,
    PartnerShare,
    Picture,
    Plan,
    Step,
)
from parvis.actions.reminder_models import Reminder

__all__ = [
    "Action",
    "Change",
    "Convention",
    "Funding",
    "Ground",
    "Indicator",
    "Insertion",
    "Measure",
    "PartnerShare",
    "Picture",
    "Plan",
    "Pledge",
    "PledgeCheck",
    "Reminder",
    "Step",
]
