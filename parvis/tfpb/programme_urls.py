"""Addresses of programmes, lines, shared actions and droit commun."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.tfpb import line_course_views, line_views, programme_views, split_views, usual_views

urlpatterns: list[URLPattern] = [
    path("tfpb/programmes/", programme_views.programmes, name="programmes"),
    path("tfpb/programmes/ouvrir/", programme_views.open_programme, name="open_programme"),
    path("tfpb/programmes/<int:pk>/", programme_views.programme, name="programme"),
    path("tfpb/programmes/<int:pk>/ensemble/", programme_views.together, name="together"),
    path("tfpb/programmes/<int:pk>/en-tete/", programme_views.head, name="head"),
    path("tfpb/programmes/<int:pk>/abattement/", programme_views.real, name="real"),
    path("tfpb/programmes/<int:pk>/reprendre/", programme_views.rebuild, name="rebuild"),
    path("tfpb/programmes/<int:pk>/ordre/", programme_views.reorder, name="reorder"),
    path("tfpb/programmes/<int:pk>/ligne/", line_views.new_line, name="new_line"),
    path("tfpb/lignes/<int:pk>/", line_views.line, name="line"),
    path("tfpb/lignes/<int:pk>/modifier/", line_views.write_line, name="write_line"),
    path("tfpb/lignes/<int:pk>/retirer/", line_views.remove_line, name="remove_line"),
    path("tfpb/lignes/<int:pk>/fiche-suivie/", line_views.follow_sheet, name="line_follow_sheet"),
    path("tfpb/lignes/<int:pk>/action/", line_views.line_action, name="line_action"),
    path("tfpb/lignes/<int:pk>/formation/", line_course_views.line_course, name="line_course"),
    path("tfpb/lignes/<int:pk>/partager/", split_views.split, name="split"),
    path("tfpb/parts/<int:pk>/", split_views.take_part, name="take_part"),
    path("tfpb/droit-commun/<int:landlord>/<int:year>/", usual_views.usual, name="usual"),
    path("tfpb/droit-commun/<int:year>/nouveau/", usual_views.new_usual, name="new_usual"),
    path("tfpb/droit-commun/<int:year>/reprendre/", usual_views.copy_usual, name="copy_usual"),
    path("tfpb/droit-commun/ligne/<int:pk>/", usual_views.usual_row, name="usual_row"),
    path(
        "tfpb/droit-commun/ligne/<int:pk>/retirer/", usual_views.remove_usual, name="remove_usual"
    ),
]
