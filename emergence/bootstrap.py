"""Parametric bootstrap of the threshold, refitted in batches by Fisher scoring: the cross-check of the posterior.

Maximum likelihood of k ~ Binomial(n, p), p = g + (1 - g) a sigma((t - m) / s), in theta = (m, log s, logit a).
Replicates are columns, points are rows, so that every operation runs over contiguous memory; a chunk of a
thousand replicates stays in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from emergence.assess import assess_many
from emergence.assessment import Assessment, Interval, Threshold
from emergence.series import MIN_SIZES_CURVE, Prepared, Series
from emergence.shapes import WIDTH

Array = NDArray[np.float64]

CHUNK = 1024
LOW = np.array([-1.0, np.log(0.005), -6.0])[:, None]
HIGH = np.array([2.0, np.log(3.0), 8.0])[:, None]
STEP = np.array([0.15, 0.7, 1.5])[:, None]
"""Bounds of theta, and the longest step of one iteration: t in observed ranges."""

RIDGE = 1e-3
"""Precision of a weak normal prior around the start, which keeps separated data (a rise between two models,
as steep as one likes) from running away."""


@dataclass(frozen=True)
class Bootstrap:
    """Percentile intervals from refitted replicates. `converged`: share whose last step moved m by < 0.01 ranges."""

    midpoint: Threshold
    width: Interval
    replicates: int
    converged: float
    level: float


def refit(t: Array, y: Array, n: Array, floor: ArrayLike, start: Array, iterations: int = 6) -> tuple[Array, Array]:
    """Fisher scoring for many data sets on the same scales, from a common start.

    Parameters
    ----------
    t : array, (K,)
        Normalised scales.
    y : array, (K, R)
        Shares right.
    n : array, (K,)
        Items.
    floor : float or array_like, (K,)
        Chance level.
    start : array, (3,) or (3, R)
        The theta to start from.
    iterations : int
        Scoring steps; 6 bring 97-100 % of replicates within 0.01 decades of convergence.

    Returns
    -------
    theta : array, (3, R)
        The refitted parameters.
    moved : array, (R,)
        Size of the last step in m, in observed ranges.
    """
    replicates = y.shape[1]
    theta = np.empty((3, replicates))
    theta[:] = np.reshape(start, (3, -1))
    moved = np.empty(replicates)
    g = np.broadcast_to(np.asarray(floor, float), t.shape)[:, None]
    rows = t[:, None]
    for begin in range(0, replicates, CHUNK):
        part = slice(begin, min(begin + CHUNK, replicates))
        theta[:, part], moved[part] = _score(rows, y[:, part], n[:, None], g, theta[:, part].copy(), iterations)
    return theta, moved


def _score(t: Array, y: Array, n: Array, g: Array, theta: Array, iterations: int) -> tuple[Array, Array]:
    """`iterations` Fisher scoring steps on one chunk; every array is (K or 1, R or 1)."""
    start = theta.copy()
    step = np.zeros_like(theta)
    for _ in range(iterations):
        m, log_s, logit_a = theta
        rate = np.exp(-log_s)
        a = 1 / (1 + np.exp(-logit_a))
        z = (t - m) * rate
        sigma = 1 / (1 + np.exp(-np.minimum(np.maximum(z, -40.0), 40.0)))
        top = (1 - g) * a
        rise = top * sigma
        p = np.minimum(np.maximum(g + rise, 1e-9), 1 - 1e-9)
        weight = n / (p * (1 - p))
        # Derivatives of p: -d/dm has the factor rate, d/dlog s the factor -z, d/dlogit a is rise (1 - a).
        d_slope = rise * (1 - sigma)
        d_m = d_slope * -rate
        d_s = d_slope * -z
        d_a = rise * (1 - a)
        residual = weight * (y - p)
        u0, u1, u2 = (residual * d_m).sum(0), (residual * d_s).sum(0), (residual * d_a).sum(0)
        w_m, w_s, w_a = weight * d_m, weight * d_s, weight * d_a
        i00, i01, i02 = (w_m * d_m).sum(0), (w_m * d_s).sum(0), (w_m * d_a).sum(0)
        i11, i12, i22 = (w_s * d_s).sum(0), (w_s * d_a).sum(0), (w_a * d_a).sum(0)
        pull = RIDGE * (start - theta)
        step = _solve(i00, i01, i02, i11, i12, i22, u0 + pull[0], u1 + pull[1], u2 + pull[2])
        step = np.minimum(np.maximum(step, -STEP), STEP)
        theta = np.minimum(np.maximum(theta + step, LOW), HIGH)
    return theta, np.abs(step[0])


def _solve(a: Array, b: Array, c: Array, d: Array, e: Array, f: Array, u: Array, v: Array, w: Array) -> Array:
    """Solutions (3, R) of symmetric 3x3 systems [[a, b, c], [b, d, e], [c, e, f]] x = (u, v, w), by cofactors."""
    a, d, f = a + RIDGE, d + RIDGE, f + RIDGE
    c00, c01, c02 = d * f - e * e, c * e - b * f, b * e - c * d
    c11, c12, c22 = a * f - c * c, b * c - a * e, a * d - b * b
    inverse = 1 / np.maximum(a * c00 + b * c01 + c * c02, 1e-12)
    return np.stack(
        [
            (c00 * u + c01 * v + c02 * w) * inverse,
            (c01 * u + c11 * v + c12 * w) * inverse,
            (c02 * u + c12 * v + c22 * w) * inverse,
        ]
    )


def simulate(frame: Prepared, theta: Array, scatter: float, replicates: int, seed: int) -> Array:
    """Scores (K, R) of `replicates` new families on the curve theta (3,), with scatter between models."""
    random = np.random.default_rng(seed)
    floor = np.nan_to_num(frame.floor)
    p = floor + (1 - floor) * expit(theta[2]) * expit((frame.t - theta[0]) / np.exp(theta[1]))
    p = np.broadcast_to(np.clip(p, 1e-9, 1 - 1e-9)[:, None], (len(p), replicates))
    if scatter > 1e-3:
        nu = 1 / scatter**2 - 1
        p = np.clip(random.beta(np.maximum(p * nu, 1e-9), np.maximum((1 - p) * nu, 1e-9)), 0, 1)
    n = np.maximum(np.rint(frame.n), 1).astype(np.int64)[:, None]
    return np.asarray(random.binomial(n, p) / n)


def bootstrap(
    series: Series,
    *,
    replicates: int = 2000,
    level: float = 0.95,
    seed: int = 0,
    assessment: Assessment | None = None,
) -> Bootstrap | None:
    """Percentile intervals of midpoint and width from a parametric beta-binomial bootstrap.

    The cross-check of the posterior by another method: maximum likelihood, refitted to simulated families.

    Parameters
    ----------
    series : Series
        The series.
    replicates : int
        How many families are simulated and refitted.
    level : float
        Probability of the intervals, between 0 and 1.
    seed : int
        Seed of the simulation.
    assessment : Assessment, optional
        The assessment of the same series, whose posterior mean scatter is simulated; computed here if none is given.

    Returns
    -------
    Bootstrap or None
        Midpoint in the unit of the scale and width in decades, with intervals; None for scores that are no
        proportions and for fewer than four distinct sizes.

    References
    ----------
    Wichmann and Hill 2001, Perception & Psychophysics 63, 1314-1329: the parametric bootstrap of a psychometric curve.
    """
    found = assess_many([series], level=level, extrapolate=False)[0] if assessment is None else assessment
    frame = found.frame
    if not frame.proportion or frame.sizes < MIN_SIZES_CURVE:
        return None
    draws = found.draws["logistic"]
    amplitude = np.clip(np.median(draws.gain / (1 - draws.lower)), 0.01, 0.99)
    start = np.array([np.median(draws.a), np.median(draws.b), np.log(amplitude / (1 - amplitude))])
    n, floor = frame.n, np.nan_to_num(frame.floor)
    best = refit(frame.t, frame.y[:, None], n, floor, start, iterations=25)[0][:, 0]
    y = simulate(frame, best, float(draws.scatter.mean()), replicates, seed)
    theta, moved = refit(frame.t, y, n, floor, best, iterations=8)
    tail = (1 - level) / 2
    low, high = np.quantile(theta[0], (tail, 1 - tail))
    value = min(max(float(best[0]), float(low)), float(high))
    narrow, wide = np.quantile(theta[1], (tail, 1 - tail))
    middle = min(max(float(best[1]), float(narrow)), float(wide))
    width = [WIDTH * frame.span_x * float(np.exp(v)) for v in (middle, narrow, wide)]
    scales = [float(frame.to_scale(v)) for v in (value, low, high)]
    return Bootstrap(
        midpoint=Threshold(scales[0], scales[1], scales[2], identified=bool(low >= 0 and high <= 1)),
        width=Interval(*width),
        replicates=replicates,
        converged=float(np.mean(moved < 0.01)),
        level=level,
    )
