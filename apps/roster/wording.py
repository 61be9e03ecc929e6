"""What the codes of plans, changes and failed rows mean, in sentences people read."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .services.columns import FIELDS

Text = str | Promise

REASONS: Final[dict[str, Text]] = {
    "in-the-list": _("In the list"),
    "returned": _("Listed again after having been removed"),
    "unlisted": _("Not in the list any more"),
    "suspended": _("Membership is suspended"),
    "left-by-choice": _("Left this campus by choice"),
    "ended-by-admin": _("Membership was ended by an administrator"),
    "erased": _("Was erased: does not come back unless an administrator lifts it under “Data protection”"),
    "departed-by-admin": _("Account was closed by an administrator"),
    "pinned-keep": _("Exception: always keep"),
    "pinned-never": _("Exception: never activate"),
    "holds-role": _("Holds a role in the school: the account stays open"),
    "address-stays": _("Has a role or signs in with Microsoft: a list does not change the e-mail"),
    "role-stays": _("The role was given elsewhere: a list does not change it"),
    "rows-failed": _("Some rows could not be read: nobody is removed"),
    "address-taken": _("The e-mail belongs to another account by now"),
    "number-taken": _("The number belongs to another account by now"),
    "no-account": _("The account was not made"),
    "used-since": _("The account is in use: it stays"),
    "changed-since": _("Changed since: left as it is"),
    "irreversible": _("Cannot be taken back"),
    "undo": _("As it was before"),
    "moves-up": _("Goes on to the next promotion"),
    "leaves": _("Last promotion: leaves the school"),
    "in-the-group": _("In a mapped group of the provider"),
    "withdrawn": _("Withdrawn by the identity provider"),
}

PROBLEMS: Final[dict[str, Text]] = {
    "bad-file": _("The file could not be read to its end. Nothing was changed."),
    "not-confirmed": _(
        "Some changes could not be confirmed by reading them back. Look at the list, then undo or repeat."
    ),
    "gave-up": _("The work was interrupted too many times. Start again; if it happens again, tell support."),
    "superseded": _("A newer one took its place."),
    "internal": _("Something went wrong on our side. What is listed as done is done. You can undo it."),
}

HOLDS: Final[dict[str, Text]] = {
    "confirm": _("This is a preview: nothing has been changed yet."),
    "threshold": _("More people than usual would lose their campus. Nothing has been changed yet."),
    "undo": _("This is a preview of the undo: nothing has been changed yet."),
}

FAULTS: Final[dict[str, Text]] = {
    "missing": _("is empty"),
    "not-an-address": _("“%(value)s” is not an e-mail address"),
    "too-long": _("is too long"),
    "domain": _("“%(value)s” is not of an approved domain"),
    "twice": _("stands in row %(value)s already"),
    "number-twice": _("“%(value)s” stands with two e-mail addresses"),
    "number-taken": _("“%(value)s” belongs to another person"),
    "number-differs": _("this person has the number “%(value)s”: has the address been given to somebody else?"),
    "unknown-campus": _("“%(value)s” is no campus of the school"),
    "unknown-role": _("“%(value)s” is no role"),
    "unknown-promotion": _("“%(value)s” is no promotion of the school"),
    "no-campus": _("is empty, but a role or a promotion is given"),
}


def reason_text(code: str) -> Text:
    return REASONS.get(code, code)


def fault_text(fault: Mapping[str, str]) -> str:
    """“E-mail: is empty”, in the language of the page."""
    field = FIELDS.get(fault["field"], fault["field"])
    sentence = str(FAULTS.get(fault["code"], fault["code"]))
    return _now("%(field)s: %(fault)s") % {
        "field": field,
        "fault": sentence.replace("%(value)s", fault.get("value", "")),
    }


#: What became of an event of the user service, and what a replay would do (apps.integrations.wording).
EVENT_DID: Final[Mapping[str, Text]] = {
    "person-created": _("created %(name)s"),
    "person-updated": _("changed %(name)s"),
    "person-suspended": _("suspended %(name)s"),
    "person-reactivated": _("let %(name)s in again"),
    "person-departed": _("closed the account of %(name)s"),
    "held-for-decision": _("waits for an administrator's decision about %(name)s"),
    "older-than-known": _("nothing: newer news of %(name)s was known already"),
    "nothing-to-change": _("nothing: %(name)s was so already"),
    "person-unknown": _("the person it is about is not known here yet"),
}
EVENT_WOULD: Final[Mapping[str, Text]] = {
    "person-created": _("would create %(name)s"),
    "person-updated": _("would change %(name)s"),
    "person-suspended": _("would suspend %(name)s"),
    "person-reactivated": _("would let %(name)s in again"),
    "person-departed": _("would close the account of %(name)s"),
    "held-for-decision": _("would wait for an administrator's decision about %(name)s"),
    "older-than-known": _("would change nothing: newer news of %(name)s is known already"),
    "nothing-to-change": _("would change nothing: %(name)s is so already"),
}
