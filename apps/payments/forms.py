from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Subscription


class SubscriptionFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=80, widget=forms.SearchInput())
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), *Subscription.Status.choices]
    )

    @property
    def usable(self) -> dict[str, str]:
        """The filters that make sense; a wrong one filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
