"""Preparing a draw, sealing its rules, making its seed and drawing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.councils.body_models import Body
from parvis.councils.draw_access import drawable
from parvis.councils.draw_chances import prepare
from parvis.councils.draw_list import list_digest, read_list
from parvis.councils.draw_models import Draw, ListedPerson, SeedParty
from parvis.councils.draw_record import Record, canonical, make_record, read_record
from parvis.councils.draw_rules import DrawRefused, rules_from
from parvis.councils.lot_events import DRAW
from parvis.councils.lot_lists import (
    STRATA,
    UNDECIDED,
    counts_of,
    extras_of,
    forget_preparation,
    held_draw,
    in_order,
    is_sifted,
    note_sift,
    rows_of,
    sift,
)
from parvis.councils.lot_lists import (
    canonical as canonical_list,
)
from parvis.councils.lot_people import name_people
from parvis.councils.lot_seed import clean_number, clean_value, commitment_of, seed_of
from parvis.councils.regimes import choices, regime_of
from parvis.councils.workflow import DrawState
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import record

LEAST_PARTIES, MOST_PARTIES = 2, 6
LONGEST_KEEPING = timedelta(days=366)  # of the lists: a draw is over within a year
STUCK = timedelta(minutes=20)  # after which a computation is taken for lost
SETTINGS = ("title", "college", "youngest", "inside", "destroy_on")
PREPARED, SEALED = DrawState.PREPARED, DrawState.SEALED


def drawable_bodies(actor: Actor) -> Any:
    """The bodies that draw their members and for which this actor may begin a draw."""
    rows = Body.objects.filter(drawable(actor), closed_on=None).select_related("organisation")
    drawing = [code for code in set(rows.values_list("regime", flat=True)) if draws(code)]
    return rows.filter(regime__in=drawing).order_by("organisation__name", "pk")


def draws(regime: str) -> bool:
    """Whether bodies of that regime draw their members by lot."""
    return regime_of(regime).draws


def begin_draw(
    body: Body,
    *,
    actor: Actor,
    seats: int,
    reserve: int,
    now: datetime | None = None,
    **fields: Any,
) -> Draw:
    """Open a draw of a body; nobody else sees it until its rules are published."""
    if not draws(body.regime):
        raise Refused("Les règles de cette instance ne prévoient pas de tirage au sort.")
    at = now or timezone.now()
    rules: dict[str, Any] = {
        "seats": seats,
        "reserve": reserve,
        "household": None,
        "quotas": {},
    }
    if actor.organisation_id is None:
        raise Refused("Un tirage est mené par une organisation.")
    draw = Draw(body=body, runner_id=actor.organisation_id, rules=rules, written_at=at, **fields)
    _check(draw, timezone.localdate(at))
    with transaction.atomic():
        draw.save()
        record(actor, DRAW, draw.pk, "created", public=False, at=at)
    return draw


def change_draw(draw: Draw, *, seats: int, reserve: int, **fields: Any) -> Draw:
    """Change what a draw is for, as long as its rules are not published."""
    with transaction.atomic():
        fresh = held_draw(draw, PREPARED)
        for name in SETTINGS:
            if name in fields:
                setattr(fresh, name, fields[name])
        fresh.rules = {**fresh.rules, "seats": seats, "reserve": reserve}
        _check(fresh, timezone.localdate())
        fresh.save(update_fields=[*SETTINGS, "rules"])
        forget_preparation(fresh)
    return fresh


def _check(draw: Draw, today: date) -> None:
    if draw.college not in choices("college"):
        raise ValidationError({"college": "Choisissez un collège de la liste."})
    end = draw.destroy_on
    if end is None or not today < end <= today + LONGEST_KEEPING:
        raise ValidationError(
            {"destroy_on": "Donnez une date à venir, dans un an au plus : les listes y seront "
             "détruites."}
        )  # fmt: skip
    first = draw.again_of
    if first is not None and first.destroy_on is not None and end > first.destroy_on:
        raise ValidationError(
            {"destroy_on": "La destruction de ces listes a été publiée avec le premier tirage : "
             f"le {first.destroy_on:%d/%m/%Y} au plus tard."}
        )  # fmt: skip
    _rules(draw.rules)
    draw.full_clean(exclude=["record"])


def _rules(found: dict[str, Any]) -> Any:
    try:
        return rules_from(found)
    except DrawRefused as refused:
        raise Refused(str(refused)) from refused


def set_rules(draw: Draw, *, household: str, quotas: dict[str, dict[str, list[int]]]) -> Draw:
    """Set who shares a home, and the quotas: column, value, minimum and maximum."""
    with transaction.atomic():
        fresh = held_draw(draw, PREPARED)
        if unknown := sorted(set(quotas) - {*STRATA, *extras_of(fresh)}):
            # Columns of names or homes would publish somebody.
            raise Refused(f"Il n’y a pas de quota sur la colonne « {unknown[0][:60]} ».")
        rules = {**fresh.rules, "household": household or None, "quotas": quotas}
        fresh.rules = _rules(rules).as_json()
        fresh.save(update_fields=["rules"])
        forget_preparation(fresh)
    return fresh


def ask(draw: Draw, *, now: datetime | None = None) -> datetime:
    """Note that a computation begins, under this moment; a second one waits for the first."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_draw(draw, PREPARED)
        if fresh.computing_at and at - fresh.computing_at < STUCK:
            raise Refused("Un calcul est déjà en cours.")
        if not fresh.lists.filter(confirmed_at__isnull=False).exists():
            raise Refused("Donnez d’abord une liste, et confirmez ses colonnes.")
        fresh.record, fresh.list_digest, fresh.salt, fresh.trouble = None, "", "", ""
        fresh.computing_at = at
        fresh.save(update_fields=["record", "list_digest", "salt", "trouble", "computing_at"])
    return at


