"""News of endpoints for the apps above."""

from apps.core.registry import Hook

# alarm=EndpointAlarm, now=datetime -> how many people were told. Sent once for each alarm, in the transaction that
# opens it, inside the school.
alarm_raised = Hook("endpoint_alarm_raised")
