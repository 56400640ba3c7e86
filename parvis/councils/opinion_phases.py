"""On a renewal project, phase by phase: whether residents were asked, and what came of it."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from parvis.councils.opinion_access import REQUEST
from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.councils.opinion_reading import state_of
from parvis.councils.workflow import Level
from parvis.partners.actors import Actor
from parvis.thread.register import Beside, Remark, register_beside
from parvis.works.models import ProjectPhase

MARKS = {"late": "late", "done": "done"}


def opinions_by_phase(actor: Actor, project: int) -> list[Remark]:
    """A line for each phase that has begun: the opinions that this actor may read of it, that one
    was asked for, or that there is none. Three queries."""
    today = timezone.localdate()
    phases = ProjectPhase.objects.filter(project=project).order_by("pk")
    begun = [one for one in phases if one.first_day and one.first_day <= today]
    ids = [one.pk for one in begun]
    sent = Opinion.objects.visible_to(actor).filter(phase__in=ids, sent_at__isnull=False)
    told: dict[int, list[Opinion]] = {}
    for one in sent.select_related("body__organisation").order_by("sent_at", "pk"):
        told.setdefault(one.phase_id, []).append(one)
    known = REQUEST.condition(actor, "count")
    asked = OpinionRequest.objects.filter(known, phase__in=ids).exclude(level=Level.INFORM)
    waiting = set(asked.values_list("phase_id", flat=True))
    remarks = []
    for phase in begun:
        for opinion in told.get(phase.pk, []):
            tone, words = state_of(opinion, today)
            remarks.append(
                Remark(
                    label=phase.label,
                    text=f"avis de {opinion.body.organisation.name}, {words}",
                    state=MARKS.get(tone, ""),
                    url=reverse("councils:opinion", args=[opinion.pk]),
                )
            )
        if phase.pk not in told and phase.pk in waiting:
            remarks.append(Remark(phase.label, "avis demandé aux habitants, pas encore public"))
        elif phase.pk not in told:
            remarks.append(Remark(phase.label, "sans avis public des habitants", "missing"))
    return remarks


register_beside(
    Beside(
        code="opinions_by_phase",
        of="project",
        title="L’avis des habitants, phase par phase",
        remarks=opinions_by_phase,
    )
)