def sift_now(draw: Draw, asked: datetime) -> bool:
    """Cross the lists and tell who may be drawn; False when it was not asked any more."""
    rows = sift(draw, timezone.localdate(asked))
    with transaction.atomic():
        fresh = held_draw(draw)
        if not _still(fresh, asked):
            return False
        ListedPerson.objects.bulk_update(rows, ["left_out", "by_hand", "values"], batch_size=300)
        note_sift(fresh)
        fresh.computing_at = None
        fresh.save(update_fields=["computing_at"])
    return True


def prepare_now(draw: Draw, asked: datetime) -> bool:
    """Make the list that is drawn from, its digest and the chances; what prevents it is written on
    the draw. False when it was not asked any more, or cannot be."""
    salt = secrets.token_bytes(32)
    extra = extras_of(draw)
    kept = in_order([row for row in rows_of(draw) if not row.left_out], salt, extra)
    raw = canonical_list(kept, extra)
    trouble, made = "", b""
    try:
        if not is_sifted(draw):
            raise DrawRefused(
                "Triez d’abord les listes : elles, ou qui peut être tiré, ont changé depuis."
            )
        rules = rules_from(draw.rules)
        people = read_list(raw, rules)
        _, made = make_record(prepare(people, rules, list_digest(raw, salt)))
    except DrawRefused as refused:
        trouble = str(refused)
    with transaction.atomic():
        fresh = held_draw(draw)
        if not _still(fresh, asked):
            return False
        fresh.computing_at, fresh.trouble = None, trouble
        if not trouble:
            for line, row in enumerate(kept, 2):  # the names of columns are line 1
                row.line = line
            ListedPerson.objects.filter(source__draw=fresh).update(line=None)
            ListedPerson.objects.bulk_update(kept, ["line"], batch_size=500)
            fresh.record = json.loads(made)
            fresh.list_digest, fresh.salt = fresh.record["preparation"]["list_digest"], salt.hex()
        fresh.save(update_fields=["computing_at", "trouble", "record", "list_digest", "salt"])
    return not trouble


def stop_computing(draw: Draw, asked: datetime, words: str) -> None:
    """A computation broke off: say so on the draw."""
    with transaction.atomic():
        fresh = held_draw(draw)
        if _still(fresh, asked):
            fresh.computing_at, fresh.trouble = None, words
            fresh.save(update_fields=["computing_at", "trouble"])


def _still(draw: Draw, asked: datetime) -> bool:
    return draw.state == PREPARED and draw.computing_at == asked


