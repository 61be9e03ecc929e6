"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import conflicts, mappings, runs

app_name = "directory_api"
urlpatterns = [
    path("directory/groups", mappings.groups, name="groups"),
    path("directory/mappings", mappings.mappings, name="mappings"),
    path("directory/mappings/<uuid:mapping_id>", mappings.mapping, name="mapping"),
    path("directory/schedule", mappings.schedule, name="schedule"),
    path("directory/runs", runs.runs, name="runs"),
    path("directory/runs/<uuid:run_id>", runs.run, name="run"),
    path("directory/runs/<uuid:run_id>/changes", runs.changes, name="run_changes"),
    path("directory/runs/<uuid:run_id>/adjustment", conflicts.adjustment, name="run_adjustment"),
    path("directory/runs/<uuid:run_id>/cancellation", runs.cancel, name="run_cancellation"),
    path("directory/runs/<uuid:run_id>/retry", runs.retry, name="run_retry"),
    path("directory/runs/<uuid:run_id>/approval", runs.approve, name="run_approval"),
    path("directory/runs/<uuid:run_id>/refusal", runs.refuse, name="run_refusal"),
    path("directory/runs/<uuid:run_id>/undo", runs.undo, name="run_undo"),
    path("directory/conflicts", conflicts.conflict_list, name="conflicts"),
    path("directory/conflicts/<slug:object_id>/decision", conflicts.decision_of, name="conflict_decide"),
    path("directory/conflict-decisions", conflicts.decisions, name="conflict_decisions"),
    path("directory/conflict-decisions/<uuid:decision_id>", conflicts.decision, name="conflict_decision"),
]
