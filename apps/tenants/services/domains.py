"""A school's own domains (TEN-2): claimed, proven in the DNS, watched, and withdrawn when the proof is gone."""

import ipaddress
import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.tenants import acts, context, hosts, proofs
from apps.tenants.models import Host, School
from apps.tenants.permissions import SCHOOL_DOMAINS
from apps.tenants.proofs import Proof

MOST_PER_SCHOOL = 20
MISSING_CHECKS = 3  # withdrawn after the proof was missing this often in a row...
MISSING_FOR = timedelta(hours=24)  # ...and for this long
CHECKED_EVERY = timedelta(minutes=50)  # a little less than the clock's hour
RUN_FOR = 300.0  # seconds; the next run goes on where this one ended
PER_RUN = 500  # names per run of the clock; the oldest first, so that all get their turn
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
TOP_LEVEL = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]", re.ASCII)
NEVER_PUBLIC = ("localhost", "local", "internal", "invalid", "onion", "arpa")

Purpose, State = Host.Purpose, Host.State


class TooManyDomains(DomainError):
    code = "too-many-domains"


class DomainTaken(DomainError):
    """Another school has this domain verified."""

    code = "domain-taken"


class ProofMissing(DomainError):
    """The DNS answered, and the record is not there or says something else."""

    code = "proof-missing"


class DnsUnreachable(DomainError):
    """The DNS did not answer: nothing is known, nothing was changed."""

    code = "dns-unreachable"
    status = 503


@dataclass(slots=True)
class Checked:
    """What a run of recheck_all did."""

    confirmed: int = 0
    missing: int = 0
    withdrawn: int = 0
    unreachable: int = 0


# --- names -----------------------------------------------------------------------------------------------


def normal_domain(text: str) -> str:
    """What was typed (also an address, upper case, a dot at the end, accents) as the DNS writes it.

    Raises Invalid for what can be no school's domain.
    """
    typed = text.strip().lower()
    if "//" in typed:
        try:
            typed = urlsplit(typed).hostname or ""
        except ValueError:
            typed = ""
    name = typed.strip("/").removesuffix(".")
    try:
        name = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _wrong(_("Enter a domain such as campus.example.org.")) from None
    if _is_ip_address(name):
        raise _wrong(_("Enter a domain, not an IP address."))
    labels = name.split(".")
    if len(name) > 240 or not all(LABEL.fullmatch(label) for label in labels):
        raise _wrong(_("Enter a domain such as campus.example.org."))
    if len(labels) < 2 or not TOP_LEVEL.fullmatch(labels[-1]):
        raise _wrong(_("Enter a whole domain with its ending, such as campus.example.org."))
    if hosts.is_under_platform(name):
        raise _wrong(_("This name belongs to the platform. Enter a domain of your own."))
    if labels[-1] in NEVER_PUBLIC:
        raise _wrong(_("This name does not exist in the public DNS. Enter a domain of your own."))
    return name


def _wrong(message: object) -> Invalid:
    return Invalid(fields={"domain": [message]})


def _is_ip_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return bool(re.fullmatch(r"[0-9.]+", text))
    return True


# --- acts of a school ------------------------------------------------------------------------------------


def claim_domain(
    *,
    actor: Actor,
    school_id: UUID,
    domain: str,
    campus_id: UUID | None = None,
    association_id: UUID | None = None,
    now: datetime,
) -> Host:
    """Begin: the school gets a record to publish. Claiming a withdrawn name again gives it a new record.

    With `campus_id` (the caller has checked it) the name opens the school from that campus; with `association_id`
    (checked likewise, and never both) it opens that association's public site and nothing else.
    Raises Forbidden, Invalid, TooManyDomains, DomainTaken.
    """
    SCHOOL_DOMAINS.require(actor)
    name = normal_domain(domain)
    with transaction.atomic():
        school = _school(school_id)
        with context.platform():
            own = Host.objects.filter(tenant=school).exclude(purpose=Purpose.SUBDOMAIN)
            existing = own.select_for_update().filter(domain=name).first()
            if existing and existing.state != State.WITHDRAWN:
                raise _wrong(_("Your school has entered this domain already."))
            if existing is None and own.count() >= MOST_PER_SCHOOL:
                raise TooManyDomains(
                    _("A school can have %(most)s domains. Remove one that is no longer used.")
                    % {"most": MOST_PER_SCHOOL}
                )
            if _verified_elsewhere(name, school):
                raise _taken()
            host = existing or Host(tenant=school, domain=name)
            host.purpose = _purpose(campus_id, association_id)
            host.campus_id, host.association_id, host.is_primary = campus_id, association_id, False
            host.state, host.token = State.PENDING, secrets.token_urlsafe(24)
            host.claimed_at, host.verified_at, host.missing_since, host.failures = now, None, None, 0
            host.save()
        _record(actor, acts.DOMAIN_CLAIMED, host)
    return host


