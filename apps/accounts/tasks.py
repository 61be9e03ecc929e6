"""Jobs of accounts, each inside its school."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor
from apps.tenants.jobs import EFFECTS, RUNS, platform_task, tenant_task

from .services import (
    email_change,
    erasure,
    exporting,
    forgetting,
    lockouts,
    passwords,
    publication,
    retention,
)


@tenant_task(name="accounts.forget_expired_sessions", queue="nightly", recorded=EFFECTS)
def forget_expired_sessions(self: Any, **_later: object) -> int:
    """Delete sessions, half sign-ins and journeys to Microsoft that ended."""
    return forgetting.forget_expired(timezone.now())


@platform_task(name="accounts.forget_expired_of_platform", queue="nightly", recorded=EFFECTS)
def forget_expired_of_platform(self: Any, **_later: object) -> int:
    """The same of superadmins."""
    return forgetting.forget_expired(timezone.now())


@tenant_task(name="accounts.send_reset_link", queue="interactive")
def send_reset_link(self: Any, *, email: str, asked_at: str, address: str = "", **_later: object) -> None:
    """Look whether somebody has this address, and mail the link if so. Running twice mails once."""
    actor = Actor(label=f"visitor at {address}" if address else "visitor", surface="job", address=address or None)
    passwords.send_reset_link(actor=actor, email=email, asked_at=datetime.fromisoformat(asked_at))


@tenant_task(name="accounts.send_unlock_link", queue="interactive")
def send_unlock_link(self: Any, *, email: str, asked_at: str, address: str = "", **_later: object) -> None:
    """Look whether somebody has this address, and mail the link if so. Running twice mails once."""
    actor = Actor(label=f"visitor at {address}" if address else "visitor", surface="job", address=address or None)
    lockouts.send_link(actor=actor, email=email, asked_at=datetime.fromisoformat(asked_at))


@tenant_task(name="accounts.send_email_change", queue="interactive")
def send_email_change(self: Any, *, change_id: str, **_later: object) -> None:
    """Mail the link to the new address, unless somebody has it. Running twice mails once."""
    email_change.send_confirmation(change_id=UUID(change_id))


@tenant_task(name="accounts.export_data", queue="bulk")
def export_data(self: Any, *, export_id: str, **_later: object) -> str:
    """Make one person's archive; a second worker with the same message does nothing."""
    return exporting.build(export_id=UUID(export_id), now=timezone.now())


@tenant_task(name="accounts.erase", queue="bulk")
def erase(self: Any, *, case_id: str, **_later: object) -> str | None:
    """Carry out one decided erasure; a second worker with the same message does nothing."""
    return erasure.carry_out(case_id=UUID(case_id), now=timezone.now())


@tenant_task(name="accounts.sweep_rights", queue="integration")
def sweep_rights(self: Any, **_later: object) -> int:
    """Ring again for archives and erasures that were left behind."""
    now = timezone.now()
    return exporting.sweep(now) + erasure.sweep(now)


@tenant_task(name="accounts.retention", queue="nightly", recorded=RUNS)
def retention_run(self: Any, **_later: object) -> int:
    """Delete what is older than its period; see to it that photos are shown by today's age and rules."""
    now = timezone.now()
    publication.refresh_all(now=now)
    run = retention.run(now=now)
    return run.total if run else 0
