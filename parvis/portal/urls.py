from django.urls import path

from parvis.portal import door, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("quartiers/", views.quartiers, name="quartiers"),
    path("quartiers/<str:code>/", views.quartier, name="quartier"),
    path("a-ma-porte/", door.at_my_door, name="door"),
    path("a-ma-porte/agenda.ics", door.feed, name="door_calendar"),
    path("chercher/", views.search, name="search"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("mentions-legales/", views.legal, name="legal"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]
