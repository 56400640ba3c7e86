"""Addresses of walks."""

from __future__ import annotations

from parvis.walks import account_urls, desk_urls, prepare_urls, receive_urls, return_urls

app_name = "walks"
urlpatterns = [
    *prepare_urls.urlpatterns,
    *receive_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *account_urls.urlpatterns,
    *return_urls.urlpatterns,
from django.urls import path

from parvis.walks import paper_urls, prepare_views

app_name = "walks"
urlpatterns = [
    path("diagnostics/", prepare_views.walks, name="walks"),
    path("diagnostics/<int:pk>/", prepare_views.walk, name="walk"),
    path("diagnostics/constats/<int:pk>/", prepare_views.observation, name="observation"),
    *paper_urls.urlpatterns,
]
