"""One line: its page for everybody once published, and how its landlord writes it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.actions.models import Action
from parvis.partners.actors import Actor, actor_of
from parvis.tfpb import programme_acts as acts
from parvis.tfpb.axes import axes_of, axis_of, units
from parvis.tfpb.course_money import course_of
from parvis.tfpb.line_checks import ground_of, notices_of, rules_of
from parvis.tfpb.line_forms import LineForm
from parvis.tfpb.line_record import WORDS, actions_for, in_words, record_of
from parvis.tfpb.programme_answers import (
    crumbs,
    fetch_line,
    fetch_programme,
    line_crumb,
    programme_crumb,
    sent_already,
    status_of,
    tell,
    url_of,
    write,
)
from parvis.tfpb.programme_forms import read_initial
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.tabs import tabs_of
from parvis.thread.reading import events_of, thread_of
from parvis.toolbox.content_following import say_it_follows
from parvis.toolbox.sheet_suggesting import suggest

ACTIONS_AT_MOST = 50


def page_of(line: Line) -> str:
    """The page of a line."""
    return reverse("tfpb:line", args=[line.pk])


@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a line, and the thread that it is on."""
    actor, found = actor_of(request), fetch_line(request, pk)
    partner = actor.is_partner
    may = {
        right: partner and Line.objects.allowed(actor, right).filter(pk=pk).exists()
        for right in ("edit", "follow")
    }
    ground = ground_of(found.programme, [found])
    return render(
        request,
        "tfpb/line.html",
        {
            "line": found,
            "programme": found.programme,
            "axis": axis_of(found.axis),
            "unit": units().get(found.unit, found.unit),
            "residences": list(found.residences.defer("outline")),
            "follow": may["follow"],
            "writes": may["edit"] and found.programme.written,
            "notices": notices_of(found, ground) if may["follow"] else [],
            "rules": [rule for rule in ground.rules if rule.touches(found)]
            if may["follow"]
            else [],
            "action": _seen_action(actor, found),
            "course": course_of(actor, found),
            "pays": may["edit"] and found.programme.published_at is None,
            "suggested": suggest(actor, labels=[("axe", found.axis)]) if partner else [],
            "follow_url": reverse("tfpb:line_follow_sheet", args=[pk]) if may["edit"] else "",
            "thread": thread_of(actor, acts.LINE, pk),
            "events": events_of(actor, acts.LINE, pk, seen=True) if may["follow"] else [],
            "tabs": tabs_of(actor, found, "tfpb:line"),
            "crumbs": crumbs(programme_crumb(found.programme), (found.title, "")),
        },
    )


@require_POST
def follow_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it follows a sheet of the toolbox."""
    found = fetch_line(request, pk, "edit")
    return say_it_follows(request, (acts.LINE, pk), page_of(found))  # type: ignore[arg-type]


def _seen_action(actor: Actor, line: Line) -> Action | None:
    """The action of the plan, for who may see it."""
    found: Action | None = None
    if line.action_id is not None:
        found = Action.objects.visible_to(actor).filter(pk=line.action_id).first()
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a new line in a programme."""
    actor, programme = actor_of(request), fetch_programme(request, pk, "edit")
    posting = request.method == "POST"
    if not posting and (late := sent_already(request, programme)):
        return late
    axis = request.GET.get("axe", "")
    form = LineForm(request.POST or None, programme=programme, initial={"axis": axis})
    if posting and form.is_valid():
        try:
            made = acts.new_line(programme, form.record(), actor=actor)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Ligne écrite : les sommes sont à jour.")
            return redirect(f"{url_of(programme)}#l{made.pk}")
    return _form(request, form, programme, None)


