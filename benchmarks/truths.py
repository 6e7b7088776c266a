"""Series whose crossing is known, over the designs that the pages meet: the simulator of the four answers.

A truth is a curve q of the way from chance to 1, over decades from the smallest scale; its crossing is where q passes
the gain. It is laid over a design: scales, items and chance, either of a grid (3 to 12 sizes, evenly spaced or in the
proportions of a real ladder of models; 100 to 14,042 items; chance 0, .25, .5) or exactly those of a real series.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks import simulator
from emergence import GAIN, Series
from emergence.shapes import MIRAGE, WIDTH, step, step_inverse

Array = NDArray[np.float64]

SIZES = (3, 4, 5, 6, 8, 12)
ITEMS = (100, 500, 2000, 14_042)
FLOORS = (0.0, 0.25, 0.5)
SCATTERS = (0.0, simulator.SCATTER)

HEIGHT = (0.6, 1.0)
"""Amplitude of a step, as a share of the way from chance to 1."""

PLACE = (0.25, 0.8)
"""Midpoint of a step and of p^L, as a share of the span."""

WIDTHS = (0.4, 3.0)
"""10-90 % rise of a step in decades, log-uniform."""

STARTS_BELOW, ENDS_ABOVE = GAIN / 2, 3 * GAIN
"""What appears *by a margin* starts below the one and ends above the other, as shares of the way from chance to 1."""


@dataclass(frozen=True, eq=False)
class Truth:
    """A curve `q` of decades from the smallest scale; `crossing` is infinite where it never passes the gain.

    `width` is the 10-90 % rise in decades; None for what has no step.
    """

    q: Callable[[Array], Array]
    crossing: float
    width: float | None = None


@dataclass(frozen=True, eq=False)
class Design:
    """Scales in decades from the smallest (K,), items behind each score (K,), chance."""

    x: Array
    n: NDArray[np.int64]
    floor: float

    @property
    def span(self) -> float:
        """Decades between the smallest and the largest scale."""
        return float(self.x[-1])


@dataclass(frozen=True, eq=False)
class Known:
    """One simulated series beside its truth."""

    kind: str
    truth: Truth
    design: Design
    scatter: float
    k: NDArray[np.int64]

    @property
    def appears(self) -> bool:
        """Whether the curve crosses between the smallest and the largest scale."""
        return 0 < self.truth.crossing < self.design.span

    @property
    def by_margin(self) -> bool:
        """Whether it does so by a margin that data can show."""
        first, last = self.truth.q(np.array([0.0, self.design.span]))
        return bool(first < STARTS_BELOW and last > ENDS_ABOVE)

    def series(self) -> Series:
        """The series as the analysis sees it, on a scale that starts at 1e20."""
        design = self.design
        return Series(10 ** (20 + design.x), self.k / design.n, chance=design.floor, n_examples=design.n)


def rise(random: np.random.Generator, span: float, shape: str, width: float, height: tuple[float, float]) -> Truth:
    """A step of `shape` and `width` decades somewhere in the middle of the span."""
    slope, middle, top = width / WIDTH, random.uniform(*PLACE) * span, random.uniform(*height)
    crossing = middle + slope * step_inverse(shape, np.array(GAIN / top)) if top > GAIN else np.inf
    return Truth(lambda x: top * step(shape, (x - middle) / slope), float(crossing), width)


def _any_width(random: np.random.Generator) -> float:
    return float(np.exp(random.uniform(*np.log(WIDTHS))))


def power_law(random: np.random.Generator, span: float, start: float = 0.0) -> Truth:
    """A power law of the error from `start` (at the smallest scale) up to 40 to 90 % of what was left."""
    rate = -np.log1p(-random.uniform(0.4, 0.9)) / span
    return Truth(lambda x: 1 - (1 - start) * np.exp(-rate * x), float(np.log((1 - start) / (1 - GAIN)) / rate))


def exact_match(random: np.random.Generator, span: float, alpha: float) -> Truth:
    """p^L = exp(-L c N^-alpha) up to certainty: a Gompertz step of 1.3395 / alpha decades."""
    truth = rise(random, span, "gompertz", MIRAGE / alpha, (1.0, 1.0))
    return Truth(truth.q, truth.crossing)  # smooth by construction: nothing that could be sudden


ALPHAS = (0.15, 0.25, 0.34, 0.5)
POWER_LAW, ABOVE, FLAT, BELOW = "power law from chance", "power law from above the crossing", "flat", "stays below"
"""Kinds of truths; FLAT never leaves chance, BELOW rises and stays below the crossing."""

SMOOTH: Mapping[str, Callable[[np.random.Generator, float], Truth]] = {
    POWER_LAW: power_law,
    **{f"p^L, alpha {alpha:g}": partial(exact_match, alpha=alpha) for alpha in ALPHAS},
}
"""What is never sudden, whatever its design."""

TRUTHS: Mapping[str, Callable[[np.random.Generator, float], Truth]] = {
    "logistic": lambda random, span: rise(random, span, "logistic", _any_width(random), HEIGHT),
    "Gompertz": lambda random, span: rise(random, span, "gompertz", _any_width(random), HEIGHT),
    **SMOOTH,
    ABOVE: lambda random, span: power_law(random, span, random.uniform(1.5 * GAIN, 4 * GAIN)),
    FLAT: lambda _random, _span: Truth(np.zeros_like, np.inf),
    BELOW: lambda random, span: rise(random, span, "logistic", _any_width(random), (0.2 * GAIN, 0.8 * GAIN)),
}


def designs(random: np.random.Generator, count: int, ladders: Mapping[int, Sequence[Array]]) -> list[Design]:
    """`count` designs that go round all cells of the grid in random order.

    `ladders` are real positions in 0..1 by number of sizes: where there are some, half of the designs take theirs.
    """
    cells = [(k, n, floor, real) for k in SIZES for n in ITEMS for floor in FLOORS for real in (False, True)]
    order = [cells[i] for _ in range(-(-count // len(cells))) for i in random.permutation(len(cells))]
    found = []
    for size, items, floor, real in order[:count]:
        known = ladders.get(size, ()) if real else ()
        x = (
            simulator.DECADES * known[int(random.integers(len(known)))]
            if len(known)
            else simulator.scales(random, size)
        )
        found.append(Design(np.asarray(x, float), np.full(size, items), floor))
    return found


def simulate(random: np.random.Generator, kind: str, truth: Truth, design: Design, scatter: float) -> Known:
    """Scores of models around a truth."""
    p = np.clip(design.floor + (1 - design.floor) * truth.q(design.x), 0.0, 1.0)
    return Known(kind, truth, design, scatter, simulator.observe(random, p, design.n, scatter))
