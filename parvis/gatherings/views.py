"""Gatherings: the public list and page, registering, and the pages of who organises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.gatherings import acts, events
from parvis.gatherings.evaluating import takes_evaluations
from parvis.gatherings.forms import (
    AnswerForm,
    CancelForm,
    GatheringForm,
    PeopleForm,
    RegisterForm,
)
from parvis.gatherings.kinds import SEANCE
from parvis.gatherings.models import Gathering, Guest, Registration
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.partners.readings import note_readings
from parvis.thread.reading import events_of
from parvis.thread.register import said_beside
from parvis.ui.languages import in_every_language
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key

ROWS = Gathering.objects.select_related("organiser", "commune", "residence").defer(
    "commune__outline", "residence__outline"
)
REGISTRATION = "registration"  # under which a reading of a contact is logged
SHOWN = 60
AN_HOUR = 3600  # seconds
REGISTRATIONS_AN_HOUR = 20  # from one address: a centre social registers several people


@in_every_language
@require_safe
def gatherings(request: HttpRequest) -> HttpResponse:
    """What is to come, for everybody; partners also see what is not published yet."""
    actor = actor_of(request)
    past = request.GET.get("passes") == "1"
    rows = ROWS.visible_to(actor).exclude(kind=SEANCE)
    now = timezone.now()
    if past:
        rows = rows.filter(ends_at__lt=now).order_by("-starts_at", "-pk")
    else:
        rows = rows.to_come(now).order_by("starts_at", "pk")
    found = list(rows[: SHOWN + 1])
    return render(
        request,
        "gatherings/list.html",
        {
            "rows": found[:SHOWN],
            "more": len(found) > SHOWN,
            "past": past,
            "may_plan": actor.role in ("coordination", "responsable", "contributeur"),
        },
    )


@in_every_language
@require_safe
def gathering(request: HttpRequest, pk: int) -> HttpResponse:
    """One gathering: what, when, where, for whom, and how to come."""
    return _page(request, rights.fetch(ROWS.all(), actor_of(request), pk=pk))


def _page(request: HttpRequest, found: Gathering, form: RegisterForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    guests = list(
        Guest.objects.visible_to(actor)
        .filter(gathering=found, invited_at__isnull=False)
        .select_related("organisation")
        if actor.is_partner
        else ()
    )
    mine = next((one for one in guests if one.organisation_id == actor.organisation_id), None)
    may = {}
    if actor.is_partner:
        for action in ("edit", "attend"):
            may[action] = Gathering.objects.allowed(actor, action).filter(pk=found.pk).exists()
    seated = found.registrations.filter(state=Registration.State.SEATED).count()
    opened = found.takes_registrations(now)
    return render(
        request,
        "gatherings/gathering.html",
        {
            "gathering": found,
            "quartiers": list(found.quartiers.defer("outline")),
            "guests": guests,
            "mine": mine,
            "may": may,
            "form": (form or RegisterForm()) if opened else None,
            "free": None if found.seats is None else max(found.seats - seated, 0),
            "seated": seated,
            # Most gatherings stand alone: a date of a programme sends to it.
            "beside": said_beside(actor, acts.KIND, found.pk) if found.of_programme else [],
            "events": events_of(actor, acts.KIND, found.pk, seen=True) if actor.is_partner else [],
            "crumbs": [
                {"label": _("Rendez-vous"), "url": reverse("gatherings:list")},
                {"label": found.title, "lang": "fr"},
            ],
        },
    )


SENT_AGAIN = _(
    "Cette adresse est déjà inscrite : le lien qui permet de voir ou de retirer l’inscription lui "
    "est envoyé."
)
CALL = _("Ce numéro est déjà inscrit : pour changer quelque chose, appelez l’organisateur.")


@in_every_language
@require_POST
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat, without an account."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), "register", pk=pk)
    form = RegisterForm(request.POST)
    if form.is_valid() and not form.cleaned_data["website"]:
        said = {name: form.cleaned_data[name] for name in ("name", "email", "phone")}
        who = visitor_key(request)
        if too_often("gatherings.register", who, times=REGISTRATIONS_AN_HOUR, seconds=AN_HOUR):
            form.add_error(None, _("Trop d’inscriptions d’un coup : réessayez dans une heure."))
        else:
            try:
                now = timezone.now()
                registration = acts.register_person(found, **said, now=now)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                if registration.at == now:
                    return redirect("gatherings:registered", events.token_of(registration))
                # Whoever types an address is not its owner: their mail knows them.
                events.tell_link(registration, now)
                messages.info(request, SENT_AGAIN if said["email"] else CALL)
                return redirect("gatherings:gathering", found.pk)
    return _page(request, found, form)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that a registered person's own link opens: never kept, never indexed."""

    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        found = events.registration_from_token(token)
        if found is None:
            raise Http404
        bearer = actor_of(request).bearing("registration", found.pk)
        rights.fetch(Registration.objects.all(), bearer, pk=found.pk)
        response = view(request, token, found)
        return unkept(response)

    return wrapped


