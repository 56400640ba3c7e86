"""What may be done with reports: one verb-first function an act, its effects in order.

Callers ask for the right first (`rights.fetch`); acts keep the rules. Each act is one transaction.
`now` is for accounts of the past: an act told more than a day late tells nobody.
"""

from parvis.reports.acts.batching import Line, foresee, run_batch, undo_batch
from parvis.reports.acts.blackspots import decide_blackspot, plan_blackspot
from parvis.reports.acts.chasing import chase, chase_parts, undo_chases
from parvis.reports.acts.committing import end_commitment, publish_commitment
from parvis.reports.acts.entering import enter_report
from parvis.reports.acts.entrusting import entrustable
from parvis.reports.acts.filing import file_report, join_report
from parvis.reports.acts.handling import advance_part, undo_part
from parvis.reports.acts.merging import merge_reports, unmerge_report
from parvis.reports.acts.numbering import number_part
from parvis.reports.acts.pausing import pause_part, resume_part
from parvis.reports.acts.picturing import black_out, pair_photo
from parvis.reports.acts.recategorising import recategorise
from parvis.reports.acts.returning import return_part
from parvis.reports.acts.reviewing import review
from parvis.reports.acts.routing import remove_route, write_route
from parvis.reports.acts.saving import change_view, delete_view, save_view
from parvis.reports.acts.sharing import (
    assign_part,
    carry_part,
    give_part,
    tick_callback,
    undo_give,
)
from parvis.reports.acts.voicing import (
    answer,
    erase_contact,
    note,
    say_not_yet,
    say_settled,
    speak,
    withdraw,
)
from parvis.reports.acts.wording import remove_template, write_template
from parvis.reports.acts.wrecking import move_wreck

__all__ = [
    "Line",
    "advance_part",
    "answer",
    "assign_part",
    "black_out",
    "carry_part",
    "change_view",
    "chase",
    "chase_parts",
    "decide_blackspot",
    "delete_view",
    "end_commitment",
    "enter_report",
    "entrustable",
    "erase_contact",
    "file_report",
    "foresee",
    "give_part",
    "join_report",
    "merge_reports",
    "move_wreck",
    "note",
    "number_part",
    "pair_photo",
    "pause_part",
    "plan_blackspot",
    "publish_commitment",
    "recategorise",
    "remove_route",
    "remove_template",
    "resume_part",
    "return_part",
    "review",
    "run_batch",
    "save_view",
    "say_not_yet",
    "say_settled",
    "speak",
    "tick_callback",
    "undo_batch",
    "undo_chases",
    "undo_give",
    "undo_part",
    "unmerge_report",
    "withdraw",
    "write_route",
    "write_template",
]
