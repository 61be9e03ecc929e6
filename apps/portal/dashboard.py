"""The figures of a school on one page: one query a panel, all of them by an index or of few rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.acts import SIGNED_IN
from apps.accounts.models import Invitation, User
from apps.accounts.permissions import PEOPLE_INVITE, SCHOOL_SETTINGS
from apps.audit.models import AuditEvent
from apps.audit.permissions import AUDIT_VIEW
from apps.audit.selectors import visible_events
from apps.campuses.models import MembershipEvent, MembershipState
from apps.campuses.selectors import visible_campuses, with_counts
from apps.core import charts
from apps.core.actor import Actor
from apps.core.components.formats import day_and_month
from apps.core.ui import Step, TimelineItem
from apps.directory.models import DirectoryRun, GroupMapping
from apps.directory.permissions import DIRECTORY_VIEW
from apps.directory.presenting import AlertView as DirectoryAlertView
from apps.directory.presenting import alert_views
from apps.directory.selectors import binding, visible_runs
from apps.directory.services import alerts
from apps.integrations.permissions import INTEGRATIONS_VIEW
from apps.integrations.presenting import AlarmView
from apps.integrations.selectors import open_alarms
from apps.tenants.models import DEFAULT_HUE, School

from .links import address
from .permissions import DASHBOARD_VIEW

DAYS = 30
CHARTS_KEPT_FOR = 60  # seconds; the figures above them are always those of now
RECENT = 8


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the page shows."""

    people: dict[str, int]
    campuses: list[Any]  # Campus with its counts
    members: int
    joined: int
    open_invitations: int
    invitations_url: str  # "" for who may not see them
    sign_ins: list[int]
    members_by_day: list[int]
    last_run: DirectoryRun | None
    alerts: list[DirectoryAlertView] = field(default_factory=list)
    alarms: list[AlarmView] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    recent: list[TimelineItem] = field(default_factory=list)
    charts: dict[str, SafeString] = field(default_factory=dict)

    @property
    def is_set_up(self) -> bool:
        return all(step.done for step in self.steps)


def dashboard(*, actor: Actor, school: School, now: datetime) -> Dashboard:
    """The figures of the school now. Raises Forbidden."""
    DASHBOARD_VIEW.require(actor)
    campuses: list[Any] = list(with_counts(visible_campuses(actor=actor)))
    members = sum(campus.members for campus in campuses)
    days = [timezone.localdate(now) - timedelta(days=n) for n in range(DAYS - 1, -1, -1)]
    joined_by_day, signed_in_by_day = _history(days[0])
    by_day = _counted_back(members, days, joined_by_day)
    sign_ins = [signed_in_by_day.get(day, 0) for day in days]
    last_run = visible_runs(actor=actor).filter(kind=DirectoryRun.Kind.FULL).first()
    counts = _counts()
    return Dashboard(
        people={row["status"]: row["people"] for row in counts},
        campuses=campuses,
        members=members,
        joined=sum(joined_by_day.get(day, 0) for day in days[-7:]),
        open_invitations=counts[0]["opened"],
        invitations_url=address("accounts:invitations") if PEOPLE_INVITE.allows(actor) else "",
        sign_ins=sign_ins,
        members_by_day=by_day,
        last_run=last_run,
        alerts=alert_views(alerts.raised(counts[0]["alerts"], last_run)) if DIRECTORY_VIEW.allows(actor) else [],
        alarms=[AlarmView(one) for one in open_alarms(actor=actor)] if INTEGRATIONS_VIEW.allows(actor) else [],
        steps=_steps(actor, school, campuses, last_run, mapped=counts[0]["mapped"]),
        recent=_recent(actor),
        charts=_charts(days, by_day, sign_ins, campuses),
    )


def _counts() -> list[dict[str, Any]]:
    """People by status; each row repeats what is counted besides, so that one query does. Never empty: we are here."""
    invitations = Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by()
    opened = invitations.annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    rows = User.objects.order_by().values("status").annotate(people=Count("pk"))
    besides: dict[str, Any] = {
        "opened": Coalesce(Subquery(opened), 0),
        "mapped": Exists(GroupMapping.objects.all()),
        "alerts": alerts.raised_rows(),
    }
    return [dict(row) for row in rows.annotate(**besides)]


# --- the last thirty days --------------------------------------------------------------------------------


def _history(first: date) -> tuple[dict[date, int], dict[date, int]]:
    """Per day of the school: how many more active members, and how many sign-ins."""
    key = f"dashboard:{first.isoformat()}:{timezone.get_current_timezone_name()}"
    known = cache.get(key)
    if known is None:
        since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
        known = (_joined_by_day(since), _signed_in_by_day(since))
        cache.set(key, known, CHARTS_KEPT_FOR)
    return known


