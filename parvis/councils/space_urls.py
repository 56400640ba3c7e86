"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import space_due_views as dues
from parvis.councils import space_expense_views as expenses
from parvis.councils import space_network_views as network
from parvis.councils import space_note_views as notes
from parvis.councils import space_paper_views as papers
from parvis.councils import space_sitting_views as sittings
from parvis.councils import space_training_views as trainings
from parvis.councils import space_views as views

MEMBER = "participation/membres/<int:pk>/"
PRESENCE = "participation/presences/<int:pk>/"
SITTING = "participation/<int:pk>/seances/<int:sitting>/"
EXPENSE = "participation/frais/<int:pk>/"
TO_PAY = "participation/frais/a-rembourser/"
DUE = "participation/documents-dus/<int:pk>/"
TRAINING = "participation/formations/<int:pk>/"
NOTE = "participation/notes/<int:pk>/"
TOPIC = "participation/reseau/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("participation/mon-espace/", views.space, name="space"),
    path(f"{MEMBER}espace/", views.space_of, name="space_of"),
    path(f"{PRESENCE}reponse/", views.answer, name="answer_presence"),
    path(f"{PRESENCE}attestation/", papers.attest, name="attest"),
    path(f"{PRESENCE}employeur/", papers.leave, name="leave"),
    path(f"{MEMBER}attestation/", papers.attest_period, name="attest_period"),
    path("participation/<int:pk>/seances/", sittings.body_sittings, name="body_sittings"),
    path(SITTING, sittings.sitting_presences, name="sitting_presences"),
    path(f"{SITTING}joindre/", sittings.sitting_contacts, name="sitting_contacts"),
    path(f"{SITTING}convoquer/", sittings.call_members, name="call_members"),
    path(f"{SITTING}presences/", sittings.record_presences, name="record_presences"),
    path("participation/frais/", expenses.expenses, name="expenses"),
    path(TO_PAY, expenses.expenses_to_pay, name="expenses_to_pay"),
    path(f"{TO_PAY}traiter/", expenses.advance_expenses, name="advance_expenses"),
    path(f"{TO_PAY}tableau.<slug:form>", expenses.expenses_table, name="expenses_table"),
    path(f"{MEMBER}frais/nouveaux/", expenses.new_expense, name="new_expense"),
    path(EXPENSE, expenses.expense, name="expense"),
    path(f"{EXPENSE}modifier/", expenses.edit_expense, name="edit_expense"),
    path(f"{EXPENSE}retirer/", expenses.withdraw_expense, name="withdraw_expense"),
    path(f"{EXPENSE}decision/", expenses.decide_expense, name="decide_expense"),
    path(f"{EXPENSE}justificatif/", expenses.voucher, name="expense_voucher"),
    path("participation/<int:pk>/documents-dus/", dues.due_documents, name="due_documents"),
    path(
        "participation/<int:pk>/documents-dus/nouveau/",
        dues.new_due_document,
        name="new_due_document",
    ),
    path(DUE, dues.due_document, name="due_document"),
    path(f"{DUE}modifier/", dues.edit_due_document, name="edit_due_document"),
    path(f"{DUE}remettre/", dues.give_due_document, name="give_due_document"),
    path(f"{DUE}fichier/", dues.due_document_file, name="due_document_file"),
    path("participation/formations/", trainings.trainings, name="trainings"),
    path("participation/formations/nouvelle/", trainings.new_training, name="new_training"),
    path("participation/formations/chiffres/", trainings.training_figures, name="training_figures"),
    path(TRAINING, trainings.training, name="training"),
    path(f"{TRAINING}modifier/", trainings.edit_training, name="edit_training"),
    path(f"{TRAINING}annuler/", trainings.cancel_training, name="cancel_training"),
    path(f"{TRAINING}presences/", trainings.record_training, name="record_training"),
    path(f"{MEMBER}formations/", trainings.ask_training, name="ask_training"),
    path("participation/<int:pk>/notes/", notes.notes, name="notes"),
    path("participation/<int:pk>/notes/nouvelle/", notes.new_note, name="new_note"),
    path(NOTE, notes.note, name="note"),
    path(f"{NOTE}modifier/", notes.edit_note, name="edit_note"),
    path("participation/reseau/", network.network, name="network"),
    path("participation/reseau/nouveau/", network.new_topic, name="new_topic"),
    path(TOPIC, network.topic, name="topic"),
    path(f"{TOPIC}repondre/", network.reply_topic, name="reply_topic"),
    path(f"{TOPIC}clore/", network.close_topic, name="close_topic"),
    path(f"{TOPIC}messages/<int:message>/", network.message_file, name="message_file"),
]
