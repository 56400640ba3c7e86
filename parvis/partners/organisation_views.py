"""Pages of an organisation: its service, its people, its invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.notices import letters as post
from parvis.partners import invitations, leaving, second_factor
from parvis.partners.access import HEADS
from parvis.partners.actors import ActorRequest
from parvis.partners.forms import ContactForm, InvitationForm, OrganisationForm
from parvis.partners.letter_views import key_of
from parvis.partners.models import Invitation, Mandate, Organisation, PastName
from parvis.partners.perimeters import perimeter_words
from parvis.partners.rights import fetch
from parvis.ui.visitors import too_often
from parvis.ui.words import of

PAGE = 50
INVITATIONS_A_DAY = 60


@require_GET
def my_organisation(request: ActorRequest) -> HttpResponse:
    """The organisation I act for."""
    return organisation(request, request.actor.organisation_id)


@require_GET
def organisation(request: ActorRequest, pk: int | None) -> HttpResponse:
    """Its service, who acts for it, its invitations, its past names."""
    shown = _openable(request, pk)
    visible = (
        Mandate.objects.visible_to(request.actor)
        .filter(organisation=shown)
        .select_related("person")
        .prefetch_related("perimeters__commune", "perimeters__quartier")
        .order_by("person__name", "pk")
    )
    members = list(visible.in_force(timezone.localdate()))
    ended = list(visible.filter(cut_short_at__gte=timezone.now() - leaving.MAY_BE_UNDONE))
    ids = [mandate.pk for mandate in [*members, *ended]]
    with_factor = second_factor.who_has_one(mandate.person_id for mandate in members)
    may_end = Mandate.objects.allowed(request.actor, "end").filter(pk__in=ids)
    may_end = set(may_end.values_list("pk", flat=True))
    waiting = (
        Invitation.objects.visible_to(request.actor)
        .filter(organisation=shown, used_at=None, withdrawn_at=None)
        .exclude(email="")
        .order_by("-created_at", "-pk")
    )
    now = timezone.now()
    allowed = _actions(request, shown)
    context = {
        "organisation": shown,
        "members": [
            {
                "mandate": mandate,
                "perimeter": _perimeter(mandate),
                "places": len(mandate.perimeters.all()),
                "may_end": mandate.pk in may_end,
                # The rows that end a mandate are those that remove its person's factors.
                "may_unlock": mandate.pk in may_end and mandate.person_id in with_factor,
            }
            for mandate in members
        ],
        "ended": [mandate for mandate in ended if mandate.pk in may_end],
        "invitations": [(row, row.expires_at <= now) for row in waiting],
        "letters": _letters(request, shown),
        "past_names": list(shown.past_names.order_by("-used_until")),
        "may_read_log": shown.pk == request.actor.organisation_id and request.actor.role in HEADS,
        **allowed,
    }
    return render(request, "partners/organisation.html", context)


def _openable(request: ActorRequest, pk: int | None) -> Organisation:
    """An organisation whose page this actor may open; any other one is not there."""
    rows = Organisation.objects.allowed(request.actor, "open").select_related("commune")
    found: Organisation = fetch(rows, request.actor, pk=pk)
    return found


def _actions(request: ActorRequest, shown: Organisation) -> dict[str, bool]:
    """Whether its buttons are shown: editing and inviting go by the same rows."""
    editable = Organisation.objects.allowed(request.actor, "edit").filter(pk=shown.pk).exists()
    trust = Organisation.objects.allowed(request.actor, "trust").filter(pk=shown.pk).exists()
    return {"may_edit": editable, "may_invite": editable, "may_trust": trust}


def _letters(request: ActorRequest, shown: Organisation) -> int:
    """How many letters wait to be posted by who looks at the page."""
    if not Organisation.objects.allowed(request.actor, "post").filter(pk=shown.pk).exists():
        return 0
    return post.count(key_of(shown))


def _perimeter(mandate: Mandate) -> str:
    return perimeter_words(
        (row.commune.name if row.commune else "", row.quartier.name if row.quartier else "")
        for row in mandate.perimeters.all()
    )


@require_http_methods(["GET", "POST"])
def edit_organisation(request: ActorRequest, pk: int) -> HttpResponse:
    """Change its name or how to reach its service."""
    edited = _fetch_openable(request, pk, "edit")
    old_name = edited.name
    form = ContactForm(request.POST or None, instance=edited)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.cleaned_data["name"] != old_name:
                _keep_past_name(edited, old_name)
            edited.save(update_fields=ContactForm.Meta.fields)
        messages.success(request, "C’est enregistré.")
        return redirect("partners:organisation", pk=edited.pk)
    # The title must not follow what was typed and refused.
    return render(
        request,
        "partners/organisation_form.html",
        {"form": form, "organisation": edited, "old_name": old_name},
    )


def _keep_past_name(organisation: Organisation, old_name: str) -> None:
    """The name was borne until yesterday; one that lasted less than a day is not kept."""
    yesterday = timezone.localdate() - timedelta(days=1)
    PastName.objects.get_or_create(
        organisation=organisation, used_until=yesterday, defaults={"name": old_name}
    )


def _fetch_openable(request: ActorRequest, pk: int, action: str) -> Organisation:
    rows = Organisation.objects.allowed(request.actor, "open")
    found: Organisation = fetch(rows, request.actor, action, pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def invite(request: ActorRequest, pk: int) -> HttpResponse:
    """Invite somebody to act for it."""
    host = _fetch_openable(request, pk, "invite")
    actor = request.actor
    form = InvitationForm(actor, host, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often("invite", str(actor.user_id), times=INVITATIONS_A_DAY, seconds=24 * 3600):
            form.add_error(None, "Vous avez envoyé beaucoup d’invitations. Revenez demain.")
        else:
            try:
                sent = invitations.invite(host, actor=actor, **form.cleaned_data)
            except invitations.InvitationRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"L’invitation est partie vers {sent.email}.")
                return redirect("partners:organisation", pk=host.pk)
    return render(request, "partners/invite.html", {"form": form, "organisation": host})


@require_POST
def trust(request: ActorRequest, pk: int) -> HttpResponse:
    """What its members report is public at once from today on, or is read first again."""
    found = _fetch_openable(request, pk, "trust")
    wanted = request.POST.get("trusted") == "1"
    if wanted != bool(found.trusted_on):
        found.trusted_on = timezone.localdate() if wanted else None
        found.save(update_fields=["trusted_on"])
    told = "seront publics aussitôt" if wanted else "seront de nouveau relus d’abord"
    messages.success(request, f"Les signalements de ses membres {told}.")
    return redirect("partners:organisation", pk=pk)


@require_POST
def withdraw_invitation(request: ActorRequest, pk: int) -> HttpResponse:
    """Close an invitation that waits for its answer."""
    found = fetch(Invitation.objects.all(), request.actor, "withdraw", pk=pk)
    invitations.withdraw(found)
    messages.success(request, "L’invitation est retirée : son lien ne fonctionne plus.")
    return redirect("partners:organisation", pk=found.organisation_id)


@require_POST
def end_mandate(request: ActorRequest, pk: int) -> HttpResponse:
    """End somebody's mandate, at once."""
    found = fetch(Mandate.objects.select_related("person"), request.actor, "end", pk=pk)
    leaving.end_mandate(found)
    messages.success(request, f"Le mandat {of(str(found.person))} est terminé.")
    return redirect("partners:organisation", pk=found.organisation_id)


