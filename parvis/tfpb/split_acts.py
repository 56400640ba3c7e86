"""Sharing an action between programmes: parts that sum to 100 % and to the total, to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.tfpb.holding import held, refuse_sent
from parvis.tfpb.money import HUNDRED, share_out, to_cents
from parvis.tfpb.programme_acts import held_line
from parvis.tfpb.programme_models import Line, Programme, Split
from parvis.tfpb.split_models import SplitPart
from parvis.thread.acts import record
from parvis.ui.words import euros_in_words

LINE = "tfpb_line"
# What a part of a shared action takes over from the line that is shared out.
SAID = ("axis", "title", "description", "unit", "starts_on", "ends_on")


@dataclass(frozen=True)
class Share:
    """Who bears a part and its weight: dwellings, per cent or euros. With a programme, a line of it
    bears it; without one it is proposed to that landlord."""

    landlord: Organisation
    weight: Decimal
    programme: Programme | None = None


@dataclass(frozen=True)
class Part:
    """One part: per cent to two decimals, euros to the cent."""

    percent: Decimal
    amount: Decimal


def parts_of(total: Decimal, basis: str, weights: Sequence[Decimal]) -> list[Part]:
    """The parts of a total, in the order of the weights: percentages sum to exactly 100, amounts to
    the total to the cent. ValidationError when what was typed does not.

    Rounding: each part is cut down, and what is left goes by hundredths of a per cent, or by cents,
    to the parts that lost most (`money.share_out`).
    """
    whole = sum(weights, Decimal(0))
    if any(weight < 0 for weight in weights) or whole <= 0:
        raise ValidationError("Donnez un poids à au moins une part, et aucun de négatif.")
    if basis == Split.Basis.PERCENT and whole != HUNDRED:
        said = f"{whole:.2f}".replace(".", ",")
        raise ValidationError(f"Les parts font {said} % : elles doivent faire 100 %.")
    if basis == Split.Basis.AMOUNTS and whole != to_cents(total):
        said, wanted = euros_in_words(whole), euros_in_words(total)
        raise ValidationError(f"Les montants font {said} : ils doivent faire {wanted}.")
    percents, amounts = share_out(HUNDRED, weights), share_out(total, weights)
    return [Part(*one) for one in zip(percents, amounts, strict=True)]


def share_line(
    line: Line, shares: Sequence[Share], *, title: str, total: Decimal, basis: str, actor: Actor
) -> Split:
    """Share a line out, or share it out anew. Its own part is the first; a part in another
    programme of this landlord becomes a line there, the others are proposed.

    Refused once another landlord has taken its part, or when one of the programmes is sent.
    """
    parts = parts_of(total, basis, [share.weight for share in shares])
    with transaction.atomic():
        own = _hold_all(line, shares)
        fresh = held_line(line)
        split = _split_of(fresh, title=title, total=total, basis=basis)
        _check_shares(fresh, shares)
        before = {one.programme_id: one for one in split.lines.all()}
        before[fresh.programme_id] = fresh
        split.parts.all().delete()
        for share, part in zip(shares, parts, strict=True):
            bearer = None
            if share.programme is not None:
                programme = own[share.programme.pk]
                bearer = before.pop(programme.pk, None) or _line_like(fresh, programme)
                _bear(bearer, split, part)
            SplitPart.objects.create(
                split=split,
                landlord=share.landlord,
                weight=share.weight,
                percent=part.percent,
                amount=part.amount,
                line=bearer,
            )
            if bearer is None:
                record(actor, LINE, line.pk, "shared", concerns=share.landlord, public=False)
        for left in before.values():  # a programme of ours that bears no part any more
            left.split, left.split_percent = None, None
            left.version += 1
            left.save(update_fields=["split", "split_percent", "version"])
        record(actor, LINE, line.pk, "changed", public=False)
    return split


def _hold_all(line: Line, shares: Sequence[Share]) -> dict[int, Programme]:
    """Every programme that changes, locked in one order, and still written."""
    ids = {share.programme.pk for share in shares if share.programme is not None}
    if line.split_id is not None:
        own = Line.objects.filter(
            split=line.split_id, programme__landlord=line.programme.landlord_id
        )
        ids |= set(own.values_list("programme_id", flat=True))
    found = {}
    for pk in sorted(ids | {line.programme_id}):
        found[pk] = held(Programme(pk=pk))
        refuse_sent(found[pk])
    return found


def _split_of(line: Line, *, title: str, total: Decimal, basis: str) -> Split:
    split = line.split
    if split is None:
        programme = line.programme
        split = Split(pilot=programme.landlord, year=programme.year)
    else:
        split = Split.objects.select_for_update().get(pk=split.pk)
        if split.pilot_id != line.programme.landlord_id:
            raise Refused("Cette action est partagée par un autre bailleur : lui seul la répartit.")
        taken = split.parts.exclude(landlord=split.pilot_id).exclude(line=None)
        taker = taken.select_related("landlord").first()
        if taker is not None:
            raise Refused(
                f"{taker.landlord} a déjà repris sa part : demandez-lui de la rendre, "
                "en retirant sa ligne, puis changez le partage."
            )
    split.title, split.total, split.basis = title.strip(), to_cents(total), basis
    split.full_clean()
    split.save()
    return split


def _check_shares(line: Line, shares: Sequence[Share]) -> None:
    pilot, year = line.programme.landlord_id, line.programme.year
    named = [share.programme.pk for share in shares if share.programme is not None]
    if not shares or not named or named[0] != line.programme_id:
        raise ValidationError("La première part est celle de cette ligne.")
    if len(set(named)) < len(named):
        raise ValidationError("Un même programme ne porte qu’une part.")
    proposed = [share.landlord.pk for share in shares if share.programme is None]
    if pilot in proposed or len(set(proposed)) < len(proposed):
        raise ValidationError("Un autre bailleur ne reçoit qu’une part.")
    for share in shares:
        programme = share.programme
        if programme is not None and (programme.landlord_id, programme.year) != (pilot, year):
            raise ValidationError("Choisissez des programmes de ce bailleur, de la même année.")


def _line_like(line: Line, programme: Programme) -> Line:
    """A line of another programme that bears a part of the same action."""
    said = {name: getattr(line, name) for name in SAID}
    position = programme.lines.count()
    return Line(programme=programme, position=position, **said)


def _bear(line: Line, split: Split, part: Part) -> None:
    """This line bears that part: its spending is the part's amount."""
    if line.pk is None:
        line.own_funding = part.amount
    else:
        line.version += 1
    line.split, line.split_percent, line.spending = split, part.percent, part.amount
    line.full_clean(exclude=["programme", "action", "usual_means", "split"])
    line.save()


