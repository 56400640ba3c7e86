"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import micro_expense_views as expenses
from parvis.councils import micro_views as micro
from parvis.councils import proposition_desk_views as desk
from parvis.councils import proposition_support_views as supports
from parvis.councils import proposition_views as views

_ALL = "participation/propositions"
_ONE = f"{_ALL}/<int:pk>"
_PROJECT = "participation/projets/<int:pk>"
urlpatterns: list[URLPattern] = [
    path(f"{_ALL}/", views.propositions, name="propositions"),
    path(f"{_ALL}/tableau.<str:form>", views.export_propositions, name="export_propositions"),
    path(f"{_ALL}/nouvelle/", views.propose, name="propose"),
    path(f"{_ALL}/a-relire/", desk.propositions_to_review, name="propositions_to_review"),
    path(f"{_ALL}/suivi/<str:token>/", views.my_proposition, name="my_proposition"),
    path(
        f"{_ALL}/suivi/<str:token>/retirer/",
        views.withdraw_proposition,
        name="withdraw_proposition",
    ),
    path(f"{_ALL}/soutien/<str:token>/", supports.my_support, name="my_support"),
    path(f"{_ALL}/soutien/<str:token>/retirer/", supports.drop_support, name="drop_support"),
    path(f"{_ONE}/", views.proposition, name="proposition"),
    path(f"{_ONE}/joindre/", views.reach_author, name="reach_author"),
    path(f"{_ONE}/numero/", desk.author_number, name="author_number"),
    path(f"{_ONE}/soutenir/", supports.support, name="support"),
    path(f"{_ONE}/ne-plus-soutenir/", supports.unsupport, name="unsupport"),
    path(f"{_ONE}/relire/", desk.review_proposition, name="review_proposition"),
    path(f"{_ONE}/prevenu/", desk.told_proposition, name="told_proposition"),
    path(f"{_ONE}/porter/", desk.take_up_proposition, name="take_up_proposition"),
    path(f"{_ONE}/papier/", desk.count_paper, name="count_paper"),
    path(f"{_ONE}/repondre/", desk.answer_proposition, name="answer_proposition"),
    path(f"{_ONE}/liens/", desk.link_proposition, name="link_proposition"),
    path("participation/projets/", micro.micro_projects, name="micro_projects"),
    path(
        "participation/<int:pk>/projets/nouveau/",
        micro.new_micro_project,
        name="new_micro_project",
    ),
    path("participation/<int:pk>/budget/", micro.budget, name="budget"),
    path(f"{_PROJECT}/", micro.micro_project, name="micro_project"),
    path(f"{_PROJECT}/modifier/", micro.edit_micro_project, name="edit_micro_project"),
    path(f"{_PROJECT}/presenter/", micro.submit_micro_project, name="submit_micro_project"),
    path(f"{_PROJECT}/abandonner/", micro.drop_micro_project, name="drop_micro_project"),
    path(f"{_PROJECT}/decider/", micro.decide_micro_project, name="decide_micro_project"),
    path(f"{_PROJECT}/plan/", micro.plan_micro_project, name="plan_micro_project"),
    path(f"{_PROJECT}/bilan/", micro.close_micro_project, name="close_micro_project"),
    path(f"{_PROJECT}/depenses/", expenses.micro_expenses, name="micro_expenses"),
    path(f"{_PROJECT}/depenses/ajouter/", expenses.add_micro_expense, name="add_micro_expense"),
    path(
        f"{_PROJECT}/depenses/<int:expense>/retirer/",
        expenses.remove_micro_expense,
        name="remove_micro_expense",
    ),
    path(
        f"{_PROJECT}/depenses/<int:expense>/justificatif/",
        expenses.micro_voucher,
        name="micro_voucher",
    ),
]
