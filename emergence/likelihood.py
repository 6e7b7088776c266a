"""Beta-binomial log-likelihood of each point, as cubic pieces over p: a node costs one look-up, not three gammas."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.float64]
Pieces = NDArray[np.complex128]

ETA = np.array([0.0, 0.012, 0.024, 0.038, 0.056, 0.082, 0.12, 0.17, 0.235, 0.32, 0.42, 0.54])
"""Nodes of the overdispersion (scatter between models): standard deviation sqrt(p (1 - p)) eta of a model's true
score. The last one holds ragged families, such as GPT-3 on two-digit addition."""

P_NODES = 384
"""Nodes of p. Cubic pieces between them are off by at most 0.04 nats within 12 nats of the maximum, for up to a
million items (linear ones by 7); a test compares with `scipy.stats.betabinom`."""

PIECES = P_NODES - 1


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


def log_likelihood(y: Array, n: Array) -> Array:
    """Log-likelihood of y n successes in n items at the nodes: (..., eta, P_NODES).

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
    return table


def cubic(table: Array) -> Pieces:
    """Cubic Hermite pieces between the nodes of `table` (..., P_NODES): (..., PIECES).

    Slopes are differences of fourth order. The four coefficients of a piece, ascending, are the four single-precision
    numbers in the bytes of one complex number, so that one `take` fetches them all.
    """
    slope = np.empty_like(table)
    near, far = table[..., 3:-1] - table[..., 1:-3], table[..., 4:] - table[..., :-4]
    slope[..., 2:-2] = (8 * near - far) / 12
    slope[..., [1, -2]] = (table[..., [2, -1]] - table[..., [0, -3]]) / 2
    slope[..., [0, -1]] = table[..., [1, -1]] - table[..., [0, -2]]
    rise, first, last = np.diff(table), slope[..., :-1], slope[..., 1:]
    pieces = np.empty((*rise.shape, 4), np.float32)
    pieces[..., 0] = table[..., :-1]
    pieces[..., 1] = first
    pieces[..., 2] = 3 * rise - 2 * first - last
    pieces[..., 3] = first + last - 2 * rise
    return pieces.view(np.complex128)[..., 0]


def point_variance(y: Array, n: Array) -> Array:
    """Variance of an observed score around the curve, (..., eta): sampling of items plus scatter of models.

    A beta-binomial score counts like 1 / (1/n + eta^2 (1 - 1/n)) independent items; with few of those a score near 0
    or 1 says little about p, hence Laplace's estimate from as many.
    """
    per_item = 1 / n[..., None]
    items = 1 / (per_item + ETA**2 * (1 - per_item))
    p = (y[..., None] * items + 1) / (items + 2)
    return np.asarray(p * (1 - p) / items)