def set_parties(
    draw: Draw, parties: Sequence[tuple[str, str]], *, actor: Actor, now: datetime | None = None
) -> None:
    """Who makes the seed: a name (an organisation, a quality) and a commitment each. After the
    sealing, new commitments replace a round in which a value is missing: everybody reads it."""
    at = now or timezone.now()
    pairs = [(name.strip(), commitment.strip().lower()) for name, commitment in parties]
    if not LEAST_PARTIES <= len(pairs) <= MOST_PARTIES:
        raise Refused(f"Il faut de {LEAST_PARTIES} à {MOST_PARTIES} parties.")
    if len({name.casefold() for name, _ in pairs}) < len(pairs) or not all(n for n, _ in pairs):
        raise Refused("Donnez à chaque partie un nom différent.")
    for _, commitment in pairs:
        if len(commitment) != 64 or not set(commitment) <= set("0123456789abcdef"):
            raise Refused("Un engagement a 64 chiffres hexadécimaux (0-9, a-f).")
    with transaction.atomic():
        fresh = held_draw(draw, PREPARED, SEALED)
        before = SeedParty.objects.filter(draw=fresh)
        if fresh.state == PREPARED:
            before.delete()
            fresh.public_number, fresh.number_on = "", None
            fresh.save(update_fields=["public_number", "number_on"])
        else:
            round_now = before.filter(dropped_at=None)
            if not round_now.filter(revealed_at=None).exists():
                raise Refused("Toutes les valeurs sont révélées : il n’y a rien à reprendre.")
            kept = round_now.filter(revealed_at__isnull=False).values_list("name", flat=True)
            names = {name.casefold() for name, _ in pairs}
            if gone := [name for name in kept if name.casefold() not in names]:
                raise Refused(f"« {gone[0]} » a révélé sa valeur : cette partie reste.")
            round_now.update(dropped_at=at)
            record(actor, DRAW, fresh.pk, "recommitted", at=at)
        known = set(before.values_list("commitment", flat=True))
        given = [commitment for _, commitment in pairs]
        if known & set(given) or len(set(given)) < len(given):
            raise Refused("Chaque partie donne un engagement nouveau, que personne d’autre n’a.")
        last = before.aggregate(last=Max("position"))["last"] or 0
        for position, (name, commitment) in enumerate(pairs, last + 1):
            party = SeedParty(
                draw=fresh,
                name=name,
                position=position,
                commitment=commitment,
                committed_at=at,
            )
            party.full_clean()
            party.save()


def await_number(draw: Draw, *, label: str, on: date) -> None:
    """The seed will come of a public number that is not known yet, instead of parties."""
    with transaction.atomic():
        fresh = held_draw(draw, PREPARED)
        if on <= timezone.localdate():
            raise Refused("Le résultat doit être connu après aujourd’hui.")
        SeedParty.objects.filter(draw=fresh).delete()
        fresh.public_number, fresh.number_on = label.strip(), on
        fresh.full_clean(exclude=["record"])
        fresh.save(update_fields=["public_number", "number_on"])


def seal_draw(draw: Draw, *, actor: Actor, now: datetime | None = None) -> Draw:
    """Publish rules, digests and how the seed will be made: from here on nobody can choose. What
    the lists said of those who were left out is erased at once."""
    at = now or timezone.now()
    today = timezone.localdate(at)
    with transaction.atomic():
        fresh = held_draw(draw, PREPARED)
        if fresh.body.published_at is None:
            raise Refused("Publiez d’abord la page de l’instance : ses règles s’y liront.")
        if fresh.record is None or not fresh.salt:
            raise Refused("Calculez d’abord les chances.")
        counts = counts_of(fresh)
        if any(counts.get(why) for why in UNDECIDED):
            raise Refused("Décidez d’abord des personnes dont l’adresse ou l’âge est inconnu.")
        if fresh.destroy_on is None or fresh.destroy_on <= today:
            raise Refused("Donnez une date de destruction des listes, à venir.")
        if fresh.lists.filter(confirmed_at=None).exists():
            raise Refused("Confirmez les colonnes de chaque liste, ou retirez-la.")
        parties = fresh.parties.filter(dropped_at=None).count()
        if fresh.public_number:
            if fresh.number_on is None or fresh.number_on <= today:
                raise Refused("Le résultat public attendu doit être connu après aujourd’hui.")
            if fresh.number_on >= fresh.destroy_on:
                raise Refused("Les listes seraient détruites avant que ce résultat soit connu.")
        elif parties < LEAST_PARTIES:
            raise Refused("Dites qui fera la graine, ou quel résultat public la donnera.")
        fresh.state, fresh.sealed_at = SEALED, at
        fresh.left_out = {why: number for why, number in counts.items() if why}
        fresh.save(update_fields=["state", "sealed_at", "left_out"])
        ListedPerson.objects.filter(source__draw=fresh).exclude(left_out="").update(values={})
        record(actor, DRAW, fresh.pk, "sealed", new=SEALED, at=at)
    return fresh


