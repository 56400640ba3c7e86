"""Addresses of this part."""

from django.urls import path

from parvis.toolbox import content_views

urlpatterns = [path("pages/<slug:slug>/", content_views.content, name="content")]
