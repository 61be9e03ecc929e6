"""On the platform's host."""

from django.urls import path

from . import views

app_name = "tenants_platform"
urlpatterns = [path("edge/may-issue", views.may_issue, name="may_issue")]
