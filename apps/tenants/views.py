"""What the edge server asks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.core.web import public

from . import hosts


@public("the edge server asks before it issues a certificate; the answer is what anybody sees by opening the host")
@require_safe
@never_cache
def may_issue(request: HttpRequest) -> HttpResponse:
    """200 when `domain` is answered here, 404 otherwise, and nothing more (Caddy's on-demand TLS "ask").

    Costs no more than a visit of that host: what was asked is remembered, also the names that are nobody's.
    """
    host = hosts.normal_host(request.GET.get("domain", "")[:300])
    status = 200 if hosts.is_served(host) else 404
    return HttpResponse("yes\n" if status == 200 else "no\n", status=status, content_type="text/plain")
