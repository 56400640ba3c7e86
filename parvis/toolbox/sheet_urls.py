"""Addresses of sheets and of what they show."""

from django.urls import path

from parvis.toolbox import office_views, sheet_feed, sheet_list, sheet_page, sheet_use_views

urlpatterns = [
    path("boite-a-outils/", sheet_list.sheets, name="sheets"),
    path("boite-a-outils/fil.atom", sheet_feed.feed, name="feed"),
    path("boite-a-outils/<int:pk>/", sheet_page.sheet, name="sheet"),
    path("boite-a-outils/<int:pk>/versions/", sheet_page.versions, name="sheet_versions"),
    path(
        "boite-a-outils/<int:pk>/versions/<int:number>/", sheet_page.version, name="sheet_version"
    ),
    path("boite-a-outils/<int:pk>/changements/", sheet_page.changed, name="sheet_changes"),
    path("boite-a-outils/<int:pk>/utile/", sheet_use_views.judge, name="judge"),
    path("boite-a-outils/<int:pk>/utilisation/", sheet_use_views.use, name="use"),
    path(
        "boite-a-outils/utilisations/<int:pk>/retirer/",
        sheet_use_views.withdraw_use,
        name="withdraw_use",
    ),
    path("boite-a-outils/images/<int:pk>/", sheet_page.picture, name="picture"),
    path("boite-a-outils/documents/<int:pk>/", sheet_page.paper, name="paper"),
    path("atelier/", office_views.enter, name="office"),
]
