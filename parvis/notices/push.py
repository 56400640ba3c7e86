"""Notifications in a browser (Web Push, RFC 8030, 8291, 8292), under the installation's own keys.

The push service of the browser's maker carries them; what they say is encrypted for that browser
alone. Its address was given by somebody's browser, so it is called with the care of
`documents.outgoing`: public network only, no redirection.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from functools import lru_cache
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from py_vapid import Vapid02

from parvis.documents import outgoing
from parvis.documents.kept_key import kept_key
from parvis.notices.models import PushDevice
from parvis.notices.outcomes import Refused, Unsure

FILE = "vapid_key"
KEPT = 3 * 24 * 3600  # seconds that a push service keeps it for a browser that is off
DEVICES = 5  # of one address: the oldest gives way


def public_key() -> str:
    """What a browser is given so that it takes notifications from this installation alone."""
    key = _vapid(_private_key()).public_key
    return _coded(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


_ADDRESS = re.compile(r"[!-~]+")  # signs of an address, and no other: it becomes a request line


def keep(mark: str, endpoint: str, p256dh: str, auth: str) -> None:
    """Show notifications for this address in that browser; ValidationError when the browser gave
    what no push service gives."""
    parts = urlsplit(endpoint)
    try:
        sound = parts.scheme == "https" and bool(parts.hostname) and len(endpoint) <= 500
        sound = sound and _ADDRESS.fullmatch(endpoint) is not None
        sound = sound and parts.netloc == parts.hostname  # neither port nor name
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
        sound = sound and len(_decoded(auth)) == 16 and len(p256dh) <= 100 and len(auth) <= 40
    except (ValueError, binascii.Error):
        sound = False
    if not sound:
        raise ValidationError(gettext("Ce navigateur n’a pas pu s’inscrire aux notifications."))
    with transaction.atomic():
        PushDevice.objects.update_or_create(
            endpoint=endpoint, defaults={"fingerprint": mark, "p256dh": p256dh, "auth": auth}
        )
        mine = PushDevice.objects.filter(fingerprint=mark).order_by("-pk")
        PushDevice.objects.filter(pk__in=list(mine.values_list("pk", flat=True))[DEVICES:]).delete()


def send(key: str, marks: list[str], text: str, link: str) -> None:
    """Show one notification in each browser of this address; one that took it is enough.

    Refused when none is left, Unsure when all that are left may take it later. Browsers that are
    gone (404, 410) are forgotten. The same key replaces the same notification.
    """
    topic = _coded(hashlib.sha256(key.encode()).digest()[:24])
    said = {"title": settings.BRAND["name"], "body": text, "url": link, "tag": topic}
    words = json.dumps(said, ensure_ascii=False).encode()
    taken, later = 0, ""
    for device in PushDevice.objects.filter(fingerprint__in=marks).order_by("pk"):
        try:
            status = _call(device, words, topic)
        except outgoing.CallRefused as refused:
            status = 599 if refused.may_pass else 410
        if status in (200, 201, 202, 204):
            taken += 1
        elif status in (404, 410):
            device.delete()
        else:
            later = f"http {status}" if status != 599 else "no answer"
    if taken:
        return
    if later:
        raise Unsure(later)
    raise Refused("no browser left")


def _call(device: PushDevice, words: bytes, topic: str) -> int:
    one_use = ec.generate_private_key(ec.SECP256R1())
    body = http_ece.encrypt(
        words,
        private_key=one_use,
        dh=_decoded(device.p256dh),
        auth_secret=_decoded(device.auth),
        version="aes128gcm",
    )
    parts = urlsplit(device.endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": _contact()}
    headers = {
        **_vapid(_private_key()).sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Topic": topic,
        "Urgency": "normal",
    }
    return outgoing.call(device.endpoint, method="POST", body=body, headers=headers).status


def _contact() -> str:
    """Whom a push service may write to about us."""
    email = settings.PUBLISHER["email"]
    return f"mailto:{email}" if email else f"https://{urlsplit(settings.SITE_URL).hostname}"


def _private_key() -> str:
    if settings.VAPID_PRIVATE_KEY:
        key: str = settings.VAPID_PRIVATE_KEY
        return key
    return kept_key(settings.VAR_DIR / FILE, _new_key)


@lru_cache(maxsize=2)
def _vapid(private_key: str) -> Vapid02:
    return Vapid02.from_raw(private_key.encode())


def _new_key() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _coded(number.to_bytes(32, "big"))


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(coded: str) -> bytes:
    return base64.b64decode(coded + "=" * (-len(coded) % 4), altchars=b"-_", validate=True)
