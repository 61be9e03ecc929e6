from django.urls import path

from . import webhooks

app_name = "directory_hooks"
urlpatterns = [path("hooks/microsoft/<str:token>/", webhooks.microsoft, name="microsoft")]
