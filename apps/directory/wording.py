"""What the codes of runs and changes mean, in sentences people read."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.microsoft import errors as graph
from apps.microsoft.subscriptions import GraphUnreachableHook

Text = str | Promise

#: Why a change is made, or is not.
REASONS: Final[dict[str, Text]] = {
    "listed": _("Listed in a mapped group"),
    "highest-role": _("Listed in several mapped groups: the highest role counts"),
    "returned": _("Listed again after having been removed"),
    "renewed": _("Listed again before the days of grace were over"),
    "changed": _("Changed in Microsoft"),
    "removed": _("No longer in a mapped group"),
    "disabled": _("Account disabled in Microsoft"),
    "guest": _("Guest of the organisation"),
    "domain": _("E-mail domain not approved"),
    "no-address": _("No usable e-mail address"),
    "left-by-choice": _("Left this campus by choice"),
    "ended-by-admin": _("Membership was ended by an administrator"),
    "departed-by-admin": _("Account was closed by an administrator"),
    "suspended": _("Membership is suspended"),
    "pinned-keep": _("Exception: always keep"),
    "pinned-never": _("Exception: never activate"),
    "holds-role": _("Holds a role in the school: the account stays open"),
    "left-out": _("Left out of this run by an administrator"),
    "paused": _("A mapping of this campus is paused: nobody is removed"),
    "local-account": _("Another account with this e-mail signs in with a password"),
    "other-identity": _("Another Microsoft account with this e-mail is already here"),
    "shared-address": _("Several Microsoft accounts share this e-mail"),
    "address-taken": _("The new e-mail belongs to another person here"),
    "undone": _("Taken back with the run that did it"),
    "changed-since": _("Changed by somebody since: left as it is"),
    "later-run": _("Changed by a later run: left as it is"),
    "gone-since": _("No longer here: nothing to take back"),
    "used-since": _("The account was used since: it is closed, not deleted"),
}

#: Why a run did not finish, with what to do.
PROBLEMS: Final[dict[str, Text]] = {
    graph.GraphForbidden.code: graph.GraphForbidden.sentence,
    graph.GraphGone.code: graph.GraphGone.sentence,
    graph.GraphThrottled.code: graph.GraphThrottled.sentence,
    graph.GraphUnavailable.code: graph.GraphUnavailable.sentence,
    graph.GraphIncomplete.code: graph.GraphIncomplete.sentence,
    graph.GraphConfused.code: graph.GraphConfused.sentence,
    graph.GraphMisconfigured.code: graph.GraphMisconfigured.sentence,
    GraphUnreachableHook.code: GraphUnreachableHook.sentence,
    "group-gone": _(
        "A mapped group no longer exists in Microsoft. Remove its mapping or choose another group, then run again."
    ),
    "count-mismatch": _(
        "Microsoft counts more people in a group than its pages showed, so the reading is not complete. "
        "It is tried again by itself."
    ),
    "not-confirmed": _("Some changes could not be confirmed by reading them back. Start a new run."),
    "gave-up": _("The run was interrupted too many times. Start a new run; if it happens again, tell support."),
    "superseded": _("A newer run took its place."),
    "not-linked": _("The school is no longer linked to this Microsoft organisation. Link it again."),
    "internal": _("Something went wrong on our side. Nothing was removed. Start the run again."),
}

HOLDS: Final[dict[str, Text]] = {
    "threshold": _("More people than usual would lose their access."),
    "empty-group": _("A group that had people is empty now."),
    "undo": _("Nothing is taken back before you have seen the list and approved it."),
    "after-undo": _("The last run was taken back. This one would change people again, so it asks first."),
}


def reason_text(code: str) -> Text:
    return REASONS.get(code, code)


def problem_text(code: str) -> Text:
    return PROBLEMS.get(code, PROBLEMS["internal"]) if code else ""


def hold_text(code: str) -> Text:
    return HOLDS.get(code, "")
