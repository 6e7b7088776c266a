"""How a family is told from the others: its colour, marker and dash, the same on every page, in light and dark.

Hues are Okabe and Ito's colour-blind safe set, darkened on white and lightened on black until each can be read as
text on the paper (a contrast of 4.5:1, as the names of curves are written in their colour); colour is never the
only sign. Nothing is drawn here: models choose the variants of a style, figures use them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

# name: (on white, on black)
HUES = {
    "blue": ("#0072B2", "#56A9E0"),
    "vermillion": ("#C24B00", "#F0803C"),
    "green": ("#007F5C", "#2DBE93"),
    "orange": ("#9C6900", "#E8A33D"),
    "purple": ("#A6498A", "#DB8FC0"),
    "sky": ("#007C9E", "#7CC7F2"),
    "olive": ("#7A7400", "#D8CF45"),
    "grey": ("#5A6068", "#A9B1BA"),
}
SYMBOLS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "pentagon", "hexagon", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")

# Families of the founding papers have fixed styles; the rest get theirs from their name (stable, not random).
_FIXED = {
    "gpt-3": ("blue", 0, 0),
    "lamda": ("vermillion", 1, 0),
    "gopher": ("green", 2, 0),
    "chinchilla": ("orange", 3, 0),
    "palm": ("purple", 4, 0),
    "anthropic-lm": ("olive", 5, 0),
    "llama": ("sky", 0, 1),
    "llama-2": ("sky", 1, 2),
    "opt": ("vermillion", 0, 1),
    "pythia": ("green", 0, 1),
    "pythia-deduped": ("green", 1, 2),
    "bloom": ("purple", 0, 1),
    "instructgpt": ("blue", 1, 1),
    "flan": ("vermillion", 3, 2),
    "flan-palm": ("purple", 3, 1),
    "flan-t5": ("olive", 2, 1),
    "t5": ("olive", 1, 2),
    "big-g": ("orange", 0, 1),
    "olmo-ladder": ("orange", 1, 2),
    "qwen1.5": ("grey", 0, 0),
    "qwen2": ("grey", 1, 1),
    "falcon": ("grey", 2, 2),
}


@dataclass(frozen=True)
class Style:
    """How one family is drawn."""

    color: str
    symbol: str
    dash: str


def family_style(family: str, variant: int = 0, *, dark: bool = False) -> Style:
    """The style of `family`; `variant` tells apart several curves of one family (prompting, protocol)."""
    names = list(HUES)
    if family in _FIXED:
        hue, symbol, dash = _FIXED[family]
    else:
        digest = hashlib.blake2b(family.encode(), digest_size=4).digest()
        hue, symbol, dash = names[digest[0] % len(names)], digest[1], digest[2]
    return Style(
        HUES[hue][dark],
        SYMBOLS[(symbol + 3 * variant) % len(SYMBOLS)],
        DASHES[(dash + variant) % len(DASHES)],
    )


def style_variants(families: Sequence[str], *, dashes: bool = True) -> list[int]:
    """For each curve of a figure the variant of its family's style that tells it apart without its colour.

    The first curve of a family keeps the family's own mark and dash unless a curve before it has both; families
    with a fixed style choose first, so that no other name, a reader's own say, takes it from them. `dashes` says
    whether the figure draws them, else marks alone must differ (as far as there are marks).
    """
    seen: set[tuple[str, str]] = set()
    chosen = [0] * len(families)
    for place in sorted(range(len(families)), key=lambda place: families[place] not in _FIXED):
        family = families[place]
        styles = [family_style(family, variant) for variant in range(len(SYMBOLS) * len(DASHES))]
        signs = [(style.symbol, style.dash if dashes else "") for style in styles]
        variant = next((number for number, sign in enumerate(signs) if sign not in seen), place)
        seen.add(signs[variant % len(signs)])
        chosen[place] = variant
    return chosen
