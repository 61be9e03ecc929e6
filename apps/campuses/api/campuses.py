"""Campuses, their places and approved domains."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible

from ..models import ApprovedDomain, Campus, Place
from ..permissions import CAMPUSES_MANAGE, CAMPUSES_VIEW, PLACES_MANAGE
from ..selectors import get_campus, get_place, visible_campuses
from ..services import campuses as services
from .shapes import (
    CampusChange,
    CampusInput,
    CampusOut,
    CampusQuery,
    DomainInput,
    DomainOut,
    PlaceChange,
    PlaceInput,
    PlaceOut,
)

TAG = "Campuses"
BY_NAME = ("name", "id")
EXAMPLE = {"name": "Lyon", "code": "LYO", "time_zone": "Europe/Paris"}


class CampusesView(ApiView):
    tag = TAG

    @operation("list_campuses", "Campuses", query=CampusQuery, answer=page_type(CampusOut))
    def get(self, call: Call) -> Any:
        """Those you run or oversee, by name; the archived ones on request."""
        found = visible_campuses(actor=call.actor, archived=call.query["archived"])
        return page_of(found, call.query, BY_NAME)

    @operation("create_campus", "Add a campus", body=CampusInput, answer=CampusOut, status=201, example=EXAMPLE)
    def post(self, call: Call) -> Any:
        """Its code is used once in the school."""
        campus = services.create_campus(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("campuses_api:campus", args=[campus.pk]))
        return campus


class CampusView(ApiView):
    tag = TAG

    @operation("get_campus", "One campus", answer=CampusOut, versioned=True)
    def get(self, call: Call, campus_id: UUID) -> Any:
        """Archived or not."""
        return get_campus(actor=call.actor, campus_id=campus_id)

    @operation("update_campus", "Change a campus", body=CampusChange, answer=CampusOut, versioned=True)
    def patch(self, call: Call, campus_id: UUID) -> Any:
        """Only the fields that are sent change."""
        shown = partial(get_campus, actor=call.actor, campus_id=campus_id)
        shown()
        with call.unchanged(shown, row(Campus, campus_id)):
            services.update_campus(actor=call.actor, campus_id=campus_id, now=call.now, **call.body)
        return shown()

    @operation("archive_campus", "Archive a campus", status=204, thing=CampusOut, versioned=True)
    def delete(self, call: Call, campus_id: UUID) -> None:
        """It keeps its history, gives no rights and takes nobody in. Twice changes nothing."""
        shown = partial(get_campus, actor=call.actor, campus_id=campus_id)
        shown()
        with call.unchanged(shown, row(Campus, campus_id)):
            services.archive_campus(actor=call.actor, campus_id=campus_id, now=call.now)


class RestorationView(ApiView):
    tag = TAG

    @operation("restore_campus", "Open an archived campus again", answer=CampusOut)
    def post(self, call: Call, campus_id: UUID) -> Any:
        """Twice changes nothing."""
        return services.restore_campus(actor=call.actor, campus_id=campus_id, now=call.now)


class PlacesView(ApiView):
    tag = TAG

    @operation("list_places", "Places of a campus", query=Paging, answer=page_type(PlaceOut))
    def get(self, call: Call, campus_id: UUID) -> Any:
        """Rooms and other spots, by name."""
        return page_of(get_campus(actor=call.actor, campus_id=campus_id).places.all(), call.query, BY_NAME)

    @operation("create_place", "Add a place", body=PlaceInput, answer=PlaceOut, status=201, example={"name": "Room 12"})
    def post(self, call: Call, campus_id: UUID) -> Any:
        """A name is used once per campus."""
        place = services.add_place(actor=call.actor, campus_id=campus_id, now=call.now, **call.body)
        call.created(reverse("campuses_api:place", args=[campus_id, place.pk]))
        return place


class PlaceView(ApiView):
    tag = TAG

    @operation("get_place", "One place", answer=PlaceOut, versioned=True)
    def get(self, call: Call, campus_id: UUID, place_id: UUID) -> Any:
        """Of a campus you see."""
        return get_place(actor=call.actor, campus_id=campus_id, place_id=place_id)

    @operation("update_place", "Change a place", body=PlaceChange, answer=PlaceOut, versioned=True)
    def patch(self, call: Call, campus_id: UUID, place_id: UUID) -> Any:
        """Only the fields that are sent change; what refers to the place follows."""
        shown = partial(get_place, actor=call.actor, campus_id=campus_id, place_id=place_id)
        shown()
        with call.unchanged(shown, row(Place, place_id)):
            place = shown()
            values = {"name": place.name, "capacity": place.capacity, **call.body}
            services.change_place(actor=call.actor, campus_id=campus_id, place_id=place_id, now=call.now, **values)
        return shown()

    @operation("delete_place", "Remove a place", status=204, thing=PlaceOut, versioned=True)
    def delete(self, call: Call, campus_id: UUID, place_id: UUID) -> None:
        """One that is gone is a 404."""
        shown = partial(get_place, actor=call.actor, campus_id=campus_id, place_id=place_id)
        shown()
        with call.unchanged(shown, row(Place, place_id)):
            services.remove_place(actor=call.actor, campus_id=campus_id, place_id=place_id, now=call.now)


class DomainsView(ApiView):
    tag = TAG

    @operation("list_domains", "Approved e-mail domains of a campus", query=Paging, answer=page_type(DomainOut))
    def get(self, call: Call, campus_id: UUID) -> Any:
        """While a school has none at all, addresses of every domain may join."""
        return page_of(get_campus(actor=call.actor, campus_id=campus_id).domains.all(), call.query, ("domain", "id"))

    @operation(
        "approve_domain",
        "Approve an e-mail domain",
        body=DomainInput,
        answer=DomainOut,
        status=201,
        example={"domain": "students.school.fr"},
    )
    def post(self, call: Call, campus_id: UUID) -> Any:
        """Again for the same campus changes nothing; a domain belongs to one campus."""
        domain = services.approve_domain(
            actor=call.actor, campus_id=campus_id, domain=call.body["domain"], now=call.now
        )
        call.created(reverse("campuses_api:domain", args=[campus_id, domain.pk]))
        return domain


class DomainView(ApiView):
    tag = TAG

    @operation("get_domain", "One approved domain", answer=DomainOut, versioned=True)
    def get(self, call: Call, campus_id: UUID, domain_id: UUID) -> Any:
        """Of a campus you see."""
        return _domain(call, campus_id, domain_id)

    @operation("remove_domain", "Stop accepting a domain", status=204, thing=DomainOut, versioned=True)
    def delete(self, call: Call, campus_id: UUID, domain_id: UUID) -> None:
        """People who are here stay, until a directory run says otherwise. Twice changes nothing."""
        with call.unchanged(partial(_domain, call, campus_id, domain_id), row(ApprovedDomain, domain_id)):
            services.remove_domain(actor=call.actor, campus_id=campus_id, domain_id=domain_id, now=call.now)


def _domain(call: Call, campus_id: UUID, domain_id: UUID) -> ApprovedDomain:
    found = get_campus(actor=call.actor, campus_id=campus_id).domains.filter(pk=domain_id).first()
    if found is None:
        raise NotVisible
    return found


campuses = api_requires(CAMPUSES_VIEW, post=CAMPUSES_MANAGE)(CampusesView)
campus = api_requires(CAMPUSES_VIEW, patch=CAMPUSES_MANAGE, delete=CAMPUSES_MANAGE)(CampusView)
restoration = api_requires(CAMPUSES_MANAGE)(RestorationView)
places = api_requires(CAMPUSES_VIEW, post=PLACES_MANAGE)(PlacesView)
place = api_requires(CAMPUSES_VIEW, patch=PLACES_MANAGE, delete=PLACES_MANAGE)(PlaceView)
domains = api_requires(CAMPUSES_VIEW, post=CAMPUSES_MANAGE)(DomainsView)
domain = api_requires(CAMPUSES_VIEW, delete=CAMPUSES_MANAGE)(DomainView)
