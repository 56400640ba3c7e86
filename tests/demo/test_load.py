"""The demonstration: loaded once, the same each time, and all of it invented."""

import re

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from parvis.actions.models import Action, Convention, Plan
from parvis.demo import story
from parvis.demo.accounts import accounts, address_of, read
from parvis.demo.pictures import FAULTS, picture
from parvis.gatherings.evaluating import results_of
from parvis.gatherings.models import Gathering, RegistrationContact
from parvis.meetings.acts import to_check
from parvis.meetings.models import Decision, Sitting
from parvis.notices.models import Envelope
from parvis.partners.actors import actors_of
from parvis.partners.models import Mandate, Organisation, User
from parvis.places.addresses import find_addresses
from parvis.places.models import Address, Commune, Quartier, Residence, Street
from parvis.reports.models import Category, Contact, Part, Photo, Report, Route
from parvis.reports.workflow import CLOSED, OPEN, overall
from parvis.thread.models import Link
from parvis.thread.reading import awaiting


def census():
    """How many rows every table holds."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_it_holds_the_communes_and_the_quartiers_by_their_real_codes(demo):
    ours = Commune.objects.filter(epci_siren="245901160")
    assert (ours.count(), Quartier.objects.count()) == (35, 15)
    rives = Quartier.objects.get(code="QN05921M")
    codes = {commune.code for commune in rives.communes.all()}
    assert codes == {"59014", "59079", "59112", "59491", "59606"}


def test_its_outlines_are_schematic_and_say_so(demo):
    assert not Quartier.objects.filter(schematic=False).exists()
    assert not Commune.objects.filter(schematic=False).exists()


def test_its_invented_addresses_are_found(demo):
    found = find_addresses("4 r trois penich anzin")
    assert found[0].full == "4 Rue des Trois Péniches, Anzin"
    assert Address.objects.count() == 24 * Street.objects.count()


def test_running_it_twice_changes_nothing(demo):
    before = census()
    call_command("load_demo", verbosity=0)
    assert census() == before


def test_it_tells_the_same_story_each_time(demo):
    first = list(
        Report.objects.exclude(channel="field")
        .order_by("pk")
        .values_list("category__code", "place_label", "text")
    )
    assert len(first) == 30 + len(story.CAME_BACK) + len(read("routes")["report"]) + 1  # a walk's
    again = random_choices()
    assert again == random_choices()


def random_choices():
    """The first throws of each report's own dice."""
    import random

    return [random.Random(f"signalement {number}").random() for number in range(10)]


def test_every_person_and_every_landlord_says_that_it_is_invented(demo):
    for name in User.objects.values_list("name", flat=True):
        assert re.search(r"\(fictifs?\)|\(fictive\)", name)
    for organisation in Organisation.objects.all():
        assert re.search(r"\((fictif|fictive|démonstration)\)", organisation.name)


def test_no_address_could_ever_be_reached(demo):
    addresses = [
        *User.objects.values_list("email", flat=True),
        *Organisation.objects.values_list("email", flat=True),
        *Contact.objects.values_list("email", flat=True),
    ]
    assert addresses
    assert all(address.endswith("@demo.invalid") for address in addresses)


def test_an_operator_and_a_commune_s_tool_are_served_by_mail(demo):
    lamps = Organisation.objects.get(email="lumieres@demo.invalid")
    assert not Mandate.objects.filter(organisation=lamps).exists()
    call_command("follow_up_reports", verbosity=0)
    addresses = set(Envelope.objects.values_list("address", flat=True))
    assert {"lumieres@demo.invalid", "allo-marly@demo.invalid"} <= addresses
    signed = Envelope.objects.filter(
        address__in=("lumieres@demo.invalid", "allo-marly@demo.invalid")
    )
    assert all("/service/" in letter.text or "/convie/" in letter.text for letter in signed)
    assert Report.objects.get(way="handed").commune.code == "59383"
    assert Route.objects.get(way="partners").commune.code == "59215"


def test_there_is_one_account_per_role(demo):
    roles = set(Mandate.objects.values_list("role", flat=True))
    assert roles == {"coordination", "responsable", "contributeur", "lecteur"}
    assert Mandate.objects.count() == len(accounts())


def test_every_report_is_in_the_state_of_its_parts(demo):
    for report in Report.objects.prefetch_related("parts"):
        assert report.state == overall([part.state for part in report.parts.all()])


def test_reports_are_open_settled_and_dropped_and_some_have_no_manager(demo):
    assert Report.objects.filter(state__in=OPEN).exists()
    assert Report.objects.filter(state__in=CLOSED).count() > Report.objects.count() / 2
    assert Part.objects.filter(closed_at=None).exists()


def test_what_may_not_be_public_is_not(demo):
    assert not Report.objects.filter(public=True, category__may_be_public=False).exists()


