from django.urls import path

from parvis.upkeep import lodge_views, merging_views, views

app_name = "upkeep"
urlpatterns = [
    path("gestion/", views.areas, name="areas"),
    path("gestion/espaces/nouveau/", views.new_area, name="new_area"),
    path("gestion/espaces/<int:pk>/", views.area, name="area"),
    path("gestion/espaces/<int:pk>/modifier/", views.change_area, name="change_area"),
    path("gestion/espaces/<int:pk>/arreter/", views.end_area, name="end_area"),
    path("gestion/loges/", lodge_views.lodges, name="lodges"),
    path("gestion/loges/nouvelle/", lodge_views.new_lodge, name="new_lodge"),
    path("gestion/loges/<int:pk>/", lodge_views.lodge, name="lodge"),
    path("gestion/loges/<int:pk>/modifier/", lodge_views.change_lodge, name="change_lodge"),
    path("gestion/loges/<int:pk>/telephones/", lodge_views.new_phone, name="new_phone"),
    path(
        "gestion/loges/<int:pk>/telephones/<int:phone>/retirer/",
        lodge_views.revoke_phone,
        name="revoke_phone",
    ),
    path("gestion/loges/<int:pk>/codes/", lodge_views.give_code, name="give_code"),
    path(
        "gestion/loges/<int:pk>/gardiens/<int:caretaker>/retirer/",
        lodge_views.remove_caretaker,
        name="remove_caretaker",
    ),
    path("gestion/residences/", views.holdings, name="holdings"),
    path("gestion/residences/nouveau-bailleur/", views.new_holding, name="new_holding"),
    path("gestion/residences/fusion/", merging_views.merge, name="merge_landlords"),
]
