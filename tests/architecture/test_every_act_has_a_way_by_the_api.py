"""Everything that pages can do, programs can do (API-1): each act of the audit trail has its operation, or a reason.

A new act fails here until somebody decides: name the operation, or say why there is none.
"""

import pytest

from apps.audit.acts import all_acts
from apps.core.api import openapi
from config.celery import app

app.loader.import_default_modules()  # acts of jobs are declared where only workers import them

#: act -> the operation of the API that does it
BY_API = {
    "announcement.approved": "approve_announcement",
    "announcement.blocked": "block_announcements",
    "announcement.changed": "update_announcement",
    "announcement.deleted": "delete_announcement",
    "announcement.resubscribed": "choose_announcements",
    "announcement.returned": "return_announcement",
    "announcement.scheduled": "send_announcement",
    "announcement.stopped": "stop_announcement",
    "announcement.submitted": "send_announcement",
    "announcement.taken_back": "take_back_announcement",
    "announcement.tested": "test_announcement",
    "announcement.text_deleted": "delete_saved_text",
    "announcement.text_saved": "save_text",
    "announcement.unblocked": "unblock_announcements",
    "announcement.unsubscribed": "choose_announcements",
    "announcement.written": "write_announcement",
    "association.admitted": "admit_member",
    "association.appointed": "appoint",
    "association.approved": "approve_association",
    "association.asked_to_join": "join_association",
    "association.changed": "update_association",
    "association.changes_requested": "request_association_changes",
    "association.commented": "comment_on_association",
    "association.dissolved": "dissolve_association",
    "association.farewell_sent": "tell_association_members",
    "association.founder_accepted": "answer_founding",
    "association.founder_declined": "answer_founding",
    "association.frozen": "freeze_association",
    "association.joined": "join_association",
    "association.left": "leave_association",
    "association.made_dormant": "rest_association",
    "association.mandate_ended": "end_mandate",
    "association.member_added": "add_member",
    "association.member_removed": "remove_member",
    "association.not_admitted": "refuse_member",
    "association.office_archived": "archive_office",
    "association.office_changed": "update_office",
    "association.office_defined": "define_office",
    "association.refused": "refuse_association",
    "association.request_changed": "update_association_request",
    "association.request_withdrawn": "withdraw_association_request",
    "association.requested": "ask_for_association",
    "association.submitted": "submit_association",
    "association.unfrozen": "unfreeze_association",
    "association.woken": "wake_association",
    "campus.archived": "archive_campus",
    "campus.changed": "update_campus",
    "campus.created": "create_campus",
    "campus.restored": "restore_campus",
    "credential.adopted": "adopt_credential",
    "credential.created": "create_credential",
    "credential.revoked": "revoke_credential",
    "directory.run_approved": "approve_run",
    "directory.run_cancelled": "cancel_run",
    "directory.run_refused": "refuse_run",
    "directory.run_requested": "start_run",
    "directory.run_retried": "retry_run",
    "directory.run_undo_requested": "undo_run",
    "directory.schedule_changed": "update_schedule",
    "domain.approved": "approve_domain",
    "domain.removed": "remove_domain",
    "invitation.accepted": "accept_invitation",
    "invitation.resent": "resend_invitation",
    "invitation.revoked": "revoke_invitation",
    "invitation.sent": "invite",
    "lockout.lifted": "lift_lockout",
    "mapping.changed": "update_mapping",
    "mapping.created": "create_mapping",
    "mapping.removed": "delete_mapping",
    "membership.added": "add_membership",
    "membership.ended": "end_membership",
    "membership.pinned": "update_membership",
    "membership.restored": "restore_membership",
    "membership.role_changed": "update_membership",
    "membership.suspended": "suspend_membership",
    "password.changed": "change_my_password",
    "password.reset_requested": "request_password_reset",
    "person.departed": "delete_user",
    "person.profile_changed": "update_user",
    "person.reinstated": "reinstate_user",
    "person.suspended": "suspend_user",
    "place.added": "create_place",
    "place.changed": "update_place",
    "place.removed": "delete_place",
    "renewal.campaign_started": "start_renewal_campaign",
    "renewal.confirmed": "confirm_renewal",
    "renewal.reminded": "remind_officers",
    "renewal.settled": "approve_renewal",
    "role.archived": "archive_role",
    "role.changed": "update_role",
    "role.defined": "create_role",
    "role.granted": "give_role",
    "role.revoked": "take_role_back",
    "roster.approved": "approve_plan",
    "roster.cancelled": "cancel_plan",
    "roster.file_removed": "delete_list",
    "roster.file_uploaded": "upload_list",
    "roster.refused": "refuse_plan",
    "roster.requested": "start_import",
    "roster.undo_requested": "undo_plan",
    "school.cancelled": "delete_org",
    "school.created": "create_org",
    "school.details_changed": "update_org",
    "school.owner_invited": "resend_owner_invitation",
    "school.resumed": "resume_org",
    "school.rules_changed": "update_rules",
    "school.settings_changed": "update_org",
    "school.suspended": "suspend_org",
    "second_factor.reset": "reset_second_factor",
    "session.api_ended": "revoke_token",
    "session.api_started": "sign_in",
    "session.identity_proven": "confirm_identity",
    "sessions.ended": "end_user_sessions",
    "support.approved": "approve_support_grant",
    "support.asked": "ask_for_support_access",
    "support.ended": "end_support_grant",
    "support.refused": "refuse_support_grant",
    "support.started": "ask_for_support_access",
    "webhook.deliveries_dropped": "drop_waiting_webhooks",
    "webhook.deliveries_replayed": "replay_webhooks",
    "webhook.delivery_replayed": "replay_webhook_delivery",
    "webhook.endpoint_changed": "update_webhook_endpoint",
    "webhook.endpoint_created": "create_webhook_endpoint",
    "webhook.endpoint_deleted": "delete_webhook_endpoint",
    "webhook.endpoint_enabled": "enable_webhook_endpoint",
    "webhook.endpoint_paused": "pause_webhook_endpoint",
    "webhook.endpoint_tested": "test_webhook_endpoint",
    "webhook.secret_ended": "end_webhook_secret",
    "webhook.secret_rotated": "rotate_webhook_secret",
}

