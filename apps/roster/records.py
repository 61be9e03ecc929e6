"""What imports, the identity provider and the turn of the year keep of people (apps.core.records)."""

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

IMPORTS = _("Imports and identity provider")


def changed(subject: Subject) -> Q:
    found = Q(user_id=subject.user_id)
    return found | Q(email__iexact=subject.email) if subject.email else found


def in_cells(subject: Subject) -> Q:
    """A row of a file that names the address; it never became a person."""
    return Q(cells__icontains=subject.email) if subject.email else Q(pk__in=[])


def in_sample(subject: Subject) -> Q:
    return Q(sample__icontains=subject.email) if subject.email else Q(pk__in=[])


declare(
    Record(
        "roster.RosterPlan",
        group=IMPORTS,
        purpose=_("Imports and turns of the school year"),
        basis=TRACE,
        labels={"kind": _("kind"), "label": _("name"), "state": _("state")},
        parties=(
            Party(by_name("requested_by"), columns=("requested_by",), erase=BLANK, words=_("as who started it")),
            Party(by_name("decided_by"), columns=("decided_by",), erase=BLANK, words=_("as who decided")),
        ),
        plain=(
            "label", "options", "period", "request_id", "worker", "counts", "hold_reason", "error_code",
            "error_detail", "lane", "rows",
        ),
        period=Period(days=400, minimum=30, maximum=1095, expired=finished, words=_("After it ended")),
    )
)  # fmt: skip
declare(
    Record(
        "roster.RosterChange",
        group=IMPORTS,
        purpose=_("What an import changed"),
        basis=TRACE,
        labels={"run": _("plan"), "kind": _("change")},
        parties=(
            Party(
                changed,
                columns=("user_id", "key", "name", "email", "before", "after"),
                erase=BLANK,
            ),
        ),
        plain=("reason", "campus_id", "subject", "set_aside"),
        period=Period(days=400, parent="run", words=_("With the import")),
    )
)
declare(
    Record(
        "roster.ImportFile",
        group=IMPORTS,
        purpose=_("The file of an import, until it has ended"),
        basis=CONTRACT,
        parties=(
            Party(in_sample, columns=("sample", "content")),
            Party("uploaded_by_id", columns=("uploaded_by",), erase=BLANK, words=_("as who uploaded it")),
        ),
        plain=("name", "encoding", "delimiter", "sheet", "header"),
        withheld=("content", "sample"),  # rows of other people stand in it
        period=Period(days=30, since="created_at", words=_("After it was uploaded")),
    )
)
declare(
    Record(
        "roster.FailedRow",
        group=IMPORTS,
        purpose=_("Rows of a file that were not taken in"),
        basis=TRACE,
        labels={"plan": _("plan"), "row": _("row"), "cells": _("cells")},
        parties=(Party(in_cells, columns=("cells", "errors")),),
        period=Period(days=400, parent="plan", words=_("With the import")),
    )
)
plain("roster.RememberedColumn", group=IMPORTS, plain=("heading", "field"), kept=WITH_SCHOOL)
declare(
    Record(
        "roster.ProvisionedPerson",
        group=IMPORTS,
        purpose=_("What the identity provider said about the person"),
        basis=CONTRACT,
        labels={"user_name": _("sign-in name")},
        parties=(Party("user", columns=("user_name", "external_id", "display_name", "said_name", "emails")),),
        kept=WITH_ACCOUNT,
    )
)
plain("roster.ProvisionedGroup", group=IMPORTS, plain=("name", "external_id"), kept=WITH_SCHOOL)
declare(
    Record(
        "roster.ProvisionedMember",
        group=IMPORTS,
        purpose=_("Groups at the identity provider"),
        basis=CONTRACT,
        parties=(Party("user"),),
        kept=WITH_ACCOUNT,
    )
)
