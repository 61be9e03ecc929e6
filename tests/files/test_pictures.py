"""Whatever is sent: out comes a picture that we made, or a refusal that says why (FIL-1, H3)."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from apps.core.pictures import NotAPicture, Size, TooManyPixels, rewritten
from tests.files.pictures import NO_PICTURES, POLYGLOTS, animated, huge, picture, with_location

SIZES = {"96": Size(96), "320": Size(320), "whole": Size(256, "inside")}


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_webp_in_each_size(kind):
    made = {name: opened(data) for name, data in rewritten(picture(kind), SIZES).items()}
    assert {one.format for one in made.values()} == {"WEBP"}
    assert {name: one.size for name, one in made.items()} == {"96": (96, 96), "320": (320, 320), "whole": (256, 192)}


def test_nothing_of_the_file_but_its_picture_survives():
    sent = with_location()
    assert b"CANARY-COMMENT" in sent and opened(sent).getexif()[0x010E] == "CANARY-DESCRIPTION"  # a control
    for data in rewritten(sent, SIZES).values():
        assert not opened(data).getexif()
        assert b"CANARY" not in data and b"EXIF" not in data and b"XMP" not in data and b"ICCP" not in data


def test_a_turned_picture_is_turned():
    assert opened(rewritten(with_location(), {"whole": Size(256, "inside")})["whole"]).size == (128, 256)


@pytest.mark.parametrize("make", POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_a_file_of_two_kinds_is_only_a_picture_afterwards(make):
    for data in rewritten(make(), SIZES).values():
        assert b"script" not in data and b"PK\x03\x04" not in data


def test_of_an_animation_the_first_frame_is_kept():
    made = opened(rewritten(animated(), {"96": Size(96)})["96"])
    red, green, _blue = made.convert("RGB").getpixel((20, 20))
    assert getattr(made, "n_frames", 1) == 1
    assert red > 200 and green < 60


def test_a_transparent_logo_stays_transparent():
    logo = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(logo, "PNG")
    assert opened(rewritten(logo.getvalue(), {"whole": Size(256, "inside")})["whole"]).mode == "RGBA"


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(NotAPicture):
        rewritten(data, SIZES)


@pytest.mark.parametrize("data", [huge(), huge(10_000, 10_000), huge(200_000, 10)], ids=["bomb", "10k", "ribbon"])
def test_too_many_pixels_are_refused_before_they_are_decoded(data, monkeypatch):
    from PIL import PngImagePlugin

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda self: pytest.fail("it was decoded"))
    with pytest.raises(TooManyPixels):
        rewritten(data, SIZES)


def test_a_large_photo_of_a_camera_is_taken():
    assert opened(rewritten(picture(size=(10_000, 3_000)), {"96": Size(96)})["96"]).size == (96, 96)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_picture_is_taken_or_refused_never_an_error(data):
    sent = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"])), size=(64, 48)))
    for _ in range(data.draw(st.integers(1, 8))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NotAPicture, TooManyPixels):
        assert opened(rewritten(bytes(sent), {"96": Size(96)})["96"]).format == "WEBP"
