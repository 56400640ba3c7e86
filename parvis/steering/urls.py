from django.urls import path

from parvis.steering import views

app_name = "steering"
urlpatterns = [path("a-traiter/", views.home, name="home")]
