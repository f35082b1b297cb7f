"""Pictures that weigh what photographs weigh: detail at every scale, edges, light from above, grain of the sensor.

Noise alone shrinks badly and flat drawings too well; the spectrum of streets and trees falls with the
frequency (about 1/f), and that is what these are made of.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from PIL.Image import Exif
from PIL.Image import Image as Picture


def a_photograph(seed: int, size: tuple[int, int] = (4000, 3000)) -> Picture:
    """Make the picture of this number; no two are the same, and each is always the same."""
    chance = np.random.default_rng(seed)
    width, height = size
    roughness = chance.uniform(0.8, 1.5)  # leaves and gravel; walls and sky
    scene = _detail(chance, (width // 2, height // 2), roughness).resize(size, Image.Resampling.BICUBIC)
    _add_things(scene, chance)
    pixels = np.asarray(scene, dtype=np.float32)
    light = np.linspace(chance.uniform(0, 60), chance.uniform(-60, 0), height, dtype=np.float32)
    grain = chance.standard_normal(pixels.shape, dtype=np.float32) * chance.uniform(2, 7)
    return Image.fromarray(np.clip(pixels + light[:, None, None] + grain, 0, 255).astype(np.uint8))


def as_taken(picture: Picture, *, at_least: int = 0, exif: Exif | None = None) -> bytes:
    """Write the picture as a phone does, in the first quality that comes to so many bytes."""
    saving = {"exif": exif} if exif is not None else {}
    data = BytesIO()
    for quality in (92, 95, 97, 98, 99, 100):
        data = BytesIO()
        picture.save(data, "JPEG", quality=quality, **saving)
        if data.tell() >= at_least:
            break
    return data.getvalue()


def _detail(chance: np.random.Generator, size: tuple[int, int], roughness: float) -> Picture:
    width, height = size
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    frequency[0, 0] = 1
    fall = frequency.astype(np.float32) ** -roughness
    layers = [_field(chance, size, fall) for _ in range(2)]
    tint = chance.uniform(-0.3, 0.3, 3)
    colours = [0.95 * layers[0] + share * layers[1] for share in tint]
    spread = chance.uniform(30, 55)
    stacked = np.stack([128 + spread * colour for colour in colours], axis=-1)
    return Image.fromarray(np.clip(stacked, 0, 255).astype(np.uint8))


def _field(chance: np.random.Generator, size: tuple[int, int], fall: np.ndarray) -> np.ndarray:
    white = chance.standard_normal((size[1], size[0]), dtype=np.float32)
    field = np.fft.irfft2(np.fft.rfft2(white) * fall, s=(size[1], size[0]))
    return (field - field.mean()) / field.std()


def _add_things(scene: Picture, chance: np.random.Generator) -> None:
    """Put walls, poles and signs into the scene: half-transparent, so that they keep its texture."""
    for _ in range(int(chance.integers(10, 40))):
        things = Image.new("L", scene.size, 0)
        left, top = (int(chance.integers(0, side)) for side in scene.size)
        wide, high = (int(side * chance.uniform(0.02, 0.3)) for side in scene.size)
        draw = ImageDraw.Draw(things)
        shape = draw.ellipse if chance.random() < 0.3 else draw.rectangle
        shape((left, top, left + wide, top + high), fill=int(chance.integers(60, 200)))
        colour = tuple(int(value) for value in chance.integers(0, 255, 3))
        box = (left, top, min(left + wide, scene.width), min(top + high, scene.height))
        soft = things.crop(box).filter(ImageFilter.GaussianBlur(1))
        scene.paste(Image.new("RGB", soft.size, colour), box, soft)
