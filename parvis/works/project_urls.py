"""Addresses of projects."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.works.views import (
    emptied,
    management,
    operations,
    projects,
    public_meetings,
    residents,
)

_P, _O, _R = "projets/<int:pk>/", "operations/<int:pk>/", "reunions-publiques/<int:pk>/"
_I = "immeubles-qui-se-vident/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("projets/", projects.projects, name="projects"),
    path("projets/nouveau/", projects.new_project, name="new_project"),
    path(_P, projects.project, name="project"),
    path(f"{_P}modifier/", projects.edit_project, name="edit_project"),
    path(f"{_P}publier/", projects.publish_project, name="publish_project"),
    path(f"{_P}phases/", projects.project_phases, name="project_phases"),
    path(f"{_P}argent/", projects.project_amounts, name="project_amounts"),
    path(f"{_P}partenaires/", projects.project_partners, name="project_partners"),
    path(f"{_P}operation/", projects.new_operation, name="new_operation"),
    path(f"{_P}gestion/", management.management, name="management"),
    path(f"{_P}gestion.pdf", management.management_paper, name="management_pdf"),
    path(f"{_P}gestion/annexer/", management.annex_management, name="annex_management"),
    path(f"{_P}gestion/annexe/<int:annex>/", management.annex, name="annex"),
    path(f"{_P}gestion/espace/", management.new_ground, name="new_ground"),
    path(f"{_P}gestion/espace/<int:ground>/", management.edit_ground, name="edit_ground"),
    path(f"{_P}gestion/partie/<slug:code>/", management.management_part, name="management_part"),
    path(
        f"{_P}gestion/partie/<slug:code>/document/",
        management.management_file,
        name="management_file",
    ),
    path(f"{_P}etapes/<int:step>/document/", residents.step_file, name="step_file"),
    path(f"{_P}etapes/<slug:code>/", residents.resident_step, name="resident_step"),
    path(f"{_P}maison/", residents.new_house, name="new_house"),
    path(f"{_P}maison/<int:house>/", residents.edit_house, name="edit_house"),
    path(f"{_P}reunion/", public_meetings.new_meeting, name="new_meeting"),
    path(_O, operations.operation, name="operation"),
    path(f"{_O}modifier/", projects.edit_operation, name="edit_operation"),
    path(f"{_O}etapes/<slug:code>/", residents.operation_step, name="operation_step"),
    path(f"{_O}concertation/<slug:subject>/", residents.consultation, name="consultation"),
    path(f"{_O}concertation/<slug:subject>/bilan/", residents.balance, name="balance"),
    path(f"{_O}immeuble/", emptied.new_emptied, name="new_emptied"),
    path(_R, public_meetings.public_meeting, name="public_meeting"),
    path(f"{_R}lettre.pdf", public_meetings.letter, name="meeting_letter"),
    path(f"{_R}modifier/", public_meetings.edit_meeting, name="edit_meeting"),
    path(f"{_R}publier/", public_meetings.publish_meeting, name="publish_meeting"),
    path(f"{_R}annuler/", public_meetings.cancel_meeting, name="cancel_meeting"),
    path(f"{_R}invitations/", public_meetings.meeting_paper, name="meeting_paper"),
    path(f"{_R}compte-rendu/", public_meetings.meeting_account, name="meeting_account"),
    path(f"{_R}compte-rendu/publier/", public_meetings.publish_account, name="publish_account"),
    path(f"{_R}question/", public_meetings.new_question, name="new_question"),
    path("questions/<int:pk>/", public_meetings.answer_question, name="answer_question"),
    path(_I, emptied.emptied, name="emptied"),
    path(f"{_I}modifier/", emptied.edit_emptied, name="edit_emptied"),
    path(f"{_I}occupation/", emptied.count_dwellings, name="count_dwellings"),
    path(f"{_I}visite/", emptied.visit_emptied, name="visit_emptied"),
]
