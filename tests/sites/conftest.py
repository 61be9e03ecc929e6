"""Associations with a site. The people and associations are those of tests/associations."""

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.sites.services import editing
from tests.associations.conftest import asked, club, lyon, student  # noqa: F401  # fixtures

TEXTS = {
    "tagline": {"fr": "Le cinéma, ensemble.", "en": "Films, together."},
    "about": {"fr": "# Bonjour\n\nNous voyons **des films**.", "en": "# Hello\n\nWe watch **films**."},
    "practical": {"fr": "Le mardi à 18 h."},
    "for_members": {"fr": "Le code de la salle : 4711."},
}


def save(user, association, version=0, **fields):
    return editing.save_site(
        actor=actor_for(user), association_id=association.pk, version=version, fields=fields, now=timezone.now()
    )


def publish(user, association):
    return editing.publish_site(actor=actor_for(user), association_id=association.pk, now=timezone.now())


@pytest.fixture
def site(club):  # noqa: F811
    """A published site: (site, president)."""

    def make(visibility="public", published=True, **fields):
        association, president, *_others = club(visibility=visibility)
        found = save(president, association, **{**TEXTS, **fields})
        if published:
            found = publish(president, association)
        return found, president

    return make
