"""Lists: tables, sorting, filters, tabs and pages. The state of a list is its URL."""

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..ui import Hit, Tab, Text
from . import icons
from .forms import control, use_native_pickers

register = template.Library()
POSITION = ("page", "after", "before")  # parameters that mean a place in a list, lost when the list changes


def query(request: HttpRequest | None) -> QueryDict:
    return request.GET.copy() if request else QueryDict(mutable=True)


def address(request: HttpRequest | None, **changes: object) -> str:
    """This page with some parameters changed (None removes one) and back at the beginning of the list."""
    parameters = query(request)
    for name in POSITION:
        parameters.pop(name, None)
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    path = request.path if request else ""
    return f"{path}?{parameters.urlencode()}" if parameters else path


def swap(url: str, target: str) -> SafeString | str:
    """The attributes that make a link replace only the list. It stays an ordinary link without JavaScript."""
    if not target:
        return ""
    return format_html(
        ' hx-get="{}" hx-target="{}" hx-select="{}" hx-swap="outerHTML" hx-push-url="true"', url, target, target
    )


@register.simple_tag(takes_context=True)
def sort_header(
    context: Any, field: str, label: Text, num: bool = False, target: str = "", default: bool = False
) -> SafeString:
    """A column head that sorts by `?sort=`; a second press turns the order round."""
    request = context.get("request")
    current = query(request).get("sort") or (field if default else "")
    state = {field: "ascending", f"-{field}": "descending"}.get(current, "none")
    url = address(request, sort=f"-{field}" if state == "ascending" else field)
    picture = {"ascending": "chevron-up", "descending": "chevron-down"}.get(state, "chevrons-up-down")
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="{}"{}>{}{}</a></th>',
        format_html(' aria-sort="{}"', state) if state != "none" else "",
        SafeString(' class="num"') if num else "",
        url,
        swap(url, target),
        label,
        icons.icon(picture, 12),
    )


@register.simple_tag(takes_context=True)
def csv_link(context: Any, name: str) -> SafeString:
    """The whole table as a file, narrowed as it is here (apps.audit.tables)."""
    url, picture = address(context.get("request"), csv=name), icons.icon("download", 14)
    return format_html('<a class="btn sm push" href="{}" download>{}{}</a>', url, picture, _("Export CSV"))


@register.simple_tag
def select_all() -> SafeString:
    return format_html(
        '<th scope="col" class="pick"><input type="checkbox" class="check" data-select-all aria-label="{}"></th>',
        _("Select all rows of this page"),
    )


@register.simple_tag
def select_row(value: object, label: Text) -> SafeString:
    return format_html(
        '<td class="pick"><input type="checkbox" class="check" name="ids" value="{}" aria-label="{}"></td>',
        value,
        _("Select %(name)s") % {"name": label},
    )


@register.simple_block_tag
def bulk_bar(content: str, total: int | None = None) -> SafeString:
    """What can be done with the selected rows; the style sheet shows it when there are some."""
    everything: SafeString | str = ""
    if total:
        label = _("All %(total)s that match") % {"total": total}
        everything = format_html(
            '<label class="choice"><input type="checkbox" class="check" name="all_matching" value="1">{}</label>', label
        )
    return format_html(
        '<div class="bulk"><span data-selected data-one="{}" data-many="{}" aria-live="polite">{}</span>{}'
        '<div class="cluster push">{}</div></div>',
        _("1 selected"),
        _("{n} selected"),
        _("Selected rows"),
        everything,
        content,
    )


@register.inclusion_tag("ui/filters.html", takes_context=True)
def filters(context: Any, form: BaseForm, target: str = "") -> dict[str, Any]:
    """A GET form. Filtering starts the list again from its first page and keeps sorting and tab."""
    request = context.get("request")
    kept = [
        (name, value)
        for name, values in query(request).lists()
        for value in values
        if name not in form.fields and name not in POSITION
    ]
    search: list[tuple[BoundField, SafeString]] = []
    others: list[tuple[BoundField, SafeString]] = []
    for bound in form.visible_fields():
        (search if is_search(bound) else others).append((bound, filter_control(bound)))
    path = request.path if request else ""
    return {"search": search, "others": others, "kept": kept, "path": path, "target": target}


