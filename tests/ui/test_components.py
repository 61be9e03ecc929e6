"""Every component: what it promises, and that it never passes text through as markup."""

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.utils import timezone, translation

from apps.core.components.formats import day_and_month
from apps.core.ui import JobView, Step, Tab, TimelineItem

EVIL = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;"


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    born = forms.DateField(label="Born on", required=False)
    campus = forms.ChoiceField(label="Campus", choices=[("", "all"), ("ly", "Lyon")], required=False)


@pytest.mark.parametrize(
    "snippet",
    [
        "{% button evil %}",
        "{% button 'x' href=evil %}",
        "{% button 'x' data_confirm=evil %}",
        "{% badge evil %}",
        "{% status evil %}",
        "{% avatar evil label=True %}",
        "{% who evil note=evil %}",
        "{% card evil subtitle=evil %}{{ evil }}{% endcard %}",
        "{% kpi evil evil note=evil %}",
        "{% alert title=evil %}{{ evil }}{% endalert %}",
        "{% empty_state evil text=evil %}{{ evil }}{% endempty_state %}",
        "{% dialog 'd' evil %}{{ evil }}{% enddialog %}",
        "{% copyable evil %}",
        "{% icon 'users' label=evil %}",
        "{% sort_header 'name' evil %}",
        "{% select_row 1 evil %}",
        "{% facts rows %}",
        "{% changes changed %}",
        "{% breadcrumbs rows %}",
        "{% stat_bar numbers %}",
        "{% menu 'm' evil %}{{ evil }}{% endmenu %}",
        "{% avatars names %}",
    ],
)
def test_text_stays_text(draw, snippet):
    html = draw(
        snippet, evil=EVIL, rows=[(EVIL, EVIL)], changed={EVIL: [EVIL, EVIL]}, numbers=[(EVIL, 3)], names=[EVIL]
    )
    assert "<script>" not in html
    assert ESCAPED in html or "lt;script" in html.lower() or snippet.startswith("{% status")


def test_a_button_with_an_address_is_a_link(draw):
    assert draw("{% button 'Go' href='/x' %}").startswith('<a class="btn" href="/x">')
    assert draw("{% button 'Go' %}").startswith('<button class="btn" type="button">')


def test_keywords_of_a_button_become_attributes(draw):
    html = draw(
        "{% button 'Go' hx_post='/x' disabled=True aria_label='Go on' name='' data_confirm=nothing %}", nothing=None
    )
    assert 'hx-post="/x"' in html
    assert 'aria-label="Go on"' in html
    assert " disabled" in html
    assert "name" not in html
    assert "data-confirm" not in html


def test_a_picture_only_button_keeps_its_name_for_screen_readers(draw):
    assert '<span class="sr">Edit</span>' in draw("{% button 'Edit' icon='pencil' icon_only=True %}")


def test_an_icon_is_decoration_unless_it_is_labelled(draw):
    assert 'aria-hidden="true"' in draw("{% icon 'users' %}")
    assert 'role="img" aria-label="People"' in draw("{% icon 'users' label='People' %}")


def test_a_state_nobody_registered_is_shown(draw):
    assert "Quite new" in draw("{% status 'quite_new' %}")


def test_the_same_name_has_the_same_colour(draw):
    colour = re.compile(r"avatar (h\d+)")
    assert colour.findall(draw("{% avatar 'Élise' %}")) == colour.findall(draw("{% avatar 'élise' %}"))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amélie Fournier", "AF"), ("Lyon", "LY"), ("Jean-Luc de la Tour", "JT"), ("", "?"), ("…", "?")],
)
def test_initials(draw, name, letters):
    assert f">{letters}</span>" in draw("{% avatar name %}", name=name)


