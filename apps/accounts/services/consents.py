"""Consents: texts with versions, answers with time and surface, a guardian's confirmation for minors (IDN-12, L6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.notifications.services import send
from apps.tenants.context import current
from apps.tenants.features import setting, value
from apps.tenants.hosts import school_url
from apps.tenants.services.features import store

from .. import acts, purposes, rules
from ..credentials import digest, new_secret
from ..models import ConsentRecord, ConsentText, GuardianRequest, User
from ..permissions import CONSENTS_MANAGE, SCHOOL_SETTINGS
from ..selectors import own_id
from . import publication
from .limits import GUARDIAN_MAIL
from .publication import is_minor

LINK_LASTS = timedelta(days=14)

REQUIRED_UP_TO = setting(
    "consents.required_up_to",
    type=int,
    default=0,
    minimum=0,
    label=_("Consents: the latest text that everybody has to see"),
    permission=SCHOOL_SETTINGS,
    on_page=False,
)


class GuardianNeeded(DomainError):
    code = "guardian-needed"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("At your age a guardian has to confirm this. Enter your guardian's e-mail first."))


class GuardianLinkUsed(DomainError):
    code = "guardian-link-used"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This link was used already, or is no longer valid. Ask for a new one in the account."))


# --- what holds ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands with one purpose."""

    purpose: purposes.Purpose
    text: ConsentText | None  # the latest version
    latest: ConsentRecord | None  # the latest answer, to whatever version

    @property
    def is_given(self) -> bool:
        return self.latest is not None and self.latest.given and self.latest.confirmed

    @property
    def waits_for_guardian(self) -> bool:
        return self.latest is not None and self.latest.given and not self.latest.confirmed

    @property
    def is_outdated(self) -> bool:
        """The answer was to an earlier version."""
        return self.latest is not None and self.text is not None and self.latest.text_id != self.text.pk

    @property
    def title(self) -> str:
        return in_language(self.text, "title") if self.text else str(self.purpose.label)

    @property
    def body(self) -> str:
        return in_language(self.text, "body") if self.text else ""


def in_language(text: ConsentText, part: str) -> str:
    language = "fr" if (get_language() or "").startswith("fr") else "en"
    return str(getattr(text, f"{part}_{language}"))


def standings(user: User) -> list[Standing]:
    """Every purpose that has a text, with the person's latest answer."""
    texts = latest_texts()
    answers: dict[str, ConsentRecord] = {}
    for answer in ConsentRecord.objects.filter(user=user).order_by("at", "id"):
        answers[answer.purpose] = answer
    return [
        Standing(purpose, texts[code], answers.get(code))
        for code, purpose in purposes.REGISTRY.items()
        if code in texts
    ]


def latest_texts() -> dict[str, ConsentText]:
    return {text.purpose: text for text in ConsentText.objects.order_by("purpose", "version")}


def unseen(user: User) -> list[Standing]:
    """What the person has not been asked yet."""
    return [one for one in standings(user) if one.text and one.text.sequence > user.consents_seen]


# --- publishing ------------------------------------------------------------------------------------------


@transaction.atomic
def publish_text(
    *, actor: Actor, school_id: UUID, purpose: str, words: Mapping[str, str], now: datetime
) -> ConsentText:
    """A new version of a text. `words`: title_fr, title_en, body_fr, body_en. Raises Forbidden, NotVisible, Invalid."""
    CONSENTS_MANAGE.require(actor)
    declared = purposes.REGISTRY.get(purpose)
    if declared is None:
        raise NotVisible
    names = ("title_fr", "title_en", "body_fr", "body_en")
    clean = {name: str(words.get(name, "")).strip() for name in names}
    missing: dict[str, list[object]] = {
        name: [_("This is needed in both languages.")] for name in names if not clean[name]
    }
    if missing:
        raise Invalid(fields=missing)
    # the table is locked against a second publisher: versions and sequence have no gaps and no doubles
    last = ConsentText.objects.select_for_update().order_by("-sequence").first()
    version = ConsentText.objects.filter(purpose=purpose).aggregate(last=Max("version"))["last"] or 0
    text = ConsentText.objects.create(
        purpose=purpose,
        version=version + 1,
        sequence=(last.sequence if last else 0) + 1,
        published_at=now,
        published_by_id=actor.user_id,
        published_by=actor.label[:200],
        **clean,
    )
    if declared.required:
        store(school_id=school_id, values={REQUIRED_UP_TO.key: text.sequence})
    record(actor=actor, act=acts.CONSENT_PUBLISHED, target=text, at=now)
    return text


# --- answering -------------------------------------------------------------------------------------------


