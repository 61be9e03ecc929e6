"""Components are rendered as a page would, with a request and nothing else."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from apps.core.actor import Actor


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def draw():
    """`draw('{% badge "x" %}', path="/people?sort=name", name=value)` renders a snippet."""

    def render(snippet: str, path: str = "/things/", **values) -> str:
        request = RequestFactory().get(path)
        request.actor, request.school = Actor.anonymous(), None
        template = engines["django"].from_string("{% load ui %}" + snippet)
        return template.render(values, request)

    return render
