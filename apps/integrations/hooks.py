"""News of outgoing calls for the apps above."""

from apps.core.registry import Hook

# provider=name of the client, well=bool: a call ended. Well means that the provider answered, even with a refusal.
call_ended = Hook("call_ended")
