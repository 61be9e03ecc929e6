"""Sites of associations in the demonstration: three are public, one is for the school, one is still a draft."""

from datetime import datetime, timedelta
from typing import Any

from apps.associations.models import Association, Visibility
from apps.core.actor import Actor
from apps.sites.models import Site
from apps.sites.services import editing

CINEMA = {
    "tagline": {
        "fr": "Une projection et un débat chaque jeudi soir.",
        "en": "A film and a debate every Thursday night.",
    },
    "about": {
        "fr": "# Le cinéma se partage\n\n"
        "Du **muet** au documentaire, nous choisissons ensemble ce que nous regardons.\n\n"
        "- une séance par semaine, suivie d’un débat\n- une nuit du court-métrage en mars\n"
        "- un ciné-concert en juin\n\n"
        "> « Le plus beau plan est celui qu’on regarde à plusieurs. »",
        "en": "# Films are to be shared\n\n"
        "From **silent films** to documentaries: we choose together what we watch.\n\n"
        "- one film a week, with a debate\n- a night of short films in March\n- a concert to a silent film in June",
    },
    "practical": {
        "fr": "Jeudi, 20 h, amphithéâtre B.\n\nEntrée libre pour les étudiants.",
        "en": "Thursdays at 20:00, hall B.",
    },
    "for_members": {"fr": "Le planning des projectionnistes est dans l’armoire du local ; code du cadenas : 2407."},
    "contact_email": "cine-club@asso.example",
    "network": "https://social.example/cine-club",
    "shows_board": True,
}
PLAIN = {
    "BDE": "# Toute la vie du campus\n\nAccueil, soirées, week-end d’intégration, local ouvert de 12 h à 14 h.",
    "BDS": "# Bouger\n\n| Sport | Jour | Heure |\n|---|---|---|\n| Volley | lundi | 18 h |\n"
    "| Basket | mardi | 19 h |\n| Escalade | jeudi | 17 h 30 |",
}


def make(boss: Actor, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless."""
    if Site.objects.exists():
        return
    sites: dict[str, dict[str, Any]] = {
        "Ciné-club": CINEMA,
        **{name: {"about": {"fr": text}} for name, text in PLAIN.items()},
        "BDA": {"about": {"fr": "# Bureau des arts\n\nThéâtre, photographie, expositions."}},
        "Campus vert": {"about": {"fr": "# Campus vert\n\nÀ compléter avant la rentrée."}},
    }
    for name, fields in sites.items():
        association = Association.objects.get(name=name)
        if name in ("Ciné-club", *PLAIN):
            association.visibility = Visibility.PUBLIC
            association.save(update_fields=["visibility"])
        then = now - timedelta(days=30)
        editing.save_site(actor=boss, association_id=association.pk, version=0, fields=fields, now=then)
        if name != "Campus vert":
            editing.publish_site(actor=boss, association_id=association.pk, now=then)
