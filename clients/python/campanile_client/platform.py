"""Made from docs/openapi/platform-v1.yaml by `make clients`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from .transport import Client, Versioned


class AnyToken(TypedDict):
    token: str


class Credentials(TypedDict):
    email: str
    password: str
    code: NotRequired[str]


class Ended(TypedDict):
    ended: int


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


class Kept(TypedDict):
    id: str
    status: Literal["accepted", "duplicate", "conflict", "quarantined"]


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


class NewOrg(TypedDict):
    slug: str
    name: str
    owner_email: str
    language: NotRequired[Literal["fr", "en"]]
    time_zone: NotRequired[str]
    currency: NotRequired[str]
    plan: NotRequired[str]


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

    def list_support_grants(self) -> SupportGrantOutPage:
        """Support access to all schools."""
        found: SupportGrantOutPage = self._call("GET", "/api/v1/support-grants", {})[0]
        return found

    def ask_for_support_access(self, *, body: SupportRequest, idempotency_key: str | None = None) -> SupportGrantOut:
        """Ask for support access."""
        found: SupportGrantOut = self._call(
            "POST", "/api/v1/support-grants", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def end_support_grant(self, grant_id: str) -> None:
        """End a support access."""
        self._call("DELETE", "/api/v1/support-grants/{grant_id}", {"grant_id": grant_id})

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
