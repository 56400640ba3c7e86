"""Doors that help, orientations, anonymous signals, and figures."""

from parvis.vigilance.models.doors import Receiver, SupportDoor
from parvis.vigilance.models.figures import QuarterFigures
from parvis.vigilance.models.orientations import (
    Entry,
    Orientation,
    OrientationSecret,
    SpokenAgreement,
)
from parvis.vigilance.models.signals import DwellingSignal, UnpaidCount

__all__ = [
    "DwellingSignal",
    "Entry",
    "Orientation",
    "OrientationSecret",
    "QuarterFigures",
    "Receiver",
    "SpokenAgreement",
    "SupportDoor",
    "UnpaidCount",
]
