// Made from docs/openapi/v1.yaml by `make clients`; do not edit.

export interface Acceptance {
  token: string;
  password: string;
  given_name?: string;
  family_name?: string;
}

export interface AccountBalance {
  kind: string;
  qualifier: string;
  balance: number;
}

export interface Address {
  email: string;
}

export interface Adjusted {
  changes: number;
}

export interface AdjustmentInput {
  act: "leave_out" | "keep_always" | "put_back";
  change_ids: Array<number>;
}

export interface Adopted {
  added: number;
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

export interface AnnouncementSubscriptionOut {
  association_id: string;
  wanted: boolean;
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

export interface AskedOut {
  asked: number;
}

export interface AssociationChange {
  name?: string;
  kind?: "student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other";
  purpose?: string;
  seat_id?: string | null;
  visibility?: "public" | "school" | "campus" | "promotion" | "members" | "board";
  promotion_id?: string | null;
  joining?: "free" | "approval" | "fee" | "closed";
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
  joining?: "free" | "approval" | "fee" | "closed";
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
  joining: "free" | "approval" | "fee" | "closed";
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

export interface BalancesOut {
  accounts: Array<AccountBalance>;
  balance: number;
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
  left_out: boolean;
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

export interface CharterInput {
  name: string;
  text_fr: string;
  text_en?: string;
}

export interface CheckOut {
  code: string;
  ok: boolean;
  title: string;
  fault: string;
}

export interface CheckoutInput {
  return_url: string;
  cancel_url: string;
  account_id?: string;
}

export interface CheckoutOut {
  payment_id: string;
  provider: string;
  url: string;
}

export interface ChecksOut {
  sentence: string;
  checks: Array<CheckOut>;
}

export interface ChoiceInput {
  tier_ids: Array<string>;
  accepted?: Array<string>;
  key: string;
}

export interface ConflictOut {
  object_id: string;
  email: string;
  name: string;
  upn: string;
  reason: "local-account" | "other-identity" | "address-taken" | "shared-address";
  user_id?: string | null;
  choices: Array<string>;
}

export interface ConflictOutPage {
  results: Array<ConflictOut>;
  next: string | null;
  previous: string | null;
}

export interface ConnectInput {
  treasury_id: string;
  provider: "stripe" | "helloasso";
}

export interface ConsentPurposeOut {
  purpose: string;
  label: string;
  required: boolean;
  version?: number | null;
  given: number;
  withdrawn: number;
  waiting: number;
  outdated: number;
  silent: number;
}

export interface ConsentPurposeOutPage {
  results: Array<ConsentPurposeOut>;
  next: string | null;
  previous: string | null;
}

export interface ConsentTextInput {
  title_fr: string;
  title_en: string;
  body_fr: string;
  body_en: string;
}

export interface ConsentTextOut {
  purpose: string;
  version: number;
  title_fr: string;
  title_en: string;
  body_fr: string;
  body_en: string;
  published_at: string;
  published_by: string;
}

export interface ConsentTextOutPage {
  results: Array<ConsentTextOut>;
  next: string | null;
  previous: string | null;
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

export interface DecisionInput {
  choice: "same" | "address" | "keeps" | "leave";
  email?: string;
}

export interface DecisionOut {
  id: string;
  object_id: string;
  email: string;
  name: string;
  reason: string;
  choice: "same" | "address" | "keeps" | "leave";
  decided_by: string;
  decided_at: string;
}

export interface DecisionOutPage {
  results: Array<DecisionOut>;
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

export interface DeskInput {
  tier_id: string;
  email: string;
  method: "cash" | "transfer" | "cheque";
  signed?: boolean;
  received_on?: string | null;
  key: string;
}

export interface DocumentAcceptance {
  valid_until?: string | null;
}

export interface DocumentComment {
  comment: string;
}

export interface DocumentKindChange {
  name?: string;
  help_text?: string;
  is_required?: boolean;
  at_request?: boolean;
  needed_of?: Array<"student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other">;
  renewed?: "once" | "yearly" | "before";
  due_month?: number | null;
  due_day?: number | null;
  same_is_enough?: boolean;
  is_financial?: boolean;
}

export interface DocumentKindInput {
  name: string;
  help_text?: string;
  is_required?: boolean;
  at_request?: boolean;
  needed_of?: Array<"student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other">;
  renewed?: "once" | "yearly" | "before";
  due_month?: number | null;
  due_day?: number | null;
  same_is_enough?: boolean;
  is_financial?: boolean;
}

export interface DocumentKindOut {
  id: string;
  code: string;
  name: string;
  help_text: string;
  is_required: boolean;
  at_request: boolean;
  needed_of: Array<"student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other">;
  renewed: "once" | "yearly" | "before";
  due_month: number | null;
  due_day: number | null;
  same_is_enough: boolean;
  is_financial: boolean;
  archived_at: string | null;
}

export interface DocumentKindOutPage {
  results: Array<DocumentKindOut>;
  next: string | null;
  previous: string | null;
}

export interface DocumentOut {
  id: string;
  kind: "receipt" | "credit_note";
  number: string;
  issued_on: string;
}

export interface DocumentVersionOut {
  id: string;
  number: number;
  filename: string;
  size: number;
  sha256: string;
  uploaded_at: string;
  uploaded_by: string;
  decision: "waiting" | "accepted" | "changes";
  comment: string;
  decided_at: string | null;
  decided_by: string;
  valid_until: string | null;
  same_as_id: string | null;
}

export interface DocumentsWanted {
  association_ids: Array<string>;
  kind_ids?: Array<string>;
  title?: string;
  words?: string;
  due_on?: string | null;
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

export interface EntryOut {
  kind: string;
  qualifier: string;
  amount: number;
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

export interface EventPreviewOut {
  state: string;
  outcome: string;
  detail: string;
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

export interface FaultOut {
  code: string;
  number: number;
}

export interface FeeCheckoutOut {
  id: string;
  made_at: string;
  fees: Array<Record<string, unknown>>;
}

export interface FeeListInput {
  text: string;
}

export interface FeeOut {
  id: string;
  association_id: string;
  tier_id: string;
  user_id: string;
  order_id: string | null;
  state: "held" | "paid" | "released" | "refunded";
  source: "bought" | "desk" | "imported";
  price: number;
  starts_on: string;
  ends_on: string;
  grace_days: number;
  made_at: string;
  paid_at: string | null;
}

export interface FeeOutPage {
  results: Array<FeeOut>;
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

export interface HowManyRead {
  notifications: number;
}

export interface ImportInput {
  list_id: string;
  columns: Array<"" | "email" | "given_name" | "family_name" | "full_name" | "external_id" | "campus" | "role" | "promotion" | "department" | "job_title">;
  campus_id?: string | null;
  role?: "alumni" | "member" | "staff" | "manager";
  promotion_id?: string | null;
  complete?: boolean;
}

export interface ImportLineOut {
  number: number;
  email: string;
  starts_on: string | null;
  ends_on: string | null;
  fault: string;
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

export interface LeavingInput {
  leaves_at?: string | null;
}

export interface LedgerCheckOut {
  checked_at: string;
  number: number;
  hash: string;
  faults: Array<FaultOut>;
}

export interface LeftOut {
  left_out: boolean;
}

export interface LineInput {
  text: string;
  unit_amount: number;
  quantity?: number;
  tax_text?: string;
}

export interface LineOut {
  id: string;
  text: string;
  quantity: number;
  unit_amount: number;
  tax_text: string;
}

export interface LineWish {
  line_id: string;
  quantity: number;
}

export interface LinkInput {
  return_url: string;
  refresh_url: string;
}

export interface LinkOut {
  url: string;
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

export interface MailRouteChange {
  way?: "platform" | "microsoft";
  mailbox?: string;
}

export interface MailRouteOut {
  way: "platform" | "microsoft";
  mailbox: string;
  fault: string;
  fault_at: string | null;
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
  source: "joined" | "asked" | "added" | "founder" | "fee";
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

export interface MoneyLookInput {
  level: "totals" | "lines" | "documents";
  reason: string;
}

export interface MoneyLookOut {
  id: string;
  reason: string;
  at: string;
  until: string;
}

export interface MoveInput {
  to: "up" | "down";
}

export interface MovementInput {
  from_account: "cash" | "cheques" | "bank";
  to_account: "cash" | "cheques" | "bank";
  amount: number;
  day?: string | null;
  note?: string;
  key: string;
}

export interface MovementOut {
  number: number;
  kind: string;
  day: string;
  booked_at: string;
  note: string;
  order_id: string | null;
  entries: Array<EntryOut>;
  previous_hash: string;
  hash: string;
}

export interface MovementOutPage {
  results: Array<MovementOut>;
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

export interface OfferOut {
  tier_id: string;
  association_id: string;
  name: string;
  price: number;
  starts_on: string;
  ends_on: string;
  places_left: number | null;
  why_not: string;
  renews: boolean;
}

export interface OfferOutPage {
  results: Array<OfferOut>;
  next: string | null;
  previous: string | null;
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

export interface OrderDetail {
  id: string;
  treasury_id: string;
  reference: string;
  buyer_id: string | null;
  buyer_name: string;
  buyer_email: string;
  purpose: string;
  purpose_id: string | null;
  status: "draft" | "awaiting_payment" | "paid" | "partially_refunded" | "refunded" | "expired" | "failed" | "disputed";
  total: number;
  refunded: number;
  currency: string;
  created_at: string;
  paid_at: string | null;
  expires_at: string | null;
  lines: Array<LineOut>;
  payments: Array<PaymentOut>;
  refunds: Array<RefundOut>;
  documents: Array<DocumentOut>;
  seen: number;
}

export interface OrderInput {
  lines: Array<LineInput>;
  buyer_name: string;
  buyer_email?: string;
  key?: string;
}

export interface OrderOut {
  id: string;
  treasury_id: string;
  reference: string;
  buyer_id: string | null;
  buyer_name: string;
  buyer_email: string;
  purpose: string;
  purpose_id: string | null;
  status: "draft" | "awaiting_payment" | "paid" | "partially_refunded" | "refunded" | "expired" | "failed" | "disputed";
  total: number;
  refunded: number;
  currency: string;
  created_at: string;
  paid_at: string | null;
  expires_at: string | null;
}

export interface OrderOutPage {
  results: Array<OrderOut>;
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

export interface OwnDomainInput {
  domain: string;
  campus_id?: string | null;
}

export interface OwnDomainOut {
  id: string;
  domain: string;
  campus_id: string | null;
  state: "pending" | "verified" | "withdrawn";
  record_name: string;
  record_value: string;
  claimed_at: string;
  verified_at: string | null;
  checked_at: string | null;
}

export interface OwnDomainOutPage {
  results: Array<OwnDomainOut>;
  next: string | null;
  previous: string | null;
}

export interface OwnFeeOut {
  id: string;
  association_id: string;
  tier_id: string;
  user_id: string;
  order_id: string | null;
  state: "held" | "paid" | "released" | "refunded";
  source: "bought" | "desk" | "imported";
  price: number;
  starts_on: string;
  ends_on: string;
  grace_days: number;
  made_at: string;
  paid_at: string | null;
  card: string | null;
}

export interface OwnFeeOutPage {
  results: Array<OwnFeeOut>;
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

export interface PaymentAccountOut {
  id: string;
  provider: string;
  account: string;
  is_live: boolean;
  name: string;
  state: "pending" | "active" | "restricted" | "rejected" | "disconnected";
  problems: Array<string>;
  treasury_id: string | null;
  is_default: boolean;
  may_sell: boolean;
  connected_at: string | null;
  disconnected_at: string | null;
  approved_at: string | null;
  read_at: string;
  balance_there: number | null;
  balance_here: number | null;
}

export interface PaymentAccountOutPage {
  results: Array<PaymentAccountOut>;
  next: string | null;
  previous: string | null;
}

export interface PaymentInput {
  method: "cash" | "transfer" | "cheque";
  amount: number;
  received_on?: string | null;
  reference?: string;
  key?: string;
}

export interface PaymentOut {
  id: string;
  method: string;
  state: "started" | "succeeded" | "failed" | "expired";
  amount: number;
  captured: number;
  fee: number | null;
  received_on: string | null;
  reference: string;
}

export interface PaymentPolicyInput {
  providers: Array<"stripe" | "helloasso">;
  fee_basis_points: number;
  fee_fixed: number;
  approval_above: number | null;
}

export interface PaymentPolicyOut {
  providers: Array<string>;
  fee_basis_points: number;
  fee_fixed: number;
  approval_above: number | null;
}

export interface PaymentStateOut {
  order_id: string;
  status: string;
  is_paid: boolean;
}

export interface PayoutOut {
  id: string;
  number: string;
  state: "pending" | "paid" | "failed";
  amount: number;
  other: number;
  currency: string;
  arrives_on: string | null;
}

export interface PayoutOutPage {
  results: Array<PayoutOut>;
  next: string | null;
  previous: string | null;
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

export interface PreviewOut {
  rows: Array<ImportLineOut>;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  request_id: string;
  errors?: Record<string, Array<string>>;
}

export interface PromotionChange {
  name?: string;
  turn?: "move" | "stay" | "leave";
  then?: string | null;
}

export interface PromotionInput {
  name: string;
}

export interface PromotionOut {
  id: string;
  name: string;
  position: number;
  turn: "move" | "stay" | "leave";
  then: string | null;
  people: number;
  created_at: string;
}

export interface PromotionOutPage {
  results: Array<PromotionOut>;
  next: string | null;
  previous: string | null;
}

export interface Proof {
  password?: string;
  code?: string;
}

export interface Reason {
  reason?: string;
}

export interface ReasonInput {
  reason: string;
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

export interface RefundInput {
  seen: number;
  amount?: number | null;
  lines?: Array<LineWish>;
  method?: "" | "cash" | "transfer" | "cheque";
  reason?: string;
}

export interface RefundOut {
  id: string;
  payment_id: string;
  amount: number;
  state: "asked" | "done" | "failed";
  reason: string;
  asked_at: string;
  done_at: string | null;
}

export interface RefundsOut {
  refunds: Array<RefundOut>;
}

export interface Reminded {
  sent: number;
  already: number;
}

export interface ReminderOut {
  fee_id: string;
  step: number;
  outcome: string;
  at: string;
}

export interface ReminderOutPage {
  results: Array<ReminderOut>;
  next: string | null;
  previous: string | null;
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
  joining?: "free" | "approval" | "fee" | "closed";
  rna?: string;
  siret?: string;
  founders?: Array<FounderInput>;
}

export interface RequestOut {
  id: string;
  name: string;
  slug: string;
  kind: "student-union" | "arts" | "sport" | "junior-enterprise" | "culture" | "solidarity" | "environment" | "technology" | "international" | "other";
  purpose: string;
  seat_id: string | null;
  visibility: "public" | "school" | "campus" | "promotion" | "members" | "board";
  promotion_id: string | null;
  joining: "free" | "approval" | "fee" | "closed";
  rna: string;
  siret: string;
  status: string;
  opens_on: string | null;
  frozen_at: string | null;
  member_count: number;
  founders: Array<FounderOut>;
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

export interface SightInput {
  role: "owner" | "admin" | "auditor" | "campus-manager" | "custom" | "service";
  level: "none" | "totals" | "lines" | "documents";
  with_reason: "none" | "totals" | "lines" | "documents";
}

export interface SightOut {
  role: string;
  level: "none" | "totals" | "lines" | "documents";
  with_reason: "none" | "totals" | "lines" | "documents";
}

export interface SightsOut {
  roles: Array<SightOut>;
}

export interface SiteChange {
  tagline?: TextsInput;
  about?: TextsInput;
  practical?: TextsInput;
  for_members?: TextsInput;
  contact_email?: string;
  website?: string;
  network?: string;
  shows_board?: boolean;
}

export interface SiteOut {
  association_id: string;
  tagline: Record<string, string>;
  about: Record<string, string>;
  practical: Record<string, string>;
  for_members: Record<string, string>;
  contact_email: string;
  website: string;
  network: string;
  shows_board: boolean;
  published_at: string | null;
}

export interface StandingOut {
  title: string;
  state: "missing" | "expired" | "waiting" | "accepted" | "changes";
  is_required: boolean;
  is_overdue: boolean;
  due_on: string | null;
  versions: Array<DocumentVersionOut>;
}

export interface StandingsOut {
  documents: Array<StandingOut>;
}

export interface StatisticsOut {
  current: number;
  ended: number;
  renewed: number;
}

export interface StopInput {
  reason?: string;
}

export interface SubscriptionInput {
  wanted: boolean;
}

export interface SubscriptionOut {
  id: string;
  number: string;
  user_id: string | null;
  plan: string;
  status: "trialing" | "active" | "past_due" | "cancelled" | "expired";
  amount: number;
  currency: string;
  starts_at: string | null;
  ends_at: string | null;
  paid_at: string | null;
  failures: number;
  cancelled_at: string | null;
  created_at: string;
}

export interface SubscriptionOutPage {
  results: Array<SubscriptionOut>;
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

export interface TakenOut {
  people: number;
}

export interface TextsInput {
  fr?: string;
  en?: string;
}

export interface TierChange {
  name_fr?: string;
  name_en?: string;
  price?: number;
  period?: "school_year" | "semester" | "twelve_months" | "fixed";
  starts_on?: string | null;
  ends_on?: string | null;
  sold_from?: string | null;
  sold_until?: string | null;
  places?: number | null;
  roles?: Array<"alumni" | "member" | "staff" | "manager">;
  campuses?: Array<string>;
  promotions?: Array<string>;
  members_of?: Array<string>;
  charters?: Array<string>;
  renewal_days?: number;
  grace_days?: number;
  remind_days?: Array<number>;
}

export interface TierInput {
  name_fr: string;
  name_en?: string;
  price: number;
  period?: "school_year" | "semester" | "twelve_months" | "fixed";
  starts_on?: string | null;
  ends_on?: string | null;
  sold_from?: string | null;
  sold_until?: string | null;
  places?: number | null;
  roles?: Array<"alumni" | "member" | "staff" | "manager">;
  campuses?: Array<string>;
  promotions?: Array<string>;
  members_of?: Array<string>;
  charters?: Array<string>;
  renewal_days?: number;
  grace_days?: number;
  remind_days?: Array<number>;
}

export interface TierOut {
  id: string;
  association_id: string;
  name_fr: string;
  name_en: string;
  price: number;
  period: "school_year" | "semester" | "twelve_months" | "fixed";
  starts_on: string | null;
  ends_on: string | null;
  sold_from: string | null;
  sold_until: string | null;
  places: number | null;
  roles: Array<string>;
  campus_ids: Array<string>;
  promotion_ids: Array<string>;
  member_of_ids: Array<string>;
  charter_ids: Array<string>;
  renewal_days: number;
  grace_days: number;
  remind_days: Array<number>;
  archived_at: string | null;
}

export interface TierOutPage {
  results: Array<TierOut>;
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

export interface TreasuryOut {
  id: string;
  holder_kind: string;
  holder_id: string | null;
  name: string;
  currency: string;
  frozen_at: string | null;
  frozen_because: string;
}

export interface TreasuryOutPage {
  results: Array<TreasuryOut>;
  next: string | null;
  previous: string | null;
}

export interface TurnInput {
  year: string;
  until: string;
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

export interface VersionOut {
  id: string;
  charter_id: string;
  name: string;
  number: number;
  text_fr: string;
  text_en: string;
  published_at: string;
}

export interface VersionOutPage {
  results: Array<VersionOut>;
  next: string | null;
  previous: string | null;
}

export interface Why {
  reason: string;
}

export interface Words {
  text: string;
}

export interface WordsInput {
  subject?: string;
  intro?: string;
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
  /** One saved text */
  get_saved_text: {
    method: "GET";
    path: "/api/v1/announcement-texts/{text_id}";
    ids: { text_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: SavedTextOut;
  };
  /** Delete a saved text */
  delete_saved_text: {
    method: "DELETE";
    path: "/api/v1/announcement-texts/{text_id}";
    ids: { text_id: string };
    query: {  };
    headers: { "If-Match"?: string };
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
    headers: { "If-Match"?: string };
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
    answer: AnnouncementSubscriptionOut;
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
  /** Charters and their versions */
  list_charters: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/charters";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: VersionOutPage;
  };
  /** Publish a text to sign */
  publish_charter: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/charters";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: CharterInput;
    answer: VersionOut;
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
  /** Documents of an association */
  list_association_documents: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/documents";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: StandingsOut;
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
  /** Fees of an association */
  list_fee_tiers: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/fee-tiers";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: TierOutPage;
  };
  /** Add a fee */
  create_fee_tier: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/fee-tiers";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: TierInput;
    answer: TierOut;
  };
  /** Who paid a fee */
  list_fees: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/fees";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number; q?: string; when?: "current" | "held" | "over" | "all" };
    headers: {  };
    body: undefined;
    answer: FeeOutPage;
  };
  /** Record a fee received at the desk */
  record_fee: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/fees/desk";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: DeskInput;
    answer: FeeOut;
  };
  /** Take a list over */
  import_fees: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/fees/import";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: FeeListInput;
    answer: TakenOut;
  };
  /** What a list would do */
  preview_fee_import: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/fees/preview";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: FeeListInput;
    answer: PreviewOut;
  };
  /** Reminders of renewals */
  list_fee_reminders: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/fees/reminders";
    ids: { association_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: ReminderOutPage;
  };
  /** Paid members in figures */
  get_fee_statistics: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/fees/statistics";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: StatisticsOut;
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
    headers: { "If-Match": string };
    body: FoundersInput;
    answer: RequestOut;
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
  /** See more of an association's money */
  open_association_money: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/money-look";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: MoneyLookInput;
    answer: MoneyLookOut;
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
  /** One request */
  get_association_request: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/request";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: RequestOut;
  };
  /** Change a request */
  update_association_request: {
    method: "PUT";
    path: "/api/v1/associations/{association_id}/request";
    ids: { association_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: AssociationInput;
    answer: RequestOut;
  };
  /** Withdraw a request */
  withdraw_association_request: {
    method: "DELETE";
    path: "/api/v1/associations/{association_id}/request";
    ids: { association_id: string };
    query: {  };
    headers: { "If-Match"?: string };
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
  /** Site of an association */
  get_association_site: {
    method: "GET";
    path: "/api/v1/associations/{association_id}/site";
    ids: { association_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: SiteOut;
  };
  /** Write the site of an association */
  update_association_site: {
    method: "PATCH";
    path: "/api/v1/associations/{association_id}/site";
    ids: { association_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: SiteChange;
    answer: SiteOut;
  };
  /** Publish the site */
  publish_association_site: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/site/publishing";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: SiteOut;
  };
  /** Withdraw the site */
  withdraw_association_site: {
    method: "POST";
    path: "/api/v1/associations/{association_id}/site/withdrawal";
    ids: { association_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: SiteOut;
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
    headers: { "If-Match"?: string };
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
  /** What people are asked about */
  list_consent_purposes: {
    method: "GET";
    path: "/api/v1/consent-purposes";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: ConsentPurposeOutPage;
  };
  /** Versions of a text */
  list_consent_texts: {
    method: "GET";
    path: "/api/v1/consent-purposes/{purpose}/texts";
    ids: { purpose: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: ConsentTextOutPage;
  };
  /** Publish a new version */
  publish_consent_text: {
    method: "POST";
    path: "/api/v1/consent-purposes/{purpose}/texts";
    ids: { purpose: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ConsentTextInput;
    answer: ConsentTextOut;
  };
  /** One version of a text */
  get_consent_text: {
    method: "GET";
    path: "/api/v1/consent-purposes/{purpose}/texts/{version}";
    ids: { purpose: string; version: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: ConsentTextOut;
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
    headers: { "If-Match"?: string };
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
  /** Decisions about conflicts */
  list_conflict_decisions: {
    method: "GET";
    path: "/api/v1/directory/conflict-decisions";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: DecisionOutPage;
  };
  /** One decision */
  get_conflict_decision: {
    method: "GET";
    path: "/api/v1/directory/conflict-decisions/{decision_id}";
    ids: { decision_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: DecisionOut;
  };
  /** Take a decision back */
  reopen_conflict: {
    method: "DELETE";
    path: "/api/v1/directory/conflict-decisions/{decision_id}";
    ids: { decision_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Conflicts about addresses */
  list_conflicts: {
    method: "GET";
    path: "/api/v1/directory/conflicts";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: ConflictOutPage;
  };
  /** Decide about a conflict */
  decide_conflict: {
    method: "POST";
    path: "/api/v1/directory/conflicts/{object_id}/decision";
    ids: { object_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: DecisionInput;
    answer: DecisionOut;
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
  /** Take single people out of a held run */
  adjust_run: {
    method: "POST";
    path: "/api/v1/directory/runs/{run_id}/adjustment";
    ids: { run_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: AdjustmentInput;
    answer: Adjusted;
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
  /** Kinds of documents */
  list_document_kinds: {
    method: "GET";
    path: "/api/v1/document-kinds";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: DocumentKindOutPage;
  };
  /** Define a kind of document */
  define_document_kind: {
    method: "POST";
    path: "/api/v1/document-kinds";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: DocumentKindInput;
    answer: DocumentKindOut;
  };
  /** One kind of document */
  get_document_kind: {
    method: "GET";
    path: "/api/v1/document-kinds/{kind_id}";
    ids: { kind_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: DocumentKindOut;
  };
  /** Change a kind of document */
  update_document_kind: {
    method: "PUT";
    path: "/api/v1/document-kinds/{kind_id}";
    ids: { kind_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: DocumentKindChange;
    answer: DocumentKindOut;
  };
  /** Archive a kind of document */
  archive_document_kind: {
    method: "POST";
    path: "/api/v1/document-kinds/{kind_id}/archiving";
    ids: { kind_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: DocumentKindOut;
  };
  /** Start from the usual list */
  adopt_usual_document_kinds: {
    method: "POST";
    path: "/api/v1/document-kinds/usual";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: Adopted;
  };
  /** Ask associations for documents */
  ask_for_documents: {
    method: "POST";
    path: "/api/v1/document-requests";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: DocumentsWanted;
    answer: AskedOut;
  };
  /** Accept a document */
  accept_document: {
    method: "POST";
    path: "/api/v1/document-versions/{version_id}/acceptance";
    ids: { version_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: DocumentAcceptance;
    answer: DocumentVersionOut;
  };
  /** Ask for changes of a document */
  ask_document_changes: {
    method: "POST";
    path: "/api/v1/document-versions/{version_id}/changes";
    ids: { version_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: DocumentComment;
    answer: DocumentVersionOut;
  };
  /** Hold places and order */
  choose_fees: {
    method: "POST";
    path: "/api/v1/fee-choices";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ChoiceInput;
    answer: FeeCheckoutOut;
  };
  /** What you can join by fee */
  list_fee_offers: {
    method: "GET";
    path: "/api/v1/fee-offers";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: OfferOutPage;
  };
  /** One fee */
  get_fee_tier: {
    method: "GET";
    path: "/api/v1/fee-tiers/{tier_id}";
    ids: { tier_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: TierOut;
  };
  /** Change a fee */
  update_fee_tier: {
    method: "PATCH";
    path: "/api/v1/fee-tiers/{tier_id}";
    ids: { tier_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: TierChange;
    answer: TierOut;
  };
  /** Sell a fee no more */
  archive_fee_tier: {
    method: "POST";
    path: "/api/v1/fee-tiers/{tier_id}/archive";
    ids: { tier_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: TierOut;
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
    headers: { "If-Match"?: string };
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
    query: { cursor?: string; limit?: number };
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
  /** How mail leaves */
  get_mail_route: {
    method: "GET";
    path: "/api/v1/mail-route";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: MailRouteOut;
  };
  /** Change how mail leaves */
  update_mail_route: {
    method: "PATCH";
    path: "/api/v1/mail-route";
    ids: {  };
    query: {  };
    headers: { "If-Match": string };
    body: MailRouteChange;
    answer: MailRouteOut;
  };
  /** Send yourself a test message */
  test_mail_route: {
    method: "POST";
    path: "/api/v1/mail-route/test";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: MessageOut;
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
  /** Your own fees */
  list_my_fees: {
    method: "GET";
    path: "/api/v1/me/fees";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: OwnFeeOutPage;
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
  /** Change the school's own words */
  update_message_text: {
    method: "PATCH";
    path: "/api/v1/message-kinds/{kind}/texts/{language}";
    ids: { kind: string; language: string };
    query: {  };
    headers: { "If-Match": string };
    body: WordsInput;
    answer: MessageTextOut;
  };
  /** Try words */
  preview_message_text: {
    method: "POST";
    path: "/api/v1/message-kinds/{kind}/texts/{language}/preview";
    ids: { kind: string; language: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: WordsInput;
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
  /** Who sees how much of associations' money */
  list_money_sights: {
    method: "GET";
    path: "/api/v1/money-sight";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: SightsOut;
  };
  /** Choose what a role sees */
  change_money_sight: {
    method: "PUT";
    path: "/api/v1/money-sight";
    ids: {  };
    query: {  };
    headers: { "If-Match": string };
    body: SightInput;
    answer: SightsOut;
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
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** One order */
  get_order: {
    method: "GET";
    path: "/api/v1/orders/{order_id}";
    ids: { order_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: OrderDetail;
  };
  /** Cancel an order */
  cancel_order: {
    method: "POST";
    path: "/api/v1/orders/{order_id}/cancelling";
    ids: { order_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: OrderDetail;
  };
  /** Ask whether it is paid */
  ask_about_checkout: {
    method: "GET";
    path: "/api/v1/orders/{order_id}/checkout";
    ids: { order_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PaymentStateOut;
  };
  /** Pay an order by card */
  start_checkout: {
    method: "POST";
    path: "/api/v1/orders/{order_id}/checkout";
    ids: { order_id: string };
    query: {  };
    headers: {  };
    body: CheckoutInput;
    answer: CheckoutOut;
  };
  /** Record money received by hand */
  record_payment: {
    method: "POST";
    path: "/api/v1/orders/{order_id}/payments";
    ids: { order_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: PaymentInput;
    answer: PaymentOut;
  };
  /** Give money back */
  refund_order: {
    method: "POST";
    path: "/api/v1/orders/{order_id}/refund";
    ids: { order_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: RefundInput;
    answer: RefundsOut;
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
  /** Own domains */
  list_own_domains: {
    method: "GET";
    path: "/api/v1/own-domains";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: OwnDomainOutPage;
  };
  /** Claim a domain */
  claim_own_domain: {
    method: "POST";
    path: "/api/v1/own-domains";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: OwnDomainInput;
    answer: OwnDomainOut;
  };
  /** One own domain */
  get_own_domain: {
    method: "GET";
    path: "/api/v1/own-domains/{domain_id}";
    ids: { domain_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: OwnDomainOut;
  };
  /** Give a domain up */
  remove_own_domain: {
    method: "DELETE";
    path: "/api/v1/own-domains/{domain_id}";
    ids: { domain_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Check the proof */
  verify_own_domain: {
    method: "POST";
    path: "/api/v1/own-domains/{domain_id}/check";
    ids: { domain_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: OwnDomainOut;
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
  /** Payment accounts */
  list_payment_accounts: {
    method: "GET";
    path: "/api/v1/payment-accounts";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: PaymentAccountOutPage;
  };
  /** Connect an account */
  connect_payment_account: {
    method: "POST";
    path: "/api/v1/payment-accounts";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ConnectInput;
    answer: PaymentAccountOut;
  };
  /** One payment account */
  get_payment_account: {
    method: "GET";
    path: "/api/v1/payment-accounts/{account_id}";
    ids: { account_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PaymentAccountOut;
  };
  /** Approve an account */
  approve_payment_account: {
    method: "POST";
    path: "/api/v1/payment-accounts/{account_id}/approval";
    ids: { account_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PaymentAccountOut;
  };
  /** Make it the default */
  make_payment_account_default: {
    method: "POST";
    path: "/api/v1/payment-accounts/{account_id}/default";
    ids: { account_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PaymentAccountOut;
  };
  /** Disconnect an account */
  disconnect_payment_account: {
    method: "POST";
    path: "/api/v1/payment-accounts/{account_id}/disconnection";
    ids: { account_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PaymentAccountOut;
  };
  /** Fill an account in */
  create_onboarding_link: {
    method: "POST";
    path: "/api/v1/payment-accounts/{account_id}/onboarding-links";
    ids: { account_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: LinkInput;
    answer: LinkOut;
  };
  /** Payouts of an account */
  list_payouts: {
    method: "GET";
    path: "/api/v1/payment-accounts/{account_id}/payouts";
    ids: { account_id: string };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: PayoutOutPage;
  };
  /** Ask the provider how it does */
  read_payment_account_again: {
    method: "POST";
    path: "/api/v1/payment-accounts/{account_id}/reading";
    ids: { account_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: PaymentAccountOut;
  };
  /** Rules for payments */
  get_payment_policy: {
    method: "GET";
    path: "/api/v1/payment-policy";
    ids: {  };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PaymentPolicyOut;
  };
  /** Change the rules */
  update_payment_policy: {
    method: "PUT";
    path: "/api/v1/payment-policy";
    ids: {  };
    query: {  };
    headers: { "If-Match": string };
    body: PaymentPolicyInput;
    answer: PaymentPolicyOut;
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
  /** Leave a line out of a plan */
  choose_plan_change: {
    method: "POST";
    path: "/api/v1/plans/{plan_id}/changes/{change_id}/choice";
    ids: { change_id: string; plan_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: LeftOut;
    answer: ChangeOfPlan;
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
  /** Promotions */
  list_promotions: {
    method: "GET";
    path: "/api/v1/promotions";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: PromotionOutPage;
  };
  /** Add a promotion */
  create_promotion: {
    method: "POST";
    path: "/api/v1/promotions";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: PromotionInput;
    answer: PromotionOut;
  };
  /** One promotion */
  get_promotion: {
    method: "GET";
    path: "/api/v1/promotions/{promotion_id}";
    ids: { promotion_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: PromotionOut;
  };
  /** Change a promotion */
  update_promotion: {
    method: "PATCH";
    path: "/api/v1/promotions/{promotion_id}";
    ids: { promotion_id: string };
    query: {  };
    headers: { "If-Match": string };
    body: PromotionChange;
    answer: PromotionOut;
  };
  /** Remove a promotion */
  delete_promotion: {
    method: "DELETE";
    path: "/api/v1/promotions/{promotion_id}";
    ids: { promotion_id: string };
    query: {  };
    headers: { "If-Match"?: string };
    body: undefined;
    answer: undefined;
  };
  /** Move a promotion up or down */
  move_promotion: {
    method: "POST";
    path: "/api/v1/promotions/{promotion_id}/move";
    ids: { promotion_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: MoveInput;
    answer: PromotionOut;
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
  /** Turn the school year */
  turn_school_year: {
    method: "POST";
    path: "/api/v1/school-years";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: TurnInput;
    answer: PlanOut;
  };
  /** Subscriptions */
  list_subscriptions: {
    method: "GET";
    path: "/api/v1/subscriptions";
    ids: {  };
    query: { cursor?: string; limit?: number; q?: string; status?: "trialing" | "active" | "past_due" | "cancelled" | "expired" };
    headers: {  };
    body: undefined;
    answer: SubscriptionOutPage;
  };
  /** Support access to this school */
  list_support_grants: {
    method: "GET";
    path: "/api/v1/support-grants";
    ids: {  };
    query: { cursor?: string; limit?: number };
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
    headers: { "If-Match"?: string };
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
  /** Treasuries */
  list_treasuries: {
    method: "GET";
    path: "/api/v1/treasuries";
    ids: {  };
    query: { cursor?: string; limit?: number };
    headers: {  };
    body: undefined;
    answer: TreasuryOutPage;
  };
  /** Open the school's treasury */
  open_school_treasury: {
    method: "POST";
    path: "/api/v1/treasuries";
    ids: {  };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: TreasuryOut;
  };
  /** One treasury */
  get_treasury: {
    method: "GET";
    path: "/api/v1/treasuries/{treasury_id}";
    ids: { treasury_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: TreasuryOut;
  };
  /** Balances of a treasury */
  get_balances: {
    method: "GET";
    path: "/api/v1/treasuries/{treasury_id}/balances";
    ids: { treasury_id: string };
    query: {  };
    headers: {  };
    body: undefined;
    answer: BalancesOut;
  };
  /** Check the ledger now */
  check_ledger: {
    method: "POST";
    path: "/api/v1/treasuries/{treasury_id}/check";
    ids: { treasury_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: LedgerCheckOut;
  };
  /** Freeze a treasury */
  freeze_treasury: {
    method: "POST";
    path: "/api/v1/treasuries/{treasury_id}/freezing";
    ids: { treasury_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ReasonInput;
    answer: TreasuryOut;
  };
  /** The ledger */
  list_movements: {
    method: "GET";
    path: "/api/v1/treasuries/{treasury_id}/ledger";
    ids: { treasury_id: string };
    query: { cursor?: string; limit?: number; since?: string | null; until?: string | null };
    headers: {  };
    body: undefined;
    answer: MovementOutPage;
  };
  /** Correct a movement */
  reverse_movement: {
    method: "POST";
    path: "/api/v1/treasuries/{treasury_id}/ledger/{sequence}/reversal";
    ids: { sequence: string; treasury_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: ReasonInput;
    answer: MovementOut;
  };
  /** Move money between accounts */
  move_money: {
    method: "POST";
    path: "/api/v1/treasuries/{treasury_id}/moves";
    ids: { treasury_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: MovementInput;
    answer: MovementOut;
  };
  /** Orders of a treasury */
  list_orders: {
    method: "GET";
    path: "/api/v1/treasuries/{treasury_id}/orders";
    ids: { treasury_id: string };
    query: { cursor?: string; limit?: number; purpose?: string; q?: string; status?: "draft" | "awaiting_payment" | "paid" | "partially_refunded" | "refunded" | "expired" | "failed" | "disputed" };
    headers: {  };
    body: undefined;
    answer: OrderOutPage;
  };
  /** Make an order */
  create_order: {
    method: "POST";
    path: "/api/v1/treasuries/{treasury_id}/orders";
    ids: { treasury_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: OrderInput;
    answer: OrderDetail;
  };
  /** Release a treasury */
  unfreeze_treasury: {
    method: "POST";
    path: "/api/v1/treasuries/{treasury_id}/release";
    ids: { treasury_id: string };
    query: {  };
    headers: { "Idempotency-Key"?: string };
    body: undefined;
    answer: TreasuryOut;
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
    headers: { "If-Match"?: string };
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
    query: { cursor?: string; limit?: number };
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
