"""Addresses of walks."""

from __future__ import annotations

from django.urls import path

from parvis.walks import prepare_views, receive_urls
from parvis.walks import prepare_views, return_urls
from parvis.walks import prepare_urls, prepare_views
from parvis.walks import account_urls, prepare_views

app_name = "walks"
urlpatterns = [
    *prepare_urls.urlpatterns,
    path("diagnostics/constats/<int:pk>/", prepare_views.observation, name="observation"),
    *receive_urls.urlpatterns,
    *return_urls.urlpatterns,
    *account_urls.urlpatterns,
]
