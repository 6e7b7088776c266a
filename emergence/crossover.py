"""Where one curve comes to lie above another: from which scale a technique helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emergence.assessment import Assessment

GRID = 161
"""Scales over the common range at which the curves are compared."""


@dataclass(frozen=True)
class Crossover:
    """The scale beyond which one curve stays above the other, in the unit of the scale; None where it leaves the data.

    `helps` and `hurts` are the probabilities that it lies above at the largest and below at the smallest scale.
    """

    value: float | None
    low: float | None
    high: float | None
    helps: float
    hurts: float

    @property
    def identified(self) -> bool:
        """Whether the whole interval lies inside the data."""
        return None not in (self.value, self.low, self.high)


def crossover(without: Assessment, with_: Assessment) -> Crossover:
    """The scale from which `with_` stays better than `without`, from paired posterior draws.

    Draws in which it is better everywhere count as below the data, draws in which it is not better at the largest
    scale as beyond them. The estimate is the median; an end of the 95 % interval that leaves the data is None.

    Parameters
    ----------
    without, with_ : Assessment
        Assessments of the same task without and with a technique, over the same kind of scale.

    Returns
    -------
    Crossover
        The scale in its own unit, with its interval, and the probabilities that the technique helps the largest and
        hurts the smallest models.
    """
    ranges = [one.frame.to_scale([0.0, 1.0]) for one in (without, with_)]
    low, high = max(ends[0] for ends in ranges), min(ends[1] for ends in ranges)
    grid = np.geomspace(low, high, GRID) if with_.log_scale else np.linspace(low, high, GRID)
    treated = with_.frame.to_y(with_.curves(grid))
    # Both in one unit: the other series may be normalised differently.
    plain = with_.frame.to_y(without.curves(grid))
    # The draws are ordered by midpoint; a fixed shuffle makes the two posteriors independent.
    order = np.random.default_rng(20220615).permutation(len(plain))
    above = treated - np.resize(plain[order], treated.shape) > 0
    # Index of the first grid point from which it stays above: 0 = everywhere, GRID = nowhere.
    stays = np.logical_and.accumulate(above[:, ::-1], axis=1)[:, ::-1]
    first = GRID - stays.sum(axis=1)

    def at(quantile: float) -> float | None:
        index = int(np.quantile(first, quantile, method="nearest"))
        return float(grid[index]) if 0 < index < GRID else None

    return Crossover(
        at(0.5), at(0.025), at(0.975), helps=float(above[:, -1].mean()), hurts=float(1 - above[:, 0].mean())
    )
