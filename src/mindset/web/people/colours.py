"""An organisation's colour: whether it can be read, and what it becomes on dark paper (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from typing import Final

COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
ENOUGH: Final = 4.5  # contrast of words
# The surfaces on which the accent stands in mindset.css, and the words that stand on it.
_LIGHT: Final = ("#ffffff", "#f3f0ea")
_DARK: Final = ("#17191c", "#212429")
_ON_LIGHT_SCHEME: Final = "#ffffff"
_ON_DARK_SCHEME: Final = "#10202e"
_STEPS: Final = 40


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, from 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(accent: str) -> float:
    """The least contrast that ``accent`` has in the light scheme, on its papers and under white words."""
    return min(contrast(accent, other) for other in (*_LIGHT, _ON_LIGHT_SCHEME))


def for_dark(accent: str) -> str:
    """The accent made lighter, step by step, until it can be read on dark paper and under dark words."""
    for step in range(_STEPS + 1):
        mixed = _mixed(accent, step / _STEPS)
        if min(contrast(mixed, other) for other in (*_DARK, _ON_DARK_SCHEME)) >= ENOUGH:
            break
    return mixed


def _mixed(colour: str, share: float) -> str:
    """``colour`` with a share of white."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


def style(accent: str) -> str:
    """The style sheet that puts the accent in place of ours; empty where there is none."""
    if not accent:
        return ""
    light = f":root {{ --accent: {accent}; --on-accent: {_ON_LIGHT_SCHEME}; }}"
    dark = f":root {{ --accent: {for_dark(accent)}; --on-accent: {_ON_DARK_SCHEME}; }}"
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{ {dark} }}\n"
