"""The invented people of the demonstration, one per role."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Account:
    """One invented person: `communes` and `quartiers` are codes; both given means their crossing."""

    code: str
    name: str
    organisation: str  # key of data/organisations.toml
    role: str
    says: str  # what this account shows, on the sign-in page
    communes: tuple[str, ...] = ()
    quartiers: tuple[str, ...] = ()


ACCOUNTS = (
    Account("coordination", "Hélène Marchand (fictive)", "agglomeration", "coordination", "coordonne les partenaires sur toutes les communes", communes=("*",)),
    Account("mairie", "Karim Lefort (fictif)", "59014", "responsable", "répond pour une mairie", communes=("59014",)),
    Account("agent", "Sofia Brun (fictive)", "59014", "contributeur", "agit sur le terrain pour une mairie", communes=("59014",)),
    Account("bailleur", "Luc Dormont (fictif)", "escaut", "responsable", "répond pour un bailleur"),
    Account("gardienne", "Inès Caron (fictive)", "escaut", "contributeur", "gardienne, agit pour un bailleur"),
    Account("autre-bailleur", "Paul Vasseur (fictif)", "hainaut", "responsable", "répond pour un autre bailleur"),
    Account("maison-de-quartier", "Rose Delcourt (fictive)", "maison", "contributeur", "suit la part d’un quartier dans une commune", communes=("59014",), quartiers=("QN05921M",)),
    Account("etat", "Anne Tellier (fictive)", "etat", "lecteur", "lit, pour un service de l’État", communes=("*",)),
    Account("voisine", "Nadia Petit (fictive)", "59491", "responsable", "répond pour une mairie de l’agglomération voisine", communes=("59491",)),
)  # fmt: skip


def address_of(code: str) -> str:
    """The address of an account; the domain can never exist (RFC 2606)."""
    return f"{code}@demo.invalid"


def for_sign_in(request: HttpRequest) -> dict[str, object]:
    """Context: the accounts that the sign-in page offers, one button each."""
    return {
        "demo_letters_url": reverse("demo:letters"),
        "demo_accounts": [
            {
                "name": account.name,
                "email": address_of(account.code),
                "says": account.says,
                "url": reverse("demo:enter", args=[account.code]),
            }
            for account in ACCOUNTS
        ],
    }