@in_every_language
@require_safe
@by_link
def registered(request: HttpRequest, token: str, found: Registration) -> HttpResponse:
    """Seated, waiting or withdrawn: what the person's own link says."""
    waiting_before = 0
    if found.state == Registration.State.WAITING:
        others = found.gathering.registrations.filter(state=found.state, rank__lt=found.rank)
        waiting_before = others.count()
    now = timezone.now()
    asked = found.state == Registration.State.SEATED and not found.evaluated
    asked = asked and takes_evaluations(found.gathering, now)
    return render(
        request,
        "gatherings/registered.html",
        {
            "registration": found,
            "over": found.gathering.ends_at < now,
            "opinion_url": reverse("gatherings:opinion", args=[token]) if asked else "",
            "gathering": found.gathering,
            "before": waiting_before,
            "withdraw_url": reverse("gatherings:withdraw", args=[token]),
        },
    )


@in_every_language
@require_POST
@by_link
def withdraw(request: HttpRequest, token: str, found: Registration) -> HttpResponse:
    """Give the seat back."""
    acts.withdraw_registration(found)
    messages.success(request, _("Votre inscription est retirée, vos coordonnées sont effacées."))
    return redirect("gatherings:registered", token)


# --- Who organises ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan a gathering for one's organisation."""
    actor = actor_of(request)
    form = GatheringForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        organiser = Organisation.objects.get(pk=actor.organisation_id or 0)
        try:
            made = acts.plan_gathering(actor=actor, organiser=organiser, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Rendez-vous enregistré. Publiez-le quand il est prêt.")
            return redirect("gatherings:gathering", made.pk)
    return _form(request, form, "Nouveau rendez-vous", "Enregistrer", reverse("gatherings:list"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change it; who is to come is told of another date or place."""
    actor = actor_of(request)
    found: Gathering = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    if found.apart:
        raise Http404  # its own room changes it
    initial = {name: getattr(found, name) for name in acts.WRITTEN}
    initial |= {"commune": found.commune_id, "residence": found.residence_id}
    initial["quartiers"] = list(found.quartiers.values_list("pk", flat=True))
    form = GatheringForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_gathering(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Rendez-vous modifié.")
            return redirect("gatherings:gathering", pk)
    back = reverse("gatherings:gathering", args=[pk])
    return _form(request, form, "Modifier le rendez-vous", "Enregistrer", back)


def _form(request: HttpRequest, form: Any, heading: str, action: str, back: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": back,
        "crumbs": [
            {"label": "Rendez-vous", "url": reverse("gatherings:list")},
            {"label": heading},
        ],
    }
    return render(request, "gatherings/form.html", context)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), "edit", pk=pk)
    try:
        acts.publish_gathering(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Rendez-vous publié : chacun peut le voir.")
    return redirect("gatherings:gathering", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off, with a reason."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), "edit", pk=pk)
    if found.apart:
        raise Http404  # its own room calls it off
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.cancel_gathering(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Rendez-vous annulé : chacun est prévenu.")
            return redirect("gatherings:gathering", pk)
    back = reverse("gatherings:gathering", args=[pk])
    return _form(request, form, f"Annuler « {found.title} »", "Annuler ce rendez-vous", back)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The actor's organisation says whether it comes."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), "answer", pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        acts.answer_invitation(found, actor=actor_of(request), answer=form.cleaned_data["answer"])
        messages.success(request, "Votre réponse est enregistrée.")
    else:
        messages.error(request, "Dites si vous venez.")
    return redirect("gatherings:gathering", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is to come and who came, for who organises."""
    actor = actor_of(request)
    found: Gathering = rights.fetch(ROWS.all(), actor, "attend", pk=pk)
    form = PeopleForm(request.POST or None, gathering=found)
    if request.method == "POST" and form.is_valid():
        acts.mark_attendance(found, actor=actor, guests=form.answers("g"), people=form.answers("p"))
        messages.success(request, "Présences enregistrées.")
        return redirect("gatherings:people", pk)
    return _people(request, found, form)


@require_POST
def phones(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with the numbers of those who left no address; it is logged."""
    actor = actor_of(request)
    found: Gathering = rights.fetch(ROWS.all(), actor, "attend", pk=pk)
    note_readings(actor, REGISTRATION, [(one.pk, found.title) for one in _by_phone(found)])
    return unkept(_people(request, found, PeopleForm(gathering=found), shown=True))


def _by_phone(gathering: Gathering) -> list[Registration]:
    standing = gathering.registrations.exclude(state="withdrawn").select_related("contact")
    return list(standing.filter(contact__email="").order_by("rank"))


def _people(
    request: HttpRequest, found: Gathering, form: PeopleForm, *, shown: bool = False
) -> HttpResponse:
    pk = found.pk
    waiting = found.registrations.filter(state="waiting").select_related("contact")
    return render(
        request,
        "gatherings/people.html",
        {
            "gathering": found,
            "form": form,
            "waiting": list(waiting.order_by("rank")),
            "by_phone": _by_phone(found),
            "phones_shown": shown,
            "crumbs": [
                {"label": "Rendez-vous", "url": reverse("gatherings:list")},
                {"label": found.title, "url": reverse("gatherings:gathering", args=[pk])},
                {"label": "Présences"},
            ],
        },
    )
