"""The school's colour for mail programs, which understand neither OKLCH nor style sheets."""

import math

LIGHTNESS, CHROMA = 0.45, 0.13


def accent(hue: int) -> str:
    """`#rrggbb` of the school's hue: dark enough for white text on it (more than 4.5 to 1 for every hue)."""
    chroma = CHROMA
    while True:
        channels = _linear_rgb(LIGHTNESS, chroma, hue)
        if all(-0.0001 <= channel <= 1.0001 for channel in channels) or chroma <= 0:
            return "#" + "".join(f"{_byte(channel):02x}" for channel in channels)
        chroma -= 0.005  # outside of what screens show: less colourful


def _linear_rgb(lightness: float, chroma: float, hue: int) -> tuple[float, float, float]:
    """OKLCH to linear sRGB, after Björn Ottosson."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _byte(channel: float) -> int:
    channel = min(1.0, max(0.0, channel))
    curved = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(curved * 255)
