"""One series of scores over scale, and its normalised form in which everything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

HUGE = 1e100
"""Scales and scores beyond it are taken to be there: their squares would overflow."""

ROUNDING = 1e-6
"""By how much a share may leave 0..1."""

UNKNOWN_N = 100.0
"""Items assumed per score when nobody says how many there were: few, so that no verdict rests on them."""

SHARED = 0.5
"""Share of the scatter that the models of one family have in common, in series that pool families."""

MIN_SIZES, MIN_SIZES_CURVE = 3, 4
"""Distinct scales that it takes to say that an ability appears; and to say how, to locate a midpoint or to predict."""

SUDDEN_DECADES = 2.0
"""Decades of training compute within which a 10-90 % rise is sudden: the widest limit that keeps every exact-match
mirage below 5 % false claims in simulation."""


@dataclass(frozen=True, eq=False)
class Series:
    """Scores of models of growing scale on one task.

    Parameters
    ----------
    scale : array_like, (K,)
        Positive scales (FLOPs, parameters, tokens), or any reals if `log_scale` is false.
    score : array_like, (K,)
        Scores; fractions in 0..1 for accuracy-like metrics.
    chance : float or array_like, (K,), optional
        Score of guessing, in the unit of the score; None if there is no such level.
    n_examples : float or array_like, (K,), optional
        Test items behind each score; None or NaN if unknown.
    stderr : float or array_like, (K,), optional
        Published standard errors, in the unit of the score; they count where `n_examples` is unknown.
    ceiling : float, optional
        Upper asymptote, in the unit of the score; None estimates it.
    higher_is_better : bool
        False for losses and error rates.
    log_scale : bool
        Whether the axis is judged in decades.
    label : str
        Name for messages.
    group : sequence, (K,), optional
        Family of each point, if the series pools several: the shift between families then counts as scatter, and
        points of one family share it.
    pool : str, optional
        Series with an equal, non-None key share one between-model scatter (see `assess_many`).
    proportion : bool, optional
        Whether the score is a share of items right (binomial) or a real number (Gaussian); None decides: within 0..1.
    sudden_within : float, optional
        Decades of the axis within which a rise is sudden: 2 over training compute, 1 over parameters (C ~ N^2);
        None where suddenness is not judged, as on every linear axis.

    Raises
    ------
    ValueError
        If the arrays are not one-dimensional and equally long; the message names the series.
    """

    scale: ArrayLike
    score: ArrayLike
    chance: ArrayLike | None = None
    n_examples: ArrayLike | None = None
    stderr: ArrayLike | None = None
    ceiling: float | None = None
    higher_is_better: bool = True
    log_scale: bool = True
    label: str = ""
    group: Sequence[Any] | None = None
    pool: str | None = None
    proportion: bool | None = None
    sudden_within: float | None = SUDDEN_DECADES

    def __post_init__(self) -> None:
        """Check the shapes, so that a mistake is reported where it is made."""
        size = np.shape(self.scale)
        if len(size) != 1 or np.shape(self.score) != size:
            raise ValueError(f"scale and score must be one-dimensional and equally long: {self.label!r}")
        for name in ("chance", "n_examples", "stderr"):
            value = getattr(self, name)
            if value is not None and np.shape(value) not in ((), size):
                raise ValueError(f"{name} must be one number or as long as scale: {self.label!r}")
        if self.group is not None and len(self.group) != size[0]:
            raise ValueError(f"group must be as long as scale: {self.label!r}")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A series in normal form: sorted, better is larger, `scale` in the user's unit mapped to t in 0..1.

    For proportions `y` is the share right and `floor` the chance level (NaN if none is known). For other scores
    `y` is mapped to 0..1 by (score - shift) / span, where `span` is negative if lower is better; `noise` is the
    published standard error in the same unit, 0 where unknown. `weight` is the share of an independent point
    that each one counts for: less than 1 only where a pooled series has several models of one family.
    """

    scale: Array
    t: Array
    y: Array
    n: Array
    floor: Array
    noise: Array
    weight: Array
    amplitude: float | None
    group: NDArray[np.intp] | None
    origin: float
    span_x: float
    shift: float
    span: float
    log_scale: bool
    proportion: bool
    n_known: bool
    dropped: int
    pool: str | None
    sudden_within: float | None

    @property
    def sizes(self) -> int:
        """The number of distinct scales."""
        return len(np.unique(self.t))

    @property
    def chance(self) -> float | None:
        """The chance level at the largest scale, in the normal form; None if unknown."""
        if not self.proportion or not len(self.floor) or np.isnan(self.floor[-1]):
            return None
        return float(self.floor[-1])

    def to_t(self, scale: ArrayLike) -> Array:
        """Normalised position of scales in the user's unit."""
        x = np.asarray(scale, float)
        if self.log_scale:
            x = np.log10(np.maximum(x, np.finfo(float).tiny))
        return np.clip((x - self.origin) / self.span_x, -1e6, 1e6)

    def to_scale(self, t: ArrayLike) -> Array:
        """Scales in the user's unit from normalised positions."""
        x = self.origin + self.span_x * np.asarray(t, float)
        return 10.0 ** np.clip(x, -307, 307) if self.log_scale else x

    def to_y(self, score: ArrayLike) -> Array:
        """Normalised scores."""
        return (np.asarray(score, float) - self.shift) / self.span

    def to_score(self, y: ArrayLike) -> Array:
        """Scores in the user's unit from normalised ones."""
        return self.shift + self.span * np.asarray(y, float)


