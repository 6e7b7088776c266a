"""Beta-binomial log-likelihood of each point, tabulated over p so that a node costs one table look-up."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.float64]
Table = NDArray[np.float32]

ETA = np.array([0.0, 0.012, 0.024, 0.038, 0.055, 0.078, 0.11, 0.16, 0.24])
"""Nodes of the between-model scatter: standard deviation sqrt(p (1 - p)) eta of a model's true score."""

P_NODES = 384
"""Nodes of the table. On the transformed axis the log-likelihood has curvature 4n, so that linear
interpolation is off by at most 0.02 at n = 2,000."""


def transform(p: Array) -> Array:
    """sqrt(p) - sqrt(1 - p): stabilises the variance at both ends and costs two square roots."""
    return np.sqrt(p) - np.sqrt(1 - p)


@lru_cache(maxsize=1)
def _nodes() -> tuple[Array, Array, Array, Array]:
    """p at the table's nodes, and the data-free terms of the beta-binomial over (eta > 0, node)."""
    phi = np.linspace(-1, 1, P_NODES)
    p = 0.5 + 0.5 * np.sign(phi) * np.sqrt(np.maximum(1 - (1 - phi**2) ** 2, 0.0))
    # A proportion of exactly 0 or 1 would rule out a single mislabelled item.
    p = np.clip(p, 1e-6, 1 - 1e-6)
    nu = 1 / ETA[1:] ** 2 - 1
    alpha, beta = p * nu[:, None], (1 - p) * nu[:, None]
    free = gammaln(nu)[:, None] - gammaln(alpha) - gammaln(beta)
    return p, alpha, beta, free


def log_table(y: Array, n: Array) -> Table:
    """Log-likelihood of y n successes in n items: (..., eta, P_NODES).

    k ~ BetaBinomial(n, p nu, (1 - p) nu) with nu = 1/eta^2 - 1 (Schuett et al. 2016, eq. for overdispersion);
    eta = 0 is the binomial. Counts need not be whole: k = y n is what a rounded score gives.
    """
    p, alpha, beta, free = _nodes()
    ways = gammaln(n + 1) - gammaln(y * n + 1) - gammaln((1 - y) * n + 1)
    k = (y * n)[..., None]
    miss = ((1 - y) * n)[..., None]
    table = np.empty((*y.shape, len(ETA), P_NODES))
    table[..., 0, :] = ways[..., None] + k * np.log(p) + miss * np.log1p(-p)
    k, miss, n, ways = k[..., None], miss[..., None], n[..., None, None], ways[..., None, None]
    nu = 1 / ETA[1:, None] ** 2 - 1
    table[..., 1:, :] = ways + gammaln(k + alpha) + gammaln(miss + beta) + free - gammaln(n + nu)
    return table.astype(np.float32)


def point_variance(y: Array, n: Array) -> Array:
    """Variance of an observed score around the curve, (..., eta): sampling of items plus scatter of models."""
    p = ((y * n + 1) / (n + 2))[..., None]
    per_item = 1 / n[..., None]
    return np.asarray(p * (1 - p) * (per_item + ETA**2 * (1 - per_item)))
