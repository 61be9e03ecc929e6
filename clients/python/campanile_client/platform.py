"""Made from docs/openapi/platform-v1.yaml by `make clients`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from .transport import Client, Versioned


class AnyToken(TypedDict):
    token: str


class BindingInput(TypedDict):
    provider: Literal["stripe", "helloasso", "bridge"]
    account: str
    org_id: str
    is_live: NotRequired[bool]
    name: NotRequired[str]


class BindingOut(TypedDict):
    id: str
    provider: str
    account: str
    is_live: bool
    name: str
    org_id: str
    bound_at: str


class BindingOutPage(TypedDict):
    results: list[BindingOut]
    next: str | None
    previous: str | None


class Credentials(TypedDict):
    email: str
    password: str
    code: NotRequired[str]


class Ended(TypedDict):
    ended: int


class EventContentOut(TypedDict):
    body: str
    conflict_body: str


class EventDecisionInput(TypedDict):
    act: Literal["replay", "discard", "expunge"]
    events: NotRequired[list[str]]
    matching: NotRequired[EventFilters]


class EventDecisionLine(TypedDict):
    event: str
    name: str
    about: str
    would_state: str
    would_outcome: str
    would_detail: str
    overtaken: bool


class EventDecisionLinePage(TypedDict):
    results: list[EventDecisionLine]
    next: str | None
    previous: str | None


class EventDecisionOut(TypedDict):
    id: str
    act: Literal["replay", "discard", "expunge"]
    state: Literal[
        "queued",
        "reading",
        "planned",
        "held",
        "applying",
        "verifying",
        "done",
        "partial",
        "failed",
        "cancelled",
        "refused",
    ]
    undoes_id: str | None
    requested_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    to_apply: int
    applied: int
    counts: dict[str, int]
    rehearsed: int
    outcomes: list[dict[str, Any]]
    hold_reason: str
    decided_by: str
    decided_at: str | None
    error_code: str


class EventFilters(TypedDict):
    q: NotRequired[str]
    service: NotRequired[str]
    state: NotRequired[Literal["waiting", "processed", "ignored", "dead", "discarded", "held", "conflict"]]
    kind: NotRequired[str]
    reason: NotRequired[str]
    since: NotRequired[str]
    until: NotRequired[str]


class EventPreviewOut(TypedDict):
    state: str
    outcome: str
    detail: str


class HeldRole(TypedDict):
    role: Literal[
        "owner",
        "admin",
        "auditor",
        "campus-manager",
        "member",
        "custom",
        "office",
        "service",
        "desk",
        "superadmin",
        "system",
    ]
    name: str
    scope_kind: Literal["school", "campus", "association"]
    scope_id: str | None
    place: str


class HowManyRead(TypedDict):
    notifications: int


class InboundEventOut(TypedDict):
    id: str
    service: str
    event_id: str
    kind: str
    about: str
    account: str
    is_live: bool | None
    state: Literal["waiting", "processed", "ignored", "dead", "discarded", "held"]
    outcome: str
    detail: str
    attempts: int
    replays: int
    occurred_at: str | None
    received_at: str
    next_attempt_at: str | None
    finished_at: str | None
    conflicts: int
    is_in_conflict: bool
    expunged_at: str | None


class InboundEventOutPage(TypedDict):
    results: list[InboundEventOut]
    next: str | None
    previous: str | None


class Kept(TypedDict):
    id: str
    status: Literal["accepted", "duplicate", "conflict", "quarantined"]


class KindOut(TypedDict):
    kind: str
    name: str
    category: str
    adaptable: bool


class KindOutPage(TypedDict):
    results: list[KindOut]
    next: str | None
    previous: str | None


class Me(TypedDict):
    kind: Literal["person", "machine"]
    id: str | None
    name: str
    email: str
    given_name: str
    family_name: str
    status: str
    language: str
    department: str
    job_title: str
    editable: list[str]
    roles: list[HeldRole]
    permissions: list[str]


class MessageOut(TypedDict):
    id: str
    kind: str
    way: Literal["email-smtp", "email-graph", "in-app"]
    user_id: str | None
    to: str
    language: str
    subject: str
    state: Literal["queued", "sent", "delivered", "bounced", "failed", "suppressed"]
    reason: str
    attempts: int
    created_at: str
    sent_at: str | None
    delivered_at: str | None
    bounced_at: str | None
    failed_at: str | None
    suppressed_at: str | None


class MessageOutPage(TypedDict):
    results: list[MessageOut]
    next: str | None
    previous: str | None


class MessageTextOut(TypedDict):
    kind: str
    language: str
    adaptable: bool
    subject: str
    intro: str
    example_subject: str
    example_text: str


class NewOrg(TypedDict):
    slug: str
    name: str
    owner_email: str
    language: NotRequired[Literal["fr", "en"]]
    time_zone: NotRequired[str]
    currency: NotRequired[str]
    plan: NotRequired[str]


class NewSecret(TypedDict):
    id: str
    service: str
    hint: str
    created_by: str
    created_at: str
    ends_at: str | None
    last_used_at: str | None
    secret: str


class NoticeOut(TypedDict):
    id: str
    kind: str
    subject: str
    link: str
    unread: bool
    created_at: str
    read_at: str | None


class NoticeOutPage(TypedDict):
    results: list[NoticeOut]
    next: str | None
    previous: str | None


class OrgChange(TypedDict):
    name: NotRequired[str]
    plan: NotRequired[str]
    language: NotRequired[Literal["fr", "en"]]
    time_zone: NotRequired[str]
    currency: NotRequired[str]


class OrgOfPlatform(TypedDict):
    id: str
    slug: str
    name: str
    status: Literal["pending", "trial", "active", "past_due", "suspended", "cancelled", "purged"]
    plan: str
    language: str
    time_zone: str
    currency: str
    hue: int
    created_at: str
    activated_at: str | None
    owner_email: str
    ready: bool
    suspended_at: str | None


class OrgOfPlatformPage(TypedDict):
    results: list[OrgOfPlatform]
    next: str | None
    previous: str | None


class OwnPassword(TypedDict):
    current_password: str
    password: str


class OwnProfile(TypedDict):
    given_name: NotRequired[str]
    family_name: NotRequired[str]
    department: NotRequired[str]
    job_title: NotRequired[str]
    language: NotRequired[Literal["fr", "en"]]


class PlatformIntegrationStatus(TypedDict):
    state: Literal["unused", "healthy", "degraded", "error"]
    checked_at: str
    services: list[ServiceStatus]
    results: list[SchoolStatus]
    next: str | None
    previous: str | None


class PreferenceInput(TypedDict):
    category: str
    email: NotRequired[Literal["now", "daily", "off"]]
    in_app: NotRequired[Literal["now", "off"]]


class PreferenceOut(TypedDict):
    category: str
    name: str
    optional: bool
    email: Literal["now", "daily", "off"]
    in_app: Literal["now", "off"]


class PreferencesChange(TypedDict):
    categories: list[PreferenceInput]


class PreferencesOut(TypedDict):
    categories: list[PreferenceOut]


class Problem(TypedDict):
    type: str
    title: str
    status: int
    code: str
    request_id: str
    errors: NotRequired[dict[str, list[str]]]


class Proof(TypedDict):
    password: NotRequired[str]
    code: NotRequired[str]


class RefreshToken(TypedDict):
    refresh_token: str


class SchoolStatus(TypedDict):
    organization: str
    state: Literal["unused", "healthy", "degraded", "error"]
    checked_at: str
    services: list[ServiceOfSchool]


class SecretInput(TypedDict):
    service: str


class SecretOut(TypedDict):
    id: str
    service: str
    hint: str
    created_by: str
    created_at: str
    ends_at: str | None
    last_used_at: str | None


class SecretOutPage(TypedDict):
    results: list[SecretOut]
    next: str | None
    previous: str | None


class ServiceOfSchool(TypedDict):
    service: str
    state: Literal["unused", "healthy", "degraded", "error"]
    code: str
    advice: str
    dead: int
    waiting: int
    lag_seconds: int


class ServiceStatus(TypedDict):
    service: str
    state: Literal["unused", "healthy", "degraded", "error"]
    code: str
    advice: str
    last_event_id: str
    last_event_at: str | None
    last_success_at: str | None
    received: int
    error_rate: float | None
    waiting: int
    retrying: int
    lag_seconds: int
    dead: int
    conflicts: int
    breaker: Literal["closed", "open", "half-open"]


class SessionOut(TypedDict):
    id: str
    kind: Literal["browser", "api", "device", "support"]
    signed_in_by: str
    address: str | None
    user_agent: str
    created_at: str
    last_seen_at: str
    expires_at: str


class SessionOutPage(TypedDict):
    results: list[SessionOut]
    next: str | None
    previous: str | None


class SupportGrantOut(TypedDict):
    id: str
    org_id: str
    level: Literal["read", "act"]
    state: Literal["waiting", "active", "refused", "ended", "expired", "lapsed"]
    reason: str
    minutes: int
    asked_by: str
    asked_at: str
    needs_approval: bool
    decided_by: str
    starts_at: str | None
    ends_at: str | None
    ended_at: str | None
    entered_at: str | None


class SupportGrantOutPage(TypedDict):
    results: list[SupportGrantOut]
    next: str | None
    previous: str | None


class SupportRequest(TypedDict):
    org_id: str
    level: Literal["read", "act"]
    minutes: int
    reason: str


class SuppressedOut(TypedDict):
    id: str
    address: str
    reason: str
    since: str


class SuppressedOutPage(TypedDict):
    results: list[SuppressedOut]
    next: str | None
    previous: str | None


class Tokens(TypedDict):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    refresh_expires_at: str
    session: str


class VerdictOut(TypedDict):
    id: str
    status: Literal["accepted", "duplicate", "conflict", "invalid"]
    errors: NotRequired[list[str]]


class Verdicts(TypedDict):
    id: NotRequired[str]
    status: NotRequired[str]
    errors: NotRequired[list[str]]
    accepted: NotRequired[int]
    duplicate: NotRequired[int]
    conflict: NotRequired[int]
    invalid: NotRequired[int]
    results: NotRequired[list[VerdictOut]]


class Why(TypedDict):
    reason: str


class Platform(Client):
    """The operations of platform-v1.yaml."""

    def confirm_identity(self, *, body: Proof) -> Tokens:
        """Prove again who you are."""
        found: Tokens = self._call("POST", "/api/v1/auth/confirm", {}, body=body)[0]
        return found

    def sign_in(self, *, body: Credentials) -> Tokens:
        """Sign in with a password."""
        found: Tokens = self._call("POST", "/api/v1/auth/token", {}, body=body)[0]
        return found

    def refresh_token(self, *, body: RefreshToken) -> Tokens:
        """The next pair of tokens."""
        found: Tokens = self._call("POST", "/api/v1/auth/token/refresh", {}, body=body)[0]
        return found

    def revoke_token(self, *, body: AnyToken) -> None:
        """End a session by one of its tokens."""
        self._call("POST", "/api/v1/auth/token/revoke", {}, body=body)

    def list_provider_accounts(
        self, *, cursor: str | None = None, limit: int | None = None, q: str | None = None
    ) -> BindingOutPage:
        """Accounts of schools."""
        found: BindingOutPage = self._call(
            "GET", "/api/v1/integrations/accounts", {}, query={"cursor": cursor, "limit": limit, "q": q}
        )[0]
        return found

    def bind_provider_account(self, *, body: BindingInput, idempotency_key: str | None = None) -> BindingOut:
        """Bind an account to a school."""
        found: BindingOut = self._call(
            "POST", "/api/v1/integrations/accounts", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_provider_account(self, binding_id: str) -> Versioned[BindingOut]:
        """One account."""
        answer, etag = self._call("GET", "/api/v1/integrations/accounts/{binding_id}", {"binding_id": binding_id})
        return Versioned(answer, etag)

    def release_provider_account(self, binding_id: str, *, if_match: str | None = None) -> None:
        """Release an account."""
        self._call(
            "DELETE",
            "/api/v1/integrations/accounts/{binding_id}",
            {"binding_id": binding_id},
            headers={"If-Match": if_match},
        )

    def request_event_decision(
        self, *, body: EventDecisionInput, idempotency_key: str | None = None
    ) -> EventDecisionOut:
        """Decide about many events."""
        found: EventDecisionOut = self._call(
            "POST", "/api/v1/integrations/decisions", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_event_decision(self, plan_id: str) -> Versioned[EventDecisionOut]:
        """One decision."""
        answer, etag = self._call("GET", "/api/v1/integrations/decisions/{plan_id}", {"plan_id": plan_id})
        return Versioned(answer, etag)

    def cancel_event_decision(self, plan_id: str, *, idempotency_key: str | None = None) -> EventDecisionOut:
        """Stop a decision."""
        found: EventDecisionOut = self._call(
            "POST",
            "/api/v1/integrations/decisions/{plan_id}/cancellation",
            {"plan_id": plan_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def confirm_event_decision(self, plan_id: str, *, idempotency_key: str | None = None) -> EventDecisionOut:
        """Confirm a decision."""
        found: EventDecisionOut = self._call(
            "POST",
            "/api/v1/integrations/decisions/{plan_id}/confirmation",
            {"plan_id": plan_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_event_decision_events(
        self, plan_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> EventDecisionLinePage:
        """Events of a decision."""
        found: EventDecisionLinePage = self._call(
            "GET",
            "/api/v1/integrations/decisions/{plan_id}/events",
            {"plan_id": plan_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def refuse_event_decision(self, plan_id: str, *, idempotency_key: str | None = None) -> EventDecisionOut:
        """Throw a decision away."""
        found: EventDecisionOut = self._call(
            "POST",
            "/api/v1/integrations/decisions/{plan_id}/refusal",
            {"plan_id": plan_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def undo_event_decision(self, plan_id: str, *, idempotency_key: str | None = None) -> EventDecisionOut:
        """Take a decision back."""
        found: EventDecisionOut = self._call(
            "POST",
            "/api/v1/integrations/decisions/{plan_id}/undo",
            {"plan_id": plan_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_events(
        self,
        *,
        cursor: str | None = None,
        kind: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        reason: str | None = None,
        service: str | None = None,
        since: str | None = None,
        state: Literal["waiting", "processed", "ignored", "dead", "discarded", "held", "conflict"] | None = None,
        until: str | None = None,
    ) -> InboundEventOutPage:
        """Events."""
        found: InboundEventOutPage = self._call(
            "GET",
            "/api/v1/integrations/events",
            {},
            query={
                "cursor": cursor,
                "kind": kind,
                "limit": limit,
                "q": q,
                "reason": reason,
                "service": service,
                "since": since,
                "state": state,
                "until": until,
            },
        )[0]
        return found

    def get_event(self, reference: str) -> Versioned[InboundEventOut]:
        """One event."""
        answer, etag = self._call("GET", "/api/v1/integrations/events/{reference}", {"reference": reference})
        return Versioned(answer, etag)

    def get_event_content(self, reference: str) -> EventContentOut:
        """What an event said."""
        found: EventContentOut = self._call(
            "GET", "/api/v1/integrations/events/{reference}/content", {"reference": reference}
        )[0]
        return found

    def settle_event(self, reference: str, *, idempotency_key: str | None = None) -> InboundEventOut:
        """Note that a contradiction was looked at."""
        found: InboundEventOut = self._call(
            "POST",
            "/api/v1/integrations/events/{reference}/contradiction",
            {"reference": reference},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def discard_event(self, reference: str, *, idempotency_key: str | None = None) -> InboundEventOut:
        """Discard an event."""
        found: InboundEventOut = self._call(
            "POST",
            "/api/v1/integrations/events/{reference}/discard",
            {"reference": reference},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def expunge_event(self, reference: str, *, idempotency_key: str | None = None) -> InboundEventOut:
        """Delete the content of an event."""
        found: InboundEventOut = self._call(
            "POST",
            "/api/v1/integrations/events/{reference}/expunging",
            {"reference": reference},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def preview_event(self, reference: str) -> EventPreviewOut:
        """What a replay would do."""
        found: EventPreviewOut = self._call(
            "GET", "/api/v1/integrations/events/{reference}/preview", {"reference": reference}
        )[0]
        return found

    def replay_event(self, reference: str, *, idempotency_key: str | None = None) -> InboundEventOut:
        """Replay an event."""
        found: InboundEventOut = self._call(
            "POST",
            "/api/v1/integrations/events/{reference}/replay",
            {"reference": reference},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def restore_event(self, reference: str, *, idempotency_key: str | None = None) -> InboundEventOut:
        """Take a discarded event back."""
        found: InboundEventOut = self._call(
            "POST",
            "/api/v1/integrations/events/{reference}/restoration",
            {"reference": reference},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_service_secrets(self, *, cursor: str | None = None, limit: int | None = None) -> SecretOutPage:
        """Secrets of services."""
        found: SecretOutPage = self._call(
            "GET", "/api/v1/integrations/secrets", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def create_service_secret(self, *, body: SecretInput, idempotency_key: str | None = None) -> NewSecret:
        """Make or replace a secret."""
        found: NewSecret = self._call(
            "POST", "/api/v1/integrations/secrets", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def end_service_secret(self, secret_id: str) -> None:
        """End a secret."""
        self._call("DELETE", "/api/v1/integrations/secrets/{secret_id}", {"secret_id": secret_id})

    def get_integration_status(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["unused", "healthy", "degraded", "error"] | None = None,
    ) -> PlatformIntegrationStatus:
        """How the services of all schools do."""
        found: PlatformIntegrationStatus = self._call(
            "GET", "/api/v1/integrations/status", {}, query={"cursor": cursor, "limit": limit, "state": state}
        )[0]
        return found

    def list_message_kinds(self) -> KindOutPage:
        """Kinds of messages."""
        found: KindOutPage = self._call("GET", "/api/v1/message-kinds", {})[0]
        return found

    def get_message_text(self, kind: str, language: str) -> Versioned[MessageTextOut]:
        """One text."""
        answer, etag = self._call(
            "GET", "/api/v1/message-kinds/{kind}/texts/{language}", {"kind": kind, "language": language}
        )
        return Versioned(answer, etag)

    def list_messages(
        self,
        *,
        cursor: str | None = None,
        kind: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        state: Literal["queued", "sent", "delivered", "bounced", "failed", "suppressed"] | None = None,
        way: Literal["email-smtp", "email-graph", "in-app"] | None = None,
    ) -> MessageOutPage:
        """Messages."""
        found: MessageOutPage = self._call(
            "GET",
            "/api/v1/messages",
            {},
            query={"cursor": cursor, "kind": kind, "limit": limit, "q": q, "state": state, "way": way},
        )[0]
        return found

    def get_message(self, message_id: str) -> Versioned[MessageOut]:
        """One message."""
        answer, etag = self._call("GET", "/api/v1/messages/{message_id}", {"message_id": message_id})
        return Versioned(answer, etag)

    def send_message_again(self, message_id: str, *, idempotency_key: str | None = None) -> MessageOut:
        """Send a message again."""
        found: MessageOut = self._call(
            "POST",
            "/api/v1/messages/{message_id}/again",
            {"message_id": message_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_notification_preferences(self) -> Versioned[PreferencesOut]:
        """What you want to hear of."""
        answer, etag = self._call("GET", "/api/v1/notification-preferences", {})
        return Versioned(answer, etag)

    def update_notification_preferences(self, *, body: PreferencesChange, if_match: str) -> Versioned[PreferencesOut]:
        """Change what you want to hear of."""
        answer, etag = self._call(
            "PATCH", "/api/v1/notification-preferences", {}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def list_notifications(
        self, *, cursor: str | None = None, limit: int | None = None, unread: bool | None = None
    ) -> NoticeOutPage:
        """Your notifications."""
        found: NoticeOutPage = self._call(
            "GET", "/api/v1/notifications", {}, query={"cursor": cursor, "limit": limit, "unread": unread}
        )[0]
        return found

    def read_notification(self, notice_id: str) -> NoticeOut:
        """Mark as read."""
        found: NoticeOut = self._call("POST", "/api/v1/notifications/{notice_id}/reading", {"notice_id": notice_id})[0]
        return found

    def read_all_notifications(self) -> HowManyRead:
        """Mark all as read."""
        found: HowManyRead = self._call("POST", "/api/v1/notifications/reading", {})[0]
        return found

    def list_orgs(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        status: Literal["pending", "trial", "active", "past_due", "suspended", "cancelled", "purged"] | None = None,
    ) -> OrgOfPlatformPage:
        """Schools."""
        found: OrgOfPlatformPage = self._call(
            "GET", "/api/v1/orgs", {}, query={"cursor": cursor, "limit": limit, "q": q, "status": status}
        )[0]
        return found

    def create_org(self, *, body: NewOrg, idempotency_key: str | None = None) -> OrgOfPlatform:
        """Create a school."""
        found: OrgOfPlatform = self._call(
            "POST", "/api/v1/orgs", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_org(self, org_id: str) -> Versioned[OrgOfPlatform]:
        """One school."""
        answer, etag = self._call("GET", "/api/v1/orgs/{org_id}", {"org_id": org_id})
        return Versioned(answer, etag)

    def update_org(self, org_id: str, *, body: OrgChange, if_match: str) -> Versioned[OrgOfPlatform]:
        """Change a school."""
        answer, etag = self._call(
            "PATCH", "/api/v1/orgs/{org_id}", {"org_id": org_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def delete_org(self, org_id: str, *, reason: str | None = None, if_match: str | None = None) -> None:
        """Cancel a school."""
        self._call(
            "DELETE",
            "/api/v1/orgs/{org_id}",
            {"org_id": org_id},
            query={"reason": reason},
            headers={"If-Match": if_match},
        )

    def resend_owner_invitation(self, org_id: str, *, idempotency_key: str | None = None) -> OrgOfPlatform:
        """Invite the first owner again."""
        found: OrgOfPlatform = self._call(
            "POST",
            "/api/v1/orgs/{org_id}/owner-invitation",
            {"org_id": org_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def resume_org(self, org_id: str, *, body: Why, idempotency_key: str | None = None) -> OrgOfPlatform:
        """Resume a school."""
        found: OrgOfPlatform = self._call(
            "POST",
            "/api/v1/orgs/{org_id}/resumption",
            {"org_id": org_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def suspend_org(self, org_id: str, *, body: Why, idempotency_key: str | None = None) -> OrgOfPlatform:
        """Suspend a school."""
        found: OrgOfPlatform = self._call(
            "POST",
            "/api/v1/orgs/{org_id}/suspension",
            {"org_id": org_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_support_grants(self, *, cursor: str | None = None, limit: int | None = None) -> SupportGrantOutPage:
        """Support access to all schools."""
        found: SupportGrantOutPage = self._call(
            "GET", "/api/v1/support-grants", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def ask_for_support_access(self, *, body: SupportRequest, idempotency_key: str | None = None) -> SupportGrantOut:
        """Ask for support access."""
        found: SupportGrantOut = self._call(
            "POST", "/api/v1/support-grants", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_support_grant(self, grant_id: str) -> Versioned[SupportGrantOut]:
        """One support access."""
        answer, etag = self._call("GET", "/api/v1/support-grants/{grant_id}", {"grant_id": grant_id})
        return Versioned(answer, etag)

    def end_support_grant(self, grant_id: str, *, if_match: str | None = None) -> None:
        """End a support access."""
        self._call(
            "DELETE", "/api/v1/support-grants/{grant_id}", {"grant_id": grant_id}, headers={"If-Match": if_match}
        )

    def list_suppressed_addresses(self, *, cursor: str | None = None, limit: int | None = None) -> SuppressedOutPage:
        """Addresses that nothing goes to."""
        found: SuppressedOutPage = self._call(
            "GET", "/api/v1/suppressed-addresses", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def lift_suppressed_address(self, address_id: str) -> None:
        """Write to an address again."""
        self._call("DELETE", "/api/v1/suppressed-addresses/{address_id}", {"address_id": address_id})

    def login(self, *, body: Credentials) -> Tokens:
        """Sign in with a password (short name)."""
        found: Tokens = self._call("POST", "/api/v1/users/login", {}, body=body)[0]
        return found

    def get_me(self) -> Versioned[Me]:
        """Who you are."""
        answer, etag = self._call("GET", "/api/v1/users/me", {})
        return Versioned(answer, etag)

    def update_me(self, *, body: OwnProfile, if_match: str) -> Versioned[Me]:
        """Change your profile."""
        answer, etag = self._call("PATCH", "/api/v1/users/me", {}, body=body, headers={"If-Match": if_match})
        return Versioned(answer, etag)

    def change_my_password(self, *, body: OwnPassword) -> None:
        """Change your password."""
        self._call("POST", "/api/v1/users/me/password", {}, body=body)

    def list_my_sessions(self, *, cursor: str | None = None, limit: int | None = None) -> SessionOutPage:
        """Your sessions."""
        found: SessionOutPage = self._call(
            "GET", "/api/v1/users/me/sessions", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def end_my_sessions(self, *, keep_current: bool | None = None) -> Ended:
        """End your sessions."""
        found: Ended = self._call("DELETE", "/api/v1/users/me/sessions", {}, query={"keep_current": keep_current})[0]
        return found

    def end_my_session(self, session_id: str) -> None:
        """End one of your sessions."""
        self._call("DELETE", "/api/v1/users/me/sessions/{session_id}", {"session_id": session_id})

    def send_bridge_events(self, *, body: dict[str, Any]) -> Kept:
        """Events of Bridge."""
        found: Kept = self._call("POST", "/api/v1/webhooks/bridge", {}, body=body)[0]
        return found

    def send_communication_service_events(self, *, body: dict[str, Any] | list[Any]) -> Verdicts:
        """Events of the communication-service."""
        found: Verdicts = self._call("POST", "/api/v1/webhooks/communication-service", {}, body=body)[0]
        return found

    def send_helloasso_events(self, *, body: dict[str, Any]) -> Kept:
        """Notifications of HelloAsso, signed."""
        found: Kept = self._call("POST", "/api/v1/webhooks/helloasso", {}, body=body)[0]
        return found

    def send_helloasso_address_events(self, path_secret: str, *, body: dict[str, Any]) -> Kept:
        """Notifications of HelloAsso at an address with a secret end."""
        found: Kept = self._call(
            "POST", "/api/v1/webhooks/helloasso/{path_secret}", {"path_secret": path_secret}, body=body
        )[0]
        return found

    def send_payment_service_events(self, *, body: dict[str, Any] | list[Any]) -> Verdicts:
        """Events of the payment-service."""
        found: Verdicts = self._call("POST", "/api/v1/webhooks/payment-service", {}, body=body)[0]
        return found

    def send_stripe_events(self, *, body: dict[str, Any]) -> Kept:
        """Events of Stripe."""
        found: Kept = self._call("POST", "/api/v1/webhooks/stripe", {}, body=body)[0]
        return found

    def send_user_service_events(self, *, body: dict[str, Any] | list[Any]) -> Verdicts:
        """Events of the user-service."""
        found: Verdicts = self._call("POST", "/api/v1/webhooks/user-service", {}, body=body)[0]
        return found
