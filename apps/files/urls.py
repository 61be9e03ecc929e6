"""Files of a school."""

from django.urls import path

from . import views

app_name = "files"
urlpatterns = [path("files/<uuid:file_id>/<slug:variant>/", views.file, name="file")]
