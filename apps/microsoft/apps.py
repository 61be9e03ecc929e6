from django.apps import AppConfig


class MicrosoftConfig(AppConfig):
    name = "apps.microsoft"
    label = "microsoft"
