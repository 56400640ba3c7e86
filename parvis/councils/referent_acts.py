"""Designating référents, inviting them to sittings of others, and who came."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.councils.body_acts import held as held_body
from parvis.councils.body_models import Member, Term
from parvis.councils.presence_models import Presence
from parvis.councils.referent_access import PROJECT
from parvis.councils.referent_events import REFERENT, tell_referents
from parvis.councils.referent_models import Call, Referent
from parvis.councils.sorting import settings
from parvis.meetings.models import Instance, Sitting
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.places.models import Quartier
from parvis.thread.acts import record
from parvis.works.models import RenewalProject

TAKEN = "Cette place de référent est déjà tenue à cette date."
Place = tuple[int, int | None, int | None, int]  # quartier, instance, project, place


# --- Who is référent ---------------------------------------------------------------------------


def designate(
    member: Member,
    *,
    actor: Actor,
    quartier: Quartier,
    starts_on: date,
    instance: Instance | None = None,
    project: RenewalProject | None = None,
    place: int = 1,
    substitute: bool = False,
    ends_on: date | None = None,
    now: datetime | None = None,
) -> Referent:
    """Designate a member for a quartier, in an instance or for a project.

    ValidationError when the place is taken, Refused when the member, the quartier or the instance
    are not such that it may be.
    """
    with transaction.atomic():
        body = held_body(member.body)
        if body.closed_on and body.closed_on < starts_on:
            raise Refused("Cette instance de participation est dissoute.")
        if not body.quartiers.filter(pk=quartier.pk).exists():
            raise Refused("Ce quartier n’est pas de ceux de l’instance de participation.")
        if not Term.objects.on(starts_on).filter(member=member).exists():
            raise Refused(
                "Cette personne n’a pas de mandat en cours ce jour-là : "
                "donnez-lui d’abord un siège, ou choisissez un autre début."
            )
        _refuse_elsewhere(body.organisation_id, quartier, instance, project)
        made = Referent(
            member=member,
            quartier=quartier,
            instance=instance,
            project=project,
            place=place,
            substitute=substitute,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        made.full_clean()
        _refuse_twice(made)
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:  # somebody else took the place meanwhile
            raise ValidationError(TAKEN) from None
        public = body.published_at is not None
        record(
            actor,
            REFERENT,
            made.pk,
            "designated",
            concerns=body.organisation_id,
            public=public,
            at=now,
        )
    return made


def end_designation(
    referent: Referent, *, actor: Actor, ends_on: date, reason: str, now: datetime | None = None
) -> Referent:
    """A designation ends that day, included, for that reason."""
    with transaction.atomic():
        body = held_body(referent.member.body)
        fresh = Referent.objects.select_for_update().get(pk=referent.pk)
        if fresh.ends_on is not None and fresh.ends_on < ends_on:
            raise Refused("Cette désignation se termine déjà avant cette date.")
        if not reason.strip():
            raise ValidationError({"reason": "Dites pourquoi la désignation se termine."})
        fresh.ends_on, fresh.reason = ends_on, reason.strip()
        fresh.full_clean()
        fresh.save(update_fields=["ends_on", "reason"])
        public = body.published_at is not None
        record(
            actor,
            REFERENT,
            fresh.pk,
            "ended",
            concerns=body.organisation_id,
            public=public,
            at=now,
        )
    return fresh


def _refuse_elsewhere(
    organisation: int,
    quartier: Quartier,
    instance: Instance | None,
    project: RenewalProject | None,
) -> None:
    if instance is not None:
        if instance.organiser_id == organisation:
            raise Refused("Un référent siège chez les autres, pas dans sa propre instance.")
        if instance.closed_on:
            raise Refused("Cette instance ne se réunit plus.")
        theirs = set(instance.quartiers.values_list("pk", flat=True))
        if theirs and quartier.pk not in theirs:
            raise Refused("Cette instance ne traite pas de ce quartier.")
    if project is not None and not project.quartiers.filter(pk=quartier.pk).exists():
        raise Refused("Ce projet ne touche pas ce quartier.")


def _refuse_twice(made: Referent) -> None:
    """A member holds one place in an instance or for a project at a time."""
    rows = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=made.starts_on),
        member=made.member_id,
        quartier=made.quartier_id,
        instance=made.instance_id,
        project=made.project_id,
    )
    if made.ends_on is not None:
        rows = rows.filter(starts_on__lte=made.ends_on)
    if rows.exists():
        raise ValidationError("Cette personne tient déjà une place de référent ici à cette date.")


# --- Inviting ----------------------------------------------------------------------------------


def designated_for(sitting: Sitting) -> list[Referent]:
    """The designations that hold on the day of a sitting, for its instance or the project that it
    steers; members whose term is over are left out."""
    day = timezone.localdate(sitting.gathering.starts_at)
    instance = sitting.instance
    where = Q(instance=instance)
    if instance.subject_kind == PROJECT:
        where |= Q(project=instance.subject_id)
    held = Term.objects.on(day).filter(member_id=OuterRef("member_id"))
    still = Q(member__body__closed_on=None) | Q(member__body__closed_on__gte=day)
    rows = (
        Referent.objects.on(day)
        .filter(where, still, Exists(held))
        .select_related("member__contact", "member__user", "member__body__organisation", "quartier")
        .defer("quartier__outline")
    )
    return list(rows.order_by("quartier__name", "quartier_id", "place", "substitute", "pk"))


def to_call(designated: list[Referent], presences: Mapping[int, Presence]) -> list[Referent]:
    """Who is to be called: who holds each place, or the substitute when they are excused or when
    nobody holds it."""
    places: dict[Place, dict[bool, Referent]] = {}
    for one in designated:
        key = (one.quartier_id, one.instance_id, one.project_id, one.place)
        places.setdefault(key, {})[one.substitute] = one
    found = []
    for place in places.values():
        holder, substitute = place.get(False), place.get(True)
        known = presences.get(holder.member_id) if holder else None
        away = holder is None or (known is not None and known.answer == Presence.Answer.EXCUSED)
        found += [one for one in (holder, substitute if away else None) if one is not None]
    return found


def invite(sitting: Sitting, *, actor: Actor | None, now: datetime | None = None) -> int:
    """Call the référents of a sitting with its documents; how many are newly called. Done again, it
    calls who was designated or became needed since, sends documents that came since, and tells
    the others nothing.

    An actor calls the référents whom they may call; `actor=None`, the nightly command, everybody.
    Refused when the sitting was not convened, is over or called off.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(sitting)
        if fresh.gathering.cancelled_at:
            raise Refused("Cette séance est annulée.")
        if fresh.gathering.ends_at < at:
            raise Refused("Cette séance est passée.")
        if fresh.convened_at is None:
            raise Refused(
                "Cette séance n’est pas encore convoquée : les référents seront invités ensuite."
            )
        known = {one.member_id: one for one in Presence.objects.filter(sitting=fresh)}
        wanted = to_call(designated_for(fresh), known)
        if actor is not None:
            pks = [one.pk for one in wanted]
            mine = Referent.objects.allowed(actor, "call").filter(pk__in=pks)
            may = set(mine.values_list("pk", flat=True))
            wanted = [one for one in wanted if one.pk in may]
        return _call(fresh, {one.member_id: one.member for one in wanted}, known, at)


