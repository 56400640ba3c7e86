"""Addresses of the desk, where what a walk brought back is sorted."""

from __future__ import annotations

from django.urls import path

from parvis.walks import desk_finding_views, desk_review_views, desk_views

urlpatterns = [
    path("diagnostics/<int:pk>/constats/", desk_views.desk, name="desk"),
    path("diagnostics/<int:pk>/constats/ensemble/", desk_views.sort_several, name="sort_several"),
    path("diagnostics/<int:pk>/verifications/", desk_views.answers, name="answers"),
    path("diagnostics/<int:pk>/verifications/rendre/", desk_views.give_back, name="give_back"),
    path("diagnostics/<int:pk>/relecture/", desk_review_views.review, name="review"),
    path("diagnostics/constats/<int:pk>/", desk_finding_views.observation, name="observation"),
    path(
        "diagnostics/constats/<int:pk>/suite/",
        desk_finding_views.sort_finding,
        name="sort_finding",
    ),
    path(
        "diagnostics/constats/<int:pk>/corriger/",
        desk_finding_views.correct_finding,
        name="correct_finding",
    ),
    path(
        "diagnostics/constats/<int:pk>/changer/",
        desk_finding_views.move_finding,
        name="move_finding",
    ),
]
