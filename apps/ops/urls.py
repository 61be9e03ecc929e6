"""On a school's host."""

from django.urls import path

from . import views

app_name = "ops"
urlpatterns = [
    path("status/", views.school_status, name="status"),
]
