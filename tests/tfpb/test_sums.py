"""Sums agree to the cent whatever the cut and whatever was shared out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.tfpb.axes import axes_of
from parvis.tfpb.models import Line, Programme, Split
from parvis.tfpb.split_acts import Share, share_line
from parvis.tfpb.sums import sums_by, total_of
from tests.cast import Cast
from tests.tfpb.scene import a_line, a_programme, spent, this_year

CUTS = (
    "axis",
    "programme_id",
    "programme__commune_id",
    "programme__quartier_id",
    "programme__landlord_id",
    "programme__year",
)
cents = st.integers(0, 10**9).map(lambda number: Decimal(number) / 100)
lines = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 7), cents, cents), min_size=1, max_size=8
)
splits = st.lists(
    st.tuples(
        cents, st.sampled_from(["dwellings", "percent"]), st.lists(st.integers(1, 90), max_size=2)
    ),
    max_size=2,
)


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=lines, shared=splits)
def test_sums_by_every_cut_agree_whatever_the_splits(
    cast: Cast,
    wanted: list[tuple[int, int, Decimal, Decimal]],
    shared: list[tuple[Decimal, str, list[int]]],
) -> None:
    axes = [axis.code for axis in axes_of(this_year())]
    with transaction.atomic():
        programmes = [
            a_programme(cast),
            a_programme(cast, commune=cast.valenciennes),
            a_programme(cast, landlord=cast.other_landlord),
            a_programme(cast, year=this_year() - 1, quartier=cast.faubourg),
        ]
        for number, (place, axis, spending, valued) in enumerate(wanted):
            line = a_line(
                programmes[place],
                axis=axes[axis],
                title=f"Ligne {number}",
                spending=spending,
                valued=valued,
            )
            spent(line, str(valued))
        totals = Decimal(0)
        for total, basis, others in shared:
            line = a_line(programmes[0], title="Partagée", spending=Decimal(0), valued=Decimal(0))
            first = others[0] if others else 0
            own = Decimal(100 - first) if basis == "percent" else Decimal(100)
            shares = [Share(cast.landlord, own, programmes[0])]
            if others:
                shares.append(Share(cast.landlord, Decimal(first), programmes[1]))
            share_line(
                line,
                shares,
                title="Partagée",
                total=total,
                basis=basis,
                actor=cast.actor(cast.luc),
            )
            totals += total
        every = Line.objects.all()
        whole = sums_by(every)[()]
        typed = sum((one[2] for one in wanted), Decimal(0))
        assert whole.spending == typed + totals
        assert whole.valued == whole.spent_valued
        for cut in CUTS:
            assert total_of(sums_by(every, cut)) == whole, cut
        assert total_of(sums_by(every, *CUTS)) == whole
        for split in Split.objects.all():
            assert sum(split.lines.values_list("spending", flat=True)) == split.total
        assert Programme.objects.count() == 4
        transaction.set_rollback(True)
