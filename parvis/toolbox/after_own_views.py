"""Pages of who followed a course: I am here, my opinion, my certificate, and checking one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.pdf import pdf_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.toolbox import (
    after_acts,
    after_certifying,
    after_questions,
    after_telling,
    after_tokens,
)
from parvis.toolbox.after_forms import AddressForm, CheckForm, CourseOpinionForm, RoomCodeForm
from parvis.toolbox.course_answers import by_link
from parvis.toolbox.models import Certificate, CourseDate, Enrolment, Trainee
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key

AN_HOUR = 3600  # seconds
ADDRESSES_AN_HOUR = 60  # from one place: a whole room shares the network of the house
FIGURES_AN_HOUR = 10  # for one person
CODES_AN_HOUR = 30
SENT = (
    "Si cette adresse est celle d’une inscription, un message vient de partir : ouvrez-le ici, et "
    "confirmez."
)


@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the code in the room opens. Who signs in confirms at once; others have their
    own link sent to the address of their enrolment."""
    now = timezone.now()
    found = after_tokens.room_of(token, now)
    if found is None:
        raise Http404
    mine = _my_enrolment(request, found.date.course_id) if found.fresh else None
    form = AddressForm(request.POST if "email" in request.POST else None)
    sent = False
    if request.method == "POST" and found.fresh:
        if mine is not None and "here" in request.POST:
            return _confirm(request, mine, found)
        if form.is_valid():
            who = visitor_key(request)
            if too_often("toolbox.room", who, times=ADDRESSES_AN_HOUR, seconds=AN_HOUR):
                form.add_error(None, "Trop d’essais d’un coup : voyez l’organisateur.")
            else:
                _send_link(found.date, form.cleaned_data["email"].lower(), token)
                sent = True
    return _room_page(request, found, mine=mine, form=form, sent=SENT if sent else "")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def own_room(request: HttpRequest, token: str, found: Enrolment, code: str) -> HttpResponse:
    """The same page, opened by one's own link that was asked for in the room."""
    place = after_tokens.asked_room(found, code, timezone.now())
    if place is None:
        raise Http404
    if request.method == "POST" and place.fresh:
        return _confirm(request, found, place)
    return _room_page(request, place, mine=found)


def _confirm(request: HttpRequest, enrolment: Enrolment, place: after_tokens.Room) -> HttpResponse:
    try:
        noted = after_acts.confirm_presence(enrolment, place.date)
    except ValidationError as refused:
        return _room_page(request, place, mine=enrolment, refused=" ".join(refused.messages))
    return _room_page(request, place, mine=enrolment, noted="yes" if noted.came else "no")


def _room_page(request: HttpRequest, place: after_tokens.Room, **more: object) -> HttpResponse:
    context = {"date": place.date, "course": place.date.course, "fresh": place.fresh, **more}
    return unkept(render(request, "toolbox/after_room.html", context))


def _my_enrolment(request: HttpRequest, course_id: int) -> Enrolment | None:
    user_id = actor_of(request).user_id
    if user_id is None:
        return None
    rows = after_tokens.ENROLMENTS.standing().filter(course_id=course_id, person_id=user_id)
    return rows.first()


def _send_link(date: CourseDate, email: str, token: str) -> None:
    rows = after_tokens.ENROLMENTS.seated().filter(course_id=date.course_id)
    found = rows.filter(contact__email=email).first()
    found = found or rows.filter(contact=None, person__email__iexact=email).first()
    if found is not None:
        after_telling.send_room_link(found, date, token)


@require_safe
@by_link
def own(request: HttpRequest, token: str, found: Enrolment) -> HttpResponse:
    """What one followed of a course: dates, certificate, opinion."""
    return _own_page(request, token, found, RoomCodeForm())


@require_POST
@by_link
def confirm(request: HttpRequest, token: str, found: Enrolment) -> HttpResponse:
    """I am here, by the figures shown in the room."""
    form = RoomCodeForm(request.POST)
    now = timezone.now()
    if form.is_valid():
        dates = after_tokens.DATES.filter(course_id=found.course_id)
        here = next((one for one in dates if after_tokens.is_open(one, now)), None)
        if too_often("toolbox.figures", str(found.pk), times=FIGURES_AN_HOUR, seconds=AN_HOUR):
            form.add_error("code", "Trop d’essais : voyez l’organisateur.")
        elif here is None or not after_tokens.is_room_code(here, form.cleaned_data["code"]):
            form.add_error("code", "Ce ne sont pas les chiffres de cette séance.")
        else:
            try:
                noted = after_acts.confirm_presence(found, here, now=now)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                if noted.came:
                    messages.success(request, "Votre présence est notée.")
                else:
                    messages.error(request, "L’organisateur vous a noté absent : voyez avec lui.")
                return redirect("toolbox:after_own", token)
    return _own_page(request, token, found, form)


