"""Public meetings of a project: invitations, questions, the account that everybody reads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.pdf import pdf_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.thread.reading import thread_of
from parvis.works.acts import residents as acts
from parvis.works.models import MeetingQuestion, PublicMeeting
from parvis.works.project_events import MEETING
from parvis.works.project_papers import meeting_letter
from parvis.works.project_resident_forms import (
    AccountForm,
    AnswerForm,
    CancelForm,
    MeetingForm,
    PaperForm,
    QuestionForm,
)
from parvis.works.views.projects import crumbs, fetch_project, form_page, project_crumb, tell

SHOWN = 200


def fetch_meeting(request: HttpRequest, pk: int, action: str = "see") -> PublicMeeting:
    """The meeting, with the right to do that on it."""
    rows = PublicMeeting.objects.select_related("project__carrier", "gathering__organiser")
    found: PublicMeeting = rights.fetch(rows, actor_of(request), action, pk=pk)
    return found


def meeting_crumb(meeting: PublicMeeting) -> tuple[str, str]:
    """A meeting in the trail."""
    return meeting.gathering.title, reverse("works:public_meeting", args=[meeting.pk])


@require_safe
def public_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One public meeting: when, where, how to come; afterwards what was said and who answers."""
    return _page(request, fetch_meeting(request, pk))


def _page(request: HttpRequest, found: PublicMeeting, **forms: Any) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    may_edit = (
        actor.is_partner
        and PublicMeeting.objects.allowed(actor, "edit").filter(pk=found.pk).exists()
    )
    told = found.account_published_at is not None
    questions: list[Any] = []
    if told:
        questions = list(found.questions.select_related("organisation")[:SHOWN])
    elif actor.is_partner:
        seen = MeetingQuestion.objects.visible_to(actor).filter(meeting=found)
        questions = list(seen.select_related("organisation")[:SHOWN])
    answerable: set[int] = set()
    if actor.is_partner and questions:
        allowed = MeetingQuestion.objects.allowed(actor, "answer").filter(meeting=found)
        answerable = set(allowed.values_list("pk", flat=True))
    gathering = found.gathering
    context = {
        "meeting": found,
        "gathering": gathering,
        "gathering_url": reverse("gatherings:gathering", args=[gathering.pk]),
        "project": found.project,
        "may_edit": may_edit,
        "told": told,
        "over": gathering.ends_at < timezone.now(),
        "questions": [
            {
                "question": one,
                "late": one.answered_on is None and one.due_on is not None and one.due_on < today,
                "may_answer": one.pk in answerable,
            }
            for one in questions
        ],
        "paper_form": forms.get("paper")
        or PaperForm(initial={"posters_on": found.posters_on, "letters_on": found.letters_on}),
        "thread": thread_of(actor, MEETING, found.pk, seen=True),
        "crumbs": crumbs(project_crumb(found.project), (gathering.title, "")),
    }
    return render(request, "works/public_meeting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a public meeting of a project, for one's organisation."""
    actor, found = actor_of(request), fetch_project(request, pk, "edit")
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organiser = Organisation.objects.get(pk=actor.organisation_id or 0)
        try:
            made = acts.plan_meeting(found, actor=actor, organiser=organiser, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Réunion enregistrée. Publiez-la quand elle est prête.")
            return redirect("works:public_meeting", made.pk)
    return form_page(request, form, "Nouvelle réunion publique", [project_crumb(found)])


@require_http_methods(["GET", "HEAD", "POST"])
def edit_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Change its words, its date or its place."""
    found = fetch_meeting(request, pk, "edit")
    names = list(MeetingForm.base_fields)
    initial = {name: getattr(found.gathering, name) for name in names}
    form = MeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_meeting(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Réunion modifiée. Une autre date ou un autre lieu est dit.")
            return redirect("works:public_meeting", pk)
    trail = [project_crumb(found.project), meeting_crumb(found)]
    return form_page(request, form, "Modifier la réunion", trail)


@require_POST
def publish_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody."""
    found = fetch_meeting(request, pk, "edit")
    try:
        acts.publish_meeting(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Réunion publiée. Affiche et lettre sont prêtes.")
    return redirect("works:public_meeting", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off, with a reason."""
    found = fetch_meeting(request, pk, "edit")
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.cancel_meeting(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Réunion annulée : les personnes inscrites sont prévenues.")
            return redirect("works:public_meeting", pk)
    trail = [project_crumb(found.project), meeting_crumb(found)]
    return form_page(request, form, "Annuler la réunion", trail, action="Annuler cette réunion")


@require_POST
def meeting_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Note when posters were hung and letters put in the boxes."""
    found = fetch_meeting(request, pk, "edit")
    form = PaperForm(request.POST)
    if form.is_valid():
        try:
            acts.note_invitations(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Invitations notées.")
            return redirect("works:public_meeting", pk)
    return _page(request, found, paper=form)


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter that invites, one page for a window envelope."""
    found = fetch_meeting(request, pk)
    return pdf_response(f"lettre-{found.gathering.title}", meeting_letter(found))


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the account, until it is published."""
    found = fetch_meeting(request, pk, "edit")
    initial = {"account": found.account, "attendance": found.attendance}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_account(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Compte rendu enregistré. Publiez-le quand il est relu.")
            return redirect("works:public_meeting", pk)
    trail = [project_crumb(found.project), meeting_crumb(found)]
    return form_page(request, form, "Compte rendu", trail)


@require_POST
def publish_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everybody read the account and the questions."""
    found = fetch_meeting(request, pk, "edit")
    try:
        acts.publish_account(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Compte rendu publié : qui suit le projet est prévenu.")
    return redirect("works:public_meeting", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a question that was put."""
    actor, found = actor_of(request), fetch_meeting(request, pk, "edit")
    form = QuestionForm(request.POST or None, actor=actor, project=found.project)
    if request.method == "POST" and form.is_valid():
        try:
            acts.ask_question(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Question notée.")
            return redirect("works:public_meeting", pk)
    trail = [project_crumb(found.project), meeting_crumb(found)]
    return form_page(request, form, "Noter une question", trail)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question, or complete the answer."""
    rows = MeetingQuestion.objects.select_related("meeting__project", "meeting__gathering")
    found: MeetingQuestion = rights.fetch(rows, actor_of(request), "answer", pk=pk)
    form = AnswerForm(request.POST or None, initial={"answer": found.answer})
    meeting = found.meeting
    there = reverse("works:public_meeting", args=[meeting.pk])
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer_question(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Réponse enregistrée.")
            seen = PublicMeeting.objects.visible_to(actor_of(request)).filter(pk=meeting.pk)
            return redirect(there if seen.exists() else "works:projects")
    trail = [project_crumb(meeting.project), meeting_crumb(meeting)]
    return form_page(request, form, "Répondre", trail, lead=f"« {found.text} »")