def test_a_field_is_wired_to_its_help_and_errors(draw):
    html = draw("{% form_errors form %}{% fields form %}", form=Sample({"name": ""}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert '<a href="#id_name">Name</a>' in html
    assert "data-focus" in html


def test_a_form_without_errors_has_no_summary(draw):
    assert draw("{% form_errors form %}", form=Sample()).strip() == ""


def test_dates_use_the_picker_of_the_browser_in_every_language(draw):
    with translation.override("fr"):
        html = draw("{% field form.born %}", form=Sample({"born": "2026-11-21"}))
    assert 'type="date"' in html
    assert 'value="2026-11-21"' in html


def test_optional_fields_say_so(draw):
    html = draw("{% field form.born %}", form=Sample())
    assert "(optional)" in html


def test_sorting_turns_round_and_forgets_the_page(draw):
    first = draw("{% sort_header 'name' 'Name' %}", "/p/?page=3&q=a")
    assert 'href="/p/?q=a&amp;sort=name"' in first
    assert "aria-sort" not in first
    again = draw("{% sort_header 'name' 'Name' %}", "/p/?sort=name")
    assert 'aria-sort="ascending"' in again
    assert 'href="/p/?sort=-name"' in again
    assert 'aria-sort="descending"' in draw("{% sort_header 'name' 'Name' %}", "/p/?sort=-name")
    assert 'aria-sort="ascending"' in draw("{% sort_header 'name' 'Name' default=True %}", "/p/")


def test_links_of_a_list_work_without_javascript_and_swap_with_it(draw):
    html = draw("{% tabs tabs target='#list' %}", "/p/?q=a&page=2", tabs=[Tab("", "All", 3), Tab("on", "On", 1)])
    assert 'href="/p/?q=a&amp;status=on"' in html
    assert 'hx-get="/p/?q=a&amp;status=on"' in html
    assert 'hx-target="#list"' in html
    assert 'hx-push-url="true"' in html
    assert html.count("aria-current") == 1


def test_filters_keep_sorting_and_drop_the_page(draw):
    html = draw("{% filters form target='#list' %}", "/p/?sort=-name&page=4&q=x", form=Sample({"q": "x"}))
    assert '<input type="hidden" name="sort" value="-name">' in html
    assert 'name="page"' not in html


def test_chips_show_labels_and_remove_one_filter_each(draw):
    form = Sample({"name": "ada", "campus": "ly"})
    html = draw("{% filter_chips form %}", "/p/?name=ada&campus=ly&sort=x", form=form)
    assert "Lyon" in html
    assert 'href="/p/?campus=ly&amp;sort=x"' in html
    assert 'href="/p/?name=ada&amp;sort=x"' in html
    assert 'href="/p/?sort=x"' in html


def test_no_chips_without_filters(draw):
    assert draw("{% filter_chips form %}", form=Sample({"name": ""})).strip() == ""


def test_no_match_offers_to_clear_the_filters(draw):
    snippet = "{% empty_state 'None' kind='no-match' %}{% endempty_state %}"
    assert 'href="/p/"' in draw(snippet, "/p/?q=zzz")
    assert "href" not in draw(snippet, "/p/")


def test_the_pager_knows_where_it_is(draw):
    html = draw("{% pager page %}", "/p/?page=2&q=a", page=Paginator(range(2400), 50).get_page(2))
    assert "51–100 of 2,400" in html
    assert 'href="/p/?q=a&amp;page=3"' in html
    assert 'aria-current="page"' in html


def test_the_keyset_pager_links_forward_and_back(draw):
    html = draw("{% keyset_pager next='n' previous='' total=50000 %}", "/p/?after=x")
    assert 'href="/p/?after=n"' in html
    assert 'aria-disabled="true">Previous' in html
    assert "50,000 rows" in html


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_job_that_moves_asks_again(draw, state):
    html = draw("{% job job %}", job=JobView("7", state, "Run", 3, 12, poll_url="/runs/7/progress"))
    assert 'hx-get="/runs/7/progress"' in html
    assert 'hx-trigger="every 1s"' in html
    assert 'aria-busy="true"' in html


@pytest.mark.parametrize("state", ["held", "partial", "done", "failed", "cancelled"])
def test_a_job_that_ended_stops_asking(draw, state):
    html = draw("{% job job %}", job=JobView("7", state, "Run", 3, 12, poll_url="/p", cancel_url="/c"))
    assert "hx-get" not in html
    assert "/c" not in html


def test_a_partial_job_never_looks_complete(draw):
    html = draw("{% job job %}", job=JobView("7", "partial", "Run", 3, 12))
    assert "Not everything was done" in html
    assert 'class="warn"' in html


def test_a_checklist_counts_what_is_done(draw):
    html = draw("{% checklist steps %}", steps=[Step("One", True), Step("Two", False, url="/two")])
    assert "1 of 2" in html
    assert 'href="/two"' in html


def test_a_timeline_shows_before_and_after(draw):
    item = TimelineItem(timezone.now() - timedelta(hours=2), "Renamed", actor="Ada", changes={"name": ["Lion", "Lyon"]})
    html = draw("{% timeline items %}", items=[item])
    assert re.search(r"<del>.*Lion</del>", html)
    assert re.search(r"<ins>.*Lyon</ins>", html)
    assert "2 hours ago" in html


def test_money_and_numbers_speak_the_language(draw):
    snippet = "{{ cents|money:'EUR' }} {{ n|number }} {{ share|percent }}"
    values = {"cents": 123450, "n": 50000, "share": 0.125}
    assert draw(snippet, **values) == "€1,234.50 50,000 12.5%"
    with translation.override("fr"):
        assert draw(snippet, **values).replace("\u202f", " ").replace("\xa0", " ") == "1 234,50 € 50 000 12,5 %"


def test_days_of_charts_speak_the_language():
    day = date(2026, 8, 5)
    assert day_and_month(day) == "5 Aug"
    with translation.override("fr"):
        assert day_and_month(day) == "5 août"


def test_nothing_is_shown_for_nothing(draw):
    assert draw("{{ x|money }}{{ x|number }}{{ x|day }}{{ x|moment }}{{ x|ago }}{{ x|initials }}", x=None) == ""


def test_menus_and_dialogs_are_native(draw):
    assert 'popovertarget="m"' in draw("{% menu 'm' 'More' %}{% endmenu %}")
    assert '<dialog class="dialog' in draw("{% dialog 'd' 'Title' %}{% enddialog %}")
