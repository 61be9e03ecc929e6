"""Pictures for people of the demonstration: drawn, so that nobody's face is used."""

import colorsys
import io
import random

from PIL import Image, ImageDraw

SIZE = 240
SKIN = ((244, 208, 177), (224, 172, 136), (196, 138, 98), (141, 85, 54), (98, 62, 42))
HAIR = ((38, 30, 28), (84, 54, 36), (138, 96, 52), (206, 168, 104), (120, 120, 124), (150, 62, 36))


def portrait(seed: str) -> bytes:
    """A JPEG of 240 pixels as Microsoft keeps it; the same seed gives the same picture."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (SIZE * 2, SIZE * 2), _colour(chance.random(), 0.25, 0.92))
    draw = ImageDraw.Draw(picture)
    skin, hair = chance.choice(SKIN), chance.choice(HAIR)
    clothes = _colour(chance.random(), 0.55, 0.65)
    long_hair = chance.random() < 0.5
    if long_hair:
        draw.rounded_rectangle((128, 96, 352, 380), 100, fill=hair)
    draw.ellipse((60, 350, 420, 700), fill=clothes)
    draw.rounded_rectangle((204, 280, 276, 390), 34, fill=tuple(int(part * 0.9) for part in skin))
    draw.ellipse((150, 110, 330, 330), fill=skin)
    draw.pieslice((140, 84, 340, 300), 180, 360, fill=hair)
    if long_hair:
        draw.pieslice((140, 110, 250, 290), 150, 290, fill=hair)
    for x in (204, 276):
        draw.ellipse((x - 9, 214, x + 9, 232), fill=(40, 34, 34))
    draw.arc((204, 244, 276, 296), 25, 155, fill=(150, 70, 64), width=7)
    if chance.random() < 0.3:
        for x in (204, 276):
            draw.ellipse((x - 30, 194, x + 30, 252), outline=(50, 50, 60), width=6)
        draw.line((234, 220, 246, 220), fill=(50, 50, 60), width=6)
    out = io.BytesIO()
    picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=80)
    return out.getvalue()


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return int(red * 255), int(green * 255), int(blue * 255)