OF_A_BROWSER = "it happens in a browser and is about that browser"
OF_ITSELF = "nobody does it: a job, a provider or the passing of time"
ONESELF = "a person's own affair, decided on a page that says what it means"
SCIM = "done by the identity provider, which speaks SCIM (docs/scim.md)"
FILE = "a file for people; programs read the list page by page"
DESK = "at a shared device, which is enrolled and used by hand"
LATER = "not yet: a later part of the API"
#: act, or the beginning of its code with a dot -> why there is no operation
WITHOUT = {
    "announcement.begun": OF_ITSELF,
    "announcement.sent": OF_ITSELF,
    "association.looked_at": OF_ITSELF,
    "acting.": OF_A_BROWSER,
    "audit.exported": FILE,
    "audit.retention_applied": OF_ITSELF,
    "break_glass.": "the way in for somebody who can use no other: by hand, on the platform's pages",
    "consent.exported": FILE,
    "consent.published": LATER,
    "consent.": ONESELF,
    "desk.": DESK,
    "device.": DESK,
    "directory.alert_cleared": OF_ITSELF,
    "directory.alert_opened": OF_ITSELF,
    "directory.changes_exported": FILE,
    "directory.changes_purged": OF_ITSELF,
    "directory.conflict_decided": LATER,
    "directory.conflict_reopened": LATER,
    "directory.run_adjusted": LATER,
    "directory.run_ended": OF_ITSELF,
    "directory.runs_exported": FILE,
    "email.": "the new address must be proven by its holder, by mailed links",
    "identity.": OF_A_BROWSER,
    "integration.": LATER,
    "lockout.link_requested": "for somebody who sits before a locked browser",
    "membership.expired": OF_ITSELF,
    "membership.left": ONESELF,
    "message.": LATER,
    "notifications.": LATER,
    "own_domain.claimed": LATER,
    "own_domain.removed": LATER,
    "own_domain.verified": LATER,
    "own_domain.withdrawn": OF_ITSELF,
    "people.exported": FILE,
    "person.address_changed": "part of deciding a conflict of the directory",
    "person.photo_changed": "pictures are sent as files, on a page",
    "pin.": DESK,
    "platform.field_keys_rotated": "an operator's command (docs/runbooks/rotate-keys.md)",
    "promotion.": LATER,
    "retention.applied": OF_ITSELF,
    "retention.periods_changed": "seen with its effect before it is confirmed, on a page",
    "rights.erased": OF_ITSELF,
    "rights.": ONESELF,
    "roster.change_set_aside": LATER,
    "roster.changes_exported": FILE,
    "roster.ended": OF_ITSELF,
    "roster.failed_exported": FILE,
    "school.activated": OF_ITSELF,
    "school.logo_changed": "pictures are sent as files, on a page",
    "school.microsoft_": "a way to Microsoft and back, in a browser",
    "school.mail_": LATER,
    "school.passwords_erased": "seen with its effect before it is confirmed, on a page",
    "school.sign_in_changed": "seen with its effect before it is confirmed, on a page",
    "scim.": SCIM,
    "second_factor.": OF_A_BROWSER,
    "session.": OF_A_BROWSER,
    "sessions.ended_at_microsoft": OF_ITSELF,
    "sessions.revoked_at_microsoft": OF_ITSELF,
    "superadmin.created": "an operator's command: nobody makes themselves one by a program",
    "support.entered": OF_A_BROWSER,
    "support.left": OF_A_BROWSER,
    "table.exported": FILE,
    "webhook.alarm_": OF_ITSELF,
    "webhook.delivery_read": "the content is what the endpoint itself was told",
    "webhook.endpoint_disabled": OF_ITSELF,
}


