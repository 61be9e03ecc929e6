"""News of outgoing calls for the apps above."""

from apps.core.registry import Hook

# provider=name of the client, well=bool, outcome="2xx"... or the name of a fault, seconds=float: a call ended. Well
# means that the provider answered, even with a refusal. Calls that the breaker stopped are none.
call_ended = Hook("call_ended")

# alarm=InboundAlarm, now=datetime -> how many people were told: something about a service needs an administrator. Sent
# once for each alarm, in the transaction that opens it, inside the school (or the platform) whose service it is.
alarm_raised = Hook("alarm_raised")
