"""Addresses of sheets and of what they show."""

from django.urls import path

from parvis.toolbox import office_views, sheet_page

urlpatterns = [
    path("boite-a-outils/", sheet_page.sheets, name="sheets"),
    path("boite-a-outils/<int:pk>/", sheet_page.sheet, name="sheet"),
    path("boite-a-outils/images/<int:pk>/", sheet_page.picture, name="picture"),
    path("boite-a-outils/documents/<int:pk>/", sheet_page.paper, name="paper"),
    path("atelier/", office_views.enter, name="office"),
]
