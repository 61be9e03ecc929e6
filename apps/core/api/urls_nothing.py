"""Stands behind every other address of the API: what is nowhere is a problem, too."""

from django.urls import path

from . import views

app_name = "api_nothing"
urlpatterns = [
    path("api/", views.nothing, name="root"),
    path("api/<path:rest>", views.nothing, name="nothing"),
]
