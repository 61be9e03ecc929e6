"""What shared devices keep of people (apps.core.records)."""

from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, SECURITY, TRACE, WITH_ACCOUNT, WITH_SCHOOL, Party, Period, Record, by_name, declare

DEVICES = _("Shared devices")


declare(
    Record(
        "devices.Device",
        group=DEVICES,
        purpose=_("Shared devices set up or in use"),
        basis=TRACE,
        parties=(
            Party(by_name("created_by"), columns=("created_by",), erase=BLANK, words=_("as author")),
            Party("picked", columns=("visit", "acted_at"), erase=BLANK, words=_("as present user")),
        ),
        plain=("name", "spot", "scope_id", "permissions"),
        withheld=("session", "code_hash", "reopen_hash"),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "devices.DeskPin",
        group=DEVICES,
        purpose=_("A PIN for shared devices, and since when"),
        basis=SECURITY,
        parties=(Party("user"),),
        withheld=("hash", "key", "code_hash"),
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "devices.GuessCount",
        group=DEVICES,
        purpose=_("How often a wrong PIN was entered within a day"),
        basis=SECURITY,
        labels={"tries": _("wrong PINs"), "ends_at": _("counted until")},
        parties=(Party("subject_id"),),
        period=Period(days=1, since="ends_at", words=_("After it ended")),
    )
)