@require_http_methods(["GET", "HEAD", "POST"])
def write_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Write over a line; who writes on what somebody else wrote sees the difference."""
    actor, found = actor_of(request), fetch_line(request, pk, "edit")
    programme, posting = found.programme, request.method == "POST"
    if not posting and (late := sent_already(request, programme)):
        return late
    record = record_of(found, LineForm.names)
    form = LineForm(
        request.POST or None,
        programme=programme,
        line=found,
        initial=read_initial(record, found.version),
    )
    if posting and form.is_valid():
        answer = write(
            request,
            form,
            lambda: acts.write_line(found, form.record(), actor=actor, **form.was_read()),
            words=WORDS,
            in_words=in_words,
            there=page_of(found),
            trail=crumbs(programme_crumb(programme), line_crumb(found)),
        )
        if answer is not None:
            return answer
    return _form(request, form, programme, found)


def _form(
    request: HttpRequest, form: LineForm, programme: Programme, line: Line | None
) -> HttpResponse:
    heading = "Modifier la ligne" if line else "Écrire une ligne"
    trail = [programme_crumb(programme), *([line_crumb(line)] if line else [])]
    rules = rules_of(programme)
    context = {
        "form": form,
        "programme": programme,
        "line": line,
        "heading": heading,
        "touched": [rule for rule in rules if line and rule.touches(line)],
        "others": [rule for rule in rules if not (line and rule.touches(line))],
        "examples": [axis for axis in axes_of(programme.year) if axis.examples],
        "notices": notices_of(line, ground_of(programme, [line])) if line else [],
        "usual": reverse("tfpb:usual", args=[programme.landlord_id, programme.year]),
        "back": page_of(line) if line else url_of(programme),
        "crumbs": crumbs(*trail, (heading, "")),
    }
    return render(request, "tfpb/line_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line away, once that was confirmed."""
    found = fetch_line(request, pk, "edit")
    programme = found.programme
    if request.method == "POST":
        try:
            acts.remove_line(found, actor=actor_of(request), version=_version(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect(page_of(found))
        messages.success(request, f"Ligne retirée : « {found.title} ».")
        return redirect(url_of(programme))
    if late := sent_already(request, programme):
        return late
    return render(
        request,
        "tfpb/line_remove.html",
        {
            "line": found,
            "back": page_of(found),
            "crumbs": crumbs(programme_crumb(programme), line_crumb(found), ("Retirer", "")),
        },
    )


def _version(request: HttpRequest) -> int | None:
    """The version that a page was read at; None when it does not say."""
    number = request.POST.get("version", "")
    digits = number.isascii() and number.isdigit() and len(number) < 9
    return int(number) if digits else None


@require_http_methods(["GET", "HEAD", "POST"])
def line_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the action of the plan that a line pays for (`?mot=`), or none."""
    actor, found = actor_of(request), fetch_line(request, pk, "edit")
    programme = found.programme
    if request.method == "POST":
        return _choose_action(request, found)
    if late := sent_already(request, programme):
        return late
    word = request.GET.get("mot", "").replace("\0", "").strip()[:100]
    rows = list(actions_for(actor, programme, word)[:ACTIONS_AT_MOST])
    return render(
        request,
        "tfpb/line_action.html",
        {
            "line": found,
            "programme": programme,
            "word": word,
            "actions": rows,
            "back": page_of(found),
            "crumbs": crumbs(programme_crumb(programme), line_crumb(found), ("Action du plan", "")),
        },
    )


def _choose_action(request: HttpRequest, found: Line) -> HttpResponse:
    chosen = request.POST.get("action", "")
    digits = chosen.isascii() and chosen.isdigit() and len(chosen) < 15
    if chosen and not digits:
        messages.error(request, "Choisissez une action de la liste : rien n’a changé.")
        return redirect("tfpb:line_action", found.pk)
    wanted = {"action": int(chosen) if digits else None}
    try:
        acts.write_line(found, wanted, actor=actor_of(request), version=found.version)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("tfpb:line_action", found.pk)
    words = "C’est lié : le fil le montre des deux côtés." if digits else "Lien retiré."
    messages.success(request, words)
    return redirect(page_of(found))