def _call(
    sitting: Sitting, members: dict[int, Member], known: dict[int, Presence], at: datetime
) -> int:
    given = sitting.documents.exists()
    called, handed = [], []
    for pk, member in members.items():
        one = known.get(pk)
        if one is not None and not one.as_referent and one.invited_at is not None:
            continue  # called otherwise already
        if one is None or one.invited_at is None:
            one = one or Presence(member=member, sitting=sitting)
            one.member, one.as_referent, one.invited_at = member, True, at
            one.documents_at = at if given else None
            one.save()
            called.append(one)
        elif given and one.documents_at is None:
            one.member, one.documents_at = member, at
            one.save(update_fields=["documents_at"])
            handed.append(one)
    if called:
        tell_referents(sitting, called, only_documents=False)
    if handed:
        tell_referents(sitting, handed, only_documents=True)
    return len(called)


def answer_call(call: Call, *, actor: Actor, answer: str, now: datetime | None = None) -> int:
    """A référent will come or is excused; an excuse calls the substitute at once. How many were
    called by it."""
    if answer not in Presence.Answer.values:
        raise ValidationError("Choisissez une réponse.")
    at = now or timezone.now()
    with transaction.atomic():
        sitting = _held(call.sitting)
        if sitting.gathering.ends_at < at:
            raise Refused("Cette séance est passée : notez plutôt qui est venu.")
        if not Call.objects.allowed(actor, "answer").filter(pk=call.pk).exists():
            raise Refused("Cette invitation n’est pas la vôtre.")
        Presence.objects.filter(pk=call.pk).update(answer=answer)
        return call_substitutes(sitting, now=at)


