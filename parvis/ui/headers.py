"""What every answer tells the browser beside its content policy."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# Where one stands is asked when a person presses a button for it; nothing else is ever asked, and
# no page shown in ours could ask.
_NEVER = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics",
)  # fmt: skip
PERMISSIONS = ", ".join(
    ["geolocation=(self)", "publickey-credentials-get=(self)", *(f"{one}=()" for one in _NEVER)]
)


class HeadersMiddleware:
    """Powers that no page uses are shut, what is ours is not put into pages of others, and what
    was made for somebody who signed in is kept by no cache that others share."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        if "Access-Control-Allow-Origin" not in response:
            response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        carried = settings.SESSION_COOKIE_NAME in request.COOKIES
        if (carried or settings.SESSION_COOKIE_NAME in response.cookies) and (
            "Cache-Control" not in response
        ):
            # Shown again by « Back », so that nothing typed is lost; asked anew otherwise.
            patch_cache_control(response, private=True, no_cache=True)
        return response
