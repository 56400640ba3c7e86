"""Everything that reports keep; each part has its module."""

from parvis.reports.models.blackspots import Blackspot
from parvis.reports.models.categories import Category
from parvis.reports.models.challenges import SpentChallenge
from parvis.reports.models.commitments import Commitment
from parvis.reports.models.contacts import Callback, Contact, PrivatePlace
from parvis.reports.models.counters import CellCount
from parvis.reports.models.desks import AnswerTemplate, DwellingDesk, SavedView
from parvis.reports.models.messages import Message, Note
from parvis.reports.models.parts import Part, Pause
from parvis.reports.models.photos import Photo
from parvis.reports.models.reports import Channel, Merging, Report
from parvis.reports.models.routes import Route, Way
from parvis.reports.models.voices import Voice
from parvis.reports.models.wrecks import Wreck, WreckPlate

__all__ = [
    "AnswerTemplate",
    "Blackspot",
    "Callback",
    "Category",
    "CellCount",
    "Channel",
    "Commitment",
    "Contact",
    "DwellingDesk",
    "Merging",
    "Message",
    "Note",
    "Part",
    "Pause",
    "Photo",
    "PrivatePlace",
    "Report",
    "Route",
    "SavedView",
    "SpentChallenge",
    "Voice",
    "Way",
    "Wreck",
    "WreckPlate",
]
