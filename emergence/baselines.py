"""Simple ways to extrapolate a series, each with its own predictive distribution.

Every baseline is ordinary least squares (or nothing) on a transformed score, with the t predictive interval of
textbook regression; draws are its equally spaced quantiles, mapped back to scores.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeWarning, curve_fit
from scipy.special import expit, logit
from scipy.stats import t as student

Array = NDArray[np.float64]

QUANTILES = (np.arange(400) + 0.5) / 400
"""Levels at which a predictive distribution is represented."""


def _line(t: Array, z: Array, at: Array) -> Array:
    """Predictive quantiles (Q, H) of z at `at` (H,) from the regression of z on t."""
    centre = t - t.mean()
    spread = max(float(centre @ centre), 1e-12)
    slope = float(centre @ z) / spread
    residual = z - z.mean() - slope * centre
    freedom = max(len(t) - 2, 1)
    variance = float(residual @ residual) / freedom
    ahead = at - t.mean()
    error = np.sqrt(variance * (1 + 1 / len(t) + ahead**2 / spread))
    return np.asarray(z.mean() + slope * ahead + error * student.ppf(QUANTILES, freedom)[:, None])


def persistence(t: Array, y: Array, n: Array, floor: float, at: Array) -> Array:
    """The next model scores like the largest so far, up to the sampling of the items."""
    p = (y[-1] * n[-1] + 0.5) / (n[-1] + 1)
    error = np.sqrt(2 * p * (1 - p) / n[-1])
    quantiles = y[-1] + error * student.ppf(QUANTILES, 1e6)
    return np.repeat(quantiles[:, None], len(at), axis=1)


def linear(t: Array, y: Array, n: Array, floor: float, at: Array) -> Array:
    """Straight line in the log of scale."""
    return _line(t, y, at)


def logit_linear(t: Array, y: Array, n: Array, floor: float, at: Array) -> Array:
    """Straight line of the logit (with half an item added to both counts)."""
    return np.asarray(expit(_line(t, logit((y * n + 0.5) / (n + 1)), at)))


def power_law(t: Array, y: Array, n: Array, floor: float, at: Array) -> Array:
    """Power law of the error: log(1 - y) is linear in the log of scale."""
    return np.asarray(1 - np.exp(_line(t, np.log(((1 - y) * n + 0.5) / (n + 1)), at)))


def passuntil(t: Array, y: Array, n: Array, floor: float, at: Array) -> Array:
    """Task scaling law of PassUntil: log(-log q) is linear, q the score above the floor (Hu et al. 2310.03262)."""
    q = np.clip((y - floor) / (1 - floor), 0.5 / n, 1 - 0.5 / n)
    upward = np.clip(_line(t, np.log(-np.log(q)), at), -50, 50)
    return np.asarray(floor + (1 - floor) * np.exp(-np.exp(upward)))


def _four_parameters(t: Array, low: Array, high: Array, m: Array, s: Array) -> Array:
    return np.asarray(low + (high - low) * expit((t - m) / s))


def four_parameter_logistic(t: Array, y: Array, n: Array, floor: float, at: Array) -> Array:
    """Least-squares 4-parameter logistic with the covariance of the fit (curve_fit); persistence if it fails."""
    if len(t) < 5:
        return persistence(t, y, n, floor, at)
    start = (float(y.min()), float(y.max()) + 0.05, 0.6, 0.1)
    bounds = ([0.0, 0.0, -1.0, 0.01], [1.0, 1.05, 3.0, 3.0])
    start = tuple(np.clip(start, np.array(bounds[0]) + 1e-6, np.array(bounds[1]) - 1e-6))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)
        try:
            best, covariance = curve_fit(_four_parameters, t, y, start, bounds=bounds, max_nfev=2000)
        except (RuntimeError, ValueError, np.linalg.LinAlgError):
            return persistence(t, y, n, floor, at)
    step = 1e-5
    gradient = np.stack(
        [
            (_four_parameters(at, *(best + step * e)) - _four_parameters(at, *(best - step * e))) / (2 * step)
            for e in np.eye(4)
        ]
    )
    covariance = np.where(np.isfinite(covariance), covariance, 0.0)
    centre = _four_parameters(at, *best)
    sampling = np.clip(centre, 0.01, 0.99) * (1 - np.clip(centre, 0.01, 0.99)) / np.median(n)
    error = np.sqrt(np.maximum(np.einsum("ih,ij,jh->h", gradient, covariance, gradient), 0) + sampling)
    return np.asarray(centre + error * student.ppf(QUANTILES, max(len(t) - 4, 1))[:, None])


Predictor = Callable[[Array, Array, Array, float, Array], Array]

BASELINES: dict[str, Predictor] = {
    "persistence": persistence,
    "linear": linear,
    "logit_linear": logit_linear,
    "power_law": power_law,
    "passuntil": passuntil,
    "logistic_4pl": four_parameter_logistic,
}
"""Name -> predictor(t, y, n, floor, at) -> predictive quantiles (Q, H), clipped to 0..1 by the caller."""
