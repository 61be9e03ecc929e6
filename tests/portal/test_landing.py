"""The public page of the platform, and the way from there to one's school."""

import pytest


def test_needs_no_sign_in(platform_client):
    answer = platform_client.get("/")
    assert answer.status_code == 200
    assert b"<form" in answer.content


@pytest.mark.parametrize(
    "text", ["lumiere", " LUMIERE ", "lumiere.campanile.localhost", "https://lumiere.campanile.localhost/sign-in/"]
)
def test_leads_to_the_school(platform_client, text):
    answer = platform_client.get("/find/", {"school": text})
    assert (answer.status_code, answer["Location"]) == (302, "http://lumiere.campanile.localhost/")


@pytest.mark.parametrize("text", ["", "nowhere", "evil.example", "https://evil.example/", "\x00", "..", "a" * 300, "@"])
def test_leads_nowhere_else(platform_client, text):
    answer = platform_client.get("/find/", {"school": text})
    assert answer.status_code == 422
    assert answer.context["form"].errors["school"]


def test_robots_may_find_it(platform_client):
    assert "Allow: /$" in platform_client.get("/robots.txt").content.decode()
