"""News of associations for the apps above."""

from apps.core.registry import Hook

# association=Association, actor=Actor -> a Tab of the inner pages, or None. For who may see the inner pages.
tabs = Hook("association_tabs")
