"""Addresses of conventions de GUP and of their pledges."""

from __future__ import annotations

from django.urls import path

from parvis.actions import convention_views as views

urlpatterns = [
    path("conventions-gup/", views.conventions, name="conventions"),
    path("conventions-gup/nouvelle/", views.new, name="new_convention"),
    path("conventions-gup/<int:pk>/", views.convention, name="convention"),
    path("conventions-gup/<int:pk>/modifier/", views.edit, name="edit_convention"),
    path("conventions-gup/<int:pk>/publier/", views.publish, name="publish_convention"),
    path("conventions-gup/<int:pk>/espace/", views.new_ground, name="new_ground"),
    path("conventions-gup/<int:pk>/engagement/", views.new_pledge, name="new_pledge"),
    path("engagements/<int:pk>/", views.pledge, name="pledge"),
    path("engagements/<int:pk>/modifier/", views.edit_pledge, name="edit_pledge"),
    path("engagements/<int:pk>/verifier/", views.check_pledge, name="check_pledge"),
]
