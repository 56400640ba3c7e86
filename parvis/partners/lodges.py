"""Shared telephones of caretakers' lodges: enrolling one, taking it with a code, giving it back.

A telephone carries a token, a caretaker a code of six digits: together they open a shift, during
which the person acts as themselves for the residences of the lodge and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Caretaker, Lodge, LodgePhone, Mandate, User
from parvis.ui.visitors import too_often

COOKIE = "loge"  # what an enrolled telephone carries
SHIFT = "shift"  # session key: which telephone, since when, last seen when (seconds)
LINK_LASTS = timedelta(days=1)
IDLE, LONGEST = 30 * 60, 10 * 3600  # seconds
NOTED_EVERY = 60  # seconds between two notes of a telephone in use
WRONG_CODES = 10  # in a row; then the responsable gives another code
TRIES_OF_A_PHONE = 10  # in ten minutes


class ShiftRefused(Exception):  # noqa: N818  said as people say it
    """Why the telephone is not given, in words for the reader."""


# --- What the responsable does


def new_phone(lodge: Lodge, label: str) -> tuple[LodgePhone, str]:
    """A telephone to enrol, and the token of its link: shown now and never again."""
    token = secrets.token_urlsafe(32)
    phone = LodgePhone.objects.create(
        lodge=lodge,
        label=label,
        link_digest=_digest(token),
        link_expires_at=timezone.now() + LINK_LASTS,
    )
    return phone, token


def revoke_phone(phone: LodgePhone) -> None:
    """A telephone lost or replaced: its shift ends with the next page asked for."""
    LodgePhone.objects.filter(pk=phone.pk, revoked_at=None).update(
        revoked_at=timezone.now(), link_digest=""
    )


def may_be_caretakers(lodge: Lodge) -> QuerySet[User]:
    """Who has a mandate of the lodge's organisation today."""
    in_force = Mandate.objects.in_force(timezone.localdate())
    acting = in_force.filter(person=OuterRef("pk"), organisation_id=lodge.organisation_id)
    return User.objects.filter(Exists(acting), is_active=True).order_by("name", "pk")


def give_code(lodge: Lodge, person: User) -> str:
    """A new code for this person at this lodge: shown now and never again; the former one dies."""
    code = f"{secrets.randbelow(10**6):06}"
    Caretaker.objects.update_or_create(
        lodge=lodge, person=person, defaults={"code": make_password(code), "failures": 0}
    )
    return code


# --- What the telephone does


def phone_to_enrol(token: str) -> LodgePhone | None:
    """The telephone that a link enrols; None once used, withdrawn or expired."""
    waiting = LodgePhone.objects.select_related("lodge__organisation").filter(
        link_digest=_digest(token), link_expires_at__gt=timezone.now(), revoked_at=None
    )
    return waiting.first()


def enrol_phone(phone: LodgePhone) -> str | None:
    """Use the link up; the token that the telephone keeps, or None when the link was just used."""
    token = secrets.token_urlsafe(32)
    taken = LodgePhone.objects.filter(pk=phone.pk, revoked_at=None).exclude(link_digest="")
    enrolled = taken.update(link_digest="", token_digest=_digest(token), enrolled_at=timezone.now())
    return token if enrolled else None


def phone_of(token: str) -> LodgePhone | None:
    """The telephone that carries this token, unless it was revoked."""
    if not token:
        return None
    rows = LodgePhone.objects.select_related("lodge__organisation")
    return rows.filter(token_digest=_digest(token), revoked_at=None).first()


def caretakers_of(lodge: Lodge) -> QuerySet[Caretaker]:
    """Who may take a telephone of this lodge today: leaving the organisation ends it at once."""
    return (
        Caretaker.objects.filter(lodge=lodge, person__in=may_be_caretakers(lodge))
        .select_related("person")
        .order_by("person__name", "pk")
    )


def start_shift(request: HttpRequest, phone: LodgePhone, caretaker: Caretaker, code: str) -> None:
    """Give the telephone to a caretaker who knows their code. Raises ShiftRefused."""
    if too_often("lodge phone", str(phone.pk), times=TRIES_OF_A_PHONE, seconds=600):
        raise ShiftRefused("Trop d’essais sur ce téléphone. Attendez dix minutes.")
    # Counted before it is looked at: two tries at the same moment are two.
    tried = Caretaker.objects.filter(pk=caretaker.pk, failures__lt=WRONG_CODES)
    if not tried.update(failures=F("failures") + 1):
        raise ShiftRefused("Ce code est bloqué. Votre responsable peut vous en donner un autre.")
    if not check_password(code, caretaker.code):
        raise ShiftRefused("Ce code n’est pas le bon.")
    now = timezone.now()
    with transaction.atomic():
        Caretaker.objects.filter(pk=caretaker.pk).update(failures=0)
        LodgePhone.objects.filter(pk=phone.pk).update(last_used_at=now)
    logout(request)  # nothing of the one before stays
    login(request, caretaker.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    seconds = now.timestamp()
    request.session[SHIFT] = {"phone": phone.pk, "since": seconds, "seen": seconds}
    request.session.set_expiry(LONGEST)


def is_shift(request: HttpRequest) -> bool:
    """Whether this session was opened on a lodge's telephone; it stays one to its end."""
    return SHIFT in request.session


def end_shift(request: HttpRequest) -> None:
    """Give the telephone back."""
    logout(request)


def actors_on_shift(request: HttpRequest) -> list[Actor]:
    """The one actor of a shift, in one query; none once it is over.

    It is over after half an hour without a page or ten hours in all, when the telephone is revoked,
    the caretaker removed, or their mandate ended.
    """
    shift, now = request.session[SHIFT], timezone.now().timestamp()
    if now - shift["seen"] > IDLE or now - shift["since"] > LONGEST:
        return []
    if now - shift["seen"] > NOTED_EVERY:
        request.session[SHIFT] = {**shift, "seen": now}
    today = timezone.localdate()
    user: Any = request.user  # signed in, since the session is a shift
    mandates = Mandate.objects.in_force(today).filter(
        person_id=user.pk, organisation_id=OuterRef("lodge__organisation_id")
    )
    rows = (
        LodgePhone.objects.filter(
            Q(lodge__organisation__closed_on=None) | Q(lodge__organisation__closed_on__gt=today),
            pk=shift["phone"],
            revoked_at=None,
            lodge__caretakers__person_id=user.pk,
        )
        .annotate(mandate=Subquery(mandates.order_by("pk").values("pk")[:1]))
        .exclude(mandate=None)
        .values_list(
            "mandate",
            "lodge_id",
            "lodge__organisation_id",
            "lodge__organisation__name",
            "lodge__organisation__kind",
            "lodge__residences",
        )
    )
    found: Actor | None = None
    for mandate, lodge, organisation, name, kind, residence in rows:
        found = found or Actor(
            user_id=user.pk,
            user_name=user.name,
            mandate_id=mandate,
            role="gardien",
            organisation_id=organisation,
            organisation_name=name,
            kind=kind,
            lodge_id=lodge,
            residences=frozenset(),
        )
        if residence and found.residences is not None:
            found = replace(found, residences=found.residences | {residence})
    return [found] if found else []


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
