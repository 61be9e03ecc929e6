from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    name = "apps.devices"
    label = "devices"

    def ready(self) -> None:
        from apps.accounts import deletion
        from apps.campuses.selectors import active_people_at
        from apps.core.navigation import NavItem, register
        from apps.core.ui import register_status

        from . import permissions, records  # noqa: F401  # records declares its tables
        from .machine import State
        from .places import register_place

        register_place("campus", active_people_at)
        for name in ("session", "visit"):
            on_delete = deletion.Instead(deletion.SET_NULL, deletion.set_null_in_a_school)
            self.get_model("Device")._meta.get_field(name).remote_field.on_delete = on_delete  # type: ignore[union-attr]
        for state, tone in (
            (State.WAITING, "warn"),
            (State.PICKER, "good"),
            (State.PIN, "info"),
            (State.DESK, "info"),
            (State.SIGNED_OUT, "neutral"),
            (State.REVOKED, "bad"),
        ):
            register_status(f"device-{state.value}", tone, state.label)
        register(
            NavItem(
                section="organisation",
                label=_("Shared devices"),
                icon="tablet",
                url_name="devices:list",
                permission=permissions.DEVICES_VIEW,
                order=60,
            )
        )
