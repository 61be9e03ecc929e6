"""The same pages for a school's administrators and, about the platform's own events, for superadmins."""

from django.urls import URLPattern, path

from apps.core.permissions import Permission
from apps.core.web import requires

from .views import events, overview, plans, secrets


def pages(see: Permission, manage: Permission, keep_secrets: Permission) -> list[URLPattern]:
    """Who may see, decide and keep secrets on this host."""
    sees, manages, keeps = requires(see), requires(manage), requires(keep_secrets)
    return [
        path("", sees(overview.overview), name="overview"),
        path("events/", sees(events.event_list), name="events"),
        path("events/acts/", manages(events.event_bulk), name="event_bulk"),
        path("events/<str:reference>/", sees(events.event_detail), name="event"),
        path("events/<str:reference>/content/", sees(events.event_content), name="event_content"),
        path("events/<str:reference>/preview/", manages(events.event_preview), name="event_preview"),
        path("events/<str:reference>/replay/", manages(events.event_replay), name="event_replay"),
        path("events/<str:reference>/discard/", manages(events.event_discard), name="event_discard"),
        path("events/<str:reference>/restoration/", manages(events.event_restore), name="event_restore"),
        path("events/<str:reference>/expunging/", manages(events.event_expunge), name="event_expunge"),
        path("events/<str:reference>/contradiction/", manages(events.event_settle), name="event_settle"),
        path("decisions/<uuid:plan_id>/", sees(plans.detail), name="plan"),
        path("decisions/<uuid:plan_id>/progress/", sees(plans.progress), name="plan_progress"),
        path("decisions/<uuid:plan_id>/confirmation/", manages(plans.confirm), name="plan_confirm"),
        path("decisions/<uuid:plan_id>/refusal/", manages(plans.refuse), name="plan_refuse"),
        path("decisions/<uuid:plan_id>/cancellation/", manages(plans.cancel), name="plan_cancel"),
        path("decisions/<uuid:plan_id>/undo/", manages(plans.undo), name="plan_undo"),
        path("secrets/", keeps(secrets.secret_list), name="secrets"),
        path("secrets/<slug:service>/new/", keeps(secrets.secret_create), name="secret_create"),
        path("secrets/<uuid:secret_id>/end/", keeps(secrets.secret_end), name="secret_end"),
    ]
