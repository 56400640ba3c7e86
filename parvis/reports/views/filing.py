"""Telling, in three steps: where, what, and the words. Nothing is stored before the last one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.places.models import Building, Commune, Entrance, Inside, Quartier, Residence
from parvis.reports import drafts, proofs, sending
from parvis.reports.acts import file_report, join_report
from parvis.reports.dwellings import desk_instead, who_lets
from parvis.reports.families import families_of
from parvis.reports.finding import find_places
from parvis.reports.forms.filing import GuardedForm, JoinForm, PlaceForm, TellForm
from parvis.reports.links import token_of
from parvis.reports.models import Category, Report, Voice, Way
from parvis.reports.placing import Placed, place_report
from parvis.reports.routes import Rule, not_taken, rule_for, town_of
from parvis.reports.similar import similar_open_reports
from parvis.reports.stops import stop_of
from parvis.reports.views.shared import add_errors, private
from parvis.reports.workflow import Forbidden
from parvis.ui.languages import in_every_language

STEPS = [_("Où"), _("Quoi"), _("Le dire")]
TOO_MANY = _(
    "Beaucoup de signalements viennent d’arriver de votre connexion : celui-ci n’est pas parti. "
    "Ce que vous avez écrit est gardé ici. Réessayez dans une heure, ou téléphonez à votre mairie. "
    "En cas de danger, appelez le 112."
)
OLD_FORM = _(
    "Cette page était ouverte depuis longtemps. Rien n’est perdu : pressez de nouveau le bouton."
)
BUSY = _("Votre envoi est en cours. Attendez un instant, puis pressez de nouveau le bouton.")


@in_every_language
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Step 1: a residence, an address or a quartier found by name, a point on the map, or here."""
    return _where(request, [])


def _where(request: HttpRequest, errors: list[str]) -> HttpResponse:
    chosen = _chosen_residence(request.GET)
    words = request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {
        "steps": STEPS,
        "step": 1,
        "faults": errors,
        "q": words,
        "residence": chosen,
        "category": request.GET.get("category", "")[:40],
    }
    if chosen:
        context["spots"] = spots_of(chosen)
        context["insides"] = Inside.choices
    else:
        context["found"] = find_places(words) if words else None
        context["quartiers"] = (
            Quartier.objects.in_force(timezone.localdate()).defer("outline").order_by("name", "pk")
        )
    return render(request, "reports/where.html", context)


def spots_of(residence: Residence) -> list[tuple[Building, list[Entrance]]]:
    """The buildings of a residence, each with its entrances."""
    buildings = list(Building.objects.filter(residence=residence).order_by("name", "pk"))
    entrances = list(Entrance.objects.filter(building__residence=residence).order_by("name", "pk"))
    return [
        (building, [one for one in entrances if one.building_id == building.pk])
        for building in buildings
    ]


