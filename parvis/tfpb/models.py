"""Stock, conventions, programmes, spending and bilans of the abatement."""

from parvis.tfpb.bilan_models import Bilan, BilanWord, FieldCheck, LineReview, Spending, Voucher
from parvis.tfpb.convention_models import Caution, Convention, ConventionPaper
from parvis.tfpb.dialogue_models import Consultation, Opinion, Passage, Remark, SentVersion
from parvis.tfpb.programme_models import Line, Programme, Split, Transfer, UsualMeans
from parvis.tfpb.split_models import SplitPart
from parvis.tfpb.stock_models import CommuneRate, Dwellings
from parvis.tfpb.table_models import TableModel

__all__ = [
    "Bilan",
    "BilanWord",
    "Caution",
    "CommuneRate",
    "Consultation",
    "Convention",
    "ConventionPaper",
    "Dwellings",
    "FieldCheck",
    "Line",
    "LineReview",
    "Opinion",
    "Passage",
    "Programme",
    "Remark",
    "SentVersion",
    "Spending",
    "Split",
    "SplitPart",
    "TableModel",
    "Transfer",
    "UsualMeans",
    "Voucher",
]
