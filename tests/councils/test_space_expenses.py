"""What members spend: claimed, read by a few, decided by the payer, summed to the cent."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from python_calamine import CalamineWorkbook

from parvis.councils import space_expense_acts as acts
from parvis.councils.models import Expense, Member
from parvis.councils.space_expense_forms import ExpenseForm
from parvis.councils.space_expense_sums import sums_by_state
from parvis.notices.models import Envelope
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, hugo_in
from tests.councils.space_scene import an_expense, pdf

PAGES = ("expense", "expense_voucher")


def signed_in(person: Any) -> Client:
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(person)
    return client


def form_for(member: Member, file: SimpleUploadedFile | None) -> ExpenseForm:
    data = {
        "kind": "deplacement",
        "label": "Bus",
        "amount": "3,20",
        "spent_on": timezone.localdate().isoformat(),
        "payer": str(member.body.coordinator_id),
    }
    return ExpenseForm(data, {"voucher": file} if file else {}, member=member)


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(out, kind)
    return out.getvalue()


def test_an_expense_and_its_voucher_are_read_by_member_animator_and_payer_alone(
    cast: Cast,
) -> None:
    body = a_body(cast)
    mine, other = an_expense(hugo_in(cast, body)), an_expense(a_member(body))
    outside = ("karim", "lila", "bruno", "sofia", "nadia")
    for name in PAGES:
        url = reverse(f"councils:{name}", args=[mine.pk])
        for who in ("hugo", "yasmine", "claire"):
            assert signed_in(getattr(cast, who)).get(url).status_code == 200, who
        for who in outside:
            assert signed_in(getattr(cast, who)).get(url).status_code == 404, who
        # An ordinary member of the same body reads nothing of another's.
        theirs = reverse(f"councils:{name}", args=[other.pk])
        assert signed_in(cast.hugo).get(theirs).status_code == 404


def test_a_payer_reads_a_number_and_not_a_name(cast: Cast) -> None:
    body = a_body(cast)
    hugo = hugo_in(cast, body)
    expense = an_expense(hugo)
    client = signed_in(cast.claire)
    pages = [
        reverse("councils:expenses_to_pay"),
        reverse("councils:expense", args=[expense.pk]),
    ]
    for url in pages:
        words = client.get(url).content.decode()
        assert "embre n° 1" in words
        assert "Hugo" not in words
    hugo.shown = Member.Shown.FIRST_NAME
    hugo.save()
    assert all("Hugo" in client.get(url).content.decode() for url in pages)


def test_a_claim_changes_or_goes_only_while_nobody_decided(cast: Cast) -> None:
    member = a_member(a_body(cast))
    expense = an_expense(member)
    same = {
        "kind": "repas",
        "label": "Repas",
        "spent_on": expense.spent_on,
        "payer": expense.payer,
        "presence": None,
    }
    changed = acts.change_expense(expense, amount=Decimal("9.90"), **same)
    assert changed.amount == Decimal("9.90")
    assert changed.voucher  # the one that was given stays
    acts.decide_expense(expense, actor=cast.actor(cast.claire), agreed=True)
    with pytest.raises(ValidationError, match="réponse"):
        acts.change_expense(expense, amount=Decimal(1), **same)
    with pytest.raises(ValidationError, match="réponse"):
        acts.withdraw_expense(expense)
    another = an_expense(member)
    acts.withdraw_expense(another)
    assert not Expense.objects.filter(pk=another.pk).exists()


def test_only_the_carrier_or_the_coordinator_pays(cast: Cast) -> None:
    body = a_body(cast, carrier=cast.association)
    member = a_member(body)
    assert an_expense(member, payer=cast.association).payer == cast.association
    with pytest.raises(ValidationError, match="ne rembourse pas"):
        an_expense(member, payer=cast.town)


def test_a_refusal_says_why_and_is_told_to_the_member(cast: Cast) -> None:
    expense = an_expense(hugo_in(cast, a_body(cast)))
    url = reverse("councils:decide_expense", args=[expense.pk])
    client = signed_in(cast.claire)
    client.post(url, {"decision": "refuse", "reason": ""})
    expense.refresh_from_db()
    assert expense.state == "claimed"
    client.post(url, {"decision": "refuse", "reason": "Ticket illisible."})
    expense.refresh_from_db()
    assert expense.state == "refused"
    assert "Ticket illisible." in Envelope.objects.get().text
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=expense.pk).update(reason="")


def test_a_member_does_not_decide_nor_the_payer_of_others(cast: Cast) -> None:
    body = a_body(cast, carrier=cast.association)
    expense = an_expense(hugo_in(cast, body))
    url = reverse("councils:decide_expense", args=[expense.pk])
    for who, status in (("hugo", 403), ("yasmine", 403), ("rose", 404), ("bruno", 404)):
        answer = signed_in(getattr(cast, who)).post(url, {"decision": "agree"})
        assert answer.status_code == status, who
    expense.refresh_from_db()
    assert expense.state == "claimed"


def test_expenses_are_agreed_and_paid_in_batches_among_those_one_decides(cast: Cast) -> None:
    body = a_body(cast, carrier=cast.association)
    member = a_member(body)
    ours = [an_expense(member, "10.10"), an_expense(member, "20.20")]
    theirs = an_expense(member, payer=cast.association)
    client, url = signed_in(cast.claire), reverse("councils:advance_expenses")
    every = [one.pk for one in (*ours, theirs)]
    client.post(url, {"expense": every, "decision": "agree"})
    today = timezone.localdate().isoformat()
    client.post(url, {"expense": every[:1], "decision": "pay", "paid_on": today})
    states = list(Expense.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["paid", "agreed", "claimed"]
    words = client.get(reverse("councils:expenses_to_pay") + "?etat=agreed").content.decode()
    assert "20,20" in words
    assert "10,10" not in words


def test_a_claim_sent_twice_is_paid_once(cast: Cast) -> None:
    member = hugo_in(cast, a_body(cast))
    form = form_for(member, SimpleUploadedFile("ticket.pdf", b"%PDF-1.7 essai"))
    assert form.is_valid(), form.errors
    now = timezone.now()
    claims = [acts.claim_expense(member, now=now, **form.cleaned_data) for _ in range(2)]
    assert claims[0] == claims[1]
    acts.claim_expense(member, now=now + timedelta(hours=1), **form.cleaned_data)
    assert Expense.objects.count() == 2


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(cents=st.lists(st.integers(1, 99_999_999), min_size=1, max_size=30))
def test_sums_are_exact_to_the_cent(cast: Cast, cents: list[int]) -> None:
    member = Member.objects.first() or a_member(a_body(cast))
    Expense.objects.all().delete()
    day = timezone.localdate()
    Expense.objects.bulk_create(
        Expense(
            member=member,
            kind="repas",
            label="Repas",
            amount=Decimal(one) / 100,
            spent_on=day,
            payer=cast.agglomeration,
            at=timezone.now(),
        )
        for one in cents
    )
    assert sums_by_state(Expense.objects.all())["claimed"] == {
        "label": "demandé",
        "count": len(cents),
        "total": Decimal(sum(cents)) / 100,
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ticket.pdf", b"%PDF-1.7 essai"),
        ("ticket.jpg", picture("JPEG")),
        ("ticket.png", picture("PNG")),
    ],
)
def test_a_voucher_is_a_pdf_or_a_picture(cast: Cast, name: str, content: bytes) -> None:
    form = form_for(a_member(a_body(cast)), SimpleUploadedFile(name, content))
    assert form.is_valid(), form.errors
    kept = form.cleaned_data["voucher"]
    assert "ticket" not in kept.name
    assert form.cleaned_data["amount"] == Decimal("3.20")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ticket.pdf", b"MZ\x90 un programme"),
        ("ticket.svg", b"<svg onload='1'></svg>"),
        ("ticket.jpg", b"\xff\xd8\xff pas une image"),
        ("ticket.gif", picture("GIF")),
        ("ticket.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)),
    ],
)
def test_a_voucher_of_another_kind_is_refused_in_words(
    cast: Cast, name: str, content: bytes
) -> None:
    form = form_for(a_member(a_body(cast)), SimpleUploadedFile(name, content))
    assert not form.is_valid()
    assert set(form.errors) == {"voucher"}


def test_the_table_holds_what_is_shown_and_no_formula(cast: Cast) -> None:
    member = hugo_in(cast, a_body(cast))
    an_expense(member, "1234.56", label="=1+1")
    agreed = an_expense(member, "2.00", label="Déjà accordé")
    acts.decide_expense(agreed, actor=cast.actor(cast.claire), agreed=True)
    client = signed_in(cast.claire)
    for ending in ("xlsx", "ods"):
        answer: Any = client.get(reverse("councils:expenses_table", args=[ending]))
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        header, *rows = book.get_sheet_by_index(0).to_python()
        assert header[3] == "Montant"
        assert len(rows) == 1
        assert rows[0][2].lstrip("'") == "=1+1"
        assert float(rows[0][3]) == 1234.56
        assert rows[0][4] == "membre n° 1"


def test_the_list_to_pay_costs_the_same_with_a_thousand(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    member = a_member(a_body(cast))
    client, url = signed_in(cast.claire), reverse("councils:expenses_to_pay")

    def more(count: int) -> None:
        Expense.objects.bulk_create(
            Expense(
                member=member,
                kind="repas",
                label="Repas",
                amount=Decimal("1.10"),
                spent_on=timezone.localdate(),
                payer=cast.agglomeration,
                at=timezone.now(),
                voucher=pdf().name,
            )
            for _ in range(count)
        )

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    more(10)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    more(990)
    with django_assert_num_queries(len(few)):
        words = client.get(url).content.decode()
    assert "1\u202f100,00" in words


def test_changing_a_claim_on_its_page_keeps_the_voucher_that_was_given(cast: Cast) -> None:
    expense = an_expense(hugo_in(cast, a_body(cast)))
    client, url = signed_in(cast.hugo), reverse("councils:edit_expense", args=[expense.pk])
    page = client.get(url).content.decode()
    assert expense.voucher.name not in page  # never by its own address
    given = {
        "kind": "repas",
        "label": "Repas",
        "amount": "9,90",
        "spent_on": expense.spent_on.isoformat(),
        "payer": expense.payer_id,
    }
    assert client.post(url, given).status_code == 302
    fresh = Expense.objects.get()
    assert (fresh.amount, fresh.voucher.name) == (Decimal("9.90"), expense.voucher.name)
