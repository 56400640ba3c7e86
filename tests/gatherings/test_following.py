"""Who follows a place by e-mail hears of the gatherings there."""

from __future__ import annotations

from django.utils import timezone

from parvis.gatherings import acts
from parvis.notices import subscribing
from parvis.notices.models import DigestLine, Envelope, Subscription
from parvis.notices.subscribing import Topic
from tests.cast import Cast
from tests.gatherings.scene import in_days, workshop


def follow(email: str, topic: str, pace: str = "now") -> None:
    subscribing.subscribe(email, Topic(topic, "Un lieu"), pace=pace)
    Subscription.objects.update(confirmed_at=timezone.now())
    Envelope.objects.all().delete()


def told() -> list[str]:
    rows = Envelope.objects.filter(address="lea@exemple.test").order_by("pk")
    return list(rows.values_list("subject", flat=True))


def test_what_is_published_moved_and_called_off_is_told_to_who_follows_the_quartier(
    cast: Cast,
) -> None:
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    sofia = cast.actor(cast.sofia)
    made = workshop(cast, title="Compost", public=False)
    assert told() == []
    acts.publish_gathering(made, actor=sofia)
    acts.change_gathering(made, actor=sofia, starts_at=in_days(6), ends_at=in_days(6, 1))
    acts.cancel_gathering(made, actor=sofia, reason="Grève.")
    assert told() == [
        "Rendez-vous : Compost",
        "Date ou lieu modifié : Compost",
        "Annulé : Compost",
    ]


def test_who_follows_another_place_hears_nothing(cast: Cast) -> None:
    follow("lea@exemple.test", f"quartier:{cast.faubourg.pk}")
    workshop(cast)
    assert told() == []


def test_a_draft_that_moves_or_is_called_off_is_told_to_nobody(cast: Cast) -> None:
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    made = workshop(cast, public=False)
    acts.cancel_gathering(made, actor=cast.actor(cast.sofia), reason="Grève.")
    assert told() == []


def test_a_gathering_of_a_whole_commune_is_told_to_its_followers_in_the_digest(
    cast: Cast,
) -> None:
    follow("lea@exemple.test", f"commune:{cast.anzin.pk}", "daily")
    workshop(cast, quartiers=[], title="Ville propre")
    line = DigestLine.objects.get()
    assert line.title == "Rendez-vous : Ville propre"
    assert "Maison du projet" in line.text
