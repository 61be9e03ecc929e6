"""Made from docs/openapi/v1.yaml by `make clients`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from .transport import Client, Versioned


class Acceptance(TypedDict):
    token: str
    password: str
    given_name: NotRequired[str]
    family_name: NotRequired[str]


class AccountBalance(TypedDict):
    kind: str
    qualifier: str
    balance: int


class Address(TypedDict):
    email: str


class Adjusted(TypedDict):
    changes: int


class AdjustmentInput(TypedDict):
    act: Literal["leave_out", "keep_always", "put_back"]
    change_ids: list[int]


class Adopted(TypedDict):
    added: int


class AllowanceOut(TypedDict):
    left: int
    per_day: int
    this_day: int
    per_week: int
    this_week: int
    blocked_until: str | None
    blocked_because: str


class AnnouncementInput(TypedDict):
    title_fr: NotRequired[str]
    body_fr: NotRequired[str]
    title_en: NotRequired[str]
    body_en: NotRequired[str]
    audience: NotRequired[Literal["members", "board", "office", "pending"]]
    office_id: NotRequired[str | None]
    channels: NotRequired[Literal["both", "mail", "in-app"]]


class AnnouncementOut(TypedDict):
    id: str
    association_id: str
    title_fr: str
    body_fr: str
    title_en: str
    body_en: str
    audience: Literal["members", "board", "office", "pending"]
    office_id: str | None
    channels: Literal["both", "mail", "in-app"]
    state: str
    author: str
    created_at: str
    leaves_at: str | None
    started_at: str | None
    finished_at: str | None
    returned_because: str
    stopped_because: str
    recipients: int
    handed: int


class AnnouncementOutPage(TypedDict):
    results: list[AnnouncementOut]
    next: str | None
    previous: str | None


class AnnouncementSubscriptionOut(TypedDict):
    association_id: str
    wanted: bool


class AnnouncementTested(TypedDict):
    to: str


class Answer(TypedDict):
    agree: bool


class AnyToken(TypedDict):
    token: str


class Approval(TypedDict):
    starts_on: str
    ends_on: str
    text: NotRequired[str]


class Asked(TypedDict):
    status: Literal["accepted"]


class AskedOut(TypedDict):
    asked: int


class AssociationChange(TypedDict):
    name: NotRequired[str]
    kind: NotRequired[
        Literal[
            "student-union",
            "arts",
            "sport",
            "junior-enterprise",
            "culture",
            "solidarity",
            "environment",
            "technology",
            "international",
            "other",
        ]
    ]
    purpose: NotRequired[str]
    seat_id: NotRequired[str | None]
    visibility: NotRequired[Literal["public", "school", "campus", "promotion", "members", "board"]]
    promotion_id: NotRequired[str | None]
    joining: NotRequired[Literal["free", "approval", "fee", "closed"]]
    rna: NotRequired[str]
    siret: NotRequired[str]


class AssociationInput(TypedDict):
    name: str
    kind: Literal[
        "student-union",
        "arts",
        "sport",
        "junior-enterprise",
        "culture",
        "solidarity",
        "environment",
        "technology",
        "international",
        "other",
    ]
    purpose: str
    seat_id: NotRequired[str | None]
    visibility: NotRequired[Literal["public", "school", "campus", "promotion", "members", "board"]]
    promotion_id: NotRequired[str | None]
    joining: NotRequired[Literal["free", "approval", "fee", "closed"]]
    rna: NotRequired[str]
    siret: NotRequired[str]


class AssociationOut(TypedDict):
    id: str
    name: str
    slug: str
    kind: Literal[
        "student-union",
        "arts",
        "sport",
        "junior-enterprise",
        "culture",
        "solidarity",
        "environment",
        "technology",
        "international",
        "other",
    ]
    purpose: str
    seat_id: str | None
    visibility: Literal["public", "school", "campus", "promotion", "members", "board"]
    promotion_id: str | None
    joining: Literal["free", "approval", "fee", "closed"]
    rna: str
    siret: str
    status: str
    opens_on: str | None
    frozen_at: str | None
    member_count: int


class AssociationOutPage(TypedDict):
    results: list[AssociationOut]
    next: str | None
    previous: str | None


class BalancesOut(TypedDict):
    accounts: list[AccountBalance]
    balance: int


class CampaignInput(TypedDict):
    name: str
    deadline: str
    delisted_on: NotRequired[str | None]


class CampaignOut(TypedDict):
    id: str
    name: str
    deadline: str
    delisted_on: str
    started_at: str
    total: int
    settled: int


class CampaignOutPage(TypedDict):
    results: list[CampaignOut]
    next: str | None
    previous: str | None


class CampusChange(TypedDict):
    name: NotRequired[str]
    code: NotRequired[str]
    address: NotRequired[str]
    time_zone: NotRequired[str]
    default_role: NotRequired[Literal["alumni", "member", "staff", "manager"]]
    hue: NotRequired[int | None]


class CampusInput(TypedDict):
    name: str
    code: str
    address: NotRequired[str]
    time_zone: NotRequired[str]
    default_role: NotRequired[Literal["alumni", "member", "staff", "manager"]]
    hue: NotRequired[int | None]


class CampusOut(TypedDict):
    id: str
    name: str
    code: str
    address: str
    time_zone: str
    default_role: Literal["alumni", "member", "staff", "manager"]
    hue: int | None
    created_at: str
    archived_at: str | None


class CampusOutPage(TypedDict):
    results: list[CampusOut]
    next: str | None
    previous: str | None


class ChangeOfPlan(TypedDict):
    id: int
    row: int | None
    kind: Literal[
        "added",
        "updated",
        "placed",
        "moved",
        "promoted",
        "alumni",
        "restored",
        "deactivated",
        "removed",
        "skipped",
        "conflict",
    ]
    reason: str
    user_id: str | None
    campus_id: str | None
    name: str
    email: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    overtaken: bool
    left_out: bool


class ChangeOfPlanPage(TypedDict):
    results: list[ChangeOfPlan]
    next: str | None
    previous: str | None


class ChangeOut(TypedDict):
    id: int
    kind: Literal["added", "updated", "moved", "stale", "deactivated", "restored", "removed", "skipped", "conflict"]
    reason: str
    user_id: str | None
    campus_id: str | None
    name: str
    email: str
    before: dict[str, Any]
    after: dict[str, Any]
    overtaken: bool


class ChangeOutPage(TypedDict):
    results: list[ChangeOut]
    next: str | None
    previous: str | None


class CharterInput(TypedDict):
    name: str
    text_fr: str
    text_en: NotRequired[str]


class CheckOut(TypedDict):
    code: str
    ok: bool
    title: str
    fault: str


class CheckoutInput(TypedDict):
    return_url: str
    cancel_url: str
    account_id: NotRequired[str]


class CheckoutOut(TypedDict):
    payment_id: str
    provider: str
    url: str


class ChecksOut(TypedDict):
    sentence: str
    checks: list[CheckOut]


class ChoiceInput(TypedDict):
    tier_ids: list[str]
    accepted: NotRequired[list[str]]
    key: str


class ConflictOut(TypedDict):
    object_id: str
    email: str
    name: str
    upn: str
    reason: Literal["local-account", "other-identity", "address-taken", "shared-address"]
    user_id: NotRequired[str | None]
    choices: list[str]


class ConflictOutPage(TypedDict):
    results: list[ConflictOut]
    next: str | None
    previous: str | None


class ConnectInput(TypedDict):
    treasury_id: str
    provider: Literal["stripe", "helloasso"]


class ConsentPurposeOut(TypedDict):
    purpose: str
    label: str
    required: bool
    version: NotRequired[int | None]
    given: int
    withdrawn: int
    waiting: int
    outdated: int
    silent: int


class ConsentPurposeOutPage(TypedDict):
    results: list[ConsentPurposeOut]
    next: str | None
    previous: str | None


class ConsentTextInput(TypedDict):
    title_fr: str
    title_en: str
    body_fr: str
    body_en: str


class ConsentTextOut(TypedDict):
    purpose: str
    version: int
    title_fr: str
    title_en: str
    body_fr: str
    body_en: str
    published_at: str
    published_by: str


class ConsentTextOutPage(TypedDict):
    results: list[ConsentTextOut]
    next: str | None
    previous: str | None


class CredentialInput(TypedDict):
    name: str
    permissions: list[str]
    expires_at: str


class CredentialOut(TypedDict):
    id: str
    name: str
    hint: str
    permissions: list[str]
    counting: list[str]
    created_by: str
    created_at: str
    expires_at: str
    last_used_at: str | None
    revoked_at: str | None


class CredentialOutPage(TypedDict):
    results: list[CredentialOut]
    next: str | None
    previous: str | None


class Credentials(TypedDict):
    email: str
    password: str
    code: NotRequired[str]


class CustomRoleChange(TypedDict):
    name: NotRequired[str]
    description: NotRequired[str]
    permissions: NotRequired[list[str]]


class CustomRoleInput(TypedDict):
    name: str
    description: NotRequired[str]
    permissions: list[str]
    scope_kind: NotRequired[Literal["school", "campus", "association"]]


class CustomRoleOut(TypedDict):
    id: str
    name: str
    description: str
    permissions: list[str]
    scope_kind: Literal["school", "campus", "association"]
    created_by: str
    created_at: str
    archived_at: str | None


class CustomRoleOutPage(TypedDict):
    results: list[CustomRoleOut]
    next: str | None
    previous: str | None


class DecisionInput(TypedDict):
    choice: Literal["same", "address", "keeps", "leave"]
    email: NotRequired[str]


class DecisionOut(TypedDict):
    id: str
    object_id: str
    email: str
    name: str
    reason: str
    choice: Literal["same", "address", "keeps", "leave"]
    decided_by: str
    decided_at: str


class DecisionOutPage(TypedDict):
    results: list[DecisionOut]
    next: str | None
    previous: str | None


class DeliveryOut(TypedDict):
    endpoint_id: str
    event_id: str
    type: str
    happened_at: str
    state: Literal["waiting", "delivered", "failed", "dropped"]
    attempts: int
    status: int | None
    fault: str
    next_attempt_at: str | None
    finished_at: str | None


class DeliveryOutPage(TypedDict):
    results: list[DeliveryOut]
    next: str | None
    previous: str | None


class DeskInput(TypedDict):
    tier_id: str
    email: str
    method: Literal["cash", "transfer", "cheque"]
    signed: NotRequired[bool]
    received_on: NotRequired[str | None]
    key: str


class DocumentAcceptance(TypedDict):
    valid_until: NotRequired[str | None]


class DocumentComment(TypedDict):
    comment: str


class DocumentKindChange(TypedDict):
    name: NotRequired[str]
    help_text: NotRequired[str]
    is_required: NotRequired[bool]
    at_request: NotRequired[bool]
    needed_of: NotRequired[
        list[
            Literal[
                "student-union",
                "arts",
                "sport",
                "junior-enterprise",
                "culture",
                "solidarity",
                "environment",
                "technology",
                "international",
                "other",
            ]
        ]
    ]
    renewed: NotRequired[Literal["once", "yearly", "before"]]
    due_month: NotRequired[int | None]
    due_day: NotRequired[int | None]
    same_is_enough: NotRequired[bool]
    is_financial: NotRequired[bool]


class DocumentKindInput(TypedDict):
    name: str
    help_text: NotRequired[str]
    is_required: NotRequired[bool]
    at_request: NotRequired[bool]
    needed_of: NotRequired[
        list[
            Literal[
                "student-union",
                "arts",
                "sport",
                "junior-enterprise",
                "culture",
                "solidarity",
                "environment",
                "technology",
                "international",
                "other",
            ]
        ]
    ]
    renewed: NotRequired[Literal["once", "yearly", "before"]]
    due_month: NotRequired[int | None]
    due_day: NotRequired[int | None]
    same_is_enough: NotRequired[bool]
    is_financial: NotRequired[bool]


class DocumentKindOut(TypedDict):
    id: str
    code: str
    name: str
    help_text: str
    is_required: bool
    at_request: bool
    needed_of: list[
        Literal[
            "student-union",
            "arts",
            "sport",
            "junior-enterprise",
            "culture",
            "solidarity",
            "environment",
            "technology",
            "international",
            "other",
        ]
    ]
    renewed: Literal["once", "yearly", "before"]
    due_month: int | None
    due_day: int | None
    same_is_enough: bool
    is_financial: bool
    archived_at: str | None


class DocumentKindOutPage(TypedDict):
    results: list[DocumentKindOut]
    next: str | None
    previous: str | None


class DocumentOut(TypedDict):
    id: str
    kind: Literal["receipt", "credit_note"]
    number: str
    issued_on: str


class DocumentVersionOut(TypedDict):
    id: str
    number: int
    filename: str
    size: int
    sha256: str
    uploaded_at: str
    uploaded_by: str
    decision: Literal["waiting", "accepted", "changes"]
    comment: str
    decided_at: str | None
    decided_by: str
    valid_until: str | None
    same_as_id: str | None


class DocumentsWanted(TypedDict):
    association_ids: list[str]
    kind_ids: NotRequired[list[str]]
    title: NotRequired[str]
    words: NotRequired[str]
    due_on: NotRequired[str | None]


class DomainInput(TypedDict):
    domain: str


class DomainOut(TypedDict):
    id: str
    campus_id: str
    domain: str
    created_at: str


class DomainOutPage(TypedDict):
    results: list[DomainOut]
    next: str | None
    previous: str | None


class Ended(TypedDict):
    ended: int


class EndpointChange(TypedDict):
    name: NotRequired[str]
    url: NotRequired[str]
    events: NotRequired[list[str]]


class EndpointInput(TypedDict):
    name: str
    url: str
    events: NotRequired[list[str]]


class EndpointOut(TypedDict):
    id: str
    name: str
    url: str
    events: list[str]
    state: Literal["enabled", "paused", "disabled"]
    because: str
    failing_since: str | None
    last_success_at: str | None
    created_at: str


class EndpointOutPage(TypedDict):
    results: list[EndpointOut]
    next: str | None
    previous: str | None


class EndpointSecretOut(TypedDict):
    id: str
    hint: str
    created_at: str
    ends_at: str | None


class EndpointSecretOutPage(TypedDict):
    results: list[EndpointSecretOut]
    next: str | None
    previous: str | None


class EntryOut(TypedDict):
    kind: str
    qualifier: str
    amount: int


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


class EventOut(TypedDict):
    id: str
    at: str
    act: str
    title: str
    actor_id: str | None
    actor_label: str
    actor_email: str
    acting_for: str
    surface: str
    address: str
    request_id: str
    target_type: str
    target_id: str
    target_label: str
    scope_kind: str
    scope_id: str | None
    changes: dict[str, Any]
    reason: str
    data: dict[str, Any]


class EventOutPage(TypedDict):
    results: list[EventOut]
    next: str | None
    previous: str | None


class EventPreviewOut(TypedDict):
    state: str
    outcome: str
    detail: str


class EventTypeOut(TypedDict):
    type: str
    title: str


class EventTypeOutPage(TypedDict):
    results: list[EventTypeOut]
    next: str | None
    previous: str | None


class FailedRowOut(TypedDict):
    row: int
    cells: list[str]
    faults: list[str]


class FailedRowOutPage(TypedDict):
    results: list[FailedRowOut]
    next: str | None
    previous: str | None


class FaultOut(TypedDict):
    code: str
    number: int


class FeeCheckoutOut(TypedDict):
    id: str
    made_at: str
    fees: list[dict[str, Any]]


class FeeListInput(TypedDict):
    text: str


class FeeOut(TypedDict):
    id: str
    association_id: str
    tier_id: str
    user_id: str
    order_id: str | None
    state: Literal["held", "paid", "released", "refunded"]
    source: Literal["bought", "desk", "imported"]
    price: int
    starts_on: str
    ends_on: str
    grace_days: int
    made_at: str
    paid_at: str | None


class FeeOutPage(TypedDict):
    results: list[FeeOut]
    next: str | None
    previous: str | None


class FounderInput(TypedDict):
    email: str
    office: NotRequired[Literal["president", "treasurer", "secretary", ""]]


class FounderOut(TypedDict):
    user_id: str
    office: str
    accepted_at: str | None
    declined_at: str | None


class FounderOutPage(TypedDict):
    results: list[FounderOut]
    next: str | None
    previous: str | None


class FoundersInput(TypedDict):
    founders: list[FounderInput]


class Give(TypedDict):
    scope_kind: NotRequired[Literal["school", "campus", "association"]]
    scope_id: NotRequired[str | None]
    role: Literal["admin", "auditor", "campus-manager", "custom", "member", "owner"]
    custom_role_id: NotRequired[str | None]
    starts_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    note: NotRequired[str]


class GrantOut(TypedDict):
    id: str
    user_id: str
    role: str
    custom_role_id: str | None
    scope_kind: Literal["school", "campus", "association"]
    scope_id: str | None
    starts_on: str | None
    ends_on: str | None
    note: str
    granted_by: str
    granted_at: str


class GrantOutPage(TypedDict):
    results: list[GrantOut]
    next: str | None
    previous: str | None


class GroupOut(TypedDict):
    id: str
    name: str


class GroupOutPage(TypedDict):
    results: list[GroupOut]
    next: str | None
    previous: str | None


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


class HowMany(TypedDict):
    deliveries: int


class HowManyRead(TypedDict):
    notifications: int


class ImportInput(TypedDict):
    list_id: str
    columns: list[
        Literal[
            "",
            "email",
            "given_name",
            "family_name",
            "full_name",
            "external_id",
            "campus",
            "role",
            "promotion",
            "department",
            "job_title",
        ]
    ]
    campus_id: NotRequired[str | None]
    role: NotRequired[Literal["alumni", "member", "staff", "manager"]]
    promotion_id: NotRequired[str | None]
    complete: NotRequired[bool]


class ImportLineOut(TypedDict):
    number: int
    email: str
    starts_on: str | None
    ends_on: str | None
    fault: str


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


class IntegrationStatus(TypedDict):
    state: Literal["unused", "healthy", "degraded", "error"]
    checked_at: str
    services: list[ServiceStatus]


class InvitationOut(TypedDict):
    id: str
    user_id: str
    email: str
    role: str
    custom_role_id: str | None
    scope_kind: Literal["school", "campus", "association"]
    scope_id: str | None
    invited_by: str
    created_at: str
    sent_at: str
    expires_at: str
    accepted_at: str | None
    revoked_at: str | None


class InvitationOutPage(TypedDict):
    results: list[InvitationOut]
    next: str | None
    previous: str | None


class Invite(TypedDict):
    scope_kind: NotRequired[Literal["school", "campus", "association"]]
    scope_id: NotRequired[str | None]
    role: NotRequired[Literal["admin", "auditor", "campus-manager", "custom", "member", "owner"]]
    custom_role_id: NotRequired[str | None]
    email: str
    given_name: NotRequired[str]
    family_name: NotRequired[str]
    language: NotRequired[Literal["fr", "en"]]


class JoinInput(TypedDict):
    words: NotRequired[str]


class KindOut(TypedDict):
    kind: str
    name: str
    category: str
    adaptable: bool


class KindOutPage(TypedDict):
    results: list[KindOut]
    next: str | None
    previous: str | None


class LeavingInput(TypedDict):
    leaves_at: NotRequired[str | None]


class LedgerCheckOut(TypedDict):
    checked_at: str
    number: int
    hash: str
    faults: list[FaultOut]


class LeftOut(TypedDict):
    left_out: bool


class LineInput(TypedDict):
    text: str
    unit_amount: int
    quantity: NotRequired[int]
    tax_text: NotRequired[str]


class LineOut(TypedDict):
    id: str
    text: str
    quantity: int
    unit_amount: int
    tax_text: str


class LineWish(TypedDict):
    line_id: str
    quantity: int


class LinkInput(TypedDict):
    return_url: str
    refresh_url: str


class LinkOut(TypedDict):
    url: str


class LinkToken(TypedDict):
    token: str


class ListInput(TypedDict):
    name: str
    content: str


class ListOut(TypedDict):
    id: str
    name: str
    size: int
    header: list[str]
    guessed: list[str]
    created_at: str


class LockoutInput(TypedDict):
    key: str


class LockoutOut(TypedDict):
    key: str
    what: str
    who: str
    until: str


class LockoutOutPage(TypedDict):
    results: list[LockoutOut]
    next: str | None
    previous: str | None


class MailRouteChange(TypedDict):
    way: NotRequired[Literal["platform", "microsoft"]]
    mailbox: NotRequired[str]


class MailRouteOut(TypedDict):
    way: Literal["platform", "microsoft"]
    mailbox: str
    fault: str
    fault_at: str | None


class MandateInput(TypedDict):
    starts_on: str
    ends_on: str
    office_id: str
    email: str


class MandateOut(TypedDict):
    id: str
    office_id: str
    user_id: str
    starts_on: str
    ends_on: str
    named_by: str
    named_at: str
    ended_because: str


class MandateOutPage(TypedDict):
    results: list[MandateOut]
    next: str | None
    previous: str | None


class MappingChange(TypedDict):
    role: NotRequired[Literal["alumni", "member", "staff", "manager"]]
    transitive: NotRequired[bool]
    active: NotRequired[bool]


class MappingInput(TypedDict):
    group_id: str
    campus_id: str
    role: NotRequired[Literal["alumni", "member", "staff", "manager"]]
    transitive: NotRequired[bool]


class MappingOut(TypedDict):
    id: str
    group_id: str
    group_name: str
    campus_id: str
    role: Literal["alumni", "member", "staff", "manager"]
    transitive: bool
    active: bool
    people: int | None
    created_at: str


class MappingOutPage(TypedDict):
    results: list[MappingOut]
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


class MemberInput(TypedDict):
    email: str


class MemberOut(TypedDict):
    id: str
    association_id: str
    user_id: str
    state: Literal["pending", "member", "left", "refused"]
    source: Literal["joined", "asked", "added", "founder", "fee"]
    asked_at: str
    joined_at: str | None
    ended_at: str | None


class MemberOutPage(TypedDict):
    results: list[MemberOut]
    next: str | None
    previous: str | None


class MembershipChange(TypedDict):
    role: NotRequired[Literal["alumni", "member", "staff", "manager"]]
    pinned: NotRequired[Literal["", "keep", "never"]]
    reason: NotRequired[str]


class MembershipEventOut(TypedDict):
    at: str
    from_state: str
    to_state: str
    from_role: str
    to_role: str
    source: str
    cause: str
    actor: str


class MembershipEventOutPage(TypedDict):
    results: list[MembershipEventOut]
    next: str | None
    previous: str | None


class MembershipInput(TypedDict):
    campus_id: str
    user_id: NotRequired[str]
    email: NotRequired[str]
    role: NotRequired[Literal["alumni", "member", "staff", "manager"]]


class MembershipOut(TypedDict):
    id: str
    user_id: str
    campus_id: str
    role: Literal["alumni", "member", "staff", "manager"]
    state: Literal["detected", "active", "suspended", "stale", "ended"]
    source: Literal["directory", "invitation", "import", "scim", "manual"]
    cause: str
    pinned: str
    ends_on: str | None
    first_seen_at: str
    last_seen_at: str


class MembershipOutPage(TypedDict):
    results: list[MembershipOut]
    next: str | None
    previous: str | None


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


class MoneyLookInput(TypedDict):
    level: Literal["totals", "lines", "documents"]
    reason: str


class MoneyLookOut(TypedDict):
    id: str
    reason: str
    at: str
    until: str


class MoveInput(TypedDict):
    to: Literal["up", "down"]


class MovementInput(TypedDict):
    from_account: Literal["cash", "cheques", "bank"]
    to_account: Literal["cash", "cheques", "bank"]
    amount: int
    day: NotRequired[str | None]
    note: NotRequired[str]
    key: str


class MovementOut(TypedDict):
    number: int
    kind: str
    day: str
    booked_at: str
    note: str
    order_id: str | None
    entries: list[EntryOut]
    previous_hash: str
    hash: str


class MovementOutPage(TypedDict):
    results: list[MovementOut]
    next: str | None
    previous: str | None


class NewCredential(TypedDict):
    id: str
    name: str
    hint: str
    permissions: list[str]
    counting: list[str]
    created_by: str
    created_at: str
    expires_at: str
    last_used_at: str | None
    revoked_at: str | None
    secret: str


class NewEndpoint(TypedDict):
    id: str
    name: str
    url: str
    events: list[str]
    state: Literal["enabled", "paused", "disabled"]
    because: str
    failing_since: str | None
    last_success_at: str | None
    created_at: str
    secret: str


class NewEndpointSecret(TypedDict):
    id: str
    hint: str
    created_at: str
    ends_at: str | None
    secret: str


class NewPassword(TypedDict):
    uid: str
    token: str
    password: str


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


class OfferOut(TypedDict):
    tier_id: str
    association_id: str
    name: str
    price: int
    starts_on: str
    ends_on: str
    places_left: int | None
    why_not: str
    renews: bool


class OfferOutPage(TypedDict):
    results: list[OfferOut]
    next: str | None
    previous: str | None


class OfficeChange(TypedDict):
    name: NotRequired[str]
    permissions: NotRequired[list[str]]
    confirms: NotRequired[bool]


class OfficeInput(TypedDict):
    name: str
    permissions: list[str]
    confirms: NotRequired[bool]


class OfficeOut(TypedDict):
    id: str
    association_id: str
    code: str
    name: str
    permissions: list[str]
    confirms: bool
    archived_at: str | None


class OfficeOutPage(TypedDict):
    results: list[OfficeOut]
    next: str | None
    previous: str | None


class OrderDetail(TypedDict):
    id: str
    treasury_id: str
    reference: str
    buyer_id: str | None
    buyer_name: str
    buyer_email: str
    purpose: str
    purpose_id: str | None
    status: Literal[
        "draft", "awaiting_payment", "paid", "partially_refunded", "refunded", "expired", "failed", "disputed"
    ]
    total: int
    refunded: int
    currency: str
    created_at: str
    paid_at: str | None
    expires_at: str | None
    lines: list[LineOut]
    payments: list[PaymentOut]
    refunds: list[RefundOut]
    documents: list[DocumentOut]
    seen: int


class OrderInput(TypedDict):
    lines: list[LineInput]
    buyer_name: str
    buyer_email: NotRequired[str]
    key: NotRequired[str]


class OrderOut(TypedDict):
    id: str
    treasury_id: str
    reference: str
    buyer_id: str | None
    buyer_name: str
    buyer_email: str
    purpose: str
    purpose_id: str | None
    status: Literal[
        "draft", "awaiting_payment", "paid", "partially_refunded", "refunded", "expired", "failed", "disputed"
    ]
    total: int
    refunded: int
    currency: str
    created_at: str
    paid_at: str | None
    expires_at: str | None


class OrderOutPage(TypedDict):
    results: list[OrderOut]
    next: str | None
    previous: str | None


class Org(TypedDict):
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


class OrgPage(TypedDict):
    results: list[Org]
    next: str | None
    previous: str | None


class OwnDomainInput(TypedDict):
    domain: str
    campus_id: NotRequired[str | None]


class OwnDomainOut(TypedDict):
    id: str
    domain: str
    campus_id: str | None
    state: Literal["pending", "verified", "withdrawn"]
    record_name: str
    record_value: str
    claimed_at: str
    verified_at: str | None
    checked_at: str | None


class OwnDomainOutPage(TypedDict):
    results: list[OwnDomainOut]
    next: str | None
    previous: str | None


class OwnFeeOut(TypedDict):
    id: str
    association_id: str
    tier_id: str
    user_id: str
    order_id: str | None
    state: Literal["held", "paid", "released", "refunded"]
    source: Literal["bought", "desk", "imported"]
    price: int
    starts_on: str
    ends_on: str
    grace_days: int
    made_at: str
    paid_at: str | None
    card: str | None


class OwnFeeOutPage(TypedDict):
    results: list[OwnFeeOut]
    next: str | None
    previous: str | None


class OwnOrgChange(TypedDict):
    name: NotRequired[str]
    language: NotRequired[Literal["fr", "en"]]
    time_zone: NotRequired[str]
    hue: NotRequired[int]


class OwnPassword(TypedDict):
    current_password: str
    password: str


class OwnProfile(TypedDict):
    given_name: NotRequired[str]
    family_name: NotRequired[str]
    department: NotRequired[str]
    job_title: NotRequired[str]
    language: NotRequired[Literal["fr", "en"]]


class PaymentAccountOut(TypedDict):
    id: str
    provider: str
    account: str
    is_live: bool
    name: str
    state: Literal["pending", "active", "restricted", "rejected", "disconnected"]
    problems: list[str]
    treasury_id: str | None
    is_default: bool
    may_sell: bool
    connected_at: str | None
    disconnected_at: str | None
    approved_at: str | None
    read_at: str
    balance_there: int | None
    balance_here: int | None


class PaymentAccountOutPage(TypedDict):
    results: list[PaymentAccountOut]
    next: str | None
    previous: str | None


class PaymentInput(TypedDict):
    method: Literal["cash", "transfer", "cheque"]
    amount: int
    received_on: NotRequired[str | None]
    reference: NotRequired[str]
    key: NotRequired[str]


class PaymentOut(TypedDict):
    id: str
    method: str
    state: Literal["started", "succeeded", "failed", "expired"]
    amount: int
    captured: int
    fee: int | None
    received_on: str | None
    reference: str


class PaymentPolicyInput(TypedDict):
    providers: list[Literal["stripe", "helloasso"]]
    fee_basis_points: int
    fee_fixed: int
    approval_above: int | None


class PaymentPolicyOut(TypedDict):
    providers: list[str]
    fee_basis_points: int
    fee_fixed: int
    approval_above: int | None


class PaymentStateOut(TypedDict):
    order_id: str
    status: str
    is_paid: bool


class PayoutOut(TypedDict):
    id: str
    number: str
    state: Literal["pending", "paid", "failed"]
    amount: int
    other: int
    currency: str
    arrives_on: str | None


class PayoutOutPage(TypedDict):
    results: list[PayoutOut]
    next: str | None
    previous: str | None


class PermissionOut(TypedDict):
    code: str
    label: str
    sudo: bool
    roles: list[str]


class PermissionOutPage(TypedDict):
    results: list[PermissionOut]
    next: str | None
    previous: str | None


class Person(TypedDict):
    id: str
    email: str
    given_name: str
    family_name: str
    status: Literal["pending", "active", "suspended", "departed"]
    language: str
    department: str
    job_title: str
    created_at: str
    last_sign_in_at: str | None


class PersonChange(TypedDict):
    given_name: NotRequired[str]
    family_name: NotRequired[str]
    department: NotRequired[str]
    job_title: NotRequired[str]
    language: NotRequired[Literal["fr", "en"]]


class PersonPage(TypedDict):
    results: list[Person]
    next: str | None
    previous: str | None


class PlaceChange(TypedDict):
    name: NotRequired[str]
    capacity: NotRequired[int | None]


class PlaceInput(TypedDict):
    name: str
    capacity: NotRequired[int | None]


class PlaceOut(TypedDict):
    id: str
    campus_id: str
    name: str
    capacity: int | None


class PlaceOutPage(TypedDict):
    results: list[PlaceOut]
    next: str | None
    previous: str | None


class PlanOut(TypedDict):
    id: str
    kind: Literal["file", "rollover", "scim"]
    label: str
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
    rows_read: int
    rows: dict[str, int]
    to_apply: int
    applied: int
    affected: int
    counts: dict[str, int]
    hold_reason: str
    decided_by: str
    decided_at: str | None
    error_code: str


class PlanOutPage(TypedDict):
    results: list[PlanOut]
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


class PreviewOut(TypedDict):
    rows: list[ImportLineOut]


class Problem(TypedDict):
    type: str
    title: str
    status: int
    code: str
    request_id: str
    errors: NotRequired[dict[str, list[str]]]


class PromotionChange(TypedDict):
    name: NotRequired[str]
    turn: NotRequired[Literal["move", "stay", "leave"]]
    then: NotRequired[str | None]


class PromotionInput(TypedDict):
    name: str


class PromotionOut(TypedDict):
    id: str
    name: str
    position: int
    turn: Literal["move", "stay", "leave"]
    then: str | None
    people: int
    created_at: str


class PromotionOutPage(TypedDict):
    results: list[PromotionOut]
    next: str | None
    previous: str | None


class Proof(TypedDict):
    password: NotRequired[str]
    code: NotRequired[str]


class Reason(TypedDict):
    reason: NotRequired[str]


class ReasonInput(TypedDict):
    reason: str


class RecipientOut(TypedDict):
    user_id: str
    outcome: Literal["waiting", "queued", "sent", "delivered", "bounced", "failed", "suppressed", "skipped"]
    reason: Literal["", "left", "not-audience", "unsubscribed", "preference", "address", "limit", "stopped", "fault"]
    in_app: bool
    at: str | None


class RecipientOutPage(TypedDict):
    results: list[RecipientOut]
    next: str | None
    previous: str | None


class RefreshToken(TypedDict):
    refresh_token: str


class RefundInput(TypedDict):
    seen: int
    amount: NotRequired[int | None]
    lines: NotRequired[list[LineWish]]
    method: NotRequired[Literal["", "cash", "transfer", "cheque"]]
    reason: NotRequired[str]


class RefundOut(TypedDict):
    id: str
    payment_id: str
    amount: int
    state: Literal["asked", "done", "failed"]
    reason: str
    asked_at: str
    done_at: str | None


class RefundsOut(TypedDict):
    refunds: list[RefundOut]


class Reminded(TypedDict):
    sent: int
    already: int


class ReminderOut(TypedDict):
    fee_id: str
    step: int
    outcome: str
    at: str


class ReminderOutPage(TypedDict):
    results: list[ReminderOut]
    next: str | None
    previous: str | None


class RenewalOut(TypedDict):
    id: str
    campaign_id: str
    association_id: str
    settled_at: str | None
    how: Literal["", "unchanged", "reviewed", "override", "later"]
    reason: str


class RenewalOutPage(TypedDict):
    results: list[RenewalOut]
    next: str | None
    previous: str | None


class ReplayInput(TypedDict):
    since: str


class RequestInput(TypedDict):
    name: str
    kind: Literal[
        "student-union",
        "arts",
        "sport",
        "junior-enterprise",
        "culture",
        "solidarity",
        "environment",
        "technology",
        "international",
        "other",
    ]
    purpose: str
    seat_id: NotRequired[str | None]
    visibility: NotRequired[Literal["public", "school", "campus", "promotion", "members", "board"]]
    promotion_id: NotRequired[str | None]
    joining: NotRequired[Literal["free", "approval", "fee", "closed"]]
    rna: NotRequired[str]
    siret: NotRequired[str]
    founders: NotRequired[list[FounderInput]]


class RequestOut(TypedDict):
    id: str
    name: str
    slug: str
    kind: Literal[
        "student-union",
        "arts",
        "sport",
        "junior-enterprise",
        "culture",
        "solidarity",
        "environment",
        "technology",
        "international",
        "other",
    ]
    purpose: str
    seat_id: str | None
    visibility: Literal["public", "school", "campus", "promotion", "members", "board"]
    promotion_id: str | None
    joining: Literal["free", "approval", "fee", "closed"]
    rna: str
    siret: str
    status: str
    opens_on: str | None
    frozen_at: str | None
    member_count: int
    founders: list[FounderOut]


class RulesChange(TypedDict):
    values: dict[str, Any | None]


class RulesOut(TypedDict):
    values: dict[str, Any]


class RunInput(TypedDict):
    kind: NotRequired[Literal["full", "preview"]]


class RunOut(TypedDict):
    id: str
    kind: Literal["full", "delta", "preview", "undo"]
    trigger: Literal["manual", "schedule", "retry", "notice"]
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
    people_read: int
    to_apply: int
    applied: int
    affected: int
    population: int
    counts: dict[str, int]
    hold_reason: str
    decided_by: str
    decided_at: str | None
    error_code: str


class RunOutPage(TypedDict):
    results: list[RunOut]
    next: str | None
    previous: str | None


class SavedTextInput(TypedDict):
    title_fr: NotRequired[str]
    body_fr: NotRequired[str]
    title_en: NotRequired[str]
    body_en: NotRequired[str]
    name: str


class SavedTextOut(TypedDict):
    id: str
    association_id: str
    name: str
    title_fr: str
    body_fr: str
    title_en: str
    body_en: str
    saved_at: str


class SavedTextOutPage(TypedDict):
    results: list[SavedTextOut]
    next: str | None
    previous: str | None


class ScheduleChange(TypedDict):
    mode: NotRequired[Literal["off", "hours", "daily"]]
    every_hours: NotRequired[int]
    daily_at: NotRequired[str]
    reading: NotRequired[Literal["full", "delta"]]


class ScheduleOut(TypedDict):
    mode: Literal["off", "hours", "daily"]
    every_hours: int
    daily_at: str
    reading: Literal["full", "delta"]
    changed_by: str


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


class SendingBlock(TypedDict):
    until: str
    reason: str


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


class SightInput(TypedDict):
    role: Literal["owner", "admin", "auditor", "campus-manager", "custom", "service"]
    level: Literal["none", "totals", "lines", "documents"]
    with_reason: Literal["none", "totals", "lines", "documents"]


class SightOut(TypedDict):
    role: str
    level: Literal["none", "totals", "lines", "documents"]
    with_reason: Literal["none", "totals", "lines", "documents"]


class SightsOut(TypedDict):
    roles: list[SightOut]


class SiteChange(TypedDict):
    tagline: NotRequired[TextsInput]
    about: NotRequired[TextsInput]
    practical: NotRequired[TextsInput]
    for_members: NotRequired[TextsInput]
    contact_email: NotRequired[str]
    website: NotRequired[str]
    network: NotRequired[str]
    shows_board: NotRequired[bool]


class SiteOut(TypedDict):
    association_id: str
    tagline: dict[str, str]
    about: dict[str, str]
    practical: dict[str, str]
    for_members: dict[str, str]
    contact_email: str
    website: str
    network: str
    shows_board: bool
    published_at: str | None


class StandingOut(TypedDict):
    title: str
    state: Literal["missing", "expired", "waiting", "accepted", "changes"]
    is_required: bool
    is_overdue: bool
    due_on: str | None
    versions: list[DocumentVersionOut]


class StandingsOut(TypedDict):
    documents: list[StandingOut]


class StatisticsOut(TypedDict):
    current: int
    ended: int
    renewed: int


class StopInput(TypedDict):
    reason: NotRequired[str]


class SubscriptionInput(TypedDict):
    wanted: bool


class SubscriptionOut(TypedDict):
    id: str
    number: str
    user_id: str | None
    plan: str
    status: Literal["trialing", "active", "past_due", "cancelled", "expired"]
    amount: int
    currency: str
    starts_at: str | None
    ends_at: str | None
    paid_at: str | None
    failures: int
    cancelled_at: str | None
    created_at: str


class SubscriptionOutPage(TypedDict):
    results: list[SubscriptionOut]
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


class SuppressedOut(TypedDict):
    id: str
    address: str
    reason: str
    since: str


class SuppressedOutPage(TypedDict):
    results: list[SuppressedOut]
    next: str | None
    previous: str | None


class TakenOut(TypedDict):
    people: int


class TextsInput(TypedDict):
    fr: NotRequired[str]
    en: NotRequired[str]


class TierChange(TypedDict):
    name_fr: NotRequired[str]
    name_en: NotRequired[str]
    price: NotRequired[int]
    period: NotRequired[Literal["school_year", "semester", "twelve_months", "fixed"]]
    starts_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    sold_from: NotRequired[str | None]
    sold_until: NotRequired[str | None]
    places: NotRequired[int | None]
    roles: NotRequired[list[Literal["alumni", "member", "staff", "manager"]]]
    campuses: NotRequired[list[str]]
    promotions: NotRequired[list[str]]
    members_of: NotRequired[list[str]]
    charters: NotRequired[list[str]]
    renewal_days: NotRequired[int]
    grace_days: NotRequired[int]
    remind_days: NotRequired[list[int]]


class TierInput(TypedDict):
    name_fr: str
    name_en: NotRequired[str]
    price: int
    period: NotRequired[Literal["school_year", "semester", "twelve_months", "fixed"]]
    starts_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    sold_from: NotRequired[str | None]
    sold_until: NotRequired[str | None]
    places: NotRequired[int | None]
    roles: NotRequired[list[Literal["alumni", "member", "staff", "manager"]]]
    campuses: NotRequired[list[str]]
    promotions: NotRequired[list[str]]
    members_of: NotRequired[list[str]]
    charters: NotRequired[list[str]]
    renewal_days: NotRequired[int]
    grace_days: NotRequired[int]
    remind_days: NotRequired[list[int]]


class TierOut(TypedDict):
    id: str
    association_id: str
    name_fr: str
    name_en: str
    price: int
    period: Literal["school_year", "semester", "twelve_months", "fixed"]
    starts_on: str | None
    ends_on: str | None
    sold_from: str | None
    sold_until: str | None
    places: int | None
    roles: list[str]
    campus_ids: list[str]
    promotion_ids: list[str]
    member_of_ids: list[str]
    charter_ids: list[str]
    renewal_days: int
    grace_days: int
    remind_days: list[int]
    archived_at: str | None


class TierOutPage(TypedDict):
    results: list[TierOut]
    next: str | None
    previous: str | None


class Tokens(TypedDict):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    refresh_expires_at: str
    session: str


class Told(TypedDict):
    members: int


class TreasuryOut(TypedDict):
    id: str
    holder_kind: str
    holder_id: str | None
    name: str
    currency: str
    frozen_at: str | None
    frozen_because: str


class TreasuryOutPage(TypedDict):
    results: list[TreasuryOut]
    next: str | None
    previous: str | None


class TurnInput(TypedDict):
    year: str
    until: str


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


class VersionOut(TypedDict):
    id: str
    charter_id: str
    name: str
    number: int
    text_fr: str
    text_en: str
    published_at: str


class VersionOutPage(TypedDict):
    results: list[VersionOut]
    next: str | None
    previous: str | None


class Why(TypedDict):
    reason: str


class Words(TypedDict):
    text: str


class WordsInput(TypedDict):
    subject: NotRequired[str]
    intro: NotRequired[str]


class School(Client):
    """The operations of v1.yaml."""

    def accept_invitation(self, *, body: Acceptance) -> Person:
        """Accept an invitation."""
        found: Person = self._call("POST", "/api/v1/accept-invitation", {}, body=body)[0]
        return found

    def renew_invitation(self, *, body: LinkToken) -> Asked:
        """Ask for a new link."""
        found: Asked = self._call("POST", "/api/v1/accept-invitation/again", {}, body=body)[0]
        return found

    def get_saved_text(self, text_id: str) -> Versioned[SavedTextOut]:
        """One saved text."""
        answer, etag = self._call("GET", "/api/v1/announcement-texts/{text_id}", {"text_id": text_id})
        return Versioned(answer, etag)

    def delete_saved_text(self, text_id: str, *, if_match: str | None = None) -> None:
        """Delete a saved text."""
        self._call(
            "DELETE", "/api/v1/announcement-texts/{text_id}", {"text_id": text_id}, headers={"If-Match": if_match}
        )

    def list_all_announcements(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["draft", "approval", "scheduled", "sending", "sent", "stopped", "partial"] | None = None,
    ) -> AnnouncementOutPage:
        """Announcements of all associations."""
        found: AnnouncementOutPage = self._call(
            "GET", "/api/v1/announcements", {}, query={"cursor": cursor, "limit": limit, "state": state}
        )[0]
        return found

    def get_announcement(self, announcement_id: str) -> Versioned[AnnouncementOut]:
        """One announcement."""
        answer, etag = self._call(
            "GET", "/api/v1/announcements/{announcement_id}", {"announcement_id": announcement_id}
        )
        return Versioned(answer, etag)

    def update_announcement(
        self, announcement_id: str, *, body: AnnouncementInput, if_match: str
    ) -> Versioned[AnnouncementOut]:
        """Change a draft."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/announcements/{announcement_id}",
            {"announcement_id": announcement_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def delete_announcement(self, announcement_id: str, *, if_match: str | None = None) -> None:
        """Delete a draft."""
        self._call(
            "DELETE",
            "/api/v1/announcements/{announcement_id}",
            {"announcement_id": announcement_id},
            headers={"If-Match": if_match},
        )

    def approve_announcement(self, announcement_id: str, *, idempotency_key: str | None = None) -> AnnouncementOut:
        """Approve it."""
        found: AnnouncementOut = self._call(
            "POST",
            "/api/v1/announcements/{announcement_id}/approval",
            {"announcement_id": announcement_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_recipients(
        self,
        announcement_id: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        outcome: Literal["waiting", "queued", "sent", "delivered", "bounced", "failed", "suppressed", "skipped"]
        | None = None,
    ) -> RecipientOutPage:
        """Recipients."""
        found: RecipientOutPage = self._call(
            "GET",
            "/api/v1/announcements/{announcement_id}/recipients",
            {"announcement_id": announcement_id},
            query={"cursor": cursor, "limit": limit, "outcome": outcome},
        )[0]
        return found

    def return_announcement(
        self, announcement_id: str, *, body: Why, idempotency_key: str | None = None
    ) -> AnnouncementOut:
        """Return it to the board."""
        found: AnnouncementOut = self._call(
            "POST",
            "/api/v1/announcements/{announcement_id}/return",
            {"announcement_id": announcement_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def stop_announcement(
        self, announcement_id: str, *, body: StopInput, idempotency_key: str | None = None
    ) -> AnnouncementOut:
        """Stop it."""
        found: AnnouncementOut = self._call(
            "POST",
            "/api/v1/announcements/{announcement_id}/stop",
            {"announcement_id": announcement_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def send_announcement(
        self, announcement_id: str, *, body: LeavingInput, idempotency_key: str | None = None
    ) -> AnnouncementOut:
        """Let it leave."""
        found: AnnouncementOut = self._call(
            "POST",
            "/api/v1/announcements/{announcement_id}/submission",
            {"announcement_id": announcement_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def test_announcement(self, announcement_id: str, *, idempotency_key: str | None = None) -> AnnouncementTested:
        """Send it to yourself."""
        found: AnnouncementTested = self._call(
            "POST",
            "/api/v1/announcements/{announcement_id}/test",
            {"announcement_id": announcement_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def take_back_announcement(self, announcement_id: str, *, idempotency_key: str | None = None) -> AnnouncementOut:
        """Take it back."""
        found: AnnouncementOut = self._call(
            "POST",
            "/api/v1/announcements/{announcement_id}/withdrawal",
            {"announcement_id": announcement_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def admit_member(self, membership_id: str, *, idempotency_key: str | None = None) -> MemberOut:
        """Admit somebody who asked."""
        found: MemberOut = self._call(
            "POST",
            "/api/v1/association-memberships/{membership_id}/admission",
            {"membership_id": membership_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def refuse_member(self, membership_id: str, *, idempotency_key: str | None = None) -> MemberOut:
        """Do not admit somebody who asked."""
        found: MemberOut = self._call(
            "POST",
            "/api/v1/association-memberships/{membership_id}/refusal",
            {"membership_id": membership_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def remove_member(self, membership_id: str, *, body: Reason, idempotency_key: str | None = None) -> MemberOut:
        """End a membership of an association."""
        found: MemberOut = self._call(
            "POST",
            "/api/v1/association-memberships/{membership_id}/removal",
            {"membership_id": membership_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_associations(
        self,
        *,
        campus: str | None = None,
        cursor: str | None = None,
        kind: Literal[
            "student-union",
            "arts",
            "sport",
            "junior-enterprise",
            "culture",
            "solidarity",
            "environment",
            "technology",
            "international",
            "other",
        ]
        | None = None,
        limit: int | None = None,
        q: str | None = None,
    ) -> AssociationOutPage:
        """Associations."""
        found: AssociationOutPage = self._call(
            "GET",
            "/api/v1/associations",
            {},
            query={"campus": campus, "cursor": cursor, "kind": kind, "limit": limit, "q": q},
        )[0]
        return found

    def ask_for_association(self, *, body: RequestInput, idempotency_key: str | None = None) -> AssociationOut:
        """Ask for a new association."""
        found: AssociationOut = self._call(
            "POST", "/api/v1/associations", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_association(self, association_id: str) -> Versioned[AssociationOut]:
        """One association."""
        answer, etag = self._call("GET", "/api/v1/associations/{association_id}", {"association_id": association_id})
        return Versioned(answer, etag)

    def update_association(
        self, association_id: str, *, body: AssociationChange, if_match: str
    ) -> Versioned[AssociationOut]:
        """Change an association."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/associations/{association_id}",
            {"association_id": association_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def get_announcement_allowance(self, association_id: str) -> AllowanceOut:
        """What may still be sent."""
        found: AllowanceOut = self._call(
            "GET", "/api/v1/associations/{association_id}/announcement-allowance", {"association_id": association_id}
        )[0]
        return found

    def block_announcements(
        self, association_id: str, *, body: SendingBlock, idempotency_key: str | None = None
    ) -> AllowanceOut:
        """Keep an association from sending."""
        found: AllowanceOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/announcement-block",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def choose_announcements(
        self, association_id: str, *, body: SubscriptionInput, idempotency_key: str | None = None
    ) -> AnnouncementSubscriptionOut:
        """End mail of an association, or have it again."""
        found: AnnouncementSubscriptionOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/announcement-subscription",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_saved_texts(
        self, association_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> SavedTextOutPage:
        """Saved texts."""
        found: SavedTextOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/announcement-texts",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def save_text(
        self, association_id: str, *, body: SavedTextInput, idempotency_key: str | None = None
    ) -> SavedTextOut:
        """Save a text."""
        found: SavedTextOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/announcement-texts",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def unblock_announcements(self, association_id: str, *, idempotency_key: str | None = None) -> AllowanceOut:
        """Let an association send again."""
        found: AllowanceOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/announcement-unblocking",
            {"association_id": association_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_announcements(
        self,
        association_id: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["draft", "approval", "scheduled", "sending", "sent", "stopped", "partial"] | None = None,
    ) -> AnnouncementOutPage:
        """Announcements of an association."""
        found: AnnouncementOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/announcements",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit, "state": state},
        )[0]
        return found

    def write_announcement(
        self, association_id: str, *, body: AnnouncementInput, idempotency_key: str | None = None
    ) -> AnnouncementOut:
        """Write an announcement."""
        found: AnnouncementOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/announcements",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def approve_association(
        self, association_id: str, *, body: Approval, idempotency_key: str | None = None
    ) -> AssociationOut:
        """Approve a request."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/approval",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def request_association_changes(
        self, association_id: str, *, body: Words, idempotency_key: str | None = None
    ) -> AssociationOut:
        """Ask the founders for changes."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/changes",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_charters(
        self, association_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> VersionOutPage:
        """Charters and their versions."""
        found: VersionOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/charters",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def publish_charter(
        self, association_id: str, *, body: CharterInput, idempotency_key: str | None = None
    ) -> VersionOut:
        """Publish a text to sign."""
        found: VersionOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/charters",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def comment_on_association(
        self, association_id: str, *, body: Words, idempotency_key: str | None = None
    ) -> AssociationOut:
        """Comment on a request."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/comments",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def dissolve_association(
        self, association_id: str, *, body: Why, idempotency_key: str | None = None
    ) -> AssociationOut:
        """Dissolve an association."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/dissolution",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_association_documents(self, association_id: str) -> StandingsOut:
        """Documents of an association."""
        found: StandingsOut = self._call(
            "GET", "/api/v1/associations/{association_id}/documents", {"association_id": association_id}
        )[0]
        return found

    def get_eligibility(self, association_id: str) -> ChecksOut:
        """What the rules of the school say now."""
        found: ChecksOut = self._call(
            "GET", "/api/v1/associations/{association_id}/eligibility", {"association_id": association_id}
        )[0]
        return found

    def tell_association_members(self, association_id: str, *, idempotency_key: str | None = None) -> Told:
        """Tell the members that their association ends."""
        found: Told = self._call(
            "POST",
            "/api/v1/associations/{association_id}/farewell",
            {"association_id": association_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_fee_tiers(
        self, association_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> TierOutPage:
        """Fees of an association."""
        found: TierOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/fee-tiers",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def create_fee_tier(self, association_id: str, *, body: TierInput, idempotency_key: str | None = None) -> TierOut:
        """Add a fee."""
        found: TierOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/fee-tiers",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_fees(
        self,
        association_id: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        when: Literal["current", "held", "over", "all"] | None = None,
    ) -> FeeOutPage:
        """Who paid a fee."""
        found: FeeOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/fees",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit, "q": q, "when": when},
        )[0]
        return found

    def record_fee(self, association_id: str, *, body: DeskInput, idempotency_key: str | None = None) -> FeeOut:
        """Record a fee received at the desk."""
        found: FeeOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/fees/desk",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def import_fees(self, association_id: str, *, body: FeeListInput, idempotency_key: str | None = None) -> TakenOut:
        """Take a list over."""
        found: TakenOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/fees/import",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def preview_fee_import(
        self, association_id: str, *, body: FeeListInput, idempotency_key: str | None = None
    ) -> PreviewOut:
        """What a list would do."""
        found: PreviewOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/fees/preview",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_fee_reminders(
        self, association_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> ReminderOutPage:
        """Reminders of renewals."""
        found: ReminderOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/fees/reminders",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def get_fee_statistics(self, association_id: str) -> StatisticsOut:
        """Paid members in figures."""
        found: StatisticsOut = self._call(
            "GET", "/api/v1/associations/{association_id}/fees/statistics", {"association_id": association_id}
        )[0]
        return found

    def list_founders(
        self, association_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> FounderOutPage:
        """Founders of a request."""
        found: FounderOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/founders",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def name_founders(self, association_id: str, *, body: FoundersInput, if_match: str) -> Versioned[RequestOut]:
        """Name the founders."""
        answer, etag = self._call(
            "PUT",
            "/api/v1/associations/{association_id}/founders",
            {"association_id": association_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def answer_founding(self, association_id: str, *, body: Answer, idempotency_key: str | None = None) -> FounderOut:
        """Agree to be a founder, or decline."""
        found: FounderOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/founding",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def freeze_association(
        self, association_id: str, *, body: Why, idempotency_key: str | None = None
    ) -> AssociationOut:
        """Freeze an association."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/freezing",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def join_association(
        self, association_id: str, *, body: JoinInput, idempotency_key: str | None = None
    ) -> MemberOut:
        """Join, or ask to."""
        found: MemberOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/joining",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def leave_association(self, association_id: str, *, idempotency_key: str | None = None) -> MemberOut:
        """Leave, or take a request back."""
        found: MemberOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/leaving",
            {"association_id": association_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_mandates(
        self, association_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> MandateOutPage:
        """Mandates of an association."""
        found: MandateOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/mandates",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def appoint(self, association_id: str, *, body: MandateInput, idempotency_key: str | None = None) -> MandateOut:
        """Appoint somebody to an office."""
        found: MandateOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/mandates",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_members(
        self,
        association_id: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        state: Literal["pending", "member", "left", "refused"] | None = None,
    ) -> MemberOutPage:
        """Members of an association."""
        found: MemberOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/members",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit, "q": q, "state": state},
        )[0]
        return found

    def add_member(self, association_id: str, *, body: MemberInput, idempotency_key: str | None = None) -> MemberOut:
        """Add somebody to an association."""
        found: MemberOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/members",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def open_association_money(
        self, association_id: str, *, body: MoneyLookInput, idempotency_key: str | None = None
    ) -> MoneyLookOut:
        """See more of an association's money."""
        found: MoneyLookOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/money-look",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_offices(
        self, association_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> OfficeOutPage:
        """Offices of an association."""
        found: OfficeOutPage = self._call(
            "GET",
            "/api/v1/associations/{association_id}/offices",
            {"association_id": association_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def define_office(self, association_id: str, *, body: OfficeInput, idempotency_key: str | None = None) -> OfficeOut:
        """Add an office."""
        found: OfficeOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/offices",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def refuse_association(
        self, association_id: str, *, body: Words, idempotency_key: str | None = None
    ) -> AssociationOut:
        """Refuse a request."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/refusal",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_association_request(self, association_id: str) -> Versioned[RequestOut]:
        """One request."""
        answer, etag = self._call(
            "GET", "/api/v1/associations/{association_id}/request", {"association_id": association_id}
        )
        return Versioned(answer, etag)

    def update_association_request(
        self, association_id: str, *, body: AssociationInput, if_match: str
    ) -> Versioned[RequestOut]:
        """Change a request."""
        answer, etag = self._call(
            "PUT",
            "/api/v1/associations/{association_id}/request",
            {"association_id": association_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def withdraw_association_request(self, association_id: str, *, if_match: str | None = None) -> None:
        """Withdraw a request."""
        self._call(
            "DELETE",
            "/api/v1/associations/{association_id}/request",
            {"association_id": association_id},
            headers={"If-Match": if_match},
        )

    def rest_association(self, association_id: str, *, body: Why, idempotency_key: str | None = None) -> AssociationOut:
        """Make an association dormant."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/rest",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_association_site(self, association_id: str) -> Versioned[SiteOut]:
        """Site of an association."""
        answer, etag = self._call(
            "GET", "/api/v1/associations/{association_id}/site", {"association_id": association_id}
        )
        return Versioned(answer, etag)

    def update_association_site(self, association_id: str, *, body: SiteChange, if_match: str) -> Versioned[SiteOut]:
        """Write the site of an association."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/associations/{association_id}/site",
            {"association_id": association_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def publish_association_site(self, association_id: str, *, idempotency_key: str | None = None) -> SiteOut:
        """Publish the site."""
        found: SiteOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/site/publishing",
            {"association_id": association_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def withdraw_association_site(self, association_id: str, *, idempotency_key: str | None = None) -> SiteOut:
        """Withdraw the site."""
        found: SiteOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/site/withdrawal",
            {"association_id": association_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def submit_association(self, association_id: str, *, idempotency_key: str | None = None) -> AssociationOut:
        """Send a request to the school."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/submission",
            {"association_id": association_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def unfreeze_association(
        self, association_id: str, *, body: Reason, idempotency_key: str | None = None
    ) -> AssociationOut:
        """Lift the freezing."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/unfreezing",
            {"association_id": association_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def wake_association(self, association_id: str, *, idempotency_key: str | None = None) -> AssociationOut:
        """Wake a dormant association."""
        found: AssociationOut = self._call(
            "POST",
            "/api/v1/associations/{association_id}/waking",
            {"association_id": association_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_audit_events(
        self,
        *,
        act: str | None = None,
        actor: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        request_id: str | None = None,
        since: str | None = None,
        surface: Literal["web", "api", "admin", "job", "command", "webhook"] | None = None,
        target: str | None = None,
        until: str | None = None,
    ) -> EventOutPage:
        """Audit events."""
        found: EventOutPage = self._call(
            "GET",
            "/api/v1/audit-events",
            {},
            query={
                "act": act,
                "actor": actor,
                "cursor": cursor,
                "limit": limit,
                "q": q,
                "request_id": request_id,
                "since": since,
                "surface": surface,
                "target": target,
                "until": until,
            },
        )[0]
        return found

    def get_audit_event(self, event_id: str) -> Versioned[EventOut]:
        """One audit event."""
        answer, etag = self._call("GET", "/api/v1/audit-events/{event_id}", {"event_id": event_id})
        return Versioned(answer, etag)

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

    def list_campuses(
        self, *, archived: bool | None = None, cursor: str | None = None, limit: int | None = None
    ) -> CampusOutPage:
        """Campuses."""
        found: CampusOutPage = self._call(
            "GET", "/api/v1/campuses", {}, query={"archived": archived, "cursor": cursor, "limit": limit}
        )[0]
        return found

    def create_campus(self, *, body: CampusInput, idempotency_key: str | None = None) -> CampusOut:
        """Add a campus."""
        found: CampusOut = self._call(
            "POST", "/api/v1/campuses", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_campus(self, campus_id: str) -> Versioned[CampusOut]:
        """One campus."""
        answer, etag = self._call("GET", "/api/v1/campuses/{campus_id}", {"campus_id": campus_id})
        return Versioned(answer, etag)

    def update_campus(self, campus_id: str, *, body: CampusChange, if_match: str) -> Versioned[CampusOut]:
        """Change a campus."""
        answer, etag = self._call(
            "PATCH", "/api/v1/campuses/{campus_id}", {"campus_id": campus_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def archive_campus(self, campus_id: str, *, if_match: str | None = None) -> None:
        """Archive a campus."""
        self._call("DELETE", "/api/v1/campuses/{campus_id}", {"campus_id": campus_id}, headers={"If-Match": if_match})

    def list_domains(self, campus_id: str, *, cursor: str | None = None, limit: int | None = None) -> DomainOutPage:
        """Approved e-mail domains of a campus."""
        found: DomainOutPage = self._call(
            "GET",
            "/api/v1/campuses/{campus_id}/domains",
            {"campus_id": campus_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def approve_domain(self, campus_id: str, *, body: DomainInput, idempotency_key: str | None = None) -> DomainOut:
        """Approve an e-mail domain."""
        found: DomainOut = self._call(
            "POST",
            "/api/v1/campuses/{campus_id}/domains",
            {"campus_id": campus_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_domain(self, campus_id: str, domain_id: str) -> Versioned[DomainOut]:
        """One approved domain."""
        answer, etag = self._call(
            "GET", "/api/v1/campuses/{campus_id}/domains/{domain_id}", {"campus_id": campus_id, "domain_id": domain_id}
        )
        return Versioned(answer, etag)

    def remove_domain(self, campus_id: str, domain_id: str, *, if_match: str | None = None) -> None:
        """Stop accepting a domain."""
        self._call(
            "DELETE",
            "/api/v1/campuses/{campus_id}/domains/{domain_id}",
            {"campus_id": campus_id, "domain_id": domain_id},
            headers={"If-Match": if_match},
        )

    def list_places(self, campus_id: str, *, cursor: str | None = None, limit: int | None = None) -> PlaceOutPage:
        """Places of a campus."""
        found: PlaceOutPage = self._call(
            "GET",
            "/api/v1/campuses/{campus_id}/places",
            {"campus_id": campus_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def create_place(self, campus_id: str, *, body: PlaceInput, idempotency_key: str | None = None) -> PlaceOut:
        """Add a place."""
        found: PlaceOut = self._call(
            "POST",
            "/api/v1/campuses/{campus_id}/places",
            {"campus_id": campus_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_place(self, campus_id: str, place_id: str) -> Versioned[PlaceOut]:
        """One place."""
        answer, etag = self._call(
            "GET", "/api/v1/campuses/{campus_id}/places/{place_id}", {"campus_id": campus_id, "place_id": place_id}
        )
        return Versioned(answer, etag)

    def update_place(self, campus_id: str, place_id: str, *, body: PlaceChange, if_match: str) -> Versioned[PlaceOut]:
        """Change a place."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/campuses/{campus_id}/places/{place_id}",
            {"campus_id": campus_id, "place_id": place_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def delete_place(self, campus_id: str, place_id: str, *, if_match: str | None = None) -> None:
        """Remove a place."""
        self._call(
            "DELETE",
            "/api/v1/campuses/{campus_id}/places/{place_id}",
            {"campus_id": campus_id, "place_id": place_id},
            headers={"If-Match": if_match},
        )

    def restore_campus(self, campus_id: str, *, idempotency_key: str | None = None) -> CampusOut:
        """Open an archived campus again."""
        found: CampusOut = self._call(
            "POST",
            "/api/v1/campuses/{campus_id}/restoration",
            {"campus_id": campus_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_consent_purposes(self) -> ConsentPurposeOutPage:
        """What people are asked about."""
        found: ConsentPurposeOutPage = self._call("GET", "/api/v1/consent-purposes", {})[0]
        return found

    def list_consent_texts(
        self, purpose: str, *, cursor: str | None = None, limit: int | None = None
    ) -> ConsentTextOutPage:
        """Versions of a text."""
        found: ConsentTextOutPage = self._call(
            "GET",
            "/api/v1/consent-purposes/{purpose}/texts",
            {"purpose": purpose},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def publish_consent_text(
        self, purpose: str, *, body: ConsentTextInput, idempotency_key: str | None = None
    ) -> ConsentTextOut:
        """Publish a new version."""
        found: ConsentTextOut = self._call(
            "POST",
            "/api/v1/consent-purposes/{purpose}/texts",
            {"purpose": purpose},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_consent_text(self, purpose: str, version: str) -> Versioned[ConsentTextOut]:
        """One version of a text."""
        answer, etag = self._call(
            "GET", "/api/v1/consent-purposes/{purpose}/texts/{version}", {"purpose": purpose, "version": version}
        )
        return Versioned(answer, etag)

    def list_credentials(self, *, cursor: str | None = None, limit: int | None = None) -> CredentialOutPage:
        """Credentials."""
        found: CredentialOutPage = self._call(
            "GET", "/api/v1/credentials", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def create_credential(self, *, body: CredentialInput, idempotency_key: str | None = None) -> NewCredential:
        """Make a credential."""
        found: NewCredential = self._call(
            "POST", "/api/v1/credentials", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_credential(self, credential_id: str) -> Versioned[CredentialOut]:
        """One credential."""
        answer, etag = self._call("GET", "/api/v1/credentials/{credential_id}", {"credential_id": credential_id})
        return Versioned(answer, etag)

    def revoke_credential(self, credential_id: str, *, if_match: str | None = None) -> None:
        """Revoke a credential."""
        self._call(
            "DELETE",
            "/api/v1/credentials/{credential_id}",
            {"credential_id": credential_id},
            headers={"If-Match": if_match},
        )

    def adopt_credential(self, credential_id: str, *, idempotency_key: str | None = None) -> CredentialOut:
        """Take a credential over."""
        found: CredentialOut = self._call(
            "POST",
            "/api/v1/credentials/{credential_id}/adoption",
            {"credential_id": credential_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_conflict_decisions(self, *, cursor: str | None = None, limit: int | None = None) -> DecisionOutPage:
        """Decisions about conflicts."""
        found: DecisionOutPage = self._call(
            "GET", "/api/v1/directory/conflict-decisions", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def get_conflict_decision(self, decision_id: str) -> Versioned[DecisionOut]:
        """One decision."""
        answer, etag = self._call(
            "GET", "/api/v1/directory/conflict-decisions/{decision_id}", {"decision_id": decision_id}
        )
        return Versioned(answer, etag)

    def reopen_conflict(self, decision_id: str, *, if_match: str | None = None) -> None:
        """Take a decision back."""
        self._call(
            "DELETE",
            "/api/v1/directory/conflict-decisions/{decision_id}",
            {"decision_id": decision_id},
            headers={"If-Match": if_match},
        )

    def list_conflicts(self, *, cursor: str | None = None, limit: int | None = None) -> ConflictOutPage:
        """Conflicts about addresses."""
        found: ConflictOutPage = self._call(
            "GET", "/api/v1/directory/conflicts", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def decide_conflict(
        self, object_id: str, *, body: DecisionInput, idempotency_key: str | None = None
    ) -> DecisionOut:
        """Decide about a conflict."""
        found: DecisionOut = self._call(
            "POST",
            "/api/v1/directory/conflicts/{object_id}/decision",
            {"object_id": object_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def search_groups(self, *, q: str | None = None) -> GroupOutPage:
        """Groups at Microsoft."""
        found: GroupOutPage = self._call("GET", "/api/v1/directory/groups", {}, query={"q": q})[0]
        return found

    def list_mappings(self, *, cursor: str | None = None, limit: int | None = None) -> MappingOutPage:
        """Mapped groups."""
        found: MappingOutPage = self._call(
            "GET", "/api/v1/directory/mappings", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def create_mapping(self, *, body: MappingInput, idempotency_key: str | None = None) -> MappingOut:
        """Map a group to a campus."""
        found: MappingOut = self._call(
            "POST", "/api/v1/directory/mappings", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_mapping(self, mapping_id: str) -> Versioned[MappingOut]:
        """One mapped group."""
        answer, etag = self._call("GET", "/api/v1/directory/mappings/{mapping_id}", {"mapping_id": mapping_id})
        return Versioned(answer, etag)

    def update_mapping(self, mapping_id: str, *, body: MappingChange, if_match: str) -> Versioned[MappingOut]:
        """Change a mapping."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/directory/mappings/{mapping_id}",
            {"mapping_id": mapping_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def delete_mapping(self, mapping_id: str, *, if_match: str | None = None) -> None:
        """Remove a mapping."""
        self._call(
            "DELETE",
            "/api/v1/directory/mappings/{mapping_id}",
            {"mapping_id": mapping_id},
            headers={"If-Match": if_match},
        )

    def list_runs(
        self,
        *,
        cursor: str | None = None,
        kind: Literal["full", "delta", "preview", "undo"] | None = None,
        limit: int | None = None,
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
        | None = None,
        trigger: Literal["manual", "schedule", "retry", "notice"] | None = None,
    ) -> RunOutPage:
        """Directory runs."""
        found: RunOutPage = self._call(
            "GET",
            "/api/v1/directory/runs",
            {},
            query={"cursor": cursor, "kind": kind, "limit": limit, "state": state, "trigger": trigger},
        )[0]
        return found

    def start_run(self, *, body: RunInput, idempotency_key: str | None = None) -> RunOut:
        """Start a run or a preview."""
        found: RunOut = self._call(
            "POST", "/api/v1/directory/runs", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_run(self, run_id: str) -> Versioned[RunOut]:
        """One run."""
        answer, etag = self._call("GET", "/api/v1/directory/runs/{run_id}", {"run_id": run_id})
        return Versioned(answer, etag)

    def adjust_run(self, run_id: str, *, body: AdjustmentInput, idempotency_key: str | None = None) -> Adjusted:
        """Take single people out of a held run."""
        found: Adjusted = self._call(
            "POST",
            "/api/v1/directory/runs/{run_id}/adjustment",
            {"run_id": run_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def approve_run(self, run_id: str, *, idempotency_key: str | None = None) -> RunOut:
        """Approve a held run."""
        found: RunOut = self._call(
            "POST",
            "/api/v1/directory/runs/{run_id}/approval",
            {"run_id": run_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def cancel_run(self, run_id: str, *, idempotency_key: str | None = None) -> RunOut:
        """Stop a run."""
        found: RunOut = self._call(
            "POST",
            "/api/v1/directory/runs/{run_id}/cancellation",
            {"run_id": run_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_run_changes(
        self,
        run_id: str,
        *,
        campus: str | None = None,
        cursor: str | None = None,
        kind: Literal["added", "updated", "moved", "stale", "deactivated", "restored", "removed", "skipped", "conflict"]
        | None = None,
        limit: int | None = None,
        q: str | None = None,
        reason: str | None = None,
    ) -> ChangeOutPage:
        """What a run changes."""
        found: ChangeOutPage = self._call(
            "GET",
            "/api/v1/directory/runs/{run_id}/changes",
            {"run_id": run_id},
            query={"campus": campus, "cursor": cursor, "kind": kind, "limit": limit, "q": q, "reason": reason},
        )[0]
        return found

    def refuse_run(self, run_id: str, *, idempotency_key: str | None = None) -> RunOut:
        """Refuse a held run."""
        found: RunOut = self._call(
            "POST",
            "/api/v1/directory/runs/{run_id}/refusal",
            {"run_id": run_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def retry_run(self, run_id: str, *, idempotency_key: str | None = None) -> RunOut:
        """Go on with a run."""
        found: RunOut = self._call(
            "POST",
            "/api/v1/directory/runs/{run_id}/retry",
            {"run_id": run_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def undo_run(self, run_id: str, *, idempotency_key: str | None = None) -> RunOut:
        """Take a run back."""
        found: RunOut = self._call(
            "POST",
            "/api/v1/directory/runs/{run_id}/undo",
            {"run_id": run_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_schedule(self) -> Versioned[ScheduleOut]:
        """When runs start by themselves."""
        answer, etag = self._call("GET", "/api/v1/directory/schedule", {})
        return Versioned(answer, etag)

    def update_schedule(self, *, body: ScheduleChange, if_match: str) -> Versioned[ScheduleOut]:
        """Change when runs start."""
        answer, etag = self._call("PATCH", "/api/v1/directory/schedule", {}, body=body, headers={"If-Match": if_match})
        return Versioned(answer, etag)

    def list_document_kinds(self, *, cursor: str | None = None, limit: int | None = None) -> DocumentKindOutPage:
        """Kinds of documents."""
        found: DocumentKindOutPage = self._call(
            "GET", "/api/v1/document-kinds", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def define_document_kind(self, *, body: DocumentKindInput, idempotency_key: str | None = None) -> DocumentKindOut:
        """Define a kind of document."""
        found: DocumentKindOut = self._call(
            "POST", "/api/v1/document-kinds", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_document_kind(self, kind_id: str) -> Versioned[DocumentKindOut]:
        """One kind of document."""
        answer, etag = self._call("GET", "/api/v1/document-kinds/{kind_id}", {"kind_id": kind_id})
        return Versioned(answer, etag)

    def update_document_kind(
        self, kind_id: str, *, body: DocumentKindChange, if_match: str
    ) -> Versioned[DocumentKindOut]:
        """Change a kind of document."""
        answer, etag = self._call(
            "PUT", "/api/v1/document-kinds/{kind_id}", {"kind_id": kind_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def archive_document_kind(self, kind_id: str, *, idempotency_key: str | None = None) -> DocumentKindOut:
        """Archive a kind of document."""
        found: DocumentKindOut = self._call(
            "POST",
            "/api/v1/document-kinds/{kind_id}/archiving",
            {"kind_id": kind_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def adopt_usual_document_kinds(self, *, idempotency_key: str | None = None) -> Adopted:
        """Start from the usual list."""
        found: Adopted = self._call(
            "POST", "/api/v1/document-kinds/usual", {}, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def ask_for_documents(self, *, body: DocumentsWanted, idempotency_key: str | None = None) -> AskedOut:
        """Ask associations for documents."""
        found: AskedOut = self._call(
            "POST", "/api/v1/document-requests", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def accept_document(
        self, version_id: str, *, body: DocumentAcceptance, idempotency_key: str | None = None
    ) -> DocumentVersionOut:
        """Accept a document."""
        found: DocumentVersionOut = self._call(
            "POST",
            "/api/v1/document-versions/{version_id}/acceptance",
            {"version_id": version_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def ask_document_changes(
        self, version_id: str, *, body: DocumentComment, idempotency_key: str | None = None
    ) -> DocumentVersionOut:
        """Ask for changes of a document."""
        found: DocumentVersionOut = self._call(
            "POST",
            "/api/v1/document-versions/{version_id}/changes",
            {"version_id": version_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def choose_fees(self, *, body: ChoiceInput, idempotency_key: str | None = None) -> FeeCheckoutOut:
        """Hold places and order."""
        found: FeeCheckoutOut = self._call(
            "POST", "/api/v1/fee-choices", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def list_fee_offers(self, *, cursor: str | None = None, limit: int | None = None) -> OfferOutPage:
        """What you can join by fee."""
        found: OfferOutPage = self._call("GET", "/api/v1/fee-offers", {}, query={"cursor": cursor, "limit": limit})[0]
        return found

    def get_fee_tier(self, tier_id: str) -> Versioned[TierOut]:
        """One fee."""
        answer, etag = self._call("GET", "/api/v1/fee-tiers/{tier_id}", {"tier_id": tier_id})
        return Versioned(answer, etag)

    def update_fee_tier(self, tier_id: str, *, body: TierChange, if_match: str) -> Versioned[TierOut]:
        """Change a fee."""
        answer, etag = self._call(
            "PATCH", "/api/v1/fee-tiers/{tier_id}", {"tier_id": tier_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def archive_fee_tier(self, tier_id: str, *, idempotency_key: str | None = None) -> TierOut:
        """Sell a fee no more."""
        found: TierOut = self._call(
            "POST",
            "/api/v1/fee-tiers/{tier_id}/archive",
            {"tier_id": tier_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_grants(self, *, cursor: str | None = None, limit: int | None = None) -> GrantOutPage:
        """Who was given which role."""
        found: GrantOutPage = self._call("GET", "/api/v1/grants", {}, query={"cursor": cursor, "limit": limit})[0]
        return found

    def start_import(self, *, body: ImportInput, idempotency_key: str | None = None) -> PlanOut:
        """Import a list."""
        found: PlanOut = self._call(
            "POST", "/api/v1/imports", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def upload_list(self, *, body: ListInput, idempotency_key: str | None = None) -> ListOut:
        """Upload a list."""
        found: ListOut = self._call(
            "POST", "/api/v1/imports/lists", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_list(self, list_id: str) -> Versioned[ListOut]:
        """One uploaded list."""
        answer, etag = self._call("GET", "/api/v1/imports/lists/{list_id}", {"list_id": list_id})
        return Versioned(answer, etag)

    def delete_list(self, list_id: str, *, if_match: str | None = None) -> None:
        """Delete an uploaded list."""
        self._call("DELETE", "/api/v1/imports/lists/{list_id}", {"list_id": list_id}, headers={"If-Match": if_match})

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

    def get_integration_status(self) -> IntegrationStatus:
        """How the connected services do."""
        found: IntegrationStatus = self._call("GET", "/api/v1/integrations/status", {})[0]
        return found

    def list_invitations(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["open", "accepted", "revoked"] | None = None,
    ) -> InvitationOutPage:
        """Invitations."""
        found: InvitationOutPage = self._call(
            "GET", "/api/v1/invitations", {}, query={"cursor": cursor, "limit": limit, "state": state}
        )[0]
        return found

    def invite(self, *, body: Invite, idempotency_key: str | None = None) -> InvitationOut:
        """Invite somebody."""
        found: InvitationOut = self._call(
            "POST", "/api/v1/invitations", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_invitation(self, invitation_id: str) -> Versioned[InvitationOut]:
        """One invitation."""
        answer, etag = self._call("GET", "/api/v1/invitations/{invitation_id}", {"invitation_id": invitation_id})
        return Versioned(answer, etag)

    def revoke_invitation(self, invitation_id: str, *, if_match: str | None = None) -> None:
        """Revoke an invitation."""
        self._call(
            "DELETE",
            "/api/v1/invitations/{invitation_id}",
            {"invitation_id": invitation_id},
            headers={"If-Match": if_match},
        )

    def resend_invitation(self, invitation_id: str, *, idempotency_key: str | None = None) -> InvitationOut:
        """Send a new link."""
        found: InvitationOut = self._call(
            "POST",
            "/api/v1/invitations/{invitation_id}/resend",
            {"invitation_id": invitation_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_lockouts(self, *, cursor: str | None = None, limit: int | None = None) -> LockoutOutPage:
        """Locked sign-ins."""
        found: LockoutOutPage = self._call("GET", "/api/v1/lockouts", {}, query={"cursor": cursor, "limit": limit})[0]
        return found

    def lift_lockout(self, *, body: LockoutInput, idempotency_key: str | None = None) -> None:
        """Lift a lock."""
        self._call("POST", "/api/v1/lockouts", {}, body=body, headers={"Idempotency-Key": idempotency_key})

    def get_mail_route(self) -> Versioned[MailRouteOut]:
        """How mail leaves."""
        answer, etag = self._call("GET", "/api/v1/mail-route", {})
        return Versioned(answer, etag)

    def update_mail_route(self, *, body: MailRouteChange, if_match: str) -> Versioned[MailRouteOut]:
        """Change how mail leaves."""
        answer, etag = self._call("PATCH", "/api/v1/mail-route", {}, body=body, headers={"If-Match": if_match})
        return Versioned(answer, etag)

    def test_mail_route(self, *, idempotency_key: str | None = None) -> MessageOut:
        """Send yourself a test message."""
        found: MessageOut = self._call(
            "POST", "/api/v1/mail-route/test", {}, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def end_mandate(self, mandate_id: str, *, body: Why, idempotency_key: str | None = None) -> MandateOut:
        """End a mandate today."""
        found: MandateOut = self._call(
            "POST",
            "/api/v1/mandates/{mandate_id}/end",
            {"mandate_id": mandate_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_my_fees(self, *, cursor: str | None = None, limit: int | None = None) -> OwnFeeOutPage:
        """Your own fees."""
        found: OwnFeeOutPage = self._call("GET", "/api/v1/me/fees", {}, query={"cursor": cursor, "limit": limit})[0]
        return found

    def list_memberships(
        self,
        *,
        campus: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        role: Literal["alumni", "member", "staff", "manager"] | None = None,
        source: Literal["directory", "invitation", "import", "scim", "manual"] | None = None,
        state: Literal["detected", "active", "suspended", "stale", "ended"] | None = None,
        user: str | None = None,
    ) -> MembershipOutPage:
        """Memberships."""
        found: MembershipOutPage = self._call(
            "GET",
            "/api/v1/memberships",
            {},
            query={
                "campus": campus,
                "cursor": cursor,
                "limit": limit,
                "role": role,
                "source": source,
                "state": state,
                "user": user,
            },
        )[0]
        return found

    def add_membership(self, *, body: MembershipInput, idempotency_key: str | None = None) -> MembershipOut:
        """Add somebody to a campus."""
        found: MembershipOut = self._call(
            "POST", "/api/v1/memberships", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_membership(self, membership_id: str) -> Versioned[MembershipOut]:
        """One membership."""
        answer, etag = self._call("GET", "/api/v1/memberships/{membership_id}", {"membership_id": membership_id})
        return Versioned(answer, etag)

    def update_membership(
        self, membership_id: str, *, body: MembershipChange, if_match: str
    ) -> Versioned[MembershipOut]:
        """Give another role, or set an exception."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/memberships/{membership_id}",
            {"membership_id": membership_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def end_membership(self, membership_id: str, *, reason: str | None = None, if_match: str | None = None) -> None:
        """End a membership."""
        self._call(
            "DELETE",
            "/api/v1/memberships/{membership_id}",
            {"membership_id": membership_id},
            query={"reason": reason},
            headers={"If-Match": if_match},
        )

    def list_membership_events(
        self, membership_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> MembershipEventOutPage:
        """History of a membership."""
        found: MembershipEventOutPage = self._call(
            "GET",
            "/api/v1/memberships/{membership_id}/events",
            {"membership_id": membership_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def restore_membership(
        self, membership_id: str, *, body: Reason, idempotency_key: str | None = None
    ) -> MembershipOut:
        """Restore a membership."""
        found: MembershipOut = self._call(
            "POST",
            "/api/v1/memberships/{membership_id}/restoration",
            {"membership_id": membership_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def suspend_membership(
        self, membership_id: str, *, body: Reason, idempotency_key: str | None = None
    ) -> MembershipOut:
        """Suspend a membership."""
        found: MembershipOut = self._call(
            "POST",
            "/api/v1/memberships/{membership_id}/suspension",
            {"membership_id": membership_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
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

    def update_message_text(
        self, kind: str, language: str, *, body: WordsInput, if_match: str
    ) -> Versioned[MessageTextOut]:
        """Change the school's own words."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/message-kinds/{kind}/texts/{language}",
            {"kind": kind, "language": language},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def preview_message_text(
        self, kind: str, language: str, *, body: WordsInput, idempotency_key: str | None = None
    ) -> MessageTextOut:
        """Try words."""
        found: MessageTextOut = self._call(
            "POST",
            "/api/v1/message-kinds/{kind}/texts/{language}/preview",
            {"kind": kind, "language": language},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

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

    def list_money_sights(self) -> Versioned[SightsOut]:
        """Who sees how much of associations' money."""
        answer, etag = self._call("GET", "/api/v1/money-sight", {})
        return Versioned(answer, etag)

    def change_money_sight(self, *, body: SightInput, if_match: str) -> Versioned[SightsOut]:
        """Choose what a role sees."""
        answer, etag = self._call("PUT", "/api/v1/money-sight", {}, body=body, headers={"If-Match": if_match})
        return Versioned(answer, etag)

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

    def get_office(self, office_id: str) -> Versioned[OfficeOut]:
        """One office."""
        answer, etag = self._call("GET", "/api/v1/offices/{office_id}", {"office_id": office_id})
        return Versioned(answer, etag)

    def update_office(self, office_id: str, *, body: OfficeChange, if_match: str) -> Versioned[OfficeOut]:
        """Change an office."""
        answer, etag = self._call(
            "PATCH", "/api/v1/offices/{office_id}", {"office_id": office_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def archive_office(self, office_id: str, *, if_match: str | None = None) -> None:
        """Use an office no more."""
        self._call("DELETE", "/api/v1/offices/{office_id}", {"office_id": office_id}, headers={"If-Match": if_match})

    def get_order(self, order_id: str) -> OrderDetail:
        """One order."""
        found: OrderDetail = self._call("GET", "/api/v1/orders/{order_id}", {"order_id": order_id})[0]
        return found

    def cancel_order(self, order_id: str, *, idempotency_key: str | None = None) -> OrderDetail:
        """Cancel an order."""
        found: OrderDetail = self._call(
            "POST",
            "/api/v1/orders/{order_id}/cancelling",
            {"order_id": order_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def ask_about_checkout(self, order_id: str) -> PaymentStateOut:
        """Ask whether it is paid."""
        found: PaymentStateOut = self._call("GET", "/api/v1/orders/{order_id}/checkout", {"order_id": order_id})[0]
        return found

    def start_checkout(self, order_id: str, *, body: CheckoutInput) -> CheckoutOut:
        """Pay an order by card."""
        found: CheckoutOut = self._call(
            "POST", "/api/v1/orders/{order_id}/checkout", {"order_id": order_id}, body=body
        )[0]
        return found

    def record_payment(self, order_id: str, *, body: PaymentInput, idempotency_key: str | None = None) -> PaymentOut:
        """Record money received by hand."""
        found: PaymentOut = self._call(
            "POST",
            "/api/v1/orders/{order_id}/payments",
            {"order_id": order_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def refund_order(self, order_id: str, *, body: RefundInput, idempotency_key: str | None = None) -> RefundsOut:
        """Give money back."""
        found: RefundsOut = self._call(
            "POST",
            "/api/v1/orders/{order_id}/refund",
            {"order_id": order_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_orgs(self, *, cursor: str | None = None, limit: int | None = None) -> OrgPage:
        """The school."""
        found: OrgPage = self._call("GET", "/api/v1/orgs", {}, query={"cursor": cursor, "limit": limit})[0]
        return found

    def get_org(self, org_id: str) -> Versioned[Org]:
        """The school."""
        answer, etag = self._call("GET", "/api/v1/orgs/{org_id}", {"org_id": org_id})
        return Versioned(answer, etag)

    def update_org(self, org_id: str, *, body: OwnOrgChange, if_match: str) -> Versioned[Org]:
        """Change the school's settings."""
        answer, etag = self._call(
            "PATCH", "/api/v1/orgs/{org_id}", {"org_id": org_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def get_rules(self, org_id: str) -> Versioned[RulesOut]:
        """The school's own rules."""
        answer, etag = self._call("GET", "/api/v1/orgs/{org_id}/rules", {"org_id": org_id})
        return Versioned(answer, etag)

    def update_rules(self, org_id: str, *, body: RulesChange, if_match: str) -> Versioned[RulesOut]:
        """Change the school's own rules."""
        answer, etag = self._call(
            "PATCH", "/api/v1/orgs/{org_id}/rules", {"org_id": org_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def list_own_domains(self, *, cursor: str | None = None, limit: int | None = None) -> OwnDomainOutPage:
        """Own domains."""
        found: OwnDomainOutPage = self._call(
            "GET", "/api/v1/own-domains", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def claim_own_domain(self, *, body: OwnDomainInput, idempotency_key: str | None = None) -> OwnDomainOut:
        """Claim a domain."""
        found: OwnDomainOut = self._call(
            "POST", "/api/v1/own-domains", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_own_domain(self, domain_id: str) -> Versioned[OwnDomainOut]:
        """One own domain."""
        answer, etag = self._call("GET", "/api/v1/own-domains/{domain_id}", {"domain_id": domain_id})
        return Versioned(answer, etag)

    def remove_own_domain(self, domain_id: str, *, if_match: str | None = None) -> None:
        """Give a domain up."""
        self._call(
            "DELETE", "/api/v1/own-domains/{domain_id}", {"domain_id": domain_id}, headers={"If-Match": if_match}
        )

    def verify_own_domain(self, domain_id: str, *, idempotency_key: str | None = None) -> OwnDomainOut:
        """Check the proof."""
        found: OwnDomainOut = self._call(
            "POST",
            "/api/v1/own-domains/{domain_id}/check",
            {"domain_id": domain_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def request_password_reset(self, *, body: Address) -> Asked:
        """Forgotten password."""
        found: Asked = self._call("POST", "/api/v1/password-reset", {}, body=body)[0]
        return found

    def reset_password(self, *, body: NewPassword) -> None:
        """Set a new password by a mailed link."""
        self._call("POST", "/api/v1/password-reset/confirm", {}, body=body)

    def list_payment_accounts(self, *, cursor: str | None = None, limit: int | None = None) -> PaymentAccountOutPage:
        """Payment accounts."""
        found: PaymentAccountOutPage = self._call(
            "GET", "/api/v1/payment-accounts", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def connect_payment_account(self, *, body: ConnectInput, idempotency_key: str | None = None) -> PaymentAccountOut:
        """Connect an account."""
        found: PaymentAccountOut = self._call(
            "POST", "/api/v1/payment-accounts", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_payment_account(self, account_id: str) -> PaymentAccountOut:
        """One payment account."""
        found: PaymentAccountOut = self._call(
            "GET", "/api/v1/payment-accounts/{account_id}", {"account_id": account_id}
        )[0]
        return found

    def approve_payment_account(self, account_id: str, *, idempotency_key: str | None = None) -> PaymentAccountOut:
        """Approve an account."""
        found: PaymentAccountOut = self._call(
            "POST",
            "/api/v1/payment-accounts/{account_id}/approval",
            {"account_id": account_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def make_payment_account_default(self, account_id: str, *, idempotency_key: str | None = None) -> PaymentAccountOut:
        """Make it the default."""
        found: PaymentAccountOut = self._call(
            "POST",
            "/api/v1/payment-accounts/{account_id}/default",
            {"account_id": account_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def disconnect_payment_account(self, account_id: str, *, idempotency_key: str | None = None) -> PaymentAccountOut:
        """Disconnect an account."""
        found: PaymentAccountOut = self._call(
            "POST",
            "/api/v1/payment-accounts/{account_id}/disconnection",
            {"account_id": account_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def create_onboarding_link(
        self, account_id: str, *, body: LinkInput, idempotency_key: str | None = None
    ) -> LinkOut:
        """Fill an account in."""
        found: LinkOut = self._call(
            "POST",
            "/api/v1/payment-accounts/{account_id}/onboarding-links",
            {"account_id": account_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_payouts(self, account_id: str, *, cursor: str | None = None, limit: int | None = None) -> PayoutOutPage:
        """Payouts of an account."""
        found: PayoutOutPage = self._call(
            "GET",
            "/api/v1/payment-accounts/{account_id}/payouts",
            {"account_id": account_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def read_payment_account_again(self, account_id: str, *, idempotency_key: str | None = None) -> PaymentAccountOut:
        """Ask the provider how it does."""
        found: PaymentAccountOut = self._call(
            "POST",
            "/api/v1/payment-accounts/{account_id}/reading",
            {"account_id": account_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_payment_policy(self) -> Versioned[PaymentPolicyOut]:
        """Rules for payments."""
        answer, etag = self._call("GET", "/api/v1/payment-policy", {})
        return Versioned(answer, etag)

    def update_payment_policy(self, *, body: PaymentPolicyInput, if_match: str) -> Versioned[PaymentPolicyOut]:
        """Change the rules."""
        answer, etag = self._call("PUT", "/api/v1/payment-policy", {}, body=body, headers={"If-Match": if_match})
        return Versioned(answer, etag)

    def list_permissions(self) -> PermissionOutPage:
        """Permissions."""
        found: PermissionOutPage = self._call("GET", "/api/v1/permissions", {})[0]
        return found

    def list_plans(
        self,
        *,
        cursor: str | None = None,
        kind: Literal["file", "rollover", "scim"] | None = None,
        limit: int | None = None,
    ) -> PlanOutPage:
        """Plans about people."""
        found: PlanOutPage = self._call(
            "GET", "/api/v1/plans", {}, query={"cursor": cursor, "kind": kind, "limit": limit}
        )[0]
        return found

    def get_plan(self, plan_id: str) -> Versioned[PlanOut]:
        """One plan."""
        answer, etag = self._call("GET", "/api/v1/plans/{plan_id}", {"plan_id": plan_id})
        return Versioned(answer, etag)

    def approve_plan(self, plan_id: str, *, idempotency_key: str | None = None) -> PlanOut:
        """Approve a plan."""
        found: PlanOut = self._call(
            "POST",
            "/api/v1/plans/{plan_id}/approval",
            {"plan_id": plan_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def cancel_plan(self, plan_id: str, *, idempotency_key: str | None = None) -> PlanOut:
        """Stop a plan."""
        found: PlanOut = self._call(
            "POST",
            "/api/v1/plans/{plan_id}/cancellation",
            {"plan_id": plan_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_plan_changes(
        self,
        plan_id: str,
        *,
        cursor: str | None = None,
        kind: Literal[
            "added",
            "updated",
            "placed",
            "moved",
            "promoted",
            "alumni",
            "restored",
            "deactivated",
            "removed",
            "skipped",
            "conflict",
        ]
        | None = None,
        limit: int | None = None,
        q: str | None = None,
        reason: str | None = None,
    ) -> ChangeOfPlanPage:
        """What a plan changes."""
        found: ChangeOfPlanPage = self._call(
            "GET",
            "/api/v1/plans/{plan_id}/changes",
            {"plan_id": plan_id},
            query={"cursor": cursor, "kind": kind, "limit": limit, "q": q, "reason": reason},
        )[0]
        return found

    def choose_plan_change(
        self, change_id: str, plan_id: str, *, body: LeftOut, idempotency_key: str | None = None
    ) -> ChangeOfPlan:
        """Leave a line out of a plan."""
        found: ChangeOfPlan = self._call(
            "POST",
            "/api/v1/plans/{plan_id}/changes/{change_id}/choice",
            {"change_id": change_id, "plan_id": plan_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_failed_rows(
        self, plan_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> FailedRowOutPage:
        """Rows that were not taken in."""
        found: FailedRowOutPage = self._call(
            "GET", "/api/v1/plans/{plan_id}/failed-rows", {"plan_id": plan_id}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def refuse_plan(self, plan_id: str, *, idempotency_key: str | None = None) -> PlanOut:
        """Refuse a plan."""
        found: PlanOut = self._call(
            "POST",
            "/api/v1/plans/{plan_id}/refusal",
            {"plan_id": plan_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def undo_plan(self, plan_id: str, *, idempotency_key: str | None = None) -> PlanOut:
        """Take a plan back."""
        found: PlanOut = self._call(
            "POST", "/api/v1/plans/{plan_id}/undo", {"plan_id": plan_id}, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def list_promotions(self, *, cursor: str | None = None, limit: int | None = None) -> PromotionOutPage:
        """Promotions."""
        found: PromotionOutPage = self._call("GET", "/api/v1/promotions", {}, query={"cursor": cursor, "limit": limit})[
            0
        ]
        return found

    def create_promotion(self, *, body: PromotionInput, idempotency_key: str | None = None) -> PromotionOut:
        """Add a promotion."""
        found: PromotionOut = self._call(
            "POST", "/api/v1/promotions", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_promotion(self, promotion_id: str) -> Versioned[PromotionOut]:
        """One promotion."""
        answer, etag = self._call("GET", "/api/v1/promotions/{promotion_id}", {"promotion_id": promotion_id})
        return Versioned(answer, etag)

    def update_promotion(self, promotion_id: str, *, body: PromotionChange, if_match: str) -> Versioned[PromotionOut]:
        """Change a promotion."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/promotions/{promotion_id}",
            {"promotion_id": promotion_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def delete_promotion(self, promotion_id: str, *, if_match: str | None = None) -> None:
        """Remove a promotion."""
        self._call(
            "DELETE",
            "/api/v1/promotions/{promotion_id}",
            {"promotion_id": promotion_id},
            headers={"If-Match": if_match},
        )

    def move_promotion(self, promotion_id: str, *, body: MoveInput, idempotency_key: str | None = None) -> PromotionOut:
        """Move a promotion up or down."""
        found: PromotionOut = self._call(
            "POST",
            "/api/v1/promotions/{promotion_id}/move",
            {"promotion_id": promotion_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_renewal_campaigns(self, *, cursor: str | None = None, limit: int | None = None) -> CampaignOutPage:
        """Campaigns."""
        found: CampaignOutPage = self._call(
            "GET", "/api/v1/renewal-campaigns", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def start_renewal_campaign(self, *, body: CampaignInput, idempotency_key: str | None = None) -> CampaignOut:
        """Start a campaign."""
        found: CampaignOut = self._call(
            "POST", "/api/v1/renewal-campaigns", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def list_renewals(self, campaign_id: str, *, cursor: str | None = None, limit: int | None = None) -> RenewalOutPage:
        """Renewals of a campaign."""
        found: RenewalOutPage = self._call(
            "GET",
            "/api/v1/renewal-campaigns/{campaign_id}/renewals",
            {"campaign_id": campaign_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def approve_renewal(self, renewal_id: str, *, idempotency_key: str | None = None) -> RenewalOut:
        """Approve changed legal details."""
        found: RenewalOut = self._call(
            "POST",
            "/api/v1/renewals/{renewal_id}/approval",
            {"renewal_id": renewal_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def confirm_renewal(self, renewal_id: str, *, idempotency_key: str | None = None) -> RenewalOut:
        """Confirm that an association goes on."""
        found: RenewalOut = self._call(
            "POST",
            "/api/v1/renewals/{renewal_id}/confirmation",
            {"renewal_id": renewal_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def override_renewal(self, renewal_id: str, *, body: Why, idempotency_key: str | None = None) -> RenewalOut:
        """Renew without the missing confirmations."""
        found: RenewalOut = self._call(
            "POST",
            "/api/v1/renewals/{renewal_id}/override",
            {"renewal_id": renewal_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def remind_officers(self, renewal_id: str, *, idempotency_key: str | None = None) -> Reminded:
        """Remind the officers who are missing."""
        found: Reminded = self._call(
            "POST",
            "/api/v1/renewals/{renewal_id}/reminder",
            {"renewal_id": renewal_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_roles(self, *, cursor: str | None = None, limit: int | None = None) -> CustomRoleOutPage:
        """Roles of the school's own."""
        found: CustomRoleOutPage = self._call("GET", "/api/v1/roles", {}, query={"cursor": cursor, "limit": limit})[0]
        return found

    def create_role(self, *, body: CustomRoleInput, idempotency_key: str | None = None) -> CustomRoleOut:
        """Make a role."""
        found: CustomRoleOut = self._call(
            "POST", "/api/v1/roles", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_role(self, role_id: str) -> Versioned[CustomRoleOut]:
        """One role of the school's own."""
        answer, etag = self._call("GET", "/api/v1/roles/{role_id}", {"role_id": role_id})
        return Versioned(answer, etag)

    def update_role(self, role_id: str, *, body: CustomRoleChange, if_match: str) -> Versioned[CustomRoleOut]:
        """Change a role."""
        answer, etag = self._call(
            "PATCH", "/api/v1/roles/{role_id}", {"role_id": role_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def archive_role(self, role_id: str, *, reason: str | None = None, if_match: str | None = None) -> None:
        """Archive a role."""
        self._call(
            "DELETE",
            "/api/v1/roles/{role_id}",
            {"role_id": role_id},
            query={"reason": reason},
            headers={"If-Match": if_match},
        )

    def turn_school_year(self, *, body: TurnInput, idempotency_key: str | None = None) -> PlanOut:
        """Turn the school year."""
        found: PlanOut = self._call(
            "POST", "/api/v1/school-years", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def list_subscriptions(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        status: Literal["trialing", "active", "past_due", "cancelled", "expired"] | None = None,
    ) -> SubscriptionOutPage:
        """Subscriptions."""
        found: SubscriptionOutPage = self._call(
            "GET", "/api/v1/subscriptions", {}, query={"cursor": cursor, "limit": limit, "q": q, "status": status}
        )[0]
        return found

    def list_support_grants(self, *, cursor: str | None = None, limit: int | None = None) -> SupportGrantOutPage:
        """Support access to this school."""
        found: SupportGrantOutPage = self._call(
            "GET", "/api/v1/support-grants", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def get_support_grant(self, grant_id: str) -> Versioned[SupportGrantOut]:
        """One support access."""
        answer, etag = self._call("GET", "/api/v1/support-grants/{grant_id}", {"grant_id": grant_id})
        return Versioned(answer, etag)

    def end_support_grant(self, grant_id: str, *, reason: str | None = None, if_match: str | None = None) -> None:
        """End a support access."""
        self._call(
            "DELETE",
            "/api/v1/support-grants/{grant_id}",
            {"grant_id": grant_id},
            query={"reason": reason},
            headers={"If-Match": if_match},
        )

    def approve_support_grant(self, grant_id: str, *, idempotency_key: str | None = None) -> SupportGrantOut:
        """Approve a request for support access."""
        found: SupportGrantOut = self._call(
            "POST",
            "/api/v1/support-grants/{grant_id}/approval",
            {"grant_id": grant_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def refuse_support_grant(self, grant_id: str, *, idempotency_key: str | None = None) -> SupportGrantOut:
        """Refuse a request for support access."""
        found: SupportGrantOut = self._call(
            "POST",
            "/api/v1/support-grants/{grant_id}/refusal",
            {"grant_id": grant_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_suppressed_addresses(self, *, cursor: str | None = None, limit: int | None = None) -> SuppressedOutPage:
        """Addresses that nothing goes to."""
        found: SuppressedOutPage = self._call(
            "GET", "/api/v1/suppressed-addresses", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def lift_suppressed_address(self, address_id: str) -> None:
        """Write to an address again."""
        self._call("DELETE", "/api/v1/suppressed-addresses/{address_id}", {"address_id": address_id})

    def list_treasuries(self, *, cursor: str | None = None, limit: int | None = None) -> TreasuryOutPage:
        """Treasuries."""
        found: TreasuryOutPage = self._call("GET", "/api/v1/treasuries", {}, query={"cursor": cursor, "limit": limit})[
            0
        ]
        return found

    def open_school_treasury(self, *, idempotency_key: str | None = None) -> TreasuryOut:
        """Open the school's treasury."""
        found: TreasuryOut = self._call("POST", "/api/v1/treasuries", {}, headers={"Idempotency-Key": idempotency_key})[
            0
        ]
        return found

    def get_treasury(self, treasury_id: str) -> TreasuryOut:
        """One treasury."""
        found: TreasuryOut = self._call("GET", "/api/v1/treasuries/{treasury_id}", {"treasury_id": treasury_id})[0]
        return found

    def get_balances(self, treasury_id: str) -> BalancesOut:
        """Balances of a treasury."""
        found: BalancesOut = self._call(
            "GET", "/api/v1/treasuries/{treasury_id}/balances", {"treasury_id": treasury_id}
        )[0]
        return found

    def check_ledger(self, treasury_id: str, *, idempotency_key: str | None = None) -> LedgerCheckOut:
        """Check the ledger now."""
        found: LedgerCheckOut = self._call(
            "POST",
            "/api/v1/treasuries/{treasury_id}/check",
            {"treasury_id": treasury_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def freeze_treasury(
        self, treasury_id: str, *, body: ReasonInput, idempotency_key: str | None = None
    ) -> TreasuryOut:
        """Freeze a treasury."""
        found: TreasuryOut = self._call(
            "POST",
            "/api/v1/treasuries/{treasury_id}/freezing",
            {"treasury_id": treasury_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_movements(
        self,
        treasury_id: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        since: str | None | None = None,
        until: str | None | None = None,
    ) -> MovementOutPage:
        """The ledger."""
        found: MovementOutPage = self._call(
            "GET",
            "/api/v1/treasuries/{treasury_id}/ledger",
            {"treasury_id": treasury_id},
            query={"cursor": cursor, "limit": limit, "since": since, "until": until},
        )[0]
        return found

    def reverse_movement(
        self, sequence: str, treasury_id: str, *, body: ReasonInput, idempotency_key: str | None = None
    ) -> MovementOut:
        """Correct a movement."""
        found: MovementOut = self._call(
            "POST",
            "/api/v1/treasuries/{treasury_id}/ledger/{sequence}/reversal",
            {"sequence": sequence, "treasury_id": treasury_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def move_money(self, treasury_id: str, *, body: MovementInput, idempotency_key: str | None = None) -> MovementOut:
        """Move money between accounts."""
        found: MovementOut = self._call(
            "POST",
            "/api/v1/treasuries/{treasury_id}/moves",
            {"treasury_id": treasury_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_orders(
        self,
        treasury_id: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: str | None = None,
        q: str | None = None,
        status: Literal[
            "draft", "awaiting_payment", "paid", "partially_refunded", "refunded", "expired", "failed", "disputed"
        ]
        | None = None,
    ) -> OrderOutPage:
        """Orders of a treasury."""
        found: OrderOutPage = self._call(
            "GET",
            "/api/v1/treasuries/{treasury_id}/orders",
            {"treasury_id": treasury_id},
            query={"cursor": cursor, "limit": limit, "purpose": purpose, "q": q, "status": status},
        )[0]
        return found

    def create_order(self, treasury_id: str, *, body: OrderInput, idempotency_key: str | None = None) -> OrderDetail:
        """Make an order."""
        found: OrderDetail = self._call(
            "POST",
            "/api/v1/treasuries/{treasury_id}/orders",
            {"treasury_id": treasury_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def unfreeze_treasury(self, treasury_id: str, *, idempotency_key: str | None = None) -> TreasuryOut:
        """Release a treasury."""
        found: TreasuryOut = self._call(
            "POST",
            "/api/v1/treasuries/{treasury_id}/release",
            {"treasury_id": treasury_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_users(
        self,
        *,
        campus: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        order: Literal["name", "-name", "email", "-email", "created", "-created"] | None = None,
        q: str | None = None,
        role: Literal["admin", "auditor", "campus-manager", "member", "owner"] | None = None,
        source: Literal["directory", "invitation", "import", "scim", "manual"] | None = None,
        status: Literal["pending", "active", "suspended", "departed"] | None = None,
    ) -> PersonPage:
        """People."""
        found: PersonPage = self._call(
            "GET",
            "/api/v1/users",
            {},
            query={
                "campus": campus,
                "cursor": cursor,
                "limit": limit,
                "order": order,
                "q": q,
                "role": role,
                "source": source,
                "status": status,
            },
        )[0]
        return found

    def create_user(self, *, body: Invite, idempotency_key: str | None = None) -> Person:
        """Make an account."""
        found: Person = self._call(
            "POST", "/api/v1/users", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_user(self, user_id: str) -> Versioned[Person]:
        """One person."""
        answer, etag = self._call("GET", "/api/v1/users/{user_id}", {"user_id": user_id})
        return Versioned(answer, etag)

    def update_user(self, user_id: str, *, body: PersonChange, if_match: str) -> Versioned[Person]:
        """Correct a profile."""
        answer, etag = self._call(
            "PATCH", "/api/v1/users/{user_id}", {"user_id": user_id}, body=body, headers={"If-Match": if_match}
        )
        return Versioned(answer, etag)

    def delete_user(self, user_id: str, *, reason: str | None = None, if_match: str | None = None) -> None:
        """A person leaves."""
        self._call(
            "DELETE",
            "/api/v1/users/{user_id}",
            {"user_id": user_id},
            query={"reason": reason},
            headers={"If-Match": if_match},
        )

    def reinstate_user(self, user_id: str, *, body: Reason, idempotency_key: str | None = None) -> Person:
        """Let a person in again."""
        found: Person = self._call(
            "POST",
            "/api/v1/users/{user_id}/reinstatement",
            {"user_id": user_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_user_roles(self, user_id: str, *, cursor: str | None = None, limit: int | None = None) -> GrantOutPage:
        """Roles given to a person."""
        found: GrantOutPage = self._call(
            "GET", "/api/v1/users/{user_id}/roles", {"user_id": user_id}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def give_role(self, user_id: str, *, body: Give, idempotency_key: str | None = None) -> GrantOut:
        """Give a role."""
        found: GrantOut = self._call(
            "POST",
            "/api/v1/users/{user_id}/roles",
            {"user_id": user_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def get_user_role(self, grant_id: str, user_id: str) -> Versioned[GrantOut]:
        """One role given to a person."""
        answer, etag = self._call(
            "GET", "/api/v1/users/{user_id}/roles/{grant_id}", {"grant_id": grant_id, "user_id": user_id}
        )
        return Versioned(answer, etag)

    def take_role_back(
        self, grant_id: str, user_id: str, *, reason: str | None = None, if_match: str | None = None
    ) -> None:
        """Take a role back."""
        self._call(
            "DELETE",
            "/api/v1/users/{user_id}/roles/{grant_id}",
            {"grant_id": grant_id, "user_id": user_id},
            query={"reason": reason},
            headers={"If-Match": if_match},
        )

    def reset_second_factor(self, user_id: str, *, body: Reason, idempotency_key: str | None = None) -> None:
        """Take somebody's second step away."""
        self._call(
            "POST",
            "/api/v1/users/{user_id}/second-factor-reset",
            {"user_id": user_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )

    def list_user_sessions(
        self, user_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> SessionOutPage:
        """Sessions of a person."""
        found: SessionOutPage = self._call(
            "GET", "/api/v1/users/{user_id}/sessions", {"user_id": user_id}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def end_user_sessions(self, user_id: str, *, reason: str | None = None) -> Ended:
        """Sign a person out everywhere."""
        found: Ended = self._call(
            "DELETE", "/api/v1/users/{user_id}/sessions", {"user_id": user_id}, query={"reason": reason}
        )[0]
        return found

    def end_user_session(self, session_id: str, user_id: str) -> None:
        """End one session of a person."""
        self._call(
            "DELETE", "/api/v1/users/{user_id}/sessions/{session_id}", {"session_id": session_id, "user_id": user_id}
        )

    def suspend_user(self, user_id: str, *, body: Reason, idempotency_key: str | None = None) -> Person:
        """Suspend a person."""
        found: Person = self._call(
            "POST",
            "/api/v1/users/{user_id}/suspension",
            {"user_id": user_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

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

    def list_webhook_endpoints(self, *, cursor: str | None = None, limit: int | None = None) -> EndpointOutPage:
        """Endpoints."""
        found: EndpointOutPage = self._call(
            "GET", "/api/v1/webhook-endpoints", {}, query={"cursor": cursor, "limit": limit}
        )[0]
        return found

    def create_webhook_endpoint(self, *, body: EndpointInput, idempotency_key: str | None = None) -> NewEndpoint:
        """Add an endpoint."""
        found: NewEndpoint = self._call(
            "POST", "/api/v1/webhook-endpoints", {}, body=body, headers={"Idempotency-Key": idempotency_key}
        )[0]
        return found

    def get_webhook_endpoint(self, endpoint_id: str) -> Versioned[EndpointOut]:
        """One endpoint."""
        answer, etag = self._call("GET", "/api/v1/webhook-endpoints/{endpoint_id}", {"endpoint_id": endpoint_id})
        return Versioned(answer, etag)

    def update_webhook_endpoint(
        self, endpoint_id: str, *, body: EndpointChange, if_match: str
    ) -> Versioned[EndpointOut]:
        """Change an endpoint."""
        answer, etag = self._call(
            "PATCH",
            "/api/v1/webhook-endpoints/{endpoint_id}",
            {"endpoint_id": endpoint_id},
            body=body,
            headers={"If-Match": if_match},
        )
        return Versioned(answer, etag)

    def delete_webhook_endpoint(self, endpoint_id: str, *, if_match: str | None = None) -> None:
        """Delete an endpoint."""
        self._call(
            "DELETE",
            "/api/v1/webhook-endpoints/{endpoint_id}",
            {"endpoint_id": endpoint_id},
            headers={"If-Match": if_match},
        )

    def list_webhook_deliveries(
        self,
        endpoint_id: str,
        *,
        cursor: str | None = None,
        event: str | None = None,
        kind: str | None = None,
        limit: int | None = None,
        state: Literal["waiting", "delivered", "failed", "dropped"] | None = None,
    ) -> DeliveryOutPage:
        """Deliveries of an endpoint."""
        found: DeliveryOutPage = self._call(
            "GET",
            "/api/v1/webhook-endpoints/{endpoint_id}/deliveries",
            {"endpoint_id": endpoint_id},
            query={"cursor": cursor, "event": event, "kind": kind, "limit": limit, "state": state},
        )[0]
        return found

    def get_webhook_delivery(self, endpoint_id: str, webhook_id: str) -> DeliveryOut:
        """One delivery."""
        found: DeliveryOut = self._call(
            "GET",
            "/api/v1/webhook-endpoints/{endpoint_id}/deliveries/{webhook_id}",
            {"endpoint_id": endpoint_id, "webhook_id": webhook_id},
        )[0]
        return found

    def replay_webhook_delivery(
        self, endpoint_id: str, webhook_id: str, *, idempotency_key: str | None = None
    ) -> DeliveryOut:
        """Send one again."""
        found: DeliveryOut = self._call(
            "POST",
            "/api/v1/webhook-endpoints/{endpoint_id}/deliveries/{webhook_id}/again",
            {"endpoint_id": endpoint_id, "webhook_id": webhook_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def drop_waiting_webhooks(self, endpoint_id: str, *, idempotency_key: str | None = None) -> HowMany:
        """Never send what waits."""
        found: HowMany = self._call(
            "POST",
            "/api/v1/webhook-endpoints/{endpoint_id}/drop",
            {"endpoint_id": endpoint_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def enable_webhook_endpoint(self, endpoint_id: str, *, idempotency_key: str | None = None) -> EndpointOut:
        """Send again."""
        found: EndpointOut = self._call(
            "POST",
            "/api/v1/webhook-endpoints/{endpoint_id}/enabling",
            {"endpoint_id": endpoint_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def pause_webhook_endpoint(self, endpoint_id: str, *, idempotency_key: str | None = None) -> EndpointOut:
        """Send nothing for now."""
        found: EndpointOut = self._call(
            "POST",
            "/api/v1/webhook-endpoints/{endpoint_id}/pause",
            {"endpoint_id": endpoint_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def replay_webhooks(self, endpoint_id: str, *, body: ReplayInput, idempotency_key: str | None = None) -> HowMany:
        """Send again what was given up."""
        found: HowMany = self._call(
            "POST",
            "/api/v1/webhook-endpoints/{endpoint_id}/replay",
            {"endpoint_id": endpoint_id},
            body=body,
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_webhook_secrets(
        self, endpoint_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> EndpointSecretOutPage:
        """Secrets of an endpoint."""
        found: EndpointSecretOutPage = self._call(
            "GET",
            "/api/v1/webhook-endpoints/{endpoint_id}/secrets",
            {"endpoint_id": endpoint_id},
            query={"cursor": cursor, "limit": limit},
        )[0]
        return found

    def rotate_webhook_secret(self, endpoint_id: str, *, idempotency_key: str | None = None) -> NewEndpointSecret:
        """Replace the secret."""
        found: NewEndpointSecret = self._call(
            "POST",
            "/api/v1/webhook-endpoints/{endpoint_id}/secrets",
            {"endpoint_id": endpoint_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def test_webhook_endpoint(self, endpoint_id: str, *, idempotency_key: str | None = None) -> DeliveryOut:
        """Send a test."""
        found: DeliveryOut = self._call(
            "POST",
            "/api/v1/webhook-endpoints/{endpoint_id}/test",
            {"endpoint_id": endpoint_id},
            headers={"Idempotency-Key": idempotency_key},
        )[0]
        return found

    def list_webhook_events(self) -> EventTypeOutPage:
        """What can be told."""
        found: EventTypeOutPage = self._call("GET", "/api/v1/webhook-events", {})[0]
        return found

    def end_webhook_secret(self, secret_id: str) -> None:
        """End a secret."""
        self._call("DELETE", "/api/v1/webhook-secrets/{secret_id}", {"secret_id": secret_id})

    def send_communication_service_events(self, *, body: dict[str, Any] | list[Any]) -> Verdicts:
        """Events of the communication-service."""
        found: Verdicts = self._call("POST", "/api/v1/webhooks/communication-service", {}, body=body)[0]
        return found

    def send_payment_service_events(self, *, body: dict[str, Any] | list[Any]) -> Verdicts:
        """Events of the payment-service."""
        found: Verdicts = self._call("POST", "/api/v1/webhooks/payment-service", {}, body=body)[0]
        return found

    def send_user_service_events(self, *, body: dict[str, Any] | list[Any]) -> Verdicts:
        """Events of the user-service."""
        found: Verdicts = self._call("POST", "/api/v1/webhooks/user-service", {}, body=body)[0]
        return found
