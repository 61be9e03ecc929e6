"""What accounts keeps of people, and for how long. How it is read: apps.core.records."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import (
    BLANK,
    CONSENT,
    CONTRACT,
    DUTY,
    KEEP,
    SECURITY,
    WITH_ACCOUNT,
    WITH_SCHOOL,
    Party,
    Period,
    Record,
    Subject,
    by_name,
    declare,
    declare_plain,
    language_name,
)

from .models import User

YOU = _("You")
SIGN_IN = _("Signing in")
ROLES = _("Roles and invitations")
RIGHTS = _("Your rights")


def departed(now: datetime, days: int) -> Q:
    return Q(status=User.Status.DEPARTED, departed_at__lt=now - timedelta(days=days))


def over(now: datetime, days: int) -> Q:
    """Invitations nobody can use any more."""
    past = now - timedelta(days=days)
    return Q(accepted_at__lt=past) | Q(revoked_at__lt=past) | Q(accepted_at=None, revoked_at=None, expires_at__lt=past)


def came_back_as(subject: Subject) -> Q:
    """Journeys to Microsoft that are not of an account yet but of this person: by what Microsoft said."""
    return Q(user_id=subject.user_id) | Q(claims__oid__in=subject.object_ids) | Q(invitation__user_id=subject.user_id)


declare(
    Record(
        "accounts.User",
        group=YOU,
        purpose=_("Account and profile"),
        basis=CONTRACT,
        parties=(
            Party(
                "pk",
                columns=(
                    "email", "given_name", "family_name", "department", "job_title", "external_id", "own_fields",
                    "guardian_email",
                ),
            ),
        ),
        plain=("locale",),
        words={"locale": language_name},
        withheld=("password", "search", "is_staff", "is_superuser"),
        period=Period(
            days=1095, minimum=30, maximum=3650, expired=departed, words=_("After the person left the school")
        ),
    )
)  # fmt: skip
declare(
    Record(
        "accounts.Identity",
        group=SIGN_IN,
        purpose=_("Microsoft account"),
        basis=CONTRACT,
        parties=(Party("user", columns=("issuer", "tenant_id", "object_id", "upn")),),
        withheld=("login_hint",),
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "accounts.Session",
        group=SIGN_IN,
        purpose=_("Browsers that are signed in"),
        basis=SECURITY,
        labels={"signed_in_by": _("signed in with"), "ended_because": _("why it ended")},
        parties=(Party("user", columns=("provider_session", "address", "user_agent", "second_factor")),),
        withheld=("data", "seed"),
        period=Period(expired=lambda now, days: Q(expires_at__lte=now), words=_("Until the session ends")),
    )
)
declare(
    Record(
        "accounts.KeptAnswer",
        group=SIGN_IN,
        purpose=_("Answers to programs, kept for a repeated request"),
        basis=CONTRACT,
        parties=(Party("user"),),
        withheld=("caller", "key", "fingerprint", "headers", "body"),
        period=Period(days=1, minimum=1, maximum=1, since="created_at", words=_("After the request")),
    )
)
declare(
    Record(
        "accounts.SignInFlow",
        group=SIGN_IN,
        purpose=_("Ways to Microsoft and back"),
        basis=SECURITY,
        parties=(Party(came_back_as, columns=("claims", "refusal", "next_path", "user", "invitation")),),
        plain=("host",),
        withheld=("state_hash", "browser_hash", "data", "ticket_hash"),
        period=Period(days=1, since="expires_at", words=_("After it ended")),
    )
)


def dead_link(now: datetime, days: int) -> Q:
    """Changes of e-mail that can neither be confirmed nor undone any more."""
    past = now - timedelta(days=days)
    return Q(expires_at__lt=past) & ~Q(undo_expires_at__gte=past)


declare(
    Record(
        "accounts.HalfSignIn",
        group=SIGN_IN,
        purpose=_("Sign-ins that wait for the second step"),
        basis=SECURITY,
        parties=(Party("user", columns=("provider_session", "next_path")),),
        withheld=("secret_hash",),
        period=Period(expired=lambda now, days: Q(expires_at__lt=now), words=_("Until it expires")),
    )
)
declare(
    Record(
        "accounts.Authenticator",
        group=SIGN_IN,
        purpose=_("Authenticator app"),
        basis=SECURITY,
        parties=(Party("user"),),
        withheld=("secret", "last_step"),
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "accounts.Passkey",
        group=SIGN_IN,
        purpose=_("Passkeys"),
        basis=SECURITY,
        parties=(Party("user", columns=("name", "credential_id")),),
        plain=("rp_id", "transports"),
        withheld=("credential",),  # the id again, and the public key in a machine's form
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "accounts.PasskeyChallenge",
        group=SIGN_IN,
        purpose=_("Questions a passkey was asked"),
        basis=SECURITY,
        parties=(Party("user"),),
        plain=("rp_id",),
        withheld=("browser_hash", "challenge"),
        period=Period(expired=lambda now, days: Q(expires_at__lt=now), words=_("Until it expires")),
    )
)
declare(
    Record(
        "accounts.RecoveryCode",
        group=SIGN_IN,
        purpose=_("Recovery codes, and which were used"),
        basis=SECURITY,
        parties=(Party("user"),),
        withheld=("code_hash",),
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "accounts.EmailChange",
        group=SIGN_IN,
        purpose=_("Changes of the e-mail address"),
        basis=SECURITY,
        parties=(Party("user", columns=("old_email", "new_email")),),
        withheld=("token_hash", "undo_hash"),
        period=Period(days=30, expired=dead_link, words=_("After its links ended")),
    )
)
declare(
    Record(
        "accounts.BreakGlassLink",
        group=SIGN_IN,
        purpose=_("Links to sign in without Microsoft, in an emergency"),
        basis=SECURITY,
        parties=(
            Party("user", columns=("reason",), words=_("as recipient")),
            Party(by_name("asked_by"), columns=("asked_by",), erase=BLANK, words=_("as who asked")),
        ),
        withheld=("token_hash",),
        period=Period(days=30, since="expires_at", words=_("After it ended")),
    )
)
declare(
    Record(
        "accounts.Grant",
        group=ROLES,
        purpose=_("Roles received and given"),
        basis=CONTRACT,
        parties=(
            Party("user", columns=("note",), words=_("as holder")),
            Party("granted_by_id", columns=("granted_by",), erase=BLANK, words=_("as giver")),
        ),
        plain=("role", "scope_id"),
        kept=WITH_ACCOUNT,
    )
)


declare(
    Record(
        "accounts.CustomRole",
        group=ROLES,
        purpose=_("Roles of the school's own"),
        basis=CONTRACT,
        parties=(Party(by_name("created_by"), columns=("created_by",), erase=BLANK, words=_("as author")),),
        plain=("name", "description", "permissions"),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "accounts.Invitation",
        group=ROLES,
        purpose=_("Invitations received and sent"),
        basis=CONTRACT,
        parties=(
            Party("user", columns=("email",), words=_("as recipient")),
            Party("invited_by_id", columns=("invited_by",), erase=BLANK, words=_("as sender")),
        ),
        plain=("role", "scope_id"),
        withheld=("token_hash",),
        period=Period(days=365, minimum=7, maximum=1095, expired=over, words=_("After it was accepted or ended")),
    )
)
declare(
    Record(
        "accounts.ServiceCredential",
        group=ROLES,
        purpose=_("Credentials of programs"),
        basis=SECURITY,
        parties=(Party("created_by_id", columns=("created_by",), erase=BLANK, words=_("as author")),),
        plain=("name", "hint", "permissions", "last_used_from"),
        withheld=("secret_hash",),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "accounts.DataExport",
        group=RIGHTS,
        purpose=_("Archives of personal data that were asked for"),
        basis=DUTY,
        labels={"state": _("state")},
        parties=(Party("user"),),
        plain=("error",),
        period=Period(days=30, since="requested_at", words=_("After it was asked for")),
    )
)
declare(
    Record(
        "accounts.ErasureCase",
        group=RIGHTS,
        purpose=_("Requests to be erased, and what was done"),
        basis=DUTY,
        labels={"state": _("state"), "origin": _("asked by")},
        parties=(
            Party(
                "user_id",
                columns=("label", "reason", "subject"),
                erase=BLANK,
                words=_("as the person concerned"),
            ),
            Party("requested_by_id", columns=("requested_by",), erase=BLANK, words=_("as who asked")),
            Party("decided_by_id", columns=("decided_by", "note"), erase=BLANK, words=_("as who decided")),
        ),
        plain=("lines", "remains", "error", "worker"),
        period=Period(
            days=1825,
            minimum=365,
            maximum=3650,
            since="requested_at",
            expired=lambda now, days: Q(requested_at__lt=now - timedelta(days=days), finished_at__isnull=False),
            words=_("After the request; without the name once it is done"),
        ),
    )
)
declare(
    Record(
        "accounts.Tombstone",
        group=RIGHTS,
        purpose=_("That somebody was erased, as fingerprints, so that no directory brings them back"),
        basis=DUTY,
        parties=(Party("user_id", columns=("hashes",), erase=KEEP, because=_("So that the person stays erased")),),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "accounts.ConsentText",
        group=RIGHTS,
        purpose=_("The texts people are asked to agree to"),
        basis=DUTY,
        parties=(Party("published_by_id", columns=("published_by",), erase=BLANK, words=_("as publisher")),),
        plain=("purpose", "title_fr", "title_en", "body_fr", "body_en"),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "accounts.ConsentRecord",
        group=RIGHTS,
        purpose=_("What was agreed to, and when"),
        basis=CONSENT,
        labels={"text": _("text")},
        parties=(Party("user"),),
        plain=("purpose", "surface"),
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "accounts.GuardianRequest",
        group=RIGHTS,
        purpose=_("Confirmations asked of a guardian"),
        basis=CONSENT,
        parties=(Party("user", columns=("email",)),),
        plain=("purposes",),
        withheld=("token_hash",),
        kept=WITH_ACCOUNT,
    )
)
declare_plain(
    "accounts.RetentionRun",
    group=RIGHTS,
    purpose=_("Nights on which old records were deleted"),
    plain=("removed", "error", "worker"),
    kept=WITH_SCHOOL,
)
