"""Equally weighted draws from a posterior, and the curves they stand for.

Resampling is systematic and jitter comes from low-discrepancy sequences: the same series always gives the same
draws, on any machine and in any batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from emergence import shapes
from emergence.likelihood import ETA
from emergence.posterior import Posterior, gauss_legendre
from emergence.scatter import Array

DRAWS = 2048
"""Draws behind every probability and interval."""

Single = NDArray[np.float32]


@lru_cache(maxsize=8)
def weyl(count: int, dimension: int) -> Array:
    """(count, dimension) points of the R-sequence (Weyl sequence of the generalised golden ratio), in (0, 1)."""
    root = 2.0
    for _ in range(40):
        root = (1 + root) ** (1 / (dimension + 1))
    steps = root ** -np.arange(1, dimension + 1)
    return np.asarray((0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0)


@dataclass(frozen=True, eq=False)
class Draws:
    """Equally weighted curves y(t) = lower + gain * basis(t; a, b), with scatter; arrays (D,), float32.

    `scatter` is eta for proportions and the residual standard deviation otherwise.
    """

    shape: str
    falling: bool
    a: Single
    b: Single
    lower: Single
    gain: Single
    scatter: Single

    def thin(self, count: int) -> Draws:
        """Every so-many-th draw: they are ordered by midpoint, so that thinning stratifies it."""
        pick = ((np.arange(count) + 0.5) * len(self.a) / count).astype(int)
        fields = (getattr(self, name)[pick] for name in ("a", "b", "lower", "gain", "scatter"))
        return Draws(self.shape, self.falling, *fields)

    def mean(self, t: Array) -> Array:
        """Curves at `t` (X,): (D, X)."""
        t = 1 - t if self.falling else t
        curve = shapes.basis(self.shape, t[None], self.a[:, None].astype(float), self.b[:, None].astype(float))
        return np.asarray(self.lower[:, None] + self.gain[:, None] * curve)

    @property
    def slope_parameter(self) -> Array:
        """s of each draw, in observed ranges."""
        return np.asarray(np.exp(self.b.astype(float)))

    def onset(self) -> Array:
        """Scale t at which 10 % of the rise is done."""
        return np.asarray(self.a - shapes.onset_offset(self.shape) * self.slope_parameter)

    def crossing(self, level: float) -> Array:
        """Scale t at which the curve passes the score `level`; infinite where it never does.

        Steps: lower + gain S(z) = level. Power law of the error: (1 - level) = -gain exp(-rate t), which a curve that
        starts above the level did before the data.
        """
        gain = self.gain.astype(float)
        if self.shape == "power_law":
            ahead = np.log(np.maximum(-gain, 1e-300) / max(1 - level, 1e-300)) * np.exp(-self.b.astype(float))
            return np.asarray(np.maximum(ahead, -0.5))
        share = (level - self.lower) / np.maximum(gain, 1e-9)
        z = shapes.step_inverse(self.shape, np.clip(share, 1e-9, 1 - 1e-9))
        return np.where(share <= 0, -np.inf, np.where(share < 1, self.a + self.slope_parameter * z, np.inf))


@dataclass(frozen=True, eq=False)
class Mixture:
    """Draws of several shapes together, each as often as its posterior probability says.

    The same quantities as `Draws`, run together over the shapes: averaging over the logistic and the Gompertz
    step keeps the threshold honest when the true step is not symmetric.
    """

    parts: tuple[Draws, ...]

    @classmethod
    def of(cls, draws: Mapping[str, Draws], weight: Mapping[str, float], count: int) -> Mixture:
        """About `count` draws of the shapes of `draws`, shared out in proportion to `weight`."""
        total = sum(weight[name] for name in draws)
        share = {name: round(count * weight[name] / total) for name in draws}
        return cls(tuple(draws[name].thin(number) for name, number in share.items() if number))

    def _gather(self, values: list[Array]) -> Array:
        return np.concatenate(values) if len(values) > 1 else values[0]

    @property
    def falling(self) -> bool:
        """Whether the scale is mirrored."""
        return self.parts[0].falling

    @property
    def midpoint(self) -> Array:
        """Half-height scale t of each draw (of steps only)."""
        return self._gather([part.a.astype(float) for part in self.parts])

    @property
    def slope_parameter(self) -> Array:
        """s of each draw, in observed ranges; 4.394 s is the 10-90 % rise of either step."""
        return self._gather([part.slope_parameter for part in self.parts])

    @property
    def lower(self) -> Array:
        """Level before the rise."""
        return self._gather([part.lower.astype(float) for part in self.parts])

    @property
    def scatter(self) -> Array:
        """Scatter between models."""
        return self._gather([part.scatter.astype(float) for part in self.parts])

    def mean(self, t: Array) -> Array:
        """Curves at `t` (X,): (D, X)."""
        return self._gather([part.mean(t) for part in self.parts])

    def onset(self) -> Array:
        """Scale t at which 10 % of the rise is done."""
        return self._gather([part.onset() for part in self.parts])

    def crossing(self, level: float) -> Array:
        """Scale t at which each curve passes the score `level`; infinite where it never does."""
        return self._gather([part.crossing(level) for part in self.parts])


def systematic(weight: Array, count: int) -> NDArray[np.intp]:
    """Indices of `count` systematic draws from unnormalised weights (N,), in order."""
    total = np.cumsum(weight)
    place = np.searchsorted(total, (np.arange(count) + 0.5) / count * total[-1])
    return np.asarray(np.minimum(place, len(weight) - 1))


def draw(posterior: Posterior, row: int, log_eta: Array, *, falling: bool = False, count: int = DRAWS) -> Draws:
    """Draws of series `row` under the log prior masses `log_eta` (E,) of the scatter."""
    part = slice(posterior.start[row], posterior.start[row + 1])
    log_weight: Single = posterior.log_weight[part] + log_eta.astype(np.float32)[:, None]  # (M, E, C)
    weight = np.exp(log_weight - log_weight.max()).sum(axis=2, dtype=float)
    # One sequence in four dimensions: which node, where in its cell, and which amplitude between the quadrature's
    # nodes. The grid must not show, and no order of the nodes resonate with the places.
    unit = weyl(count, 4)
    total = np.cumsum(weight.T.ravel())
    pick = np.minimum(np.searchsorted(total, unit[:, 0] * total[-1]), total.size - 1)
    eta, node = np.divmod(pick, len(weight))
    a = posterior.a[part][node] + (2 * unit[:, 1] - 1) * posterior.half_a[row]
    order = np.argsort(a, kind="stable")  # so that thinning stratifies by midpoint
    a, node, eta, unit = a[order], node[order], eta[order], unit[order]
    b = posterior.b[part][node] + (2 * unit[:, 2] - 1) * posterior.half_b[row]
    floor = posterior.floor[part][node]
    amplitude = _between(posterior.amplitude[part][node, eta], log_weight[node, eta], unit[:, 3])
    if posterior.shape in ("power_law", "bnsl"):
        lower, gain = np.ones_like(floor), -(1 - floor) * amplitude
    elif posterior.shape == "flat_mean":
        lower, gain = np.zeros_like(floor), amplitude
    elif posterior.shape == "flat_chance":
        lower, gain = floor, np.zeros_like(floor)
    else:
        lower, gain = floor, (1 - floor) * amplitude
    values = (np.asarray(v, np.float32) for v in (a, b, lower, gain, ETA[eta]))
    return Draws(posterior.shape, falling, *values)


BETWEEN = 24
"""Cells into which the range of an amplitude is cut between the nodes of its quadrature."""

NEGLIGIBLE = 1e-6
"""Share of the posterior below which a node is not asked for a probability."""


@lru_cache(maxsize=8)
def _interpolation(order: int) -> tuple[Array, Array]:
    """Log quadrature weights (order,), and the polynomial from values at the nodes to the cells, (order, BETWEEN)."""
    node, weight = gauss_legendre(order)
    places = (2 * np.arange(BETWEEN) + 1) / BETWEEN - 1
    return np.asarray(np.log(weight)), np.asarray(np.linalg.solve(np.vander(node).T, np.vander(places, order).T))


def _cumulated(amplitude: Single, log_weight: Single) -> tuple[Array, Array, Array]:
    """Where the range of each amplitude begins and ends (N,), and its distribution at the ends of the cells (N, B + 1).

    `amplitude`, `log_weight` (N, C): the log density is the polynomial through its values at the quadrature's nodes.
    """
    node, _ = gauss_legendre(amplitude.shape[1])
    log_node_weight, onto = _interpolation(amplitude.shape[1])
    log_density = (log_weight - log_weight.max(axis=1, keepdims=True) - log_node_weight) @ onto
    total = np.zeros((len(amplitude), BETWEEN + 1))
    np.cumsum(np.exp(np.minimum(log_density, 2.0)), axis=1, out=total[:, 1:])
    first, last = amplitude[:, 0].astype(float), amplitude[:, -1].astype(float)
    beyond = (last - first) * (node[0] + 1) / (node[-1] - node[0])
    return first - beyond, last + beyond, total / total[:, -1:]


def _between(amplitude: Single, log_weight: Single, unit: Array) -> Array:
    """Draws (D,) of amplitudes from uniform numbers `unit` (D,); `amplitude`, `log_weight` (D, C).

    A known amplitude has one value only.
    """
    if amplitude.shape[1] == 1:
        return np.asarray(amplitude[:, 0], float)
    low, high, total = _cumulated(amplitude, log_weight)
    cell = np.minimum((total[:, 1:] < unit[:, None]).sum(axis=1), BETWEEN - 1)
    rows = np.arange(len(cell))
    before, after = total[rows, cell], total[rows, cell + 1]
    share = (cell + (unit - before) / np.maximum(after - before, 1e-300)) / BETWEEN
    return np.asarray(np.clip(low + (high - low) * share, 0.0, 1.0))


def reaching(posterior: Posterior, row: int, log_eta: Array, level: float, t: Array) -> Array:
    """Probability that the mean of series `row` lies above the score `level` at each of the scales `t` (K,).

    Summed over the nodes, the amplitude integrated within each: no noise of draws, so that a verdict does not hang on
    their number. For steps and the power law, at a known lower level.
    """
    part = slice(posterior.start[row], posterior.start[row + 1])
    log_weight: Single = posterior.log_weight[part] + log_eta.astype(np.float32)[:, None]
    weight = np.exp(log_weight - log_weight.max()).sum(axis=2, dtype=float)
    node, eta = np.nonzero(weight > NEGLIGIBLE * weight.sum())
    # Four places in each cell: a steep curve passes the level somewhere inside it.
    a = (posterior.a[part][:, None] + np.array([-0.5, -0.5, 0.5, 0.5]) * posterior.half_a[row])[..., None]
    b = (posterior.b[part][:, None] + np.array([-0.5, 0.5, -0.5, 0.5]) * posterior.half_b[row])[..., None]
    curve = np.maximum(shapes.basis(posterior.shape, t, a, b), 1e-300).reshape(len(weight), -1)  # (M, 4 K)
    floor = posterior.floor[part][:, None]
    falls = posterior.shape == "power_law"  # its amplitude is that of the error
    needed = ((1 - level if falls else level - floor) / ((1 - floor) * curve))[node]
    amplitude, shares = posterior.amplitude[part][node, eta], log_weight[node, eta]
    if amplitude.shape[1] == 1:
        below = (amplitude <= needed).astype(float)
    else:
        low, high, total = _cumulated(amplitude, shares)
        place = (needed - low[:, None]) / np.maximum(high - low, 1e-12)[:, None] * BETWEEN
        place = np.clip(place, 0.0, BETWEEN - 1e-9)
        cell = place.astype(int)
        before = np.take_along_axis(total, cell, axis=1)
        below = before + (place - cell) * (np.take_along_axis(total, cell + 1, axis=1) - before)
    share = weight[node, eta] / weight[node, eta].sum()
    return np.asarray(share @ (below if falls else 1 - below)).reshape(4, -1).mean(axis=0)
