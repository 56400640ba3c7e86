"""Taking a programme in hand: one writes at a time, and nothing changes once it is sent."""

from __future__ import annotations

from parvis.partners.rights import Refused
from parvis.tfpb.bilan_models import Bilan
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.workflow import BILAN_WRITTEN


def held(programme: Programme) -> Programme:
    """The programme as it stands now, locked until the end of the transaction."""
    rows = Programme.objects.select_for_update(of=("self",))
    return rows.select_related("landlord", "commune", "quartier").get(pk=programme.pk)


def refuse_sent(programme: Programme) -> None:
    """Refused when the landlord does not write in it any more."""
    if not programme.written:
        raise Refused(
            f"Ce programme est {programme.get_state_display()} : il ne change plus. "
            "Ce que vous venez d’écrire n’a pas été enregistré."
        )


def why_told(programme: Programme) -> str:
    """Why the real abatement stands, in words: the bilan that gives it is sent, and judged. Empty
    as long as its landlord writes it."""
    bilan = Bilan.objects.filter(programme=programme).exclude(state__in=BILAN_WRITTEN).first()
    if bilan is None:
        return ""
    state = bilan.get_state_display()
    return f"Le bilan de ce programme est {state} : l’abattement réel qu’il donne ne change plus."


def refuse_published(programme: Programme) -> None:
    """Refused once everybody reads its bilan: what was published does not change."""
    if programme.published_at is not None:
        raise Refused("Le bilan de ce programme est publié : il ne change plus.")
