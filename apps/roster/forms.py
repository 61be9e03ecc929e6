from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.campuses.models import Campus, CampusRole, Promotion
from apps.core.forms import ServiceForm

from .models import ProvisionedGroup, RosterChange
from .services.columns import FIELDS
from .services.tables import MOST_BYTES


class UploadForm(ServiceForm):
    file = forms.FileField(
        label=_("List"),
        help_text=_("CSV or Excel (.xlsx), up to 10 MB and 50,000 rows, with a line of headings."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it."))
        return file


class ColumnsForm(ServiceForm):
    """What each column means, and what stands in for cells that are empty."""

    campus = forms.ModelChoiceField(
        label=_("Campus"), queryset=Campus.objects.none(), required=False, empty_label=_("None"),
        help_text=_("For rows that name no campus."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("The campus’s default role")), *CampusRole.choices],
        help_text=_("For rows that name no role."),
    )  # fmt: skip
    promotion = forms.ModelChoiceField(
        label=_("Promotion"), queryset=Promotion.objects.none(), required=False, empty_label=_("None"),
        help_text=_("For rows that name no promotion."),
    )  # fmt: skip
    complete = forms.BooleanField(
        label=_("This list is complete"), required=False,
        help_text=_(
            "Who came to these campuses by a list and is not in this one any more loses the place. You see who before "
            "anything happens. Nobody else is removed."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, header: list[str], guessed: list[str], sample: list[list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = Campus.objects.filter(archived_at=None)  # type: ignore[attr-defined]
        self.fields["promotion"].queryset = Promotion.objects.all()  # type: ignore[attr-defined]
        choices = [("", _("Leave out")), *FIELDS.items()]
        self._columns = [f"column_{number}" for number in range(len(header))]
        for name, heading, field in zip(self._columns, header, guessed, strict=True):
            self.fields[name] = forms.ChoiceField(label=heading or "—", choices=choices, required=False, initial=field)
        self.samples = [[row[n] for row in sample if n < len(row) and row[n]][:3] for n in range(len(header))]

    @property
    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column's control with the first values that stand below its heading."""
        return [(self[name], sample) for name, sample in zip(self._columns, self.samples, strict=True)]

    @property
    def chosen(self) -> list[str]:
        return [self.cleaned_data.get(name, "") for name in self._columns]

    @property
    def options(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "campus_id": found["campus"].pk if found.get("campus") else None,
            "role": found.get("role", ""),
            "promotion_id": found["promotion"].pk if found.get("promotion") else None,
            "complete": bool(found.get("complete")),
        }


class ChangeFilter(forms.Form):
    q = forms.CharField(label=_("Search people"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Change"), required=False, choices=[("", _("All")), *RosterChange.Kind.choices])
    promotion = forms.UUIDField(required=False, widget=forms.HiddenInput())

    @property
    def usable(self) -> dict[str, str]:
        self.is_valid()
        found = self.cleaned_data
        return {
            "search": found.get("q", ""),
            "kind": found.get("kind", ""),
            "promotion": str(found.get("promotion") or ""),
        }


class PromotionForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As in your lists, for example B1 or M2."))


class PromotionChangeForm(PromotionForm):
    turn = forms.ChoiceField(label=_("At the turn of the school year its people"), choices=Promotion.Turn)
    then = forms.ModelChoiceField(
        label=_("Next promotion"), queryset=Promotion.objects.none(), required=False,
        help_text=_("Only if they move."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, promotion: Promotion) -> None:
        super().__init__(data, initial={"name": promotion.name, "turn": promotion.turn, "then": promotion.then_id})
        self.fields["then"].queryset = Promotion.objects.exclude(pk=promotion.pk)  # type: ignore[attr-defined]


class RolloverForm(ServiceForm):
    year = forms.ChoiceField(label=_("New school year"))
    until = forms.DateField(
        label=_("Leavers keep their access until"), widget=forms.DateInput(),
        help_text=_("That day included. Then their memberships end, and accounts without another role close."),
    )  # fmt: skip

    def __init__(self, *args: Any, years: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]


class GroupMapForm(ServiceForm):
    campus = forms.ModelChoiceField(
        label=_("Campus"), queryset=Campus.objects.none(), required=False, empty_label=_("Not mapped")
    )
    role = forms.ChoiceField(label=_("Role"), choices=CampusRole)
    promotion = forms.ModelChoiceField(
        label=_("Promotion"), queryset=Promotion.objects.none(), required=False, empty_label=_("None")
    )

    def __init__(self, data: Any = None, *, group: ProvisionedGroup) -> None:
        super().__init__(data, initial={"campus": group.campus_id, "role": group.role, "promotion": group.promotion_id})
        self.fields["campus"].queryset = Campus.objects.filter(archived_at=None)  # type: ignore[attr-defined]
        self.fields["promotion"].queryset = Promotion.objects.all()  # type: ignore[attr-defined]
