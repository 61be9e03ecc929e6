"""What is done to a person from their page (the page itself is the portal's)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.middleware import back
from apps.core.web import done, requires

from ..permissions import PEOPLE_SUSPEND, SESSIONS_END
from ..selectors import get_person
from ..services import lifecycle


@requires(PEOPLE_SUSPEND)
@require_POST
def suspend(request: HttpRequest, user_id: UUID) -> HttpResponse:
    person = get_person(request.actor, user_id)
    lifecycle.suspend_users(request.actor, [person.pk], request.POST.get("reason", ""), now=timezone.now())
    message = _("%(name)s is suspended and signed out everywhere.") % {"name": person.name}
    return done(request, to=back(request), message=message)


@requires(PEOPLE_SUSPEND)
@require_POST
def reinstate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    person = get_person(request.actor, user_id)
    lifecycle.reinstate_users(request.actor, [person.pk], request.POST.get("reason", ""), now=timezone.now())
    return done(request, to=back(request), message=_("%(name)s can sign in again.") % {"name": person.name})


@requires(SESSIONS_END)
@require_POST
def end_sessions(request: HttpRequest, user_id: UUID) -> HttpResponse:
    person = get_person(request.actor, user_id)
    lifecycle.end_sessions(request.actor, [person.pk], request.POST.get("reason", ""))
    message = _("%(name)s is signed out everywhere.") % {"name": person.name}
    return done(request, to=back(request), message=message)