def _purpose(campus_id: UUID | None, association_id: UUID | None) -> Host.Purpose:
    if association_id:
        return Purpose.ASSOCIATION
    return Purpose.CAMPUS if campus_id else Purpose.SCHOOL


def verify_domain(*, actor: Actor, school_id: UUID, host_id: UUID, now: datetime) -> Host:
    """Ask the DNS for the proof; when it is there, the name opens the school from now on.

    For a verified name it only confirms. Raises Forbidden, NotVisible, ProofMissing, DnsUnreachable, DomainTaken.
    """
    SCHOOL_DOMAINS.require(actor)
    host = _own_host(school_id, host_id)
    proof = proofs.look_up(host.record_name, host.record_value)  # outside of the transaction: it may take seconds
    if proof is Proof.UNREACHABLE:
        raise DnsUnreachable(_("The DNS did not answer. Nothing was changed; try again in a few minutes."))
    try:
        with transaction.atomic():
            host = _own_host(school_id, host_id, token=host.token)
            if proof is Proof.FOUND:
                _accept(actor, host, now)
            else:
                _note_missing(actor, host, now)
    except IntegrityError as error:
        raise _taken() from error
    if proof is Proof.MISSING:
        raise ProofMissing(
            _("The record %(name)s was not found. New records can take up to an hour to be seen everywhere.")
            % {"name": host.record_name}
        )
    return host


def withdraw_domain(*, actor: Actor, school_id: UUID, host_id: UUID, reason: str, now: datetime) -> Host:
    """The name stops answering at once; the row stays and says so. Repeating changes nothing.

    Raises Forbidden, NotVisible.
    """
    SCHOOL_DOMAINS.require(actor)
    with transaction.atomic():
        host = _own_host(school_id, host_id, lock=True)
        if host.state != State.WITHDRAWN:
            _withdraw(actor, host, now, reason)
    return host


def remove_domain(*, actor: Actor, school_id: UUID, host_id: UUID) -> None:
    """The school gives the name up; nothing of it stays but the audit trail. Raises Forbidden, NotVisible."""
    SCHOOL_DOMAINS.require(actor)
    with transaction.atomic():
        host = _own_host(school_id, host_id, lock=True)
        _record(actor, acts.DOMAIN_REMOVED, host)
        with context.platform():
            Host.objects.filter(pk=host.pk).delete()
        _forget(host)


# --- the platform's clock --------------------------------------------------------------------------------


def recheck_all(*, now: datetime, most: int = PER_RUN) -> Checked:
    """Ask the DNS again for verified names, those first that were asked longest ago; at most `most`.

    A proof that is missing MISSING_CHECKS times in a row over MISSING_FOR ends the name. A DNS that does not
    answer counts for nothing, and after several silent answers in a row the run ends: the outage is ours.
    """
    done, silent, began = Checked(), 0, time.monotonic()
    actor = Actor.system("domain check", surface="job")
    with context.platform():
        due = Host.objects.filter(state=State.VERIFIED).exclude(purpose=Purpose.SUBDOMAIN)
        due = due.filter(Q(asked_at=None) | Q(asked_at__lte=now - CHECKED_EVERY))
        found = list(due.order_by(F("asked_at").asc(nulls_first=True), "pk")[:most])
    for host in found:
        proof = proofs.look_up(host.record_name, host.record_value)
        silent = silent + 1 if proof is Proof.UNREACHABLE else 0
        _take_answer(actor, host, proof, now, done)
        if silent >= 10 or time.monotonic() - began > RUN_FOR:
            break
    return done


