from django.urls import path

from .views import imports, plans, provisioning, year

app_name = "roster"
urlpatterns = [
    path("imports/", imports.overview, name="imports"),
    path("imports/template.csv", imports.template, name="template"),
    path("imports/files/<uuid:file_id>/", imports.columns, name="columns"),
    path("imports/files/<uuid:file_id>/removal/", imports.file_remove, name="file_remove"),
    path("plans/<uuid:plan_id>/", plans.detail, name="plan"),
    path("plans/<uuid:plan_id>/progress/", plans.progress, name="progress"),
    path("plans/<uuid:plan_id>/confirmation/", plans.confirm, name="confirm"),
    path("plans/<uuid:plan_id>/refusal/", plans.refuse, name="refuse"),
    path("plans/<uuid:plan_id>/cancellation/", plans.cancel, name="cancel"),
    path("plans/<uuid:plan_id>/undo/", plans.undo, name="undo"),
    path("plans/<uuid:plan_id>/changes/<int:change_id>/", plans.set_aside, name="set_aside"),
    path("plans/<uuid:plan_id>/changes.csv", plans.export, name="export"),
    path("plans/<uuid:plan_id>/failed-rows.csv", plans.failed_rows, name="failed_rows"),
    path("school-year/", year.overview, name="year"),
    path("school-year/turn/", year.turn, name="turn"),
    path("school-year/promotions/", year.promotion_create, name="promotion_create"),
    path("school-year/promotions/<uuid:promotion_id>/", year.promotion_edit, name="promotion"),
    path("school-year/promotions/<uuid:promotion_id>/place/", year.promotion_move, name="promotion_move"),
    path("school-year/promotions/<uuid:promotion_id>/removal/", year.promotion_remove, name="promotion_remove"),
    path("provisioning/", provisioning.overview, name="provisioning"),
    path("provisioning/groups/<uuid:provisioned_id>/", provisioning.group_map, name="group_map"),
]
