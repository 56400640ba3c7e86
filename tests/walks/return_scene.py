"""A walk and its return: some findings are settled, one is worse, one was not looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.walks.models import Check, Observation, Walk
from parvis.walks.returning import prepare_return
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.walks.scene import a_picture, again, answered, found, walked


def prepared(cast: Cast, walk: Walk | None = None, **fields: Any) -> Walk:
    """claire prepares a return in a month to a walk that is over."""
    given = {
        "actor": cast.actor(cast.claire),
        "starts_at": in_days(30),
        "ends_at": in_days(30, 2),
        **fields,
    }
    return prepare_return(walk or walked(cast), **given)


def check_of(walk: Walk, finding: Observation) -> Check:
    """What the return asks about a finding."""
    return Check.objects.get(stop__walk=walk, thing_kind="observation", thing_id=finding.pk)


def a_return(cast: Cast, **fields: Any) -> Walk:
    """A return that was walked today: settled, still there, worse, and not looked at; and two
    telephones that do not say the same of the one that is worse."""
    walk = walked(cast, **fields)
    themes = ("encombrants", "eclairage", "voirie", "proprete")
    titles = ("Encombrants", "Lampe éteinte", "Trou dans le trottoir", "Poubelle pleine")
    findings = [
        found(cast, walk, theme_code=theme, title=f"{title} · Pied des Tilleuls")
        for theme, title in zip(themes, titles, strict=True)
    ]
    for one in findings[:3]:
        a_picture(one)
    made = prepared(cast, walk)
    hours = {"starts_at": in_days(0, -3), "ends_at": in_days(0, -1)}
    type(made.gathering).objects.filter(pk=made.gathering_id).update(**hours)
    now = timezone.now()
    Walk.objects.filter(pk=made.pk).update(convened_at=now)
    made.gathering.guests.update(invited_at=now)
    for one, result in zip(findings, ("unseen", "seen", "worse"), strict=False):
        answer = answered(
            check_of(made, one), result, organisation=cast.agglomeration, note="Vu ensemble."
        )
        a_picture(answer, "#2c6e49")
    earlier = now - timedelta(minutes=20)
    answered(check_of(made, findings[2]), "seen", organisation=cast.town, noted_at=earlier)
    bench = found(cast, made, title="Banc cassé · Placette de l’Écluse", theme_code="voirie")
    a_picture(bench, "#a8432a")
    found(cast, made, title="Fresque · Rue des Lilas", theme_code="vie_sociale", strength=True)
    return again(made)


def public(walk: Walk) -> Walk:
    """Its account, and that of the walk before, are public; nothing is reviewed by that."""
    now = timezone.now()
    pks = [walk.pk, walk.before_id]
    Walk.objects.filter(pk__in=pks).update(sent_at=now, published_at=now)
    return again(walk)
