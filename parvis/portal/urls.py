from django.urls import path

from parvis.portal import door, engines, my_data_views, plain_views, retention_views, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("quartiers/", views.quartiers, name="quartiers"),
    path("quartiers/<str:code>/", views.quartier, name="quartier"),
    path("a-ma-porte/", door.at_my_door, name="door"),
    path("a-ma-porte/agenda.ics", door.feed, name="door_calendar"),
    path("chercher/", views.search, name="search"),
    path("donnees-personnelles/", plain_views.privacy, name="privacy"),
    path("mes-donnees/", my_data_views.ask, name="my_data"),
    path("mes-donnees/demande/", my_data_views.asked, name="my_data_asked"),
    path("mes-donnees/compte/", my_data_views.account, name="my_account_data"),
    path("mes-donnees/contenu/", my_data_views.shown, name="my_data_shown"),
    path("mes-donnees/contenu.zip", my_data_views.export, name="my_data_export"),
    path("mes-donnees/effacer/", my_data_views.erase, name="my_data_erase"),
    path("mes-donnees/confirmer/", my_data_views.confirm, name="my_data_confirm"),
    path("mes-donnees/terminer/", my_data_views.end, name="my_data_end"),
    path("mes-donnees/lien/<str:token>/", my_data_views.open_link, name="my_data_open"),
    path("conservation/", retention_views.retention, name="retention"),
    path("mentions-legales/", plain_views.legal, name="legal"),
    path("accessibilite/", plain_views.accessibility, name="accessibility"),
    path("aide/", plain_views.guidance, name="help"),
    path("a-propos/", plain_views.about, name="about"),
    path("plan-du-site/", plain_views.site_map, name="map"),
    path("sitemap.xml", engines.sitemap, name="sitemap"),
    path("sitemap/<slug:kind>-<int:number>.xml", engines.sitemap_of, name="sitemap_of"),
    path(".well-known/security.txt", engines.security_txt, name="security"),
    path("robots.txt", engines.robots, name="robots"),
]
