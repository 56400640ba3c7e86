from django.conf import settings
from django.urls import URLPattern, path

from parvis.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    path("marque.css", views.brand_css, name="brand_css"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("langue/<slug:code>/", views.language, name="language"),
]
if settings.DEBUG:
    from parvis.ui import gallery

    urlpatterns.append(path("ui/", gallery.gallery, name="gallery"))
