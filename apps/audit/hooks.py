"""News of the audit trail for the apps above."""

from apps.core.registry import Hook

# event=AuditEvent, target=whatever was named: a line was written, in the transaction of the act that it tells about.
recorded = Hook("recorded")
