// Made from docs/openapi/platform-v1.yaml by `make clients`; do not edit.

export interface AnyToken {
  token: string;
}

export interface Credentials {
  email: string;
  password: string;
  code?: string;
}

export interface Ended {
  ended: number;
}

export interface HeldRole {
  role: "owner" | "admin" | "auditor" | "campus-manager" | "member" | "custom" | "office" | "service" | "desk" | "superadmin" | "system";
  name: string;
  scope_kind: "school" | "campus" | "association";
  scope_id: string | null;
  place: string;
}

export interface Kept {
  id: string;
  status: "accepted" | "duplicate" | "conflict" | "quarantined";
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

export interface NewOrg {
  slug: string;
  name: string;
  owner_email: string;
  language?: "fr" | "en";
  time_zone?: string;
  currency?: string;
  plan?: string;
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
    query: {  };
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
  /** End a support access */
  end_support_grant: {
    method: "DELETE";
    path: "/api/v1/support-grants/{grant_id}";
    ids: { grant_id: string };
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
