"""Preparing a course: writing it, its dates and its materials, publishing it, calling it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.toolbox import course_acts as acts
from parvis.toolbox.course_answers import ask, crumbs, fetch_course, url_of
from parvis.toolbox.course_forms import CourseForm, DateForm, ReasonForm
from parvis.toolbox.course_materials import MATERIALS, choose_material, offered
from parvis.toolbox.models import Course, CourseDate

NEW = "Nouvelle formation ou nouvel atelier"
WRITTEN = (
    *("nature", "audience", "title", "summary", "objectives", "programme", "trainers", "axis"),
    *("hours", "share", "seats", "opens_at", "closes_at", "contact"),
)
ON_DATE = ("starts_at", "ends_at", "place_label", "commune", "online_url")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a course for one's organisation."""
    actor = actor_of(request)

    def act(said: dict[str, Any]) -> str:
        organiser = Organisation.objects.select_related("commune").get(
            pk=actor.organisation_id or 0
        )
        return url_of(acts.plan_course(actor=actor, organiser=organiser, **said))

    return ask(
        request,
        CourseForm(request.POST or None, actor=actor),
        act,
        done="C’est enregistré. Donnez maintenant la première date.",
        heading=NEW,
        action="Enregistrer",
        back=reverse("toolbox:courses"),
        trail=crumbs((NEW, "")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it anew."""
    actor, found = actor_of(request), fetch_course(request, pk, "edit")
    initial = {name: getattr(found, name) for name in WRITTEN}
    for name in ("themes", "quartiers"):
        initial[name] = list(getattr(found, name).values_list("pk", flat=True))

    def act(said: dict[str, Any]) -> str:
        return url_of(acts.change_course(found, actor=actor, **said))

    return ask(
        request,
        CourseForm(request.POST or None, actor=actor, kept=found, initial=initial),
        act,
        done="C’est modifié.",
        heading="Modifier",
        action="Enregistrer",
        back=url_of(found),
        trail=crumbs((found.title, url_of(found)), ("Modifier", "")),
    )


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody."""
    found = fetch_course(request, pk, "edit")
    try:
        acts.publish_course(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "C’est publié : chacun peut le voir.")
    return redirect(url_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call all of it off, with a reason."""
    actor, found = actor_of(request), fetch_course(request, pk, "edit")

    def act(said: dict[str, Any]) -> str:
        return url_of(acts.cancel_course(found, actor=actor, **said))

    return ask(
        request,
        ReasonForm(request.POST or None),
        act,
        done="C’est annulé : les personnes inscrites sont prévenues.",
        heading=f"Annuler « {found.title} »",
        action="Annuler toutes les dates",
        back=url_of(found),
        trail=crumbs((found.title, url_of(found)), ("Annuler", "")),
    )


# --- Dates ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def date_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it one more date; the place of the last one is proposed."""
    actor, found = actor_of(request), fetch_course(request, pk, "edit")
    last = found.dates.select_related("gathering").order_by("-number").first()
    initial = (
        {name: _of(last, name) for name in ("place_label", "commune", "online_url")} if last else {}
    )

    def act(said: dict[str, Any]) -> str:
        acts.add_date(found, actor=actor, **said)
        return f"{url_of(found)}#dates"

    form = DateForm(request.POST or None, actor=actor, kept=initial.get("commune"), initial=initial)
    return _date_form(request, found, form, act, "Ajouter une date", "C’est ajouté.")


@require_http_methods(["GET", "HEAD", "POST"])
def date_edit(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    """Move a date, or change its place; who enrolled is told."""
    actor, found = actor_of(request), fetch_course(request, pk, "edit")
    held = _date_of(found, date)
    initial = {name: _of(held, name) for name in ON_DATE}

    def act(said: dict[str, Any]) -> str:
        acts.change_date(held, actor=actor, **said)
        return f"{url_of(found)}#dates"

    form = DateForm(request.POST or None, actor=actor, kept=initial["commune"], initial=initial)
    done = "C’est modifié : les personnes inscrites sont prévenues si l’heure ou le lieu change."
    return _date_form(request, found, form, act, "Modifier la date", done)


@require_http_methods(["GET", "HEAD", "POST"])
def date_drop(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    """Call one date off, with a reason."""
    actor, found = actor_of(request), fetch_course(request, pk, "edit")
    held = _date_of(found, date)

    def act(said: dict[str, Any]) -> str:
        acts.drop_date(held, actor=actor, **said)
        return f"{url_of(found)}#dates"

    form = ReasonForm(request.POST or None)
    return _date_form(request, found, form, act, "Annuler cette date", "La date est annulée.")


def _date_form(
    request: HttpRequest, found: Course, form: Any, act: Any, heading: str, done: str
) -> HttpResponse:
    trail = crumbs((found.title, url_of(found)), (heading, ""))
    return ask(
        request,
        form,
        act,
        done=done,
        heading=heading,
        action=heading if "Annuler" in heading else "Enregistrer",
        back=url_of(found),
        trail=trail,
    )


def _date_of(found: Course, pk: int) -> CourseDate:
    """That date of this course, if it still holds."""
    rows = found.dates.select_related("gathering", "course")
    held = rows.filter(pk=pk, gathering__cancelled_at=None).first()
    if held is None:
        raise Http404
    return held


def _of(date: CourseDate, name: str) -> Any:
    gathering = date.gathering
    return gathering.commune_id if name == "commune" else getattr(gathering, name)


# --- Materials --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets and documents that go with it: found by words, added, taken away."""
    actor, found = actor_of(request), fetch_course(request, pk, "edit")
    if request.method == "POST":
        what, number = request.POST.get("quoi", ""), request.POST.get("numero", "")
        digits = number.isascii() and number.isdigit() and len(number) < 15
        adds = request.POST.get("geste") == "ajouter"
        if what in MATERIALS and digits:
            try:
                choose_material(found, what, int(number), actor=actor, adds=adds)
            except ValidationError as refused:
                messages.error(request, " ".join(refused.messages))
            else:
                messages.success(request, "C’est ajouté." if adds else "C’est retiré.")
        return redirect("toolbox:course_materials", pk)
    word = request.GET.get("mot", "").replace("\0", "").strip()[:100]
    return render(
        request,
        "toolbox/course_materials.html",
        {
            "course": found,
            "word": word,
            **offered(found, actor, word),
            "crumbs": crumbs((found.title, url_of(found)), ("Supports", "")),
        },
    )
