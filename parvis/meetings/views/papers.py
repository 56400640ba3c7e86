"""A sitting on paper, on slides and in calendars: each under the rights of its page."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.documents.codes import qr_code
from parvis.documents.files import file_response
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.documents.tables import safe_name
from parvis.gatherings.access import GATHERING
from parvis.gatherings.calendars import entry_of
from parvis.gatherings.models import Gathering, Guest
from parvis.meetings import acts
from parvis.meetings.events import page_url
from parvis.meetings.inviting import address_of
from parvis.meetings.models import Document, FeedKey, Sitting
from parvis.meetings.releve import releve_of
from parvis.meetings.slides import Slide, draw_plan, make_slides
from parvis.meetings.views.instances import crumbs
from parvis.meetings.views.sittings import fetch_sitting, points_of
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of, actors_of
from parvis.partners.models import User
from parvis.thread.reading import awaiting, rows_of
from parvis.thread.register import kind_of
from parvis.ui.words import counted, day_in_words, span_in_words

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
FEED_SALT = "parvis.meetings.feed"
FEED_PAST = timedelta(days=90)
FEED_AT_MOST = 500
LATE_SHOWN = 8  # on one slide
LETTER_POINTS = 10  # of the agenda: a letter is one page


@require_safe
def agenda_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda, which opens with the check of earlier decisions."""
    return agenda_paper(fetch_sitting(request, pk), actor_of(request))


def agenda_paper(found: Sitting, actor: Actor) -> HttpResponse:
    """The agenda as this actor may read it."""
    gathering = found.gathering
    points = [
        {
            "title": one["item"].title,
            "note": one["item"].note,
            "asked": one["item"].get_asked_display(),
            "state": " · ".join(word for word in (one["label"], one["state"], one["who"]) if word),
        }
        for one in points_of(found, actor)
        if one["item"]
    ]
    checked = releve_of(found, acts.to_check(found))["checked"]
    content = make_pdf(
        "meetings/agenda",
        {
            "subtitle": "Ordre du jour",
            "when": span_in_words(gathering.starts_at, gathering.ends_at),
            "place": gathering.place_label,
            "online": gathering.online_url,
            "contact": gathering.contact,
            "organiser": found.instance.organiser.name,
            "checked": checked,
            "points": points,
        },
        title=found.instance.name,
    )
    return pdf_response(f"ordre-du-jour-{found.instance.name}", content)


@require_safe
def releve_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The relevé as it was sent; before, a draft for who organises the sitting."""
    return releve_paper(fetch_sitting(request, pk, "releve"))


def releve_paper(found: Sitting) -> HttpResponse:
    """The relevé, or its draft, on paper."""
    data = found.releve or releve_of(found, acts.to_check(found))
    content = make_pdf(
        "meetings/releve",
        {
            **data,
            "subtitle": "Relevé de décisions" if found.sent_at else "Relevé de décisions, projet",
            "sent": day_in_words(found.sent_at) if found.sent_at else "",
            "approved": day_in_words(found.approved_at) if found.approved_at else "",
        },
        title=data["instance"],
        large=len(data["minutes"]) > 15_000,
    )
    return pdf_response(f"releve-{data['instance']}", content)


@require_safe
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The convocation as a letter to each organisation, for those that read no e-mail."""
    found = fetch_sitting(request, pk, "hold")
    guests = list(found.gathering.guests.select_related("organisation"))
    if found.convened_at is None or not guests:
        messages.error(request, "Personne n’est encore convoqué : il n’y a pas de lettre à faire.")
        return redirect("meetings:sitting", pk)
    gathering, organiser = found.gathering, found.instance.organiser
    titles = list(found.items.values_list("title", flat=True))
    links = [address_of(one) for one in guests]
    content = make_pdf(
        "meetings/letters",
        {
            "organiser": organiser.name,
            "organiser_address": organiser.address,
            "organiser_phone": organiser.phone,
            "today": day_in_words(timezone.now()),
            "instance": found.instance.name,
            "when": span_in_words(gathering.starts_at, gathering.ends_at),
            "place": gathering.place_label,
            "contact": gathering.contact or organiser.phone,
            "points": titles[:LETTER_POINTS],
            "more": "La suite est sur la page de la séance." if titles[LETTER_POINTS:] else "",
            "letters": [
                {
                    "number": number,
                    "name": one.organisation.name,
                    "address": one.organisation.address,
                    "link": links[number],
                }
                for number, one in enumerate(guests)
            ],
        },
        title="Convocation",
        files={f"/qr-{number}.svg": qr_code(link) for number, link in enumerate(links)},
    )
    return pdf_response(f"lettres-{found.instance.name}", content)


@require_safe
def slides(request: HttpRequest, pk: int) -> HttpResponse:
    """The slides of the sitting, as far as who asks may see the things on the agenda."""
    actor, found = actor_of(request), fetch_sitting(request, pk)
    when = span_in_words(found.gathering.starts_at, found.gathering.ends_at)
    content = make_slides(found.instance.name, when, _slides_of(found, actor))
    response = HttpResponse(content, content_type=PPTX)
    name = safe_name(f"diaporama-{found.instance.name}", "pptx")
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Cache-Control"] = "private, no-store"
    return response


