"""On which axis do groups (families) fall on one curve? Two measures, and what the data allow to say of them.

Leave one group out: a monotone curve through all other groups predicts the group; the mean absolute error, in
units of the score, is what the axis fails to explain. It needs no threshold and no fit, and uses every point.

Scatter of thresholds: the mean distance between the thresholds of two groups, as a share of the range of the
axis that the data cover, so that axes of different units can be compared.

Abilities share groups and groups share abilities, so neither is resampled alone: both get independent random
weights (the Bayesian pigeonhole bootstrap; Owen and Eckles 2012, Annals of Applied Statistics 6(3), 895-927),
which errs on the wide side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

MIN_GROUPS = 3
MIN_ABILITIES = 3
DRAWS = 4000


@dataclass(frozen=True)
class Estimate:
    """A number with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Pooling:
    """How far groups lie apart on each of several axes.

    `distance[k]` is the mean distance on axis k, `difference[k]` that of axis k minus that of `reference`;
    `by_ability` (A, K) are the means of each ability. `abilities` and `groups` are how many had any value.
    """

    reference: int
    distance: tuple[Estimate, ...]
    difference: tuple[Estimate, ...]
    by_ability: Array
    abilities: int
    groups: int

    @property
    def sufficient(self) -> bool:
        """Whether there are enough groups and abilities to speak of an interval."""
        return self.groups >= MIN_GROUPS and self.abilities >= MIN_ABILITIES


def isotonic(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Least-squares nondecreasing fit: the distinct x in order, and the fit there (pool adjacent violators)."""
    at, inverse, counts = np.unique(np.asarray(x, float), return_inverse=True, return_counts=True)
    means = np.bincount(inverse, np.asarray(y, float)) / counts
    blocks: list[tuple[float, float, int]] = []  # mean, weight, distinct x
    for mean, weight in zip(means, counts, strict=True):
        blocks.append((float(mean), float(weight), 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, n, i), (b, m, j) = blocks[-2:]
            blocks[-2:] = [((a * n + b * m) / (n + m), n + m, i + j)]
    return at, np.concatenate([np.full(size, mean) for mean, _weight, size in blocks]) if blocks else means


def leave_group_out(x: ArrayLike, y: ArrayLike, group: Sequence[object]) -> Array:
    """Error of each point under a nondecreasing curve through the points of all other groups.

    `y` better is larger, `x` an increasing coordinate. NaN where the others do not reach: a curve cannot be
    tested beyond its data.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    names = np.asarray([str(name) for name in group])
    error = np.full(len(x), np.nan)
    for name in np.unique(names):
        mine = names == name
        if mine.all():
            continue
        at, fit = isotonic(x[~mine], y[~mine])
        inside = mine & (x >= at[0]) & (x <= at[-1])
        error[inside] = y[inside] - np.interp(x[inside], at, fit)
    return error


def compare_axes(
    values: ArrayLike, members: ArrayLike, *, reference: int, seed: int = 0, draws: int = DRAWS, level: float = 0.95
) -> Pooling:
    """Mean distance per axis with intervals, over abilities and groups.

    Parameters
    ----------
    values : array_like, (A, P, K)
        Distances of A abilities, P cells and K axes; a cell that lacks one axis counts on none.
    members : array_like of int, (P, M)
        The groups that each cell belongs to: one for an error, two for the distance of a pair.
    reference : int
        Index of the axis that the others are compared with.
    seed : int
        Seed of the random weights.
    draws : int
        Random weightings.
    level : float
        Probability of the intervals.

    Returns
    -------
    Pooling
        The mean distance on each axis, and its difference to the reference.
    """
    value = np.asarray(values, float)
    member = np.asarray(members, int).reshape(value.shape[1], -1)
    known = np.isfinite(value).all(axis=2)
    value = np.where(known[..., None], value, 0.0)
    count = value.shape[2]
    groups = np.unique(member[known.any(axis=0)])
    with np.errstate(invalid="ignore"):
        by_ability = value.sum(axis=1) / known.sum(axis=1)[:, None]
    if not known.any():
        nothing = tuple(Estimate(np.nan, np.nan, np.nan) for _ in range(count))
        return Pooling(reference, nothing, nothing, by_ability, 0, 0)
    rng = np.random.default_rng(seed)
    of_ability = rng.exponential(size=(draws, value.shape[0]))
    of_group = rng.exponential(size=(draws, int(member.max()) + 1))
    # The point estimate is the same mean with all weights one.
    of_ability, of_group = (
        np.vstack([np.ones(value.shape[0]), of_ability]),
        np.vstack([np.ones_like(of_group[0]), of_group]),
    )
    of_cell = of_group[:, member].prod(axis=2)
    total = np.einsum("ba,bp,ap->b", of_ability, of_cell, known.astype(float), optimize=True)
    mean = np.einsum("ba,bp,apk->bk", of_ability, of_cell, value, optimize=True) / total[:, None]
    return Pooling(
        reference,
        tuple(_estimate(mean[:, k], level) for k in range(count)),
        tuple(_estimate(mean[:, k] - mean[:, reference], level) for k in range(count)),
        by_ability,
        abilities=int(known.any(axis=1).sum()),
        groups=len(groups),
    )


def _estimate(draws: Array, level: float) -> Estimate:
    tail = (1 - level) / 2
    low, high = np.quantile(draws[1:], [tail, 1 - tail])
    return Estimate(float(draws[0]), float(low), float(high))
