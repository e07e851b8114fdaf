"""SVG to PNG, with a font of our own: a server may have none."""

from pathlib import Path

import resvg_py
from django.conf import settings

FONTS = Path(settings.BASE_DIR, "static", "vendor", "dejavu-fonts")  # Latin, Greek, Cyrillic, Arabic, Hebrew
FAMILY = "DejaVu Sans"
ZOOM = 1.5  # dots a unit of the drawing


def png_of(svg):
    """The picture as bytes; a letter that the font lacks is an empty box. Raises: ValueError where it is no SVG."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=ZOOM,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=[str(path) for path in sorted(FONTS.glob("*.ttf"))],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )
