from django.urls import path

from .views import conflicts, history, mappings, runs, schedule

app_name = "directory"
urlpatterns = [
    path("", runs.overview, name="overview"),
    path("runs/", runs.run_start, name="start"),
    path("runs/<uuid:run_id>/", runs.run_detail, name="run"),
    path("runs/<uuid:run_id>/changes.csv", runs.run_export, name="run_export"),
    path("runs/<uuid:run_id>/progress/", runs.run_progress, name="progress"),
    path("runs/<uuid:run_id>/live/", runs.run_live, name="live"),
    path("runs/<uuid:run_id>/selection/", runs.run_selection, name="selection"),
    path("runs/<uuid:run_id>/mapping/", runs.draft_save, name="draft_save"),
    path("runs/<uuid:run_id>/cancellation/", runs.run_cancel, name="cancel"),
    path("runs/<uuid:run_id>/retry/", runs.run_retry, name="retry"),
    path("runs/<uuid:run_id>/approval/", runs.run_approve, name="approve"),
    path("runs/<uuid:run_id>/refusal/", runs.run_refuse, name="refuse"),
    path("runs/<uuid:run_id>/undo/", runs.run_undo, name="undo"),
    path("history/", history.history, name="history"),
    path("history.csv", history.history_export, name="history_export"),
    path("conflicts/", conflicts.conflict_list, name="conflicts"),
    path("conflicts/<slug:object_id>/", conflicts.conflict_decide, name="conflict_decide"),
    path("decisions/<uuid:decision_id>/removal/", conflicts.conflict_reopen, name="conflict_reopen"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/rules/", schedule.rules, name="rules"),
    path("mappings/new/", mappings.mapping_create, name="mapping_create"),
    path("mappings/<uuid:mapping_id>/", mappings.mapping_edit, name="mapping"),
    path("mappings/<uuid:mapping_id>/removal/", mappings.mapping_remove, name="mapping_remove"),
    path("groups/<slug:group_id>/count/", mappings.group_count, name="group_count"),
    path("campuses/<uuid:campus_id>/groups/", mappings.campus_groups, name="campus_groups"),
]
