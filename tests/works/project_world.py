"""Objects for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from parvis.gatherings.models import Gathering
from parvis.works.models import (
    EmptiedBuilding,
    GroundChange,
    ManagementAnnex,
    ManagementPart,
    MeetingQuestion,
    ProjectHouse,
    PublicMeeting,
    ResidentStep,
    TenantConsultation,
)
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.works.scene import a_project, an_operation, day

PART = "habitants"
ARGUMENTS: dict[str, Any] = {
    "works:management_part": lambda side: {"pk": side.project.pk, "code": PART},
    "works:management_file": lambda side: {"pk": side.project.pk, "code": PART},
    "works:annex": lambda side: {"pk": side.project.pk, "annex": side.annex.pk},
    "works:edit_ground": lambda side: {"pk": side.project.pk, "ground": side.ground.pk},
    "works:edit_house": lambda side: {"pk": side.project.pk, "house": side.house.pk},
    "works:resident_step": lambda side: {"pk": side.project.pk, "code": "diagnostic"},
    "works:step_file": lambda side: {"pk": side.project.pk, "step": side.step.pk},
    "works:operation_step": lambda side: {"pk": side.operation.pk, "code": "bilan_loyers"},
    "works:consultation": lambda side: {"pk": side.operation.pk, "subject": "loyers"},
    "works:balance": lambda side: {"pk": side.operation.pk, "subject": "loyers"},
}
BY_RESOURCE: dict[str, Any] = {
    "works.renewalproject": lambda side: {"pk": side.project.pk},
    "works.operation": lambda side: {"pk": side.operation.pk},
    "works.publicmeeting": lambda side: {"pk": side.meeting.pk},
    "works.meetingquestion": lambda side: {"pk": side.question.pk},
    "works.emptiedbuilding": lambda side: {"pk": side.emptied.pk},
}
OBJECTS: dict[str, str] = {
    "works.renewalproject": "project",
    "works.operation": "operation",
    "works.publicmeeting": "meeting",
    "works.meetingquestion": "question",
    "works.emptiedbuilding": "emptied",
}


def paper(name: str = "a.pdf") -> ContentFile[bytes]:
    """A file that somebody gave."""
    return ContentFile(b"%PDF-1.7", name)


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A project of our agglomération, with the landlord's operation; or the neighbour's."""
    owner = cast.landlord if ours else cast.other_town
    carrier = cast.agglomeration if ours else cast.neighbour
    project = a_project(
        cast,
        public=public,
        carrier=carrier,
        communes=[cast.anzin if ours else cast.raismes],
        partners=[owner],
    )
    if not ours:
        project.quartiers.clear()
    operation = an_operation(cast, project, owner=owner, changes_rents=True)
    gathering = Gathering.objects.create(
        kind="reunion_publique",
        title="Réunion publique",
        starts_at=in_days(-3),
        ends_at=in_days(-3, 2),
        organiser=carrier,
        published_at=in_days(-20) if public else None,
        changed_at=in_days(-20),
    )
    meeting = PublicMeeting.objects.create(project=project, gathering=gathering)
    emptied = EmptiedBuilding.objects.create(
        operation=operation, residence=cast.tilleuls, dwellings=20, upkeep_by=owner
    )
    ManagementPart.objects.create(project=project, code=PART, text="Réunions.", file=paper())
    TenantConsultation.objects.create(
        operation=operation, subject="loyers", balance_file=paper(), balance_sent_on=day(-2)
    )
    return {
        "project": project,
        "operation": operation,
        "meeting": meeting,
        "emptied": emptied,
        "question": MeetingQuestion.objects.create(
            meeting=meeting, text="Et les caves ?", organisation=owner
        ),
        "annex": ManagementAnnex.objects.create(
            project=project, annexed_on=day(-5), file=paper(), rules="anru-2014"
        ),
        "ground": GroundChange.objects.create(project=project, name="Square"),
        "house": ProjectHouse.objects.create(project=project, name="Maison", place="1 rue"),
        "step": ResidentStep.objects.create(
            project=project, code="evaluation", done_on=day(-1), file=paper()
        ),
    }
