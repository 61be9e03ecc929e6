"""Forms: label, help, error and control belong together, for eyes and for screen readers."""

from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

from ..ui import Text

register = template.Library()


@register.inclusion_tag("ui/field.html")
def field(
    bound: BoundField, wide: bool = False, label: Text = "", prefix: Text = "", suffix: Text = ""
) -> dict[str, Any]:
    """One field with its label, help and errors, wired by id."""
    widget = bound.field.widget
    return {
        "field": bound,
        "control": control(bound),
        "label": label or bound.label,
        "kind": kind_of(widget),
        "wide": wide or isinstance(widget, forms.Textarea),
        "prefix": prefix,
        "suffix": suffix,
        "optional": not bound.field.required,
        "describes": bound.auto_id or bound.html_name,
    }


@register.inclusion_tag("ui/fields.html")
def fields(form: BaseForm, columns: bool = True) -> dict[str, Any]:
    return {"form": form, "columns": columns}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What to correct, above the form, in the words used at the fields."""
    by_field = [(bound, error) for bound in form if form.is_bound for error in bound.errors]
    general = form.non_field_errors() if form.is_bound else []
    return {"by_field": by_field, "general": general, "count": len(by_field) + len(general)}


def kind_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "select" if isinstance(widget, forms.Select) else "input"


def control(bound: BoundField, **more: str | bool) -> SafeString:
    """The form control with our class, and the browser's own date pickers."""
    widget = bound.field.widget
    use_native_pickers(widget)
    css = {"choices": "", "check": "check", "select": "input select"}.get(kind_of(widget), "input")
    own = widget.attrs.get("class", "")
    attributes: dict[str, str | bool] = {"class": f"{css} {own}".strip()} if css or own else {}
    return bound.as_widget(attrs=attributes | more)


def use_native_pickers(widget: forms.Widget) -> None:
    """Browsers send and expect ISO dates whatever the language of the page."""
    if isinstance(widget, forms.DateTimeInput):
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif isinstance(widget, forms.TimeInput):
        widget.input_type, widget.format = "time", "%H:%M"
