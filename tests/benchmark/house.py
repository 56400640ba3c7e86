"""The control `house`: Parvis with one page more, the empty shell, for those who are signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from parvis import urls
from parvis.partners.rights import PARTNERS, Door


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/shell.html")


urlpatterns = [path("maison/", page, name="house"), *urls.urlpatterns]
DOORS = {**urls.DOORS, "house": Door(PARTNERS)}
