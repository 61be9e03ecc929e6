"""The two pages of `bench tenancy`, each readable through any connection, and the people they show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

PEOPLE = 50
SHORT = 25  # of them on the light page
LIST = "{% for one in people %}<li>{{ one.given_name }} {{ one.family_name }} {{ one.email }}</li>{% endfor %}"

View = Callable[[Any], Any]


def light(alias: str) -> View:
    """Two statements and a loop: the price of tenancy with next to nothing around it."""
    from django.http import HttpResponse
    from django.template import Context, Engine

    from apps.accounts.models import User

    template = Engine().from_string(LIST)

    def page(request: Any) -> HttpResponse:
        people = User.objects.using(alias).order_by("family_name", "given_name", "id")
        count = people.count()
        return HttpResponse(template.render(Context({"people": people[:SHORT], "count": count})))

    return page


def product(alias: str) -> View:
    """The product's own list of people: who asks and may what, campuses, counts, a page of people, its template."""
    from apps.accounts.models import User
    from apps.accounts.selectors import actor_for
    from apps.portal.views.people import people_list
    from apps.tenants.context import activated

    def page(request: Any) -> Any:
        with routed(alias), activated(request.school):
            request.user = User.objects.get(email=f"p0@{request.school.slug}.example")
            request.actor = actor_for(request.user)
            return people_list(request)

    return page


def request_for(school: Any, host: str) -> Any:
    """What the middleware before the view would have made of a request, but for the school's connection."""
    from django.test import RequestFactory

    request = RequestFactory(SERVER_NAME=host, HTTP_HOST=host).get("/people/")
    facts = {
        "request_id": "", "school": school, "user": None, "htmx": False, "session": {}, "session_ended": "",
        "place": None, "support": None, "LANGUAGE_CODE": "fr",
    }  # fmt: skip
    for name, value in facts.items():
        setattr(request, name, value)
    return request


# --- which connection the product's own queries take -----------------------------------------------------

_alias: ContextVar[str] = ContextVar("bench_alias", default="default")


class Routed:
    """Before the product's own router: what is a school's is read through the connection that is being measured.

    The product's own memory of hosts and schools asks the platform now and then: that stays where it is.
    """

    @staticmethod
    def db_for_read(model: Any, **hints: Any) -> str:
        return "default" if model._meta.app_label == "tenants" else _alias.get()


@contextmanager
def routed(alias: str) -> Iterator[None]:
    from django.db import router

    if not any(isinstance(one, Routed) for one in router.routers):
        router.routers.insert(0, Routed())
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


# --- the people ------------------------------------------------------------------------------------------


def seed(school: Any) -> None:
    """Fifty people at two campuses; the first is an administrator."""
    from django.utils import timezone

    from apps.accounts.models import Grant, User
    from apps.campuses.models import Campus, CampusMembership
    from apps.tenants.context import activated

    now = timezone.now()
    with activated(school):
        people = User.objects.bulk_create(
            User(email=f"p{n}@{school.slug}.example", given_name="Camille", family_name=f"M{n:02}", password="!",
                 status="active")
            for n in range(PEOPLE)
        )  # fmt: skip
        Grant.objects.create(user=people[0], role="admin")
        campuses = Campus.objects.bulk_create(Campus(name=name, code=name[:3]) for name in ("Lyon", "Paris"))
        CampusMembership.objects.bulk_create(
            CampusMembership(
                user=one, campus=campuses[number % 2], role="member", state="active", source="manual", cause="admin",
                first_seen_at=now, last_seen_at=now,
            )
            for number, one in enumerate(people)
        )  # fmt: skip
