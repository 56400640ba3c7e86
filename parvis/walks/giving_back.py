"""What was seen on the spot returns to the thing that was checked, once, with its pictures."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from parvis.partners.actors import Actor
from parvis.thread.acts import give_back
from parvis.thread.register import Seen
from parvis.ui.words import local_day
from parvis.walks.models import Answer, Check, Picture, Walk

log = logging.getLogger(__name__)

NOT_CHECKED = "Cela ne se vérifie pas, ou plus, sur place."
GONE = "Ce qui était à vérifier n’existe plus."
NOT_NOW = "Cela n’a pas pu être rendu. Réessayez plus tard."


def give_back_answers(ids: Iterable[int]) -> int:
    """Give back those of these answers whose pictures all came; how many were. One that its thing
    does not take says why, and is never lost."""
    return sum(_give_back(pk, whole=True) for pk in ids)


def give_back_walk(walk: Walk, actor: Actor) -> int:
    """Give back every answer of a walk that waits, pictures or not: the desk asks for it. How many
    were."""
    mine = Answer.objects.allowed(actor, "sort").filter(about__stop__walk=walk, returned_at=None)
    waiting = list(mine.order_by("noted_at", "pk").values_list("pk", flat=True))
    return sum(_give_back(pk, whole=False) for pk in waiting)


def _give_back(pk: int, *, whole: bool) -> bool:
    with transaction.atomic():
        # Held: two telephones that bring its last pictures together give it back once.
        rows = Answer.objects.select_for_update(of=("self",))
        answer = rows.select_related("about__stop__walk__gathering", "about__organisation").get(
            pk=pk
        )
        if answer.returned_at is not None:
            return False
        pictures = list(answer.pictures.order_by("noted_at", "pk"))
        if whole and (len(pictures) < answer.pictures_told or _tried(answer)):
            return False
        why = _returned(answer, pictures)
        answer.not_kept = why[:300]
        if not why:
            answer.returned_at = timezone.now()
        answer.save(update_fields=["not_kept", "returned_at"])
    return not why


def _tried(answer: Answer) -> bool:
    """Noted before the day of the walk, by somebody who tried a telephone: the desk says whether
    it counts."""
    begins = answer.about.stop.walk.gathering.starts_at
    return local_day(answer.noted_at) < local_day(begins)


def _returned(answer: Answer, pictures: list[Picture]) -> str:
    """Tell the thing; why it does not take it, or nothing."""
    check = answer.about
    try:
        with transaction.atomic():
            give_back(_asker(check), check.thing, _seen(answer, pictures))
    except ValidationError as refused:
        return " ".join(refused.messages)
    except ValueError:  # no kind of that name is checked, or not with that result
        return NOT_CHECKED
    except ObjectDoesNotExist:
        return GONE
    except Exception:  # the room that keeps it failed: what was noted stays, and is asked again
        log.exception("answer %s could not be given back", answer.pk)
        return NOT_NOW
    return ""


def _asker(check: Check) -> Actor:
    """The organisation for which it was checked: nobody of it in particular."""
    asker = check.organisation
    return Actor(organisation_id=asker.pk, organisation_name=asker.name, kind=asker.kind)


def _seen(answer: Answer, pictures: list[Picture]) -> Seen:
    check = answer.about
    return Seen(
        result=answer.result,
        on=local_day(answer.noted_at),
        organisation_id=check.organisation_id,
        where=occasion_of(check.stop.walk),
        note=answer.note,
        pictures=tuple(_jpeg(one) for one in pictures if not one.people),
        by_partner=answer.organisation_id is not None,
    )


def occasion_of(walk: Walk) -> str:
    """« Diagnostic en marchant du 3 mars 2026 », as the things checked tell it."""
    return f"Diagnostic en marchant du {_full_day(local_day(walk.gathering.starts_at))}"


def _full_day(day: date) -> str:
    return date_format(day, "j F Y" if day.day > 1 else "1\\e\\r F Y")


def _jpeg(picture: Picture) -> bytes:
    with picture.file.open("rb") as content:
        return bytes(content.read())
