"""Everything that the toolbox keeps; each part has its module."""

from parvis.toolbox.models.afters import (
    Certificate,
    CourseEvaluation,
    Presence,
    Trainee,
)
from parvis.toolbox.models.booklets import (
    Booklet,
)
from parvis.toolbox.models.contents import (
    AccessibilityStatement,
    ContentPage,
    Displayed,
    Front,
)
from parvis.toolbox.models.courses import (
    KEPT_AFTER,
    Course,
    CourseDate,
    Enrolment,
    EnrolmentContact,
)
from parvis.toolbox.models.files import (
    Paper,
    Picture,
    PictureRendition,
    Shown,
)
from parvis.toolbox.models.needs import (
    Need,
    NeedVoice,
)
from parvis.toolbox.models.network_experiments import (
    Experiment,
    Result,
)
from parvis.toolbox.models.network_questions import (
    NetworkAnswer,
    Question,
    ThemeFollowing,
)
from parvis.toolbox.models.networks import (
    DirectoryEntry,
    StructureCard,
)
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
from parvis.toolbox.models.shelves import (
    Desk,
    Library,
)
from parvis.toolbox.models.swaps import (
    Feed,
    FeedEntry,
    KnownKey,
    Package,
)
from parvis.toolbox.models.uses import (
    Use,
    Verdict,
)

__all__ = [
    "KEPT_AFTER",
    "AccessibilityStatement",
    "AdviceSheet",
    "Booklet",
    "Certificate",
    "ContentPage",
    "Course",
    "CourseDate",
    "CourseEvaluation",
    "Desk",
    "DirectoryEntry",
    "Displayed",
    "Enrolment",
    "EnrolmentContact",
    "ExperienceSheet",
    "Experiment",
    "Feed",
    "FeedEntry",
    "Front",
    "KnownKey",
    "Label",
    "Library",
    "MethodSheet",
    "ModelSheet",
    "Need",
    "NeedVoice",
    "NetworkAnswer",
    "NewsSheet",
    "Package",
    "Paper",
    "Picture",
    "PictureRendition",
    "Presence",
    "Question",
    "ResidentGuide",
    "Result",
    "SeeAlso",
    "Sheet",
    "Shown",
    "StructureCard",
    "ThemeFollowing",
    "Trainee",
    "Use",
    "Verdict",
    "Version",
    "Wording",
]
