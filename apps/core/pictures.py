"""Pictures from people: decoded, and written anew, so that nothing of the file they sent survives (FIL-1).

What comes out is a WebP made by us: no EXIF, no place where it was taken, no colour profile, no second file behind
the picture. What comes in is told by its contents; names and declared types are not looked at.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from .errors import DomainError

CONTENT_TYPE: Final = "image/webp"
EXTENSION: Final = "webp"
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS: Final = 36_000_000  # 144 MB when decoded: what one request may take of a server's memory
LONGEST_SIDE: Final = 12_000
QUALITY: Final = 82


@dataclass(frozen=True, slots=True)
class Size:
    """`square`: cut to the middle. `inside`: kept whole, at most `pixels` on its longer side."""

    pixels: int
    fit: Literal["square", "inside"] = "square"


class NotAPicture(DomainError):
    code = "not-a-picture"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This is not a JPEG, PNG, WebP or GIF picture, or it is damaged. Choose another file."))


class TooManyPixels(DomainError):
    code = "too-many-pixels"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _("This picture has too many pixels. Choose one of at most %(most)d megapixels.")
            % {"most": MOST_PIXELS // 1_000_000}
        )


def rewritten(data: bytes, sizes: Mapping[str, Size]) -> dict[str, bytes]:
    """The picture in each size, as WebP; of an animation its first frame. Never larger than what came.

    Raises NotAPicture, TooManyPixels.
    """
    picture = _decoded(data, most=max(size.pixels for size in sizes.values()))
    return {name: _written(_resized(picture, size)) for name, size in sizes.items()}


def _decoded(data: bytes, *, most: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            # the header says how large it is; nothing is decoded before that was looked at
            width, height = opened.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                raise TooManyPixels
            if min(width, height) < 1:
                raise NotAPicture
            opened.draft("RGB", (most * 2, most * 2))  # a JPEG can be decoded small
            opened.seek(0)
            turned = ImageOps.exif_transpose(opened)
            has_alpha = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
            picture = turned.convert("RGBA" if has_alpha else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except DomainError:
        raise
    except Exception:  # decoders meet hostile files: whatever they raise means one thing
        raise NotAPicture from None
    picture.info.clear()
    return picture


def _resized(picture: Image.Image, size: Size) -> Image.Image:
    if size.fit == "square":
        side = min(size.pixels, *picture.size)
        return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    smaller = picture.copy()
    smaller.thumbnail((size.pixels, size.pixels), Image.Resampling.LANCZOS)
    return smaller


def _written(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=None)
    return out.getvalue()
