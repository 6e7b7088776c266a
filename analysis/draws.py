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

from analysis import shapes
from analysis.likelihood import ETA
from analysis.posterior import Posterior
from analysis.scatter import Array

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

    def crossing(self, level: Array | float) -> Array:
        """Scale t at which the step passes `level` above its lower end; infinite where it never does."""
        share = level / np.maximum(self.gain.astype(float), 1e-9)
        z = shapes.step_inverse(self.shape, np.clip(share, 1e-9, 1 - 1e-9))
        return np.where(share < 1, self.a + self.slope_parameter * z, np.inf)


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

    def crossing(self, share: float) -> Array:
        """Scale t at which the step is `share` of the way from its lower level to 1; infinite where never."""
        return self._gather([part.crossing(share * (1 - part.lower.astype(float))) for part in self.parts])


def systematic(weight: Array, count: int) -> NDArray[np.intp]:
    """Indices of `count` systematic draws from unnormalised weights (N,), in order."""
    total = np.cumsum(weight)
    place = np.searchsorted(total, (np.arange(count) + 0.5) / count * total[-1])
    return np.asarray(np.minimum(place, len(weight) - 1))


def draw(posterior: Posterior, row: int, log_eta: Array, *, falling: bool = False, count: int = DRAWS) -> Draws:
    """Draws of series `row` under the log prior masses `log_eta` (E,) of the scatter."""
    part = slice(posterior.start[row], posterior.start[row + 1])
    log_weight = posterior.log_weight[part] + log_eta.astype(np.float32)[:, None]  # (M, E, C)
    weight = np.exp(log_weight - log_weight.max())
    pick = systematic(weight.ravel().astype(float), count)
    node, eta, _ = np.unravel_index(pick, weight.shape)
    amplitude = posterior.amplitude[part].ravel()[pick]
    a, b, floor = posterior.a[part][node], posterior.b[part][node], posterior.floor[part][node]
    # Spread the draws over their cells: the grid must not show in the intervals.
    jitter = 2 * weyl(count, 2) - 1
    a = a + jitter[:, 0] * posterior.half_a[row]
    b = b + jitter[:, 1] * posterior.half_b[row]
    if posterior.shape in ("power_law", "bnsl"):
        lower, gain = np.ones_like(floor), -(1 - floor) * amplitude
    elif posterior.shape == "flat_mean":
        lower, gain = np.zeros_like(floor), amplitude.astype(float)
    elif posterior.shape == "flat_chance":
        lower, gain = floor, np.zeros_like(floor)
    else:
        lower, gain = floor, (1 - floor) * amplitude
    values = (np.asarray(v, np.float32) for v in (a, b, lower, gain, ETA[eta]))
    return Draws(posterior.shape, falling, *values)
