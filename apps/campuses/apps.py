from django.apps import AppConfig


class CampusesConfig(AppConfig):
    name = "apps.campuses"
    label = "campuses"
