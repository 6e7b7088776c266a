"""An adaptive grid over two nonlinear parameters: the box shrinks around the posterior from pass to pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emergence import shapes

Array = NDArray[np.float64]

MIDPOINT = (-0.5, 1.5)
"""Support of the midpoint prior: flat on the observed range 0..1, cosine tails over half a range."""

LOG_S = (float(np.log(0.015)), float(np.log(0.6)))
"""Support of the log slope prior: rises of 0.07 to 2.6 observed ranges, flat in the log."""

RATE = (float(np.log(0.05)), float(np.log(8.0)))
"""Log rate of the error power law over the observed range: the error falls by 5 % to 99.97 %."""

ELBOW = (-0.5, 0.95)
"""Support of the hinge's elbow, flat."""

UNIT = (0.0, 1.0)
"""The box of a parameter that a shape does not have: density 1, one cell."""

FIRST = 12.0
"""Log density below the mode at which a cell of the first pass is left out: a narrow peak may fall between its cells."""

LOST = 1e-3
"""Share of the posterior that the cells which are left out afterwards may hold."""

CELLS = (0.0, 20.0, 55.0)
"""Effective number of cells (1 / sum of squared shares) that a posterior in 0, 1, 2 parameters is spread over: cells
are halved until there are as many, so that a narrow ridge is resolved like a broad hill."""

MOST_PASSES = 6


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells for several problems in one list: number of the problem, a, b (M,), ordered by problem, a, b.

    `half_a`, `half_b` are half cells per problem (B,); `start` (B + 1,) delimits the problems.
    """

    of: NDArray[np.intp]
    a: Array
    b: Array
    half_a: Array
    half_b: Array
    start: NDArray[np.intp]

    def log_volume(self) -> Array:
        """Log of each cell's area, (M,)."""
        return np.asarray(np.log(4 * self.half_a * self.half_b)[self.of])


