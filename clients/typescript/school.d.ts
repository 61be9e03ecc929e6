// Made from docs/openapi/v1.yaml by `make clients`; do not edit.

export interface Acceptance {
  token: string;
  password: string;
  given_name?: string;
  family_name?: string;
}

export interface Address {
  email: string;
}

export interface AllowanceOut {
  left: number;
  per_day: number;
  this_day: number;
  per_week: number;
  this_week: number;
  blocked_until: string | null;
  blocked_because: string;
}

export interface AnnouncementInput {
  title_fr?: string;
  body_fr?: string;
  title_en?: string;
  body_en?: string;
  audience?: "members" | "board" | "office" | "pending";
  office_id?: string | null;
  channels?: "both" | "mail" | "in-app";
}

export interface AnnouncementOut {
  id: string;
  association_id: string;
  title_fr: string;
  body_fr: string;
  title_en: string;
  body_en: string;
  audience: "members" | "board" | "office" | "pending";
  office_id: string | null;
  channels: "both" | "mail" | "in-app";
  state: string;
  author: string;
  created_at: string;
  leaves_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  returned_because: string;
  stopped_because: string;
  recipients: number;
  handed: number;
}

export interface AnnouncementOutPage {
  results: Array<AnnouncementOut>;
  next: string | null;
  previous: string | null;
}

export interface AnnouncementTested {
  to: string;
}

export interface Answer {
  agree: boolean;
}

export interface AnyToken {
  token: string;
}

export interface Approval {
  starts_on: string;
  ends_on: string;
  text?: string;
}

export interface Asked {
  status: "accepted";
}

export interface AssociationChange {
  name?: string;
  kind?: "student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other";
  purpose?: string;
  seat_id?: string | null;
  visibility?: "public" | "school" | "campus" | "promotion" | "members" | "board";
  promotion_id?: string | null;
  joining?: "free" | "approval" | "closed";
  rna?: string;
  siret?: string;
}

export interface AssociationInput {
  name: string;
  kind: "student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other";
  purpose: string;
  seat_id?: string | null;
  visibility?: "public" | "school" | "campus" | "promotion" | "members" | "board";
  promotion_id?: string | null;
  joining?: "free" | "approval" | "closed";
  rna?: string;
  siret?: string;
}

export interface AssociationOut {
  id: string;
  name: string;
  slug: string;
  kind: "student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other";
  purpose: string;
  seat_id: string | null;
  visibility: "public" | "school" | "campus" | "promotion" | "members" | "board";
  promotion_id: string | null;
  joining: "free" | "approval" | "closed";
  rna: string;
  siret: string;
  status: string;
  opens_on: string | null;
  frozen_at: string | null;
  member_count: number;
}

export interface AssociationOutPage {
  results: Array<AssociationOut>;
  next: string | null;
  previous: string | null;
}

export interface CampaignInput {
  name: string;
  deadline: string;
  delisted_on?: string | null;
}

export interface CampaignOut {
  id: string;
  name: string;
  deadline: string;
  delisted_on: string;
  started_at: string;
  total: number;
  settled: number;
}

export interface CampaignOutPage {
  results: Array<CampaignOut>;
  next: string | null;
  previous: string | null;
}

export interface CampusChange {
  name?: string;
  code?: string;
  address?: string;
  time_zone?: string;
  default_role?: "alumni" | "member" | "staff" | "manager";
  hue?: number | null;
}

export interface CampusInput {
  name: string;
  code: string;
  address?: string;
  time_zone?: string;
  default_role?: "alumni" | "member" | "staff" | "manager";
  hue?: number | null;
}

export interface CampusOut {
  id: string;
  name: string;
  code: string;
  address: string;
  time_zone: string;
  default_role: "alumni" | "member" | "staff" | "manager";
  hue: number | null;
  created_at: string;
  archived_at: string | null;
}

export interface CampusOutPage {
  results: Array<CampusOut>;
  next: string | null;
  previous: string | null;
}

export interface ChangeOfPlan {
  id: number;
  row: number | null;
  kind: "added" | "updated" | "placed" | "moved" | "promoted" | "alumni" | "restored" | "deactivated" | "removed" | "skipped" | "conflict";
  reason: string;
  user_id: string | null;
  campus_id: string | null;
  name: string;
  email: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  overtaken: boolean;
}

export interface ChangeOfPlanPage {
  results: Array<ChangeOfPlan>;
  next: string | null;
  previous: string | null;
}

export interface ChangeOut {
  id: number;
  kind: "added" | "updated" | "moved" | "stale" | "deactivated" | "restored" | "removed" | "skipped" | "conflict";
  reason: string;
  user_id: string | null;
  campus_id: string | null;
  name: string;
  email: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  overtaken: boolean;
}

export interface ChangeOutPage {
  results: Array<ChangeOut>;
  next: string | null;
  previous: string | null;
}

export interface CheckOut {
  code: string;
  ok: boolean;
  title: string;
  fault: string;
}

export interface ChecksOut {
  sentence: string;
  checks: Array<CheckOut>;
}

export interface CredentialInput {
  name: string;
  permissions: Array<string>;
  expires_at: string;
}

