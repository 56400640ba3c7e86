from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from parvis.documents.photos import CleanPhoto
from parvis.partners.actors import NOBODY
from parvis.places.models import Quartier
from parvis.places.searching import index_quartiers
from parvis.reports import acts
from parvis.reports.figures import settled_lately
from parvis.reports.models import Report
from tests.cast import IN_ANZIN, IN_VALENCIENNES


def test_the_home_offers_to_report_to_follow_and_to_find_a_quartier(client, cast):
    page = client.get("/").content.decode()
    for address in ("/signaler/", "/suivre/", "/signalements/"):
        assert f'href="{address}"' in page
    assert cast.rives.name in page


def test_the_home_says_what_will_be_there_when_nothing_is(client, db):
    page = client.get("/").content.decode()
    assert "Aucun quartier n’est encore chargé" in page
    assert "Rien encore" in page


def test_what_was_said_and_done_is_told_on_the_home(client, cast, make_report):
    report = make_report(IN_ANZIN)
    acts.advance_part(
        report.parts.get(), "settle", actor=cast.actor(cast.karim), answer="Ampoule changée."
    )
    page = client.get("/").content.decode()
    assert report.reference in page
    assert "1\N{NO-BREAK SPACE}personne l’avait dit" in page


def test_an_unreviewed_report_is_on_no_public_page(client, cast, make_report):
    report = make_report(IN_ANZIN, public=False, text="Secret de voisinage.")
    acts.advance_part(report.parts.get(), "settle", actor=cast.actor(cast.karim), answer="Fait.")
    call_command("follow_up_reports", verbosity=0)
    quartier = f"/quartiers/{cast.rives.code}/"
    for address in ("/", quartier, "/chercher/?q=secret", "/chercher/?q=lampadaire"):
        page = client.get(address).content.decode()
        assert report.reference not in page
        assert "Secret" not in page


def test_a_quartier_over_three_communes_stands_under_each(client, cast):
    page = client.get("/quartiers/").content.decode()
    assert page.count(f'href="/quartiers/{cast.rives.code}/"') == 3 + 1  # and on the plan


def test_choosing_a_quartier_leads_to_its_page(client, cast):
    answer = client.get("/quartiers/", {"code": cast.faubourg.code})
    assert answer["Location"] == f"/quartiers/{cast.faubourg.code}/"


@pytest.mark.parametrize("address", ["/quartiers/?code=inconnu", "/quartiers/inconnu/"])
def test_an_unknown_quartier_is_not_found(client, cast, address):
    assert client.get(address).status_code == 404


def test_two_quartiers_of_one_name_are_two_pages(client, cast):
    for code, commune in (("QN05925M", cast.anzin), ("QN05928M", cast.raismes)):
        Quartier.objects.create(code=code, name="Centre Ville").communes.set([commune])
    page = client.get("/quartiers/").content.decode()
    assert 'href="/quartiers/QN05925M/"' in page
    assert 'href="/quartiers/QN05928M/"' in page


def test_a_quartier_that_ended_says_so_and_leaves_the_list(client, cast):
    yesterday = timezone.localdate() - timedelta(days=1)
    Quartier.objects.filter(pk=cast.faubourg.pk).update(valid_until=yesterday)
    assert "plus en vigueur" in client.get(f"/quartiers/{cast.faubourg.code}/").content.decode()
    assert cast.faubourg.code not in client.get("/quartiers/").content.decode()


def test_a_quartier_page_shows_its_reports_and_not_its_neighbours(client, cast, make_report):
    ours, other = make_report(IN_ANZIN), make_report((50.372, 3.535))
    page = client.get(f"/quartiers/{cast.rives.code}/").content.decode()
    assert ours.reference in page
    assert other.reference not in page


def test_a_delay_is_told_from_five_settled_reports_on(client, cast, make_report):
    address = f"/quartiers/{cast.rives.code}/"
    for count in range(1, 6):
        report = make_report(IN_ANZIN)
        part = report.parts.get()
        acts.advance_part(part, "settle", actor=cast.actor(cast.karim), answer="Fait.")
        told = "Délai médian" in client.get(address).content.decode()
        assert told == (count == 5)


