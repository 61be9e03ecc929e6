"""Believable sample values for the catalogue. No database."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import charts
from ..actor import Actor, Held, Role
from ..navigation import Link, NavItem, Section
from ..ui import JobView, Step, Tab, TimelineItem

ACTOR = Actor(
    label="Claire Martin", user_id=UUID(int=1), email="claire.martin@lumiere.example", held=(Held(Role.ADMIN),)
)
JOB_STATES = ("queued", "running", "held", "partial", "done", "failed", "cancelled")
WEEKS = [
    "7 Sep",
    "14 Sep",
    "21 Sep",
    "28 Sep",
    "5 Oct",
    "12 Oct",
    "19 Oct",
    "26 Oct",
    "2 Nov",
    "9 Nov",
    "16 Nov",
    "21 Nov",
]


@dataclass(frozen=True, slots=True)
class SamplePerson:
    id: int
    name: str
    email: str
    campus: str
    status: str
    sign_ins: int
    days: int

    @property
    def last_seen(self) -> Any:
        return timezone.now() - timedelta(days=self.days, hours=3)


GIVEN = [
    "Amélie",
    "Bruno",
    "Chloé",
    "Damien",
    "Élise",
    "Farid",
    "Gaëlle",
    "Hugo",
    "Inès",
    "Jules",
    "Karim",
    "Léa",
    "Mathis",
    "Noémie",
    "Océane",
    "Paul",
]
FAMILY = ["Fournier", "Lambert", "Moreau", "Nguyen", "Petit", "Rousseau", "Simon", "Traoré"]
CAMPUSES = ("Lyon", "Paris", "Grenoble")
STATES = ("active", "active", "active", "active", "pending", "suspended")


def people() -> list[SamplePerson]:
    """A hundred and twenty-eight people, the same at every call."""
    return [
        SamplePerson(
            id=number,
            name=f"{given} {family}",
            email=f"{given}.{family}@lumiere.example".lower(),
            campus=CAMPUSES[number % 3],
            status=STATES[number * 7 % 6],
            sign_ins=number * 37 % 90,
            days=number * 5 % 60,
        )
        for number, (given, family) in enumerate((given, family) for family in FAMILY for given in GIVEN)
    ]


def sections() -> list[Section]:
    def link(label: str, icon: str, url: str, count: int | None = None, current: bool = False, key: str = "") -> Link:
        item = NavItem("overview", label, icon, "core:catalogue", shortcut=key)
        return Link(item, url, count, current)

    home, listing = reverse("core:catalogue_sample", args=["dashboard"]), reverse("core:catalogue_list")
    catalogue, elsewhere = reverse("core:catalogue"), "#"
    return [
        Section(
            _("Overview"),
            (
                link(_("Dashboard"), "layout-dashboard", home, key="d"),
                link(_("Components"), "component", catalogue, key="c"),
            ),
        ),
        Section(
            _("People"),
            (link(_("People"), "users", listing, 2431, key="p"), link(_("Invitations"), "mail", elsewhere, 12)),
        ),
        Section(
            _("Organisation"),
            (link(_("Campuses"), "map-pin", elsewhere, 3), link(_("Directory"), "refresh-cw", elsewhere)),
        ),
        Section(
            _("Control"),
            (
                link(_("Audit trail"), "scroll-text", elsewhere),
                link(_("Roles"), "shield-check", elsewhere),
                link(_("Settings"), "settings", elsewhere),
            ),
        ),
    ]


def at(path: str) -> list[Section]:
    """The sample navigation with the item of `path` marked."""
    return [
        Section(section.label, tuple(Link(link.item, link.url, link.count, link.url == path) for link in section.links))
        for section in sections()
    ]


def job(state: str, done: int = 1_612) -> JobView:
    words = {
        "queued": _("Waiting for a worker"),
        "running": _("Microsoft Entra · page 17 of 24"),
        "held": _("262 people would be deactivated: an administrator must look"),
        "partial": _("Stopped after page 17: Microsoft did not answer"),
        "done": _("Finished in 41 seconds"),
        "failed": _("The tenant refused the permission to read groups"),
        "cancelled": _("Cancelled by Claire Martin"),
    }
    total = 2_400
    return JobView(
        id=state,
        state=state,
        label=_("Directory run"),
        done={"done": total, "queued": 0, "failed": 0, "held": total}.get(state, done),
        total=None if state == "failed" else total,
        message=words[state],
        counts=() if state in ("queued", "failed") else ((_("matched"), "1,560"), (_("created"), 31), (_("held"), 9)),
        poll_url=reverse("core:catalogue_job", args=[state]) if state == "running" else "",
        cancel_url=reverse("core:catalogue_job", args=["cancelled"]) if state in ("queued", "running") else "",
    )


def steps() -> list[Step]:
    return [
        Step(_("Name your campuses"), True),
        Step(_("Link your Microsoft organisation"), True),
        Step(_("Map groups to campuses"), True),
        Step(
            _("Look at the preview and run"),
            False,
            url="#",
            action=_("Open"),
            text=_("Nothing changes before you agree."),
        ),
        Step(_("Invite a second administrator"), False, url="#", action=_("Invite")),
    ]


def history() -> list[TimelineItem]:
    now = timezone.now()
    return [
        TimelineItem(
            now - timedelta(minutes=4),
            _("Role granted"),
            "shield-check",
            "info",
            "Claire Martin",
            changes={"role": [None, "Auditor"]},
        ),
        TimelineItem(
            now - timedelta(hours=3),
            _("Person deactivated"),
            "user-x",
            "bad",
            _("directory run"),
            _("No longer in the group “Étudiants Lyon”."),
            {"status": ["active", "suspended"], "campus": ["Lyon", None]},
        ),
        TimelineItem(now - timedelta(days=2), _("Signed in with Microsoft"), "log-in", "good", "Hugo Lambert"),
        TimelineItem(
            now - timedelta(days=30), _("Account created"), "user-plus", "neutral", _("directory run"), url="#"
        ),
    ]


def tabs() -> list[Tab]:
    everyone = people()

    def count(state: str) -> int:
        return sum(person.status == state for person in everyone)

    return [
        Tab("", _("All"), len(everyone)),
        Tab("active", _("Active"), count("active")),
        Tab("pending", _("Pending"), count("pending")),
        Tab("suspended", _("Suspended"), count("suspended")),
    ]


def kpis() -> list[dict[str, Any]]:
    return [
        {
            "label": _("Active people"),
            "value": "2,318",
            "icon": "users",
            "delta": "+6.2%",
            "trend": "up",
            "note": _("since last month"),
            "spark": [20, 22, 19, 26, 31, 30, 36, 41, 40, 45],
        },
        {
            "label": _("Campuses"),
            "value": "3",
            "icon": "map-pin",
            "delta": "+1",
            "trend": "up",
            "note": _("Grenoble opened"),
            "spark": [1, 1, 2, 2, 2, 2, 2, 3, 3, 3],
        },
        {
            "label": _("Sign-ins today"),
            "value": "1,904",
            "icon": "log-in",
            "delta": "−3.1%",
            "trend": "down",
            "note": _("than last Saturday"),
            "spark": [40, 60, 48, 52, 66, 50, 42, 30, 34, 31],
        },
        {
            "label": _("Waiting for review"),
            "value": "9",
            "icon": "circle-pause",
            "note": _("from the last run"),
            "spark": [0, 0, 4, 2, 2, 0, 1, 6, 9, 9],
        },
    ]


def sample_charts() -> dict[str, Any]:
    now = [420, 392, 512, 478, 620, 592, 710, 680, 820, 790, 910, 984]
    before = [380, 410, 432, 400, 498, 520, 512, 560, 600, 578, 640, 690]
    months = [_("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov")]
    return {
        "line": charts.line(
            _("Sign-ins per week"),
            WEEKS,
            [charts.Series(_("This term"), now), charts.Series(_("Last year"), before, quiet=True)],
        ),
        "gaps": charts.line(
            _("Answer time"),
            WEEKS[:8],
            [charts.Series(_("Milliseconds"), [12, 14, None, None, 13, 30, 22, 18])],
            unit="ms",
        ),
        "columns": charts.columns(
            _("People per month by campus"),
            months,
            [
                charts.Series("Lyon", [40, 10, 30, 220, 60, 20]),
                charts.Series("Paris", [30, 5, 20, 180, 40, 30]),
                charts.Series("Grenoble", [0, 0, 10, 90, 30, 12]),
            ],
        ),
        "bars": charts.bars(
            _("Largest groups"),
            [
                ("Étudiants Lyon", 1240),
                ("Étudiants Paris", 820),
                (_("Staff of all campuses with a very long name"), 190),
                ("Alumni", 64),
                (_("Guests"), 0),
            ],
        ),
        "donut": charts.donut(
            _("People by state"),
            [(_("Active"), 2318, "good"), (_("Pending"), 64, "info"), (_("Suspended"), 49, "bad")],
            centre="2,431",
            note=_("people"),
        ),
        "empty": charts.line(_("Nothing yet"), WEEKS[:6], [charts.Series(_("Sign-ins"), [0, 0, 0, 0, 0, 0])]),
    }
