"""What the pages of reports have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.partners.actors import Actor, actor_of
from parvis.partners.rights import NOTHING, Policy
from parvis.reports.links import LinkGone, part_from_token, voice_from_token
from parvis.reports.models import Voice
from parvis.reports.workflow import OPEN, PLAIN_WORDS, State
from parvis.ui.unkept import unkept

View = Callable[..., HttpResponse]

# Which colour and sign a state bears; the word beside it always says it too.
TONES = {
    State.NEW: "plain",
    State.TO_QUALIFY: "mine",
    State.TAKEN: "soon",
    State.SCHEDULED: "soon",
    State.SETTLED: "done",
    State.DROPPED: "plain",
}


_OPEN = frozenset(OPEN)


def words_of_state(state: str) -> tuple[str, str]:
    """The tone and the words of a state."""
    known = State(state)
    return TONES[known], str(PLAIN_WORDS[known])


def is_open(state: str) -> bool:
    return state in _OPEN


def private(view: View) -> View:
    """A page reached by a secret link: never kept, never told to another site, never indexed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        return unkept(response)

    return wrapped


def bearer_of(request: HttpRequest, token: str) -> tuple[Voice, Actor]:
    """The voice of a link, and the actor who bears it; 404 for a wrong link."""
    voice = voice_from_token(token)
    if voice is None:
        raise Http404
    opened = frozenset((voice.report_id, voice.report.home.pk))
    return voice, actor_of(request).bearing("voice", voice.pk, opened)


def by_service_link(view: View) -> View:
    """A page that the signed link of a part opens: the view gets the part, and its organisation as
    the actor (whoever holds the link, even signed in elsewhere, acts for that organisation alone).
    404 for a wrong link; a kind word (410) once the part has passed to another organisation."""

    @private
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            part = part_from_token(token)
        except LinkGone:
            return render(request, "reports/service_gone.html", status=410)
        if part is None or part.organisation is None:
            raise Http404
        who = Actor(organisation_id=part.organisation.pk, organisation_name=part.organisation.name)
        return view(request, token, part, who.bearing("part", part.pk), **kwargs)

    return wrapped


def may_do(
    policy: Policy, rows: Any, actor: Actor, actions: Sequence[str]
) -> dict[int, frozenset[str]]:
    """What this actor may do with each of these rows, in one query for all; none when no row of
    the policy grants anything."""
    conditions = {action: policy.condition(actor, action) for action in actions}
    granted = [action for action in actions if conditions[action] != NOTHING]
    if not granted:
        return {}
    asked = [
        Case(
            When(conditions[action], then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for action in granted
    ]
    return {
        pk: frozenset(action for action, may in zip(granted, answers, strict=True) if may)
        for pk, *answers in rows.order_by("pk").values_list("pk", *asked)
    }


def way_back(request: HttpRequest, default: str) -> str:
    """Where a form was posted from, when it says so and it is a page of this site."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if asked and safe else default


def add_errors(form: forms.BaseForm, refused: ValidationError) -> None:
    """What an act refused, beside the field it speaks of, or at the top of the form."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def crumbs(*pairs: Iterable[str]) -> list[dict[str, str]]:
    """The way to this page: (label, url) pairs, the last one being here."""
    return [{"label": label, "url": url} for label, url in pairs]
