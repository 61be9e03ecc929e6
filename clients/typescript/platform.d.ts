// Made from docs/openapi/platform-v1.yaml by `make clients`; do not edit.

export interface AnyToken {
  token: string;
}

export interface BindingInput {
  provider: "stripe" | "helloasso" | "bridge";
  account: string;
  org_id: string;
  is_live?: boolean;
  name?: string;
}

export interface BindingOut {
  id: string;
  provider: string;
  account: string;
  is_live: boolean;
  name: string;
  org_id: string;
  bound_at: string;
}

export interface BindingOutPage {
  results: Array<BindingOut>;
  next: string | null;
  previous: string | null;
}

export interface Credentials {
  email: string;
  password: string;
  code?: string;
}

export interface Ended {
  ended: number;
}

export interface EventContentOut {
  body: string;
  conflict_body: string;
}

export interface EventDecisionInput {
  act: "replay" | "discard" | "expunge";
  events?: Array<string>;
  matching?: EventFilters;
}

export interface EventDecisionLine {
  event: string;
  name: string;
  about: string;
  would_state: string;
  would_outcome: string;
  would_detail: string;
  overtaken: boolean;
}

export interface EventDecisionLinePage {
  results: Array<EventDecisionLine>;
  next: string | null;
  previous: string | null;
}

export interface EventDecisionOut {
  id: string;
  act: "replay" | "discard" | "expunge";
  state: "queued" | "reading" | "planned" | "held" | "applying" | "verifying" | "done" | "partial" | "failed" | "cancelled" | "refused";
  undoes_id: string | null;
  requested_by: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  to_apply: number;
  applied: number;
  counts: Record<string, number>;
  rehearsed: number;
  outcomes: Array<Record<string, unknown>>;
  hold_reason: string;
  decided_by: string;
  decided_at: string | null;
  error_code: string;
}

export interface EventFilters {
  q?: string;
  service?: string;
  state?: "waiting" | "processed" | "ignored" | "dead" | "discarded" | "held" | "conflict";
  kind?: string;
  reason?: string;
  since?: string;
  until?: string;
}

export interface EventPreviewOut {
  state: string;
  outcome: string;
  detail: string;
}

export interface HeldRole {
  role: "owner" | "admin" | "auditor" | "campus-manager" | "member" | "custom" | "office" | "service" | "desk" | "superadmin" | "system";
  name: string;
  scope_kind: "school" | "campus" | "association";
  scope_id: string | null;
  place: string;
}

export interface HowManyRead {
  notifications: number;
}

export interface InboundEventOut {
  id: string;
  service: string;
  event_id: string;
  kind: string;
  about: string;
  account: string;
  is_live: boolean | null;
  state: "waiting" | "processed" | "ignored" | "dead" | "discarded" | "held";
  outcome: string;
  detail: string;
  attempts: number;
  replays: number;
  occurred_at: string | null;
  received_at: string;
  next_attempt_at: string | null;
  finished_at: string | null;
  conflicts: number;
  is_in_conflict: boolean;
  expunged_at: string | null;
}

export interface InboundEventOutPage {
  results: Array<InboundEventOut>;
  next: string | null;
  previous: string | null;
}

export interface Kept {
  id: string;
  status: "accepted" | "duplicate" | "conflict" | "quarantined";
}

export interface KindOut {
  kind: string;
  name: string;
  category: string;
  adaptable: boolean;
}

export interface KindOutPage {
  results: Array<KindOut>;
  next: string | null;
  previous: string | null;
}

export interface Me {
  kind: "person" | "machine";
  id: string | null;
  name: string;
  email: string;
  given_name: string;
  family_name: string;
  status: string;
  language: string;
  department: string;
  job_title: string;
  editable: Array<string>;
  roles: Array<HeldRole>;
  permissions: Array<string>;
}

