"""Sittings of others: who is called as référent, who came, and those held without them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import referent_acts as acts
from parvis.councils.answers import crumbs, page_of
from parvis.councils.body_models import Body, Member
from parvis.councils.member_views import note_members
from parvis.councils.referent_events import address_of
from parvis.councils.referent_forms import AnswerForm
from parvis.councils.referent_held import Held, held_in, published_bodies
from parvis.councils.referent_models import Call, CalledDocument, CalledSitting
from parvis.councils.referent_reading import called, known_members, names_of
from parvis.councils.referent_views import tell
from parvis.councils.sorting import settings
from parvis.documents.files import file_response
from parvis.meetings.models import Sitting
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.places.models import Quartier
from parvis.ui.unkept import unkept
from parvis.ui.words import counted
from parvis.works.models import RenewalProject

BY_PAGE = 50
YEARS = 5  # offered, this one and those before
HELD_TITLE = "Séances tenues sans référents"
SITTINGS = CalledSitting.objects.select_related("instance__organiser", "gathering")


# --- One sitting -------------------------------------------------------------------------------


@require_safe
def referent_sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is called to a sitting as référent, what came late, and who came."""
    return _sitting(request, pk)


@require_POST
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with how to tell those who have no address; it is logged."""
    return unkept(_sitting(request, pk, shown=True))


def _sitting(request: HttpRequest, pk: int, *, shown: bool = False) -> HttpResponse:
    actor, today, now = actor_of(request), timezone.localdate(), timezone.now()
    sitting: CalledSitting = rights.fetch(SITTINGS, actor, pk=pk)
    gathering = sitting.gathering
    calls = list(
        Call.objects.visible_to(actor)
        .filter(sitting_id=pk)
        .select_related("member__contact", "member__user", "member__body__organisation")
        .order_by("member__body__organisation__name", "member__number", "pk")
    )
    pks = [one.pk for one in calls]
    known = known_members(actor, [one.member for one in calls])
    reachable = Member.objects.allowed(actor, "reach").filter(
        pk__in=[one.member_id for one in calls]
    )
    reached = set(reachable.values_list("pk", flat=True))
    may = {
        name: set(Call.objects.allowed(actor, name).filter(pk__in=pks).values_list("pk", flat=True))
        for name in ("answer", "attest")
    }
    begun = gathering.starts_at <= now
    going = gathering.cancelled_at is None and gathering.ends_at >= now
    roles = {
        one.member_id: ("suppléant" if one.substitute else "titulaire", one.quartier.name)
        for one in reversed(acts.designated_for(sitting))
    }
    lines = [
        {
            "call": one,
            "name": called(one.member, known),
            "body": one.member.body.organisation.name,
            "role": roles.get(one.member_id),
            "delay": acts.delay_of(one, sitting, today),
            "silent": not address_of(one),
            "contact": getattr(one.member, "contact", None) if one.member_id in reached else None,
            "may_answer": going and one.pk in may["answer"],
            "may_attest": begun and not gathering.cancelled_at and one.pk in may["attest"],
        }
        for one in calls
    ]
    documents = CalledDocument.objects.visible_to(actor).filter(sitting_id=pk)
    to_tell = [one for one in lines if one["silent"] and one["contact"]]
    if shown:
        note_members(actor, [one["call"].member for one in to_tell])
    return render(
        request,
        "councils/referent_sitting.html",
        {
            "sitting": sitting,
            "gathering": gathering,
            "lines": lines,
            "to_tell": to_tell,
            "contacts_shown": shown,
            "silent": sum(1 for one in lines if one["silent"]),
            "documents": list(documents),
            "reads_sitting": Sitting.objects.visible_to(actor).filter(pk=pk).exists(),
            "may_call": CalledSitting.objects.allowed(actor, "call").filter(pk=pk).exists(),
            "may_attest": any(one["may_attest"] for one in lines),
            "going": going,
            "due": settings()["invitation_days"],
            "crumbs": crumbs(None, ("Référents", reverse("councils:referents")), ("Séance", "")),
        },
    )


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the référents of a sitting now."""
    actor = actor_of(request)
    sitting: CalledSitting = rights.fetch(SITTINGS, actor, "call", pk=pk)
    try:
        number = acts.invite(sitting, actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = counted(number, "référent invité", "référents invités")
        messages.success(request, f"{words}." if number else "Personne d’autre n’est à inviter.")
    return redirect("councils:referent_sitting", pk)


@require_POST
def attest(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who came."""
    actor = actor_of(request)
    sitting: CalledSitting = rights.fetch(SITTINGS, actor, "call", pk=pk)
    came = {
        int(name[5:]): value == "1"
        for name, value in request.POST.items()
        if name.startswith("came-")
        and name[5:].isascii()
        and name[5:].isdigit()
        and len(name) < 20
        and value in ("0", "1")
    }
    try:
        acts.attest(sitting, actor=actor, came=came)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Les présences sont notées.")
    return redirect("councils:referent_sitting", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A référent will come, or is excused: then the substitute is called."""
    actor = actor_of(request)
    rows = Call.objects.select_related(
        "member__contact", "member__body", "sitting__instance", "sitting__gathering"
    )
    found: Call = rights.fetch(rows, actor, "answer", pk=pk)
    there = reverse("councils:referent_sitting", args=[found.sitting_id])
    form = AnswerForm(request.POST or None, initial={"answer": found.answer})
    if request.method == "POST" and form.is_valid():
        try:
            number = acts.answer_call(found, actor=actor, answer=form.cleaned_data["answer"])
        except ValidationError as refused:
            tell(form, refused)
        else:
            more = " Le suppléant est appelé." if number else ""
            messages.success(request, f"La réponse est notée.{more}")
            return redirect(there)
    name = called(found.member, known_members(actor, [found.member]))
    return render(
        request,
        "councils/referent_form.html",
        {
            "form": form,
            "heading": "Répondre à l’invitation",
            "lead": f"{found.sitting.instance.name} : {name}.",
            "action": "Enregistrer la réponse",
            "back": there,
            "crumbs": crumbs(None, ("Séance", there), ("Réponse", "")),
        },
    )


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document of a sitting, for the bodies whose référents were invited."""
    found: CalledDocument = rights.fetch(CalledDocument.objects.all(), actor_of(request), pk=pk)
    return file_response(found.file, found.title)  # type: ignore[return-value]


# --- Sittings held without them ----------------------------------------------------------------


def number_of(request: HttpRequest, name: str) -> int | None:
    """A number of the address, if it is one."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


def years_until(year: int) -> range:
    """The years that pages offer, newest first."""
    return range(year, year - YEARS, -1)


@require_safe
def referent_sittings(request: HttpRequest) -> HttpResponse:
    """Sittings that were held with and without référents, by instance, in one year; of one body or
    one project when these are asked for."""
    actor, now = actor_of(request), timezone.now()
    this_year = timezone.localdate(now).year
    year = number_of(request, "annee") or this_year
    if not 2014 <= year <= this_year:  # conseils citoyens are of 2014
        raise Http404
    held = held_in(year, now, published_bodies())
    kept: dict[str, Any] = {"annee": year}
    cut, quartiers = "", None
    if (pk := number_of(request, "conseil")) is not None:
        body = rights.fetch(Body.objects.select_related("organisation"), actor, pk=pk)
        spans = {one.body: one for one in published_bodies()}
        span = spans.get(pk)
        quartiers = span.quartiers if span else frozenset()
        held = [one for one in held if span and span.on(one.day) and one.touches(quartiers)]
        kept["conseil"], cut = pk, body.organisation.name
    if (pk := number_of(request, "projet")) is not None:
        project = rights.fetch(RenewalProject.objects.all(), actor, pk=pk)
        held = [one for one in held if one.project == pk]
        kept["projet"], cut = pk, project.title
    context = {
        "year": year,
        "years": [
            {"year": one, "url": f"?{urlencode({**kept, 'annee': one})}"}
            for one in years_until(this_year)
        ],
        "cut": cut,
        "total": len(held),
        "without": sum(1 for one in held if one.lacking(quartiers)),
        "crumbs": crumbs(None, (HELD_TITLE, "")),
    }
    page = page_of(request)
    chosen = number_of(request, "instance")
    if chosen is None:
        context |= _by_instance(actor, held, quartiers, kept, page)
    else:
        kept["instance"] = chosen
        here = [one for one in held if one.instance == chosen]
        context |= _of_instance(actor, here, quartiers, kept, page)
        context["all_url"] = f"?{urlencode({**kept, 'instance': ''})}"
    return render(request, "councils/referent_sittings.html", context)


def _by_instance(
    actor: Actor, held: list[Held], quartiers: Any, kept: dict[str, Any], page: int
) -> dict[str, Any]:
    """The instances with their counts, those with most sittings without référents first."""
    groups: dict[int, list[Held]] = defaultdict(list)
    for one in held:
        groups[one.instance].append(one)
    ranked = sorted(
        groups.items(),
        key=lambda pair: (-sum(1 for one in pair[1] if one.lacking(quartiers)), pair[0]),
    )
    first = (page - 1) * BY_PAGE
    some = ranked[first : first + BY_PAGE]
    names = names_of(actor, [pk for pk, _ in some])
    where = _quartiers({pk for _, rows in some for one in rows for pk in one.quartiers})
    noted = _noted(actor, [one.pk for _, rows in some for one in rows])
    rows = []
    for pk, sittings in some:
        told = sorted({where[one] for sitting in sittings for one in sitting.quartiers})
        rows.append(
            {
                "name": names[pk],
                "quartiers": ", ".join(told),
                "total": len(sittings),
                "without": sum(1 for one in sittings if one.lacking(quartiers)),
                "uninvited": sum(1 for one in sittings if not one.invited),
                "url": f"?{urlencode({**kept, 'instance': pk})}"
                if any(one.pk in noted for one in sittings)
                else "",
            }
        )
    return {"rows": rows, **_pager(kept, page, len(ranked))}


def _of_instance(
    actor: Actor, held: list[Held], quartiers: Any, kept: dict[str, Any], page: int
) -> dict[str, Any]:
    """The sittings of one instance that this reader may read the day of; others are counted."""
    noted = _noted(actor, [one.pk for one in held])
    open_ones = [one for one in held if one.pk in noted]
    first = (page - 1) * BY_PAGE
    some = open_ones[first : first + BY_PAGE]
    pks = [one.pk for one in some]
    titled = Sitting.objects.visible_to(actor).filter(pk__in=pks)
    readable = CalledSitting.objects.visible_to(actor).filter(pk__in=pks)
    seen = set(titled.values_list("pk", flat=True))
    opened = set(readable.values_list("pk", flat=True))
    names = names_of(actor, [one.instance for one in some])
    where = _quartiers({pk for one in some for pk in one.quartiers})
    return {
        "sittings": [
            {
                "title": names[one.instance] if one.pk in seen | opened else "Séance non publique",
                "day": one.day,
                "lacking": [where[pk] for pk in one.lacking(quartiers)],
                "invited": one.invited,
                "url": reverse("councils:referent_sitting", args=[one.pk])
                if one.pk in opened
                else "",
            }
            for one in some
        ],
        "closed": len(held) - len(open_ones),
        **_pager(kept, page, len(open_ones)),
    }


def _pager(kept: dict[str, Any], page: int, total: int) -> dict[str, str]:
    more = {**kept, "page": page + 1}
    return {
        "next_url": f"?{urlencode(more)}" if total > page * BY_PAGE else "",
        "first_url": f"?{urlencode(kept)}" if page > 1 else "",
    }


def _noted(actor: Actor, pks: list[int]) -> set[int]:
    """Those of these sittings whose day this actor may read."""
    rows = CalledSitting.objects.allowed(actor, "note").filter(pk__in=pks)
    return set(rows.values_list("pk", flat=True))


def _quartiers(pks: set[int]) -> dict[int, str]:
    return dict(Quartier.objects.filter(pk__in=pks).values_list("pk", "name"))
