"""Files of a school lie under its own prefix; nothing outside of a school can name them (FIL-1)."""

from django.core.files.storage import FileSystemStorage

from . import context


class SchoolFileStorage(FileSystemStorage):
    """Local disk, with the school's schema as first folder."""

    @property
    def location(self) -> str:  # type: ignore[override]
        import os

        return os.path.join(os.path.abspath(self.base_location), context.current_schema() or "nowhere")

    @property
    def base_url(self) -> str:  # type: ignore[override]
        return super().base_url or "/files/"