def reveal(party: SeedParty, value: str, *, actor: Actor, now: datetime | None = None) -> None:
    """A party reveals its value; Refused unless it is the one it committed to."""
    at = now or timezone.now()
    try:
        clean, commitment = clean_value(value), commitment_of(value)
    except ValueError as error:
        raise Refused(str(error)) from error
    with transaction.atomic():
        draw = held_draw(party.draw, SEALED)
        fresh = SeedParty.objects.select_for_update().get(pk=party.pk)
        if fresh.dropped_at or fresh.revealed_at:
            raise Refused("Cette partie a déjà révélé sa valeur, ou n’en donne plus.")
        if commitment != fresh.commitment:
            raise Refused("Cette valeur n’est pas celle de l’engagement publié.")
        fresh.value, fresh.revealed_at = clean, at
        fresh.save(update_fields=["value", "revealed_at"])
        record(actor, DRAW, draw.pk, "revealed", new=str(fresh.position), at=at)


def tell_number(
    draw: Draw, *, told: str, source: str, actor: Actor, now: datetime | None = None
) -> None:
    """Write the public number down, once, from its day on, and where everybody can read it."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_draw(draw, SEALED)
        if not fresh.public_number or fresh.number_on is None:
            raise Refused("Ce tirage n’attend pas de résultat public.")
        if timezone.localdate(at) < fresh.number_on:
            raise Refused("Ce résultat n’est pas encore connu : attendez sa date.")
        if fresh.number_told:
            raise Refused("Le résultat est déjà écrit.")
        fresh.number_told, fresh.number_source = clean_number(told), source.strip()
        if not fresh.number_told or not fresh.number_source:
            raise Refused("Donnez le résultat, et où chacun peut le lire.")
        fresh.full_clean(exclude=["record"])
        fresh.save(update_fields=["number_told", "number_source"])
        record(actor, DRAW, fresh.pk, "number_told", at=at)


def seed_words(draw: Draw) -> list[str]:
    """What the seed is made of, in order; empty while something is awaited."""
    if draw.public_number:
        return [draw.number_told] if draw.number_told else []
    parties = list(draw.parties.filter(dropped_at=None).order_by("position"))
    return [one.value for one in parties] if all(one.revealed_at for one in parties) else []


def record_of(draw: Draw) -> Record:
    """The record of a draw, checked from end to end; Refused when it does not hold."""
    try:
        return read_record(canonical(draw.record))
    except DrawRefused as refused:
        raise Refused(str(refused)) from refused


def draw_now(draw: Draw, *, actor: Actor, now: datetime | None = None) -> Draw:
    """Draw: the seed is made, the panel and the reserve follow, and the record is verified."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_draw(draw, SEALED)
        words = seed_words(fresh)
        if not words:
            raise Refused("Il manque de quoi faire la graine.")
        before = record_of(fresh)
        rows = [row for row in rows_of(fresh) if row.line is not None]
        rows.sort(key=lambda row: row.line or 0)
        raw = canonical_list(rows, extras_of(fresh))
        if list_digest(raw, bytes.fromhex(fresh.salt)) != before.preparation.list_digest:
            raise Refused("La liste gardée n’est plus celle dont l’empreinte est publiée.")
        seed = seed_of(before.preparation_digest, words)
        _, made = make_record(before.preparation, seed)
        done = read_record(made)  # verified at once, as anybody may
        fresh.record, fresh.seed = json.loads(made), seed
        fresh.state, fresh.drawn_at = DrawState.DRAWN, at
        fresh.save(update_fields=["record", "seed", "state", "drawn_at"])
        name_people(fresh, done)
        record(actor, DRAW, fresh.pk, "drawn", new=str(len(done.panel)), at=at)
    return fresh
