"""Charts: figures can be read without seeing, text stays text, drawings stay inside their frame."""

import re

import pytest

from apps.core import charts
from apps.core.charts import Series

EVIL = '"><script>alert(1)</script>'
KINDS = {
    "line": lambda text, numbers: charts.line(text, [text] * len(numbers), [Series(text, numbers)], unit=text),
    "columns": lambda text, numbers: charts.columns(text, [text] * len(numbers), [Series(text, numbers)], unit=text),
    "bars": lambda text, numbers: charts.bars(text, [(text, number) for number in numbers], unit=text),
    "donut": lambda text, numbers: charts.donut(text, [(text, number) for number in numbers], centre=text, note=text),
    "sparkline": lambda text, numbers: charts.sparkline(numbers, label=text),
}


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_escaped(kind):
    html = KINDS[kind](EVIL, [1, 2, 3])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("numbers", [[], [0], [0, 0, 0], [5], [1, 1], [0.2, 0.1], [10**9, 3]])
def test_any_figures_can_be_drawn(kind, numbers):
    html = KINDS[kind]("People", numbers)
    assert "nan" not in html
    assert "style=" not in html


@pytest.mark.parametrize("kind", ["line", "columns"])
def test_the_figures_stand_in_a_table_for_screen_readers(kind):
    html = KINDS[kind]("People", [1200, 3400])
    assert "<caption>People</caption>" in html
    assert "<td>1,200</td>" in html
    assert "<td>3,400</td>" in html
    assert "last: 3,400" in html


def test_a_gap_is_a_gap():
    html = charts.line("Answers", ["a", "b", "c", "d", "e"], [Series("ms", [1, 2, None, 4, 5])])
    assert html.count('class="line"') == 2
    assert "<td>–</td>" in html


def test_the_curve_stays_between_its_points():
    path = charts.smooth([(0, 100), (10, 100), (20, 0), (30, 0), (40, 50)])
    heights = [float(y) for y in re.findall(r",(-?[\d.]+)", path)]
    assert min(heights) >= 0
    assert max(heights) <= 100


@pytest.mark.parametrize(("value", "top"), [(0, 4), (3, 4), (7, 8), (984, 1000), (1240, 1600), (50001, 60000)])
def test_the_scale_ends_on_a_round_figure(value, top):
    assert charts.round_up(value) == top


def test_stacked_columns_reach_their_sum():
    html = charts.columns("x", ["a"], [Series("one", [30]), Series("two", [10])])
    heights = [float(height) for height in re.findall(r'height="([\d.]+)" rx', html)]
    plot = charts.HEIGHT - charts.TOP - charts.FOOT
    assert sum(heights) + 1 == pytest.approx(plot, abs=0.5)
