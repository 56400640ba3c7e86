"""What happens to reports, in words, and the messages that it sends."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.phones import reads_texts
from parvis.partners.models import Mandate, Organisation, Role
from parvis.reports.links import blackspot_url, follow_url, report_url, service_url
from parvis.reports.masking import without_contacts
from parvis.reports.models import Blackspot, Callback, Contact, Message, Part, Report
from parvis.reports.questions import answered
from parvis.reports.routes import Rule, tool_of
from parvis.reports.workflow import State, WreckStep
from parvis.thread.acts import lane_of, word_back, word_key
from parvis.thread.models import Event

# Made when shown. {old} and {new} are states, {who} the organisation, {concerns} whose part it is.
SENTENCES = {
    "filed": gettext_noop("Signalement reçu"),
    "handed": gettext_noop("Transmis à « {new} », l’outil de la commune"),
    "contact_agreed": gettext_noop("La personne accepte d’être recontactée (dit à {who})"),
    "joined": gettext_noop("Une personne de plus : « moi aussi »"),
    "spoke": gettext_noop("Une personne a ajouté un message"),
    "says_settled": gettext_noop("Une personne dit : « c’est réglé »"),
    "says_not_yet": gettext_noop("Une personne dit : « pas encore »"),
    "withdrawn": gettext_noop("Une personne a retiré sa voix"),
    "contact_erased": gettext_noop("Des coordonnées ont été effacées"),
    "reviewed": gettext_noop("Signalement relu : {new}"),
    "part_added": gettext_noop("Confié à {concerns}"),
    "part_given": gettext_noop("Passe à {concerns}"),
    "returned": gettext_noop("Rendu par {concerns} : à confier à une autre organisation"),
    "give_undone": gettext_noop("Ne passe plus à {concerns}"),
    "doubt": gettext_noop("Part à qualifier : {concerns}"),
    "take": gettext_noop("Pris en charge par {concerns}"),
    "schedule": gettext_noop("Intervention programmée par {concerns}"),
    "settle": gettext_noop("Réglé par {concerns}"),
    "drop": gettext_noop("Sans suite : {concerns}"),
    "reopen": gettext_noop("Part rouverte : {concerns}"),
    "recategorised": gettext_noop("Catégorie : « {old} » devient « {new} »"),
    "merged": gettext_noop("Réuni avec le signalement {new}, qui parle de la même chose"),
    "took_in": gettext_noop(
        "Le signalement {old}, qui parle de la même chose, est réuni avec celui-ci"
    ),
    "unmerged": gettext_noop("Séparé du signalement {old}"),
    "let_go": gettext_noop("Le signalement {old} est de nouveau à part"),
    "paused": gettext_noop("En pause jusqu’au {new} : {concerns}"),
    "resumed": gettext_noop("Fin de la pause : {concerns}"),
    "numbered": gettext_noop("{concerns} a noté son numéro ou l’entreprise appelée"),
    "undone": gettext_noop("Étape annulée : de nouveau « {new} »"),
    "closed": gettext_noop("Signalement clos : les personnes sont prévenues"),
    "reopened": gettext_noop("Signalement rouvert"),
    "answered": gettext_noop("{who} a répondu"),
    "blacked_out": gettext_noop("Une partie d’une photo a été noircie"),
    "paired": gettext_noop("Photos avant et après mises côte à côte"),
    "published": gettext_noop("Publié aussitôt : {who} publie sans relecture"),
    "wreck_step": gettext_noop("Épave : {new}"),
    "noted": gettext_noop("Note interne de {who}"),
    "chased": gettext_noop("{concerns} a été relancé"),
    "chase_undone": gettext_noop("Relance annulée : {concerns}"),
    "called": gettext_noop("Une personne a été rappelée"),
}

LINES = 50  # parts told in one reminder; the others are on the page that it leads to

# Beside the states, the other codes that events carry.
STATE_LABELS = {
    **{state.value: str(state.label) for state in State},
    **{step.value: str(step.label) for step in WreckStep},
    "merged": gettext_noop("réuni avec un autre"),
    "public": "public",
    "private": "non public",
}


def spoke(report_id: int) -> list[Recipient]:
    """Everyone to tell about a report, once per address: by e-mail, or by text message who gave
    only a mobile number; one query, two when there are such numbers and a gateway."""
    contacts = (
        Contact.objects.filter(report_id=report_id, voice__withdrawn_at=None)
        .select_related("voice")
        .order_by("voice__at", "pk")
    )
    texted = reached_by_text(contacts)
    people: dict[str, Recipient] = {}
    for contact in contacts:
        who = recipient_of(contact, texted)
        if who is not None:
            people.setdefault(who.address.lower(), who)
    return list(people.values())


def reached_by_text(contacts: Iterable[Contact]) -> set[str]:
    """The numbers of those who can be told by text message alone: no address, a mobile telephone
    that did not say STOP, and a gateway to take it."""
    if not settings.SMS_GATEWAY_URL:
        return set()
    alone = (contact.phone for contact in contacts if not contact.email)
    numbers = {number for number in alone if reads_texts(number)}
    return numbers - outbox.stopped_among(numbers)


def recipient_of(contact: Contact, texted: Collection[str]) -> Recipient | None:
    """How a person is told; None for who can only be called."""
    key, link = f"voice:{contact.pk}", follow_url(contact.voice)
    if contact.email:
        return Recipient(key, contact.email, link, contact.language)
    if contact.phone in texted:
        return Recipient(key, contact.phone, link, contact.language, channel="sms")
    return None


def addresses_of(organisation: Organisation) -> list[Recipient]:
    """Where an organisation is written to: its service's address, else those who answer for it."""
    if organisation.email:
        return [Recipient(f"organisation:{organisation.pk}", organisation.email)]
    mandates = (
        Mandate.objects.in_force(timezone.localdate())
        .filter(organisation=organisation, role__in=(Role.RESPONSABLE, Role.COORDINATION))
        .select_related("person")
        .order_by("person__email", "pk")
    )
    people = {mandate.person.pk: mandate.person.email for mandate in mandates}
    return [Recipient(f"user:{pk}", email) for pk, email in people.items()]


