"""Following: a person who spoke comes back by link or by code, without an account."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.notices.fingerprints import choices_url
from parvis.notices.phones import international
from parvis.partners.actors import Actor
from parvis.reports import acts, drafts, sending
from parvis.reports.forms.following import CodeForm, NotYetForm, SpeakForm
from parvis.reports.links import code_of, follow_url, token_of, voice_from_code
from parvis.reports.models import Voice
from parvis.reports.views import story
from parvis.reports.views.filing import BUSY, OLD_FORM
from parvis.reports.views.shared import add_errors, bearer_of, private
from parvis.reports.workflow import Forbidden
from parvis.ui.languages import in_every_language

WRONG_CODE = _(
    "Aucun signalement ne porte cette référence avec ce code. Vérifiez-les, lettre par lettre : "
    "ils sont écrits sur la page reçue après l’envoi et dans nos messages."
)
TOO_MANY_TRIES = _(
    "Trop d’essais depuis votre connexion. Attendez un quart d’heure, puis réessayez."
)


@in_every_language
@private
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """A reference and its code lead to the person's own page."""
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if sending.tried_too_often(request):
            form.add_error(None, TOO_MANY_TRIES)
            status = 429
        else:
            data = form.cleaned_data
            voice = voice_from_code(data["reference"], data["code"])
            if voice is not None:
                return redirect("reports:follow", token_of(voice))
            form.add_error(None, WRONG_CODE)
    return render(request, "reports/code.html", {"form": form}, status=status)


@in_every_language
@private
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own page: state, who has it, until when, what was said, and what they may do."""
    voice, actor = bearer_of(request, token)
    return _page(request, voice, actor, token)


def _page(
    request: HttpRequest,
    voice: Voice,
    actor: Actor,
    token: str,
    *,
    speak: SpeakForm | None = None,
    not_yet: NotYetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = story.told(_without_mandate(actor), voice.report.home, ("read",))
    if speak is not None and not getattr(speak, "renew", False) and speak.data.get("form_id"):
        form_id = str(speak.data["form_id"])
    else:
        form_id = sending.new_form_id()
    context |= {
        "token": token,
        "voice": voice,
        "own": voice.report,
        "link": follow_url(voice),
        "code": code_of(voice),
        "new": request.GET.get("nouveau") == "1",
        "author": voice.kind == Voice.Kind.AUTHOR,
        "contact": getattr(voice, "contact", None),
        "choices": _choices_of(voice),
        "speak": speak or SpeakForm(),
        "not_yet": not_yet or NotYetForm(),
        "form_id": form_id,
    }
    return render(request, "reports/follow.html", context, status=status)


def _choices_of(voice: Voice) -> str:
    """Where this person chooses how they are told; empty when nothing is ever sent to them."""
    contact = getattr(voice, "contact", None)
    address = (contact.email or international(contact.phone)) if contact is not None else ""
    return choices_url(address) if address else ""


def _without_mandate(actor: Actor) -> Actor:
    """On this page a partner who follows their own report is a resident like others: the page shows
    what the link opens, and nothing more."""
    assert actor.bearer is not None  # noqa: S101
    return Actor().bearing(*actor.bearer, actor.opened)


@in_every_language
@private
@require_POST
def speak(request: HttpRequest, token: str) -> HttpResponse:
    """Add a word, and photos, once."""
    voice, actor = bearer_of(request, token)
    form = SpeakForm(request.POST, request.FILES)
    status = 200
    if sending.posted_too_often(request):
        form.is_valid()
        form.add_error(None, TOO_MANY_TRIES)
        status = 429
    elif form.is_valid():

        def say() -> int:
            acts.speak(voice, text=form.cleaned_data["text"], photos=form.ready)
            return voice.pk

        try:
            made = sending.once(form.cleaned_data["form_id"], say)
        except sending.AlreadyOld:
            form.add_error(None, OLD_FORM)
            form.renew = True  # type: ignore[attr-defined]
        except Forbidden as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            if made:
                drafts.forget(form.kept)
                messages.success(request, _("Merci, votre message est transmis."))
                return redirect("reports:follow", token)
            form.add_error(None, BUSY)
    form.keep_photos()
    return _page(request, voice, actor, token, speak=form, status=status)


@in_every_language
@private
@require_POST
def say_settled(request: HttpRequest, token: str) -> HttpResponse:
    voice, _bearer = bearer_of(request, token)
    try:
        acts.say_settled(voice)
    except Forbidden as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Merci. Ceux qui interviennent le voient aussitôt."))
    return redirect("reports:follow", token)


@in_every_language
@private
@require_POST
def say_not_yet(request: HttpRequest, token: str) -> HttpResponse:
    voice, actor = bearer_of(request, token)
    form = NotYetForm(request.POST)
    if not form.is_valid():
        return _page(request, voice, actor, token, not_yet=form)
    try:
        acts.say_not_yet(voice, text=form.cleaned_data["text"])
    except Forbidden as refused:
        messages.error(request, str(refused))
    except ValidationError as refused:
        add_errors(form, refused)
        return _page(request, voice, actor, token, not_yet=form)
    else:
        messages.success(request, _("C’est noté. Ceux qui interviennent sont prévenus."))
    return redirect("reports:follow", token)


@in_every_language
@private
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take one's report back: it cannot be undone, so a page asks first."""
    voice, _bearer = bearer_of(request, token)
    if request.method == "POST":
        acts.withdraw(voice)
        return render(request, "reports/gone.html", {"reference": voice.report.reference})
    return render(request, "reports/withdraw.html", {"voice": voice, "token": token})


@in_every_language
@private
@require_http_methods(["GET", "HEAD", "POST"])
def erase_contact(request: HttpRequest, token: str) -> HttpResponse:
    """Have one's address and number forgotten: it cannot be undone, so a page asks first."""
    voice, _bearer = bearer_of(request, token)
    if request.method == "POST":
        acts.erase_contact(voice)
        messages.success(request, _("Vos coordonnées sont effacées. Gardez le lien de cette page."))
        return redirect(reverse("reports:follow", args=[token]))
    return render(request, "reports/erase_contact.html", {"voice": voice, "token": token})
