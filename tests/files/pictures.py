"""Files as people, and attackers, send them."""

import io
import struct
import zlib

from PIL import Image

GPS = 0x8825


def picture(kind="JPEG", size=(640, 480), color=(180, 40, 60), **options) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def with_location() -> bytes:
    """A JPEG as a phone makes it: turned, and with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "CANARY-DESCRIPTION"
    exif.get_ifd(GPS)[2] = (48.0, 51.0, 24.0)
    return picture(size=(600, 300), exif=exif, comment=b"CANARY-COMMENT")


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), color) for color in ("red", "green", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def huge(width=30_000, height=30_000) -> bytes:
    """A PNG of a few hundred bytes that says it has nine hundred megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


SCRIPT = b"<script>alert(document.domain)</script>"
POLYGLOTS = {
    "a picture that is also a page": lambda: picture() + SCRIPT,
    "a picture whose comment is a page": lambda: picture(comment=SCRIPT),
    "a picture that is also an archive": lambda: picture("PNG") + b"PK\x03\x04" + SCRIPT,
    "a GIF that is also a script": lambda: animated() + b"/*" + SCRIPT + b"*/",
}
NO_PICTURES = {
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "a PDF": b"%PDF-1.7\n" + SCRIPT,
    "an archive": b"PK\x03\x04" + b"\0" * 100,
    "only the first bytes of a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "half a picture": picture(size=(900, 900))[:700],
    "nothing": b"",
    "a TIFF": picture("TIFF"),
    "a BMP": picture("BMP"),
}
