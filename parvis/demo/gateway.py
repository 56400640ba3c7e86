"""The SMS gateway of the demonstration: speaks the interface of docs/sms-gateway.md, and keeps what
it takes beside the letters, where visitors read it."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parvis.demo.models import Letter
from parvis.notices.phones import international


# The worker calls, with a key and no cookie.
@csrf_exempt
@require_POST
def take(request: HttpRequest) -> JsonResponse:
    """Take one SMS, once for each idempotency key."""
    wanted = f"Bearer {settings.SMS_GATEWAY_KEY}"
    if not constant_time_compare(request.headers.get("Authorization", ""), wanted):
        return JsonResponse({"error": "unauthorized"}, status=401)
    try:
        said = json.loads(request.body)
        key, to, text = str(said["id"])[:120], str(said["to"]), str(said["text"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "invalid_request"}, status=400)
    if not key or not text or international(to) != to:
        error = "invalid_number" if key and text else "invalid_request"
        return JsonResponse({"error": error}, status=422)
    Letter.objects.get_or_create(
        sms_key=key,
        defaults={"sender": "SMS", "recipient": to, "subject": text[:300], "text": text},
    )
    return JsonResponse({"id": key}, status=202)
