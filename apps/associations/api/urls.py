"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import associations, inside

app_name = "associations_api"
ONE = "associations/<uuid:association_id>"
urlpatterns = [
    path("associations", associations.associations, name="associations"),
    path(ONE, associations.association, name="association"),
    path(f"{ONE}/request", associations.request, name="request"),
    path(f"{ONE}/founders", associations.founders, name="founders"),
    path(f"{ONE}/founding", associations.founding, name="founding"),
    path(f"{ONE}/eligibility", associations.eligibility_now, name="eligibility"),
    path(f"{ONE}/submission", associations.submission, name="submission"),
    path(f"{ONE}/comments", associations.comments, name="comments"),
    path(f"{ONE}/changes", associations.changes, name="changes"),
    path(f"{ONE}/refusal", associations.refusal, name="refusal"),
    path(f"{ONE}/approval", associations.approval, name="approval"),
    path(f"{ONE}/freezing", associations.freeze, name="freeze"),
    path(f"{ONE}/unfreezing", associations.unfreezing, name="unfreezing"),
    path(f"{ONE}/rest", associations.dormancy, name="rest"),
    path(f"{ONE}/waking", associations.waking, name="waking"),
    path(f"{ONE}/farewell", associations.farewell, name="farewell"),
    path(f"{ONE}/dissolution", associations.dissolution, name="dissolution"),
    path(f"{ONE}/offices", inside.offices, name="offices"),
    path(f"{ONE}/mandates", inside.mandates, name="mandates"),
    path(f"{ONE}/members", inside.members_list, name="members"),
    path(f"{ONE}/joining", inside.joining, name="joining"),
    path(f"{ONE}/leaving", inside.leaving, name="leaving"),
    path("offices/<uuid:office_id>", inside.office, name="office"),
    path("mandates/<uuid:mandate_id>/end", inside.mandate_end, name="mandate_end"),
    path("association-memberships/<uuid:membership_id>/admission", inside.admission, name="admission"),
    path("association-memberships/<uuid:membership_id>/refusal", inside.refusal, name="member_refusal"),
    path("association-memberships/<uuid:membership_id>/removal", inside.removal, name="removal"),
    path("renewal-campaigns", inside.campaigns, name="campaigns"),
    path("renewal-campaigns/<uuid:campaign_id>/renewals", inside.campaign_renewals, name="renewals"),
    path("renewals/<uuid:renewal_id>/confirmation", inside.confirmation, name="confirmation"),
    path("renewals/<uuid:renewal_id>/reminder", inside.reminder, name="reminder"),
    path("renewals/<uuid:renewal_id>/approval", inside.renewal_approval, name="renewal_approval"),
    path("renewals/<uuid:renewal_id>/override", inside.override, name="override"),
]
