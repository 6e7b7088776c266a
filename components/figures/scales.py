"""How scores and axes are drawn: transforms of the score, ticks, ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.numbers import bare, percent
from data.series import AXES

Array = npt.NDArray[np.float64]

# A score of exactly 0 or 1 has no logit and no log error; it is drawn at the edge.
EDGE = 0.002

Y_TITLES = {
    "raw": N_("{metric}"),
    "above_chance": N_("{metric}, share of the way from chance to 1"),
    "logit": N_("{metric}, logit scale"),
    "error_log": N_("Error = 1 − {metric}, log scale"),
}
_LOGIT_TICKS = (0.002, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.998)
_ERROR_TICKS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class YScale:
    """A drawn version of the score: a monotone transform and its axis."""

    kind: str
    chance: float

    def __call__(self, score: npt.ArrayLike) -> Array:
        """Axis coordinates of scores (fractions, unless the scale is raw)."""
        value = np.asarray(score, float)
        if self.kind == "above_chance":
            return (value - self.chance) / (1 - self.chance)
        if self.kind == "logit":
            inside = np.clip(value, EDGE, 1 - EDGE)
            return np.log(inside / (1 - inside))
        if self.kind == "error_log":
            return np.log10(np.clip(1 - value, EDGE, None))
        return value


def y_scale(kind: str, *, proportion: bool, chance: float | None) -> YScale:
    """The scale asked for, or the raw one where it has no meaning (a loss has no logit, no floor no chance)."""
    possible = kind == "raw" or (proportion and (kind != "above_chance" or chance is not None))
    return YScale(kind if possible else "raw", chance or 0.0)


def y_axis(scale: YScale, *, proportion: bool, metric: str) -> dict[str, object]:
    """Plotly settings of the y-axis."""
    settings: dict[str, object] = {"title": {"text": _(Y_TITLES[scale.kind]).format(metric=metric)}}
    if scale.kind in ("logit", "error_log"):
        ticks = _LOGIT_TICKS if scale.kind == "logit" else _ERROR_TICKS
        at = scale(ticks) if scale.kind == "logit" else np.log10(ticks)
        settings |= {"tickvals": list(at), "ticktext": [percent(tick, 1) for tick in ticks]}
    elif proportion:
        settings |= {"tickformat": ".0%"}
    if scale.kind == "error_log":
        settings |= {"autorange": "reversed"}  # better is up on every scale
    return settings


FEW_DECADES = 2.0
"""Below it, powers of ten alone would leave an axis with one number or none."""


def x_axis(axis: str, title: str, limits: Sequence[float] = ()) -> dict[str, object]:
    """Plotly settings of the x-axis; `limits` is its range in Plotly's coordinate, if it is known."""
    settings: dict[str, object] = {"title": {"text": title}}
    if limits:
        settings["range"] = limits
    if AXES[axis].log and limits and max(limits) - min(limits) < FEW_DECADES:
        low, high = min(limits), max(limits)
        steps = (1, 2, 5) if high - low > FEW_DECADES / 4 else range(1, 10)
        places = [step * 10.0**power for power in range(int(np.floor(low)), int(np.ceil(high))) for step in steps]
        ticks = [place for place in places if low <= np.log10(place) <= high]
        settings |= {"type": "log", "tickvals": ticks, "ticktext": [bare(tick, axis) for tick in ticks]}
    elif AXES[axis].log:
        settings |= {
            "type": "log",
            "exponentformat": "power",
            "dtick": 1,
            "minor": {"dtick": "D1", "ticks": ""},
        }
    elif axis == "perplexity":
        settings |= {"type": "log", "tickvals": [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50, 100]}
    elif axis == "date":
        settings |= {"tickformat": "d", "dtick": 1}
    return settings


def unlabelled(axis: str, limits: Sequence[float]) -> dict[str, object]:
    """Plotly settings of an x-axis whose numbers and title stand under a panel below."""
    return {**x_axis(axis, "", limits), "title": None, "showticklabels": False, "ticks": ""}


def drawn(axis: str, value: npt.ArrayLike) -> Array:
    """Values in the coordinate of Plotly's ranges and annotations: log10 on log axes."""
    array = np.asarray(value, float)
    return np.log10(array) if AXES[axis].log or axis == "perplexity" else array


def x_range(axis: str, values: npt.ArrayLike, pad: float = 0.06) -> list[float]:
    """A range around the data in Plotly's coordinate; reversed for perplexity."""
    at = drawn(axis, values)
    low, high = float(at.min()), float(at.max())
    margin = pad * (high - low) if high > low else 0.5
    low, high = low - margin, high + margin
    return [high, low] if AXES[axis].reverse else [low, high]


def spread(wanted: Array, gap: float | Array, within: tuple[float, float] | None = None) -> Array:
    """Positions as near as possible to `wanted` (sorted or not) but at least `gap` apart; order kept.

    With an array as `gap`, each position is the middle of a thing of that size, and no two things overlap.
    `within` keeps the things between two bounds, if they fit there at all.
    """
    order = np.argsort(wanted, kind="stable")
    placed = np.asarray(wanted, float)[order]
    sizes = np.broadcast_to(np.asarray(gap, float), placed.shape)[order]
    steps = np.concatenate([np.zeros(min(1, len(sizes))), np.cumsum((sizes[1:] + sizes[:-1]) / 2)])
    # Pool adjacent violators on the shifted positions: the least-squares monotone fit.
    blocks: list[list[float]] = []
    for value in placed - steps:
        blocks.append([value, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    flat = np.concatenate([np.full(int(n), value) for value, n in blocks]) if blocks else placed
    if within is not None and len(flat):
        flat = np.clip(flat, within[0] + sizes[0] / 2, max(within[0], within[1] - steps[-1] - sizes[-1] / 2))
    out = np.empty_like(placed)
    out[order] = flat + steps
    return out
