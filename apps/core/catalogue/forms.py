"""Sample forms: one with every kind of field, one for filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .data import CAMPUSES

CAMPUS_CHOICES = [(campus.lower(), campus) for campus in CAMPUSES]


class EveryField(forms.Form):
    """Each kind of control once."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("As it appears on the card."))
    email = forms.EmailField(label=_("E-mail address"))
    campus = forms.ChoiceField(label=_("Campus"), choices=[("", "—"), *CAMPUS_CHOICES])
    starts_on = forms.DateField(label=_("Starts on"))
    seats = forms.IntegerField(label=_("Places"), min_value=0, required=False)
    document = forms.FileField(label=_("Certificate"), required=False)
    visibility = forms.ChoiceField(
        label=_("Who sees it"),
        choices=[("school", _("The whole school")), ("campus", _("This campus")), ("staff", _("Staff only"))],
        widget=forms.RadioSelect,
        initial="school",
    )
    channels = forms.MultipleChoiceField(
        label=_("Notify people by"),
        choices=[("mail", _("E-mail")), ("push", _("Notification"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea, required=False)
    accept = forms.BooleanField(label=_("I have read the rules of the school"))


class PeopleFilter(forms.Form):
    """What the sample list can be narrowed to."""

    q = forms.CharField(label=_("Search people"), required=False)
    campus = forms.ChoiceField(label=_("Campus"), choices=[("", _("all")), *CAMPUS_CHOICES], required=False)
