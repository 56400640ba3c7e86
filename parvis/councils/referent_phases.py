"""What residents said of each phase of a renewal project, from the diagnosis on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone

from parvis.councils.body_models import Body
from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.councils.workflow import Level, OpinionState
from parvis.partners.actors import Actor
from parvis.thread.register import Remark, kinds
from parvis.ui.words import day_in_words
from parvis.works.models import ProjectPhase, RenewalProject
from parvis.works.sorting import choices

WITHOUT = "phase sans avis des habitants"


@dataclass
class PhaseOpinion:
    """What bodies said of one phase, as far as a reader may see it."""

    phase: ProjectPhase
    opinions: list[tuple[Opinion, Body]] = field(default_factory=list)
    request: OpinionRequest | None = None
    several: bool = False  # bodies on this project

    @property
    def given(self) -> list[tuple[Opinion, Body]]:
        """The opinions that left their body: sent or published."""
        return [pair for pair in self.opinions if pair[0].sent_at or pair[0].published_at]


def bodies_by_project(
    actor: Actor, projects: Collection[int], today: date
) -> dict[int, list[Body]]:
    """The bodies in activity, of those that the actor sees, whose quartiers each project touches:
    one query for one project, three for several."""
    touched = RenewalProject.quartiers.through.objects.filter(renewalproject_id__in=projects)
    lying = Body.quartiers.through.objects.filter(quartier_id__in=touched.values("quartier_id"))
    rows = (
        Body.objects.visible_to(actor)
        .filter(Q(closed_on=None) | Q(closed_on__gt=today), pk__in=lying.values("body_id"))
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )
    bodies = list(rows)
    if not bodies or len(projects) == 1:
        return dict.fromkeys(projects, bodies)
    of_body: dict[int, set[int]] = defaultdict(set)
    for body, quartier in lying.values_list("body_id", "quartier_id"):
        of_body[body].add(quartier)
    of_project: dict[int, set[int]] = defaultdict(set)
    for project, quartier in touched.values_list("renewalproject_id", "quartier_id"):
        of_project[project].add(quartier)
    return {
        project: [one for one in bodies if of_body[one.pk] & of_project[project]]
        for project in projects
    }


def phases_of(actor: Actor, projects: Collection[int], today: date) -> list[PhaseOpinion]:
    """Each phase that has begun of the projects where the actor sees a body in activity, with the
    opinions and requests that they may see. Four queries at most for one project, six for
    several."""
    bodies = bodies_by_project(actor, projects, today)
    watched = [pk for pk, some in bodies.items() if some]
    if not watched:
        return []
    found = {one.pk: PhaseOpinion(one) for one in begun(watched, today)}
    if not found:
        return []
    asked = {
        pk: {body.pk: body for body in bodies[one.phase.project_id]} for pk, one in found.items()
    }
    opinions = (
        Opinion.objects.visible_to(actor)
        .filter(phase__in=list(found))
        .exclude(state=OpinionState.DROPPED)
        .defer("text", "reply")
    )
    for opinion in opinions.order_by("body_id", "number"):
        body = asked[opinion.phase_id or 0].get(opinion.body_id)
        if body is not None:
            found[opinion.phase_id or 0].opinions.append((opinion, body))
    requests = OpinionRequest.objects.visible_to(actor).filter(
        phase__in=list(found), sent_at__isnull=False, withdrawn_at=None
    )
    for request in requests.order_by("sent_at", "pk"):
        line = found[request.phase_id or 0]
        # What asks comes before what only informs.
        known = line.request is None or line.request.level == Level.INFORM
        if known and request.body_id in asked[request.phase_id or 0]:
            line.request = request
    for line in found.values():
        line.several = len(asked[line.phase.pk]) > 1
    return list(found.values())


def begun(projects: Collection[int], today: date) -> list[ProjectPhase]:
    """The phases of these projects that have begun, in the order of the lists; one query."""
    order = {code: place for place, code in enumerate(choices("phase"))}
    rows = ProjectPhase.objects.filter(project__in=set(projects), code__in=order)
    found = [one for one in rows if one.first_day is not None and one.first_day <= today]
    return sorted(found, key=lambda one: (one.project_id, order[one.code]))


def opinions_by_phase(actor: Actor, project: int) -> list[Remark]:
    """What this actor reads beside a project: one line by phase that has begun."""
    today = timezone.localdate()
    return [_remark(one, today) for one in phases_of(actor, [project], today)]


def _remark(one: PhaseOpinion, today: date) -> Remark:
    label = f"Phase {one.phase.label}"
    if one.given:
        words = [
            f"avis n° {opinion.number} « {opinion.title} »"
            + (f" ({body.organisation.name})" if one.several else "")
            for opinion, body in one.given
        ]
        return Remark(label, ", ".join(words), "done", _url("opinion", one.given[0][0].pk))
    if one.opinions:  # only the body itself sees one that did not leave
        last, _ = one.opinions[-1]
        text = f"votre avis est {last.get_state_display()}, pas encore envoyé"
        return Remark(label, text, "missing", _url("opinion", last.pk))
    if one.request is not None and one.request.level == Level.INFORM:
        text = f"les habitants ont été informés, leur avis n’a pas été demandé : {WITHOUT}"
        return Remark(label, text, "missing", _url("opinion_request", one.request.pk))
    if one.request is not None:
        wanted = one.request.wanted_on
        text = f"avis demandé pour le {day_in_words(wanted)}, pas encore rendu : {WITHOUT}"
        state = "late" if wanted < today else "missing"
        return Remark(label, text, state, _url("opinion_request", one.request.pk))
    return Remark(label, WITHOUT, "missing")


def _url(kind: str, pk: int) -> str:
    """The page of an opinion or a request, once its kind stands on the thread."""
    known = kinds().get(kind)
    return known.url(pk) if known else ""