def operations() -> set[str]:
    hosts = (openapi.SCHOOL, openapi.PLATFORM)
    return {one["operationId"] for h in hosts for path in openapi.as_json(h)["paths"].values() for one in path.values()}


def reason_of(act: str) -> str:
    fitting = [start for start in WITHOUT if act == start or (start[-1] in "._" and act.startswith(start))]
    return WITHOUT[max(fitting, key=len)] if fitting else ""


@pytest.mark.parametrize("act", sorted(all_acts()))
def test_an_act_has_an_operation_or_a_reason(act):
    found = BY_API.get(act) or reason_of(act)
    assert found, f"{act}: name its operation in BY_API, or say in WITHOUT why programs cannot do it"


def test_the_operations_exist():
    assert set(BY_API.values()) <= operations()


def test_no_entry_is_about_nothing():
    acts = set(all_acts())
    assert set(BY_API) <= acts
    for start in WITHOUT:
        mine = {act for act in acts if act == start or (start[-1] in "._" and act.startswith(start))}
        assert mine - set(BY_API), f"{start}: no act is left that this is a reason for"


def test_every_operation_that_changes_something_is_an_act_of_the_trail_or_known():
    """The other way round: what programs can change is in the trail."""
    changing = {
        one["operationId"]
        for h in (openapi.SCHOOL, openapi.PLATFORM)
        for path in openapi.as_json(h)["paths"].values()
        for method, one in path.items()
        if method != "get"
    }
    same_act = {  # an operation that records an act which another one stands for
        "create_user", "end_my_session", "end_my_sessions", "end_user_session", "login", "name_founders",
        "override_renewal", "refresh_token", "renew_invitation", "reset_password", "update_me",
    }  # fmt: skip
    assert {one for one in changing - set(BY_API.values()) - same_act if not one.endswith("_events")} == set()
