"""Below /api/v1/ on a school's host."""

from django.urls import path

from . import views

app_name = "sites_api"
urlpatterns = [
    path("associations/<uuid:association_id>/site", views.site, name="site"),
    path("associations/<uuid:association_id>/site/publishing", views.publishing, name="publishing"),
    path("associations/<uuid:association_id>/site/withdrawal", views.withdrawal, name="withdrawal"),
]