export interface CredentialOut {
  id: string;
  name: string;
  hint: string;
  permissions: Array<string>;
  counting: Array<string>;
  created_by: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface CredentialOutPage {
  results: Array<CredentialOut>;
  next: string | null;
  previous: string | null;
}

export interface Credentials {
  email: string;
  password: string;
  code?: string;
}

export interface CustomRoleChange {
  name?: string;
  description?: string;
  permissions?: Array<string>;
}

export interface CustomRoleInput {
  name: string;
  description?: string;
  permissions: Array<string>;
  scope_kind?: "school" | "campus" | "association";
}

export interface CustomRoleOut {
  id: string;
  name: string;
  description: string;
  permissions: Array<string>;
  scope_kind: "school" | "campus" | "association";
  created_by: string;
  created_at: string;
  archived_at: string | null;
}

export interface CustomRoleOutPage {
  results: Array<CustomRoleOut>;
  next: string | null;
  previous: string | null;
}

export interface DeliveryOut {
  endpoint_id: string;
  event_id: string;
  type: string;
  happened_at: string;
  state: "waiting" | "delivered" | "failed" | "dropped";
  attempts: number;
  status: number | null;
  fault: string;
  next_attempt_at: string | null;
  finished_at: string | null;
}

export interface DeliveryOutPage {
  results: Array<DeliveryOut>;
  next: string | null;
  previous: string | null;
}

export interface DomainInput {
  domain: string;
}

export interface DomainOut {
  id: string;
  campus_id: string;
  domain: string;
  created_at: string;
}

export interface DomainOutPage {
  results: Array<DomainOut>;
  next: string | null;
  previous: string | null;
}

export interface Ended {
  ended: number;
}

export interface EndpointChange {
  name?: string;
  url?: string;
  events?: Array<string>;
}

export interface EndpointInput {
  name: string;
  url: string;
  events?: Array<string>;
}

export interface EndpointOut {
  id: string;
  name: string;
  url: string;
  events: Array<string>;
  state: "enabled" | "paused" | "disabled";
  because: string;
  failing_since: string | null;
  last_success_at: string | null;
  created_at: string;
}

export interface EndpointOutPage {
  results: Array<EndpointOut>;
  next: string | null;
  previous: string | null;
}

export interface EndpointSecretOut {
  id: string;
  hint: string;
  created_at: string;
  ends_at: string | null;
}

export interface EndpointSecretOutPage {
  results: Array<EndpointSecretOut>;
  next: string | null;
  previous: string | null;
}

export interface EventOut {
  id: string;
  at: string;
  act: string;
  title: string;
  actor_id: string | null;
  actor_label: string;
  actor_email: string;
  acting_for: string;
  surface: string;
  address: string;
  request_id: string;
  target_type: string;
  target_id: string;
  target_label: string;
  scope_kind: string;
  scope_id: string | null;
  changes: Record<string, unknown>;
  reason: string;
  data: Record<string, unknown>;
}

export interface EventOutPage {
  results: Array<EventOut>;
  next: string | null;
  previous: string | null;
}

export interface EventTypeOut {
  type: string;
  title: string;
}

export interface EventTypeOutPage {
  results: Array<EventTypeOut>;
  next: string | null;
  previous: string | null;
}

export interface FailedRowOut {
  row: number;
  cells: Array<string>;
  faults: Array<string>;
}

export interface FailedRowOutPage {
  results: Array<FailedRowOut>;
  next: string | null;
  previous: string | null;
}

export interface FounderInput {
  email: string;
  office?: "president" | "treasurer" | "secretary" | "";
}

export interface FounderOut {
  user_id: string;
  office: string;
  accepted_at: string | null;
  declined_at: string | null;
}

export interface FounderOutPage {
  results: Array<FounderOut>;
  next: string | null;
  previous: string | null;
}

export interface FoundersInput {
  founders: Array<FounderInput>;
}

export interface Give {
  scope_kind?: "school" | "campus" | "association";
  scope_id?: string | null;
  role: "admin" | "auditor" | "campus-manager" | "custom" | "member" | "owner";
  custom_role_id?: string | null;
  starts_on?: string | null;
  ends_on?: string | null;
  note?: string;
}

export interface GrantOut {
  id: string;
  user_id: string;
  role: string;
  custom_role_id: string | null;
  scope_kind: "school" | "campus" | "association";
  scope_id: string | null;
  starts_on: string | null;
  ends_on: string | null;
  note: string;
  granted_by: string;
  granted_at: string;
}

export interface GrantOutPage {
  results: Array<GrantOut>;
  next: string | null;
  previous: string | null;
}

export interface GroupOut {
  id: string;
  name: string;
}

export interface GroupOutPage {
  results: Array<GroupOut>;
  next: string | null;
  previous: string | null;
}

export interface HeldRole {
  role: "owner" | "admin" | "auditor" | "campus-manager" | "member" | "custom" | "office" | "service" | "desk" | "superadmin" | "system";
  name: string;
  scope_kind: "school" | "campus" | "association";
  scope_id: string | null;
  place: string;
}

export interface HowMany {
  deliveries: number;
}

export interface ImportInput {
  list_id: string;
  columns: Array<"" | "email" | "given_name" | "family_name" | "full_name" | "external_id" | "campus" | "role" | "promotion" | "department" | "job_title">;
  campus_id?: string | null;
  role?: "alumni" | "member" | "staff" | "manager";
  promotion_id?: string | null;
  complete?: boolean;
}

export interface IntegrationStatus {
  state: "unused" | "healthy" | "degraded" | "error";
  checked_at: string;
  services: Array<ServiceStatus>;
}

export interface InvitationOut {
  id: string;
  user_id: string;
  email: string;
  role: string;
  custom_role_id: string | null;
  scope_kind: "school" | "campus" | "association";
  scope_id: string | null;
  invited_by: string;
  created_at: string;
  sent_at: string;
  expires_at: string;
  accepted_at: string | null;
  revoked_at: string | null;
}

export interface InvitationOutPage {
  results: Array<InvitationOut>;
  next: string | null;
  previous: string | null;
}

export interface Invite {
  scope_kind?: "school" | "campus" | "association";
  scope_id?: string | null;
  role?: "admin" | "auditor" | "campus-manager" | "custom" | "member" | "owner";
  custom_role_id?: string | null;
  email: string;
  given_name?: string;
  family_name?: string;
  language?: "fr" | "en";
}

export interface JoinInput {
  words?: string;
}

export interface LeavingInput {
  leaves_at?: string | null;
}

export interface LinkToken {
  token: string;
}

export interface ListInput {
  name: string;
  content: string;
}

export interface ListOut {
  id: string;
  name: string;
  size: number;
  header: Array<string>;
  guessed: Array<string>;
  created_at: string;
}

export interface LockoutInput {
  key: string;
}

export interface LockoutOut {
  key: string;
  what: string;
  who: string;
  until: string;
}

export interface LockoutOutPage {
  results: Array<LockoutOut>;
  next: string | null;
  previous: string | null;
}

export interface MandateInput {
  starts_on: string;
  ends_on: string;
  office_id: string;
  email: string;
}

export interface MandateOut {
  id: string;
  office_id: string;
  user_id: string;
  starts_on: string;
  ends_on: string;
  named_by: string;
  named_at: string;
  ended_because: string;
}

export interface MandateOutPage {
  results: Array<MandateOut>;
  next: string | null;
  previous: string | null;
}

export interface MappingChange {
  role?: "alumni" | "member" | "staff" | "manager";
  transitive?: boolean;
  active?: boolean;
}

export interface MappingInput {
  group_id: string;
  campus_id: string;
  role?: "alumni" | "member" | "staff" | "manager";
  transitive?: boolean;
}

export interface MappingOut {
  id: string;
  group_id: string;
  group_name: string;
  campus_id: string;
  role: "alumni" | "member" | "staff" | "manager";
  transitive: boolean;
  active: boolean;
  people: number | null;
  created_at: string;
}

export interface MappingOutPage {
  results: Array<MappingOut>;
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

export interface MemberInput {
  email: string;
}

export interface MemberOut {
  id: string;
  association_id: string;
  user_id: string;
  state: "pending" | "member" | "left" | "refused";
  source: "joined" | "asked" | "added" | "founder";
  asked_at: string;
  joined_at: string | null;
  ended_at: string | null;
}

export interface MemberOutPage {
  results: Array<MemberOut>;
  next: string | null;
  previous: string | null;
}

export interface MembershipChange {
  role?: "alumni" | "member" | "staff" | "manager";
  pinned?: "" | "keep" | "never";
  reason?: string;
}

export interface MembershipEventOut {
  at: string;
  from_state: string;
  to_state: string;
  from_role: string;
  to_role: string;
  source: string;
  cause: string;
  actor: string;
}

export interface MembershipEventOutPage {
  results: Array<MembershipEventOut>;
  next: string | null;
  previous: string | null;
}

export interface MembershipInput {
  campus_id: string;
  user_id?: string;
  email?: string;
  role?: "alumni" | "member" | "staff" | "manager";
}

export interface MembershipOut {
  id: string;
  user_id: string;
  campus_id: string;
  role: "alumni" | "member" | "staff" | "manager";
  state: "detected" | "active" | "suspended" | "stale" | "ended";
  source: "directory" | "invitation" | "import" | "scim" | "manual";
  cause: string;
  pinned: string;
  ends_on: string | null;
  first_seen_at: string;
  last_seen_at: string;
}

export interface MembershipOutPage {
  results: Array<MembershipOut>;
  next: string | null;
  previous: string | null;
}

export interface NewCredential {
  id: string;
  name: string;
  hint: string;
  permissions: Array<string>;
  counting: Array<string>;
  created_by: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
  secret: string;
}

export interface NewEndpoint {
  id: string;
  name: string;
  url: string;
  events: Array<string>;
  state: "enabled" | "paused" | "disabled";
  because: string;
  failing_since: string | null;
  last_success_at: string | null;
  created_at: string;
  secret: string;
}

export interface NewEndpointSecret {
  id: string;
  hint: string;
  created_at: string;
  ends_at: string | null;
  secret: string;
}

export interface NewPassword {
  uid: string;
  token: string;
  password: string;
}

export interface OfficeChange {
  name?: string;
  permissions?: Array<string>;
  confirms?: boolean;
}

export interface OfficeInput {
  name: string;
  permissions: Array<string>;
  confirms?: boolean;
}

export interface OfficeOut {
  id: string;
  association_id: string;
  code: string;
  name: string;
  permissions: Array<string>;
  confirms: boolean;
  archived_at: string | null;
}

export interface OfficeOutPage {
  results: Array<OfficeOut>;
  next: string | null;
  previous: string | null;
}

export interface Org {
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
}

export interface OrgPage {
  results: Array<Org>;
  next: string | null;
  previous: string | null;
}

export interface OwnOrgChange {
  name?: string;
  language?: "fr" | "en";
  time_zone?: string;
  hue?: number;
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

export interface PermissionOut {
  code: string;
  label: string;
  sudo: boolean;
  roles: Array<string>;
}

export interface PermissionOutPage {
  results: Array<PermissionOut>;
  next: string | null;
  previous: string | null;
}

export interface Person {
  id: string;
  email: string;
  given_name: string;
  family_name: string;
  status: "pending" | "active" | "suspended" | "departed";
  language: string;
  department: string;
  job_title: string;
  created_at: string;
  last_sign_in_at: string | null;
}

export interface PersonChange {
  given_name?: string;
  family_name?: string;
  department?: string;
  job_title?: string;
  language?: "fr" | "en";
}

export interface PersonPage {
  results: Array<Person>;
  next: string | null;
  previous: string | null;
}

export interface PlaceChange {
  name?: string;
  capacity?: number | null;
}

export interface PlaceInput {
  name: string;
  capacity?: number | null;
}

export interface PlaceOut {
  id: string;
  campus_id: string;
  name: string;
  capacity: number | null;
}

export interface PlaceOutPage {
  results: Array<PlaceOut>;
  next: string | null;
  previous: string | null;
}

export interface PlanOut {
  id: string;
  kind: "file" | "rollover" | "scim";
  label: string;
  state: "queued" | "reading" | "planned" | "held" | "applying" | "verifying" | "done" | "partial" | "failed" | "cancelled" | "refused";
  undoes_id: string | null;
  requested_by: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  rows_read: number;
  rows: Record<string, number>;
  to_apply: number;
  applied: number;
  affected: number;
  counts: Record<string, number>;
  hold_reason: string;
  decided_by: string;
  decided_at: string | null;
  error_code: string;
}

export interface PlanOutPage {
  results: Array<PlanOut>;
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

export interface Reason {
  reason?: string;
}

export interface RecipientOut {
  user_id: string;
  outcome: "waiting" | "queued" | "sent" | "delivered" | "bounced" | "failed" | "suppressed" | "skipped";
  reason: "" | "left" | "not-audience" | "unsubscribed" | "preference" | "address" | "limit" | "stopped" | "fault";
  in_app: boolean;
  at: string | null;
}

export interface RecipientOutPage {
  results: Array<RecipientOut>;
  next: string | null;
  previous: string | null;
}

export interface RefreshToken {
  refresh_token: string;
}

export interface Reminded {
  sent: number;
  already: number;
}

export interface RenewalOut {
  id: string;
  campaign_id: string;
  association_id: string;
  settled_at: string | null;
  how: "" | "unchanged" | "reviewed" | "override" | "later";
  reason: string;
}

export interface RenewalOutPage {
  results: Array<RenewalOut>;
  next: string | null;
  previous: string | null;
}

export interface ReplayInput {
  since: string;
}

export interface RequestInput {
  name: string;
  kind: "student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other";
  purpose: string;
  seat_id?: string | null;
  visibility?: "public" | "school" | "campus" | "promotion" | "members" | "board";
  promotion_id?: string | null;
  joining?: "free" | "approval" | "closed";
  rna?: string;
  siret?: string;
  founders?: Array<FounderInput>;
}

export interface RulesChange {
  values: Record<string, unknown | null>;
}

export interface RulesOut {
  values: Record<string, unknown>;
}

export interface RunInput {
  kind?: "full" | "preview";
}

export interface RunOut {
  id: string;
  kind: "full" | "delta" | "preview" | "undo";
  trigger: "manual" | "schedule" | "retry" | "notice";
  state: "queued" | "reading" | "planned" | "held" | "applying" | "verifying" | "done" | "partial" | "failed" | "cancelled" | "refused";
  undoes_id: string | null;
  requested_by: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  people_read: number;
  to_apply: number;
  applied: number;
  affected: number;
  population: number;
  counts: Record<string, number>;
  hold_reason: string;
  decided_by: string;
  decided_at: string | null;
  error_code: string;
}

export interface RunOutPage {
  results: Array<RunOut>;
  next: string | null;
  previous: string | null;
}

export interface SavedTextInput {
  title_fr?: string;
  body_fr?: string;
  title_en?: string;
  body_en?: string;
  name: string;
}

export interface SavedTextOut {
  id: string;
  association_id: string;
  name: string;
  title_fr: string;
  body_fr: string;
  title_en: string;
  body_en: string;
  saved_at: string;
}

export interface SavedTextOutPage {
  results: Array<SavedTextOut>;
  next: string | null;
  previous: string | null;
}

export interface ScheduleChange {
  mode?: "off" | "hours" | "daily";
  every_hours?: number;
  daily_at?: string;
  reading?: "full" | "delta";
}

export interface ScheduleOut {
  mode: "off" | "hours" | "daily";
  every_hours: number;
  daily_at: string;
  reading: "full" | "delta";
  changed_by: string;
}

export interface SendingBlock {
  until: string;
  reason: string;
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

export interface StopInput {
  reason?: string;
}

export interface SubscriptionInput {
  wanted: boolean;
}

export interface SubscriptionOut {
  association_id: string;
  wanted: boolean;
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

export interface Tokens {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  refresh_token: string;
  refresh_expires_at: string;
  session: string;
}

export interface Told {
  members: number;
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

export interface Words {
  text: string;
}

/** Every operation: how it is called, what it takes and what it answers. */
export interface Operations {
  /** Accept an invitation */
  accept_invitation: {
    method: "POST";
    path: "/api/v1/accept-invitation";
    ids: {  };
    query: {  };
    headers: {  };
    body: Acceptance;
    answer: Person;
  };
  /** Ask for a new link */
  renew_invitation: {
    method: "POST";
    path: "/api/v1/accept-invitation/again";
    ids: {  };
    query: {  };
    headers: {  };
    body: LinkToken;
    answer: Asked;
  };
  /** Delete a saved text */
  delete_saved_text: {
    method: "DELETE";
    path: "/api/v1/announcement-texts/{text_id}";
    ids: { text_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Announcements of all associations */
  list_all_announcements: {
    method: "GET";
    path: "/api/v1/announcements";
    ids: {  };
    query: { cursor?: string; limit?: number; state?: "draft" | "approval" | "scheduled" | "sending" | "sent" | "stopped" | "partial" };
    headers: {  };
    body: undefined;
    answer: AnnouncementOutPage;
  };
  /** One announcement */
  get_announcement: {
    method: "GET";
    path: "/api/v1/announcements/{announcement_id}";
    ids: { announcement_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: AnnouncementOut;
  };
  /** Change a draft */
  update_announcement: {
    method: "PATCH";
    path: "/api/v1/announcements/{announcement_id}";
    ids: { announcement_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: AnnouncementInput;
    answer: AnnouncementOut;
  };
  /** Delete a draft */
  delete_announcement: {
    method: "DELETE";
    path: "/api/v1/announcements/{announcement_id}";
    ids: { announcement_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Approve it */
  approve_announcement: {
    method: "POST";
    path: "/api/v1/announcements/{announcement_id}/approval";
    ids: { announcement_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: AnnouncementOut;
  };
  /** Recipients */
  list_recipients: {
    method: "GET";
    path: "/api/v1/announcements/{announcement_id}/recipients";
    ids: { announcement_id: string };
    query: { cursor?: string; limit?: number; outcome?: "waiting" | "queued" | "sent" | "delivered" | "bounced" | "failed" | "suppressed" | "skipped" };
    headers: {  };
    body: undefined;
    answer: RecipientOutPage;
  };
  /** Return it to the board */
  return_announcement: {
    method: "POST";
    path: "/api/v1/announcements/{announcement_id}/return";
    ids: { announcement_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: AnnouncementOut;
  };
  /** Stop it */
  stop_announcement: {
    method: "POST";
    path: "/api/v1/announcements/{announcement_id}/stop";
    ids: { announcement_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: StopInput;
    answer: AnnouncementOut;
  };
  /** Let it leave */
  send_announcement: {
    method: "POST";
    path: "/api/v1/announcements/{announcement_id}/submission";
    ids: { announcement_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: LeavingInput;
    answer: AnnouncementOut;
  };
  /** Send it to yourself */
  test_announcement: {
    method: "POST";
    path: "/api/v1/announcements/{announcement_id}/test";
    ids: { announcement_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: AnnouncementTested;
  };
  /** Take it back */
  take_back_announcement: {
    method: "POST";
    path: "/api/v1/announcements/{announcement_id}/withdrawal";
    ids: { announcement_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: AnnouncementOut;
  };
  /** Admit somebody who asked */
  admit_member: {
    method: "POST";
    path: "/api/v1/association-memberships/{membership_id}/admission";
    ids: { membership_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: MemberOut;
  };
  /** Do not admit somebody who asked */
  refuse_member: {
    method: "POST";
    path: "/api/v1/association-memberships/{membership_id}/refusal";
    ids: { membership_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: MemberOut;
  };
  /** End a membership of an association */
  remove_member: {
    method: "POST";
    path: "/api/v1/association-memberships/{membership_id}/removal";
    ids: { membership_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Reason;
    answer: MemberOut;
  };
  /** Associations */
  list_associations: {
    method: "GET";
    path: "/api/v1/associations";
    ids: {  };
    query: { campus?: string; cursor?: string; kind?: "student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other"; limit?: number; q?: string };
    headers: {  };
    body: undefined;
    answer: AssociationOutPage;
  };
  /** Ask for a new association */
  ask_for_association: {
    method: "POST";
    path: "/api/v1/associations";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: RequestInput;
    answer: AssociationOut;
  };
  /** One association */
  get_association: {
    method: "GET";
    path: "/api/v1/associations/{association_id}";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: AssociationOut;
  };
  /** Change an association */
  update_association: {
    method: "PATCH";
    path: "/api/v1/associations/{association_id}";
    ids: { association_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: AssociationChange;
    answer: AssociationOut;
  };
  /** What may still be sent */
  get_announcement_allowance: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/announcement-allowance";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: AllowanceOut;
  };
  /** Keep an association from sending */
  block_announcements: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/announcement-block";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: SendingBlock;
    answer: AllowanceOut;
  };
  /** End mail of an association, or have it again */
  choose_announcements: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/announcement-subscription";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: SubscriptionInput;
    answer: SubscriptionOut;
  };
  /** Saved texts */
  list_saved_texts: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/announcement-texts";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: SavedTextOutPage;
  };
  /** Save a text */
  save_text: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/announcement-texts";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: SavedTextInput;
    answer: SavedTextOut;
  };
  /** Let an association send again */
  unblock_announcements: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/announcement-unblocking";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: AllowanceOut;
  };
  /** Announcements of an association */
  list_announcements: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/announcements";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number; state?: "draft" | "approval" | "scheduled" | "sending" | "sent" | "stopped" | "partial" };
    headers: {  };
    body: undefined;
    answer: AnnouncementOutPage;
  };
  /** Write an announcement */
  write_announcement: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/announcements";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: AnnouncementInput;
    answer: AnnouncementOut;
  };
  /** Approve a request */
  approve_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/approval";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Approval;
    answer: AssociationOut;
  };
  /** Ask the founders for changes */
  request_association_changes: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/changes";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Words;
    answer: AssociationOut;
  };
  /** Comment on a request */
  comment_on_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/comments";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Words;
    answer: AssociationOut;
  };
  /** Dissolve an association */
  dissolve_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/dissolution";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: AssociationOut;
  };
  /** What the rules of the school say now */
  get_eligibility: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/eligibility";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: ChecksOut;
  };
  /** Tell the members that their association ends */
  tell_association_members: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/farewell";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: Told;
  };
  /** Founders of a request */
  list_founders: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/founders";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: FounderOutPage;
  };
  /** Name the founders */
  name_founders: {
    method: "PUT";
    path: "/api/v1/associations/{association_id}/founders";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: FoundersInput;
    answer: AssociationOut;
  };
  /** Agree to be a founder, or decline */
  answer_founding: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/founding";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Answer;
    answer: FounderOut;
  };
  /** Freeze an association */
  freeze_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/freezing";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: AssociationOut;
  };
  /** Join, or ask to */
  join_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/joining";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: JoinInput;
    answer: MemberOut;
  };
  /** Leave, or take a request back */
  leave_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/leaving";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: MemberOut;
  };
  /** Mandates of an association */
  list_mandates: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/mandates";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: MandateOutPage;
  };
  /** Appoint somebody to an office */
  appoint: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/mandates";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: MandateInput;
    answer: MandateOut;
  };
  /** Members of an association */
  list_members: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/members";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number; q?: string; state?: "pending" | "member" | "left" | "refused" };
    headers: {  };
    body: undefined;
    answer: MemberOutPage;
  };
  /** Add somebody to an association */
  add_member: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/members";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: MemberInput;
    answer: MemberOut;
  };
  /** Offices of an association */
  list_offices: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/offices";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: OfficeOutPage;
  };
  /** Add an office */
  define_office: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/offices";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: OfficeInput;
    answer: OfficeOut;
  };
  /** Refuse a request */
  refuse_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/refusal";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Words;
    answer: AssociationOut;
  };
  /** Change a request */
  update_association_request: {
    method: "PUT";
    path: "/api/v1/associations/{association_id}/request";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: AssociationInput;
    answer: AssociationOut;
  };
  /** Withdraw a request */
  withdraw_association_request: {
    method: "DELETE";
    path: "/api/v1/associations/{association_id}/request";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Make an association dormant */
  rest_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/rest";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: AssociationOut;
  };
  /** Send a request to the school */
  submit_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/submission";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: AssociationOut;
  };
  /** Lift the freezing */
  unfreeze_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/unfreezing";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Reason;
    answer: AssociationOut;
  };
  /** Wake a dormant association */
  wake_association: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/waking";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: AssociationOut;
  };
  /** Audit events */
  list_audit_events: {
    method: "GET";
    path: "/api/v1/audit-events";
    ids: {  };
    query: { act?: string; actor?: string; cursor?: string; limit?: number; q?: string; request_id?: string; since?: string; surface?: "web" | "api" | "admin" | "job" | "command" | "webhook"; target?: string; until?: string };
    headers: {  };
    body: undefined;
    answer: EventOutPage;
  };
  /** One audit event */
  get_audit_event: {
    method: "GET";
    path: "/api/v1/audit-events/{event_id}";
    ids: { event_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: EventOut;
  };
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
  /** Campuses */
  list_campuses: {
    method: "GET";
    path: "/api/v1/campuses";
    ids: {  };
    query: { archived?: boolean; cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: CampusOutPage;
  };
  /** Add a campus */
  create_campus: {
    method: "POST";
    path: "/api/v1/campuses";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: CampusInput;
    answer: CampusOut;
  };
  /** One campus */
  get_campus: {
    method: "GET";
    path: "/api/v1/campuses/{campus_id}";
    ids: { campus_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: CampusOut;
  };
  /** Change a campus */
  update_campus: {
    method: "PATCH";
    path: "/api/v1/campuses/{campus_id}";
    ids: { campus_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: CampusChange;
    answer: CampusOut;
  };
  /** Archive a campus */
  archive_campus: {
    method: "DELETE";
    path: "/api/v1/campuses/{campus_id}";
    ids: { campus_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Approved e-mail domains of a campus */
  list_domains: {
    method: "GET";
    path: "/api/v1/campuses/{campus_id}/domains";
    ids: { campus_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: DomainOutPage;
  };
  /** Approve an e-mail domain */
  approve_domain: {
    method: "POST";
    path: "/api/v1/campuses/{campus_id}/domains";
    ids: { campus_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: DomainInput;
    answer: DomainOut;
  };
  /** One approved domain */
  get_domain: {
    method: "GET";
    path: "/api/v1/campuses/{campus_id}/domains/{domain_id}";
    ids: { campus_id: string; domain_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: DomainOut;
  };
  /** Stop accepting a domain */
  remove_domain: {
    method: "DELETE";
    path: "/api/v1/campuses/{campus_id}/domains/{domain_id}";
    ids: { campus_id: string; domain_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Places of a campus */
  list_places: {
    method: "GET";
    path: "/api/v1/campuses/{campus_id}/places";
    ids: { campus_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: PlaceOutPage;
  };
  /** Add a place */
  create_place: {
    method: "POST";
    path: "/api/v1/campuses/{campus_id}/places";
    ids: { campus_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: PlaceInput;
    answer: PlaceOut;
  };
  /** One place */
  get_place: {
    method: "GET";
    path: "/api/v1/campuses/{campus_id}/places/{place_id}";
    ids: { campus_id: string; place_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PlaceOut;
  };
  /** Change a place */
  update_place: {
    method: "PATCH";
    path: "/api/v1/campuses/{campus_id}/places/{place_id}";
    ids: { campus_id: string; place_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: PlaceChange;
    answer: PlaceOut;
  };
  /** Remove a place */
  delete_place: {
    method: "DELETE";
    path: "/api/v1/campuses/{campus_id}/places/{place_id}";
    ids: { campus_id: string; place_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Open an archived campus again */
  restore_campus: {
    method: "POST";
    path: "/api/v1/campuses/{campus_id}/restoration";
    ids: { campus_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: CampusOut;
  };
  /** Credentials */
  list_credentials: {
    method: "GET";
    path: "/api/v1/credentials";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: CredentialOutPage;
  };
  /** Make a credential */
  create_credential: {
    method: "POST";
    path: "/api/v1/credentials";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: CredentialInput;
    answer: NewCredential;
  };
  /** One credential */
  get_credential: {
    method: "GET";
    path: "/api/v1/credentials/{credential_id}";
    ids: { credential_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: CredentialOut;
  };
  /** Revoke a credential */
  revoke_credential: {
    method: "DELETE";
    path: "/api/v1/credentials/{credential_id}";
    ids: { credential_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Take a credential over */
  adopt_credential: {
    method: "POST";
    path: "/api/v1/credentials/{credential_id}/adoption";
    ids: { credential_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: CredentialOut;
  };
  /** Groups at Microsoft */
  search_groups: {
    method: "GET";
    path: "/api/v1/directory/groups";
    ids: {  };
    query: { q?: string };
    headers: {  };
    body: undefined;
    answer: GroupOutPage;
  };
  /** Mapped groups */
  list_mappings: {
    method: "GET";
    path: "/api/v1/directory/mappings";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: MappingOutPage;
  };
  /** Map a group to a campus */
  create_mapping: {
    method: "POST";
    path: "/api/v1/directory/mappings";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: MappingInput;
    answer: MappingOut;
  };
  /** One mapped group */
  get_mapping: {
    method: "GET";
    path: "/api/v1/directory/mappings/{mapping_id}";
    ids: { mapping_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: MappingOut;
  };
  /** Change a mapping */
  update_mapping: {
    method: "PATCH";
    path: "/api/v1/directory/mappings/{mapping_id}";
    ids: { mapping_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: MappingChange;
    answer: MappingOut;
  };
  /** Remove a mapping */
  delete_mapping: {
    method: "DELETE";
    path: "/api/v1/directory/mappings/{mapping_id}";
    ids: { mapping_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Directory runs */
  list_runs: {
    method: "GET";
    path: "/api/v1/directory/runs";
    ids: {  };
    query: { cursor?: string; kind?: "full" | "delta" | "preview" | "undo"; limit?: number; state?: "queued" | "reading" | "planned" | "held" | "applying" | "verifying" | "done" | "partial" | "failed" | "cancelled" | "refused"; trigger?: "manual" | "schedule" | "retry" | "notice" };
    headers: {  };
    body: undefined;
    answer: RunOutPage;
  };
  /** Start a run or a preview */
  start_run: {
    method: "POST";
    path: "/api/v1/directory/runs";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: RunInput;
    answer: RunOut;
  };
  /** One run */
  get_run: {
    method: "GET";
    path: "/api/v1/directory/runs/{run_id}";
    ids: { run_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: RunOut;
  };
  /** Approve a held run */
  approve_run: {
    method: "POST";
    path: "/api/v1/directory/runs/{run_id}/approval";
    ids: { run_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: RunOut;
  };
  /** Stop a run */
  cancel_run: {
    method: "POST";
    path: "/api/v1/directory/runs/{run_id}/cancellation";
    ids: { run_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: RunOut;
  };
  /** What a run changes */
  list_run_changes: {
    method: "GET";
    path: "/api/v1/directory/runs/{run_id}/changes";
    ids: { run_id: string };
    query: { campus?: string; cursor?: string; kind?: "added" | "updated" | "moved" | "stale" | "deactivated" | "restored" | "removed" | "skipped" | "conflict"; limit?: number; q?: string; reason?: string };
    headers: {  };
    body: undefined;
    answer: ChangeOutPage;
  };
  /** Refuse a held run */
  refuse_run: {
    method: "POST";
    path: "/api/v1/directory/runs/{run_id}/refusal";
    ids: { run_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: RunOut;
  };
  /** Go on with a run */
  retry_run: {
    method: "POST";
    path: "/api/v1/directory/runs/{run_id}/retry";
    ids: { run_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: RunOut;
  };
  /** Take a run back */
  undo_run: {
    method: "POST";
    path: "/api/v1/directory/runs/{run_id}/undo";
    ids: { run_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: RunOut;
  };
  /** When runs start by themselves */
  get_schedule: {
    method: "GET";
    path: "/api/v1/directory/schedule";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: ScheduleOut;
  };
  /** Change when runs start */
  update_schedule: {
    method: "PATCH";
    path: "/api/v1/directory/schedule";
    ids: {  };
    query: {  };
    headers: { "If-Match": string };
    body: ScheduleChange;
    answer: ScheduleOut;
  };
  /** Who was given which role */
  list_grants: {
    method: "GET";
    path: "/api/v1/grants";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: GrantOutPage;
  };
  /** Import a list */
  start_import: {
    method: "POST";
    path: "/api/v1/imports";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ImportInput;
    answer: PlanOut;
  };
  /** Upload a list */
  upload_list: {
    method: "POST";
    path: "/api/v1/imports/lists";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ListInput;
    answer: ListOut;
  };
  /** One uploaded list */
  get_list: {
    method: "GET";
    path: "/api/v1/imports/lists/{list_id}";
    ids: { list_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: ListOut;
  };
  /** Delete an uploaded list */
  delete_list: {
    method: "DELETE";
    path: "/api/v1/imports/lists/{list_id}";
    ids: { list_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** How the connected services do */
  get_integration_status: {
    method: "GET";
    path: "/api/v1/integrations/status";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: IntegrationStatus;
  };
  /** Invitations */
  list_invitations: {
    method: "GET";
    path: "/api/v1/invitations";
    ids: {  };
    query: { cursor?: string; limit?: number; state?: "open" | "accepted" | "revoked" };
    headers: {  };
    body: undefined;
    answer: InvitationOutPage;
  };
  /** Invite somebody */
  invite: {
    method: "POST";
    path: "/api/v1/invitations";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Invite;
    answer: InvitationOut;
  };
  /** One invitation */
  get_invitation: {
    method: "GET";
    path: "/api/v1/invitations/{invitation_id}";
    ids: { invitation_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: InvitationOut;
  };
  /** Revoke an invitation */
  revoke_invitation: {
    method: "DELETE";
    path: "/api/v1/invitations/{invitation_id}";
    ids: { invitation_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Send a new link */
  resend_invitation: {
    method: "POST";
    path: "/api/v1/invitations/{invitation_id}/resend";
    ids: { invitation_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: InvitationOut;
  };
  /** Locked sign-ins */
  list_lockouts: {
    method: "GET";
    path: "/api/v1/lockouts";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: LockoutOutPage;
  };
  /** Lift a lock */
  lift_lockout: {
    method: "POST";
    path: "/api/v1/lockouts";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: LockoutInput;
    answer: undefined;
  };
  /** End a mandate today */
  end_mandate: {
    method: "POST";
    path: "/api/v1/mandates/{mandate_id}/end";
    ids: { mandate_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: MandateOut;
  };
  /** Memberships */
  list_memberships: {
    method: "GET";
    path: "/api/v1/memberships";
    ids: {  };
    query: { campus?: string; cursor?: string; limit?: number; role?: "alumni" | "member" | "staff" | "manager"; source?: "directory" | "invitation" | "import" | "scim" | "manual"; state?: "detected" | "active" | "suspended" | "stale" | "ended"; user?: string };
    headers: {  };
    body: undefined;
    answer: MembershipOutPage;
  };
  /** Add somebody to a campus */
  add_membership: {
    method: "POST";
    path: "/api/v1/memberships";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: MembershipInput;
    answer: MembershipOut;
  };
  /** One membership */
  get_membership: {
    method: "GET";
    path: "/api/v1/memberships/{membership_id}";
    ids: { membership_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: MembershipOut;
  };
  /** Give another role, or set an exception */
  update_membership: {
    method: "PATCH";
    path: "/api/v1/memberships/{membership_id}";
    ids: { membership_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: MembershipChange;
    answer: MembershipOut;
  };
  /** End a membership */
  end_membership: {
    method: "DELETE";
    path: "/api/v1/memberships/{membership_id}";
    ids: { membership_id: string };
    query: { reason?: string };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** History of a membership */
  list_membership_events: {
    method: "GET";
    path: "/api/v1/memberships/{membership_id}/events";
    ids: { membership_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: MembershipEventOutPage;
  };
  /** Restore a membership */
  restore_membership: {
    method: "POST";
    path: "/api/v1/memberships/{membership_id}/restoration";
    ids: { membership_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Reason;
    answer: MembershipOut;
  };
  /** Suspend a membership */
  suspend_membership: {
    method: "POST";
    path: "/api/v1/memberships/{membership_id}/suspension";
    ids: { membership_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Reason;
    answer: MembershipOut;
  };
  /** One office */
  get_office: {
    method: "GET";
    path: "/api/v1/offices/{office_id}";
    ids: { office_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: OfficeOut;
  };
  /** Change an office */
  update_office: {
    method: "PATCH";
    path: "/api/v1/offices/{office_id}";
    ids: { office_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: OfficeChange;
    answer: OfficeOut;
  };
  /** Use an office no more */
  archive_office: {
    method: "DELETE";
    path: "/api/v1/offices/{office_id}";
    ids: { office_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** The school */
  list_orgs: {
    method: "GET";
    path: "/api/v1/orgs";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: OrgPage;
  };
  /** The school */
  get_org: {
    method: "GET";
    path: "/api/v1/orgs/{org_id}";
    ids: { org_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: Org;
  };
  /** Change the school's settings */
  update_org: {
    method: "PATCH";
    path: "/api/v1/orgs/{org_id}";
    ids: { org_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: OwnOrgChange;
    answer: Org;
  };
  /** The school's own rules */
  get_rules: {
    method: "GET";
    path: "/api/v1/orgs/{org_id}/rules";
    ids: { org_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: RulesOut;
  };
  /** Change the school's own rules */
  update_rules: {
    method: "PATCH";
    path: "/api/v1/orgs/{org_id}/rules";
    ids: { org_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: RulesChange;
    answer: RulesOut;
  };
  /** Forgotten password */
  request_password_reset: {
    method: "POST";
    path: "/api/v1/password-reset";
    ids: {  };
    query: {  };
    headers: {  };
    body: Address;
    answer: Asked;
  };
  /** Set a new password by a mailed link */
  reset_password: {
    method: "POST";
    path: "/api/v1/password-reset/confirm";
    ids: {  };
    query: {  };
    headers: {  };
    body: NewPassword;
    answer: undefined;
  };
  /** Permissions */
  list_permissions: {
    method: "GET";
    path: "/api/v1/permissions";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PermissionOutPage;
  };
  /** Plans about people */
  list_plans: {
    method: "GET";
    path: "/api/v1/plans";
    ids: {  };
    query: { cursor?: string; kind?: "file" | "rollover" | "scim"; limit?: number };
    headers: {  };
    body: undefined;
    answer: PlanOutPage;
  };
  /** One plan */
  get_plan: {
    method: "GET";
    path: "/api/v1/plans/{plan_id}";
    ids: { plan_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PlanOut;
  };
  /** Approve a plan */
  approve_plan: {
    method: "POST";
    path: "/api/v1/plans/{plan_id}/approval";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PlanOut;
  };
  /** Stop a plan */
  cancel_plan: {
    method: "POST";
    path: "/api/v1/plans/{plan_id}/cancellation";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PlanOut;
  };
  /** What a plan changes */
  list_plan_changes: {
    method: "GET";
    path: "/api/v1/plans/{plan_id}/changes";
    ids: { plan_id: string };
    query: { cursor?: string; kind?: "added" | "updated" | "placed" | "moved" | "promoted" | "alumni" | "restored" | "deactivated" | "removed" | "skipped" | "conflict"; limit?: number; q?: string; reason?: string };
    headers: {  };
    body: undefined;
    answer: ChangeOfPlanPage;
  };
  /** Rows that were not taken in */
  list_failed_rows: {
    method: "GET";
    path: "/api/v1/plans/{plan_id}/failed-rows";
    ids: { plan_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: FailedRowOutPage;
  };
  /** Refuse a plan */
  refuse_plan: {
    method: "POST";
    path: "/api/v1/plans/{plan_id}/refusal";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PlanOut;
  };
  /** Take a plan back */
  undo_plan: {
    method: "POST";
    path: "/api/v1/plans/{plan_id}/undo";
    ids: { plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PlanOut;
  };
  /** Campaigns */
  list_renewal_campaigns: {
    method: "GET";
    path: "/api/v1/renewal-campaigns";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: CampaignOutPage;
  };
  /** Start a campaign */
  start_renewal_campaign: {
    method: "POST";
    path: "/api/v1/renewal-campaigns";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: CampaignInput;
    answer: CampaignOut;
  };
  /** Renewals of a campaign */
  list_renewals: {
    method: "GET";
    path: "/api/v1/renewal-campaigns/{campaign_id}/renewals";
    ids: { campaign_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: RenewalOutPage;
  };
  /** Approve changed legal details */
  approve_renewal: {
    method: "POST";
    path: "/api/v1/renewals/{renewal_id}/approval";
    ids: { renewal_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: RenewalOut;
  };
  /** Confirm that an association goes on */
  confirm_renewal: {
    method: "POST";
    path: "/api/v1/renewals/{renewal_id}/confirmation";
    ids: { renewal_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: RenewalOut;
  };
  /** Renew without the missing confirmations */
  override_renewal: {
    method: "POST";
    path: "/api/v1/renewals/{renewal_id}/override";
    ids: { renewal_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Why;
    answer: RenewalOut;
  };
  /** Remind the officers who are missing */
  remind_officers: {
    method: "POST";
    path: "/api/v1/renewals/{renewal_id}/reminder";
    ids: { renewal_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: Reminded;
  };
  /** Roles of the school's own */
  list_roles: {
    method: "GET";
    path: "/api/v1/roles";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: CustomRoleOutPage;
  };
  /** Make a role */
  create_role: {
    method: "POST";
    path: "/api/v1/roles";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: CustomRoleInput;
    answer: CustomRoleOut;
  };
  /** One role of the school's own */
  get_role: {
    method: "GET";
    path: "/api/v1/roles/{role_id}";
    ids: { role_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: CustomRoleOut;
  };
  /** Change a role */
  update_role: {
    method: "PATCH";
    path: "/api/v1/roles/{role_id}";
    ids: { role_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: CustomRoleChange;
    answer: CustomRoleOut;
  };
  /** Archive a role */
  archive_role: {
    method: "DELETE";
    path: "/api/v1/roles/{role_id}";
    ids: { role_id: string };
    query: { reason?: string };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Support access to this school */
  list_support_grants: {
    method: "GET";
    path: "/api/v1/support-grants";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: SupportGrantOutPage;
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
    query: { reason?: string };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Approve a request for support access */
  approve_support_grant: {
    method: "POST";
    path: "/api/v1/support-grants/{grant_id}/approval";
    ids: { grant_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: SupportGrantOut;
  };
  /** Refuse a request for support access */
  refuse_support_grant: {
    method: "POST";
    path: "/api/v1/support-grants/{grant_id}/refusal";
    ids: { grant_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: SupportGrantOut;
  };
  /** People */
  list_users: {
    method: "GET";
    path: "/api/v1/users";
    ids: {  };
    query: { campus?: string; cursor?: string; limit?: number; order?: "name" | "-name" | "email" | "-email" | "created" | "-created"; q?: string; role?: "admin" | "auditor" | "campus-manager" | "member" | "owner"; source?: "directory" | "invitation" | "import" | "scim" | "manual"; status?: "pending" | "active" | "suspended" | "departed" };
    headers: {  };
    body: undefined;
    answer: PersonPage;
  };
  /** Make an account */
  create_user: {
    method: "POST";
    path: "/api/v1/users";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Invite;
    answer: Person;
  };
  /** One person */
  get_user: {
    method: "GET";
    path: "/api/v1/users/{user_id}";
    ids: { user_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: Person;
  };
  /** Correct a profile */
  update_user: {
    method: "PATCH";
    path: "/api/v1/users/{user_id}";
    ids: { user_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: PersonChange;
    answer: Person;
  };
  /** A person leaves */
  delete_user: {
    method: "DELETE";
    path: "/api/v1/users/{user_id}";
    ids: { user_id: string };
    query: { reason?: string };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Let a person in again */
  reinstate_user: {
    method: "POST";
    path: "/api/v1/users/{user_id}/reinstatement";
    ids: { user_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Reason;
    answer: Person;
  };
  /** Roles given to a person */
  list_user_roles: {
    method: "GET";
    path: "/api/v1/users/{user_id}/roles";
    ids: { user_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: GrantOutPage;
  };
  /** Give a role */
  give_role: {
    method: "POST";
    path: "/api/v1/users/{user_id}/roles";
    ids: { user_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Give;
    answer: GrantOut;
  };
  /** One role given to a person */
  get_user_role: {
    method: "GET";
    path: "/api/v1/users/{user_id}/roles/{grant_id}";
    ids: { grant_id: string; user_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: GrantOut;
  };
  /** Take a role back */
  take_role_back: {
    method: "DELETE";
    path: "/api/v1/users/{user_id}/roles/{grant_id}";
    ids: { grant_id: string; user_id: string };
    query: { reason?: string };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Take somebody's second step away */
  reset_second_factor: {
    method: "POST";
    path: "/api/v1/users/{user_id}/second-factor-reset";
    ids: { user_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Reason;
    answer: undefined;
  };
  /** Sessions of a person */
  list_user_sessions: {
    method: "GET";
    path: "/api/v1/users/{user_id}/sessions";
    ids: { user_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: SessionOutPage;
  };
  /** Sign a person out everywhere */
  end_user_sessions: {
    method: "DELETE";
    path: "/api/v1/users/{user_id}/sessions";
    ids: { user_id: string };
    query: { reason?: string };
    headers: {  };
    body: undefined;
    answer: Ended;
  };
  /** End one session of a person */
  end_user_session: {
    method: "DELETE";
    path: "/api/v1/users/{user_id}/sessions/{session_id}";
    ids: { session_id: string; user_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
  };
  /** Suspend a person */
  suspend_user: {
    method: "POST";
    path: "/api/v1/users/{user_id}/suspension";
    ids: { user_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: Reason;
    answer: Person;
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
  /** Endpoints */
  list_webhook_endpoints: {
    method: "GET";
    path: "/api/v1/webhook-endpoints";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: EndpointOutPage;
  };
  /** Add an endpoint */
  create_webhook_endpoint: {
    method: "POST";
    path: "/api/v1/webhook-endpoints";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: EndpointInput;
    answer: NewEndpoint;
  };
  /** One endpoint */
  get_webhook_endpoint: {
    method: "GET";
    path: "/api/v1/webhook-endpoints/{endpoint_id}";
    ids: { endpoint_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: EndpointOut;
  };
  /** Change an endpoint */
  update_webhook_endpoint: {
    method: "PATCH";
    path: "/api/v1/webhook-endpoints/{endpoint_id}";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: EndpointChange;
    answer: EndpointOut;
  };
  /** Delete an endpoint */
  delete_webhook_endpoint: {
    method: "DELETE";
    path: "/api/v1/webhook-endpoints/{endpoint_id}";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Deliveries of an endpoint */
  list_webhook_deliveries: {
    method: "GET";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/deliveries";
    ids: { endpoint_id: string };
    query: { cursor?: string; event?: string; kind?: string; limit?: number; state?: "waiting" | "delivered" | "failed" | "dropped" };
    headers: {  };
    body: undefined;
    answer: DeliveryOutPage;
  };
  /** One delivery */
  get_webhook_delivery: {
    method: "GET";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/deliveries/{webhook_id}";
    ids: { endpoint_id: string; webhook_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: DeliveryOut;
  };
  /** Send one again */
  replay_webhook_delivery: {
    method: "POST";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/deliveries/{webhook_id}/again";
    ids: { endpoint_id: string; webhook_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: DeliveryOut;
  };
  /** Never send what waits */
  drop_waiting_webhooks: {
    method: "POST";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/drop";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: HowMany;
  };
  /** Send again */
  enable_webhook_endpoint: {
    method: "POST";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/enabling";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: EndpointOut;
  };
  /** Send nothing for now */
  pause_webhook_endpoint: {
    method: "POST";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/pause";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: EndpointOut;
  };
  /** Send again what was given up */
  replay_webhooks: {
    method: "POST";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/replay";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ReplayInput;
    answer: HowMany;
  };
  /** Secrets of an endpoint */
  list_webhook_secrets: {
    method: "GET";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/secrets";
    ids: { endpoint_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: EndpointSecretOutPage;
  };
  /** Replace the secret */
  rotate_webhook_secret: {
    method: "POST";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/secrets";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: NewEndpointSecret;
  };
  /** Send a test */
  test_webhook_endpoint: {
    method: "POST";
    path: "/api/v1/webhook-endpoints/{endpoint_id}/test";
    ids: { endpoint_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: DeliveryOut;
  };
  /** What can be told */
  list_webhook_events: {
    method: "GET";
    path: "/api/v1/webhook-events";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: EventTypeOutPage;
  };
  /** End a secret */
  end_webhook_secret: {
    method: "DELETE";
    path: "/api/v1/webhook-secrets/{secret_id}";
    ids: { secret_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: undefined;
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
