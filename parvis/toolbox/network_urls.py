"""Addresses of the network."""

from django.urls import path

from parvis.toolbox import network_experiment_views as experiments
from parvis.toolbox import network_question_views as questions
from parvis.toolbox import network_views as views

_QUESTION = "reseau/questions/<int:pk>/"
_ANSWER = "reseau/reponses/<int:pk>/"
_EXPERIMENT = "experimentations/<int:pk>/"

urlpatterns = [
    path("reseau/", views.structures, name="network"),
    path("reseau/personnes/", views.people, name="network_people"),
    path("reseau/structures/<int:pk>/", views.structure, name="network_structure"),
    path("reseau/ma-structure/", views.card, name="network_card"),
    path("reseau/ma-fiche/", views.entry, name="network_entry"),
    path("reseau/ma-fiche/retirer/", views.withdraw, name="network_withdraw"),
    path("reseau/rendez-vous/", views.agenda, name="network_calendar"),
    path("reseau/rendez-vous.ics", views.feed, name="network_feed"),
    path("reseau/questions/", questions.questions, name="network_questions"),
    path("reseau/questions/themes/", questions.themes, name="network_themes"),
    path("reseau/questions/nouvelle/", questions.ask, name="network_ask"),
    path(_QUESTION, questions.question, name="network_question"),
    path(f"{_QUESTION}modifier/", questions.edit_question, name="network_edit_question"),
    path(f"{_QUESTION}repondre/", questions.answer, name="network_answer"),
    path(f"{_QUESTION}clore/", questions.close, name="network_close"),
    path(f"{_QUESTION}masquer/", questions.hide_question, name="network_hide_question"),
    path(f"{_QUESTION}conseil/", questions.advise, name="network_advise"),
    path(f"{_ANSWER}modifier/", questions.edit_answer, name="network_edit_answer"),
    path(f"{_ANSWER}utile/", questions.helped, name="network_helped"),
    path(f"{_ANSWER}masquer/", questions.hide_answer, name="network_hide_answer"),
    path("experimentations/", experiments.experiments, name="experiments"),
    path("experimentations/nouvelle/", experiments.new, name="new_experiment"),
    path(_EXPERIMENT, experiments.experiment, name="experiment"),
    path(f"{_EXPERIMENT}modifier/", experiments.edit, name="edit_experiment"),
    path(f"{_EXPERIMENT}commencer/", experiments.start, name="start_experiment"),
    path(f"{_EXPERIMENT}resultat/", experiments.measure, name="measure_experiment"),
    path(f"{_EXPERIMENT}decision/", experiments.decide, name="decide_experiment"),
    path(f"{_EXPERIMENT}publier/", experiments.publish, name="publish_experiment"),
    path(f"{_EXPERIMENT}fiche/", experiments.tell_it, name="tell_experiment"),
]
