"""What money asks of the apps above. Connected in AppConfig.ready."""

from apps.core.registry import Hook

#: (alarm, now) -> int: how many people were told of an alarm that opened
alarm_raised = Hook("money_alarm_raised")
