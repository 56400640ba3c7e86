"""A programme takes over what its stock says: dwellings, forecast and real abatement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb.holding import held, refuse_sent, why_told
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.programme_things import PROGRAMME
from parvis.tfpb.stock_sums import StockSum, stock_of
from parvis.tfpb.workflow import SPENT
from parvis.thread.acts import record
from parvis.ui.words import counted, euros_in_words


@dataclass(frozen=True)
class Taken:
    """What went into the head of the programme, and what did not, in sentences."""

    taken: list[str]
    left: list[str]


@transaction.atomic
def take_stock(programme: Programme, *, actor: Actor) -> Taken:
    """Write the sums of the stock into the head of its programme, with their date and source.

    Dwellings and forecast as long as the landlord writes the programme; the real amount until the
    end of its year, for tax notices come late. A sum that lacks a residence is left out and said.
    The caller answers for the right to.
    """
    fresh = held(programme)
    if fresh.state not in SPENT:
        refuse_sent(fresh)
    stock = stock_of(fresh)
    if not stock.residences:
        raise Refused("Aucune résidence n’est écrite ici pour cette année : rien n’est repris.")
    taken, left, changed = [], [], []
    before = fresh.abatement
    if fresh.written:
        fresh.dwellings = stock.abated
        changed.append("dwellings")
        taken.append(counted(stock.abated, "logement abattu", "logements abattus"))
        if stock.estimate is None or stock.unestimated:
            left.append(_lacking("l’estimation", stock.unestimated))
        else:
            fresh.forecast, fresh.forecast_on = stock.estimate, stock.estimated_on
            fresh.forecast_source = _source(stock, stock.estimate_source)
            changed += ["forecast", "forecast_on", "forecast_source"]
            taken.append(f"{euros_in_words(stock.estimate)} d’abattement prévisionnel")
    if why := why_told(fresh):
        left.append(why)
    elif stock.real is None or stock.unnoticed:
        left.append(_lacking("l’avis d’imposition", stock.unnoticed))
    else:
        fresh.real, fresh.real_on = stock.real, stock.real_on
        fresh.real_source = _source(stock, stock.real_source)
        changed += ["real", "real_on", "real_source"]
        taken.append(f"{euros_in_words(stock.real)} d’abattement réel")
    if changed:
        fresh.version += 1
        fresh.save(update_fields=[*changed, "version"])
        old, new = (
            "non connu" if amount is None else euros_in_words(amount)
            for amount in (before, fresh.abatement)
        )
        record(actor, PROGRAMME, fresh.pk, "stock_taken", old=old, new=new, public=False)
    return Taken(taken, left)


def _source(stock: StockSum, source: str) -> str:
    residences = counted(stock.residences, "résidence", "résidences")
    return f"patrimoine, {residences} : {source}"[:200]


def _lacking(what: str, number: int) -> str:
    if not number:
        return f"Il manque {what} : ce montant n’a pas été repris."
    residences = counted(number, "résidence", "résidences")
    return f"Il manque {what} de {residences} : ce montant n’a pas été repris."