def handlers_of(part: Part, report: Report) -> list[Recipient]:
    """Where a part is told: to the commune's own tool when the report was handed to it, else to its
    organisation."""
    rule = tool_of(report, part.organisation_id)
    if rule is not None:
        return [Recipient(f"tool:{report.commune_id}", rule.email)]
    return addresses_of(part.organisation) if part.organisation else []


def link_for(who: Recipient, part: Part, report: Report) -> str:
    """Where one of an organisation's recipients opens its part.

    One rule: the service's own address, or its tool's, gets the signed link, which needs no
    account, whether or not somebody signs in there; a person's address never does, and leads to
    the page behind sign-in.
    """
    return service_url(part) if is_service(who) else report_url(report)


def is_service(who: Recipient) -> bool:
    """Whether this is an organisation's own address or its tool's, and not a person's."""
    return who.key.startswith(("organisation:", "tool:"))


def words_to_handlers(
    who: Recipient, name: str, report: Report, part: Part, **context: Any
) -> Mail:
    """One of this room's mails about a part, for one recipient of its organisation."""
    who = replace(who, link=link_for(who, part, report))
    context = {"signed": is_service(who), "tool": who.key.startswith("tool:"), **context}
    return words_for(who, name, report, due_on=part.due_on, **context)


def words_for(who: Recipient, name: str, report: Report, **context: Any) -> Mail:
    """One of this room's mails about a report, for one person."""
    return render(
        f"reports/notices/{name}",
        {
            "report": report,
            "category": gettext(report.category.label),
            "link": who.link or report_url(report),
            **context,
        },
    )


def tell_news(step: str, key: str, report: Report, part: Part) -> int:
    """Taken in charge, or scheduled: once a round for each kind of news."""
    context = {"organisation": part.organisation, "due_on": part.due_on}
    return outbox.put(
        key,
        spoke(report.pk),
        lambda who: words_for(who, _NEWS[step], report, **context),
        lane=lane_of("report", report.pk),
    )


_NEWS = {"take": "taken", "schedule": "scheduled"}