export interface MessageOut {
  id: string;
  kind: string;
  way: "email-smtp" | "email-graph" | "in-app";
  user_id: string | null;
  to: string;
  language: string;
  subject: string;
  state: "queued" | "sent" | "delivered" | "bounced" | "failed" | "suppressed";
  reason: string;
  attempts: number;
  created_at: string;
  sent_at: string | null;
  delivered_at: string | null;
  bounced_at: string | null;
  failed_at: string | null;
  suppressed_at: string | null;
}

export interface MessageOutPage {
  results: Array<MessageOut>;
  next: string | null;
  previous: string | null;
}

export interface MessageTextOut {
  kind: string;
  language: string;
  adaptable: boolean;
  subject: string;
  intro: string;
  example_subject: string;
  example_text: string;
}

export interface NewOrg {
  slug: string;
  name: string;
  owner_email: string;
  language?: "fr" | "en";
  time_zone?: string;
  currency?: string;
  plan?: string;
}

export interface NewSecret {
  id: string;
  service: string;
  hint: string;
  created_by: string;
  created_at: string;
  ends_at: string | null;
  last_used_at: string | null;
  secret: string;
}

export interface NoticeOut {
  id: string;
  kind: string;
  subject: string;
  link: string;
  unread: boolean;
  created_at: string;
  read_at: string | null;
}

export interface NoticeOutPage {
  results: Array<NoticeOut>;
  next: string | null;
  previous: string | null;
}

export interface OrgChange {
  name?: string;
  plan?: string;
  language?: "fr" | "en";
  time_zone?: string;
  currency?: string;
}

export interface OrgOfPlatform {
  id: string;
  slug: string;
  name: string;
  status: "pending" | "trial" | "active" | "past_due" | "suspended" | "cancelled" | "purged";
  plan: string;
  language: string;
  time_zone: string;
  currency: string;
  hue: number;
  created_at: string;
  activated_at: string | null;
  owner_email: string;
  ready: boolean;
  suspended_at: string | null;
}

export interface OrgOfPlatformPage {
  results: Array<OrgOfPlatform>;
  next: string | null;
  previous: string | null;
}

export interface OwnPassword {
  current_password: string;
  password: string;
}

export interface OwnProfile {
  given_name?: string;
  family_name?: string;
  department?: string;
  job_title?: string;
  language?: "fr" | "en";
}

export interface PlatformIntegrationStatus {
  state: "unused" | "healthy" | "degraded" | "error";
  checked_at: string;
  services: Array<ServiceStatus>;
  results: Array<SchoolStatus>;
  next: string | null;
  previous: string | null;
}

export interface PreferenceInput {
  category: string;
  email?: "now" | "daily" | "off";
  in_app?: "now" | "off";
}

export interface PreferenceOut {
  category: string;
  name: string;
  optional: boolean;
  email: "now" | "daily" | "off";
  in_app: "now" | "off";
}

export interface PreferencesChange {
  categories: Array<PreferenceInput>;
}

export interface PreferencesOut {
  categories: Array<PreferenceOut>;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  request_id: string;
  errors?: Record<string, Array<string>>;
}

export interface Proof {
  password?: string;
  code?: string;
}

export interface RefreshToken {
  refresh_token: string;
}

export interface SchoolStatus {
  organization: string;
  state: "unused" | "healthy" | "degraded" | "error";
  checked_at: string;
  services: Array<ServiceOfSchool>;
}

export interface SecretInput {
  service: string;
}

export interface SecretOut {
  id: string;
  service: string;
  hint: string;
  created_by: string;
  created_at: string;
  ends_at: string | null;
  last_used_at: string | null;
}

export interface SecretOutPage {
  results: Array<SecretOut>;
  next: string | null;
  previous: string | null;
}

export interface ServiceOfSchool {
  service: string;
  state: "unused" | "healthy" | "degraded" | "error";
  code: string;
  advice: string;
  dead: number;
  waiting: number;
  lag_seconds: number;
}

export interface ServiceStatus {
  service: string;
  state: "unused" | "healthy" | "degraded" | "error";
  code: string;
  advice: string;
  last_event_id: string;
  last_event_at: string | null;
  last_success_at: string | null;
  received: number;
  error_rate: number | null;
  waiting: number;
  retrying: number;
  lag_seconds: number;
  dead: number;
  conflicts: number;
  breaker: "closed" | "open" | "half-open";
}