@transaction.atomic
def answer(*, actor: Actor, answers: Mapping[str, bool], now: datetime, seen_all: bool = False) -> None:
    """One's own answers by purpose. The same answer to the same version again changes nothing.

    `seen_all`: the page showed every text, so the person is not asked about them again. Raises GuardianNeeded.
    """
    user = _own(actor)
    texts = {one.purpose.code: one for one in standings(user)}
    for code, given in answers.items():
        standing = texts.get(code)
        if standing is None or standing.text is None:
            raise NotVisible
        if standing.purpose.required and not given:
            continue  # it is a notice: it was read, or it will be asked again
        _answer(actor, user, standing, given, now)
    if seen_all and texts:
        last = max(one.text.sequence for one in texts.values() if one.text)
        read = {code for code, given in answers.items() if given}
        needed = {code for code, one in texts.items() if one.purpose.required and not one.is_given}
        if needed <= read:
            User.objects.filter(pk=user.pk).update(consents_seen=last)
    publication.refresh(user, now=now)


def _answer(actor: Actor, user: User, standing: Standing, given: bool, now: datetime) -> None:
    latest, text = standing.latest, standing.text
    assert text is not None
    if latest is not None and latest.given == given and latest.text_id == text.pk:
        return
    minor = is_minor(user, today=timezone.localdate(now))
    waits = given and minor and standing.purpose.guardian
    if waits and not (value(rules.GUARDIAN_NEEDED.key) and user.guardian_email):
        raise GuardianNeeded
    ConsentRecord.objects.create(
        user=user, purpose=text.purpose, text=text, given=given, confirmed=not waits, at=now, surface=actor.surface
    )
    act = acts.CONSENT_GIVEN if given else acts.CONSENT_WITHDRAWN
    record(actor=actor, act=act, target=user, data={"purpose": text.purpose, "version": text.version}, at=now)
    if waits:
        ask_guardian(actor=actor, user=user, codes=[text.purpose], now=now)


def _own(actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=own_id(actor)).first()
    if user is None:
        raise NotVisible
    return user


# --- minors ----------------------------------------------------------------------------------------------


@transaction.atomic
def change_own_birth_date(*, actor: Actor, birth_date: date, now: datetime) -> None:
    """Once: who could change it could make themselves older. Raises Invalid."""
    user = _own(actor)
    today = timezone.localdate(now)
    if not value(rules.OWN_BIRTH_DATE.key) or user.birth_date is not None:
        raise Invalid(fields={"birth_date": [_("Your school's administration changes your birth date.")]})
    if not 0 <= publication.age_on(birth_date, today) <= 120 or birth_date > today:
        raise Invalid(fields={"birth_date": [_("Enter a birth date of the past.")]})
    user.birth_date = birth_date
    user.save(update_fields=["birth_date"])
    record(actor=actor, act=acts.PROFILE_CHANGED, target=user, data={"fields": ["birth_date"]}, at=now)
    publication.refresh(user, now=now)


@transaction.atomic
def change_guardian(*, actor: Actor, email: str, now: datetime) -> None:
    """The guardian's address of a minor. What waits is asked anew there. Raises Invalid."""
    user = _own(actor)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(fields={"guardian_email": [_("Enter an e-mail address.")]}) from None
    if email == user.email.lower():
        raise Invalid(fields={"guardian_email": [_("Enter the address of your guardian, not your own.")]})
    if email == user.guardian_email:
        return
    user.guardian_email = email
    user.save(update_fields=["guardian_email"])
    record(actor=actor, act=acts.PROFILE_CHANGED, target=user, data={"fields": ["guardian_email"]}, at=now)
    waiting = [one.purpose.code for one in standings(user) if one.waits_for_guardian]
    if waiting:
        ask_guardian(actor=actor, user=user, codes=waiting, now=now)


@transaction.atomic
def ask_guardian(*, actor: Actor, user: User, codes: list[str], now: datetime) -> GuardianRequest:
    """Mail a link to the guardian. Earlier links without an answer no longer work; what they asked is asked anew.

    Raises TooManyAttempts.
    """
    if actor.user_id == user.pk:
        GUARDIAN_MAIL.spend(str(user.pk))
    earlier = GuardianRequest.objects.select_for_update().filter(user=user, answered_at=None)
    asked = {code for request in earlier if request.expires_at > now for code in request.purposes}
    earlier.update(expires_at=now)
    secret = new_secret()
    request = GuardianRequest.objects.create(
        user=user,
        email=user.guardian_email,
        purposes=sorted({*asked, *codes}),
        token_hash=digest(secret),
        created_at=now,
        expires_at=now + LINK_LASTS,
    )
    school = current()
    send(
        template="guardian",
        to=user.guardian_email,
        cause=f"guardian:{request.pk}",
        language=user.locale,
        user_id=user.pk,
        context={
            "child": user.name,
            "school_name": school.name,
            "days": LINK_LASTS.days,
            "url": school_url(school, reverse("accounts:guardian", args=[secret], urlconf="config.urls.school")),
        },
    )
    record(actor=actor, act=acts.GUARDIAN_ASKED, target=user, data={"purposes": request.purposes}, at=now)
    return request


