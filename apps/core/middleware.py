"""The outer doors: one request id, one client address, one translation of refusals."""

import codecs
import json
import logging
import time
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from . import requestinfo
from .errors import DomainError, Refusal, StepUpRequired

logger = logging.getLogger("campanile.request")


class RequestIdMiddleware:
    """Gives every request one id, returned in X-Request-ID and carried into logs, jobs and provider calls."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = requestinfo.new_request_id(request.headers.get("X-Request-ID", ""))
        started = time.perf_counter()
        with requestinfo.bound(request_id=request.request_id):
            response = self.get_response(request)
            if not request.path.startswith("/healthz/"):
                match = request.resolver_match
                logger.info(
                    "request",
                    extra={
                        "method": request.method,
                        "route": match.view_name if match else "",
                        "path": request.path,
                        "status": response.status_code,
                        "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                        "address": request.META.get("REMOTE_ADDR", ""),
                    },
                )
        response["X-Request-ID"] = request.request_id
        return response


class ClientAddressMiddleware:
    """The only place that decides who is calling, from the number of proxies we run ourselves.

    Rewrites REMOTE_ADDR and drops the forwarding headers, so that no library reads a forged one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        from django.conf import settings

        self.get_response = get_response
        self.hops = settings.TRUSTED_PROXY_HOPS

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        for header in ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_CF_CONNECTING_IP"):
            request.META.pop(header, None)
        if self.hops and forwarded:
            chain = [part.strip() for part in forwarded.split(",")]
            # a chain that is too short did not come through all our proxies: the caller wrote it
            if len(chain) >= self.hops and valid_address(chain[-self.hops]):
                request.META["REMOTE_ADDR"] = chain[-self.hops]
        if not valid_address(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = "127.0.0.1"  # a unix socket has no address
        return self.get_response(request)


def valid_address(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class NotUtf8(Refusal):
    code = "unsupported-media-type"
    status = 415

    def __init__(self) -> None:
        super().__init__("Send text as UTF-8.")


class OnlyUtf8Middleware:
    """Refuses every other charset: Django would decode with any codec of Python that the caller names, and fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_utf8((request.content_params or {}).get("charset", "utf-8")):
            if request.path.startswith("/api/"):
                return problem(NotUtf8(), request)
            return HttpResponse("Send text as UTF-8.\n", content_type="text/plain", status=415)
        return self.get_response(request)


def is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name == "utf-8"
    except (LookupError, ValueError):
        return False


class DomainErrorMiddleware:
    """One translation of refusals, so that no view needs a try block."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError) and not (
            isinstance(error, StepUpRequired) and request.path.startswith("/api/")
        ):
            return None
        if request.path.startswith("/api/"):
            return problem(error, request)
        if request.htmx:
            return toast(error)
        if request.method in ("GET", "HEAD") or error.status in (403, 404):
            template = f"{error.status}.html" if error.status in (403, 404) else "errors/refused.html"
            return render(request, template, {"error": error}, status=error.status)
        messages.error(request, str(error))
        return redirect(back(request))


def toast(error: Refusal) -> HttpResponse:
    """For HTMX: the page stays as it is, and says why."""
    news = {"toast": {"text": str(error), "kind": "error"}}
    return HttpResponse(status=error.status, headers={"HX-Trigger": json.dumps(news), "HX-Reswap": "none"})


def back(request: HttpRequest) -> str:
    """The page a form came from, if it is ours."""
    referer = request.headers.get("Referer", "")
    return referer if url_has_allowed_host_and_scheme(referer, {request.get_host()}) else "/"


def problem(error: Refusal, request: HttpRequest) -> JsonResponse:
    """RFC 9457 problem details."""
    body = {
        "type": f"urn:campanile:{error.code}",
        "title": str(error),
        "status": error.status,
        "code": error.code,
        "request_id": getattr(request, "request_id", ""),
    }
    if fields := getattr(error, "fields", None):
        body["errors"] = {name: [str(e) for e in errors] for name, errors in fields.items()}
    return JsonResponse(body, status=error.status, content_type="application/problem+json")


class SecurityHeadersMiddleware:
    """Headers of every answer that Django's SecurityMiddleware and django-csp do not set (SEC-1)."""

    HEADERS = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            if name == "X-Frame-Options" and getattr(response, "xframe_options_exempt", False):
                continue  # the one page that another site must frame says in its CSP which one
            response.headers.setdefault(name, value)
        # no cache on the way may serve one person's page to another; static files say themselves how long they keep
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