def test_a_quartier_names_the_towns_and_the_landlords_present(client, cast):
    page = client.get(f"/quartiers/{cast.rives.code}/").content.decode()
    for organisation in (cast.town, cast.other_town, cast.landlord, cast.other_landlord):
        assert organisation.name in page
    faubourg = client.get(f"/quartiers/{cast.faubourg.code}/").content.decode()
    assert cast.landlord.name not in faubourg


def test_search_finds_a_word_without_its_accents_or_its_plural(client, cast, make_report):
    report = make_report(IN_ANZIN, text="Des câbles arrachés pendent.")
    assert report.reference in client.get("/chercher/?q=cable arrache").content.decode()


def test_search_finds_a_quartier_by_its_commune(client, cast):
    index_quartiers()
    page = client.get("/chercher/?q=raismes").content.decode()
    assert cast.rives.code in page
    assert cast.faubourg.code not in page


def test_search_finds_a_reference(client, cast, make_report):
    report = make_report(IN_VALENCIENNES)
    assert report.reference in client.get(f"/chercher/?q={report.reference}").content.decode()


def test_search_lets_a_withdrawn_report_go_for_its_partners_too(client, cast, make_report):
    report = make_report(IN_ANZIN)
    client.force_login(cast.karim)
    assert report.reference in client.get("/chercher/?q=lampadaire").content.decode()
    Report.objects.filter(pk=report.pk).update(withdrawn_at=timezone.now(), public=False)
    assert report.reference not in client.get("/chercher/?q=lampadaire").content.decode()


def test_a_quartier_runs_until_its_last_day(client, cast):
    today = timezone.localdate()
    Quartier.objects.filter(pk=cast.faubourg.pk).update(valid_from=today, valid_until=today)
    page = client.get(f"/quartiers/{cast.faubourg.code}/").content.decode()
    assert "plus en vigueur" not in page


def test_search_that_finds_nothing_says_what_to_do(client, cast):
    assert "Essayez un seul mot" in client.get("/chercher/?q=zzz").content.decode()


@pytest.mark.parametrize(
    "address", ["/donnees-personnelles/", "/mentions-legales/", "/accessibilite/"]
)
def test_plain_pages_are_open_to_everybody(client, db, address):
    assert client.get(address).status_code == 200


def test_the_privacy_page_tells_the_days_that_the_eraser_counts(client, db, settings):
    settings.CONTACT_RETENTION_DAYS = 45
    assert "45&nbsp;jours après la clôture" in client.get("/donnees-personnelles/").content.decode()


def test_the_privacy_page_names_the_address_service_where_it_is_asked(client, db, settings):
    assert "géocodage" not in client.get("/donnees-personnelles/").content.decode()
    settings.GEOCODER_URL = "https://adresses.exemple.test/search"
    assert "(adresses.exemple.test)" in client.get("/donnees-personnelles/").content.decode()


@pytest.mark.parametrize("count", [2, 30])
def test_a_quartier_page_asks_the_same_queries_whatever_the_reports(
    client, cast, make_report, count, django_assert_max_num_queries
):
    for number in range(count):
        report = make_report(IN_ANZIN)
        if number % 2:
            part = report.parts.get()
            acts.advance_part(part, "settle", actor=cast.actor(cast.karim), answer="Fait.")
    client.get(f"/quartiers/{cast.rives.code}/")  # the atlas is read
    with django_assert_max_num_queries(12):
        client.get(f"/quartiers/{cast.rives.code}/")


def test_what_can_be_seen_to_have_changed_comes_first(cast, make_report):
    with_picture = make_report(IN_ANZIN)
    acts.advance_part(
        with_picture.parts.get(),
        "settle",
        actor=cast.actor(cast.karim),
        answer="Fait.",
        photos=[CleanPhoto(jpeg=b"\xff\xd8\xff\xd9", thumbnail=b"\xff\xd8", width=1, height=1)],
    )
    newer = make_report(IN_ANZIN)
    acts.advance_part(newer.parts.get(), "settle", actor=cast.actor(cast.karim), answer="Fait.")
    told = [story.report for story in settled_lately(NOBODY, limit=2)]
    assert told == [with_picture, newer]


@pytest.mark.parametrize("address", ["/formations/", "/reseau/", "/experimentations/"])
def test_the_menu_says_that_one_is_in_the_toolbox_on_all_its_pages(client, cast, address):
    page = client.get(address).content.decode()
    assert 'href="/boite-a-outils/" aria-current="page"' in page
