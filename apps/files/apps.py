from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "apps.files"
    label = "files"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from apps.tenants.hooks import school_figures

        from . import records, rules, selectors, services  # noqa: F401  # they declare a setting and a table

        school_figures.connect(selectors.figures)

        for model, field in services.pointing_fields():
            post_delete.connect(services.delete_with_record, sender=model, dispatch_uid=f"files.{field}")
