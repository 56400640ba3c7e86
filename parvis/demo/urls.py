from django.urls import path

from parvis.demo import gateway, views

app_name = "demo"
urlpatterns = [
    path("demo/courrier/", views.letters, name="letters"),
    path("demo/passerelle/", gateway.take, name="gateway"),
    path("demo/courrier/<int:pk>/", views.letter, name="letter"),
    path("demo/entrer/<slug:account>/", views.enter, name="enter"),
]
