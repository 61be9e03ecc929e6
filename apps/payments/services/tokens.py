"""Access to associations at HelloAsso: one pair of tokens each, of which the refresh token is good once.

Whoever refreshes holds the row; the next one finds the new pair and does not ask. The new pair is committed before it
is used, so `access` never runs inside another transaction, which could take it back.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from apps.audit.services import record

from .. import acts
from ..models import AccountAlarm, ProviderAccount, ProviderToken
from ..providers import helloasso_calls
from ..providers.asking import ProviderAway
from ..providers.helloasso_calls import Calls, NotLetIn, Tokens
from .noting import READER

EARLY: Final = timedelta(minutes=1)
Kind = AccountAlarm.Kind


def keep(account: ProviderAccount, tokens: Tokens, *, now: datetime) -> None:
    """The pair that somebody gave us on HelloAsso's page; runs in the transaction that connects the account."""
    ProviderToken.objects.update_or_create(
        account=account,
        defaults={
            "access_token": tokens.access, "refresh_token": tokens.refresh, "refreshed_at": now, "is_over": False,
            "access_until": now + timedelta(seconds=tokens.seconds),
        },
    )  # fmt: skip
    for alarm in AccountAlarm.objects.filter(account=account, kind=Kind.ACCESS, cleared_at=None):
        alarm.cleared_at = now
        alarm.save(update_fields=["cleared_at"])
        record(actor=READER, act=acts.ALARM_CLEARED, target=account, data={"kind": Kind.ACCESS.value}, at=now)


def calls_for(account: ProviderAccount) -> Calls:
    seen = ""

    def token(again: bool) -> str:
        nonlocal seen
        seen = access(account, refused=seen if again else "")
        return seen

    return Calls(account.is_live, token)


def calls_with(account: ProviderAccount, token: str) -> Calls:
    """Inside a transaction: with the token that there is, and no other."""

    def only(again: bool) -> str:
        if again:
            raise ProviderAway
        return token

    return Calls(account.is_live, only)


def access(account: ProviderAccount, *, refused: str = "") -> str:
    """An access token that is good now. `refused`: one that HelloAsso did not take. Raises NotLetIn, ProviderAway."""
    with transaction.atomic(durable=True):
        row = ProviderToken.objects.select_for_update().filter(account=account).first()
        if row is None or row.is_over:
            raise NotLetIn
        now = timezone.now()
        if row.access_until > now + EARLY and row.access_token != refused:
            return row.access_token
        is_over = False
        try:
            tokens = helloasso_calls.refreshed(is_live=account.is_live, refresh=row.refresh_token)
        except NotLetIn:
            is_over = row.is_over = True
            row.save(update_fields=["is_over"])
            _alarm(account, now)
        else:
            row.access_token, row.refresh_token, row.refreshed_at = tokens.access, tokens.refresh, now
            row.access_until = now + timedelta(seconds=tokens.seconds)
            row.save()
    if is_over:
        raise NotLetIn
    return row.access_token


def _alarm(account: ProviderAccount, now: datetime) -> None:
    _row, is_new = AccountAlarm.objects.get_or_create(
        account=account, kind=Kind.ACCESS, cleared_at=None, defaults={"opened_at": now}
    )
    if is_new:
        record(actor=READER, act=acts.ALARM_OPENED, target=account, data={"kind": Kind.ACCESS.value}, at=now)
