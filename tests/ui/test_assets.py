"""Style sheets and scripts: joined for production, small, and in the order of the cascade."""

import gzip

import brotli
import pytest
from django.contrib.staticfiles import finders

from apps.core.bundle import SCRIPTS, STYLES, join_scripts, join_styles, script_files, sources_of, style_files

CSS_BUDGET = 12_000  # bytes with brotli
JS_BUDGET = 6_000  # bytes with gzip, without htmx


def test_the_order_of_the_layers_comes_first():
    assert style_files()[0] == "ui/00-reset.css"
    assert style_files()[-1] == "ui/90-utilities.css"
    joined = join_styles(sources_of(style_files()))
    assert joined.index("@layer reset, tokens, base, layout, components, utilities;") < joined.index("@layer reset {")


def test_the_bundles_are_found_like_any_static_file():
    with open(finders.find(STYLES)) as file:
        assert file.read() == join_styles(sources_of(style_files()))
    with open(finders.find(SCRIPTS)) as file:
        assert file.read() == join_scripts(sources_of(script_files()))


def test_the_style_sheet_stays_small():
    assert len(brotli.compress(join_styles(sources_of(style_files())).encode())) <= CSS_BUDGET


def test_the_scripts_stay_small():
    assert len(gzip.compress(join_scripts(sources_of(script_files())).encode())) <= JS_BUDGET


@pytest.mark.parametrize("name", script_files())
def test_a_script_stands_alone(name):
    """Joined scripts share one file, so none may import, and the policy forbids evaluation."""
    source = sources_of([name])[0]
    for forbidden in (
        "import ",
        "export ",
        "eval(",
        "new Function",
        "innerHTML",
        "document.write",
        "insertAdjacentHTML",
    ):
        assert forbidden not in source


def test_braces_are_balanced_so_that_joining_is_safe():
    for name in [*style_files(), *script_files()]:
        source = sources_of([name])[0]
        assert source.count("{") == source.count("}"), name
