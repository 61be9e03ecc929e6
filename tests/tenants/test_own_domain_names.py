"""Which names a school may claim, and how the DNS writes them."""

import pytest

from apps.core.errors import Invalid
from apps.tenants.services.domains import normal_domain


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("campus.lumiere.example", "campus.lumiere.example"),
        ("  Campus.LUMIERE.Example. ", "campus.lumiere.example"),
        ("https://campus.lumiere.example/path?x", "campus.lumiere.example"),
        ("école.example", "xn--cole-9oa.example"),
        ("ÉCOLE.example", "xn--cole-9oa.example"),
        ("xn--cole-9oa.example", "xn--cole-9oa.example"),
        ("lumiere.example", "lumiere.example"),
        ("campanile.localhost.lumiere.example", "campanile.localhost.lumiere.example"),
    ],
)
def test_one_name_is_written_one_way(typed, name):
    assert normal_domain(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ".",
        "example",
        "fr",
        "localhost",
        "192.0.2.1",
        "[2001:db8::1]",
        "2001:db8::1",
        "http://192.0.2.1/",
        "campanile.localhost",
        "CAMPANILE.localhost.",
        "curie.campanile.localhost",
        "x.curie.campanile.localhost",
        "something.localhost",
        "printer.local",
        "a..example",
        "-a.example",
        "a_b.example",
        "*.lumiere.example",
        "a b.example",
        "a.example\x00",
        "a.example\nb.example",
        "user@lumiere.example",
        "lumiere.example:8000",
        "lumiere.example/x",
        "a." * 130 + "example",
        "x" * 64 + ".example",
        "lumiere.1",
        "1.2",
        "http://[::1",
        "\udcff.example",
    ],
)
def test_everything_else_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid) as refused:
        normal_domain(typed)
    assert str(refused.value.fields["domain"][0])
