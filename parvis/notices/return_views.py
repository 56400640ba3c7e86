"""What comes back to us from the other side: delivery reports of SMS, bounces of mails."""

from __future__ import annotations

import hmac
import json
import time
from email import message_from_bytes

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parvis.notices import bounces, sms

LARGEST = 200_000  # bytes of one bounce, pictures that come back with it apart
FRESH = 300  # seconds within which what was signed must come


# Machines come here, which hold no cookie: the address or the body is signed.
@csrf_exempt
@require_POST
def delivery(request: HttpRequest, token: str) -> HttpResponse:
    """What became of an SMS, from the gateway, at the address that we gave it with the message.

    Only a number that exists no more, or refuses for good, changes anything; said again, nothing.
    """
    mark = sms.reported(token)
    if mark is None:
        raise Http404
    try:
        said = json.loads(request.body[:10_000])
        status, error = said["status"], said.get("error", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return HttpResponse("status expected\n", status=400, content_type="text/plain")
    if status == "failed" and error in ("invalid_number", "blocked_number"):
        bounces.record_mark(mark, error, timezone.now())
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def returned(request: HttpRequest) -> HttpResponse:
    """One bounce (RFC 3464) as it came, from a mail server that knows our secret."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse("too large\n", status=413, content_type="text/plain")
    if not _signed(request):
        return HttpResponse("not signed\n", status=401, content_type="text/plain")
    noted = bounces.read(message_from_bytes(request.body), timezone.now())
    return HttpResponse(f"{noted}\n", content_type="text/plain")


def _signed(request: HttpRequest) -> bool:
    """`X-Parvis-Time: <unix seconds>`, `X-Parvis-Signature: <hex HMAC-SHA256 of "time.body">`."""
    if not settings.BOUNCE_SECRET:
        return False
    moment = request.headers.get("X-Parvis-Time", "")
    if not (moment.isascii() and moment.isdigit()) or abs(time.time() - int(moment)) > FRESH:
        return False
    wanted = hmac.new(
        settings.BOUNCE_SECRET.encode(), moment.encode() + b"." + request.body, "sha256"
    ).hexdigest()
    given = request.headers.get("X-Parvis-Signature", "")
    return hmac.compare_digest(wanted.encode(), given.encode(errors="replace"))