export interface SessionOut {
  id: string;
  kind: "browser" | "api" | "device" | "support";
  signed_in_by: string;
  address: string | null;
  user_agent: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
}

export interface SessionOutPage {
  results: Array<SessionOut>;
  next: string | null;
  previous: string | null;
}

export interface SupportGrantOut {
  id: string;
  org_id: string;
  level: "read" | "act";
  state: "waiting" | "active" | "refused" | "ended" | "expired" | "lapsed";
  reason: string;
  minutes: number;
  asked_by: string;
  asked_at: string;
  needs_approval: boolean;
  decided_by: string;
  starts_at: string | null;
  ends_at: string | null;
  ended_at: string | null;
  entered_at: string | null;
}

export interface SupportGrantOutPage {
  results: Array<SupportGrantOut>;
  next: string | null;
  previous: string | null;
}

export interface SupportRequest {
  org_id: string;
  level: "read" | "act";
  minutes: number;
  reason: string;
}

export interface SuppressedOut {
  id: string;
  address: string;
  reason: string;
  since: string;
}

export interface SuppressedOutPage {
  results: Array<SuppressedOut>;
  next: string | null;
  previous: string | null;
}

export interface Tokens {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  refresh_token: string;
  refresh_expires_at: string;
  session: string;
}

export interface VerdictOut {
  id: string;
  status: "accepted" | "duplicate" | "conflict" | "invalid";
  errors?: Array<string>;
}

export interface Verdicts {
  id?: string;
  status?: string;
  errors?: Array<string>;
  accepted?: number;
  duplicate?: number;
  conflict?: number;
  invalid?: number;
  results?: Array<VerdictOut>;
}

export interface Why {
  reason: string;
}

