"""Shared devices, for those who manage them."""

from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.selectors import place_name, places
from apps.accounts.views.common import put_errors
from apps.audit.tables import Columns, csv_of
from apps.core.errors import Invalid
from apps.core.permissions import require_fresh
from apps.core.ui import Tab
from apps.core.web import done, form_page, page, requires

from .. import selectors
from ..forms import DeviceForm, RevokeForm
from ..machine import State
from ..models import Device, GuessCount
from ..permissions import AT_DESKS, DEVICES_MANAGE, DEVICES_VIEW, PINS_VIEW
from ..services import devices as services
from ..services.pins import spaced


def tabs(request: HttpRequest) -> list[Tab]:
    found = [Tab("devices", _("Devices"), url=reverse("devices:list"))]
    if PINS_VIEW.allows(request.actor):
        found.append(Tab("pins", _("PINs"), url=reverse("devices:pins")))
    return found


def _shown(device: Device, names: dict) -> dict[str, Any]:
    now = timezone.now()
    state = selectors.state_now(device, now)
    return {
        "row": device,
        "state": f"device-{state.value}",
        "place": place_name(device.scope, names),
        "person": device.picked if state == State.DESK else None,
        "locked_until": selectors.locked_until(GuessCount.Kind.DEVICE, device.pk, now),
        "is_revoked": state == State.REVOKED,
        "has_code": device.has_code(now),
    }


COLUMNS: Columns = {
    "device": lambda one: one["row"].name,
    "where": lambda one: one["row"].spot,
    "place": lambda one: one["place"],
    "state": lambda one: str(one["state"]).removeprefix("device-"),
    "locked_until": lambda one: one["locked_until"],
    "permissions": lambda one: one["row"].permissions,
    "enrolled_at": lambda one: one["row"].enrolled_at,
    "last_seen_at": lambda one: one["row"].last_seen_at,
}


@requires(DEVICES_VIEW)
@require_safe
def device_list(request: HttpRequest) -> HttpResponseBase:
    names = places()
    found = [_shown(device, names) for device in selectors.visible_devices(actor=request.actor)[:500]]
    found.sort(key=lambda one: bool(one["is_revoked"]))
    if file := csv_of(request, "devices", found, COLUMNS):
        return file
    context = {"devices": found, "tabs": tabs(request), "may_manage": DEVICES_MANAGE.allows(request.actor)}
    return page(request, "devices/device_list.html", context)


@requires(DEVICES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    require_fresh(request.actor)
    form = DeviceForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if request.method != "POST":
        return page(request, "devices/device_form.html", {"form": form})
    if form.is_valid():
        try:
            device = services.create_device(actor=request.actor, wanted=form.wanted, now=timezone.now())
            return redirect("devices:detail", device.pk)
        except Invalid as refused:
            put_errors(form, refused)
    return form_page(request, "devices/device_form.html", {"form": form})


@requires(DEVICES_VIEW)
@require_safe
def detail(request: HttpRequest, device_id: UUID) -> HttpResponse:
    device = selectors.get_device(actor=request.actor, device_id=device_id)
    context = {
        **_shown(device, places()),
        "device": device,
        "rights": [AT_DESKS[code].label for code in device.permissions if code in AT_DESKS],
        "may_manage": DEVICES_MANAGE.allows(request.actor, device),
        "revoke_form": RevokeForm(),
    }
    return page(request, "devices/device_detail.html", context)


@requires(DEVICES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, device_id: UUID) -> HttpResponse:
    device = selectors.get_device(actor=request.actor, device_id=device_id)
    DEVICES_MANAGE.require(request.actor, device)
    form = DeviceForm.of(device, request.actor, request.POST if request.method == "POST" else None)
    context = {"form": form, "device": device}
    if request.method != "POST":
        return page(request, "devices/device_form.html", context)
    if form.is_valid():
        try:
            services.change_device(actor=request.actor, device_id=device_id, wanted=form.wanted, now=timezone.now())
            return done(request, to=reverse("devices:detail", args=[device_id]), message=_("The device is saved."))
        except Invalid as refused:
            put_errors(form, refused)
    return form_page(request, "devices/device_form.html", context)


@requires(DEVICES_MANAGE)
@require_POST
def code(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """The code, shown once: only its keyed hash is kept."""
    made = services.make_code(actor=request.actor, device_id=device_id, now=timezone.now())
    device = selectors.get_device(actor=request.actor, device_id=device_id)
    address = request.build_absolute_uri(reverse("devices:enrol"))
    # behind the "#": it reaches the tablet, but no server and no log
    picture = segno.make(f"{address}#{made}", error="m").svg_inline(scale=6, border=2, dark="#111", light="#fff")
    context = {
        "device": device,
        "code": spaced(made),
        "address": address,
        "picture": mark_safe(picture),  # noqa: S308 drawn by segno from our own text
    }
    return page(request, "devices/device_code.html", context)


@requires(DEVICES_MANAGE)
@require_safe
def enrolled(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Asked by the page with the code: goes on when the tablet is there."""
    device = selectors.get_device(actor=request.actor, device_id=device_id)
    if device.state == State.WAITING and device.has_code(timezone.now()):
        return HttpResponse(status=204)
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("devices:detail", args=[device_id])})


@requires(DEVICES_MANAGE)
@require_POST
def revoke(request: HttpRequest, device_id: UUID) -> HttpResponse:
    form = RevokeForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    services.revoke_device(actor=request.actor, device_id=device_id, reason=reason, now=timezone.now())
    return done(request, to=reverse("devices:detail", args=[device_id]), message=_("The device is revoked."))


@requires(DEVICES_MANAGE)
@require_POST
def lift(request: HttpRequest, device_id: UUID) -> HttpResponse:
    lifted = services.lift(actor=request.actor, device_id=device_id, now=timezone.now())
    message = _("The lock is lifted.") if lifted else _("This was not locked any more.")
    return done(request, to=reverse("devices:detail", args=[device_id]), message=message)
