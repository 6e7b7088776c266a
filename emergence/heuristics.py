"""Published heuristics of emergence, next to what pure noise gives them.

I(y) = sign(argmax y - argmin y) (max y - min y); breakthroughness I / sqrt(median of squared neighbour
differences), which is also the emergence score of Schaeffer et al. (2304.15004, sec. 4); linearity
I / sqrt(mean of the same) (BIG-bench, 2206.04615, App. B). Both depend on the number of points, and
breakthroughness is unbounded for a series at chance: hence the null distribution for that K and n.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NULL_DRAWS = 1000
LIMIT = 1e6
"""Reported instead of infinity where the denominator is 0."""


@dataclass(frozen=True)
class Heuristic:
    """A published score, the median and 95 % point it has under flat noise, and its p-value there."""

    value: float
    null_median: float
    null_95: float
    p_value: float

    def __float__(self) -> float:
        """The score itself."""
        return self.value


def improvement(y: Array) -> Array:
    """I(y) over the last axis (scores in order of scale)."""
    sign = np.sign(y.argmax(axis=-1) - y.argmin(axis=-1))
    return np.asarray(sign * (y.max(axis=-1) - y.min(axis=-1)))


def _ratio(top: Array, squares: Array) -> Array:
    root = np.sqrt(squares)
    with np.errstate(over="ignore"):
        bounded = np.where(root > 0, top / np.where(root > 0, root, 1.0), np.sign(top) * LIMIT)
    return np.clip(bounded, -LIMIT, LIMIT)


def breakthroughness(y: Array) -> Array:
    """I(y) / sqrt(median of squared neighbour differences), over the last axis; 0 for a constant series."""
    return _ratio(improvement(y), np.median(np.diff(y, axis=-1) ** 2, axis=-1))


def linearity(y: Array) -> Array:
    """I(y) / sqrt(mean of squared neighbour differences), over the last axis; 0 for a constant series."""
    return _ratio(improvement(y), np.mean(np.diff(y, axis=-1) ** 2, axis=-1))


@lru_cache(maxsize=4096)
def _null(size: int, n: int, level: float) -> tuple[Array, Array]:
    """Sorted breakthroughness and linearity of NULL_DRAWS flat series; n = 0 stands for Gaussian noise."""
    random = np.random.default_rng(20220615)
    shape = (NULL_DRAWS, size)
    y = random.binomial(n, level, shape) / n if n else random.standard_normal(shape)
    return np.sort(breakthroughness(y)), np.sort(linearity(y))


def against_noise(y: Array, n: Array | None, level: float | None) -> tuple[Heuristic, Heuristic] | None:
    """Breakthroughness and linearity of `y` (K,), K >= 2, with their null distribution.

    The null is a flat series at `level` (chance; the mean if unknown) with the median item count of `n`;
    Gaussian noise if `n` is None. None for a single point.
    """
    if len(y) < 2:
        return None
    items = 0 if n is None else round(float(f"{np.median(n):.2g}"))
    at = round(float(np.mean(y) if level is None else level), 2)
    found = []
    for value, null in zip(
        (breakthroughness(y), linearity(y)), _null(len(y), items, at if items else 0.0), strict=True
    ):
        above = NULL_DRAWS - int(np.searchsorted(null, float(value), side="left"))
        found.append(
            Heuristic(
                value=float(value),
                null_median=float(np.median(null)),
                null_95=float(np.quantile(null, 0.95)),
                p_value=(1 + above) / (NULL_DRAWS + 1),
            )
        )
    return found[0], found[1]
