"""Curve shapes over the normalised scale t in 0..1, each as basis times one amplitude.

Every shape is written p = base + amplitude * basis(t; nonlinear parameters), so that the amplitude can be
integrated by a short quadrature around its weighted least-squares value, whatever the shape.

Sources: logistic psychometric function with guess rate (Schuett et al. 2016); Gompertz = exp(-c N^-alpha), the
task scaling law of PassUntil (Hu et al. 2310.03262); power law of the error; hinge, chance then linear
(Snell et al. 2411.16035); one-break smoothly broken power law of the error (Caballero et al. 2210.14891).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import qmc

Array = NDArray[np.float64]

SHAPES = ("logistic", "gompertz", "power_law", "hinge", "flat_chance", "flat_mean", "bnsl")
STEPS = ("logistic", "gompertz")
"""The shapes that have a midpoint and a width."""

ONSET = float(np.log(9.0))
"""10 % point of the unit logistic, below its midpoint: ln 9 = 2.197."""

WIDTH = 2 * ONSET
"""10-90 % rise of a logistic of unit slope parameter: 4.394."""

_GOMPERTZ_WIDTH = float(np.log(np.log(10.0)) - np.log(np.log(1 / 0.9)))
_GOMPERTZ_ONSET = float(np.log(np.log(10.0)) - np.log(np.log(2.0)))

MIRAGE = float(np.log10(np.log(0.1) / np.log(0.9)))
"""Decades x exponent of the 10-90 % rise of exp(-L c N^-alpha), for any length L: 1.3395."""


def implied_exponent(width: float) -> float:
    """Exponent of a power-law token loss whose exact match rises 10-90 % within `width` decades.

    With q = exp(-L c N^-alpha) the rise takes log10(ln 0.1 / ln 0.9) / alpha decades whatever the target length
    L is: a longer target moves the cliff and never sharpens it. To hold against published exponents; it speaks of
    the loss on the task's own tokens, which may fall faster than the mean loss.

    Parameters
    ----------
    width : float
        10-90 % rise in decades of scale, positive.

    Returns
    -------
    float
        The exponent alpha, per unit of log scale.

    References
    ----------
    Schaeffer, Miranda and Koyejo 2023 (arXiv 2304.15004): exact match of many tokens under a power law of their loss.
    """
    return MIRAGE / width


def onset_offset(shape: str) -> float:
    """Distance from the 10 % point to the midpoint, in slope parameters s (width = 4.394 s for every step)."""
    return ONSET if shape == "logistic" else _GOMPERTZ_ONSET * WIDTH / _GOMPERTZ_WIDTH


def step(shape: str, z: Array) -> Array:
    """A unit step at z = (t - midpoint) / s: half height at 0, 10-90 % rise over 4.394, in 0..1."""
    if shape == "logistic":
        return np.asarray(expit(z))
    # Below z = -8 a Gompertz curve is 0 to machine precision; the bound keeps exp from overflowing.
    return np.asarray(np.exp(-np.log(2.0) * np.exp(-np.maximum(z, -8.0) * (_GOMPERTZ_WIDTH / WIDTH))))


def step_inverse(shape: str, q: Array) -> Array:
    """z at which the unit step reaches q in (0, 1)."""
    if shape == "logistic":
        return np.asarray(np.log(q) - np.log1p(-q))
    return np.asarray(-(np.log(-np.log(q)) - np.log(np.log(2.0))) * WIDTH / _GOMPERTZ_WIDTH)


def basis(shape: str, t: Array, a: Array, b: Array) -> Array:
    """Basis function at `t` for the nonlinear parameters `a`, `b` (broadcast against `t`), in 0..1.

    logistic, gompertz: a = midpoint, b = log s. power_law: b = log rate; the basis is the decaying error.
    hinge: a = elbow; the basis is 1 at t = 1. The flat shapes have none.
    """
    if shape in STEPS:
        return step(shape, (t - a) * np.exp(-b))
    if shape == "power_law":
        return np.asarray(np.exp(-np.exp(b) * np.maximum(t, -0.5)))
    if shape == "hinge":
        return np.clip((t - a) / (1 - a), 0.0, None)
    if shape == "bnsl":
        rate, extra, at, sharpness = (column[np.asarray(a, int)] for column in _bnsl_nodes().T)
        return _broken_error(t, rate, extra, at, sharpness)
    return np.ones(np.broadcast_shapes(np.shape(t), np.shape(a)))


BNSL_NODES = 1024
"""Sample size of the broken power law's prior: with six parameters a grid would be mostly empty."""


@lru_cache(maxsize=1)
def _bnsl_nodes() -> Array:
    """(BNSL_NODES, 4): rate before the break, additional rate after it, place and sharpness of the break.

    Log-uniform rates (0.01-3 and 0.1-20 per observed range), place uniform, sharpness log-uniform (0.01-0.3).
    """
    unit = qmc.Sobol(4, scramble=False).random(BNSL_NODES) * (1 - 1e-9)
    low = np.log([0.01, 0.1, 1.0, 0.01])
    high = np.log([3.0, 20.0, 1.0, 0.3])
    nodes = np.exp(low + (high - low) * unit)
    nodes[:, 2] = unit[:, 2]
    return np.asarray(nodes)


def _broken_error(t: Array, rate: Array, extra: Array, at: Array, sharpness: Array) -> Array:
    """Error of a one-break BNSL relative to t = 0: slope -rate, then -(rate + extra) past the break `at`."""

    def fall(u: Array) -> Array:
        return np.asarray(-rate * u - extra * sharpness * np.logaddexp(0.0, (u - at) / sharpness))

    return np.exp(np.minimum(fall(np.maximum(t, -0.5)) - fall(np.zeros_like(t)), 0.7))