def take_part(part: SplitPart, programme: Programme, *, actor: Actor) -> Line:
    """Take one's part of a shared action into one's own programme, as a line."""
    with transaction.atomic():
        own = held(programme)
        refuse_sent(own)
        fresh = _held_part(part)
        if fresh.line_id is not None:
            raise Refused("Cette part est déjà dans un de vos programmes.")
        theirs = {fresh.landlord_id, fresh.landlord.successor_id} - {None}
        if own.landlord_id not in theirs or own.year != fresh.split.year:
            raise Refused("Choisissez un de vos programmes, de la même année.")
        pilots = fresh.split.lines.filter(programme__landlord=fresh.split.pilot_id)
        shared = pilots.order_by("pk").first()
        if shared is None:
            raise Refused("Cette action n’est plus partagée.")
        line = _line_like(shared, own)
        _bear(line, fresh.split, Part(fresh.percent, fresh.amount))
        fresh.line, fresh.declined_on = line, None
        fresh.save(update_fields=["line", "declined_on"])
        record(actor, LINE, line.pk, "taken", public=False)
    return line


def decline_part(part: SplitPart) -> None:
    """Say no to a part: the one who proposed it shares out anew."""
    with transaction.atomic():
        fresh = _held_part(part)
        if fresh.line_id is not None:
            raise Refused("Cette part est dans un de vos programmes : retirez d’abord la ligne.")
        fresh.declined_on = timezone.localdate()
        fresh.save(update_fields=["declined_on"])


def _held_part(part: SplitPart) -> SplitPart:
    Split.objects.select_for_update().get(pk=part.split_id)
    fresh = SplitPart.objects.select_related("split", "landlord").filter(pk=part.pk).first()
    if fresh is None:
        raise Refused("Le partage a changé entre-temps : relisez ce qui vous est proposé.")
    return fresh