def open_guardian_request(secret: str, now: datetime, *, lock: bool = False) -> GuardianRequest:
    """The request of a link, while it can be answered. Raises GuardianLinkUsed."""
    requests = GuardianRequest.objects.select_related("user")
    if lock:
        requests = requests.select_for_update(of=("self",))
    request = requests.filter(token_hash=digest(secret), answered_at=None, expires_at__gt=now).first()
    if request is None:
        raise GuardianLinkUsed
    return request


def texts_of(request: GuardianRequest) -> list[Standing]:
    return [one for one in standings(request.user) if one.purpose.code in request.purposes]


@transaction.atomic
def answer_as_guardian(*, actor: Actor, secret: str, confirm: bool, now: datetime) -> None:
    """The guardian says yes or no, once. Raises GuardianLinkUsed."""
    request = open_guardian_request(secret, now, lock=True)
    user = User.objects.select_for_update().get(pk=request.user_id)
    for standing in texts_of(request):
        assert standing.text is not None
        if standing.waits_for_guardian or not confirm:
            ConsentRecord.objects.create(
                user=user, purpose=standing.purpose.code, text=standing.text, given=confirm, confirmed=True, at=now,
                surface=actor.surface, by_guardian=True,
            )  # fmt: skip
    request.answered_at, request.confirmed = now, confirm
    request.save(update_fields=["answered_at", "confirmed"])
    record(
        actor=actor, act=acts.GUARDIAN_ANSWERED, target=user, at=now,
        data={"purposes": request.purposes, "confirmed": confirm},
    )  # fmt: skip
    publication.refresh(user, now=now)


# --- figures ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Active people by their latest answer to one purpose."""

    purpose: purposes.Purpose
    text: ConsentText | None
    given: int = 0
    withdrawn: int = 0
    waiting: int = 0
    outdated: int = 0
    silent: int = 0


def figures(*, actor: Actor) -> list[Figures]:
    """One line for each purpose. Raises Forbidden."""
    CONSENTS_MANAGE.require(actor)
    texts, people = latest_texts(), User.objects.filter(status=User.Status.ACTIVE).count()
    return [_figures(purpose, texts.get(code), people) for code, purpose in purposes.REGISTRY.items()]


def _figures(purpose: purposes.Purpose, text: ConsentText | None, people: int) -> Figures:
    latest = (
        ConsentRecord.objects.filter(purpose=purpose.code, user__status=User.Status.ACTIVE)
        .order_by("user", "-at", "-id")
        .distinct("user")
        .values_list("given", "confirmed", "text_id")
    )
    counted = {"given": 0, "withdrawn": 0, "waiting": 0, "outdated": 0}
    for given, confirmed, text_id in latest.iterator(chunk_size=2000):
        counted["withdrawn" if not given else "given" if confirmed else "waiting"] += 1
        counted["outdated"] += bool(text and text_id != text.pk)
    answered = counted["given"] + counted["withdrawn"] + counted["waiting"]
    return Figures(purpose, text, silent=people - answered, **counted)


def versions_of(*, actor: Actor, purpose: str) -> QuerySet[ConsentText]:
    """Every version of one text, the latest first. Raises Forbidden, NotVisible."""
    CONSENTS_MANAGE.require(actor)
    if purpose not in purposes.REGISTRY:
        raise NotVisible
    return ConsentText.objects.filter(purpose=purpose).order_by("-version")


EXPORT_COLUMNS = (
    "family name", "given name", "e-mail", "purpose", "version", "given", "counts", "by guardian", "through", "time",
)  # fmt: skip


def export(*, actor: Actor, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Every answer as a row, latest first. Taking them away is recorded. Raises Forbidden."""
    CONSENTS_MANAGE.require(actor)
    record(actor=actor, act=acts.CONSENTS_EXPORTED, at=now)
    rows = ConsentRecord.objects.select_related("user", "text").order_by("-at", "-id")
    return (
        (
            one.user.family_name, one.user.given_name, one.user.email, one.purpose, one.text.version, one.given,
            one.confirmed, one.by_guardian, one.surface, one.at.isoformat(timespec="seconds"),
        )
        for one in rows.iterator(chunk_size=2000)
    )  # fmt: skip
