from django.urls import path

from parvis.upkeep import views

app_name = "upkeep"
urlpatterns = [
    path("gestion/", views.areas, name="areas"),
    path("gestion/espaces/nouveau/", views.new_area, name="new_area"),
    path("gestion/espaces/<int:pk>/", views.area, name="area"),
    path("gestion/espaces/<int:pk>/modifier/", views.change_area, name="change_area"),
    path("gestion/espaces/<int:pk>/arreter/", views.end_area, name="end_area"),
    path("gestion/residences/", views.holdings, name="holdings"),
    path("gestion/residences/nouveau-bailleur/", views.new_holding, name="new_holding"),
]
