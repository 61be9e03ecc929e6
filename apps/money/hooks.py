"""What money asks of the apps above. Connected in AppConfig.ready."""

from apps.core.registry import Hook

#: (alarm, now) -> int: how many people were told of an alarm that opened
alarm_raised = Hook("money_alarm_raised")
#: (actor, treasuries) -> dict[UUID, level]: how far the actor sees into those that are limited (apps.money.sight)
sight_limits = Hook("money_sight_limits")
#: (actor, treasury, level) -> None: the actor looks so far into this treasury now
money_looked = Hook("money_looked")
#: (actor, treasury) -> tuple[text, url] | None: what its pages say of how far the actor sees
sight_notices = Hook("money_sight_notices")
