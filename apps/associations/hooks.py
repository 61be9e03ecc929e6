"""What apps above associations add to their pages."""

from apps.core.registry import Hook

# actor, association -> list[Tab]: pages of another app about this association, for who may open them.
association_tabs = Hook("association_tabs")
