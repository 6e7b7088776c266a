"""Prior of the between-model scatter eta: hierarchical, and pooled over the series that share it.

Models of one size differ by recipe and seed, so eta is never assumed zero. Given the family's scale tau, the
scatter of one series is half-normal(tau); tau itself is uncertain. A single series uses the prior with tau
integrated out; series of a pool (the tasks of one family) learn tau together and are then judged under their
common posterior of it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, logsumexp

from emergence.likelihood import ETA

Array = NDArray[np.float64]

MOST = 0.65
"""Upper end of the prior: beyond it models of one size would score near 0 or near 1 and nowhere between."""

TAU = np.array([0.003, 0.01, 0.02, 0.035, 0.055, 0.08, 0.12, 0.18])
"""Scales of the scatter of a family."""

TAU_WEIGHT = np.array([0.125] * 8)
"""Hyperprior over TAU (roughly flat in the log). Public model families give medians of 0.03 and upper deciles
of 0.13 for eta (86 curves of Ruan et al. 2024)."""


def half_normal(tau: Array | float) -> Array:
    """Log mass of half-normal(tau), cut at MOST, on the nodes ETA, (..., E): a node stands for the interval around it."""
    edges = np.concatenate(([0.0], (ETA[1:] + ETA[:-1]) / 2, [MOST]))
    cdf = erf(edges / (np.sqrt(2) * np.asarray(tau, float)[..., None]))
    return np.asarray(np.log(np.maximum(np.diff(cdf) / cdf[..., -1:], 1e-30)))


@lru_cache(maxsize=1)
def default_prior() -> Array:
    """Log prior mass of eta for a series on its own: half-normal mixed over tau, (E,)."""
    return np.asarray(logsumexp(half_normal(TAU) + np.log(TAU_WEIGHT)[:, None], axis=0))


def pooled_prior(log_evidence: Array) -> Array:
    """Log prior mass of eta for each series of a pool, learnt from the others: (S, E) -> (S, E).

    `log_evidence` is the marginal likelihood of each series at each node of eta. For series j the prior is
    half-normal(tau) averaged over p(tau | all series but j), so that no series counts twice.
    """
    per_tau = logsumexp(log_evidence[:, None, :] + half_normal(TAU), axis=2)  # (S, T)
    others = per_tau.sum(axis=0) - per_tau + np.log(TAU_WEIGHT)
    others -= logsumexp(others, axis=1, keepdims=True)
    return np.asarray(logsumexp(others[:, :, None] + half_normal(TAU), axis=1))


def mean(log_evidence: Array, log_prior: Array) -> tuple[Array, Array]:
    """Posterior mean and standard deviation of eta, from (S, E) evidences and (S, E) or (E,) prior masses."""
    weight = log_evidence + log_prior
    weight = np.exp(weight - logsumexp(weight, axis=1, keepdims=True))
    first = weight @ ETA
    return first, np.sqrt(np.maximum(weight @ ETA**2 - first**2, 0.0))
