"""Addresses of plans and actions."""

from __future__ import annotations

from django.urls import path

from parvis.actions import convention_urls
from parvis.actions.views import callers, fiches, papers, plans, telling, ways

app_name = "actions"
urlpatterns = [
    *convention_urls.urlpatterns,
    path("plans/", plans.plans, name="plans"),
    path("plans/nouveau/", plans.new_plan, name="new_plan"),
    path("plans/a-faire/", plans.ours, name="ours"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/modifier/", plans.edit_plan, name="edit_plan"),
    path("plans/<int:pk>/par-etat/", ways.board, name="board"),
    path("plans/<int:pk>/calendrier/", ways.calendar, name="calendar"),
    path("plans/<int:pk>/carte/", ways.plan_map, name="map"),
    path("plans/<int:pk>/plan.pdf", papers.plan_pdf, name="plan_pdf"),
    path("plans/<int:pk>/export/<slug:form>/", papers.export, name="export"),
    path("plans/<int:pk>/importer/", papers.import_plan, name="import"),
    path("plans/<int:pk>/fiche/", fiches.new, name="new"),
    path("actions/<int:pk>/", fiches.action, name="action"),
    path("actions/<int:pk>/fiche.pdf", papers.action_pdf, name="action_pdf"),
    path("actions/<int:pk>/modifier/", fiches.edit, name="edit"),
    path("actions/<int:pk>/fiche-suivie/", fiches.follow_sheet, name="follow_sheet"),
    path("actions/<int:pk>/appels/", callers.callers, name="callers"),
    path("actions/<int:pk>/ligne/", plans.write_line, name="write_line"),
    path("actions/<int:pk>/raconter/", telling.tell, name="tell"),
    path("actions/<int:pk>/annuler/", plans.undo, name="undo"),
    path("actions/<int:pk>/publier/", fiches.publish, name="publish"),
    path("actions/<int:pk>/etape/", fiches.tick, name="tick"),
    path("actions/<int:pk>/mesure/", fiches.measure, name="measure"),
    path("actions/<int:pk>/photos/", fiches.give_picture, name="give_picture"),
    path("actions/<int:pk>/passer/<slug:code>/", fiches.advance, name="advance"),
    path("actions/photos/<int:pk>/", fiches.picture, name="picture"),
    path("actions/photos/<int:pk>/retirer/", fiches.remove_picture, name="remove_picture"),
]