def _column(value: ArrayLike | None, size: int) -> Array:
    """`value` as a (size,) array, NaN where it is missing."""
    if value is None:
        return np.full(size, np.nan)
    return np.array(np.broadcast_to(np.asarray(value, float), (size,)))


def _family_weight(group: NDArray[np.intp] | None, size: int) -> Array:
    """Weights (K,) of points that share the scatter of their family: 1 / (1 + (m - 1) rho) for m models.

    The inverse design effect of cluster sampling, as the power of each point's likelihood (composite
    likelihood, Varin, Reid and Firth 2011): ten models of one family are not ten independent witnesses.
    """
    if group is None:
        return np.ones(size)
    return np.asarray(1 / (1 + (np.bincount(group)[group] - 1) * SHARED))


def is_proportion(series: Series) -> bool:
    """Whether the scores are shares of items right: said so, or all within 0..1."""
    if series.proportion is not None:
        return series.proportion
    score = np.asarray(series.score, float)
    score = score[np.isfinite(score)]
    return bool(np.all((score >= -ROUNDING) & (score <= 1 + ROUNDING)))


def prepare(series: Series, n_unknown: float = UNKNOWN_N) -> Prepared:
    """`series` in normal form; points that are not finite (or not positive on a log axis) are dropped.

    `n_unknown` items are assumed where neither a count nor a standard error is given.
    """
    x, y = (np.clip(np.array(values, float), -HUGE, HUGE) for values in (series.scale, series.score))
    size, scale = len(x), x
    proportion = is_proportion(series)
    chance, n, error = (_column(v, size) for v in (series.chance, series.n_examples, series.stderr))
    keep = np.isfinite(x) & np.isfinite(y) & ((x > 0) | (not series.log_scale))
    if series.log_scale:
        x = np.log10(np.where(keep, x, 1.0))
    group = None
    if series.group is not None:
        group = np.unique([str(name) for name in series.group], return_inverse=True)[1]
    # Ties are ordered by score and size so that the order of the rows cannot matter.
    order = np.lexsort((np.nan_to_num(n), y, x))
    order = order[keep[order]]
    scale, x, y, chance, n, error = scale[order], x[order], y[order], chance[order], n[order], error[order]
    group = None if group is None else group[order]

    error = np.where(np.isfinite(error) & (error > 0), error, np.nan)
    n = np.where(np.isfinite(n) & (n >= 1), n, np.nan)
    if proportion:
        shift, span = (0.0, 1.0) if series.higher_is_better else (1.0, -1.0)
        y = np.clip(y, 0.0, 1.0)
        spread = np.maximum(y * (1 - y), 0.01)  # a standard error of 0 at y = 0 or 1 says nothing about n
        n = np.where(np.isnan(n), np.clip(spread / error**2, 1.0, 1e7), n)
        known = bool(len(n)) and not np.isnan(n).any()
        n = np.clip(np.where(np.isnan(n), n_unknown, n), 1.0, 1e7)
        y = (y - shift) / span
        floor = (chance - shift) / span
        floor = np.where((floor >= 0) & (floor < 1), np.minimum(floor, 0.99), np.nan)  # else it is no chance level
        noise = np.zeros_like(y)
    else:
        low, high = (float(y.min()), float(y.max())) if len(y) else (0.0, 1.0)
        width = high - low
        # Scores that differ by rounding only are equal: their span must not be blown up to 1.
        width = width if width > 1e-9 * max(abs(low), abs(high), 1e-300) else max(abs(high), 1.0)
        shift, span = (low, width) if series.higher_is_better else (high, -width)
        y = (y - shift) / span
        known = True
        floor = np.full_like(y, np.nan)
        noise = np.nan_to_num(error) / width
        n = np.ones_like(y)
    amplitude = None
    if series.ceiling is not None and np.isfinite(series.ceiling):
        amplitude = (float(series.ceiling) - shift) / span
        if proportion:
            base = 0.0 if not len(floor) or np.isnan(floor[-1]) else float(floor[-1])
            amplitude = float(np.clip((amplitude - base) / (1 - base), 0.01, 1.0))
        elif abs(amplitude) > 10.0:  # a ceiling many times the observed range away says nothing
            amplitude = None
    origin = float(x[0]) if len(x) else 0.0
    span_x = float(x[-1] - x[0]) if len(x) else 1.0
    span_x = span_x if span_x > 1e-12 * max(1.0, abs(origin)) else 1.0
    return Prepared(
        scale=scale,
        t=np.clip((x - origin) / span_x, 0.0, 1.0),
        y=y,
        n=n,
        floor=floor,
        noise=noise,
        weight=_family_weight(group, len(x)),
        amplitude=amplitude,
        group=group,
        origin=origin,
        span_x=span_x,
        shift=shift,
        span=span,
        log_scale=series.log_scale,
        proportion=proportion,
        n_known=known,
        dropped=size - int(keep.sum()),
        pool=series.pool,
        sudden_within=series.sudden_within if series.log_scale else None,
    )
