from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "apps.documents"
    label = "documents"

    def ready(self) -> None:
        from apps.associations import hooks
        from apps.associations.services import looks
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, GOOD, INFO, WARN, register_status
        from apps.money import hooks as money_hooks

        from . import acts, messages, oversight, records, rules, selectors  # noqa: F401  # they declare
        from .permissions import DOCUMENTS_POLICY, DOCUMENTS_REVIEW
        from .services import common, sight  # noqa: F401  # purposes of files

        hooks.association_tabs.connect(oversight.tabs)
        hooks.request_checks.connect(oversight.request_checks)
        hooks.renewal_blocks.connect(oversight.renewal_blocks)
        hooks.oversight_columns.connect(oversight.columns)
        hooks.oversight_flags.connect(oversight.flags)
        hooks.school_links.connect(oversight.school_links)
        hooks.association_logos.connect(selectors.logos)
        hooks.FLAGS.update(oversight.FLAGS)
        hooks.BULK_ACTS["documents"] = (_("Ask for documents"), "documents:ask")
        money_hooks.sight_limits.connect(sight.limits)
        money_hooks.money_looked.connect(sight.looked)
        money_hooks.sight_notices.connect(oversight.sight_notice)
        for one in (acts.MONEY_LOOKED, acts.MONEY_OPENED, acts.READ):
            if one not in looks.ACTS:
                looks.ACTS.append(one)
        for code, tone, label in (
            ("document-missing", BAD, _("Missing")),
            ("document-waiting", INFO, _("Waiting for the school")),
            ("document-accepted", GOOD, _("Accepted")),
            ("document-changes", WARN, _("To be changed")),
            ("document-expired", BAD, _("Expired")),
        ):
            register_status(code, tone, label)
        register(
            NavItem(
                section="community", label=_("Documents"), icon="file-check", url_name="documents:review",
                permission=DOCUMENTS_REVIEW, order=20, count=selectors.waiting_count,
            )
        )  # fmt: skip
        register(
            NavItem(
                section="control", label=_("Sight of money"), icon="eye", url_name="documents:sight",
                permission=DOCUMENTS_POLICY, order=60,
            )
        )  # fmt: skip