def _chosen_residence(params: QueryDict) -> Residence | None:
    number = params.get("residence", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    rows = Residence.objects.select_related("commune").defer("outline", "commune__outline")
    return rows.filter(pk=int(number)).first()


def _lost(request: HttpRequest, place: PlaceForm) -> HttpResponse:
    """Back to the first step, with what is wrong."""
    found = [str(error) for errors in place.errors.values() for error in errors]
    return _where(request, list(dict.fromkeys(found)))


@in_every_language
@require_safe
def what(request: HttpRequest) -> HttpResponse:
    """Step 2: families as cards, the categories inside."""
    place = PlaceForm(request.GET)
    if not place.is_valid():
        return _lost(request, place)
    rows = list(Category.objects.filter(active=True).order_by("position", "code"))
    families = families_of(rows, inside=place.place.residence is not None)
    # Only inside a residence, and none was chosen.
    closed = [family for family, leaves in families if not leaves]
    placed = place_report(place.place)
    partner = actor_of(request).is_partner
    return render(
        request,
        "reports/what.html",
        {
            "not_taken": not_taken(placed.commune_id, () if partner else rows),
            "steps": STEPS,
            "step": 2,
            "families": [(family, leaves) for family, leaves in families if leaves],
            "closed_families": closed,
            "query": place.query(),
            "place": placed,
            "danger": stop_of("danger"),
            "tell_url": reverse("reports:tell"),
            "stop_url": reverse("reports:stop"),
        },
    )


def _elsewhere(request: HttpRequest, placed: Placed, category: Category) -> Rule | None:
    """The commune's rule when it does not take this subject online from residents."""
    rule = rule_for(placed.commune_id, category)
    return rule if rule.way == Way.PARTNERS and not actor_of(request).is_partner else None


def _whom_to_ask(placed: Placed, rule: Rule) -> dict[str, Any]:
    """The commune's name, its organisation, and the page that it gives."""
    town = town_of(placed.commune_id) if placed.commune_id else None
    commune = Commune.objects.filter(pk=placed.commune_id or 0).values_list("name", flat=True)
    phone = town.phone if town else ""
    return {
        "commune": commune.first() or "",
        "town": town,
        "dial": "".join(sign for sign in phone if sign.isdigit() or sign == "+"),
        "tool": rule.tool,
        "url": rule.url,
    }


def _category(request: HttpRequest) -> Category | None:
    code = request.GET.get("category", "")[:40]
    return Category.objects.select_related("parent").filter(code=code, active=True).first()


@in_every_language
@require_safe
def stop(request: HttpRequest) -> HttpResponse:
    """Danger, gas, fire: whom to call at once, before anything is written."""
    place = PlaceForm(request.GET)
    if not place.is_valid():
        return _lost(request, place)
    category = _category(request)
    message = stop_of(category.stop) if category else None
    if category is None or message is None:
        return redirect(reverse("reports:what") + "?" + place.query())
    query = place.query() + "&" + urlencode({"category": category.code, "read": "1"})
    return render(
        request,
        "reports/stop.html",
        {
            "steps": STEPS,
            "step": 2,
            "stop": message,
            "category": category,
            "next_url": reverse("reports:tell") + "?" + query,
            "back_url": reverse("reports:what") + "?" + place.query(),
        },
    )


@in_every_language
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Step 3: similar reports first, then words, photos, contact; sent once."""
    place = PlaceForm(request.GET)
    if not place.is_valid():
        return _lost(request, place)
    category = _category(request)
    back = reverse("reports:what") + "?" + place.query()
    if category is None or (category.inside_only and place.place.residence is None):
        return redirect(back)
    if category.stop and stop_of(category.stop) and "read" not in request.GET:
        here = place.query() + "&" + urlencode({"category": category.code})
        return redirect(reverse("reports:stop") + "?" + here)
    if desk := desk_instead(category, place.place.residence, timezone.localdate()):
        shown = {"steps": STEPS, "step": 2, "category": category, "desk": desk, "back_url": back}
        return render(request, "reports/tenants_desk.html", shown)
    placed = place_report(place.place)
    rule = _elsewhere(request, placed, category)
    context: dict[str, Any] = {
        "steps": STEPS,
        "step": 3,
        "category": category,
        "place": placed,
        "landlord": _landlord(category, place.place.residence),
        "back_url": back,
        "where_url": reverse("reports:where"),
        "elsewhere": _whom_to_ask(placed, rule) if rule else None,
    }
    if rule and request.method != "POST":
        return render(request, "reports/elsewhere.html", {**context, "step": 2})
    within: dict[str, Any] = {
        "category": category,
        "with_dwelling": place.place.residence is not None,
    }
    status = 200
    if request.method == "POST":
        form = TellForm(request.POST, request.FILES, **within)
        if sending.posted_too_often(request):
            form.is_valid()
            form.add_error(None, TOO_MANY)
            status = 429
        elif form.is_valid():
            answered = _file(request, form, place, category)
            if answered is not None:
                return answered
            status = 429 if getattr(form, "too_many", False) else 200
        form.keep_photos()
    else:
        form = TellForm(initial={"form_id": sending.new_form_id()}, **within)
    return render(
        request,
        "reports/tell.html",
        {
            **context,
            "form": form,
            "form_id": _form_id(form),
            "similar": similar_open_reports(
                actor_of(request), category, placed.latitude, placed.longitude, placed.residence
            ),
            "query": place.query(),
            "by_self": not actor_of(request).is_partner,
        },
        status=status,
    )


def _landlord(category: Category, residence: Residence | None) -> str:
    """Who reads what concerns a dwelling; empty when nobody is known to let it."""
    if not category.in_dwelling or residence is None:
        return ""
    return who_lets(residence, timezone.localdate()).organisation_name


def _form_id(form: GuardedForm) -> str:
    """The number that the form goes on with: its own while it is good, else a new one."""
    if form.is_bound and not getattr(form, "renew", False) and form.data.get("form_id"):
        return str(form.data["form_id"])
    return sending.new_form_id()


def _file(
    request: HttpRequest, form: TellForm, place: PlaceForm, category: Category
) -> HttpResponse | None:
    data = form.cleaned_data

    def act() -> Voice:
        return file_report(
            actor=actor_of(request),
            place=place.place,
            category=category,
            text=data["text"],
            answers=form.answers,
            photos=form.ready,
            email=data["email"],
            phone=data["phone"],
            dwelling=data.get("dwelling", ""),
            ground=data.get("ground", ""),
            plate=data.get("plate", ""),
        )

    answered = send(request, form, act)
    if answered is not None:
        drafts.forget(form.kept)
    return answered


def send(
    request: HttpRequest, form: GuardedForm, act: Callable[[], Voice]
) -> HttpResponseRedirect | None:
    """Send a public form once, and lead to the follow page; None when it goes back to the person,
    with what is wrong written on it."""
    made: list[Voice] = []

    def guarded() -> int:
        proved = actor_of(request).is_partner or not proofs.wanted()
        if sending.filed_too_often(request, proved=proved):
            raise _TooMany
        made.append(act())
        return made[0].pk

    try:
        pk = sending.once(form.cleaned_data["form_id"], guarded)
    except _TooMany:
        form.add_error(None, TOO_MANY)
        form.too_many = True  # type: ignore[attr-defined]
        return None
    except sending.AlreadyOld:
        form.add_error(None, OLD_FORM)
        form.renew = True  # type: ignore[attr-defined]
        return None
    except Forbidden as refused:
        form.add_error(None, str(refused))
        return None
    except ValidationError as refused:
        add_errors(form, refused)
        return None
    voice = made[0] if made else Voice.objects.filter(pk=pk).first()
    if voice is None:
        form.add_error(None, BUSY)
        return None
    return redirect(reverse("reports:follow", args=[token_of(voice)]) + "?nouveau=1")


class _TooMany(Exception):  # noqa: N818 - what happened
    pass


@in_every_language
@private
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """ "Moi aussi": one more voice on a report that is already open."""
    report: Report = rights.fetch(
        Report.objects.select_related("category"), actor_of(request), "join", reference=reference
    )
    status = 200
    if request.method == "POST":
        form = JoinForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            answered = send(
                request,
                form,
                lambda: join_report(
                    report, actor=actor_of(request), email=data["email"], phone=data["phone"]
                ),
            )
            if answered is not None:
                return answered
            status = 429 if getattr(form, "too_many", False) else 200
    else:
        form = JoinForm(initial={"form_id": sending.new_form_id()})
    return render(
        request,
        "reports/join.html",
        {
            "form": form,
            "form_id": _form_id(form),
            "report": report,
            "by_self": not actor_of(request).is_partner,
        },
        status=status,
    )
