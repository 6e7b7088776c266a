"""Many tasks on one board: false discovery rate and expected false claims."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p_values: ArrayLike, rate: float = 0.05) -> NDArray[np.bool_]:
    """Which of the tests (N,) are discoveries at false discovery rate `rate` (Benjamini and Hochberg 1995)."""
    p = np.asarray(p_values, float)
    if p.size == 0:
        return np.zeros(0, bool)
    order = np.argsort(p, kind="stable")
    passed = p[order] <= rate * np.arange(1, p.size + 1) / p.size
    count = int(np.flatnonzero(passed).max()) + 1 if passed.any() else 0
    found = np.zeros(p.size, bool)
    found[order[:count]] = True
    return found


def adjusted(p_values: ArrayLike) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values (N,): the smallest rate at which each test is a discovery."""
    p = np.asarray(p_values, float)
    if p.size == 0:
        return p
    order = np.argsort(p, kind="stable")
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    result = np.empty_like(p)
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return result


def expected_false_claims(probabilities: Sequence[float], claimed: Sequence[bool]) -> float:
    """Expected number of false claims among those made, from the posterior probability of each.

    For a claim that needs several flags pass the smallest of them, which bounds the joint probability from
    above, or their product.
    """
    return float(sum(1 - p for p, made in zip(probabilities, claimed, strict=True) if made))
