"""What every host answers, whoever it belongs to."""

from django.urls import path

from . import theme
from .catalogue import views as catalogue

app_name = "core"
urlpatterns = [
    path("theme.css", theme.theme_css, name="theme"),
    path("ui/", catalogue.catalogue, name="catalogue"),
    path("ui/list/", catalogue.people_list, name="catalogue_list"),
    path("ui/form/", catalogue.form, name="catalogue_form"),
    path("ui/job/<slug:state>/", catalogue.job, name="catalogue_job"),
    path("ui/toast/", catalogue.toast, name="catalogue_toast"),
    path("ui/sample/<slug:name>/", catalogue.sample, name="catalogue_sample"),
]