@require_POST
def restore_mandate(request: ActorRequest, pk: int) -> HttpResponse:
    """Undo a mandate's end, within the hour."""
    found = fetch(Mandate.objects.select_related("person"), request.actor, "end", pk=pk)
    if leaving.restore_mandate(found):
        messages.success(request, f"Le mandat {of(str(found.person))} est rétabli.")
    else:
        messages.error(request, "Il est trop tard pour rétablir ce mandat : invitez la personne.")
    return redirect("partners:organisation", pk=found.organisation_id)


@require_http_methods(["GET", "POST"])
def remove_factors(request: ActorRequest, pk: int) -> HttpResponse:
    """Take the factors of a colleague who lost theirs; asked twice, as it cannot be undone."""
    rows = Mandate.objects.in_force(timezone.localdate()).select_related("person")
    found = fetch(rows, request.actor, "unlock", pk=pk)
    if request.method == "GET":
        return render(request, "partners/remove_factors.html", {"mandate": found})
    second_factor.remove_factors(found.person, by=request.actor)
    messages.success(
        request, f"Le second facteur de {found.person} est retiré. Un message le lui dit."
    )
    return redirect("partners:organisation", pk=found.organisation_id)


@require_GET
def organisations(request: ActorRequest) -> HttpResponse:
    """The organisations of a coordination's territory, fifty at a time."""
    in_force = (
        Mandate.objects.in_force(timezone.localdate())
        .filter(organisation=OuterRef("pk"))
        .order_by()
        .values("organisation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = (
        Organisation.objects.allowed(request.actor, "open")
        .select_related("commune")
        .annotate(people=Coalesce(Subquery(in_force), 0))
        .order_by("name", "pk")
    )
    name, pk = request.GET.get("nom", "").replace("\0", ""), request.GET.get("apres", "")
    if name and pk.isascii() and pk.isdigit() and len(pk) < 19:
        rows = rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(pk)))
    page: list[Any] = list(rows[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    context = {
        "organisations": page[:PAGE],
        "next_url": f"?{urlencode({'nom': last.name, 'apres': last.pk})}" if last else "",
        "first_url": reverse("partners:organisations") if name else "",
    }
    return render(request, "partners/organisations.html", context)


@require_http_methods(["GET", "POST"])
def create_organisation(request: ActorRequest) -> HttpResponse:
    """Add an organisation of the territory, before inviting its first responsable."""
    form = OrganisationForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                created = form.save()
        except IntegrityError:  # the same SIREN came in at the same moment
            form.add_error("siren", "Une organisation porte déjà ce SIREN.")
        else:
            messages.success(
                request, "L’organisation est créée. Invitez maintenant son responsable."
            )
            return redirect("partners:invite", pk=created.pk)
    return render(request, "partners/organisation_create.html", {"form": form})
