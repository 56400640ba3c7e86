"""Who follows a report, the place where it lies or its theme; and what they hear of it.

Only of what the public reads: nothing before review, nothing of a dwelling, nothing once it was
hidden, withdrawn or united with another. Never a resident's words: category, place, state, and what
organisations answered.

A report is told near it to who follows the place where it lies, step by step; further away (the
whole residence, the quartier, a theme) to who asked for every report, and only when it appears,
closes or opens again. News of a quartier that are no reports go to all who live there: these two
are topics apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from parvis.notices import publishing
from parvis.notices.digests import Line
from parvis.notices.subscribing import Topic, offer
from parvis.places import topics as places
from parvis.reports.events import closing_lines, last_closing, spoke
from parvis.reports.links import report_url
from parvis.reports.models import Part, Report
from parvis.reports.workflow import OPEN, PLAIN_WORDS, State
from parvis.thread.acts import lane_of
from parvis.thread.models import Event
from parvis.ui.words import day_in_words
from parvis.upkeep.themes import themes

WIDE = ("published", "closed", "reopened")  # what those who follow a whole quartier hear


def report_topic(pk: int) -> str:
    """One report."""
    return f"report:{pk}"


def every_report(place: str) -> str:
    """All the reports of a place, for who asked to hear of each."""
    return f"reports:{place}"


def theme_topic(code: str, quartier: int) -> str:
    """The reports of a theme in a quartier."""
    return f"theme:{code}:{quartier}"


def topic_of(report: Report) -> Topic:
    """What one follows on the page of a report."""
    return Topic(report_topic(report.pk), f"{report.category.label} ({report.reference})")


def followed_at(report: Report) -> str:
    """Where a public report that is open is followed; "" for another one."""
    if not is_told(report) or report.state not in OPEN:
        return ""
    return f"{reverse('notices:subscribe')}?sujet={offer(topic_of(report))}"


def themes_offered(quartier: int, name: str) -> list[Topic]:
    """Each theme, as it is followed in this quartier."""
    return [
        Topic(theme_topic(one.code, quartier), f"{one.label}, {name}") for one in themes().values()
    ]


def is_told(report: Report) -> bool:
    """Whether the public may hear of this report at all."""
    shown = report.public and not report.private
    return shown and report.withdrawn_at is None and report.merged_into_id is None


def topics_of(report: Report, *, wide: bool) -> list[str]:
    """The topics whose followers hear of this report; those further away as well with `wide`."""
    found = [report_topic(report.pk)]
    found += [report_topic(pk) for pk in report.merged.values_list("pk", flat=True)]
    if report.entrance_id is not None:
        found.append(places.of_entrance(report.entrance_id))
    elif report.building_id is not None:
        found.append(places.of_building(report.building_id))
    elif report.residence_id is not None:
        found.append(places.of_residence(report.residence_id))
    elif report.latitude is not None and report.longitude is not None:
        found += places.around(report.latitude, report.longitude)
    if not wide:
        return found
    theme = report.category.theme_code
    if report.residence_id is not None:
        found.append(every_report(places.of_residence(report.residence_id)))
    for pk in report.quartiers.values_list("pk", flat=True):
        found += [every_report(places.of_quartier(pk)), theme_topic(theme, pk)]
    return found


def news_key(report_id: int, name: object) -> str:
    """Under which name a piece of news of a report stands in the outbox, for its followers."""
    return f"report.news:{report_id}.{name}"


def tell_published(report: Report) -> None:
    """It has just become public: once for a report, were it hidden and shown again."""
    state = ""
    if report.state != State.NEW:
        with translation.override(settings.LANGUAGE_CODE):  # news are in French, whoever publishes
            state = f"\n{PLAIN_WORDS[State(report.state)]}."
    line = _line("Nouveau signalement", report, f"{report.place_label}{state}")
    _tell(report, "published", "published", line)


def tell_step(code: str, report: Report, part: Part) -> str:
    """Taken in charge, or scheduled: once a round; gives the name of the news, "" for none."""
    who = part.organisation.name if part.organisation else "Un service"
    day = day_in_words(part.due_on)
    if code == "take":
        title = "Pris en charge"
        words = f"{who} s’en charge. Réponse attendue pour le {day}."
    else:
        title, words = "Intervention programmée", f"{who} intervient le {day}."
    line = _line(title, report, f"{report.place_label}\n{words}")
    return _tell(report, code, f"{code}.{report.round}", line)


def tell_closed(report: Report, parts: Iterable[Part], event: Event) -> str:
    """It is settled, or will not be: with what each organisation answered."""
    title = "Réglé" if report.state == State.SETTLED else "Sans suite"
    said = [
        f"{one['organisation']} : {one['answer']}"
        for one in closing_lines(report, parts)
        if one["answer"] and one["organisation"]
    ]
    line = _line(title, report, "\n".join([report.place_label, *said]))
    return _tell(report, "closed", event.pk, line)


def tell_reopened(report: Report, event: Event) -> str:
    """It was closed too early; nothing is said when another part of it was open still."""
    if report.state not in OPEN:
        return ""
    line = _line("Signalement rouvert", report, report.place_label)
    return _tell(report, "reopened", event.pk, line)


def tell_answered(report: Report, event: Event, organisation: str, text: str) -> None:
    """An organisation wrote to all who spoke; its words are on the page."""
    line = _line(f"Réponse de {organisation}", report, text)
    _tell(report, "answered", event.pk, line)


def silence_closing(report: Report) -> None:
    """It is open again: who has not heard that it closed does not hear it."""
    closing = last_closing(report)
    if closing is not None:
        silence(news_key(report.pk, closing.pk))


def resume_closing(report: Report, parts: Iterable[Part]) -> None:
    """A reopening was undone: who has not heard of the closing hears of it after all."""
    closing = last_closing(report)
    if closing is not None:
        tell_closed(report, parts, closing)


def silence(key: str) -> None:
    """What this piece of news still had to say is not true any more."""
    if key:
        publishing.take_back(key)


def silence_all(*report_ids: int) -> None:
    """Nothing that waits about these reports leaves: the public does not read them any more."""
    for pk in report_ids:
        publishing.take_all_back(news_key(pk, ""))


def _line(what: str, report: Report, text: str) -> Line:
    title = f"{what} : {report.category.label}"[:200]
    return Line(title, text.strip(), report_url(report), lane=lane_of("report", report.pk))


def _tell(report: Report, code: str, name: object, line: Line) -> str:
    if not is_told(report):
        return ""
    key = news_key(report.pk, name)
    wanted: Sequence[str] = topics_of(report, wide=code in WIDE)
    publishing.publish(wanted, key, line, told=partial(spoke, report.pk))
    return key
