"""Everything that the toolbox keeps; each part has its module."""

from parvis.toolbox.models.files import Paper, Picture, PictureRendition, Shown
from parvis.toolbox.models.sheets import (
    AdviceSheet,
    ExperienceSheet,
    Label,
    MethodSheet,
    ModelSheet,
    NewsSheet,
    ResidentGuide,
    SeeAlso,
    Sheet,
    Version,
    Wording,
)
from parvis.toolbox.models.shelves import Desk, Library

__all__ = [
    "AdviceSheet",
    "Desk",
    "ExperienceSheet",
    "Label",
    "Library",
    "MethodSheet",
    "ModelSheet",
    "NewsSheet",
    "Paper",
    "Picture",
    "PictureRendition",
    "ResidentGuide",
    "SeeAlso",
    "Sheet",
    "Shown",
    "Version",
    "Wording",
]