def _take_answer(actor: Actor, seen: Host, proof: Proof, now: datetime, done: Checked) -> None:
    with transaction.atomic():
        with context.platform():
            host = _locked(Q(pk=seen.pk, token=seen.token, state=State.VERIFIED))
        if host is None:
            return  # removed or claimed anew while the DNS was asked
        host.asked_at = now
        if proof is Proof.FOUND:
            done.confirmed += 1
            _accept(actor, host, now)
        elif proof is Proof.MISSING:
            done.missing += 1
            done.withdrawn += _note_missing(actor, host, now)
        else:
            done.unreachable += 1
            with context.platform():
                host.save(update_fields=["asked_at"])


# --- what happens to a row, inside the caller's transaction ---------------------------------------------


def _accept(actor: Actor, host: Host, now: datetime) -> None:
    new = host.state != State.VERIFIED
    host.state, host.verified_at = State.VERIFIED, now if new else host.verified_at
    host.checked_at = host.asked_at = now
    host.missing_since, host.failures = None, 0
    with context.platform():
        if new and _verified_elsewhere(host.domain, host.tenant):
            raise _taken()
        host.save()
    if new:
        _record(actor, acts.DOMAIN_VERIFIED, host)
        _forget(host)


def _note_missing(actor: Actor, host: Host, now: datetime) -> bool:
    """Whether that was once too often, so that the name is withdrawn."""
    host.checked_at = host.asked_at = now
    if host.state == State.VERIFIED:
        host.missing_since = host.missing_since or now
        host.failures = min(host.failures + 1, 1000)
        if host.failures >= MISSING_CHECKS and now - host.missing_since >= MISSING_FOR:
            _withdraw(actor, host, now, "the proof was gone from the DNS")
            return True
    with context.platform():
        host.save()
    return False


def _withdraw(actor: Actor, host: Host, now: datetime, reason: str) -> None:
    host.state, host.verified_at = State.WITHDRAWN, None
    with context.platform():
        host.save()
    _record(actor, acts.DOMAIN_WITHDRAWN, host, reason)
    _forget(host)


def _record(actor: Actor, act: str, host: Host, reason: str = "") -> None:
    """Audited on the platform and, when it has tables, in the school."""
    data = {"school": host.tenant.slug, "campus": str(host.campus_id or "")}
    if host.association_id:
        data["association"] = str(host.association_id)
    with context.platform():
        record(actor=actor, act=act, target=host, target_label=host.domain, reason=reason, data=data)
    if host.tenant.ready:
        with context.activated(host.tenant):
            record(actor=actor, act=act, target=host, target_label=host.domain, reason=reason, data=data)


def _forget(host: Host) -> None:
    transaction.on_commit(lambda: hosts.forget_names(host.domain))


def _taken() -> DomainTaken:
    return DomainTaken(_("Another school on this platform uses this domain. It has to give it up first."))


def _verified_elsewhere(name: str, school: School) -> bool:
    return Host.objects.filter(domain=name, state=State.VERIFIED).exclude(tenant=school).exists()


def _school(school_id: UUID) -> School:
    with context.platform():
        school = School.objects.select_for_update(no_key=True).filter(pk=school_id).first()
    if school is None:
        raise NotVisible(_("School not found."))
    return school


def _own_host(school_id: UUID, host_id: UUID, *, token: str = "", lock: bool = False) -> Host:
    """A domain of this school; with `token`, locked and still with that record to publish. Raises NotVisible."""
    wanted = Q(pk=host_id, tenant_id=school_id) & ~Q(purpose=Purpose.SUBDOMAIN)
    with context.platform():
        if token or lock:
            host = _locked(wanted & Q(token=token) if token else wanted)
        else:
            host = Host.objects.select_related("tenant").filter(wanted).first()
    if host is None:
        raise NotVisible(_("This domain is no longer in the list. Load the page again."))
    return host


def _locked(wanted: Q) -> Host | None:
    return Host.objects.select_related("tenant").select_for_update(of=("self",)).filter(wanted).first()
