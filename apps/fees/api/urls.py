"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import fees

app_name = "fees_api"
ONE = "associations/<uuid:association_id>"
urlpatterns = [
    path(f"{ONE}/fee-tiers", fees.tier_list, name="tiers"),
    path(f"{ONE}/fees", fees.fee_list, name="fees"),
    path(f"{ONE}/fees/desk", fees.desk, name="desk"),
    path(f"{ONE}/fees/preview", fees.preview, name="preview"),
    path(f"{ONE}/fees/import", fees.take_over, name="import"),
    path(f"{ONE}/fees/reminders", fees.reminders, name="reminders"),
    path(f"{ONE}/fees/statistics", fees.statistics, name="statistics"),
    path(f"{ONE}/charters", fees.charters, name="charters"),
    path("fee-tiers/<uuid:tier_id>", fees.tier, name="tier"),
    path("fee-tiers/<uuid:tier_id>/archive", fees.tier_archive, name="tier_archive"),
    path("fee-offers", fees.offers, name="offers"),
    path("fee-choices", fees.choices, name="choices"),
    path("me/fees", fees.own, name="own"),
]
