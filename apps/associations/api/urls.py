"""Addresses below /api/v1/ on a school's host."""

app_name = "associations_api"
urlpatterns: list = []
