"""Posterior for scores that are no proportions: Gaussian errors around the same curve shapes.

Scores are mapped to 0..1 (see `series.prepare`). Given (a, b) and the residual standard deviation sigma, the
curve lower + gain * basis is linear in both levels, which get normal priors and are integrated exactly
(Bayesian linear regression); the grid runs over (a, b, sigma) only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtri

from emergence import shapes
from emergence.draws import DRAWS, Draws, systematic, weyl
from emergence.grid import UNIT, Grid, log_prior, refine, support
from emergence.series import Prepared

Array = NDArray[np.float64]

SIGMA = np.geomspace(0.004, 0.6, 11)
"""Nodes of the residual standard deviation, in units of the range of the scores, with equal weight: flat in
the log. The lower end keeps a curve through all of few points from passing as certain."""

LEVEL_SD, GAIN_SD = 1.0, 1.5
"""Prior standard deviations of the lower level (around the middle of the scores) and of the gain."""

SHAPES = ("logistic", "gompertz", "power_law", "hinge", "flat_mean")


@dataclass(frozen=True, eq=False)
class GaussianPosterior:
    """Nodes of one shape for one series: a, b (N,); log_weight (N, S); levels' mean and precision (N, S, ...)."""

    shape: str
    a: Array
    b: Array
    half_a: float
    half_b: float
    log_weight: Array
    lower: Array
    gain: Array
    precision: Array  # (N, S, 3): of lower, of both, of gain

    @property
    def log_evidence(self) -> float:
        """Log marginal likelihood of the shape."""
        return float(logsumexp(self.log_weight))

    def draw(self, count: int = DRAWS) -> Draws:
        """Equally weighted draws of the curve."""
        weight = np.exp(self.log_weight - self.log_weight.max())
        node, sigma = np.unravel_index(systematic(weight.ravel(), count), weight.shape)
        unit = weyl(count, 4)
        z_lower, z_gain = ndtri(unit[:, 2]), ndtri(unit[:, 3])
        p_lower, p_both, p_gain = np.moveaxis(self.precision[node, sigma], -1, 0)
        # Cholesky factor of the inverse of [[p_lower, p_both], [p_both, p_gain]].
        variance = p_gain / (p_lower * p_gain - p_both**2)
        lower = self.lower[node, sigma] + np.sqrt(variance) * z_lower
        shift = -p_both / p_gain * (lower - self.lower[node, sigma])
        gain = self.gain[node, sigma] + shift + z_gain / np.sqrt(p_gain)
        if self.shape == "flat_mean":
            gain = np.zeros_like(gain)
        a = self.a[node] + (2 * unit[:, 0] - 1) * self.half_a
        b = self.b[node] + (2 * unit[:, 1] - 1) * self.half_b
        values = (np.asarray(v, np.float32) for v in (a, b, lower, gain, SIGMA[sigma]))
        return Draws(self.shape, False, *values)


def fit(series: Prepared, shape: str) -> GaussianPosterior:
    """Posterior of `shape` for one series."""
    t, y, noise = series.t, series.y - 0.5, series.noise
    share = series.weight[:, None]
    weight = share / (noise[:, None] ** 2 + SIGMA**2)  # (K, S)
    if series.amplitude is not None:  # a known ceiling is an observation of the upper level
        weight = np.vstack([weight, np.full(len(SIGMA), 1e4)])
        y = np.append(y, series.amplitude - 0.5)
    # A point that counts for a share of one has its whole log density multiplied by that share.
    log_det = 0.5 * (share * np.log(weight[: len(t)] / share)).sum(axis=0) - share.sum() / 2 * np.log(2 * np.pi)
    flat = shape == "flat_mean"

    def regression(a: Array, b: Array) -> tuple[Array, Array, Array, Array]:
        curve = shapes.basis(shape, t[None], a[:, None], b[:, None])  # (N, K)
        curve = np.zeros_like(curve) if flat else curve
        if series.amplitude is not None:
            end = 0.0 if shape == "power_law" else float(not flat)
            curve = np.hstack([curve, np.full((len(curve), 1), end)])
        p_lower = weight.sum(axis=0) + LEVEL_SD**-2
        p_both, p_gain = curve @ weight, curve**2 @ weight + GAIN_SD**-2
        first, second = y @ weight, (curve * y) @ weight
        determinant = p_lower * p_gain - p_both**2
        lower = (p_gain * first - p_both * second) / determinant
        gain = (p_lower * second - p_both * first) / determinant
        fit_log = 0.5 * (lower * first + gain * second - y**2 @ weight)
        fit_log += log_det - 0.5 * np.log(determinant) - np.log(LEVEL_SD * GAIN_SD * len(SIGMA))
        return fit_log, lower, gain, np.stack(np.broadcast_arrays(p_lower, p_both, p_gain), axis=-1)

    def log_density(grid: Grid) -> Array:
        return np.asarray(logsumexp(regression(grid.a, grid.b)[0], axis=1) + log_prior(shape, grid.a, grid.b))

    grid = refine(shape, 1, log_density, (24, 14))
    a, b, half_a, half_b = grid.a, grid.b, float(grid.half_a[0]), float(grid.half_b[0])
    log_weight, lower, gain, precision = regression(a, b)
    log_weight = log_weight + (log_prior(shape, a, b) + np.log(4 * half_a * half_b))[:, None]
    return GaussianPosterior(
        shape=shape,
        a=a,
        b=b,
        half_a=half_a if support(shape)[0] != UNIT else 0.0,
        half_b=half_b if support(shape)[1] != UNIT else 0.0,
        log_weight=log_weight,
        lower=lower + 0.5,
        gain=gain,
        precision=precision,
    )
