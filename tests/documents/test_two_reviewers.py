"""Two people of the school read the same document at once (real threads, so the school is a committed one)."""

from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from apps.documents.services import reviewing
from apps.documents.services.reviewing import DecidedAlready
from apps.tenants.context import activated
from tests.associations.conftest import SCHOOL_SAYS
from tests.documents.test_documents import accept


@pytest.fixture
def lumiere(new_school):
    school = new_school()
    with activated(school):
        yield school


def test_of_two_who_decide_at_once_the_second_is_told(club, wanted, hand_in, lumiere):
    association, president, *_ = club()
    version = hand_in(president, association, wanted())
    gate, said = Barrier(2), []

    def decide(act):
        with activated(lumiere):
            gate.wait()
            try:
                said.append(act().decision)
            except DecidedAlready as refused:
                said.append(refused.code)
            finally:
                connections.close_all()

    def change():
        return reviewing.ask_changes(actor=SCHOOL_SAYS, version_id=version.pk, comment="Non", now=timezone.now())

    threads = [Thread(target=decide, args=[act]) for act in (lambda: accept(version), change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    version.refresh_from_db()
    assert sorted(said) == sorted([version.decision, "document-decided"])
