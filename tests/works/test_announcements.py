"""What residents are told: published once, never rewritten, said to be corrected or withdrawn."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from parvis.places.workdays import add_working_days
from parvis.works.acts import announcements as acts
from parvis.works.models import WorksAnnouncement, Worksite
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.works.scene import a_worksite, day
from tests.works.site_scene import an_announcement, words
from tests.works.test_sites import follow, told


def published(cast: Cast, site: Worksite | None = None, **fields: object) -> WorksAnnouncement:
    luc = cast.actor(cast.luc)
    residences = fields.pop("residences", ())
    said = words(**fields)
    draft = acts.draft_announcement(
        site or a_worksite(cast),
        actor=luc,
        residences=residences,  # type: ignore[arg-type]
        **said,
    )
    return acts.publish_announcement(draft, actor=luc)


def test_publishing_tells_each_follower_once(cast: Cast) -> None:
    follow(
        "lea@exemple.test",
        f"residence:{cast.tilleuls.pk}",
        f"quartier:{cast.rives.pk}",
        f"commune:{cast.anzin.pk}",
    )
    made = published(cast)
    acts.publish_announcement(made, actor=cast.actor(cast.luc))
    assert told() == ["Travaux : L’eau sera coupée mardi matin"]


def test_one_for_some_residences_is_told_there_alone(cast: Cast) -> None:
    site = a_worksite(cast)
    site.residences.add(cast.peupliers)
    follow("lea@exemple.test", f"residence:{cast.tilleuls.pk}")
    follow("max@exemple.test", f"residence:{cast.peupliers.pk}")
    follow("eve@exemple.test", f"worksite:{site.pk}")
    published(cast, site, residences=[cast.tilleuls])
    assert len(told()) == len(told("eve@exemple.test")) == 1
    assert told("max@exemple.test") == []


def test_once_published_it_is_not_rewritten(cast: Cast, client: Client) -> None:
    made = published(cast)
    with pytest.raises(ValidationError, match="corrigez"):
        acts.change_announcement(
            made, actor=cast.actor(cast.luc), read_at=made.changed_at, title="Autre chose"
        )
    client.force_login(cast.luc)
    url = f"/annonces-de-travaux/{made.pk}/modifier/"
    answer = client.post(url, {"title": "Autre chose"}, follow=True)
    assert "corrigez-la" in answer.content.decode()
    made.refresh_from_db()
    assert made.title == "L’eau sera coupée mardi matin"


def test_a_correction_takes_its_place_and_both_say_so(cast: Cast, client: Client) -> None:
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    first, luc = published(cast), cast.actor(cast.luc)
    second = acts.draft_announcement(
        first.worksite, actor=luc, replaces=first, **words(title="L’eau sera coupée mercredi")
    )
    before = client.get(f"/annonces-de-travaux/{first.pk}/").content.decode()
    assert "a été corrigée" not in before  # a draft is told to nobody
    with pytest.raises(ValidationError, match="existe déjà"):
        acts.draft_announcement(first.worksite, actor=luc, replaces=first, **words())
    acts.publish_announcement(second, actor=luc)
    old = client.get(f"/annonces-de-travaux/{first.pk}/").content.decode()
    assert "a été corrigée" in old
    assert "L’eau sera coupée mardi matin" in old
    new = client.get(f"/annonces-de-travaux/{second.pk}/").content.decode()
    assert f"/annonces-de-travaux/{first.pk}/" in new
    assert told()[-1] == "Annonce corrigée : L’eau sera coupée mercredi"
    with pytest.raises(ValidationError, match="remplacée"):
        acts.withdraw_announcement(first, actor=luc, reason="Non.")


def test_a_correction_that_was_put_aside_leaves_room_for_another(cast: Cast) -> None:
    first, luc = published(cast), cast.actor(cast.luc)
    second = acts.draft_announcement(first.worksite, actor=luc, replaces=first, **words())
    acts.withdraw_announcement(second, actor=luc, reason="Faux.")
    acts.draft_announcement(first.worksite, actor=luc, replaces=first, **words())
    with pytest.raises(ValidationError, match="de côté"):
        acts.publish_announcement(second, actor=luc)


def test_withdrawn_it_says_why_to_who_was_told(cast: Cast, client: Client) -> None:
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    made = published(cast)
    luc = cast.actor(cast.luc)
    with pytest.raises(ValidationError):
        acts.withdraw_announcement(made, actor=luc, reason=" ")
    acts.withdraw_announcement(made, actor=luc, reason="Les tuyaux tiennent.")
    page = client.get(f"/annonces-de-travaux/{made.pk}/").content.decode()
    assert "Les tuyaux tiennent." in page
    assert told()[-1] == "Annonce retirée : L’eau sera coupée mardi matin"


def test_two_who_change_a_draft_at_once(cast: Cast, client: Client) -> None:
    draft = an_announcement(a_worksite(cast), public=False)
    client.force_login(cast.luc)
    url = f"/annonces-de-travaux/{draft.pk}/modifier/"
    read_at = client.get(url).context["read_at"]
    given = {"title": "A", "what": "B", "starts_on": day(9), "ends_on": day(9), "read_at": read_at}
    assert client.post(url, given).status_code == 302
    second = client.post(url, {**given, "what": "Mes mots"}).content.decode()
    assert "Quelqu’un a écrit en même temps" in second
    assert "Mes mots" in second
    draft.refresh_from_db()
    assert draft.what == "B"


@pytest.mark.parametrize(("left", "warned"), [(4, True), (5, False)])
def test_short_notice_is_said_before_publishing(
    cast: Cast, client: Client, left: int, warned: bool
) -> None:
    start = add_working_days(day(), left)
    draft = an_announcement(a_worksite(cast), public=False, starts_on=start, ends_on=start)
    client.force_login(cast.luc)
    page = client.get(f"/annonces-de-travaux/{draft.pk}/").content.decode()
    assert ("d’habitude, les habitants ont 5 jours" in page) is warned


def test_a_draft_is_nowhere_for_strangers(cast: Cast, client: Client) -> None:
    draft = an_announcement(a_worksite(cast), public=False)
    for page in ("", "affiche.pdf", "agenda.ics"):
        assert client.get(f"/annonces-de-travaux/{draft.pk}/{page}").status_code == 404
    assert draft.title not in client.get(f"/chantiers/{draft.worksite_id}/").content.decode()
    feed = client.get(f"/chantiers/{draft.worksite_id}/agenda.ics").content.decode()
    assert "coup" not in feed
    client.force_login(cast.paul)
    assert client.get(f"/annonces-de-travaux/{draft.pk}/").status_code == 404


def test_the_feed_of_a_worksite_says_what_is_withdrawn(cast: Cast, client: Client) -> None:
    site = a_worksite(cast)
    an_announcement(site)
    url = f"/chantiers/{site.pk}/agenda.ics"
    assert f"DTSTART;VALUE=DATE:{day(7):%Y%m%d}" in client.get(url).content.decode()
    site.announcements.update(withdrawn_at=site.changed_at, reason="Non.")
    assert "STATUS:CANCELLED" in client.get(url).content.decode()


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize("long", [False, True])
def test_the_poster_is_one_accessible_page_however_long_the_words(
    cast: Cast, client: Client, paper: str, long: bool, tmp_path: Path
) -> None:
    fields = {}
    if long:
        fields = {
            "title": ("Grand titre " * 10)[:120],
            "what": ("Un long mot d’explication. " * 60)[:1500],
            "changes": ("Ligne\n" * 250)[:1500],
            "for_whom": ("Toutes les entrées de la résidence. " * 9)[:300],
            "why": ("Parce que les tuyaux fuient. " * 11)[:300],
            "contact": ("La loge, 03 00 00 00 00. " * 9)[:200],
            "hours": "h" * 120,
        }
    made = an_announcement(a_worksite(cast, title="Chantier " * 17), **fields)
    answer = client.get(f"/annonces-de-travaux/{made.pk}/affiche.pdf", {"format": paper})
    assert_accessible(answer.content)
    assert page_count(answer.content) == 1
    if shutil.which("pdfinfo"):
        file = tmp_path / "poster.pdf"
        file.write_bytes(answer.content)
        said = subprocess.run(
            ["pdfinfo", str(file)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "Tagged:          yes" in said
        assert made.title.strip() in said
        assert ("A3" if paper == "a3" else "A4") in said
