"""What happens to propositions and small projects, in words, and the word back to who proposed."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.councils.models import Proposition, PropositionContact
from parvis.councils.proposition_digest import author_token
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.thread.acts import word_back
from parvis.thread.models import Event

PROPOSITION, MICRO_PROJECT = "proposition", "micro_project"  # the kinds, as the thread names them
SENTENCES = {
    "proposed": "Proposition reçue",
    "published": "Proposition relue et publiée",
    "refused": "Proposition relue, non publiée",
    "taken_up": "Proposition portée par {concerns}",
    "answered": "Réponse donnée par {who}",
    "paper": "Signatures sur papier\u00a0: {new}",
    "withdrawn": "Proposition retirée par son auteur",
    "granted": "Devenue un projet d’habitants, financé par {concerns}",
}
MICRO_SENTENCES = {
    "submitted": "Projet présenté au comité de {concerns}",
    "granted": "Projet accordé par {concerns}\u00a0: {new}\u00a0€",
    "refused": "Projet refusé par {concerns}",
    "planned": "Projet suivi dans le plan d’actions",
    "done": "Projet réalisé",
    "dropped": "Projet abandonné",
}
# What an author reads or is told, by the code of what happened.
TOLD = {
    "received": (
        "Votre proposition est arrivée",
        "Elle est relue avant d’être montrée à tous, sous quelques jours.",
    ),
    "published": (
        "Votre proposition est publiée",
        "Chacun peut la lire et la soutenir.",
    ),
    "refused": ("Votre proposition n’est pas publiée", "Voici pourquoi."),
    "taken_up": (
        "Votre proposition est portée par l’instance du quartier",
        "L’instance la défend désormais auprès de ceux qui décident.",
    ),
    "answered": ("Une réponse à votre proposition", "Voici ce qui vous est répondu."),
    "granted": (
        "Votre proposition devient un projet",
        "Le comité a accordé le budget demandé par l’instance.",
    ),
    "not_granted": (
        "Le budget n’a pas été accordé",
        "Le comité n’a pas accordé le budget du projet né de votre proposition.",
    ),
    "done": (
        "Le projet né de votre proposition est réalisé",
        "Lisez ce qui a été fait.",
    ),
}


def follow_url(proposition: Proposition) -> str:
    """The absolute address of the author's own page."""
    page = reverse("councils:my_proposition", args=[author_token(proposition)])
    return f"{settings.SITE_URL}{page}"


def authors_of(pk: int) -> list[Recipient]:
    """Who made a proposition, while there is an address to tell them."""
    rows = PropositionContact.objects.select_related("proposition").exclude(email="")
    return [
        Recipient(f"proposition:{one.pk}", one.email, follow_url(one.proposition))
        for one in rows.filter(proposition=pk)
    ]


def acknowledge(proposition: Proposition) -> None:
    """The receipt, with the author's own link; what they wrote is not in it, nobody read it yet."""
    key = f"proposition.received:{proposition.pk}"
    outbox.put(key, authors_of(proposition.pk), _words("received", proposition, ""))


def tell_author(proposition: Proposition, event: Event, code: str, *, words: str = "") -> None:
    """Word back to who proposed: by mail, or on the list of people to call."""
    contact = PropositionContact.objects.filter(proposition=proposition).first()
    if contact is None:
        return
    word_back(PROPOSITION, proposition.pk, event, _words(code, proposition, words))
    contact.told_at = timezone.now()
    contact.to_tell = code if contact.phone and not contact.email else ""
    contact.save(update_fields=["told_at", "to_tell"])


def forget_author(proposition: Proposition) -> None:
    """Erase how to reach who proposed, and what still waits to be told them."""
    PropositionContact.objects.filter(proposition=proposition).delete()
    outbox.forget(f"proposition:{proposition.pk}")


def _words(code: str, proposition: Proposition, words: str) -> outbox.Compose:
    heading, text = TOLD[code]

    def compose(who: Recipient) -> Mail:
        context = {
            "heading": heading,
            "told": text,
            "words": words,
            "title": "" if code == "received" else proposition.title,
            "link": who.link,
        }
        return render("councils/notices/proposition_word", context)

    return compose
