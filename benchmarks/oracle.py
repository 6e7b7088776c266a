"""The best that any method could do on the simulator: the posterior of a judge who knows how the series were made.

It is told the shape, the scatter between models, the two slopes and the ranges that ceilings and midpoints are
drawn from; only the values of this series are hidden. The mean of its posterior has the least mean squared error
of all estimates (on average over the simulator), so a target below its RMSE is out of reach.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln

from benchmarks.peers import Fit
from benchmarks.simulator import CEILING, FLOOR, MIDPOINT, REGIMES, SLOPES, Case
from emergence.shapes import step

_MIDPOINTS = np.linspace(*MIDPOINT, 221)
_CEILINGS = np.linspace(*CEILING, 31)


def judge(case: Case, regime: str) -> Fit:
    """Mean and 95 % interval of the midpoint, in decades; no claim."""
    shape, scatter = REGIMES[regime]
    curve = step(shape, (case.x[:, None, None] - _MIDPOINTS) / np.array(SLOPES)[:, None])  # (K, S, M)
    p = np.clip(FLOOR + (_CEILINGS - FLOOR) * curve[..., None], 1e-9, 1 - 1e-9)
    k = case.k[:, None, None, None]
    if scatter:
        a, b = p * (1 / scatter**2 - 1), (1 - p) * (1 / scatter**2 - 1)
        terms = betaln(k + a, case.n - k + b) - betaln(a, b)
    else:
        terms = k * np.log(p) + (case.n - k) * np.log1p(-p)
    total = terms.sum(axis=0)
    weight = np.exp(total - total.max()).sum(axis=(0, 2))
    weight /= weight.sum()
    low, high = np.interp([0.025, 0.975], np.cumsum(weight) - weight / 2, _MIDPOINTS)
    return Fit(float(weight @ _MIDPOINTS), float(low), float(high), False)
