"""Who supports, without keeping who: keyed digests of addresses; and the links that people hold."""

from __future__ import annotations

import hmac
import unicodedata

from django.core import signing
from django.utils.crypto import salted_hmac

from parvis.councils.models import Proposition, Support

_PERSON = "parvis.councils.support.person"
_VISITOR = "parvis.councils.support.limit"
_SUPPORT = "parvis.councils.support.link"
_AUTHOR = "parvis.councils.proposition.link"


def one_address(address: str) -> str:
    """The address by which one mailbox is known: lower case, without what follows a plus sign.

    "Nour+quartier@Exemple.test" is "nour@exemple.test".
    """
    written = unicodedata.normalize("NFKC", address).strip().casefold()
    name, at, host = written.rpartition("@")
    mailbox = name.partition("+")[0] or name
    return f"{mailbox}{at}{host}"


def person_of(proposition_id: int, address: str) -> str:
    """The digest by which a proposition knows one person: nobody reads an address back from it, and
    that of another proposition is another one."""
    return _digest(_PERSON, f"{proposition_id}:{one_address(address)}")


def limit_of(address: str) -> str:
    """What stands for an address where mails to it are counted, for an hour."""
    return _digest(_VISITOR, one_address(address))


def _digest(purpose: str, value: str) -> str:
    return salted_hmac(purpose, value, algorithm="sha256").hexdigest()


def author_token(proposition: Proposition) -> str:
    """The unguessable part of the link by which an author comes back."""
    return _token(_AUTHOR, proposition.pk, proposition.nonce)


def proposition_from_token(token: str) -> Proposition | None:
    """The proposition of an author's link; None for a wrong or cut one."""
    pk = _number_of(token)
    rows = Proposition.objects.select_related("quartier", "body__organisation", "contact")
    found = rows.defer("quartier__outline").filter(pk=pk).first() if pk else None
    return found if found and _same(token, author_token(found)) else None


def support_token(support: Support) -> str:
    """The unguessable part of the link that is mailed to who supports."""
    return _token(_SUPPORT, support.pk, support.person)


def support_from_token(token: str) -> Support | None:
    """The support of a link, with its proposition; None for a wrong or cut one."""
    pk = _number_of(token)
    found = Support.objects.select_related("proposition").filter(pk=pk).first() if pk else None
    return found if found and _same(token, support_token(found)) else None


def _token(salt: str, pk: int, secret: str) -> str:
    return f"{pk}.{signing.Signer(sep='.', salt=salt).signature(f'{pk}:{secret}')}"


def _number_of(token: str) -> int | None:
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    return int(number)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