def _slides_of(found: Sitting, actor: Actor) -> list[Slide]:
    points = [one for one in points_of(found, actor) if one["item"]]
    items = [one["item"] for one in points]
    seen = set(rows_of(actor, {item.thing for item in items if item.thing}))
    places = _places(seen)
    made = []
    checks = acts.to_check(found)
    overdue = sum(one.late for one in checks)
    figures = [
        ("À l’ordre du jour", counted(len(points), "point", "points")),
        ("Décisions à suivre", counted(len(checks), "décision", "décisions")),
        ("En retard", counted(overdue, "décision", "décisions")),
    ]
    placed = [item for item in items if item.thing in places]
    outlines = [one.outline for one in found.instance.quartiers.all() if one.outline]
    plan = draw_plan(outlines, [places[item.thing] for item in placed if item.thing])
    keys = [(str(number), item.title) for number, item in enumerate(placed[:6], 1)]
    described = "Plan des quartiers et des points de l’ordre du jour"
    made.append(Slide("Où nous en sommes", [*figures, *keys], plan, described))
    if checks:
        lines = [
            (one.organisation.name if one.organisation else "À tous", _checked(one))
            for one in checks[:8]
        ]
        made.append(Slide("Suites des décisions précédentes", lines))
    late = _late_subjects(actor, {item.thing: item.title for item in items if item.thing in seen})
    if late:
        made.append(Slide("En retard", late))
    for number, one in enumerate(points, 1):
        item = one["item"]
        lines = [(one["label"].capitalize(), one["state"])] if one["label"] else []
        lines += [("Pour", one["who"])] if one["who"] else []
        lines += [("", item.note)] if item.note else []
        asked = "Décision demandée" if item.asked == "decision" else item.get_asked_display()
        picture = _photo(item.thing, actor) if item.thing in seen else None
        title = f"{number}. {item.title}"
        made.append(Slide(title, lines, picture, f"Photo : {item.title}", asked.capitalize()))
    return made


def _late_subjects(
    actor: Actor, titles: dict[tuple[str, int] | None, str]
) -> list[tuple[str, str]]:
    """Of what stands on the agenda, what is late: who owes it, and since when."""
    due = awaiting(actor, timezone.localdate())
    return [
        (
            one.who or "Sans gestionnaire",
            f"{titles[one.kind, one.id]}, attendu le {day_in_words(one.due_on)}",
        )
        for one in due
        if (one.kind, one.id) in titles and one.due_on and one.due_on < timezone.localdate()
    ][:LATE_SHOWN]


def _checked(decision: Any) -> str:
    due = f", pour le {day_in_words(decision.due_on)}" if decision.due_on else ""
    return f"{decision.text}{due}{' (en retard)' if decision.late else ''}"


def _places(things: set[tuple[str, int]]) -> dict[tuple[str, int], tuple[float, float]]:
    """Where these things are, as their rooms say it."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in sorted(things):
        by_kind.setdefault(kind, []).append(pk)
    return {
        (kind, pk): point
        for kind, ids in by_kind.items()
        if (places := kind_of(kind).places)
        for pk, point in places(ids).items()
    }


def _photo(thing: tuple[str, int], actor: Actor) -> bytes | None:
    photo = kind_of(thing[0]).photo
    return photo(actor, thing[1]) if photo else None


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of a sitting, to keep."""
    found: Document = rights.fetch(Document.objects.all(), actor_of(request), pk=pk)
    return file_response(found.file, found.title)  # type: ignore[return-value]


# --- Calendars --------------------------------------------------------------------------------


@require_safe
def ics(request: HttpRequest, pk: int) -> HttpResponse:
    """The date of a sitting, for one's own calendar."""
    found = fetch_sitting(request, pk)
    entry = entry_of(found.gathering, page_url(pk))
    return calendar_response(found.instance.name, calendar(found.instance.name, [entry]))


@require_http_methods(["GET", "HEAD", "POST"])
def feed_address(request: HttpRequest) -> HttpResponse:
    """The address of one's own calendar; asking for a new one closes the old one."""
    person: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        nonce = secrets.token_urlsafe(18)
        FeedKey.objects.update_or_create(person=person, defaults={"nonce": nonce})
        messages.success(request, "Votre adresse d’agenda est prête.")
        return redirect("meetings:feed_address")
    key = FeedKey.objects.filter(person=person).first()
    return render(
        request,
        "meetings/feed.html",
        {
            "address": _feed_url(key) if key else "",
            "crumbs": crumbs(("Mon agenda", "")),
        },
    )


def _feed_url(key: FeedKey) -> str:
    signature = signing.Signer(sep=".", salt=FEED_SALT).signature(f"{key.person_id}:{key.nonce}")
    token = f"{key.person_id}.{signature}"
    return f"{settings.SITE_URL}{reverse('meetings:feed', args=[token])}"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of the organisations for which a person acts today."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        raise Http404
    key = (
        FeedKey.objects.select_related("person")
        .filter(pk=int(number), person__is_active=True)
        .first()
    )
    if key is None:
        raise Http404
    try:
        signing.Signer(sep=".", salt=FEED_SALT).unsign(f"{key.pk}:{key.nonce}.{signature}")
    except signing.BadSignature:
        raise Http404 from None
    dates = _dates_of(actors_of(key.person))
    sittings = dict(Sitting.objects.filter(gathering__in=dates).values_list("gathering_id", "pk"))
    entries = [
        entry_of(one, page_url(sittings[one.pk]) if one.pk in sittings else "") for one in dates
    ]
    response = calendar_response("agenda", calendar("Mes rendez-vous", entries))
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _dates_of(actors: list[Actor]) -> list[Gathering]:
    mine = [actor.organisation_id for actor in actors if actor.organisation_id]
    asked = Guest.objects.filter(gathering_id=OuterRef("pk"), organisation_id__in=mine)
    visible = Q(pk__in=())
    for actor in actors:
        visible |= GATHERING.condition(actor, "see")
    return list(
        Gathering.objects.filter(visible)
        .filter(Q(organiser_id__in=mine) | Q(Exists(asked)))
        .filter(starts_at__gte=timezone.now() - FEED_PAST)
        .order_by("starts_at", "pk")[:FEED_AT_MOST]
    )