def is_search(bound: BoundField) -> bool:
    return bound.name in ("q", "search") or isinstance(bound.field.widget, forms.SearchInput)


def filter_control(bound: BoundField) -> SafeString:
    use_native_pickers(bound.field.widget)
    if is_search(bound):
        bound.field.widget.input_type = "search"
        return control(bound, placeholder=str(bound.label), autocomplete="off", **{"data-search": "true"})
    return control(bound)


@register.inclusion_tag("ui/filter_chips.html", takes_context=True)
def filter_chips(context: Any, form: BaseForm, target: str = "") -> dict[str, Any]:
    """What the list is narrowed to. Each chip takes one filter away."""
    request = context.get("request")
    chips = []
    if form.is_bound and form.is_valid():
        for bound in form.visible_fields():
            if text := chosen(bound, form.cleaned_data.get(bound.name)):
                url = address(request, **{bound.html_name: None})
                chips.append({"label": bound.label, "value": text, "url": url, "swap": swap(url, target)})
    clear = address(request, **{bound.html_name: None for bound in form.visible_fields()})
    return {"chips": chips, "clear_url": clear, "clear_swap": swap(clear, target)}


def chosen(bound: BoundField, value: Any) -> str:
    """A filter's value as people read it: the label of a choice, not its code."""
    if value in (None, "", [], ()) or value is False:
        return ""
    if value is True:
        return _("yes")
    labels = {str(code): str(label) for code, label in flat_choices(bound)}
    values = value if isinstance(value, list | tuple | set) else [value]
    return ", ".join(labels.get(str(getattr(one, "pk", one)), str(one)) for one in values)


def flat_choices(bound: BoundField) -> Iterable[tuple[Any, Any]]:
    for code, label in getattr(bound.field, "choices", ()):
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield code, label


@register.inclusion_tag("ui/tabs.html", takes_context=True)
def tabs(
    context: Any, items: Iterable[Tab], label: Text = "", param: str = "status", target: str = ""
) -> dict[str, Any]:
    """Saved views of a list with their counts, or neighbouring pages."""
    request = context.get("request")
    chosen_value = query(request).get(param, "")
    shown = []
    for tab in items:
        url = tab.url or address(request, **{param: tab.value or None})
        here = (request is not None and request.path == tab.url) if tab.url else tab.value == chosen_value
        shown.append({"tab": tab, "url": url, "here": here, "swap": "" if tab.url else swap(url, target)})
    return {"tabs": shown, "label": label or _("Views")}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Any, page: Page, target: str = "") -> dict[str, Any]:
    request = context.get("request")

    def place(number: int | str) -> dict[str, Any]:
        if isinstance(number, str):
            return {"label": number, "url": ""}
        url = address(request, page=number)
        return {"label": number, "url": url, "here": number == page.number, "swap": swap(url, target)}

    return {
        "page": page,
        "previous": place(page.previous_page_number()) if page.has_previous() else None,
        "next": place(page.next_page_number()) if page.has_next() else None,
        "places": [place(n) for n in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)],
    }


@register.inclusion_tag("ui/keyset_pager.html", takes_context=True)
def keyset_pager(
    context: Any,
    next: str = "",
    previous: str = "",
    shown: str | int = "",
    total: int | None = None,
    target: str = "",
) -> dict[str, Any]:
    """Pages of a very long list: only forward and back, as quick on page one thousand as on page one."""
    request = context.get("request")

    def place(**cursor: str) -> dict[str, Any] | None:
        if not any(cursor.values()):
            return None
        url = address(request, **cursor)
        return {"url": url, "swap": swap(url, target)}

    return {"previous": place(before=previous), "next": place(after=next), "shown": shown, "total": total}


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(crumbs: Iterable[tuple[Text, str]]) -> dict[str, Any]:
    return {"crumbs": [(crumb[0], crumb[1] if len(crumb) > 1 else "") for crumb in crumbs]}


@register.inclusion_tag("ui/palette_results.html")
def palette_results(groups: Iterable[tuple[Text, Iterable[Hit]]]) -> dict[str, Any]:
    """What the search page answers to the palette: groups of hits."""
    return {"groups": [(label, list(hits)) for label, hits in groups]}