def tell_closing(report: Report, parts: Iterable[Part], event: Event) -> int:
    """The word back: what each organisation did, to everyone who spoke."""
    lines = closing_lines(report, parts)
    settled = any(line["part"].state == State.SETTLED for line in lines)

    def compose(who: Recipient) -> Mail:
        mail = words_for(who, "closed", report, lines=lines, settled=settled)
        return replace(mail, short=question(report))

    return word_back("report", report.pk, event, compose)


def question(report: Report) -> str:
    """What a text message asks once a report is closed; answers come to `texting`."""
    what = "est réglé" if report.state == State.SETTLED else "est clos"
    return f"Votre signalement {report.reference} {what}. Est-ce bien réglé ? Répondez OUI ou NON."


def closing_lines(report: Report, parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Each part with its organisation and the word that closed it."""
    said: dict[tuple[int, datetime], str] = {}
    for message in Message.objects.filter(report=report, part__isnull=False).order_by("at", "pk"):
        if message.part_id is not None:
            said[(message.part_id, message.at)] = message.text
    return [
        {
            "part": part,
            "organisation": part.organisation,
            "state": State(part.state).label,
            "settled": part.state == State.SETTLED,
            "reason": part.reason if part.state == State.DROPPED else "",
            "answer": said.get((part.pk, part.closed_at), "") if part.closed_at else "",
        }
        for part in parts
    ]


def last_event(report: Report, code: str) -> Event | None:
    """The last event of that code on a report."""
    found = Event.objects.filter(thing_kind="report", thing_id=report.pk, code=code)
    return found.order_by("-at", "-pk").first()


def last_closing(report: Report) -> Event | None:
    """The event by which a report was closed last."""
    return last_event(report, "closed")


def silence_closing(report: Report) -> None:
    """A report is open again: whoever was not told yet that it is closed will not be."""
    Callback.objects.filter(report=report, done_at=None, why="closed").delete()
    closing = last_closing(report)
    if closing is not None:
        outbox.take_back(word_key(closing))


def resume_closing(report: Report, parts: Iterable[Part], at: datetime) -> None:
    """A reopening was undone: those who were not told of the closing yet are told after all."""
    closing = last_closing(report)
    if closing is not None:
        tell_closing(report, parts, closing)
        called = Callback.objects.filter(report=report, created_at__gte=closing.at)
        ask_for_calls(report, at, but=set(called.values_list("voice_id", flat=True)))


def ask_for_calls(report: Report, at: datetime, but: Collection[int] = ()) -> int:
    """Whoever left a telephone number alone, at which no text message is read, is put on the list
    "à rappeler"."""
    contacts = Contact.objects.filter(report=report, email="", voice__withdrawn_at=None)
    contacts = contacts.exclude(voice__in=but).exclude(phone="").order_by("pk")
    texted = reached_by_text(contacts)
    calls = [
        Callback(report=report, voice_id=contact.pk, why="closed", created_at=at)
        for contact in contacts
        if contact.phone not in texted
    ]
    # Somebody already on the list stays there once.
    Callback.objects.bulk_create(calls, ignore_conflicts=True)
    return len(calls)


def tell_merging(people: list[Recipient], source: Report, target: Report, event: Event) -> int:
    """Their report joins another, where the answer will come: to those who spoke through it."""
    return outbox.put(
        word_key(event),
        people,
        lambda who: words_for(who, "merged", source, target=target),
        lane=lane_of("report", source.pk),
    )


def tell_reopening(report: Report, parts: Iterable[Part], event: Event) -> int:
    """Their part is open again: to the organisations that had closed it."""
    told = 0
    for part in parts:
        if part.organisation is None:
            continue
        told += outbox.put(
            f"{word_key(event)}.{part.pk}",
            handlers_of(part, report),
            partial(words_to_handlers, name="reopened", report=report, part=part),
            lane=lane_of("report", report.pk),
        )
    return told


def tell_chase(report: Report, part: Part, event: Event, asker: str) -> int:
    """A reminder to the organisation that has this part."""
    if part.organisation is None:
        return 0
    return outbox.put(
        word_key(event),
        handlers_of(part, report),
        lambda who: words_to_handlers(who, "chase", report, part, asker=asker),
        lane=lane_of("report", report.pk),
    )


def tell_chases(parts: list[Part], event: Event, asker: str) -> int:
    """One reminder for all these parts of an organisation, the most late first; and one for those
    that a commune's own tool received."""
    told: dict[tuple[Recipient, ...], list[Part]] = {}
    own: list[Recipient] | None = None
    for part in sorted(parts, key=lambda part: (part.due_on, part.pk)):
        if tool_of(part.report, part.organisation_id):
            people = handlers_of(part, part.report)
        else:
            own = handlers_of(part, part.report) if own is None else own
            people = own
        told.setdefault(tuple(people), []).append(part)
    return sum(
        outbox.put(word_key(event), people, partial(_words_to_chase, parts=some, asker=asker))
        for people, some in told.items()
    )


def _words_to_chase(who: Recipient, parts: list[Part], asker: str) -> Mail:
    lines = [
        {"part": part, "report": part.report, "url": link_for(who, part, part.report)}
        for part in parts[:LINES]
    ]
    context = {
        "lines": lines,
        "count": len(parts),
        "rest": max(len(parts) - LINES, 0),
        "asker": asker,
        "link": "" if is_service(who) else settings.SITE_URL + reverse("reports:overdue"),
        "signed": is_service(who),
    }
    return render("reports/notices/chases", context)


def tell_answer(report: Report, event: Event, organisation: str, text: str) -> int:
    """An organisation's word, to everyone who spoke."""
    return word_back(
        "report",
        report.pk,
        event,
        lambda who: words_for(who, "answered", report, organisation=organisation, text=text),
    )


def tell_tool(part: Part, rule: Rule, at: datetime) -> int:
    """One handed report, to the commune's own tool: what it needs, and no contact of anybody."""
    report = part.report
    point = "" if report.latitude is None else f"{report.latitude:.6f}, {report.longitude:.6f}"
    return outbox.put(
        f"report.handed:{part.pk}.{at:%Y%m%d%H%M%S%f}",
        [Recipient(f"tool:{report.commune_id}", rule.email)],
        lambda who: words_to_handlers(
            who,
            "handed",
            report,
            part,
            tool=rule.tool,
            point=point,
            text=without_contacts(report.text),
            answers=[
                (question, without_contacts(said))
                for question, said in answered(report.category, report.answers)
            ],
        ),
        wait=timedelta(0),
        lane=lane_of("report", report.pk),
    )


def tell_organisation(organisation: Organisation, parts: list[Part], at: datetime) -> int:
    """One mail for all the parts that came to an organisation since the last one, told `at`: a part
    that comes back is told anew."""
    newest = max(part.pk for part in parts)
    key = f"organisation.parts:{organisation.pk}.{newest}.{len(parts)}.{at:%Y%m%d%H%M%S%f}"

    def compose(who: Recipient) -> Mail:
        lines = [
            {"part": part, "report": part.report, "url": link_for(who, part, part.report)}
            for part in parts
        ]
        context = {"organisation": organisation, "lines": lines, "count": len(lines)}
        return render("reports/notices/new_parts", {**context, "signed": is_service(who)})

    return outbox.put(key, addresses_of(organisation), compose, wait=timedelta(0))


# --- Points noirs: told to partners alone
BLACKSPOT_SENTENCES = {
    "proposed": "Point noir proposé : le problème revient au même endroit",
    "came_back": "Revenu : {new} signalement(s) de plus",
    "keep": "Point noir retenu, porté par {concerns}",
    "refuse": "Point noir écarté",
    "close": "Point noir clos",
    "reopen": "Point noir rouvert",
    "planned": "Plan mis à jour par {who}",
}


def tell_blackspot(blackspot: Blackspot, event: Event) -> int:
    """This subject is now theirs: to the organisation that was asked to carry it."""
    if blackspot.owner is None:
        return 0
    context = {"blackspot": blackspot, "link": blackspot_url(blackspot.pk)}
    return outbox.put(
        word_key(event),
        addresses_of(blackspot.owner),
        lambda who: render("reports/notices/blackspot", context),
    )
