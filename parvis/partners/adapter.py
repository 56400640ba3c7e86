"""What allauth asks of the house: no self sign-up, the visitor's address, mail by the outbox."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from parvis.notices import outbox
from parvis.notices.tasks import send_due_messages
from parvis.partners.visitors import client_ip


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it has no types
    """Accounts come by invitation; sign-in is by e-mailed code or password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Cette adresse et ce mot de passe ne vont pas ensemble. "
        "Vérifiez-les, ou recevez un code.",
        "incorrect_code": "Ce code n’est pas le bon. Vérifiez-le dans le dernier message reçu.",
        "too_many_login_attempts": "Trop d’essais en peu de temps. Attendez quelques minutes, "
        "puis recommencez.",
        "rate_limited": "Trop de demandes en peu de temps. Attendez une minute, puis recommencez.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox: a known address answers as fast as an unknown one, and a mail server
        that is down does not break the page."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        mail = outbox.Mail(str(message.subject), str(message.body))
        key = f"sign_in:{secrets.token_hex(12)}"
        with transaction.atomic():
            outbox.put(key, [outbox.Recipient(key, email)], lambda who: mail, wait=timedelta(0))
            transaction.on_commit(send_due_messages.enqueue)