def test_pictures_are_drawn_and_stored(demo):
    photo = Photo.objects.order_by("pk").first()
    assert photo is not None
    with photo.file.open() as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_every_theme_of_the_story_has_texts_and_categories(demo):
    texts = read("texts")["texts"]
    themes = set(Category.objects.filter(active=True).values_list("theme_code", flat=True))
    told = Category.objects.filter(active=True, children=None, theme_code__in=story.WEIGHTS)
    assert set(story.WEIGHTS) <= themes
    assert set(told.values_list("code", flat=True)) == set(texts)
    assert set(FAULTS) <= set(story.WEIGHTS)


def test_every_residence_lies_in_a_commune_of_its_quartier(demo):
    facts = {row["code"]: row["communes"] for row in read("territory")["quartier"]}
    for residence in Residence.objects.select_related("commune"):
        assert residence.commune.code in facts[residence.code.rsplit("-", 1)[0]]


def test_the_same_picture_is_drawn_each_time():
    first = picture("encombrants", 1, fixed=False)
    picture.cache_clear()
    assert picture("encombrants", 1, fixed=False) == first
    assert picture("encombrants", 1, fixed=True) != first


def test_each_account_enters_with_one_press(demo, client):
    for account in accounts():
        client.post(f"/demo/entrer/{account.code}/")
        page = client.get("/a-traiter/").content.decode()
        assert "À traiter" in page
        client.logout()


def test_entering_asks_for_a_press_and_a_known_name(demo, client):
    assert client.get("/demo/entrer/coordination/").status_code == 405
    assert client.post("/demo/entrer/personne/").status_code == 404


def test_the_sign_in_page_lists_the_accounts(demo, client):
    page = client.get("/connexion/").content.decode()
    for account in accounts():
        assert account.name in page
        assert address_of(account.code)


def test_a_convention_holds_twelve_pledges_three_of_them_not_kept(demo):
    convention = Convention.objects.get()
    assert convention.published_at is not None
    assert convention.pledges.count() == 12
    assert convention.pledges.filter(state="unkept").count() == 3
    assert convention.pledges.filter(state="unchecked").count() == 1


def test_the_pledges_that_are_not_kept_await_the_next_agenda(demo):
    actor = actors_of(User.objects.get(email="coordination@demo.invalid"))[0]
    found = awaiting(actor, timezone.localdate())
    assert len([one for one in found if one.kind == "pledge" and one.state == "unkept"]) == 3


def test_a_plan_holds_sixty_actions_in_all_six_domains(demo):
    # Small projects of residents are followed in it too, in no domain.
    actions = Plan.objects.get().actions.exclude(domain="")
    domains = actions.order_by("domain").values_list("domain", flat=True).distinct()
    assert (actions.count(), len(domains)) == (60, 6)
    assert set(actions.values_list("state", flat=True)) == {
        "idea", "studied", "validated", "running", "ended", "dropped",
    }  # fmt: skip
    assert [one for one in actions if one.late]
    assert all(one.fundings.count() == 2 for one in actions.prefetch_related("fundings"))


def test_some_actions_answer_reports_and_show_what_changed(demo):
    called = Link.objects.filter(source_kind="report", target_kind="action")
    assert called.count() >= 5
    shown = Action.objects.filter(published_at__isnull=False)
    assert shown.filter(pictures__moment="after").exists()
    assert not shown.exclude(state="ended").exists()


def test_a_copil_and_a_cotech_were_held_each_month_for_a_year(demo):
    for kind in ("copil", "cotech"):
        sittings = Sitting.objects.filter(instance__kind=kind)
        held = sittings.filter(sent_at__isnull=False)
        assert (held.count(), sittings.count()) == (12, 13)
        days = [timezone.localdate(one.gathering.starts_at) for one in held]
        assert len({(day.year, day.month) for day in days}) >= 11  # weekdays may share a month
        for one in held:
            assert one.items.count() >= 2
            assert one.decisions.exists()
            assert one.gathering.guests.filter(came=True).exists()
    states = {state: Decision.objects.filter(state=state).count() for state in ("done", "dropped")}
    assert min(states.values()) >= 2
    late = [one for one in Decision.objects.filter(state="to_do") if one.late]
    assert len(late) >= 5
    assert Link.objects.filter(source_kind="decision", target_kind="action").count() >= 8
    coming = Sitting.objects.get(instance__kind="cotech", sent_at=None)
    assert coming.state == "convened"
    assert {item.thing_kind for item in coming.items.all()} - {""}
    assert len(to_check(coming)) >= 3  # what earlier sittings decided and is not done


def test_four_workshops_were_registered_for_attended_and_evaluated(demo):
    open_to_all = Gathering.objects.exclude(kind__in=("seance", "reunion_publique", "diagnostic"))
    workshops = open_to_all.filter(course_date=None).order_by("starts_at")
    assert workshops.count() == 4
    assert workshops.filter(title__contains="double flux").exists()
    *over, coming = workshops
    for one in over:
        assert one.registrations.filter(came=True).exists()
        assert results_of(one)["enough"]
    assert coming.state == "public"
    assert over[0].registrations.filter(state="waiting").exists()
    names = RegistrationContact.objects.values_list("name", flat=True)
    assert names
    assert all(name.endswith("(exemple)") for name in names)
