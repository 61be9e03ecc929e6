"""`manage.py school create|list|suspend|resume|resend-invitation|break-glass`: what superadmins do, from a terminal."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.core.actor import Actor
from apps.core.components.formats import size
from apps.core.errors import DomainError
from apps.tenants import context, hosts
from apps.tenants.models import School
from apps.tenants.selectors import figures_of, find_schools
from apps.tenants.services import break_glass, lifecycle, provisioning

COLUMNS = ("school", "status", "plan", "people", "last activity", "storage", "failing", "name")
LINE = "{:<24} {:<10} {:<10} {:>8} {:<17} {:>10} {:>7}  {}"


class Command(BaseCommand):
    help = "Create, list, suspend and resume schools; send the first owner a new invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="create a school, or finish one that was begun")
        create.add_argument("slug", help="short name: the host is <slug>.<platform>")
        create.add_argument("--name", required=True)
        create.add_argument("--owner", required=True, help="e-mail address of the first owner")
        create.add_argument("--locale", default="fr", choices=["fr", "en"])
        listing = acts.add_parser("list", help="list schools, with their people, last activity, storage and what fails")
        listing.add_argument("--search", default="", help="part of the name, short name or first owner's address")
        listing.add_argument("--status", default="", choices=["", *School.Status.values])
        for name in ("suspend", "resume"):
            change = acts.add_parser(name)
            change.add_argument("slug")
            change.add_argument("--reason", required=True, help="the school reads it in its audit trail")
        acts.add_parser("resend-invitation").add_argument("slug")
        glass = acts.add_parser("break-glass", help="a single-use link for an owner who cannot sign in with Microsoft")
        glass.add_argument("slug")
        glass.add_argument("--email", required=True, help="address of an existing owner")
        glass.add_argument("--reason", required=True, help="every owner of the school reads it")
        for each in (create, listing, *acts.choices.values()):
            if not any(action.dest == "json" for action in each._actions):
                each.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *args: Any, **options: Any) -> None:
        act = options["act"].replace("-", "_")
        try:
            with context.platform():
                getattr(self, act)(Actor.system("manage.py school", surface="command"), options)
        except DomainError as error:
            fields = getattr(error, "fields", {})
            lines = [f"  {name}: {text}" for name, texts in fields.items() for text in texts]
            raise CommandError("\n".join([str(error), *lines])) from error

    def create(self, actor: Actor, options: dict[str, Any]) -> None:
        school = provisioning.provision_school(
            actor=actor,
            slug=options["slug"],
            name=options["name"],
            owner_email=options["owner"],
            locale=options["locale"],
            now=timezone.now(),
        )
        self._say(school, options, f"{school.name} is at {hosts.school_url(school)}; {school.owner_email} is invited.")

    def list(self, actor: Actor, options: dict[str, Any]) -> None:
        found = find_schools(actor=actor, words=options["search"], status=options["status"])
        schools = [(school, figures_of(school)) for school in found]
        if options["json"]:
            self.stdout.write(json.dumps([{**_as_dict(school), **_plain(use)} for school, use in schools], indent=2))
            return
        if schools:
            self.stdout.write(LINE.format(*COLUMNS))
        for school, figures in schools:
            use = _plain(figures)
            last, stored = use["last_activity"], use["storage"]
            told = [use["people"], last and last[:16], None if stored is None else size(stored), use["failing"]]
            cells = ["–" if fact is None else str(fact) for fact in told]
            state = "" if school.ready else "  (tables not ready)"
            self.stdout.write(LINE.format(school.slug, school.status, school.plan, *cells, school.name + state))
        self.stdout.write(f"{len(schools)} school{'' if len(schools) == 1 else 's'}")

    def suspend(self, actor: Actor, options: dict[str, Any]) -> None:
        self._change(lifecycle.suspend, actor, options, "{name} is suspended; nobody of it can sign in.")

    def resume(self, actor: Actor, options: dict[str, Any]) -> None:
        self._change(lifecycle.resume, actor, options, "{name} is open again.")

    def resend_invitation(self, actor: Actor, options: dict[str, Any]) -> None:
        school = lifecycle.resend_invitation(actor=actor, school_id=_find(options["slug"]).pk, now=timezone.now())
        self._say(school, options, f"{school.owner_email} has a new invitation, good for 48 hours.")

    def _change(self, service: Any, actor: Actor, options: dict[str, Any], sentence: str) -> None:
        found = _find(options["slug"])
        school = service(actor=actor, school_id=found.pk, reason=options["reason"], now=timezone.now())
        self._say(school, options, sentence.format(name=school.name))

    def break_glass(self, actor: Actor, options: dict[str, Any]) -> None:
        url = break_glass.break_glass(
            actor=actor,
            school_id=_find(options["slug"]).pk,
            email=options["email"],
            reason=options["reason"],
            now=timezone.now(),
        )
        sentence = f"{url}\nIt works once, for 15 minutes. Every owner of the school has been told."
        self.stdout.write(json.dumps({"url": url}) if options["json"] else sentence)

    def _say(self, school: School, options: dict[str, Any], sentence: str) -> None:
        self.stdout.write(json.dumps(_as_dict(school)) if options["json"] else sentence)


def _find(slug: str) -> School:
    school = School.objects.filter(slug=slug).first()
    if school is None:
        raise CommandError(f"There is no school {slug!r}. `manage.py school list` shows all.")
    return school


def _as_dict(school: School) -> dict[str, Any]:
    return {
        "slug": school.slug,
        "name": school.name,
        "status": school.status,
        "plan": school.plan,
        "ready": school.ready,
        "owner": school.owner_email,
        "url": hosts.school_url(school),
    }


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures of a school as JSON has them; nothing is known while its tables are not ready."""
    last = figures.get("last_activity")
    return {
        "people": figures.get("people"),
        "last_activity": last.isoformat(sep=" ", timespec="minutes") if last else None,
        "storage": figures.get("storage"),
        "failing": figures.get("failing"),
    }
