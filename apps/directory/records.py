"""What the directory's runs keep of people (apps.core.records)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.plan.rows import finished
from apps.core.records import (
    BLANK,
    CONTRACT,
    TRACE,
    WITH_ACCOUNT,
    WITH_SCHOOL,
    Party,
    Period,
    Record,
    Subject,
    by_name,
    declare,
)
from apps.core.records import declare_plain as plain

DIRECTORY = _("School directory")


def changed(subject: Subject) -> Q:
    """Lines about the account, and lines about a directory entry that never became one."""
    found = Q(user_id=subject.user_id) | Q(object_id__in=subject.object_ids)
    return found | Q(email__iexact=subject.email) if subject.email else found


def staged(subject: Subject) -> Q:
    return Q(object_id__in=subject.object_ids) | (Q(email__iexact=subject.email) if subject.email else Q(pk__in=[]))


declare(
    Record(
        "directory.DirectoryRun",
        group=DIRECTORY,
        purpose=_("Readings of the school's directory"),
        basis=TRACE,
        labels={"kind": _("kind"), "state": _("state"), "people_read": _("people read")},
        parties=(
            Party(by_name("requested_by"), columns=("requested_by",), erase=BLANK, words=_("as who started it")),
            Party(by_name("decided_by"), columns=("decided_by",), erase=BLANK, words=_("as who decided")),
        ),
        plain=(
            "tenant_id", "request_id", "worker", "counts", "hold_reason", "error_code", "error_detail", "lane",
            "draft",
        ),
        withheld=("people_link", "people_next"),  # addresses with a key in them
        period=Period(days=400, minimum=30, maximum=1095, expired=finished, words=_("After the run")),
    )
)  # fmt: skip
declare(
    Record(
        "directory.DirectoryChange",
        group=DIRECTORY,
        purpose=_("What a reading of the directory changed"),
        basis=TRACE,
        labels={"run": _("run"), "kind": _("change")},
        parties=(Party(changed, columns=("user_id", "object_id", "name", "email", "before", "after"), erase=BLANK),),
        plain=("reason", "campus_id"),
        period=Period(days=400, parent="run", words=_("With the run")),
    )
)
for label, purpose in (
    ("directory.StagedPerson", _("What is being read from the directory")),
    ("directory.StagedChange", _("Changes that are being read from the directory")),
):
    declare(
        Record(
            label,
            group=DIRECTORY,
            purpose=purpose,
            basis=CONTRACT,
            parties=(
                Party(
                    staged,
                    columns=("object_id", "email", "upn", "given_name", "family_name", "department", "job_title"),
                ),
            ),
            plain=("refusal",),
            period=Period(days=400, parent="run", words=_("Until the reading is compared")),
        )
    )
declare(
    Record(
        "directory.ConflictDecision",
        group=DIRECTORY,
        purpose=_("What was decided about a Microsoft account and an address"),
        basis=TRACE,
        labels={"choice": _("decision")},
        parties=(
            Party(staged, columns=("object_id", "email", "name"), words=_("as the person concerned")),
            Party(by_name("decided_by"), columns=("decided_by",), erase=BLANK, words=_("as who decided")),
        ),
        plain=("reason",),
        kept=_("Until the decision is taken back"),
    )
)
declare(
    Record(
        "directory.DirectoryReading",
        group=DIRECTORY,
        purpose=_("Groups as a reading found them"),
        plain=("group_id", "group_name", "fallback"),
        withheld=("next_link", "delta_link"),
        period=Period(days=400, parent="run", words=_("With the run")),
    )
)
plain("directory.DirectoryAlert", group=DIRECTORY, plain=("cause",), kept=WITH_SCHOOL)
plain(
    "directory.GroupSubscription",
    group=DIRECTORY,
    plain=("tenant_id", "group_id", "graph_id", "address", "client_state", "error_code"),
    kept=WITH_SCHOOL,
)
plain("directory.GroupNotice", group=DIRECTORY, kept=WITH_SCHOOL)
declare(
    Record(
        "directory.DirectorySchedule",
        group=DIRECTORY,
        purpose=_("When readings of the directory start"),
        basis=TRACE,
        parties=(Party(by_name("changed_by"), columns=("changed_by",), erase=BLANK, words=_("as who set it")),),
        plain=("id", "taken"),
        kept=WITH_SCHOOL,
    )
)
plain(
    "directory.GroupMapping",
    group=DIRECTORY,
    plain=("group_id", "group_name", "delta_link", "people_link"),
    kept=WITH_SCHOOL,
)
declare(
    Record(
        "directory.DirectoryPhoto",
        group=DIRECTORY,
        purpose=_("Which photo of the directory was taken"),
        basis=CONTRACT,
        parties=(Party("identity__user_id", columns=("identity", "etag")),),
        kept=WITH_ACCOUNT,
    )
)
