"""What a point says of itself: model, place, score with its error, protocol, and where it is printed."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from components.ability.model import AbilityView, ShownSeries
from components.core.i18n import gettext as _
from components.core.numbers import Z_95, on_axis
from components.core.vocabulary import figure_kind, metric_name, score_text, shots_name, source_name


def error_bounds(points: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """95 % bounds of each score: the published standard error, else Wilson's interval from n; else none."""
    score = points["score"].to_numpy(float)
    n = points["n_examples"].to_numpy(float)
    stderr = points["stderr"].to_numpy(float)
    z = Z_95
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = np.clip(score, 0, 1)
        centre = (inside + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(inside * (1 - inside) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    fraction = (points["unit"] == "fraction").to_numpy(bool)
    low = np.where(np.isfinite(stderr), score - z * stderr, np.where(fraction, centre - half, np.nan))
    high = np.where(np.isfinite(stderr), score + z * stderr, np.where(fraction, centre + half, np.nan))
    return np.where(np.isfinite(low), low, score), np.where(np.isfinite(high), high, score)


def hover(point: Any, view: AbilityView, series: ShownSeries) -> str:
    """What a point says of itself: model, place, score with its error, protocol, and where it is printed."""
    low, high = error_bounds(pd.DataFrame([point._asdict()]))  # type: ignore[attr-defined]
    score = score_text(point.score, view)
    if high[0] > low[0]:
        score = _("{score} (95 %: {low} to {high})").format(
            score=score, low=score_text(low[0], view), high=score_text(high[0], view)
        )
    place = on_axis(point.value, view.axis)
    if point.estimated:
        place = _("{place} ({kind})").format(place=place, kind=figure_kind(point.x_kind))
    protocol = _("{metric}, {shots}").format(
        metric=metric_name(view.metric), shots=shots_name(point.n_shot or "unstated")
    )
    where = _("{source}, {locator}").format(source=source_name(view, point.source), locator=point.locator)
    if point.extraction == "digitized":
        where = _("{where} (read off the figure)").format(where=where)
    return "<br>".join(
        [
            f"<b>{escape(str(point.model_name))}</b>",
            escape(place),
            escape(score),
            escape(protocol),
            *wrapped(where),
        ]
    )


def wrapped(text: str, width: int = 56) -> list[str]:
    """`text` in a few escaped lines."""
    import textwrap  # noqa: PLC0415

    return [escape(line) for line in textwrap.wrap(text, width)[:4]]