def _joined_by_day(since: datetime) -> dict[date, int]:
    active = MembershipState.ACTIVE
    change = Case(
        When(Q(to_state=active) & ~Q(from_state=active), then=Value(1)),
        When(Q(from_state=active) & ~Q(to_state=active), then=Value(-1)),
        default=Value(0),
    )
    rows = MembershipEvent.objects.filter(at__gte=since).order_by().values_list(TruncDate("at"))
    return {day: total for day, total in rows.annotate(total=Sum(change)) if total}


def _signed_in_by_day(since: datetime) -> dict[date, int]:
    rows = AuditEvent.objects.filter(act=SIGNED_IN, at__gte=since).order_by().values_list(TruncDate("at"))
    return dict(rows.annotate(total=Count("pk")))


def _counted_back(now_there: int, days: Sequence[date], joined: dict[date, int]) -> list[int]:
    """How many there were at the end of each day, from how many there are and what changed since."""
    there, by_day = now_there, []
    for day in reversed(days):
        by_day.append(max(there, 0))
        there -= joined.get(day, 0)
    return by_day[::-1]


def _charts(
    days: Sequence[date], members: Sequence[int], sign_ins: Sequence[int], campuses: Sequence[Any]
) -> dict[str, SafeString]:
    labels = [day_and_month(day) for day in days]
    drawn = {}
    if any(members):
        drawn["members"] = charts.line(_("Members over time"), labels, [charts.Series(_("Members"), list(members))])
    if any(sign_ins):
        title = _("Sign-ins per day")
        drawn["sign_ins"] = charts.columns(title, labels, [charts.Series(_("Sign-ins"), list(sign_ins))])
    if any(campus.members for campus in campuses):
        largest = sorted(campuses, key=lambda campus: -campus.members)[:8]
        drawn["campuses"] = charts.bars(_("People by campus"), [(c.name, c.members) for c in largest])
    return drawn


# --- what to do next, what happened ----------------------------------------------------------------------


def _steps(
    actor: Actor, school: School, campuses: Sequence[Any], last_run: DirectoryRun | None, *, mapped: bool
) -> list[Step]:
    """The set-up of a school, for those who can do it. Done is what the data says, never a flag."""
    if not SCHOOL_SETTINGS.allows(actor):
        return []
    return [
        Step(_("Create your first campus"), bool(campuses), address("campuses:create"), _("Create")),
        Step(
            _("Link your Microsoft organisation"),
            binding() is not None,
            address("accounts:sign_in_settings"),
            _("Link"),
            _("An administrator of Microsoft gives consent once; nothing is written there."),
        ),
        Step(
            _("Approve the e-mail domains of your campuses"),
            any(campus.domain_count for campus in campuses),
            address("campuses:list"),
            _("Approve"),
            _("Only people with these addresses can join."),
        ),
        Step(_("Map groups to campuses"), mapped, address("directory:overview"), _("Map")),
        Step(
            _("Import your people"),
            last_run is not None and last_run.state == "done",
            address("directory:overview"),
            _("Start"),
            _("A preview shows everything before anything changes."),
        ),
        Step(
            _("Choose your colour and logo"),
            bool(school.logo) or school.hue != DEFAULT_HUE,
            address("portal:settings"),
            _("Choose"),
        ),
    ]


ICONS = {
    "session": "log-in", "invitation": "mail", "person": "user", "role": "key-round", "campus": "map-pin",
    "directory": "refresh-cw", "school": "school", "audit": "scroll-text", "password": "lock", "membership": "users",
    "acting": "eye", "consent": "circle-check", "credential": "plug", "desk": "tablet", "device": "tablet",
    "domain": "globe", "email": "mail", "lockout": "lock", "mapping": "link", "people": "users", "pin": "key-round",
    "place": "map-pin", "promotion": "graduation-cap", "rights": "user-lock", "roster": "file-up", "scim": "plug",
    "second_factor": "shield-check", "sessions": "log-out", "support": "life-buoy",
    "integration": "plug-zap",
}  # fmt: skip


def timeline_of(events: Iterable[AuditEvent]) -> list[TimelineItem]:
    """Audit events as a story."""
    return [
        TimelineItem(
            when=event.at,
            title=event.title,
            icon=ICONS.get(event.act.partition(".")[0], "activity"),
            tone="warn" if event.act.endswith((".refused", ".held", "_refused")) else "neutral",
            actor=event.actor_label,
            detail=event.target_label if event.target_label != event.actor_label else "",
            url=address("audit:event_detail", event.pk),
        )
        for event in events
    ]


def _recent(actor: Actor) -> list[TimelineItem]:
    if not AUDIT_VIEW.allows(actor):
        return []
    return timeline_of(visible_events(actor=actor).exclude(act=SIGNED_IN)[:RECENT])
