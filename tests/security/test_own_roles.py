"""Nobody changes a role of their own: a right that ends on a day is not made endless by its holder."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Grant
from apps.accounts.selectors import actor_for
from apps.accounts.services import roles
from apps.core.actor import Role
from tests.people import admin, owner, person


def extend(giver, user):
    roles.grant_role(actor=actor_for(giver), user_id=user.pk, role=Role.ADMIN, now=timezone.now())


@pytest.fixture
def for_a_week(lumiere):
    user = person()
    ends_on = timezone.localdate() + timedelta(days=7)
    Grant.objects.create(user=user, role=Role.ADMIN, scope_kind="school", ends_on=ends_on)
    return user


def test_a_role_with_an_end_is_not_extended_by_its_holder(for_a_week):
    with pytest.raises(roles.NotYours):
        extend(for_a_week, for_a_week)
    assert Grant.objects.get(user=for_a_week).ends_on is not None


@pytest.mark.parametrize("giver", [owner, admin])
def test_control_somebody_else_may(for_a_week, giver):
    extend(giver(), for_a_week)
    assert Grant.objects.get(user=for_a_week).ends_on is None
