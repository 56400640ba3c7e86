"""Certificates: for who followed enough, true when checked, without a name once it was erased."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners.leaving import forget_person
from parvis.partners.rights import Refused
from parvis.toolbox import after_certifying, course_acts
from parvis.toolbox.course_events import token_of
from parvis.toolbox.models import Certificate, Course, Enrolment, EnrolmentContact
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.figures.counting import counted
from tests.toolbox.after_scene import a_course, came, enrol, in_days


@pytest.fixture(autouse=True)
def nobody_tried_before() -> None:
    cache.clear()


def given(course: Course) -> list[str]:
    rows = Certificate.objects.standing().filter(enrolment__course=course)
    return [one.enrolment.name for one in rows.order_by("enrolment__rank")]


def told() -> list[str]:
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    return sorted(address for one in mail.outbox for address in one.to)


def certified(cast: Cast) -> Certificate:
    """Luc followed the three mornings for Escaut Habitat."""
    course = a_course(cast)
    luc = enrol(course, cast.luc, cast.landlord)
    came(course, luc)
    return after_certifying.issue_certificates(course)[0]


def test_only_who_followed_all_dates_has_one_unless_the_course_asks_for_less(cast: Cast) -> None:
    course = a_course(cast)
    lea, ali = enrol(course, "Lea"), enrol(course, "Ali")
    enrol(course, "Zoe")  # never came
    came(course, lea, ali, to=(1, 2))
    came(course, lea, to=(3,))
    after_certifying.issue_certificates(course)
    assert given(course) == ["Lea"]
    Course.objects.filter(pk=course.pk).update(share=66)
    made = after_certifying.issue_certificates(course)
    assert given(course) == ["Lea", "Ali"]
    assert (made[0].hours, len(made[0].days), made[0].dates) == (Decimal("6.00"), 2, 3)
    assert after_certifying.issue_certificates(course) == []


def test_a_date_that_was_called_off_is_asked_of_nobody(cast: Cast) -> None:
    course = a_course(cast)
    lea = enrol(course, "Lea")
    came(course, lea, to=(1, 3))
    off = course.dates.get(number=2).gathering
    off.cancelled_at, off.reason = timezone.now(), "Salle fermée"
    off.save()
    after_certifying.issue_certificates(course)
    assert given(course) == ["Lea"]


def test_none_is_given_before_the_end(cast: Cast) -> None:
    course = a_course(cast, starts=(in_days(-1), in_days(2)))
    came(course, enrol(course, "Lea"), to=(1,))
    with pytest.raises(Refused):
        after_certifying.issue_certificates(course)


def test_the_daily_round_gives_them_and_tells_each_one_once(cast: Cast) -> None:
    course = a_course(cast)
    came(course, enrol(course, "Lea"), enrol(course, cast.luc, cast.landlord))
    told()
    call_command("follow_courses")
    call_command("follow_courses")
    # Luc and Lea, each for the certificate and for their opinion.
    assert told() == ["lea@exemple.test"] * 2 + ["luc@exemple.test"] * 2
    assert "/suivi/" in "".join(str(one.body) for one in mail.outbox)


def test_the_paper_is_accessible_and_stands_on_one_page(cast: Cast, client: Client) -> None:
    paper = certified(cast)
    client.force_login(cast.luc)
    content = client.get(reverse("toolbox:certificate", args=[paper.pk])).content
    assert_accessible(content)
    assert page_count(content) == 1


def test_the_person_the_organiser_and_who_answered_for_them_download_it(
    cast: Cast, client: Client
) -> None:
    paper = certified(cast)
    url = reverse("toolbox:certificate", args=[paper.pk])
    may = {"luc": 200, "sofia": 200, "karim": 200}
    # Ines is of the same organisation but answers for nobody; the others are neighbours.
    for who in ("luc", "sofia", "karim", "ines", "claire", "nadia", "paul", "rose", "bruno"):
        client.force_login(getattr(cast, who))
        assert client.get(url).status_code == may.get(who, 404), who
    own = reverse("toolbox:after_own_certificate", args=[token_of(paper.enrolment)])
    assert Client().get(own).status_code == 200


def test_who_answered_for_them_then_keeps_it_when_they_leave(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    ines = enrol(course, cast.ines, cast.landlord)
    came(course, ines)
    paper = after_certifying.issue_certificates(course)[0]
    mandate = cast.ines.mandates.get()
    mandate.organisation = cast.other_landlord
    mandate.save()
    url = reverse("toolbox:certificate", args=[paper.pk])
    for who, status in (("luc", 200), ("paul", 404), ("ines", 200)):
        client.force_login(getattr(cast, who))
        assert client.get(url).status_code == status, who
    client.force_login(cast.luc)
    assert "Ines" in client.get(reverse("toolbox:after_sent")).content.decode()
    client.force_login(cast.paul)
    assert "Ines" not in client.get(reverse("toolbox:after_sent")).content.decode()


def test_the_address_on_the_paper_says_what_the_paper_says(cast: Cast, client: Client) -> None:
    paper = certified(cast)
    typed = reverse("toolbox:after_check")
    page = client.get(typed, {"code": paper.shown_code.lower()}, follow=True).content.decode()
    assert "Cette attestation est valable" in page
    assert paper.number in page
    assert "Luc" in page
    for told_nowhere in ("luc@exemple.test", "Escaut Habitat"):
        assert told_nowhere not in page
    wrong = reverse("toolbox:after_checked", args=["AAAAA-AAAAA"])
    assert "Aucune attestation" in client.get(wrong).content.decode()


def test_codes_are_not_found_by_trying(cast: Cast, client: Client) -> None:
    paper = certified(cast)
    for _ in range(30):
        client.get(reverse("toolbox:after_checked", args=["AAAAA-AAAAA"]))
    answer = client.get(reverse("toolbox:after_checked", args=[paper.shown_code]))
    assert answer.status_code == 429
    assert paper.number not in answer.content.decode()


def test_once_the_name_is_erased_the_paper_is_still_said_to_be_true(
    cast: Cast, client: Client
) -> None:
    course = a_course(cast)
    lea = enrol(course, "Lea")
    came(course, lea)
    paper = after_certifying.issue_certificates(course)[0]
    EnrolmentContact.objects.all().delete()
    page = client.get(reverse("toolbox:after_checked", args=[paper.shown_code])).content.decode()
    assert "Cette attestation est valable" in page
    assert "nom effacé" in page
    assert "Lea" not in page
    own = reverse("toolbox:after_own_certificate", args=[token_of(lea)])
    assert client.get(own).status_code == 404
    assert (
        "Télécharger"
        not in client.get(reverse("toolbox:after_own", args=[token_of(lea)])).content.decode()
    )


def test_who_had_their_name_erased_before_is_given_none(cast: Cast) -> None:
    course = a_course(cast)
    came(course, enrol(course, "Lea"), enrol(course, cast.luc, cast.landlord))
    EnrolmentContact.objects.all().delete()
    after_certifying.issue_certificates(course)
    assert given(course) == ["Luc"]


def test_a_certificate_that_presences_contradict_is_taken_back(cast: Cast, client: Client) -> None:
    course = a_course(cast, share=60)
    lea, ali = enrol(course, "Lea"), enrol(course, "Ali")
    came(course, lea, ali)
    papers = after_certifying.issue_certificates(course)
    came(course, lea, to=(3,))  # Ali was not there on the third day
    page = client.get(reverse("toolbox:after_checked", args=[papers[1].shown_code]))
    assert "n’est plus valable" in page.content.decode()
    assert given(course) == ["Lea"]
    again = after_certifying.issue_certificates(course)
    assert [one.hours for one in again] == [Decimal("6.00")]
    assert again[0].code != papers[1].code


def test_the_list_of_certificates_asks_no_more_for_many(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    came(course, enrol(course, "Lea"))
    after_certifying.issue_certificates(course)
    client.force_login(cast.sofia)
    url = reverse("toolbox:after_certificates", args=[course.pk])
    with counted() as few:
        client.get(url)
    rows = Enrolment.objects.bulk_create(
        Enrolment(course=course, state="seated", rank=100 + n, at=timezone.now())
        for n in range(200)
    )
    Certificate.objects.bulk_create(
        Certificate(enrolment=one, days=[], dates=3, hours=9, issued_at=timezone.now())
        for one in rows
    )
    with counted() as many:
        client.get(url)
    assert len(many) == len(few) < 12


def test_a_date_or_hours_corrected_later_take_back_what_they_contradict(cast: Cast) -> None:
    course, karim = a_course(cast, share=60), cast.actor(cast.karim)
    came(course, enrol(course, "Lea"))
    after_certifying.issue_certificates(course)
    course_acts.change_course(course, actor=karim, summary="Trois matinées.")
    assert given(course) == ["Lea"]
    course_acts.change_course(course, actor=karim, hours=Decimal(6))
    assert given(course) == []
    again = after_certifying.issue_certificates(course)
    assert [one.hours for one in again] == [Decimal("6.00")]
    course_acts.drop_date(course.dates.get(number=3), actor=karim, reason="Salle fermée")
    assert given(course) == []
    assert [one.dates for one in after_certifying.issue_certificates(course)] == [2]
    course_acts.add_date(
        course, actor=karim, starts_at=in_days(3), ends_at=in_days(3, 3), place_label="Salle"
    )
    assert given(course) == []  # it is not over any more


def test_a_person_who_was_forgotten_has_no_paper_in_another_name(
    cast: Cast, client: Client
) -> None:
    paper, course = certified(cast), a_course(cast, title="Une autre")
    came(course, enrol(course, cast.luc, cast.landlord))
    told()
    forget_person(cast.luc)
    assert after_certifying.issue_certificates(course) == []
    call_command("follow_courses")
    assert told() == []
    client.force_login(cast.karim)
    assert client.get(reverse("toolbox:certificate", args=[paper.pk])).status_code == 404
    checked = client.get(reverse("toolbox:after_checked", args=[paper.shown_code]))
    assert "nom effacé de nos fichiers" in checked.content.decode()
