from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "apps.files"
    label = "files"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from . import records, rules, services  # noqa: F401  # they declare a setting and a table

        for model, field in services.pointing_fields():
            post_delete.connect(services.delete_with_record, sender=model, dispatch_uid=f"files.{field}")
