"""What the sites of associations keep of people (apps.core.records)."""

from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, TRACE, WITH_SCHOOL, Party, Record, by_name, declare

declare(
    Record(
        "sites.Site",
        group=_("Associations"),
        purpose=_("Sites of associations that you changed last"),
        basis=TRACE,
        parties=(Party(by_name("changed_by"), columns=("changed_by",), erase=BLANK),),
        plain=("tagline", "about", "practical", "for_members", "contact_email", "website", "network"),
        kept=WITH_SCHOOL,
    )
)
