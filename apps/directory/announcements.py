"""What is told to others about directory runs (apps.outgoing)."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.audit.models import AuditEvent
from apps.outgoing.catalogue import News, event_type

from .models import DirectoryRun
from .services.acts import RUN_ENDED


class RunNews(News):
    """A reading of the directory that is over, and what it changed. Previews are not told."""

    id: UUID = Field(examples=["0192f0c2-0b1e-7c11-8d0a-5b1f0c2d3e4f"])
    kind: str = Field(examples=["full"])
    state: str = Field(examples=["done"], description="done, partial, failed, held, cancelled or refused")
    counts: dict[str, int] = Field(examples=[{"added": 12, "ended": 3}], description="Kind of change: how many.")


def _run_news(run: DirectoryRun, event: AuditEvent) -> RunNews | None:
    if run.kind == DirectoryRun.Kind.PREVIEW:
        return None
    counts = {str(name): count for name, count in run.counts.items() if isinstance(count, int)}
    return RunNews(id=run.pk, kind=run.kind, state=event.changes["state"][-1], counts=counts)


event_type("directory.run_ended", _("Directory run ended"), RunNews, act=RUN_ENDED, describe=_run_news)
