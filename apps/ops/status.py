"""How each part does, in words for people: what it is, how it is, and what to do when it is not well."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.actor import Actor
from apps.core.components.formats import ago, moment
from apps.core.counters import COUNTERS
from apps.directory.models import DirectoryRun
from apps.integrations.http import breaker_states
from apps.notifications.models import CommunicationLog
from apps.tenants.models import FleetMigration, FleetState, School

from . import probes
from .permissions import PLATFORM_STATUS, SCHOOL_STATUS

OK, DEGRADED, DOWN = "ok", "degraded", "down"
HEARTBEAT = "ops:heartbeat"
CALLS = "ops:call:{provider}:{kind}"
PROVIDERS = {"microsoft-login": gettext_lazy("Microsoft sign-in"), "microsoft-graph": gettext_lazy("Microsoft Graph")}
SILENT_AFTER = timedelta(minutes=3)  # beats every 30 seconds
LONG_QUEUE = 500
LATE_JOB = timedelta(minutes=10)
WAITING_MAIL = timedelta(minutes=15)
OLD_RUN = timedelta(days=7)
QUEUES = list(settings.CELERY_TASK_QUEUES_NAMES)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the status page. `advice` says what to do; empty when all is well."""

    name: str | Promise
    state: str
    fact: str | Promise = ""
    advice: str | Promise = ""
    icon: str = "activity"


def worst(parts: list[Part]) -> str:
    states = {part.state for part in parts}
    return DOWN if DOWN in states else DEGRADED if DEGRADED in states else OK


def public_summary() -> list[Part]:
    """For everybody: whether people can use it, nothing about how it is built."""
    well = {answer.name: answer.ok for answer in probes.ask(probes.ALL)}
    website = well["database"] and well["migrations"]
    quick = well["redis"]
    work = well["broker"]
    return [
        Part(_("Pages and sign-in"), OK if website and quick else DEGRADED if website else DOWN, icon="monitor"),
        Part(_("Background work"), OK if website and work else DEGRADED, icon="workflow"),
        Part(_("Files"), OK if well["storage"] else DEGRADED, icon="folder"),
    ]


def school_parts(*, actor: Actor, now: datetime) -> list[Part]:
    """For administrators of a school: the services as they concern this school."""
    SCHOOL_STATUS.require(actor)
    return [*_machinery(now), _directory_part(now), _mail_part(now)]


def platform_parts(*, actor: Actor, now: datetime) -> list[Part]:
    """For superadmins: the services, and how far the schools' schemas are."""
    PLATFORM_STATUS.require(actor)
    return [*_machinery(now, queues=True), _fleet_part()]


# --- the parts -----------------------------------------------------------------------------------------

TEXTS = {
    "database": (
        gettext_lazy("Database"),
        "database",
        gettext_lazy(
            "Nothing works without it. Check that the server runs, that it has space, and that the pooler reaches it."
        ),
    ),
    "migrations": (
        gettext_lazy("Platform tables"),
        "table",
        gettext_lazy("This release needs newer tables: run the migrations, then restart."),
    ),
    "redis": (
        gettext_lazy("Cache"),
        "zap",
        gettext_lazy("Pages go on without it, more slowly. Check the Redis server; nothing has to be restored."),
    ),
    "broker": (
        gettext_lazy("Job queue"),
        "list",
        gettext_lazy(
            "Accepted work waits in the database and starts by itself once the queue answers. Check the Redis server."
        ),
    ),
    "storage": (
        gettext_lazy("Files"),
        "folder",
        gettext_lazy("Uploads fail. Check the space and the permissions of the folder for files."),
    ),
}


def _machinery(now: datetime, *, queues: bool = False) -> list[Part]:
    answers = probes.ask(probes.ALL)
    parts = [*(_probed(answer) for answer in answers), _limits_part({answer.name: answer.ok for answer in answers})]
    parts += [_provider_part(code, str(name)) for code, name in PROVIDERS.items()]
    return [*parts, _workers_part(now), *([_queue_part(now)] if queues else [])]


def _probed(answer: probes.Answer) -> Part:
    name, icon, advice = TEXTS[answer.name]
    if answer.ok:
        return Part(name, OK, _well(answer), icon=icon)
    state = DOWN if answer.name in ("database", "migrations") else DEGRADED
    return Part(name, state, _("does not answer"), advice, icon)


def _well(answer: probes.Answer) -> str:
    if answer.name in ("migrations", "storage"):
        return _("up to date") if answer.name == "migrations" else _("can be written")
    return _("answers in %(milliseconds)s ms") % {"milliseconds": max(1, round(answer.milliseconds))}


def _provider_part(code: str, name: str) -> Part:
    """How the last calls went that somebody needed: nobody is called for this page."""
    if any(one.provider == code and one.is_open for one in breaker_states()):
        advice = _("It failed too often and is left alone for a few seconds. It is tried again by itself.")
        return Part(name, DEGRADED, _("calls are paused"), advice, "plug")
    good, bad = (caches["platform"].get(CALLS.format(provider=code, kind=kind)) for kind in ("good", "bad"))
    if bad and (not good or bad > good):
        advice = _("It did not answer the last call. Look at the provider's own status page; runs go on by themselves.")
        return Part(name, DEGRADED, format_html(_("last failed call {}"), ago(bad)), advice, "plug")
    return Part(name, OK, format_html(_("last answer {}"), ago(good)) if good else _("no call in a day"), icon="plug")


