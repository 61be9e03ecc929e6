"""What documents and looks keep of people (apps.core.records)."""

from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, DUTY, TRACE, WITH_SCHOOL, Party, Period, Record, declare
from apps.core.records import declare_plain as plain

DOCUMENTS = _("Documents of associations")

declare(
    Record(
        "documents.Version",
        group=DOCUMENTS,
        purpose=_("Documents that you handed in or read for an association"),
        basis=DUTY,
        parties=(
            Party("uploaded_by_id", columns=("uploaded_by",), erase=BLANK, words=_("handed in by you")),
            Party("decided_by_id", columns=("decided_by", "comment"), erase=BLANK, words=_("as who decided")),
        ),
        plain=("filename", "sha256", "sent_sha256"),
        period=Period(
            days=3650, minimum=1825, maximum=7300, since="uploaded_at", words=_("After it was handed in")
        ),
    )
)  # fmt: skip
declare(
    Record(
        "documents.Dossier",
        group=DOCUMENTS,
        purpose=_("Documents that you asked associations for"),
        basis=TRACE,
        labels={"title": _("title")},
        parties=(Party("asked_by_id", columns=("asked_by", "words"), erase=BLANK, words=_("asked by you")),),
        plain=("title",),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "documents.MoneyLook",
        group=DOCUMENTS,
        purpose=_("Looks at the money of associations that you gave a reason for"),
        basis=TRACE,
        labels={"at": _("time")},
        parties=(Party("user", columns=("reason",)),),
        period=Period(days=1825, minimum=365, maximum=3650, since="at", words=_("After the look")),
    )
)
plain("documents.DocumentKind", group=DOCUMENTS, plain=("code", "name", "help_text", "needed_of"), kept=WITH_SCHOOL)
plain("documents.Logo", group=DOCUMENTS, kept=WITH_SCHOOL)
plain("documents.SightRule", group=DOCUMENTS, plain=("role",), kept=WITH_SCHOOL)
