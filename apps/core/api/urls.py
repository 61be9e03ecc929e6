"""The description of the API, on every host."""

from django.urls import path

from . import views

app_name = "api"
urlpatterns = [
    path("docs", views.docs, name="docs"),
    path("openapi.json", views.schema, name="schema"),
]
