"""From the platform's own host with Microsoft to one's school; for an unknown organisation, perhaps a new school.

Making schools this way is a setting of the platform, off by default (MICROSOFT_JUST_IN_TIME_SCHOOLS). It asks for
two proofs: an administrator of the organisation has signed in, and the directory app is allowed there.
"""

import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.microsoft import identity
from apps.microsoft.errors import GraphForbidden
from apps.microsoft.graph import Graph
from apps.microsoft.identity import IdClaims
from apps.microsoft.login import ORGANISATIONS
from apps.microsoft.refusals import Reason, refusal
from apps.microsoft.registration import sign_in_app
from apps.tenants.context import activated, platform
from apps.tenants.database import owner_connection
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.models import ProviderBinding, School
from apps.tenants.names import RESERVED
from apps.tenants.services.provisioning import provision_school

from .. import acts, hooks
from ..credentials import digest, new_secret
from ..models import SignInFlow
from . import linking
from .microsoft_sign_in import CALLBACK, FLOW_LIVES, LIKE_A_SECRET, Departure, FlowLost

MICROSOFT = ProviderBinding.Provider.MICROSOFT
OURS = "platform"  # how the state begins; the platform keeps this name, so no school has it
CREATING = 7_245_111  # advisory lock class; the second key is the organisation
MOST_NAMES = 50


class SchoolUnknown(DomainError):
    code = "school-unknown"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            _("Your school is not on Campanile yet. Ask the administration of your school, or write to the platform.")
        )


class SchoolClosed(DomainError):
    code = "school-closed"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Your school's access is closed at the moment. Ask the administration of your school."))


@dataclass(frozen=True, slots=True)
class Found:
    """The school of who came back, and whether it was made just now."""

    school: School
    is_new: bool
    email: str

    @property
    def url(self) -> str:
        return school_url(self.school, "/sign-in/microsoft/")


def is_ours(state: str) -> bool:
    return state.startswith(f"{OURS}.")


def begin(*, browser: str, now: datetime) -> Departure:
    """Leave for Microsoft from the platform's host. Raises NotConfigured, SignInRefused."""
    browser = browser if LIKE_A_SECRET.fullmatch(browser) else new_secret()
    state = f"{OURS}.{new_secret()}"
    flow = identity.begin_sign_in(
        sign_in_app(), ORGANISATIONS, platform_url(CALLBACK), state=state, prompt="select_account"
    )
    with platform():
        SignInFlow.objects.create(
            purpose=SignInFlow.Purpose.SIGN_IN,
            state_hash=digest(state),
            browser_hash=digest(browser),
            expires_at=now + FLOW_LIVES,
            data=flow.data,
        )
    return Departure(flow.url, browser)


def complete(*, params: Mapping[str, str], browser: str, now: datetime) -> Found:
    """The school of the organisation that came back, in the browser that began.

    Raises FlowLost, SignInRefused, SchoolUnknown, SchoolClosed, NotAdministrator, GraphError.
    """
    data = _use(str(params.get("state") or "")[:200], browser, now)
    claims = identity.complete_sign_in(sign_in_app(), data, params, expected_tenant_id=None, now=now)
    if claims.is_guest:
        raise refusal(Reason.WRONG_ACCOUNT)
    school = _school_of(claims.tenant_id)
    if school is not None:
        return _opened(school, claims)
    if not settings.MICROSOFT_JUST_IN_TIME_SCHOOLS:
        raise SchoolUnknown
    return _create(claims, now)


def _use(state: str, browser: str, now: datetime) -> dict[str, object]:
    """What msal kept for this state: given once, to the browser that began."""
    with platform(), transaction.atomic():
        flow = SignInFlow.objects.select_for_update().filter(state_hash=digest(state), used_at=None).first()
        if flow is None or now >= flow.expires_at or not hmac.compare_digest(flow.browser_hash, digest(browser)):
            raise FlowLost
        data, flow.data, flow.used_at = flow.data, {}, now
        flow.save(update_fields=["data", "used_at"])
    return data


def _school_of(tenant_id: str) -> School | None:
    with platform():
        held = ProviderBinding.objects.select_related("school").filter(provider=MICROSOFT, external_id=tenant_id)
        binding = held.first()
    return binding.school if binding else None


def _opened(school: School, claims: IdClaims) -> Found:
    if not school.is_open:
        raise SchoolClosed
    return Found(school, is_new=False, email=claims.preferred_username)


def _create(claims: IdClaims, now: datetime) -> Found:
    """A school for this organisation: one, however many ask at once. Repeating it finishes what was begun."""
    email = claims.preferred_username.strip().lower()
    actor = Actor.system(f"{email} · Microsoft"[:200], surface="web")
    with platform():
        linking.require_administrator(actor=actor, claims=claims)
    try:
        with Graph(claims.tenant_id) as graph:
            organisation = graph.organization()
    except GraphForbidden:
        raise refusal(Reason.CONSENT) from None
    with owner_connection(autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [CREATING, claims.tenant_id])
        school = _school_of(claims.tenant_id)
        if school is not None:
            return _opened(school, claims)
        name = " ".join(organisation.name.split())[:120]
        slug = _free_slug(name, email)
        school = provision_school(actor=actor, slug=slug, name=name, owner_email=email, now=now)
        _bind(actor, school, claims.tenant_id, name, now)
    return Found(school, is_new=True, email=email)


def _free_slug(name: str, email: str) -> str:
    """The organisation's name as a short name that no other school has; one that was begun for the same owner and
    never linked is gone on with.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-").lstrip("0123456789-")[:34].strip("-") or "school"
    for number in range(1, MOST_NAMES):
        slug = stem if number == 1 else f"{stem}-{number}"
        if slug in RESERVED:
            continue
        with platform():
            held = School.objects.filter(slug=slug).first()
            begun = held and held.owner_email == email and held.status == School.Status.PENDING
            if held is None or (begun and not ProviderBinding.objects.filter(school=held).exists()):
                return slug
    return f"{stem[:27]}-{new_secret()[:6].lower().replace('_', '0').replace('-', '0')}"


@transaction.atomic
def _bind(actor: Actor, school: School, tenant_id: str, name: str, now: datetime) -> None:
    with platform():
        binding = ProviderBinding.objects.create(
            provider=MICROSOFT, external_id=tenant_id, school=school, name=name[:200]
        )
    with activated(school):
        record(
            actor=actor,
            act=acts.ORGANISATION_LINKED,
            target_label=name,
            changes={"organisation": [None, tenant_id]},
            data={"name": name},
        )
        hooks.organisation_linked.send(actor=actor, binding=binding, now=now)