def support(shape: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Box of (a, b): midpoint and log s of a step, log rate (b) of the power law, elbow (a) of the hinge."""
    if shape in shapes.STEPS:
        return MIDPOINT, LOG_S
    if shape == "bnsl":  # a numbers the nodes of a fixed sample of the prior
        return (0.0, float(shapes.BNSL_NODES)), UNIT
    return {"power_law": (UNIT, RATE), "hinge": (ELBOW, UNIT)}.get(shape, (UNIT, UNIT))


def log_prior(shape: str, a: Array, b: Array) -> Array:
    """Log prior density of (a, b), normalised over the support."""
    (a_low, a_high), (b_low, b_high) = support(shape)
    flat = -np.log(b_high - b_low)
    if shape not in shapes.STEPS:
        return np.full(np.broadcast_shapes(a.shape, b.shape), flat - np.log(a_high - a_low))
    outside = np.maximum(np.maximum(-a, a - 1), 0.0)
    density = np.where(outside < 0.5, np.cos(np.pi * outside) ** 2, 0.0) / 1.5
    return np.asarray(np.log(np.maximum(density, 1e-300)) + flat + 0 * b)


@dataclass(frozen=True, eq=False)
class _Mesh:
    """Some of the cells of one tensor grid per problem: the i-th of `count` (B, 2) cells of `box` (B, 4), along a and b."""

    box: Array
    count: NDArray[np.intp]
    of: NDArray[np.intp]
    i: NDArray[np.intp]
    j: NDArray[np.intp]

    @classmethod
    def full(cls, box: Array, count: tuple[int, int]) -> _Mesh:
        """All cells of all problems."""
        of, i, j = (index.ravel() for index in np.indices((len(box), *count)))
        return cls(box, np.tile(count, (len(box), 1)), of, i, j)

    def lay(self) -> Grid:
        """The midpoints of the cells."""
        half_a = (self.box[:, 1] - self.box[:, 0]) / (2 * self.count[:, 0])
        half_b = (self.box[:, 3] - self.box[:, 2]) / (2 * self.count[:, 1])
        a = self.box[self.of, 0] + (2 * self.i + 1) * half_a[self.of]
        b = self.box[self.of, 2] + (2 * self.j + 1) * half_b[self.of]
        return Grid(self.of, a, b, half_a, half_b, np.searchsorted(self.of, np.arange(len(self.box) + 1)))

    def where(self, keep: NDArray[np.bool_]) -> _Mesh:
        """Only the cells `keep` (M,)."""
        return replace(self, of=self.of[keep], i=self.i[keep], j=self.j[keep])

    def around(self) -> Array:
        """The box that the cells of each problem span, one cell wider on each side, (B, 4)."""
        start = np.searchsorted(self.of, np.arange(len(self.box)))
        ends = []
        for low, high, index, count in (
            (self.box[:, 0], self.box[:, 1], self.i, self.count[:, 0]),
            (self.box[:, 2], self.box[:, 3], self.j, self.count[:, 1]),
        ):
            cell = (high - low) / count
            first = np.maximum(np.minimum.reduceat(index, start) - (count > 1), 0)
            last = np.minimum(np.maximum.reduceat(index, start) + 1 + (count > 1), count)
            ends += [low + cell * first, low + cell * last]
        return np.stack(ends, axis=1)

    def widened(self) -> _Mesh:
        """The cells and their neighbours."""
        of, i, j = (
            np.concatenate([index + step for step in steps])
            for index, steps in ((self.of, [0] * 9), (self.i, [-1, 0, 1] * 3), (self.j, [-1] * 3 + [0] * 3 + [1] * 3))
        )
        inside = (i >= 0) & (i < self.count[of, 0]) & (j >= 0) & (j < self.count[of, 1])
        code = np.unique(np.ravel_multi_index((of[inside], i[inside], j[inside]), self._shape()))
        of, i, j = np.unravel_index(code, self._shape())
        return replace(self, of=of, i=i, j=j)

    def split(self, parts: tuple[int, int], which: NDArray[np.bool_]) -> _Mesh:
        """The cells of the problems `which` (B,), each cut into so many parts along a and b."""
        mine = self.where(which[self.of])
        count = np.where(which[:, None], self.count * parts, self.count)
        di, dj = (index.ravel() for index in np.indices(parts))
        of = np.repeat(mine.of, len(di))
        i = (mine.i[:, None] * parts[0] + di).ravel()
        j = (mine.j[:, None] * parts[1] + dj).ravel()
        order = np.lexsort((j, i, of))
        return _Mesh(self.box, count, of[order], i[order], j[order])

    def _shape(self) -> tuple[int, int, int]:
        return len(self.box), int(self.count[:, 0].max()), int(self.count[:, 1].max())


def _best(density: Array, of: NDArray[np.intp], size: int) -> Array:
    """The largest density of each problem, (size,)."""
    best = np.full(size, -np.inf)
    np.maximum.at(best, of, density)
    return best


def _densest(share: Array, of: NDArray[np.intp], total: Array) -> NDArray[np.bool_]:
    """The cells (M,) that hold all but LOST of each problem's `total` (B,), densest first; `of` is in order."""
    order = np.lexsort((-share, of))
    cumulated = np.cumsum(share[order])
    before = cumulated - share[order] - (np.cumsum(total) - total)[of]
    keep = np.empty(len(of), bool)
    keep[order] = before <= (1 - LOST) * total[of]
    return keep


def refine(
    shape: str,
    size: int,
    log_density: Callable[[Grid], Array],
    coarse: tuple[int, int],
    rough: Callable[[Grid], Array] | None = None,
) -> Grid:
    """A grid for each of `size` problems that resolves its posterior; `log_density` maps a grid to (M,).

    The first pass, for which a `rough` density is enough, may miss a narrow peak; it finds its neighbourhood, since the overdispersion is integrated out and
    a large one makes any likelihood wide. The second one lays its cells over that neighbourhood. From then on only
    cells near the mode are kept and halved, until the posterior is spread over enough of them. The nodes of the
    broken power law are no grid: one pass picks them.
    """
    (a_low, a_high), (b_low, b_high) = limits = support(shape)
    box = np.tile([a_low, a_high, b_low, b_high], (size, 1))
    if shape == "bnsl":
        mesh = _Mesh.full(box, (shapes.BNSL_NODES, 1))
        density = (rough or log_density)(mesh.lay())
        return mesh.where(density > _best(density, mesh.of, size)[mesh.of] - FIRST).lay()
    parts = (1 + (limits[0] != UNIT), 1 + (limits[1] != UNIT))
    if parts == (1, 1):
        return _Mesh.full(box, (1, 1)).lay()
    count = (coarse[0] if parts[0] > 1 else 1, (coarse[1] if parts[0] > 1 else max(coarse)) if parts[1] > 1 else 1)
    mesh = _Mesh.full(box, count)
    density = (rough or log_density)(mesh.lay())
    near = mesh.where(density > _best(density, mesh.of, size)[mesh.of] - FIRST)
    mesh = _Mesh.full(near.around(), count)
    needed = CELLS[sum(parts) - 2]
    finished: list[Grid] = []
    for left in range(MOST_PASSES, 0, -1):
        density = log_density(mesh.lay())
        share = np.exp(density - _best(density, mesh.of, size)[mesh.of])
        total, squares = (np.bincount(mesh.of, weights, size).astype(float) for weights in (share, share**2))
        here = np.bincount(mesh.of, minlength=size) > 0
        cells = np.divide(total**2, squares, out=np.zeros(size), where=here)
        near = mesh.where(_densest(share, mesh.of, total))
        fine = here & (cells >= needed)
        enough = here & ~fine & ((cells * (parts[0] * parts[1]) >= needed) | (left == 1))
        finished += [near.where(fine[near.of]).lay(), near.split(parts, enough).lay()]
        if (here == (fine | enough)).all():
            break
        mesh = near.widened().split(parts, here & ~fine & ~enough)
    return _joined(finished, size)


def _joined(grids: list[Grid], size: int) -> Grid:
    """One grid out of several that hold different problems."""
    if len(grids) == 1:
        return grids[0]
    of = np.concatenate([grid.of for grid in grids])
    order = np.argsort(of, kind="stable")
    a, b = (np.concatenate([getattr(grid, name) for grid in grids])[order] for name in ("a", "b"))
    half_a, half_b = np.zeros(size), np.zeros(size)
    for grid in grids:
        mine = np.unique(grid.of)
        half_a[mine], half_b[mine] = grid.half_a[mine], grid.half_b[mine]
    return Grid(of[order], a, b, half_a, half_b, np.searchsorted(of[order], np.arange(size + 1)))
