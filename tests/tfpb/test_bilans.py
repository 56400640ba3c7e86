"""The bilan: written, sent and frozen, questioned, contested, answered, accepted, published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY
from parvis.reports.lists import load
from parvis.tfpb import bilan_acts as acts
from parvis.tfpb.bilan_content import content_of, read_content
from parvis.tfpb.models import Bilan, Line, LineReview, Programme, SentVersion
from parvis.tfpb.spending_acts import write_spending
from parvis.thread.acts import link
from parvis.thread.models import Event
from tests.cast import Cast
from tests.figures.counting import counted
from tests.reports.scene import filed, make_public
from tests.tfpb.bilan_scene import presence, running, sent_bilan, written
from tests.tfpb.scene import spent, the_officer


def bilan_of(programme: Programme) -> Bilan:
    return Bilan.objects.get(programme=programme)


def step(programme: Programme, code: str, actor: Any, reason: str = "") -> str:
    return acts.advance_bilan(programme, code, actor=actor, reason=reason).state


def test_the_figures_of_a_bilan_come_from_its_lines(cast: Cast) -> None:
    programme, waste, _ = running(cast)
    spent(waste, "10000.00", valued="7500.00", quantity="40")
    spent(waste, "2000.00", valued="500.00", quantity="8.5")
    programme.real, programme.real_on = Decimal("32000.00"), date(programme.year, 10, 1)
    content = read_content(content_of(programme, None))
    against = content.against
    assert (against.sums.spending, against.sums.spent) == (Decimal(32000), Decimal(12000))
    assert against.sums.leverage == Decimal("1.50")  # 12 000 / 8 000
    assert against.coverage == Decimal("266.7")  # 32 000 / 12 000: the real amount counts
    assert against.utilisation == Decimal("25.0")  # 8 000 / 32 000
    assert against.per_dwelling == Decimal("60.00")  # 12 000 / 200 abated dwellings
    assert next(line for line in content.lines if line.pk == waste.pk).quantity_done == "48.50"


def test_what_lacks_is_said_and_blocks_the_sending(cast: Cast) -> None:
    programme, _, _ = running(cast)
    luc = cast.actor(cast.luc)
    with pytest.raises(ValidationError) as said:
        step(programme, "send", luc)
    assert "il en reste 2" in str(said.value)
    assert "résumé pour tous" in str(said.value)
    written(cast, programme)
    assert acts.missing_from(programme, bilan_of(programme)) == []
    assert step(programme, "send", luc) == "sent"


@pytest.mark.parametrize("done", ["postponed", "cancelled"])
def test_a_line_that_was_not_done_says_why(cast: Cast, done: str) -> None:
    _, waste, _ = running(cast)
    luc = cast.actor(cast.luc)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        acts.review_line(waste, actor=luc, done=done)
    acts.review_line(waste, actor=luc, done=done, comment="Le marché a été refait.")
    assert LineReview.objects.get().done == done


def test_the_real_abatement_has_its_date_and_its_source(cast: Cast) -> None:
    programme, _, _ = running(cast)
    words: Any = {"summary": "", "worked": "", "difficulties": "", "prospects": ""}
    words["actor"] = cast.actor(cast.luc)
    real = {"real": Decimal("41000.00"), "real_on": date(programme.year, 10, 1)}
    with pytest.raises(ValidationError, match="avis d’imposition"):
        acts.write_bilan(programme, **words, **real, real_source=" ")
    acts.write_bilan(programme, **words, **real, real_source="Avis 59-123")
    programme.refresh_from_db()
    assert (programme.abatement, programme.version) == (Decimal("41000.00"), 2)
    acts.write_bilan(programme, **words, **real, real_source="Avis 59-123")  # the same: no event
    told = Event.objects.get(code="real", thing_id=programme.pk)
    assert (told.old, told.new, told.public) == ("", "41000.00", False)


def test_what_was_sent_stays_as_it_was(cast: Cast) -> None:
    programme, waste, _ = sent_bilan(cast)
    luc, karim = cast.actor(cast.luc), cast.actor(cast.karim)
    with pytest.raises(ValidationError, match="ne change plus"):
        acts.review_line(waste, actor=luc, done="partly")
    step(programme, "question", karim, "Pourquoi le mardi ?")
    acts.answer_word(bilan_of(programme).words.get(), actor=luc, answer="C’est le jour du marché.")
    write_spending(
        programme,
        actor=luc,
        spending=waste.spendings.get(),
        amount=Decimal("9000.00"),
        own_funding=None,
        other_funding=Decimal(0),
    )
    step(programme, "send", luc)
    first, second = SentVersion.objects.order_by("number")
    assert read_content(first.content).sums.spent == Decimal("10000.00")
    assert read_content(second.content).sums.spent == Decimal("9000.00")


def test_a_contested_bilan_is_answered_sent_again_accepted_and_published(cast: Cast) -> None:
    programme, _, _ = sent_bilan(cast)
    luc, claire, officer = cast.actor(cast.luc), cast.actor(cast.claire), the_officer(cast)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        step(programme, "contest", officer)
    assert step(programme, "contest", officer, "Les passages n’ont pas eu lieu.") == "contested"
    # A question does not soften it; it is not accepted as long as it is contested.
    assert step(programme, "question", cast.actor(cast.karim), "Combien ?") == "contested"
    with pytest.raises(ValidationError, match="déjà noté"):
        step(programme, "accept", claire)
    with pytest.raises(ValidationError, match="Répondez"):
        step(programme, "send", luc)
    for word in bilan_of(programme).words.all():
        acts.answer_word(word, actor=luc, answer="Voici les bons d’intervention.")
    step(programme, "send", luc)
    assert step(programme, "reserve", claire, "Deux passages manquent.") == "reserved"
    assert step(programme, "publish", claire) == "published"
    programme.refresh_from_db()
    assert programme.published_at
    with pytest.raises(ValidationError, match="publié"):
        acts.answer_word(bilan_of(programme).words.first(), actor=luc, answer="Trop tard")
    told = Event.objects.filter(thing_kind="tfpb_programme").order_by("pk")
    assert list(told.values_list("code", flat=True)) == [
        *("bilan_sent", "bilan_contested", "bilan_questioned", "bilan_answered", "bilan_answered"),
        *("bilan_sent", "bilan_reserved", "bilan_published"),
    ]
    assert Event.objects.filter(thing_kind="tfpb_line", code="bilan_published").count() == 2


def test_who_had_reported_is_told_once_and_sees_the_line(cast: Cast) -> None:
    load()
    programme, waste, staff = sent_bilan(cast)
    claire = cast.actor(cast.claire)
    for line in (waste, staff):
        report = make_public(filed(email="lea@exemple.test").report)
        link(claire, ("report", report.pk), ("tfpb_line", line.pk))
    link(claire, ("report", report.pk), ("tfpb_line", waste.pk))
    assert not Line.objects.visible_to(NOBODY).exists()
    step(programme, "accept", claire)
    step(programme, "publish", claire)
    (mail,) = [one for one in Envelope.objects.all() if "fait payer" in one.subject]
    assert mail.address == "lea@exemple.test"
    assert "Un gardien en plus" in mail.subject
    assert f"/quartiers/{cast.rives.code}/abattement/" in mail.text
    assert set(Line.objects.visible_to(NOBODY)) == {waste, staff}


def test_a_bilan_being_written_is_its_landlord_s_alone(client: Any, cast: Cast) -> None:
    programme, _, _ = running(cast)
    written(cast, programme)
    url = f"/tfpb/programmes/{programme.pk}/bilan/"
    client.force_login(cast.karim)
    page = client.get(url).content.decode()
    assert "n’est pas encore transmis" in page
    assert "deux fois plus souvent" not in page
    client.force_login(cast.luc)
    page = client.get(url).content.decode()
    assert "deux fois plus souvent" in page
    assert "Transmettre le bilan" in page
    client.post(f"{url}transmettre/")
    # Questioned, it is written again: the others still read what was sent.
    step(programme, "question", cast.actor(cast.karim), "Combien ?")
    Bilan.objects.update(summary="Autre chose")
    client.force_login(cast.karim)
    page = client.get(url).content.decode()
    assert "deux fois plus souvent" in page
    assert "Autre chose" not in page


def test_of_two_who_write_the_bilan_neither_loses_a_word(client: Any, cast: Cast) -> None:
    programme, _, _ = running(cast)
    client.force_login(cast.luc)
    url = f"/tfpb/programmes/{programme.pk}/bilan/ecrire/"
    read = client.get(url).context["form"]["read"].value()
    assert client.post(url, {"read": read, "worked": "Ce qu’Ines écrit"}).status_code == 302
    page = client.post(url, {"read": read, "worked": "Ce que Luc écrit"})
    assert "Ce qu’Ines écrit" in page.content.decode()
    assert "Ce que Luc écrit" in page.content.decode()
    assert bilan_of(programme).worked == "Ce qu’Ines écrit"
    again = {"read": page.context["form"]["read"].value(), "worked": "Les deux"}
    assert client.post(url, again).status_code == 302
    assert bilan_of(programme).worked == "Les deux"


def test_each_one_takes_their_steps_on_screen(client: Any, cast: Cast) -> None:
    programme, waste, staff = running(cast)
    url = f"/tfpb/programmes/{programme.pk}/bilan/"
    client.force_login(cast.luc)
    for line in (waste, staff):
        client.post(f"/tfpb/lignes/{line.pk}/bilan/", {"done": "partly"})
    client.post(f"{url}ecrire/", {"summary": "Deux passages.", "real": ""})
    assert "Bilan transmis" in client.post(f"{url}transmettre/", follow=True).content.decode()
    assert client.post(f"{url}passer/accept/").status_code == 403
    client.force_login(cast.karim)
    said = {"reason": "Où sont les bons ?", "line": waste.pk}
    assert client.post(f"{url}dire/contest/", said).status_code == 302
    assert client.post(f"{url}passer/publish/").status_code == 403
    client.force_login(cast.luc)
    word = bilan_of(programme).words.get()
    assert (word.organisation, word.line) == (cast.town, waste)
    client.post(f"{url}repondre/{word.pk}/", {"answer": "Les voici."})
    client.post(f"{url}transmettre/")
    client.force_login(cast.claire)
    assert "Les voici." in client.get(url).content.decode()
    client.post(f"{url}passer/accept/")
    client.post(f"{url}passer/publish/")
    client.logout()
    page = client.get(url).content.decode()
    assert "Deux passages." in page
    assert "Les voici." not in page  # what was said between parties stays between them


def test_the_bilan_asks_as_much_for_two_lines_as_for_many(client: Any, cast: Cast) -> None:
    programme, _, _ = running(cast)
    written(cast, programme)
    client.force_login(cast.luc)
    url = f"/tfpb/programmes/{programme.pk}/bilan/"
    with counted() as few:
        client.get(url)
    for number in range(12):
        spent(presence(programme, title=f"Ligne {number}"))
    with counted() as many:
        client.get(url)
    assert len(few) == len(many) <= 24
