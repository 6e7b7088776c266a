"""Many tasks on one board: false discovery rates, from p-values and from posterior probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control

RATE = 0.05
"""False discovery rate of every board."""


def adjusted(p_values: ArrayLike) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values: the smallest rate at which each test is a discovery.

    Parameters
    ----------
    p_values : array_like, (N,)
        One p-value a test, in 0..1.

    Returns
    -------
    array, (N,)
        The adjusted p-values (q-values), in 0..1.

    Raises
    ------
    ValueError
        If a p-value lies outside 0..1.

    References
    ----------
    Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289-300.
    """
    p = np.asarray(p_values, float)
    return np.asarray(false_discovery_control(p), float) if p.size else p


def benjamini_hochberg(p_values: ArrayLike, rate: float = RATE) -> NDArray[np.bool_]:
    """Which of the tests are discoveries at false discovery rate `rate`.

    Parameters
    ----------
    p_values : array_like, (N,)
        One p-value a test, in 0..1.
    rate : float
        The false discovery rate that is allowed, in 0..1.

    Returns
    -------
    array of bool, (N,)
        True where a test is a discovery.

    Raises
    ------
    ValueError
        If a p-value lies outside 0..1.

    References
    ----------
    Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289-300.
    """
    return np.asarray(adjusted(p_values) <= rate)


def standing(error: ArrayLike, rate: float = RATE) -> NDArray[np.bool_]:
    """Which claims stand: the largest set, surest first, whose mean probability of error is at most `rate`.

    This mean is the Bayesian false discovery rate; the sum of `error` over a set is its expected number of false claims.

    Parameters
    ----------
    error : array_like, (N,)
        Probability that each claim is wrong, in 0..1; NaN where nothing is claimed.
    rate : float
        The false discovery rate that is allowed, in 0..1.

    Returns
    -------
    array of bool, (N,)
        True where a claim stands.

    References
    ----------
    Newton, Noueiry, Sarkar and Ahlquist 2004, Biostatistics 5, 155-176.
    """
    error = np.asarray(error, float)
    claimed = np.flatnonzero(~np.isnan(error))
    order = claimed[np.argsort(error[claimed], kind="stable")]
    mean = np.cumsum(error[order]) / np.arange(1, len(order) + 1)
    out = np.zeros(len(error), bool)
    out[order[: np.searchsorted(mean, rate, side="right")]] = True
    return out
