"""The private space of référents: their subjects, read by themselves and who animates them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import space_network_acts as acts
from parvis.councils.answers import BODIES, crumbs
from parvis.councils.models import Body, Member, NetworkMessage, NetworkTopic
from parvis.councils.space_access import is_in_network
from parvis.councils.space_network_forms import MessageForm, TopicForm
from parvis.councils.space_reading import cut
from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of

both = require_http_methods(["GET", "HEAD", "POST"])
LABEL = "Réseau des référents"
TOPICS = NetworkTopic.objects.select_related("coordinator")


def _body_of(actor: Actor) -> Body:
    body: Body | None = BODIES.allowed(actor, "enter").first()
    if body is None:
        raise Http404
    return body


def _closed(request: HttpRequest) -> HttpResponse:
    """What everybody else reads: who the network is for, and nothing of it."""
    return render(
        request, "councils/space_network_closed.html", {"crumbs": crumbs(None, (LABEL, ""))}
    )


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """The subjects of the network, those that moved last on top."""
    actor = actor_of(request)
    if not is_in_network(actor):
        return _closed(request)
    rows = TOPICS.visible_to(actor)
    closed = request.GET.get("clos") == "1"
    some, pager = cut(request, rows.filter(closed_at__isnull=not closed))
    return render(
        request,
        "councils/space_network.html",
        {"rows": some, "closed": closed, "crumbs": crumbs(None, (LABEL, "")), **pager},
    )


@both
def new_topic(request: HttpRequest) -> HttpResponse:
    """Open a subject."""
    actor = actor_of(request)
    if not is_in_network(actor):
        return _closed(request)
    form = TopicForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = acts.open_topic(_body_of(actor), actor=actor, **form.cleaned_data)
        messages.success(request, "Sujet ouvert. Les autres référents sont prévenus.")
        return redirect("councils:topic", made.pk)
    back = reverse("councils:network")
    context = {
        "form": form,
        "heading": "Ouvrir un sujet",
        "action": "Ouvrir",
        "back": back,
        "files": True,
        "crumbs": crumbs(None, (LABEL, back), ("Ouvrir un sujet", "")),
    }
    return render(request, "councils/space_form.html", context)


@require_safe
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One subject and its messages."""
    found = rights.fetch(TOPICS, actor_of(request), pk=pk)
    return _page(request, found, MessageForm())


def _page(request: HttpRequest, found: NetworkTopic, form: Any) -> HttpResponse:
    actor = actor_of(request)
    some, pager = cut(request, found.messages.select_related("body__organisation"))
    return render(
        request,
        "councils/space_topic.html",
        {
            "topic": found,
            "rows": _lines(some, actor),
            "form": form,
            "crumbs": crumbs(None, (LABEL, reverse("councils:network")), (found.title, "")),
            **pager,
        },
    )


def _lines(some: list[NetworkMessage], actor: Actor) -> list[dict[str, Any]]:
    """Messages with who wrote them: the name that a member shows to all, and their body."""
    writers = Member.objects.filter(
        user__in={one.by_id for one in some if one.by_id},
        body__in={one.body_id for one in some if one.body_id},
    ).select_related("contact")
    names: dict[Any, str] = {(one.user_id, one.body_id): one.public_name for one in writers}
    lines = []
    for one in some:
        who = names.get((one.by_id, one.body_id), "animation")
        lines.append({"message": one, "who": who, "mine": one.by_id == actor.user_id})
    return lines


@require_POST
def reply_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Write under a subject."""
    actor = actor_of(request)
    found = rights.fetch(TOPICS, actor, "write", pk=pk)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        acts.write_message(found, _body_of(actor), actor=actor, **form.cleaned_data)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Message envoyé.")
    return redirect("councils:topic", found.pk)


@require_POST
def close_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a subject, or open it again."""
    found = rights.fetch(TOPICS, actor_of(request), "write", pk=pk)
    closed = request.POST.get("decision") != "reopen"
    acts.close_topic(found, closed=closed)
    messages.success(request, "Sujet clos. Vous pouvez le rouvrir." if closed else "Sujet rouvert.")
    return redirect("councils:topic", found.pk)


@require_safe
def message_file(request: HttpRequest, pk: int, message: int) -> HttpResponseBase:
    """The document of a message, under the right of its subject."""
    found = rights.fetch(TOPICS, actor_of(request), pk=pk)
    one = get_object_or_404(NetworkMessage, topic=found, pk=message)
    if not one.file:
        raise Http404
    stem = one.file_name.rpartition(".")[0] or "document"
    return file_response(one.file, stem)