def _own_page(
    request: HttpRequest, token: str, found: Enrolment, form: RoomCodeForm
) -> HttpResponse:
    now = timezone.now()
    noted = dict(found.presences.values_list("date_id", "came"))
    dates = list(after_tokens.DATES.filter(course_id=found.course_id).order_by("number"))
    moment = after_questions.moment_of(found.course, now)
    trainee = Trainee.objects.filter(enrolment=found).first()
    answered = bool(moment and trainee and getattr(trainee, after_questions.DONE[moment]))
    return render(
        request,
        "toolbox/after_own.html",
        {
            "enrolment": found,
            "course": found.course,
            "token": token,
            "lines": [{"date": one, "came": noted.get(one.pk)} for one in dates],
            "here": any(after_tokens.is_open(one, now) and not noted.get(one.pk) for one in dates)
            and found.state == Enrolment.State.SEATED,
            "form": form,
            "certificate": _certificate_of(found),
            "named": after_certifying.is_named(found),
            "asked": moment if after_questions.may_answer(found, moment) else "",
            "answered": answered,
        },
    )


def _certificate_of(enrolment: Enrolment) -> Certificate | None:
    rows = after_certifying.ROWS.standing().filter(enrolment=enrolment)
    found: Certificate | None = rows.first()
    return found


@require_safe
@by_link
def own_certificate(request: HttpRequest, token: str, found: Enrolment) -> HttpResponse:
    """The certificate, by one's own link."""
    certificate = _certificate_of(found)
    if certificate is None:
        raise Http404
    return _paper(certificate)


@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate: to the person, to who organised, to who answered for them then."""
    rows = after_certifying.ROWS.standing()
    return _paper(rights.fetch(rows, actor_of(request), pk=pk))


def _paper(certificate: Certificate) -> HttpResponse:
    if not after_certifying.is_named(certificate.enrolment):
        raise Http404  # the name was erased: nothing more to print
    content = after_certifying.certificate_pdf(certificate)
    return pdf_response(f"attestation-{certificate.number}", content)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def opinion(request: HttpRequest, token: str, found: Enrolment) -> HttpResponse:
    """The questionnaire that is open: at the end, or three months later. Thanks stand at the same
    address, without any trace of who."""
    moment = after_questions.moment_of(found.course, timezone.now())
    asked = moment if after_questions.may_answer(found, moment) else ""
    trainee = Trainee.objects.filter(enrolment=found).first()
    already = bool(asked and trainee and getattr(trainee, after_questions.DONE[asked]))
    form = CourseOpinionForm(
        request.POST if request.method == "POST" else None, moment=asked or after_questions.END
    )
    thanked = False
    if request.method == "POST" and form.is_valid():
        try:
            after_questions.answer(found, said=form.said(), words=form.cleaned_data["words"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            thanked = True
    return render(
        request,
        "toolbox/after_opinion.html",
        {
            "course": found.course,
            "token": token,
            "form": form,
            "moment": asked,
            "thanked": thanked,
            "already": already and not thanked,
        },
    )


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Whether a certificate is true: its code is asked for."""
    form = CheckForm(request.GET or None)
    if form.is_valid():
        code = "".join(sign for sign in form.cleaned_data["code"] if sign.isalnum())
        if code.isascii() and code:
            return redirect("toolbox:after_checked", code.upper()[:20])
        form.add_error("code", "Recopiez le code qui figure au bas de l’attestation.")
    return render(request, "toolbox/after_check.html", {"form": form, "asked": False})


@require_safe
def checked(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper of this code says, if it is true: no more than the paper itself."""
    who = visitor_key(request)
    if too_often("toolbox.certificate", who, times=CODES_AN_HOUR, seconds=AN_HOUR):
        context = {"form": CheckForm(), "asked": False, "slow": True}
        return unkept(render(request, "toolbox/after_check.html", context, status=429))
    found = after_certifying.certificate_of_code(code)
    valid = found is not None and found.revoked_at is None
    context = {"form": CheckForm(), "asked": True, "found": found, "valid": valid}
    if found is not None:
        context |= {
            "hours": after_certifying.hours_in_words(found.hours),
            "days": [after_certifying.day_in_full(day) for day in found.followed_on],
            "named": after_certifying.is_named(found.enrolment),
        }
    return unkept(render(request, "toolbox/after_check.html", context))
