"""Announcements of the demonstration: sent ones with how far their mail came, a draft, one that waits, a block."""

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.associations.models import Association, Mandate
from apps.core.actor import Actor
from apps.mailings.models import Announcement, Recipient
from apps.mailings.services import control, going, sending, writing
from apps.notifications.models import CommunicationLog

SENT = (
    ("Projection de jeudi : Playtime", "Rendez-vous **jeudi à 19 h** dans le grand amphi.\n\n- 19 h : projection\n- "
     "21 h 15 : débat\n\nEntrée libre, amenez vos amis.", 12),
    ("Assemblée générale : venez voter", "L’assemblée générale a lieu **mardi à 18 h**.\n\n## Ordre du jour\n\n"
     "1. Bilan moral\n2. Bilan financier\n3. Élection du bureau", 5),
)  # fmt: skip
DRAFT = ("Week-end d’intégration", "Le week-end approche !\n\n> Inscriptions ouvertes lundi.\n\nApportez un duvet.")
ENGLISH = ("Integration weekend", "The weekend is near. **Registration opens on Monday.**")


def make(boss: Actor, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless. No mail leaves: what was sent lies some days back."""
    if Announcement.objects.exists():
        return
    for name in ("BDE", "Ciné-club"):
        association = Association.objects.filter(name=name).first()
        if association is not None:
            _of(association, now)
    radio = Association.objects.filter(name="BDA").first()
    if radio is not None:
        words = "Deux annonces publicitaires en une semaine, malgré notre rappel."
        control.block(
            actor=boss,
            association_id=radio.pk,
            until=now + timedelta(days=6),
            reason=words,
            now=now - timedelta(days=1),
        )


def _of(association: Association, now: datetime) -> None:
    chief = actor_for(_president(association), surface="command")
    texts = dict(zip(("title_fr", "body_fr", "title_en", "body_en"), (*DRAFT, *ENGLISH), strict=True))
    writing.write(actor=chief, association_id=association.pk, now=now - timedelta(hours=3), **texts)
    writing.save_text(
        actor=chief, association_id=association.pk, name="Convocation à une réunion", now=now - timedelta(days=20),
        title_fr="Réunion du bureau", body_fr="Le bureau se réunit **lundi à 12 h 30**.",
    )  # fmt: skip
    for title, body, days in SENT:
        _sent(association, chief, title, body, now - timedelta(days=days))
    later = writing.write(
        actor=chief, association_id=association.pk, now=now, title_fr="Soirée jeux vendredi",
        body_fr="Apportez **votre jeu préféré**.",
    )  # fmt: skip
    going.submit(actor=chief, announcement_id=later.pk, now=now, leaves_at=now + timedelta(days=2))


def _sent(association: Association, chief: Actor, title: str, body: str, then: datetime) -> None:
    made = writing.write(
        actor=chief, association_id=association.pk, now=then, title_fr=title, body_fr=body, channels="both"
    )
    going.submit(actor=chief, announcement_id=made.pk, now=then)
    sending.work_on(announcement_id=made.pk, clock=lambda: then)
    mails = CommunicationLog.objects.filter(pk__in=made.recipients.values("mail"))
    arrived = {"created_at": then, "sent_at": then, "text": "", "html": "", "next_attempt_at": None}
    mails.update(state="delivered", delivered_at=then + timedelta(minutes=1), **arrived)
    last = Recipient.objects.filter(announcement=made, mail__isnull=False).last()
    if last is not None and last.mail_id:
        CommunicationLog.objects.filter(pk=last.mail_id).update(
            state="bounced", bounced_at=then + timedelta(minutes=2), error="5.1.1"
        )


def _president(association: Association) -> User:
    return Mandate.objects.filter(office__association=association, office__code="president").latest("starts_on").user
