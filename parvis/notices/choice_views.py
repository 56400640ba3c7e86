"""The page on which the owner of an address says how to be told, and what browsers ask for it."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.notices import bounces, outbox, preferences, push, sms
from parvis.notices.choice_forms import ChoicesForm
from parvis.notices.fingerprints import from_token
from parvis.notices.models import Channel, PhoneCheck, Preference, PushDevice
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.phones import international
from parvis.notices.tasks import send_due_messages
from parvis.ui import languages
from parvis.ui.languages import in_every_language
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key

AN_HOUR = 3600  # seconds
CODES_AN_HOUR = 5  # from one visitor
CODES_OF_A_NUMBER = 3  # an hour: nobody is flooded with codes


@in_every_language
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """How the bearer of this link is told: to look at and to change."""
    mark = from_token(token)
    if mark is None:
        raise Http404
    held = preferences.of([mark]) or Preference(fingerprint=mark)
    ways = _ways(mark, held)
    pressed = request.POST.get("do", "") if request.method == "POST" else ""
    form = ChoicesForm(
        request.POST if pressed == "keep" else None, instance=held, ways=frozenset(ways)
    )
    if pressed == "keep":
        if form.is_valid():
            preferences.choose(mark, **form.cleaned_data)
            messages.success(
                request, gettext("C’est noté. Cela vaut pour ce qui part dès maintenant.")
            )
            return redirect("notices:choices", token)
    elif pressed:
        return _answer(request, token, mark, pressed)
    context = {
        "form": form,
        "ways": ways,
        "stopped": held.stopped_at,
        "bounced": bounces.known([mark]),
        "phone": _hidden(held.phone),
        "asked": PhoneCheck.objects.filter(fingerprint=mark).exists(),
        "sms": sms.available(),
        "devices": PushDevice.objects.filter(fingerprint=mark).count(),
        "token": token,
        "push_key": push.public_key(),
    }
    return unkept(render(request, "notices/choices.html", context))


@in_every_language
@require_POST
def add_device(request: HttpRequest, token: str) -> HttpResponse:
    """A browser of the bearer of this link takes notifications (JSON of its subscription)."""
    mark = from_token(token)
    if mark is None:
        raise Http404
    try:
        said = json.loads(request.body)
        endpoint, keys = said["endpoint"], said["keys"]
        push.keep(mark, str(endpoint), str(keys["p256dh"]), str(keys["auth"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"error": gettext("Ce navigateur a mal répondu.")}, status=400)
    except ValidationError as refused:
        return JsonResponse({"error": " ".join(refused.messages)}, status=400)
    preferences.choose(mark, channel=Channel.PUSH)
    return HttpResponse(status=204)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows notifications, served from where it may act."""
    return HttpResponse(
        f"importScripts({json.dumps(static('notices/push-worker.js'))});\n",
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "public, no-cache"},
    )


def _ways(mark: str, held: Preference) -> set[str]:
    """What can be chosen: SMS once a number is confirmed, notifications once a browser is known."""
    ways = set()
    if sms.available() and held.phone:
        ways.add(str(Channel.SMS))
    if PushDevice.objects.filter(fingerprint=mark).exists():
        ways.add(str(Channel.PUSH))
    return ways


def _answer(request: HttpRequest, token: str, mark: str, pressed: str) -> HttpResponse:
    """One button was pressed."""
    try:
        if pressed == "stop":
            preferences.stop(mark)
            messages.success(
                request, gettext("C’est fait : plus aucun message ne part à cette adresse.")
            )
        elif pressed == "resume":
            preferences.resume(mark)
            messages.success(request, gettext("C’est noté : vous serez de nouveau prévenu."))
        elif pressed == "works":
            bounces.clear([mark])
            messages.success(request, gettext("Merci : nous écrivons de nouveau à cette adresse."))
        elif pressed == "phone":
            _ask_phone(request, mark)
        elif pressed == "code":
            preferences.confirm_phone(mark, request.POST.get("code", ""))
            messages.success(
                request, gettext("Votre numéro est confirmé : vous serez prévenu par SMS.")
            )
        elif pressed == "forget-phone":
            preferences.forget_phone(mark)
            messages.success(request, gettext("Votre numéro est effacé."))
        elif pressed == "forget-devices":
            preferences.forget_devices(mark)
            messages.success(request, gettext("Plus aucune notification sur vos appareils."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("notices:choices", token)


def _ask_phone(request: HttpRequest, mark: str) -> None:
    """Send a code to the number that was given; ValidationError when it cannot be done."""
    if not sms.available():
        raise ValidationError(gettext("Les SMS ne sont pas proposés ici."))
    number = international(request.POST.get("phone", ""))
    if too_often("notices.code", visitor_key(request), times=CODES_AN_HOUR, seconds=AN_HOUR) or (
        number and too_often("notices.code.to", number, times=CODES_OF_A_NUMBER, seconds=AN_HOUR)
    ):
        raise ValidationError(gettext("Trop de demandes d’un coup : réessayez dans une heure."))
    code = f"{secrets.randbelow(1_000_000):06}"
    phone = preferences.ask_phone(mark, request.POST.get("phone", ""), code)
    words = gettext(
        "{code} : votre code pour recevoir nos SMS. Vous n’avez rien demandé ? Oubliez-le."
    ).format(code=code)
    key = f"phone.asked:{secrets.token_hex(12)}"
    outbox.put(
        key,
        [Recipient(key, phone, language=languages.current(), channel=Channel.SMS)],
        lambda who: Mail(words, words, short=words),
        wait=timedelta(0),
        asked_for=True,
    )
    send_due_messages.enqueue()
    messages.success(request, gettext("Un code part par SMS : recopiez-le ici."))


def _hidden(phone: str) -> str:
    """The last digits of a number: enough for its owner to know it."""
    return f"•• {phone[-2:]}" if phone else ""
