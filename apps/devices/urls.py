"""Addresses on a school's host. What begins with desk/ is the tablet's own; see settings.DESK_PATH."""

from django.urls import path

from .views import desk, devices, pins, tablet

app_name = "devices"
urlpatterns = [
    path("devices/", devices.device_list, name="list"),
    path("devices/new/", devices.create, name="create"),
    path("devices/pins/", pins.pin_list, name="pins"),
    path("devices/pins/<uuid:user_id>/code/", pins.code, name="pin_code"),
    path("devices/pins/<uuid:user_id>/lift/", pins.lift, name="pin_lift"),
    path("devices/pins/<uuid:user_id>/remove/", pins.remove, name="pin_remove"),
    path("devices/<uuid:device_id>/", devices.detail, name="detail"),
    path("devices/<uuid:device_id>/edit/", devices.edit, name="edit"),
    path("devices/<uuid:device_id>/code/", devices.code, name="code"),
    path("devices/<uuid:device_id>/enrolled/", devices.enrolled, name="enrolled"),
    path("devices/<uuid:device_id>/revoke/", devices.revoke, name="revoke"),
    path("devices/<uuid:device_id>/lift/", devices.lift, name="lift"),
    path("account/pin/", pins.own, name="own_pin"),
    path("account/pin/remove/", pins.remove_own, name="own_pin_remove"),
    path("desk/", tablet.start, name="desk"),
    path("desk/enrol/", tablet.enrol, name="enrol"),
    path("desk/pick/", tablet.pick, name="pick"),
    path("desk/photos/<uuid:user_id>/", tablet.photo, name="desk_photo"),
    path("desk/back/", tablet.back, name="back"),
    path("desk/pin/", tablet.pin, name="pin"),
    path("desk/pin/new/", tablet.new_pin, name="new_pin"),
    path("desk/pulse/", tablet.pulse, name="pulse"),
    path("desk/sign-out/", tablet.sign_out, name="sign_out"),
    path("desk/reopen/", tablet.reopen, name="reopen"),
    path("desk/reopen/microsoft/", tablet.reopen_microsoft, name="reopen_microsoft"),
    path("desk/reopen/arrive/", tablet.reopen_arrive, name="reopen_arrive"),
    path("desk/campus/", desk.campus, name="desk_campus"),
    path("desk/memberships/", desk.memberships, name="desk_memberships"),
    path("desk/language/", desk.language, name="desk_language"),
    path("desk/stay/", desk.stay, name="stay"),
    path("desk/done/", desk.done, name="done"),
]
