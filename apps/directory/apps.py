from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "apps.directory"
    label = "directory"

    def ready(self) -> None:
        from apps.campuses.services.campuses import campus_archived

        from .services.mappings import pause_mappings_of

        campus_archived.connect(pause_mappings_of)
