"""What the two bodies said, and what they were answered: fourteen opinions, propositions and small
projects, a preparation told back, a case brought to the préfet."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.actions.models import Action, Plan
from parvis.councils import (
    aside_acts,
    aside_word_acts,
    challenge_acts,
    micro_acts,
    opinion_acts,
    proposition_acts,
    referent_acts,
)
from parvis.councils.aside_reading import sittings_of
from parvis.councils.models import MicroProject, Opinion, OpinionRequest, Proposition
from parvis.demo.councils import Ground, sitting_of
from parvis.gatherings.models import Guest
from parvis.meetings.models import Sitting
from parvis.partners.actors import NOBODY
from parvis.places.models import Quartier
from parvis.tfpb.models import Programme
from parvis.works.models import Worksite

ASKED_BEFORE, DEBATED = 40, 6  # days, before and after
REPLY_DAYS = 60


def load_voice(ground: Ground) -> None:
    """Everything of data/councils.toml that is said or answered."""
    for row in ground.facts["opinion"]:
        _opinion(ground, row)
    _propositions(ground)
    for row in ground.facts["micro"].values():
        _micro_project(ground, row)
    _told_back(ground)
    _challenge(ground)


# --- Opinions -----------------------------------------------------------------------------------


def _subject(ground: Ground, row: dict[str, Any]) -> tuple[str, int] | None:
    """What an opinion is about, as the thread names it."""
    if "project" in row:
        return ("project", ground.project(row["project"]).pk)
    if "worksite" in row:
        return ("worksite", Worksite.objects.earliest("pk").pk)
    if "action" in row:
        return ("action", Action.objects.order_by("pk")[row["action"]].pk)
    if "programme" in row:
        landlord = ground.organisations[row["replier"]]
        mine = Programme.objects.filter(landlord=landlord)
        return ("tfpb_programme", mine.latest("pk").pk)
    return None


def _opinion(ground: Ground, row: dict[str, Any]) -> Opinion:
    key, days = row["body"], row["days"]
    body, actor = ground.bodies[key], ground.animator(key)
    subject = _subject(ground, row)
    more: dict[str, Any] = {"pillar": row.get("pillar", "")}
    if "phase" in row:
        more["phase"] = ground.project(row["project"]).phases.get(code=row["phase"])
    replier = ground.organisations[row["replier"]]
    opened = ground.at(days + DEBATED)
    if "asker" in row:
        opinion = opinion_acts.take_request(
            _request(ground, row, subject, more), actor=actor, now=opened
        )
    else:
        opinion = opinion_acts.open_opinion(
            body, actor=actor, title=row["title"], subject=None, now=opened, **more
        )
        if subject is not None:
            Opinion.objects.filter(pk=opinion.pk).update(
                subject_kind=subject[0], subject_id=subject[1]
            )
    opinion = opinion_acts.write_opinion(
        opinion,
        actor=actor,
        version=0,
        text=row["text"],
        asked=[asked for asked, _, _ in row["askings"]],
        views=[row["divergent"]] if "divergent" in row else [],
        now=opened + timedelta(hours=3),
    )
    votes_for, votes_against, abstentions = row["votes"]
    opinion = opinion_acts.adopt(
        opinion,
        actor=actor,
        sitting=sitting_of(ground, key, days + 2),
        votes_for=votes_for,
        votes_against=votes_against,
        abstentions=abstentions,
        now=ground.at(days + 1),
    )
    opinion = opinion_acts.send_opinion(
        opinion, actor=actor, replier=replier, public=True, now=ground.at(days)
    )
    if "reply" in row:
        outcomes = {
            one.pk: (outcome, why)
            for one, (_, outcome, why) in zip(
                opinion.askings.order_by("position"), row["askings"], strict=True
            )
        }
        opinion = opinion_acts.reply(
            opinion,
            actor=ground.acting_for(row["replier"]),
            text=row["said"],
            outcomes=outcomes,
            now=ground.at(days - row["reply"]),
        )
    return opinion


def _request(
    ground: Ground, row: dict[str, Any], subject: tuple[str, int] | None, more: dict[str, Any]
) -> OpinionRequest:
    asker = ground.acting_for(row["asker"])
    asked = row["days"] + ASKED_BEFORE
    request = opinion_acts.write_request(
        actor=asker,
        body=ground.bodies[row["body"]],
        title=row["title"],
        text="Nous préparons la suite et nous voulons votre avis avant de décider.",
        level=row["level"],
        decided=row["decided"],
        still_open=row["still_open"],
        replier=ground.organisations[row["replier"]],
        wanted_on=ground.day(row["days"]),
        reply_days=REPLY_DAYS,
        now=ground.at(asked + 1),
        **more,
    )
    if subject is not None:
        OpinionRequest.objects.filter(pk=request.pk).update(
            subject_kind=subject[0], subject_id=subject[1]
        )
    return opinion_acts.send_request(request, actor=asker, now=ground.at(asked))


# --- Propositions -------------------------------------------------------------------------------


def _propositions(ground: Ground) -> None:
    coordination = ground.actor("coordination")
    for code, title, text, theme, papers, days, state in ground.facts["propositions"]["lines"]:
        made = proposition_acts.propose(
            actor=NOBODY,
            quartier=Quartier.objects.get(code=code),
            title=title,
            text=text,
            theme_code=theme,
            now=ground.at(days, 11),
        )
        if state == "to_review":
            continue
        reviewed = ground.at(max(days - 1, 0), 9)
        made = proposition_acts.publish_proposition(
            made, actor=coordination, title=title, text=text, theme_code=theme, now=reviewed
        )
        if papers:
            animator = ground.animator("conseil" if code == "QN05921M" else "table")
            proposition_acts.count_paper(made, actor=animator, number=papers, now=reviewed)
        if state == "taken_up":
            proposition_acts.take_up(made, actor=ground.animator("conseil"), now=ground.at(30))
        if state == "answered":
            proposition_acts.answer_proposition(
                made,
                actor=coordination,
                answer="L’extinction est essayée trois mois, avec une réunion ensuite.",
                now=ground.at(20),
            )


def _micro_project(ground: Ground, row: dict[str, Any]) -> MicroProject:
    proposition = Proposition.objects.get(title=row["proposition"])
    body = proposition.body
    assert body is not None  # noqa: S101 - both quartiers have theirs
    town = ground.organisations["59014"]
    key = next(name for name, one in ground.bodies.items() if one.pk == body.pk)
    project = micro_acts.write_project(
        body,
        proposition=proposition,
        title=proposition.title,
        text=proposition.text,
        carried_by=row["carried_by"],
        fund="fph",
        payer=town,
        asked=Decimal(row["asked"]),
        now=ground.at(75),
    )
    project = micro_acts.submit_project(project, actor=ground.animator(key), now=ground.at(70))
    committee = ground.actor("mairie")
    project = micro_acts.grant_project(
        project,
        actor=committee,
        granted=Decimal(row["granted"]),
        decided_on=ground.day(55),
        reason=row.get("reason", ""),
        now=ground.at(55),
    )
    micro_acts.follow_in_plan(project, Plan.objects.earliest("pk"), actor=committee)
    for label, amount in row["spent"]:
        micro_acts.add_expense(
            project, label=label, amount=Decimal(amount), spent_on=ground.day(25)
        )
    if "account" in row:
        project = micro_acts.close_project(
            project, actor=ground.animator(key), account=row["account"], now=ground.at(10)
        )
    return project


# --- Told back, and brought to the préfet -------------------------------------------------------


def _told_back(ground: Ground) -> None:
    """Référents were called to the sittings of the COTECH that follow the project; the last one is
    told back, the next one is prepared."""
    body, actor, told = ground.bodies["conseil"], ground.animator("conseil"), ground.facts["note"]
    words = [
        aside_word_acts.note_word(
            body,
            actor=ground.actor("membre"),
            text=text,
            heard_on=ground.day(days),
            quartier=body.quartiers.get(),
            theme_code=theme,
        )
        for text, theme, days in told["words"]
    ]
    sittings = Sitting.objects.filter(
        instance__kind="cotech", convened_at__isnull=False, gathering__cancelled_at=None
    ).select_related("gathering", "instance")
    held = [one for one in sittings if one.gathering.ends_at < ground.now]
    for place, sitting in enumerate(sorted(held, key=lambda one: one.gathering.starts_at)):
        before = sitting.gathering.starts_at - timedelta(days=11)
        referent_acts.invite(sitting, actor=None, now=before)
        if place % 4 == 1:
            continue  # nobody could come: counted as held without them
        _came(sitting)
    last = max(held, key=lambda one: one.gathering.starts_at)
    coming = [one for one in sittings if one.gathering.starts_at > ground.now]
    for sitting in coming:
        referent_acts.invite(sitting, actor=None, now=ground.now)
    for sitting in (last, *coming[:1]):
        if not sittings_of(body).filter(pk=sitting.pk).exists():
            continue
        preparation = aside_acts.open_preparation(body, sitting)
        preparation = aside_acts.write_note(
            preparation,
            companion=told["companion"],
            asked=told["asked"],
            decided=told["decided"],
            still_open=told["still_open"],
        )
        if sitting is last:
            aside_acts.choose_words(preparation, words)
            preparation = aside_acts.write_restitution(
                preparation, said=told["said"], answered=told["answered"]
            )
            aside_acts.tell(
                preparation, actor=actor, now=sitting.gathering.ends_at + timedelta(days=2)
            )


def _came(sitting: Sitting) -> None:
    from parvis.councils.models import Presence

    mine = Presence.objects.filter(sitting=sitting, as_referent=True)
    mine.update(answer=Presence.Answer.COMING, came=True)
    Guest.objects.filter(gathering=sitting.gathering, organisation__kind="participation").update(
        came=True
    )


def _challenge(ground: Ground) -> None:
    told, body = ground.facts["challenge"], ground.bodies["conseil"]
    actor, days = ground.animator("conseil"), told["days"]
    case = challenge_acts.write_challenge(
        body, title=told["title"], text=told["text"], now=ground.at(days + 9)
    )
    case = challenge_acts.adopt_challenge(
        case, adopted_on=ground.day(days + 2), now=ground.at(days + 1)
    )
    case = challenge_acts.send_challenge(
        case, actor=actor, prefet=ground.organisations["etat"], now=ground.at(days)
    )
    case = challenge_acts.answer_challenge(
        case,
        actor=ground.acting_for("etat"),
        answer=told["answer"],
        answered_on=timezone.localdate(ground.at(told["answered"])),
        now=ground.at(told["answered"]),
    )
    challenge_acts.show_challenge(case, actor=actor, shown=True, now=ground.at(told["answered"]))