def _limits_part(well: dict[str, bool]) -> Part:
    """Attempts to sign in are counted in Redis; without it each process counts for itself, which allows more."""
    name = _("Sign-in limits")
    if well["redis"] and not COUNTERS.is_away:
        return Part(name, OK, _("attempts are counted for all processes together"), icon="lock")
    advice = _(
        "While Redis is away each process counts wrong passwords for itself: limits hold, but allow more attempts. "
        "Check the Redis server; it is used again by itself."
    )
    return Part(name, DEGRADED, _("attempts are counted in memory"), advice, "lock")


def _workers_part(now: datetime) -> Part:
    """The clock sends a beat every half minute and a worker notes it: both are alive when it is recent."""
    name = _("Workers and scheduler")
    beat = caches["platform"].get(HEARTBEAT)
    if isinstance(beat, datetime) and now - beat < SILENT_AFTER:
        return Part(name, OK, format_html(_("last heartbeat {}"), ago(beat)), icon="heart-pulse")
    fact = _("last heartbeat %(moment)s") % {"moment": moment(beat)} if beat else _("no heartbeat yet")
    advice = _("Jobs wait. Check that the worker and the beat process run; what waits starts by itself.")
    return Part(name, DEGRADED, fact, advice, "heart-pulse")


def _queue_part(now: datetime) -> Part:
    """How many jobs wait, and since when the oldest does: a short queue that nobody takes from is one too."""
    name = _("Waiting jobs")
    lengths: dict[str, int] = {}
    ages: dict[str, float] = {}

    def look() -> None:
        lengths.update(probes.broker_lengths(QUEUES))
        ages.update(probes.broker_ages(QUEUES, now.timestamp()))

    [answer] = probes.ask({"queue lengths": look})
    if not answer.ok:
        return Part(name, DEGRADED, _("unknown"), TEXTS["broker"][2], "list-ordered")
    fact = ", ".join(f"{queue}: {length}" for queue, length in lengths.items()) or _("unchanged")
    waits = timedelta(seconds=max(ages.values(), default=0))
    if waits > timedelta(seconds=1):
        fact = format_html(_("{} · the oldest was sent {}"), fact, ago(now - waits))
    if max(lengths.values(), default=0) < LONG_QUEUE and waits < LATE_JOB:
        return Part(name, OK, fact, icon="list-ordered")
    return Part(name, DEGRADED, fact, _("The workers do not keep up: start another one."), "list-ordered")


def _fleet_part() -> Part:
    name = _("School schemas")
    failed = list(FleetState.objects.filter(state=FleetState.State.FAILED).values_list("schema", flat=True)[:5])
    by_status = dict(School.objects.values_list("status").annotate(Count("id")).order_by("status"))
    total = sum(by_status.values())
    fact = ngettext("%(total)s school", "%(total)s schools", total) % {"total": total}
    latest = FleetMigration.objects.aggregate(latest=Max("position"))["latest"] or 0
    schools = School.objects.filter(ready=True).exclude(status=School.Status.PURGED).values("schema_name")
    behind = FleetState.objects.filter(schema__in=schools, position__lt=latest).count()
    if not failed and behind:
        late = ngettext("%(count)s schema is behind", "%(count)s schemas are behind", behind) % {"count": behind}
        return Part(name, DEGRADED, f"{fact} · {late}", _("Run `manage.py migrate_fleet` to its end."), "school")
    if not failed:
        return Part(name, OK, fact, icon="school")
    advice = _(
        "These schools are closed until their migration succeeds: %(schemas)s. "
        "Correct what their error says and run the migration again."
    )
    return Part(name, DEGRADED, fact, advice % {"schemas": ", ".join(failed)}, "school")


def _directory_part(now: datetime) -> Part:
    name = _("Microsoft directory")
    run = DirectoryRun.objects.filter(kind=DirectoryRun.Kind.FULL).order_by("-created_at").first()
    if run is None:
        advice = _("Link the Microsoft organisation, map groups to campuses, then start a run.")
        return Part(name, OK, _("no run yet"), advice, "refresh-cw")
    fact = format_html("{} · {}", run.get_state_display(), ago(run.finished_at or run.created_at))
    if run.state == "held":
        advice = _(
            "A run waits for a decision because it would end many memberships. Open it and approve or cancel it."
        )
        return Part(name, DEGRADED, fact, advice, "refresh-cw")
    if run.state in ("failed", "partial", "refused"):
        advice = _(
            "The last run changed nothing that it had not read in full. Open it to see why, then start it again."
        )
        return Part(name, DEGRADED, fact, advice, "refresh-cw")
    if now - run.created_at > OLD_RUN:
        return Part(name, DEGRADED, fact, _("The last run is old: start a new one."), "refresh-cw")
    return Part(name, OK, fact, icon="refresh-cw")


def _mail_part(now: datetime) -> Part:
    name = _("E-mail")
    queued = CommunicationLog.objects.filter(state=CommunicationLog.State.QUEUED, daily=False)
    waiting = queued.count()
    late = queued.filter(created_at__lt=now - WAITING_MAIL).exists() if waiting else False
    failed = CommunicationLog.objects.filter(
        state=CommunicationLog.State.FAILED, created_at__gt=now - timedelta(days=7)
    ).count()
    fact = _("%(waiting)s waiting, %(failed)s failed in seven days") % {"waiting": waiting, "failed": failed}
    if late:
        advice = _("Messages have waited for more than a quarter of an hour. Check the mail server and the workers.")
        return Part(name, DEGRADED, fact, advice, "mail")
    if failed:
        return Part(name, OK, fact, _("Open the messages that failed and check their addresses."), "mail")
    return Part(name, OK, fact, icon="mail")
