"""What allauth asks of the house: no self sign-up, the visitor's address, mail by the outbox."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.tasks import send_due_messages
from parvis.partners import oidc, second_factor
from parvis.ui.visitors import client_ip

NOT_THE_CODE = "Ce code n’est pas le bon. Vérifiez-le, ou attendez le suivant."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it has no types
    """Accounts come by invitation; sign-in is by e-mailed code, password or passkey."""

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

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        elsewhere = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if elsewhere and oidc.proved_a_second_factor(elsewhere.account.extra_data):
            second_factor.believe_provider(request, user)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Before a change of factors one of them is proved again; a password is never enough."""
        types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        methods = []
        if types & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}:
            methods.append(
                {
                    "id": "mfa_reauthenticate",
                    "description": "Saisir un code",
                    "url": reverse("mfa_reauthenticate"),
                }
            )
        if Authenticator.Type.WEBAUTHN in types:
            entry = {
                "id": "mfa_reauthenticate:webauthn",
                "description": "Utiliser ma clé d’accès",
                "url": reverse("mfa_reauthenticate_webauthn"),
            }
            methods.insert(0, entry)
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has no factor yet has nothing to prove again."""
        return bool(Authenticator.objects.filter(user_id=self.request.user.pk).exists())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Word of a change of factors; neither address nor browser is written in it."""
        words = {"timestamp": timezone.now(), **(context or {})}
        self.send_mail(template_prefix, email or user.email, words)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox: a known address answers as fast as an unknown one, and a mail server
        that is down does not break the page."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        mail = outbox.Mail(str(message.subject), str(message.body))
        key = f"sign_in:{secrets.token_hex(12)}"
        with transaction.atomic():
            outbox.put(
                key,
                [outbox.Recipient(key, email)],
                lambda who: mail,
                wait=timedelta(0),
                asked_for=True,
            )
            transaction.on_commit(send_due_messages.enqueue)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # it has no types
    """Second factors: named in French, their secrets unreadable in a copy of the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": NOT_THE_CODE,
        "cannot_generate_recovery_codes": "Ajoutez d’abord un second facteur.",
    }

    def get_totp_issuer(self) -> str:
        return str(settings.BRAND["name"])

    def _get_site_name(self) -> str:
        return str(settings.BRAND["name"])

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Clé d’accès {count + 1}"

    def encrypt(self, text: str) -> str:
        return _locksmith().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _locksmith().decrypt(encrypted_text.encode()).decode()


def _locksmith() -> MultiFernet:
    """Keys made from the site's, today's first; a key that is changed stays a fallback a while."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"parvis.partners.factors|{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in digests])
