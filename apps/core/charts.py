"""Server-rendered SVG charts: no JavaScript, they print, follow dark mode, and can be read as a table.

Colours are classes of the style sheet. Every text goes through `format_html`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10, pi
from uuid import uuid4

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .components.formats import compact_number, number
from .ui import Text

Number = int | float
Point = tuple[float, float]

WIDTH, HEIGHT = 640, 230
GUTTER, FOOT, TOP, END = 52, 30, 12, 14
MAX_AXIS_LABELS = 7


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of figures; None is a gap. `quiet` draws a comparison in the background."""

    label: Text
    values: Sequence[Number | None]
    quiet: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The plotting area and its scale, from zero to a round figure above the greatest value."""

    top: float
    count: int

    def x(self, at: float) -> float:
        """The place of a value among `count` values that reach from edge to edge."""
        return GUTTER + at * (WIDTH - GUTTER - END) / max(self.count - 1, 1)

    def slot(self, at: int) -> tuple[float, float]:
        """Left edge and width of one of `count` columns."""
        width = (WIDTH - GUTTER - END) / max(self.count, 1)
        return GUTTER + at * width, width

    def y(self, value: Number) -> float:
        return TOP + (HEIGHT - FOOT - TOP) * (1 - value / self.top)


def sparkline(values: Sequence[Number], label: str = "") -> SafeString:
    """A line without axes. Decoration unless it has a label."""
    if len(values) < 2:
        return SafeString()
    low, high = min(values), max(values)
    span = (high - low) or 1
    points = [(i * 120 / (len(values) - 1), 34 - (value - low) * 30 / span) for i, value in enumerate(values)]
    path = smooth(points)
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="spark" viewBox="0 0 120 36" preserveAspectRatio="none" {}>'
        '<path class="spark-fill" d="{}L120,36L0,36Z"/>'
        '<path class="spark-line" d="{}" vector-effect="non-scaling-stroke"/></svg>',
        role,
        path,
        path,
    )


def line(
    title: Text, labels: Sequence[Text], series: Sequence[Series], *, unit: Text = "", area: bool = True
) -> SafeString:
    """Figures over time. The first series may be filled; quiet ones are dashed."""
    frame = Frame(round_up(greatest(series)), len(labels))
    drawn = [_line(frame, one, at, labels, unit, area and at == 0) for at, one in enumerate(series)]
    marks = together([_rules(frame), _axis(frame, labels), *reversed(drawn)])
    return _figure(title, marks, labels, series, unit)


def columns(title: Text, labels: Sequence[Text], series: Sequence[Series], *, unit: Text = "") -> SafeString:
    """Vertical bars; several series are stacked."""
    sums = [sum(one.values[at] or 0 for one in series) for at in range(len(labels))]
    frame = Frame(round_up(max(sums, default=0)), len(labels))
    drawn: list[SafeString] = []
    for at, label in enumerate(labels):
        left, slot = frame.slot(at)
        width, below = min(slot * 0.62, 56), 0.0
        for index, one in enumerate(series):
            value = one.values[at] or 0
            if not value:
                continue
            high, low = frame.y(below + value), frame.y(below)
            drawn.append(
                format_html(
                    '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" rx="3"><title>{}</title></rect>',
                    css_of(one, index),
                    r(left + (slot - width) / 2),
                    r(high),
                    r(width),
                    r(max(low - high - (1 if below else 0), 1)),
                    spoken(label, one, value, unit),
                )
            )
            below += value
    axis = _axis(frame, labels, centred=True)
    marks = format_html("{}{}{}", _rules(frame), axis, together(drawn))
    return _figure(title, marks, labels, series, unit)


def bars(title: Text, rows: Sequence[tuple[Text, Number]], *, unit: Text = "") -> SafeString:
    """Horizontal bars for comparing named things. Names and figures are ordinary text, so it needs no table."""
    longest = max((value for _label, value in rows), default=0) or 1
    items = format_html_join(
        "",
        '<li><span>{}</span><svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="1"/><rect class="bar" width="{}" height="1"/></svg><b>{}</b></li>',
        ((label, r(100 * value / longest), with_unit(number(value), unit)) for label, value in rows),
    )
    return format_html('<figure class="chart"><ul class="bars series-0" aria-label="{}">{}</ul></figure>', title, items)


def donut(title: Text, parts: Sequence[tuple], *, centre: Text = "", note: Text = "") -> SafeString:
    """Shares of a whole: `(label, value)` or `(label, value, tone)`. At most six can be told apart."""
    whole = sum(part[1] for part in parts) or 1
    radius, around, at, arcs, keys = 42, 2 * pi * 42, 0.0, [], []
    for index, (label, value, *tone) in enumerate(parts):
        css = tone[0] if tone else f"series-{index % 6}"
        length = around * value / whole
        arcs.append(
            format_html(
                '<circle class="arc {}" cx="60" cy="60" r="{}" stroke-dasharray="{} {}" stroke-dashoffset="{}"'
                ' transform="rotate(-90 60 60)"><title>{}: {}</title></circle>',
                css, radius, r(max(length - 1.5, 0)), r(around - max(length - 1.5, 0)), r(-at), label, number(value),
            )
        )  # fmt: skip
        keys.append((css, label, number(value)))
        at += length
    middle = format_html(
        '<text class="centre" x="60" y="{}" text-anchor="middle">{}</text>', 64 if note else 67, centre
    )
    if note:
        middle += format_html('<text class="under" x="60" y="78" text-anchor="middle">{}</text>', note)
    legend = format_html_join("", '<li><i class="swatch {}" aria-hidden="true"></i>{} <b>{}</b></li>', keys)
    return format_html(
        '<figure class="chart donut"><svg viewBox="0 0 120 120" role="img" aria-label="{}">{}{}</svg>'
        '<ul class="legend">{}</ul></figure>',
        title,
        together(arcs),
        middle,
        legend,
    )


# --- parts of a chart -----------------------------------------------------------------------------------


def _figure(
    title: Text,
    marks: SafeString,
    labels: Sequence[Text],
    series: Sequence[Series],
    unit: Text,
) -> SafeString:
    """The frame of every chart: legend, drawing with title and description, and the figures as a table."""
    id = f"chart-{uuid4().hex[:8]}"
    keys: SafeString | str = ""
    if len(series) > 1:
        keys = format_html(
            '<ul class="legend" aria-hidden="true">{}</ul>',
            format_html_join(
                "",
                '<li><i class="swatch {}"></i>{}</li>',
                (("quiet" if one.quiet else css_of(one, at), one.label) for at, one in enumerate(series)),
            ),
        )
    return format_html(
        '<figure class="chart">{keys}<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{desc}</desc>{marks}</svg>{table}</figure>',
        keys=keys,
        width=WIDTH,
        height=HEIGHT,
        id=id,
        title=title,
        desc=describe(labels, series, unit),
        marks=marks,
        table=_table(title, labels, series),
    )


def _table(title: Text, labels: Sequence[Text], series: Sequence[Series]) -> SafeString:
    heads = format_html_join("", '<th scope="col">{}</th>', ((one.label,) for one in series))
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (label, format_html_join("", "<td>{}</td>", ((_shown(one.values[at]),) for one in series)))
            for at, label in enumerate(labels)
        ),
    )
    return format_html(
        '<div class="sr"><table><caption>{}</caption>'
        "<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>",
        title,
        heads,
        rows,
    )


def _shown(value: Number | None) -> str:
    return "–" if value is None else number(value)


def describe(labels: Sequence[Text], series: Sequence[Series], unit: Text) -> str:
    """One sentence for people who do not see the picture: the range and where it ends."""
    known = (
        [(label, value) for label, value in zip(labels, series[0].values, strict=True) if value is not None]
        if series
        else []
    )
    if not known:
        return _("No data yet.")
    least, most = min(known, key=lambda one: one[1]), max(known, key=lambda one: one[1])
    return _("Between %(least)s (%(when_least)s) and %(most)s (%(when_most)s); last: %(last)s.") % {
        "least": with_unit(number(least[1]), unit),
        "when_least": least[0],
        "most": with_unit(number(most[1]), unit),
        "when_most": most[0],
        "last": with_unit(number(known[-1][1]), unit),
    }


def _rules(frame: Frame) -> SafeString:
    """Horizontal lines with their figures."""
    values = [frame.top * k / 4 for k in range(5)]
    heights = [frame.y(value) for value in values]
    return format_html_join(
        "",
        '<line class="rule{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            ("" if value else " zero", GUTTER, WIDTH - END, r(y), r(y), GUTTER - 10, r(y + 4), compact_number(value))
            for value, y in zip(values, heights, strict=True)
        ),
    )


def _axis(frame: Frame, labels: Sequence[Text], *, centred: bool = False) -> SafeString:
    """As many labels below as there is room for."""
    every = -(-len(labels) // MAX_AXIS_LABELS) or 1
    shown = []
    for at, label in enumerate(labels):
        if at % every:
            continue
        left, width = frame.slot(at)
        x = left + width / 2 if centred else frame.x(at)
        anchor = "middle" if centred or 0 < at < len(labels) - 1 else ("start" if at == 0 else "end")
        shown.append((r(x), HEIGHT - 8, anchor, label))
    return format_html_join("", '<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>', shown)


def _line(frame: Frame, one: Series, index: int, labels: Sequence[Text], unit: Text, filled: bool) -> SafeString:
    parts: list[SafeString] = []
    for run in unbroken(one.values):
        points = [(frame.x(at), frame.y(value)) for at, value in run]
        path = smooth(points)
        if filled and len(points) > 1:
            below, first, last = r(frame.y(0)), r(points[0][0]), r(points[-1][0])
            parts.append(format_html('<path class="fill" d="{}L{},{}L{},{}Z"/>', path, last, below, first, below))
        parts.append(format_html('<path class="line{}" d="{}"/>', " quiet" if one.quiet else "", path))
    if not one.quiet:
        parts += _points(frame, one, labels, unit)
    return format_html('<g class="{}">{}</g>', css_of(one, index), together(parts))


def _points(frame: Frame, one: Series, labels: Sequence[Text], unit: Text) -> list[SafeString]:
    """A mark at every value that shows itself, and the figure, under the pointer; the last one always shows."""
    known = [(at, value) for at, value in enumerate(one.values) if value is not None]
    return [
        format_html(
            '<g class="point{0}"><circle class="spot" cx="{1}" cy="{2}" r="10"/>'
            '<circle class="mark" cx="{1}" cy="{2}" r="3.5"/><title>{3}</title></g>',
            " last" if at == known[-1][0] else "",
            r(frame.x(at)),
            r(frame.y(value)),
            spoken(labels[at], one, value, unit),
        )
        for at, value in known
    ]


def unbroken(values: Sequence[Number | None]) -> Iterable[list[tuple[int, Number]]]:
    """Runs of neighbouring known values."""
    run: list[tuple[int, Number]] = []
    for at, value in enumerate([*values, None]):
        if value is not None:
            run.append((at, value))
        elif run:
            yield run
            run = []


def smooth(points: Sequence[Point]) -> str:
    """A curve through the points that never overshoots them (Fritsch-Carlson): no dip below zero is invented."""
    path = f"M{r(points[0][0])},{r(points[0][1])}"
    tangents = _tangents(points)
    for ((x1, y1), (x2, y2)), (m1, m2) in zip(pairwise(points), pairwise(tangents), strict=True):
        third = (x2 - x1) / 3
        path += f"C{r(x1 + third)},{r(y1 + m1 * third)} {r(x2 - third)},{r(y2 - m2 * third)} {r(x2)},{r(y2)}"
    return path


def _tangents(points: Sequence[Point]) -> list[float]:
    """The slope at each point: the harmonic mean of its neighbours' slopes, flat at a turn."""
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in pairwise(points)]
    if not slopes:
        return [0.0]
    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(slopes)]
    return [slopes[0], *inner, slopes[-1]]


def together(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def css_of(one: Series, index: int) -> str:
    return one.tone or f"series-{index % 6}"


def spoken(label: Text, one: Series, value: Number, unit: Text) -> str:
    return f"{label} · {one.label}: {with_unit(number(value), unit)}"


def with_unit(figure: str, unit: Text) -> str:
    return f"{figure} {unit}" if unit else figure


def greatest(series: Iterable[Series]) -> Number:
    return max((value for one in series for value in one.values if value is not None), default=0)


def round_up(value: Number) -> float:
    """The next round figure that can be cut into four: 4, 8, 10, 12, 16, 20, 40... times a power of ten."""
    if value <= 4:
        return 4
    power = 10 ** (floor(log10(value)) - 1)
    return next(step * power for step in (10, 12, 16, 20, 24, 28, 32, 40, 48, 60, 80, 100) if step * power >= value)


def r(value: float) -> str:
    """Coordinates with one decimal: nobody sees the others."""
    return f"{value:.1f}".removesuffix(".0")