def call_substitutes(sitting: Sitting, *, now: datetime | None = None) -> int:
    """Call the substitutes of référents who were called and are excused; how many. For a sitting
    that is over or called off, nobody."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(sitting)
        if fresh.gathering.cancelled_at or fresh.gathering.ends_at < at:
            return 0
        known = {one.member_id: one for one in Presence.objects.filter(sitting=fresh)}
        designated = designated_for(fresh)
        excused = {
            (one.quartier_id, one.instance_id, one.project_id, one.place)
            for one in designated
            if not one.substitute
            and (mine := known.get(one.member_id)) is not None
            and mine.answer == Presence.Answer.EXCUSED
        }
        members = {
            one.member_id: one.member
            for one in designated
            if one.substitute
            and (one.quartier_id, one.instance_id, one.project_id, one.place) in excused
        }
        return _call(fresh, members, known, at)


def attest(
    sitting: Sitting, *, actor: Actor, came: Mapping[int, bool], now: datetime | None = None
) -> int:
    """Write down who came, by the ids of their calls; how many were noted.

    Refused before the sitting has begun. Calls that are not the actor's to attest are left alone.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(sitting)
        if fresh.gathering.cancelled_at:
            raise Refused("Cette séance est annulée : personne n’a pu y venir.")
        if fresh.gathering.starts_at > at:
            raise Refused("Cette séance n’a pas encore commencé.")
        mine = Call.objects.allowed(actor, "attest").filter(sitting_id=fresh.pk, pk__in=list(came))
        pks = set(mine.values_list("pk", flat=True))
        for value in (True, False):
            some = [pk for pk in pks if came[pk] is value]
            Presence.objects.filter(pk__in=some).update(came=value)
    return len(pks)


def invite_due(now: datetime | None = None) -> int:
    """Call the référents of every convened sitting within the days that the lists set; how many
    were newly called. A sitting that cannot be handled now waits for the next time."""
    at = now or timezone.now()
    last = timezone.localdate(at) + timedelta(days=settings()["invitation_days"])
    rows = Sitting.objects.filter(
        convened_at__isnull=False,
        gathering__cancelled_at=None,
        gathering__starts_at__gt=at,
        gathering__starts_at__date__lte=last,
    )
    called = 0
    for one in rows.order_by("pk"):
        with suppress(Refused):  # called off meanwhile
            called += invite(one, actor=None, now=at)
    return called


def _held(sitting: Sitting) -> Sitting:
    """The sitting as it stands, held until the end of the transaction."""
    rows = Sitting.objects.select_for_update(of=("self",))
    return rows.select_related("instance", "gathering").get(pk=sitting.pk)


# --- What came late ----------------------------------------------------------------------------


@dataclass
class Delay:
    """How many days before a sitting somebody was invited and given its documents; what is late,
    in words."""

    invited: int | None
    documents: int | None
    late: list[str] = field(default_factory=list)


def delay_of(presence: Presence, sitting: Sitting, today: date) -> Delay:
    """How early a référent was invited to a sitting, against the days that the lists set."""
    due = settings()["invitation_days"]
    day = timezone.localdate(sitting.gathering.starts_at)

    def before(moment: datetime | None) -> int | None:
        return None if moment is None else (day - timezone.localdate(moment)).days

    found = Delay(before(presence.invited_at), before(presence.documents_at))
    if found.invited is not None and found.invited < due:
        found.late.append(f"invitation {_days(found.invited)}, au lieu de {due} jours avant")
    if found.documents is not None and found.documents < due:
        found.late.append(f"documents {_days(found.documents)}, au lieu de {due} jours avant")
    if found.documents is None and day - timedelta(days=due) < today:
        found.late.append("documents pas encore envoyés" if today <= day else "documents non reçus")
    return found


def _days(number: int) -> str:
    if number <= 0:
        return "le jour même"
    return f"{number} jour{'s' if number > 1 else ''} avant"
