"""Codes of events, services and alarms in people's words."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.components.formats import duration, number
from apps.core.ui import Text

from .contract import SERVICES

#: Names of services that only we call, for the page of states.
PROVIDERS: Final[Mapping[str, Text]] = {
    "microsoft-login": gettext_lazy("Microsoft sign-in"),
    "microsoft-graph": gettext_lazy("Microsoft Graph"),
}

#: What became of an event, by the code of its outcome; %(name)s is whom or what it was about.
DID: Final[dict[str, Text]] = {
    "report-noted": gettext_lazy("noted what became of a message"),
    "known-already": gettext_lazy("nothing: that was known already"),
    "message-unknown": gettext_lazy("the message it is about is not known here"),
    "too-early": gettext_lazy("what it builds on has not come yet"),
    "too-many-attempts": gettext_lazy("given up after too many attempts; its worker may have died each time"),
    "no-handler": gettext_lazy("nothing here knows this kind of event any more"),
    "expunged": gettext_lazy("its content was deleted before it could be applied"),
    "no-longer-valid": gettext_lazy("its content is not valid any more for this version"),
    "invalid": gettext_lazy("a rule of the school refuses it"),
    "not-handled": gettext_lazy("nothing here handles this kind of event yet: it is kept"),
    "ping": gettext_lazy("nothing: the provider only tried whether we answer"),
    "routed": gettext_lazy("brought to its school: %(name)s"),
    "routed-already": gettext_lazy("nothing: its school %(name)s had it already"),
    "account-unknown": gettext_lazy("its account is bound to no school"),
    "account-missing": gettext_lazy("it names no account of a school"),
    "accounts-contradict": gettext_lazy("it came from one account and speaks of another"),
    "mode-contradicts": gettext_lazy("it says it is live, and was signed for the test mode"),
    "school-closed": gettext_lazy("the school of its account is closed"),
    "test-event": gettext_lazy("it comes from the provider's test mode, which is not used here"),
    "not-at-provider": gettext_lazy("the provider knows nothing of it: it may be forged"),
    "still-at-provider": gettext_lazy("the provider still has what is said to be gone: it may be forged"),
    "provider-away": gettext_lazy("the provider could not be asked about it"),
    "provider-refuses": gettext_lazy("the provider does not let us ask about it"),
}
#: Codes whose words say all there is: their detail is the same sentence in the language of the worker.
SAY_ALL: Final = frozenset(
    {"person-unknown", "subscription-unknown", "message-unknown", "too-early", "provider-away", "provider-refuses"}
)
#: What a replay would do, by the same codes.
WOULD: Final[dict[str, Text]] = {
    "report-noted": gettext_lazy("would note what became of a message"),
    "known-already": gettext_lazy("would change nothing: that is known already"),
    "routed": gettext_lazy("would be brought to its school: %(name)s"),
    "routed-already": gettext_lazy("would change nothing: its school %(name)s has it already"),
    "not-handled": gettext_lazy("would stay as it is: nothing here handles this kind of event yet"),
}
WOULD_STATE: Final[Mapping[str, Text]] = {
    "processed": gettext_lazy("would be applied: %(code)s"),
    "ignored": gettext_lazy("would change nothing: %(code)s"),
    "dead": gettext_lazy("would be given up: %(words)s"),
    "held": gettext_lazy("would stay in quarantine: %(words)s"),
    "retry": gettext_lazy("would fail and be tried again: %(words)s"),
}


def add_words(did: Mapping[str, Text], would: Mapping[str, Text] | None = None) -> None:
    """An app that registers a service says here what its codes mean, in AppConfig.ready."""
    DID.update(did)
    WOULD.update(would or {})


def service_label(name: str) -> Text:
    known = SERVICES.get(name)
    return known.label if known else PROVIDERS.get(name, name)  # type: ignore[return-value]


def outcome_text(code: str, detail: str) -> str:
    """What became of an event, in words."""
    if not code:
        return ""
    if code in DID:
        words = str(DID[code])
        if "%(name)s" in words:
            return words % {"name": detail or _("somebody")}
        return f"{words} ({detail})" if detail and code not in SAY_ALL else words
    return f"{code}: {detail}" if detail else code


def would_text(state: str, code: str, detail: str) -> str:
    """What a replay would do, in words."""
    if code in WOULD and state in ("processed", "ignored"):
        return str(WOULD[code]) % {"name": detail or _("somebody")}
    facts = {"code": f"{code} {detail}".strip(), "words": outcome_text(code, detail)}
    return str(WOULD_STATE.get(state, "%(code)s")) % facts


def advice_text(code: str, figures: Mapping[str, Any]) -> str:
    """The sentence that says what to do."""
    if not code:
        return ""
    if code == "dead":
        return ngettext(
            "%(count)s event was given up: look at why, then replay or discard it.",
            "%(count)s events were given up: look at why, then replay or discard them.",
            figures["dead"],
        ) % {"count": number(figures["dead"])}
    if code == "held":
        return held_text(figures["held"])
    if code == "late":
        return _("Events have waited for %(time)s: check that the workers run; nothing is lost meanwhile.") % {
            "time": duration(figures["lag"])
        }
    return str(ADVICE.get(code, code))


def held_text(count: int) -> str:
    return ngettext(
        "%(count)s event fits no school and moves nothing: see why, bind its account, then replay it.",
        "%(count)s events fit no school and move nothing: see why, bind their accounts, then replay them.",
        count,
    ) % {"count": number(count)}


ADVICE: Final[Mapping[str, Text]] = {
    "breaker-open": gettext_lazy(
        "It failed too often, so it is not called for a while. Look at the provider's own status page; "
        "calls begin again by themselves."
    ),
    "breaker-trying": gettext_lazy("It had failed and is being tried again: nothing to do but wait."),
    "failing": gettext_lazy("Most of its events were given up today: open one to see why, and tell its operator."),
    "conflict": gettext_lazy(
        "The same event came again with other content, which was not applied: compare both and tell its operator."
    ),
    "silent": gettext_lazy("It has sent nothing for a day, which is unusual: ask its operator whether it runs."),
    "no-secret": gettext_lazy(
        "None of its secrets is valid: all it sends is refused. Make a new one and give it over."
    ),
    "retrying": gettext_lazy("Some events failed and are tried again by themselves: nothing to do yet."),
    "expecting": gettext_lazy("It has a secret and has sent nothing yet: send a test event."),
    "expecting-provider": gettext_lazy("It is set up and has sent nothing yet: send a test event from its dashboard."),
    "not-configured": gettext_lazy("Its signing secret is not set on the server: all it sends is refused."),
    "unused": gettext_lazy("Not connected. To connect it, make a secret and give it to the service."),
}

ALARM_TITLES: Final[Mapping[str, Text]] = {
    "silent": gettext_lazy("%(service)s has sent nothing for 24 hours"),
    "dead": gettext_lazy("Events of %(service)s were given up"),
    "late": gettext_lazy("Events of %(service)s wait too long"),
    "conflict": gettext_lazy("%(service)s sent the same event with other content"),
    "held": gettext_lazy("Events of %(service)s fit no school"),
}


def alarm_title(alarm: Any) -> str:
    """An alarm in one line."""
    return str(ALARM_TITLES[alarm.kind]) % {"service": service_label(alarm.service)}


def alarm_text(alarm: Any) -> str:
    """What happened and what to do."""
    figures = alarm.figures
    if alarm.kind == "silent":
        usual = number(figures.get("usual", 0))
        text = _("On a day like this %(usual)s events are usual. Ask its operator whether it runs and can reach us.")
        return text % {"usual": usual}
    if alarm.kind == "late":
        text = _("The longest has waited for %(time)s. Check that the workers run; nothing is lost meanwhile.")
        return text % {"time": duration(figures.get("lag", 0))}
    if alarm.kind == "held":
        return held_text(figures.get("count", 1))
    if alarm.kind == "conflict":
        return str(ADVICE["conflict"])
    return ngettext(
        "%(count)s event could not be applied. Look at why, then replay or discard it.",
        "%(count)s events could not be applied. Look at why, then replay or discard them.",
        figures.get("count", 1),
    ) % {"count": number(figures.get("count", 1))}


# --- decisions about many events -------------------------------------------------------------------------

PLAN_TITLES: Final[Mapping[str, Text]] = {
    "replay": gettext_lazy("Replay of events"),
    "discard": gettext_lazy("Events discarded"),
    "expunge": gettext_lazy("Content of events deleted"),
}
#: What a rehearsal found, in one word for the counts.
OUTCOME_STATES: Final[Mapping[str, Text]] = {
    "processed": gettext_lazy("would be applied"),
    "ignored": gettext_lazy("would change nothing"),
    "dead": gettext_lazy("would be given up again"),
    "retry": gettext_lazy("would fail and be tried again"),
    "held": gettext_lazy("would stay in quarantine"),
}
REASONS: Final[Mapping[str, Text]] = {
    "changed-since": gettext_lazy("It changed meanwhile: left as it is."),
    "waiting": gettext_lazy("It waits to be applied already: left as it is."),
    "expunged": gettext_lazy("Its content was deleted meanwhile."),
    "irreversible": gettext_lazy("This cannot be taken back."),
}


def reason_text(reason: str) -> Text:
    return REASONS.get(reason, reason)


def plan_message(plan: Any) -> Text:
    """One sentence: what the plan does now, or why it stopped."""
    if plan.cancel_requested and plan.is_moving:
        return _("Stopping after the current step…")
    if plan.error_code:
        return str(PLAN_FAULTS.get(plan.error_code, PLAN_FAULTS["internal"]))
    nothing = _("There was nothing to change.")
    sentences: dict[str, Text] = {
        "queued": _("Waiting for a worker."),
        "reading": _("Looking at the events. Nothing is changed."),
        "planned": _("Looking at the events. Nothing is changed."),
        "applying": _("Being done."),
        "verifying": _("Verifying what was done."),
        "held": _("Nothing has happened yet: look at the list and confirm."),
        "done": _("Done, and checked by reading back.") if plan.applied else nothing,
        "refused": _("Thrown away: nothing was changed."),
        "cancelled": _("Cancelled. What had been done before is listed below.")
        if plan.applied
        else _("Cancelled: nothing was changed."),
    }
    return sentences.get(plan.state, "")


PLAN_FAULTS: Final[Mapping[str, Text]] = {
    "internal": gettext_lazy("Something failed here. What was done stays; prepare the decision again for the rest."),
    "gave-up": gettext_lazy("Its workers died again and again. What was done stays; look at the logs."),
    "not-confirmed": gettext_lazy("Some events are not as they should be afterwards: look at them in the list."),
    "superseded": gettext_lazy("A newer decision took its place: nothing more was done."),
}
