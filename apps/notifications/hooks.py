"""News of notifications for the apps above."""

from apps.core.registry import Hook

# actor=Actor -> (title, text, address) of a page where a person chooses more finely, or None.
preference_links = Hook("notification_preference_links")
