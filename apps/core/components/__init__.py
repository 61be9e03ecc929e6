"""The component library, by kind. Templates load all of it with `{% load ui %}`."""
