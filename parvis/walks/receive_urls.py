"""Addresses to which telephones send, and of the pictures they sent."""

from __future__ import annotations

from django.urls import path

from parvis.walks import receive_views as views

urlpatterns = [
    path("diagnostics/<int:pk>/sur-place/envoi/", views.receive, name="receive"),
    path(
        "diagnostics/<int:pk>/sur-place/photo/", views.receive_one_picture, name="receive_picture"
    ),
    path("diagnostics/avec/<str:token>/envoi/", views.joined_receive, name="joined_receive"),
    path("diagnostics/avec/<str:token>/photo/", views.joined_picture, name="joined_picture"),
    path("diagnostics/photos/<int:pk>/<str:size>.jpg", views.picture, name="picture"),
    path(
        "diagnostics/avec/<str:token>/photos/<int:pk>/<str:size>.jpg",
        views.joined_shown,
        name="joined_shown",
    ),
]
