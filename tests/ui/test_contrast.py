"""A school may choose any hue: every text stays readable on its background, in both themes (WCAG 1.4.3, 1.4.11)."""

import pytest

from apps.core.bundle import join_styles, sources_of, style_files

pytestmark = pytest.mark.browser

HUES = range(0, 360, 5)
TEXT = 4.5
CONTROL_EDGE = 3.0
TEXT_PAIRS = [
    ("--on-brand", "--brand"),
    ("--on-brand", "--brand-strong"),
    ("--brand", "--surface"),
    ("--brand", "--canvas"),
    ("--brand-strong", "--brand-soft"),
    ("--ink", "--canvas"),
    ("--ink-2", "--canvas"),
    ("--ink-2", "--sunken"),
    ("--ink-3", "--surface"),
    ("--ink-3", "--canvas"),
    ("--ink-3", "--sunken"),
    ("--ink-3", "--raised"),
    ("--on-inverse", "--inverse"),
    ("--good", "--good-soft"),
    ("--warn", "--warn-soft"),
    ("--bad", "--bad-soft"),
    ("--bad", "--surface"),
    ("--on-bad", "--bad"),
]
EDGE_PAIRS = [("--control-line", "--surface"), ("--brand", "--surface")]

MEASURE = """([pairs, hues]) => {
  const canvas = document.createElement("canvas").getContext("2d");
  const probe = document.body.appendChild(document.createElement("i"));
  const root = document.documentElement;
  const channel = (value) => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const luminance = (token) => {
    probe.style.color = `var(${token})`;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return .2126 * channel(red) + .7152 * channel(green) + .0722 * channel(blue);
  };
  const worst = {};
  for (const theme of ["light", "dark"]) {
    root.dataset.theme = theme;
    for (const hue of hues) {
      root.style.setProperty("--hue", hue);
      for (const [text, ground] of pairs) {
        const [a, b] = [luminance(text), luminance(ground)];
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        const name = `${theme}: ${text} on ${ground}`;
        if (!(worst[name]?.[0] <= ratio)) worst[name] = [ratio, hue];
      }
    }
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def blank_page(browser):
    """An empty page with our style sheets only."""
    page = browser.new_page()
    page.set_content("<!doctype html><title>tokens</title><body></body>")
    page.add_style_tag(content=join_styles(sources_of(style_files())))
    yield page
    page.close()


def too_low(page, pairs, least: float) -> list[str]:
    worst = page.evaluate(MEASURE, [pairs, list(HUES)])
    assert len(worst) == 2 * len(pairs)
    return [f"{name}: {ratio:.2f} at hue {hue}" for name, (ratio, hue) in worst.items() if ratio < least]


def test_every_text_is_readable_in_every_hue(blank_page):
    assert too_low(blank_page, TEXT_PAIRS, TEXT) == []


def test_edges_of_controls_can_be_seen_in_every_hue(blank_page):
    assert too_low(blank_page, EDGE_PAIRS, CONTROL_EDGE) == []


def test_the_measurement_finds_a_pair_that_is_too_weak(blank_page):
    """A control: a decorative line was never meant to carry text."""
    assert len(too_low(blank_page, [("--line", "--surface")], TEXT)) == 2


def test_letters_of_people_are_readable_on_their_colour(blank_page):
    blank_page.evaluate("document.documentElement.removeAttribute('style')")
    for theme in ("light", "dark"):
        blank_page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        blank_page.evaluate(
            "document.body.innerHTML = [...Array(12).keys()].map(n => `<span class='avatar h${n}'>AB</span>`).join('')"
        )
        ratios = blank_page.evaluate("""() => [...document.querySelectorAll(".avatar")].map((one) => {
          const canvas = document.createElement("canvas").getContext("2d");
          const light = (colour) => {
            canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
            const f = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
              .map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * f[0] + .7152 * f[1] + .0722 * f[2];
          };
          const style = getComputedStyle(one);
          const [a, b] = [light(style.color), light(style.backgroundColor)];
          return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        })""")
        assert len(ratios) == 12
        assert min(ratios) >= TEXT, (theme, ratios)
