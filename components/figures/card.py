"""Small multiples as SVG pictures: a gallery of cards that are links.

Twelve Plotly charts take seconds to mount; these cost nothing, flow into as many columns as the screen has,
and are ordinary links for keyboard and screen reader.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np

from components.core.verdicts import Answered, answers_text, marks
from components.figures.scales import drawn
from components.figures.theme import Theme

WIDTH, HEIGHT, PAD = 240, 110, 8
Mark = Callable[[float, float], str]
_MARKS: dict[str, Mark] = {
    "circle": lambda x, y: f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>',
    "square": lambda x, y: f'<rect x="{x - 2.7:.1f}" y="{y - 2.7:.1f}" width="5.4" height="5.4"/>',
    "triangle-up": lambda x, y: f'<path d="M{x:.1f} {y - 3.6:.1f}l3.4 6h-6.8z"/>',
    "triangle-down": lambda x, y: f'<path d="M{x:.1f} {y + 3.6:.1f}l3.4 -6h-6.8z"/>',
    "diamond": lambda x, y: f'<path d="M{x:.1f} {y - 4:.1f}l3.6 4l-3.6 4l-3.6 -4z"/>',
    "pentagon": lambda x, y: _polygon(x, y, [3.5] * 5),
    "hexagon": lambda x, y: _polygon(x, y, [3.4] * 6),
    "star": lambda x, y: _polygon(x, y, [4.4, 1.8] * 5),
}
_DASHES = {"solid": "", "dash": "5 3", "dot": "1.5 2.5", "dashdot": "5 2 1.5 2", "longdash": "9 3"}


def _polygon(x: float, y: float, radii: list[float]) -> str:
    """A closed path around (x, y), its first corner upwards."""
    corners = [
        (x + radius * math.sin(2 * math.pi * i / len(radii)), y - radius * math.cos(2 * math.pi * i / len(radii)))
        for i, radius in enumerate(radii)
    ]
    return f'<path d="M{"L".join(f"{across:.1f} {down:.1f}" for across, down in corners)}z"/>'


@dataclass(frozen=True)
class Line:
    """One family in a card: points and fitted curve, in axis values and scores."""

    family: str
    variant: int
    name: str
    x: np.ndarray
    y: np.ndarray
    curve_x: np.ndarray
    curve_y: np.ndarray


@dataclass(frozen=True)
class Card:
    """One ability in the gallery."""

    title: str
    subtitle: str
    verdicts: tuple[Answered, ...]
    href: str
    axis: str
    chance: float | None
    lines: tuple[Line, ...]
    alt: str
    kicker: str = ""  # above the title: why this card stands here


def gallery(cards: list[Card], theme: Theme, *, fill: bool = False) -> str:
    """HTML of the cards as a responsive grid; `fill` lets few cards take the whole width."""
    kind = "ee-gallery ee-fill" if fill else "ee-gallery"
    return f'<div class="{kind}">{"".join(_card(card, theme) for card in cards)}</div>{_style(theme)}'


def _card(card: Card, theme: Theme) -> str:
    kicker = f'<span class="ee-kicker">{escape(card.kicker)}</span>' if card.kicker else ""
    return (
        f'<a class="ee-card" href="{escape(card.href)}">'
        f"{kicker}"
        f'<span class="ee-title">{escape(card.title)}</span>'
        f'<span class="ee-sub">{escape(card.subtitle)}</span>'
        f"{sparkline(card, theme)}"
        f"{''.join(_verdict(line) for line in card.verdicts)}</a>"
    )


def _verdict(line: Answered) -> str:
    if not line.states:
        return f'<span class="ee-verdict">{escape(line.text)}</span>'
    said = escape(answers_text(line.states))
    signs = f'<span class="ee-marks" role="img" aria-label="{said}" title="{said}">{marks(line.states)}</span>'
    return f'<span class="ee-verdict">{signs} {escape(line.text)}</span>'


def sparkline(card: Card, theme: Theme) -> str:
    """The card's picture: chance line, curves, points."""
    xs = [np.concatenate([line.x, line.curve_x]) for line in card.lines]
    ys = [np.concatenate([line.y, line.curve_y]) for line in card.lines]
    if not xs:
        return ""
    all_x = drawn(card.axis, np.concatenate(xs))
    all_y = np.concatenate([*ys, [card.chance] if card.chance is not None else []])
    (left, right), (bottom, top) = (all_x.min(), all_x.max()), (min(0.0, all_y.min()), all_y.max())

    def at(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        across = (drawn(card.axis, x) - left) / max(right - left, 1e-9)
        if card.axis == "perplexity":
            across = 1 - across
        up = (np.asarray(y) - bottom) / max(top - bottom, 1e-9)
        return PAD + across * (WIDTH - 2 * PAD), HEIGHT - PAD - up * (HEIGHT - 2 * PAD)

    parts = []
    if card.chance is not None:
        _x, level = at(np.array([card.lines[0].x[0]]), np.array([card.chance]))
        parts.append(
            f'<line x1="0" x2="{WIDTH}" y1="{level[0]:.1f}" y2="{level[0]:.1f}" stroke="{theme.muted}" '
            f'stroke-dasharray="4 3" stroke-width="1"/>'
        )
    for line in card.lines:
        style = theme.family(line.family, line.variant)
        if len(line.curve_x) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(*at(line.curve_x, line.curve_y), strict=True))
            dash = f' stroke-dasharray="{_DASHES[style.dash]}"' if _DASHES[style.dash] else ""
            parts.append(f'<polyline points="{path}" fill="none" stroke="{style.color}" stroke-width="1.6"{dash}/>')
        marks = "".join(_MARKS[style.symbol](x, y) for x, y in zip(*at(line.x, line.y), strict=True))
        parts.append(f'<g fill="{style.color}">{marks}</g>')
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    # As an image: Streamlit's sanitiser lets pictures pass, but no inline drawing.
    encoded = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{escape(card.alt)}" src="data:image/svg+xml;base64,{encoded}">'


def _style(theme: Theme) -> str:
    return f"""<style>
.ee-gallery {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 14px; }}
.ee-fill {{ grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); }}
.ee-fill img {{ max-width: 340px; }}
.ee-card {{ display: flex; flex-direction: column; gap: 2px; padding: 12px 14px; border: 1px solid {theme.grid};
  border-radius: 10px; text-decoration: none !important; color: {theme.ink} !important; background: {theme.paper}; }}
.ee-card:hover, .ee-card:focus-visible {{ border-color: {theme.muted}; outline-offset: 2px; }}
.ee-card img {{ width: 100%; height: auto; margin: 6px 0; }}
.ee-kicker {{ font-size: 0.84rem; font-weight: 600; color: {theme.claim}; }}
.ee-title {{ font-weight: 600; line-height: 1.25; }}
.ee-marks {{ margin-right: 0.35em; white-space: nowrap; letter-spacing: -0.1em; color: {theme.ink}; }}
.ee-sub, .ee-verdict {{ font-size: 0.84rem; color: {theme.muted}; line-height: 1.35; }}
</style>"""
