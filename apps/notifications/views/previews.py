"""Every message as it would arrive, with invented data, in every language."""

from contextlib import suppress
from urllib.parse import urlencode

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import NotVisible
from apps.core.navigation import layout_of
from apps.core.ui import Tab
from apps.core.web import done, page, requires
from apps.tenants.context import current_schema

from .. import kinds
from ..forms import OwnTextForm
from ..permissions import MESSAGES_MANAGE, MESSAGES_VIEW, PLATFORM_MESSAGES
from ..services.own_texts import Words, change_text, own_words
from ..services.previewing import example_of

DRAFT = "words of a message that nobody saved"
# A mail brings its own styles and runs nothing; only a page of this host may frame it.
POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups"],
}


def _known(code: str) -> kinds.Kind:
    if code not in kinds.REGISTRY:
        raise NotVisible
    return kinds.REGISTRY[code]


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("language", request.LANGUAGE_CODE)
    return wanted if wanted in dict(settings.LANGUAGES) else "en"


@require_GET
def _kind_list(request: HttpRequest) -> HttpResponse:
    sections = [
        (category, [one for one in kinds.REGISTRY.values() if one.category == category])
        for category in kinds.categories()
    ]
    crumbs = [(_("Messages"), reverse("notifications:messages")), (_("Texts"), "")]
    return page(
        request, "notifications/kinds.html", {"layout": layout_of(request), "sections": sections, "crumbs": crumbs}
    )


def _salt() -> str:
    """A draft opens in the school it was written in only."""
    return f"{DRAFT}:{current_schema()}"


def shown(
    request: HttpRequest,
    kind: kinds.Kind,
    language: str,
    *,
    form: OwnTextForm | None = None,
    words: Words | None = None,
) -> HttpResponse:
    """One text; with `words` that nobody saved yet, which the frame gets signed."""
    own = own_words(kind, language)
    may_adapt = kind.adaptable and request.school is not None and MESSAGES_MANAGE.allows(request.actor)
    initial = {"language": language, "subject": own.subject, "intro": own.intro}
    draft = signing.dumps([words.subject, words.intro], salt=_salt(), compress=True) if words else ""
    context = {
        "layout": layout_of(request),
        "kind": kind,
        "letter": example_of(kind, language, words),
        "form": (form or OwnTextForm(initial=initial)) if may_adapt else None,
        "own": own,
        "frame": urlencode({"language": language, **({"draft": draft} if draft else {})}),
        "is_draft": words is not None,
        "languages": [
            Tab("" if tag == request.LANGUAGE_CODE else tag, name)
            for tag, name in sorted(settings.LANGUAGES, key=lambda pair: pair[0] != request.LANGUAGE_CODE)
        ],
        "crumbs": [
            (_("Messages"), reverse("notifications:messages")),
            (_("Texts"), reverse("notifications:kinds")),
            (kind.name, ""),
        ],
    }
    return page(request, "notifications/kind.html", context, status=422 if form and form.errors else 200)


@require_GET
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # typed for views without arguments
def _kind_detail(request: HttpRequest, code: str) -> HttpResponse:
    return shown(request, _known(code), _language(request))


@requires(MESSAGES_MANAGE)
@require_POST
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def own_text(request: HttpRequest, code: str) -> HttpResponse:
    """The school's own words: shown first when that was asked for, or saved."""
    kind, form = _known(code), OwnTextForm(request.POST)
    if not kind.adaptable:
        raise NotVisible
    if not form.is_valid():
        return shown(request, kind, _language(request), form=form)
    language = form.cleaned_data["language"]
    if request.POST.get("act") == "preview":
        return shown(request, kind, language, form=form, words=form.words)
    change_text(actor=request.actor, code=code, language=language, words=form.words)
    back = f"{reverse('notifications:kind', args=[code])}?{urlencode({'language': language})}"
    return done(request, to=back, message=_("The text is saved: messages use it from now on."))


@require_GET
@xframe_options_exempt
@csp(POLICY)  # type: ignore[arg-type]
def _kind_page(request: HttpRequest, code: str) -> HttpResponse:
    """The page of the mail alone, for the frame."""
    kind, words = _known(code), None
    with suppress(signing.BadSignature):
        draft = request.GET.get("draft")
        words = Words(*signing.loads(draft, salt=_salt(), max_age=600)) if draft and kind.adaptable else None
    return HttpResponse(example_of(kind, _language(request), words).html)


# The same doors on two hosts, each with the permission of its own.
kind_list = requires(MESSAGES_VIEW)(_kind_list)
kind_detail = requires(MESSAGES_VIEW)(_kind_detail)
kind_page = requires(MESSAGES_VIEW)(_kind_page)
platform_kinds = requires(PLATFORM_MESSAGES)(_kind_list)
platform_kind = requires(PLATFORM_MESSAGES)(_kind_detail)
platform_kind_page = requires(PLATFORM_MESSAGES)(_kind_page)
