"""Who is written to about what a body brings to the préfet, and only once it was sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from parvis.councils.challenge_rules import label_of
from parvis.councils.frame_models import Challenge, ChallengeStep
from parvis.gatherings.events import addresses_of
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient


def tell_sent(challenge: Challenge) -> int:
    """To the people of the State's service, or its address, with the whole text."""
    to = [challenge.prefet] if challenge.prefet else []
    words = {"text": challenge.text}
    return _tell(f"challenge.sent:{challenge.pk}", to, challenge, "challenge_sent", words)


def tell_passed_on(challenge: Challenge, step: ChallengeStep) -> int:
    """To the organisation to which the préfet's service passed the case on."""
    to = [step.organisation] if step.organisation else []
    words = {"step": label_of(step.code), "text": challenge.text}
    event = f"challenge.passed:{challenge.pk}:{step.pk}"
    return _tell(event, to, challenge, "challenge_passed", words)


def tell_answered(challenge: Challenge) -> int:
    """To the body."""
    to = [challenge.body.organisation]
    return _tell(f"challenge.answered:{challenge.pk}", to, challenge, "challenge_answered", {})


def _tell(event: str, to: Any, challenge: Challenge, name: str, words: dict[str, Any]) -> int:
    context = {
        "challenge": challenge,
        "link": f"{settings.SITE_URL}{reverse('councils:challenge', args=[challenge.pk])}",
        **words,
    }

    def compose(who: Recipient) -> Mail:
        service = who.key.startswith("organisation:")
        return render(f"councils/notices/{name}", {**context, "service": service})

    return outbox.put(event, addresses_of(to), compose)
