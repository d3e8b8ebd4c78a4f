"""Pictures are drawn anew: whatever hid in the file (scripts, places, other files) stays behind."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from ymach.changes.evidence.errors import PictureDamaged, PictureTooLarge

MAX_PIXELS = 50_000_000
"""Larger pictures are refused before they are unpacked: 50 million pixels need 200 MB."""

LONGEST_SIDE = 4000
"""Larger pictures are made smaller: a page of A4 at 340 dpi."""

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
_FAULTS = (OSError, ValueError, SyntaxError, UnidentifiedImageError, EOFError, IndexError, OverflowError)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture drawn anew; sizes in pixels."""

    content: bytes
    width: int
    height: int


def draw_anew(content: bytes, media_type: str) -> Drawn:
    """The picture without anything else: upright, bounded, no metadata. Raises PictureTooLarge, PictureDamaged."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as picture:
            _check_size(picture.width, picture.height)
            picture.load()
            return _save(_plain(picture), media_type)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_large(len(content)) from bomb
    except _FAULTS as fault:
        raise PictureDamaged(field="evidence") from fault


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large(width * height // 1_000_000)


def _too_large(pixels: int) -> PictureTooLarge:
    return PictureTooLarge(field="evidence", pixels=pixels, limit=MAX_PIXELS // 1_000_000)


def _plain(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture) or picture
    fresh = Image.new("RGB", upright.size)
    fresh.paste(_on_paper(upright))
    fresh.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return fresh


def _on_paper(picture: Image.Image) -> Image.Image:
    """The colours as on white paper."""
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    if picture.mode == "RGB" and not has_alpha:
        return picture
    drawn = picture.convert("RGBA")
    if has_alpha:
        drawn = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn)
    return drawn.convert("RGB")


def _save(picture: Image.Image, media_type: str) -> Drawn:
    out = io.BytesIO()
    if media_type == "image/jpeg":
        picture.save(out, "JPEG", quality=88)
    else:
        picture.save(out, "PNG")
    return Drawn(out.getvalue(), picture.width, picture.height)
