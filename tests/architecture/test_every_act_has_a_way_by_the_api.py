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
    "consent.published": "publish_consent_text",
    "credential.adopted": "adopt_credential",
    "credential.created": "create_credential",
    "credential.revoked": "revoke_credential",
    "directory.conflict_decided": "decide_conflict",
    "directory.conflict_reopened": "reopen_conflict",
    "directory.run_adjusted": "adjust_run",
    "directory.run_approved": "approve_run",
    "directory.run_cancelled": "cancel_run",
    "directory.run_refused": "refuse_run",
    "directory.run_requested": "start_run",
    "directory.run_retried": "retry_run",
    "directory.run_undo_requested": "undo_run",
    "directory.schedule_changed": "update_schedule",
    "domain.approved": "approve_domain",
    "domain.removed": "remove_domain",
    "integration.account_bound": "bind_provider_account",
    "integration.account_released": "release_provider_account",
    "integration.event_discarded": "discard_event",
    "integration.event_expunged": "expunge_event",
    "integration.event_read": "get_event_content",
    "integration.event_replayed": "replay_event",
    "integration.event_restored": "restore_event",
    "integration.event_settled": "settle_event",
    "integration.events_approved": "confirm_event_decision",
    "integration.events_cancelled": "cancel_event_decision",
    "integration.events_refused": "refuse_event_decision",
    "integration.events_requested": "request_event_decision",
    "integration.events_undo_requested": "undo_event_decision",
    "integration.secret_created": "create_service_secret",
    "integration.secret_ended": "end_service_secret",
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
    "message.address_lifted": "lift_suppressed_address",
    "message.sent_again": "send_message_again",
    "message.text_changed": "update_message_text",
    "notifications.preferences_changed": "update_notification_preferences",
    "own_domain.claimed": "claim_own_domain",
    "own_domain.removed": "remove_own_domain",
    "own_domain.verified": "verify_own_domain",
    "money.moved": "move_money",
    "money.order_cancelled": "cancel_order",
    "money.order_created": "create_order",
    "money.payment_recorded": "record_payment",
    "money.refund_asked": "refund_order",
    "money.reversed": "reverse_movement",
    "money.treasury_frozen": "freeze_treasury",
    "money.treasury_opened": "open_school_treasury",
    "money.treasury_unfrozen": "unfreeze_treasury",
    "password.changed": "change_my_password",
    "password.reset_requested": "request_password_reset",
    "payments.account_approved": "approve_payment_account",
    "payments.account_connected": "connect_payment_account",
    "payments.account_default": "make_payment_account_default",
    "payments.account_disconnected": "disconnect_payment_account",
    "payments.checkout_started": "start_checkout",
    "payments.policy_changed": "update_payment_policy",
    "person.departed": "delete_user",
    "person.profile_changed": "update_user",
    "person.reinstated": "reinstate_user",
    "person.suspended": "suspend_user",
    "place.added": "create_place",
    "place.changed": "update_place",
    "place.removed": "delete_place",
    "promotion.changed": "update_promotion",
    "promotion.created": "create_promotion",
    "promotion.removed": "delete_promotion",
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
    "roster.change_set_aside": "choose_plan_change",
    "roster.file_removed": "delete_list",
    "roster.file_uploaded": "upload_list",
    "roster.refused": "refuse_plan",
    "roster.requested": "start_import",
    "roster.undo_requested": "undo_plan",
    "school.cancelled": "delete_org",
    "school.created": "create_org",
    "school.details_changed": "update_org",
    "school.mail_route_changed": "update_mail_route",
    "school.mail_tested": "test_mail_route",
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
    "site.changed": "update_association_site",
    "site.published": "publish_association_site",
    "site.withdrawn": "withdraw_association_site",
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
#: act, or the beginning of its code with a dot -> why there is no operation
WITHOUT = {
    "association.looked_at": OF_ITSELF,
    "acting.": OF_A_BROWSER,
    "audit.exported": FILE,
    "audit.retention_applied": OF_ITSELF,
    "break_glass.": "the way in for somebody who can use no other: by hand, on the platform's pages",
    "consent.exported": FILE,
    "consent.": ONESELF,
    "desk.": DESK,
    "device.": DESK,
    "directory.alert_cleared": OF_ITSELF,
    "directory.alert_opened": OF_ITSELF,
    "directory.changes_exported": FILE,
    "directory.changes_purged": OF_ITSELF,
    "directory.run_ended": OF_ITSELF,
    "directory.runs_exported": FILE,
    "email.": "the new address must be proven by its holder, by mailed links",
    "identity.": OF_A_BROWSER,
    "integration.alarm_": OF_ITSELF,
    "integration.events_ended": OF_ITSELF,
    "lockout.link_requested": "for somebody who sits before a locked browser",
    "membership.expired": OF_ITSELF,
    "membership.left": ONESELF,
    "money.alarm_": OF_ITSELF,
    "money.dispute_opened": OF_ITSELF,
    "money.order_expired": OF_ITSELF,
    "money.order_paid": OF_ITSELF,
    "money.order_refunded": OF_ITSELF,
    "money.refund_failed": OF_ITSELF,
    "own_domain.withdrawn": OF_ITSELF,
    "payments.account_state": OF_ITSELF,
    "payments.alarm_": OF_ITSELF,
    "people.exported": FILE,
    "person.address_changed": "part of deciding a conflict of the directory",
    "person.photo_changed": "pictures are sent as files, on a page",
    "pin.": DESK,
    "platform.field_keys_rotated": "an operator's command (docs/runbooks/rotate-keys.md)",
    "retention.applied": OF_ITSELF,
    "retention.periods_changed": "seen with its effect before it is confirmed, on a page",
    "rights.erased": OF_ITSELF,
    "rights.": ONESELF,
    "roster.changes_exported": FILE,
    "roster.ended": OF_ITSELF,
    "roster.failed_exported": FILE,
    "school.activated": OF_ITSELF,
    "school.logo_changed": "pictures are sent as files, on a page",
    "school.microsoft_": "a way to Microsoft and back, in a browser",
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
        "check_ledger", "create_onboarding_link", "create_user", "end_my_session", "end_my_sessions",
        "end_user_session", "login", "move_promotion", "name_founders", "override_renewal", "preview_message_text",
        "read_all_notifications", "read_notification", "read_payment_account_again", "refresh_token",
        "renew_invitation", "reset_password", "turn_school_year", "update_me",
    }  # fmt: skip
    assert {one for one in changing - set(BY_API.values()) - same_act if not one.endswith("_events")} == set()
