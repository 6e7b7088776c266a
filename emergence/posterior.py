"""Posterior of one curve shape, batched over series: adaptive grid x amplitude quadrature x scatter nodes.

The two nonlinear parameters (a, b; midpoint and log s for a step) live on a grid whose cells shrink around the
posterior from pass to pass. Given those, the amplitude enters linearly: it gets a Gauss-Legendre rule over
+-4.5 standard errors around its weighted least-squares value, cut to the prior's support. The scatter eta has
fixed nodes. The sum over all of it is the evidence; its terms are the posterior weights.

All arrays over nodes are lists that run through the series of the batch: series b has the nodes
start[b]:start[b + 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from emergence import likelihood, scatter, shapes
from emergence.grid import Grid, log_prior, refine
from emergence.series import Prepared

Array = NDArray[np.float64]
Single = NDArray[np.float32]

FLOORS = np.array([0.0, 0.06, 0.15, 0.25, 0.38, 0.5])
"""Lower levels tried, with equal weight, where no chance level is known."""

ORDER = 7
"""Nodes of the amplitude."""

_COARSE = (20, 10)
_COARSE_ORDER = 3
_COARSE_ETA = np.array([0, 3, 6, 9])


@dataclass(frozen=True, eq=False)
class Batch:
    """Series of one kind, padded to equal length: arrays (B, K); padding has no weight and likelihood 1."""

    t: Array
    y: Array
    floor: Array
    precision: Array  # (B, E, K)
    pieces: likelihood.Pieces  # (K, B * E * PIECES): log-likelihood of each point as cubic pieces
    amplitude: Array  # (B,) known amplitude, NaN if free
    top_floor: Array  # (B,) chance level at the largest scale

    @classmethod
    def of(cls, series: Sequence[Prepared]) -> Batch:
        """Pad and stack the proportions `series`."""
        length = max([1, *(len(s.t) for s in series)])

        def stack(name: str, fill: float) -> Array:
            return np.stack([np.pad(getattr(s, name), (0, length - len(s.t)), constant_values=fill) for s in series])

        t, y, n, floor = stack("t", 0.0), stack("y", 0.5), stack("n", 1.0), stack("floor", 0.0)
        weight = stack("weight", 0.0)
        table = likelihood.log_likelihood(y, n) * weight[:, :, None, None]
        pieces = likelihood.cubic(np.moveaxis(table, 1, 0))
        precision = weight[..., None] / likelihood.point_variance(y, n)
        return cls(
            t=t,
            y=y,
            floor=np.nan_to_num(floor),
            precision=np.moveaxis(precision, 1, 2),
            pieces=pieces.reshape(length, -1),
            top_floor=np.array([s.chance or 0.0 for s in series]),
            amplitude=np.array([np.nan if s.amplitude is None else s.amplitude for s in series]),
        )

    def __len__(self) -> int:
        """The number of series."""
        return len(self.t)


@dataclass(frozen=True, eq=False)
class Posterior:
    """Weights of one shape's nodes: a, b, floor (M,); amplitude, log_weight (M, E, C).

    `log_weight` is likelihood x prior x volume without the prior of eta, so that a pooled prior can be put in
    afterwards; `log_evidence` (B, E) is its sum over the nodes of a series. `half_a`, `half_b` (B,) are half
    cells, 0 for a parameter that the shape does not have.
    """

    shape: str
    start: NDArray[np.intp]
    a: Array
    b: Array
    floor: Array
    half_a: Array
    half_b: Array
    amplitude: Single
    log_weight: Single
    log_evidence: Array


def fit(
    batch: Batch,
    shape: str,
    *,
    falling: bool = False,
    known_floor: bool = True,
    order: int = ORDER,
) -> Posterior:
    """Posterior of `shape` for every series of `batch`.

    `falling` mirrors the scale and leaves the lower level free; `order` is the number of amplitude nodes.
    """
    t = 1 - batch.t if falling else batch.t
    floors = np.array([0.0]) if known_floor else FLOORS
    free = np.isnan(batch.amplitude) if shape in shapes.STEPS else np.full(len(batch), shape != "flat_chance")

    def evaluate(grid: Grid, eta: NDArray[np.intp], order: int) -> tuple[Array, Single, Single]:
        """Lower level, log weight and amplitude of the nodes: the floors of a cell follow each other."""
        of = np.repeat(grid.of, len(floors))
        a, b = np.repeat(grid.a, len(floors)), np.repeat(grid.b, len(floors))
        floor = np.tile(floors, len(grid.a))
        chance = batch.floor[of] if known_floor else np.broadcast_to(floor[:, None], (len(of), t.shape[1]))
        base, slope = _design(shape, t[of], a, b, chance)
        values, amplitude = _terms(batch, of, base, slope, free, eta, order)
        volume = np.repeat(grid.log_volume(), len(floors)) - np.log(len(floors))
        values += (log_prior(shape, a, b) + volume).astype(np.float32)[:, None, None]
        return batch.top_floor[of] if known_floor else floor, values, amplitude

    def log_density(grid: Grid, eta: NDArray[np.intp], order: int) -> Array:
        values = evaluate(grid, eta, order)[1] + scatter.default_prior()[eta].astype(np.float32)[:, None]
        return np.asarray(_log_sum(values.reshape(len(grid.a), -1), (1,)))

    every, order = np.arange(len(likelihood.ETA)), 1 if shape == "flat_chance" else order
    grid = refine(
        shape,
        len(batch),
        lambda grid: log_density(grid, every, order),
        _COARSE,
        rough=lambda grid: log_density(grid, _COARSE_ETA, _COARSE_ORDER),
    )
    floor, values, amplitude = evaluate(grid, every, order)
    start = grid.start * len(floors)
    evidence = [_log_sum(values[low:high], (0, 2)) for low, high in pairwise(start)]
    return Posterior(
        shape=shape,
        start=start,
        a=np.repeat(grid.a, len(floors)),
        b=np.repeat(grid.b, len(floors)),
        floor=floor,
        half_a=grid.half_a * (shape in (*shapes.STEPS, "hinge")),
        half_b=grid.half_b * (shape in (*shapes.STEPS, "power_law")),
        amplitude=amplitude,
        log_weight=values,
        log_evidence=np.stack(evidence),
    )


def _design(shape: str, t: Array, a: Array, b: Array, chance: Array) -> tuple[Array, Array]:
    """(base, slope), each (M, K): p = base + amplitude * slope, for scales `t` and chance levels (M, K)."""
    curve = shapes.basis(shape, t, a[:, None], b[:, None])
    if shape in ("power_law", "bnsl"):
        return np.ones_like(t), -(1 - chance) * curve
    if shape == "flat_mean":
        return np.zeros_like(t), curve
    if shape == "flat_chance":
        return chance, np.zeros_like(t)
    return chance, (1 - chance) * curve


def _terms(
    batch: Batch,
    of: NDArray[np.intp],
    base: Array,
    slope: Array,
    free: NDArray[np.bool_],
    eta: NDArray[np.intp],
    order: int,
) -> tuple[Single, Single]:
    """Log-likelihood plus log amplitude volume, and the amplitudes, (M, E', C).

    `of` numbers the series of each node; `base`, `slope` (M, K): p = base + amplitude * slope. `free` (B,) false
    fixes the amplitude at the known one.
    """
    precision = batch.precision[:, eta].transpose(0, 2, 1)[of]  # (M, K, E')
    information = ((slope**2)[:, None] @ precision)[:, 0] + 1e-9
    score = ((slope * (batch.y[of] - base))[:, None] @ precision)[:, 0]
    centre, error = score / information, 1 / np.sqrt(information)
    top = 1 - 1e-6
    low = np.clip(np.minimum(centre - 4.5 * error, top - 1.5 * error), 0.0, top)
    high = np.clip(np.maximum(centre + 4.5 * error, 1.5 * error), 0.0, top)
    node, weight = gauss_legendre(order)
    amplitude = low[..., None] + (high - low)[..., None] * (0.5 + 0.5 * node)
    total = np.log(np.maximum(high - low, 1e-12))[..., None] + np.log(weight / 2)
    if not free.all():
        fixed = np.logical_not(free)[of][:, None, None]
        known = np.minimum(np.nan_to_num(batch.amplitude), top)[of][:, None, None]
        amplitude = np.where(fixed, known, amplitude)
        total = np.where(fixed, -np.log(order), total)
    amplitude32, total32 = amplitude.astype(np.float32), total.astype(np.float32)

    half = np.float32(likelihood.PIECES / 2)
    offset = ((of[:, None] * len(likelihood.ETA) + eta) * likelihood.PIECES)[:, :, None]
    base32, slope32 = base.astype(np.float32), slope.astype(np.float32)
    for k in range(batch.t.shape[1]):
        # p lies in 0..1 up to rounding, which abs and minimum take care of.
        p = slope32[:, k, None, None] * amplitude32
        p += base32[:, k, None, None]
        where = np.sqrt(np.abs(p))
        np.subtract(1, p, out=p)
        np.abs(p, out=p)
        where -= np.sqrt(p)
        where *= half
        where += half
        index = where.astype(np.intp)
        np.minimum(index, likelihood.PIECES - 1, out=index)
        where -= index
        index += offset
        piece = batch.pieces[k].take(index).view(np.float32).reshape(*index.shape, 4)
        value = piece[..., 3] * where
        for power in (2, 1):
            value += piece[..., power]
            value *= where
        value += piece[..., 0]
        total32 += value
    return total32, amplitude32


@lru_cache(maxsize=8)
def gauss_legendre(order: int) -> tuple[Array, Array]:
    """Nodes and weights over -1..1; numpy solves an eigenproblem for them at every call."""
    return np.polynomial.legendre.leggauss(order)


def _log_sum(values: NDArray[np.floating], axis: tuple[int, ...]) -> Array:
    """log sum exp over `axis`, summed in double precision."""
    top = values.max(axis=axis, keepdims=True)
    total = np.exp(values - top).sum(axis=axis, dtype=float)
    return np.asarray(np.log(total) + np.squeeze(top, axis=axis))
