"""`{% load ui %}`: every component, formatter and layout tag. Signatures stand in docs/ui.md."""

from django import template

from apps.core.components import actors, basics, feedback, formats, forms, lists, records, shell

register = template.Library()

for part in (actors, basics, feedback, formats, forms, lists, records, shell):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
