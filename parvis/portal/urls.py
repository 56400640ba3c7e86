from django.urls import path

from parvis.portal import door, engines, plain_views, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("quartiers/", views.quartiers, name="quartiers"),
    path("quartiers/<str:code>/", views.quartier, name="quartier"),
    path("a-ma-porte/", door.at_my_door, name="door"),
    path("a-ma-porte/agenda.ics", door.feed, name="door_calendar"),
    path("chercher/", views.search, name="search"),
    path("donnees-personnelles/", plain_views.privacy, name="privacy"),
    path("mentions-legales/", plain_views.legal, name="legal"),
    path("accessibilite/", plain_views.accessibility, name="accessibility"),
    path("aide/", plain_views.guidance, name="help"),
    path("a-propos/", plain_views.about, name="about"),
    path("plan-du-site/", plain_views.site_map, name="map"),
    path("sitemap.xml", engines.sitemap, name="sitemap"),
    path("sitemap/<slug:kind>-<int:number>.xml", engines.sitemap_of, name="sitemap_of"),
    path("robots.txt", engines.robots, name="robots"),
]
