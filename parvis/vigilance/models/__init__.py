"""Doors that help, orientations, and anonymous signals."""

from parvis.vigilance.models.doors import Receiver, SupportDoor
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
    "Receiver",
    "SpokenAgreement",
    "SupportDoor",
    "UnpaidCount",
]
