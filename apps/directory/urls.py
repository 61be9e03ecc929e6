from django.urls import path

from . import views

app_name = "directory"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("runs/", views.run_start, name="start"),
    path("runs/<uuid:run_id>/", views.run_detail, name="run"),
    path("runs/<uuid:run_id>/changes.csv", views.run_export, name="run_export"),
    path("runs/<uuid:run_id>/progress/", views.run_progress, name="progress"),
    path("runs/<uuid:run_id>/cancellation/", views.run_cancel, name="cancel"),
    path("runs/<uuid:run_id>/retry/", views.run_retry, name="retry"),
    path("runs/<uuid:run_id>/approval/", views.run_approve, name="approve"),
    path("runs/<uuid:run_id>/refusal/", views.run_refuse, name="refuse"),
    path("mappings/new/", views.mapping_create, name="mapping_create"),
    path("mappings/<uuid:mapping_id>/", views.mapping_edit, name="mapping"),
    path("mappings/<uuid:mapping_id>/removal/", views.mapping_remove, name="mapping_remove"),
    path("groups/<slug:group_id>/count/", views.group_count, name="group_count"),
    path("campuses/<uuid:campus_id>/groups/", views.campus_groups, name="campus_groups"),
]
