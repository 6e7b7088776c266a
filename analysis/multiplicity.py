"""Many tasks on one board: false discovery rates, from p-values and from posterior probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control

RATE = 0.05
"""False discovery rate of every board."""


def adjusted(p_values: ArrayLike) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values (N,): the smallest rate at which each test is a discovery (1995)."""
    p = np.asarray(p_values, float)
    return np.asarray(false_discovery_control(p), float) if p.size else p


def benjamini_hochberg(p_values: ArrayLike, rate: float = RATE) -> NDArray[np.bool_]:
    """Which of the tests (N,) are discoveries at false discovery rate `rate` (Benjamini and Hochberg 1995)."""
    return np.asarray(adjusted(p_values) <= rate)


def standing(error: ArrayLike, rate: float = RATE) -> NDArray[np.bool_]:
    """Which claims (N,) stand: the largest set, surest first, whose mean probability of error is at most `rate`.

    The Bayesian false discovery rate (Newton et al. 2004, Biostatistics 5, 155-176); the sum of `error` over a
    set is its expected number of false claims. NaN where nothing is claimed.
    """
    error = np.asarray(error, float)
    claimed = np.flatnonzero(~np.isnan(error))
    order = claimed[np.argsort(error[claimed], kind="stable")]
    mean = np.cumsum(error[order]) / np.arange(1, len(order) + 1)
    out = np.zeros(len(error), bool)
    out[order[: np.searchsorted(mean, rate, side="right")]] = True
    return out
