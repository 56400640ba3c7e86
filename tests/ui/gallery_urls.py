"""The whole site with the gallery, which is otherwise there only when DEBUG is on.

It goes in by the door of the favicon: doors are read once, when the site starts.
"""

from django.urls import include, path

from parvis import urls
from parvis.ui import gallery

urlpatterns = [
    path("ui/", include(([path("", gallery.gallery, name="favicon")], "ui"))),
    *urls.urlpatterns,
]