/** Every operation: how it is called, what it takes and what it answers. */
export interface Operations {
  /** Prove again who you are */
  confirm_identity: {
    method: "POST";
    path: "/api/v1/auth/confirm";
    ids: {  };
    query: {  };
    headers: {  };
    body: Proof;
    answer: Tokens;
  };
  /** Sign in with a password */
  sign_in: {
    method: "POST";
    path: "/api/v1/auth/token";
    ids: {  };
    query: {  };
    headers: {  };
    body: Credentials;
    answer: Tokens;
  };
  /** The next pair of tokens */
  refresh_token: {
    method: "POST";
    path: "/api/v1/auth/token/refresh";
    ids: {  };
    query: {  };
    headers: {  };
    body: RefreshToken;
    answer: Tokens;
  };
  /** End a session by one of its tokens */
  revoke_token: {
    method: "POST";
    path: "/api/v1/auth/token/revoke";
    ids: {  };
    query: {  };
    headers: {  };
    body: AnyToken;
    answer: undefined;
  };
  /** Accounts of schools */
  list_provider_accounts: {
    method: "GET";
    path: "/api/v1/integrations/accounts";
    ids: {  };
    query: { cursor?: string; limit?: number; q?: string };
    headers: {  };
    body: undefined;
    answer: BindingOutPage;
  };
  /** Bind an account to a school */
  bind_provider_account: {
    method: "POST";
    path: "/api/v1/integrations/accounts";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: BindingInput;
    answer: BindingOut;
  };
  /** One account */
  get_provider_account: {
    method: "GET";
    path: "/api/v1/integrations/accounts/{binding_id}";
    ids: { binding_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: BindingOut;
  };
  /** Release an account */
  release_provider_account: {
    method: "DELETE";
    path: "/api/v1/integrations/accounts/{binding_id}";
    ids: { binding_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Decide about many events */
  request_event_decision: {
    method: "POST";
    path: "/api/v1/integrations/decisions";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: EventDecisionInput;
    answer: EventDecisionOut;
  };
  /** One decision */
  get_event_decision: {
    method: "GET";
    path: "/api/v1/integrations/decisions/{plan_id}";
    ids: { plan_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: EventDecisionOut;
  };
  /** Stop a decision */
  cancel_event_decision: {
    method: "POST";
    path: "/api/v1/integrations/decisions/{plan_id}/cancellation";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: EventDecisionOut;
  };
  /** Confirm a decision */
  confirm_event_decision: {
    method: "POST";
    path: "/api/v1/integrations/decisions/{plan_id}/confirmation";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: EventDecisionOut;
  };
  /** Events of a decision */
  list_event_decision_events: {
    method: "GET";
    path: "/api/v1/integrations/decisions/{plan_id}/events";
    ids: { plan_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: EventDecisionLinePage;
  };
  /** Throw a decision away */
  refuse_event_decision: {
    method: "POST";
    path: "/api/v1/integrations/decisions/{plan_id}/refusal";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: EventDecisionOut;
  };
  /** Take a decision back */
  undo_event_decision: {
    method: "POST";
    path: "/api/v1/integrations/decisions/{plan_id}/undo";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: EventDecisionOut;
  };
  /** Events */
  list_events: {
    method: "GET";
    path: "/api/v1/integrations/events";
    ids: {  };
    query: { cursor?: string; kind?: string; limit?: number; q?: string; reason?: string; service?: string; since?: string; state?: "waiting" | "processed" | "ignored" | "dead" | "discarded" | "held" | "conflict"; until?: string };
    headers: {  };
    body: undefined;
    answer: InboundEventOutPage;
  };
  /** One event */
  get_event: {
    method: "GET";
    path: "/api/v1/integrations/events/{reference}";
    ids: { reference: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: InboundEventOut;
  };
  /** What an event said */
  get_event_content: {
    method: "GET";
    path: "/api/v1/integrations/events/{reference}/content";
    ids: { reference: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: EventContentOut;
  };
  /** Note that a contradiction was looked at */
  settle_event: {
    method: "POST";
    path: "/api/v1/integrations/events/{reference}/contradiction";
    ids: { reference: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: InboundEventOut;
  };
  /** Discard an event */
  discard_event: {
    method: "POST";
    path: "/api/v1/integrations/events/{reference}/discard";
    ids: { reference: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: InboundEventOut;
  };
  /** Delete the content of an event */
  expunge_event: {
    method: "POST";
    path: "/api/v1/integrations/events/{reference}/expunging";
    ids: { reference: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: InboundEventOut;
  };
  /** What a replay would do */
  preview_event: {
    method: "GET";
    path: "/api/v1/integrations/events/{reference}/preview";
    ids: { reference: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: EventPreviewOut;
  };
  /** Replay an event */
  replay_event: {
    method: "POST";
    path: "/api/v1/integrations/events/{reference}/replay";
    ids: { reference: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: InboundEventOut;
  };
  /** Take a discarded event back */
  restore_event: {
    method: "POST";
    path: "/api/v1/integrations/events/{reference}/restoration";
    ids: { reference: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: InboundEventOut;
  };
  /** Secrets of services */
  list_service_secrets: {
    method: "GET";
    path: "/api/v1/integrations/secrets";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: SecretOutPage;
  };
  /** Make or replace a secret */
  create_service_secret: {
    method: "POST";
    path: "/api/v1/integrations/secrets";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: SecretInput;
    answer: NewSecret;
  };
  /** End a secret */
  end_service_secret: {
    method: "DELETE";
    path: "/api/v1/integrations/secrets/{secret_id}";
    ids: { secret_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** How the services of all schools do */
  get_integration_status: {
    method: "GET";
    path: "/api/v1/integrations/status";
    ids: {  };
    query: { cursor?: string; limit?: number; state?: "unused" | "healthy" | "degraded" | "error" };
    headers: {  };
    body: undefined;
    answer: PlatformIntegrationStatus;
  };
  /** Kinds of messages */
  list_message_kinds: {
    method: "GET";
    path: "/api/v1/message-kinds";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: KindOutPage;
  };
  /** One text */
  get_message_text: {
    method: "GET";
    path: "/api/v1/message-kinds/{kind}/texts/{language}";
    ids: { kind: string; language: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: MessageTextOut;
  };
  /** Messages */
  list_messages: {
    method: "GET";
    path: "/api/v1/messages";
    ids: {  };
    query: { cursor?: string; kind?: string; limit?: number; q?: string; state?: "queued" | "sent" | "delivered" | "bounced" | "failed" | "suppressed"; way?: "email-smtp" | "email-graph" | "in-app" };
    headers: {  };
    body: undefined;
    answer: MessageOutPage;
  };
  /** One message */
  get_message: {
    method: "GET";
    path: "/api/v1/messages/{message_id}";
    ids: { message_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: MessageOut;
  };
  /** Send a message again */
  send_message_again: {
    method: "POST";
    path: "/api/v1/messages/{message_id}/again";
    ids: { message_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: MessageOut;
  };
  /** What you want to hear of */
  get_notification_preferences: {
    method: "GET";
    path: "/api/v1/notification-preferences";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PreferencesOut;
  };
  /** Change what you want to hear of */
  update_notification_preferences: {
    method: "PATCH";
    path: "/api/v1/notification-preferences";
    ids: {  };
    query: {  };
    headers: { "If-Match": string };
    body: PreferencesChange;
    answer: PreferencesOut;
  };
  /** Your notifications */
  list_notifications: {
    method: "GET";
    path: "/api/v1/notifications";
    ids: {  };
    query: { cursor?: string; limit?: number; unread?: boolean };
    headers: {  };
    body: undefined;
    answer: NoticeOutPage;
  };
  /** Mark as read */
  read_notification: {
    method: "POST";
    path: "/api/v1/notifications/{notice_id}/reading";
    ids: { notice_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: NoticeOut;
  };
  /** Mark all as read */
  read_all_notifications: {
    method: "POST";
    path: "/api/v1/notifications/reading";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: HowManyRead;
  };
  /** Schools */
  list_orgs: {
    method: "GET";
    path: "/api/v1/orgs";
    ids: {  };
    query: { cursor?: string; limit?: number; q?: string; status?: "pending" | "trial" | "active" | "past_due" | "suspended" | "cancelled" | "purged" };
    headers: {  };
    body: undefined;
    answer: OrgOfPlatformPage;
  };
  /** Create a school */
  create_org: {
    method: "POST";
    path: "/api/v1/orgs";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: NewOrg;
    answer: OrgOfPlatform;
  };
  /** One school */
  get_org: {
    method: "GET";
    path: "/api/v1/orgs/{org_id}";
    ids: { org_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: OrgOfPlatform;
  };
  /** Change a school */
  update_org: {
    method: "PATCH";
    path: "/api/v1/orgs/{org_id}";
    ids: { org_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: OrgChange;
    answer: OrgOfPlatform;
  };
  /** Cancel a school */
  delete_org: {
    method: "DELETE";
    path: "/api/v1/orgs/{org_id}";
    ids: { org_id: string };
    query: { reason?: string };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Invite the first owner again */
  resend_owner_invitation: {
    method: "POST";
    path: "/api/v1/orgs/{org_id}/owner-invitation";
    ids: { org_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: OrgOfPlatform;
  };
  /** Resume a school */
  resume_org: {
    method: "POST";
    path: "/api/v1/orgs/{org_id}/resumption";
    ids: { org_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: OrgOfPlatform;
  };
  /** Suspend a school */
  suspend_org: {
    method: "POST";
    path: "/api/v1/orgs/{org_id}/suspension";
    ids: { org_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: OrgOfPlatform;
  };
  /** Support access to all schools */
  list_support_grants: {
    method: "GET";
    path: "/api/v1/support-grants";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: SupportGrantOutPage;
  };
  /** Ask for support access */
  ask_for_support_access: {
    method: "POST";
    path: "/api/v1/support-grants";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: SupportRequest;
    answer: SupportGrantOut;
  };
  /** One support access */
  get_support_grant: {
    method: "GET";
    path: "/api/v1/support-grants/{grant_id}";
    ids: { grant_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: SupportGrantOut;
  };
  /** End a support access */
  end_support_grant: {
    method: "DELETE";
    path: "/api/v1/support-grants/{grant_id}";
    ids: { grant_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Addresses that nothing goes to */
  list_suppressed_addresses: {
    method: "GET";
    path: "/api/v1/suppressed-addresses";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: SuppressedOutPage;
  };
  /** Write to an address again */
  lift_suppressed_address: {
    method: "DELETE";
    path: "/api/v1/suppressed-addresses/{address_id}";
    ids: { address_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Sign in with a password (short name) */
  login: {
    method: "POST";
    path: "/api/v1/users/login";
    ids: {  };
    query: {  };
    headers: {  };
    body: Credentials;
    answer: Tokens;
  };
  /** Who you are */
  get_me: {
    method: "GET";
    path: "/api/v1/users/me";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: Me;
  };
  /** Change your profile */
  update_me: {
    method: "PATCH";
    path: "/api/v1/users/me";
    ids: {  };
    query: {  };
    headers: { "If-Match": string };
    body: OwnProfile;
    answer: Me;
  };
  /** Change your password */
  change_my_password: {
    method: "POST";
    path: "/api/v1/users/me/password";
    ids: {  };
    query: {  };
    headers: {  };
    body: OwnPassword;
    answer: undefined;
  };
  /** Your sessions */
  list_my_sessions: {
    method: "GET";
    path: "/api/v1/users/me/sessions";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: SessionOutPage;
  };
  /** End your sessions */
  end_my_sessions: {
    method: "DELETE";
    path: "/api/v1/users/me/sessions";
    ids: {  };
    query: { keep_current?: boolean };
    headers: {  };
    body: undefined;
    answer: Ended;
  };
  /** End one of your sessions */
  end_my_session: {
    method: "DELETE";
    path: "/api/v1/users/me/sessions/{session_id}";
    ids: { session_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Events of Bridge */
  send_bridge_events: {
    method: "POST";
    path: "/api/v1/webhooks/bridge";
    ids: {  };
    query: {  };
    headers: {  };
    body: Record<string, unknown>;
    answer: Kept;
  };
  /** Events of the communication-service */
  send_communication_service_events: {
    method: "POST";
    path: "/api/v1/webhooks/communication-service";
    ids: {  };
    query: {  };
    headers: {  };
    body: Record<string, unknown> | Array<unknown>;
    answer: Verdicts;
  };
  /** Notifications of HelloAsso, signed */
  send_helloasso_events: {
    method: "POST";
    path: "/api/v1/webhooks/helloasso";
    ids: {  };
    query: {  };
    headers: {  };
    body: Record<string, unknown>;
    answer: Kept;
  };
  /** Notifications of HelloAsso at an address with a secret end */
  send_helloasso_address_events: {
    method: "POST";
    path: "/api/v1/webhooks/helloasso/{path_secret}";
    ids: { path_secret: string };
    query: {  };
    headers: {  };
    body: Record<string, unknown>;
    answer: Kept;
  };
  /** Events of the payment-service */
  send_payment_service_events: {
    method: "POST";
    path: "/api/v1/webhooks/payment-service";
    ids: {  };
    query: {  };
    headers: {  };
    body: Record<string, unknown> | Array<unknown>;
    answer: Verdicts;
  };
  /** Events of Stripe */
  send_stripe_events: {
    method: "POST";
    path: "/api/v1/webhooks/stripe";
    ids: {  };
    query: {  };
    headers: {  };
    body: Record<string, unknown>;
    answer: Kept;
  };
  /** Events of the user-service */
  send_user_service_events: {
    method: "POST";
    path: "/api/v1/webhooks/user-service";
    ids: {  };
    query: {  };
    headers: {  };
    body: Record<string, unknown> | Array<unknown>;
    answer: Verdicts;
  };
}
