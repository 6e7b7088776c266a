"""The four answers on series with a known crossing: claims, coverage and power, on the designs that the pages meet."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import Assessment, assess_many
from analysis.series import SUDDEN_DECADES
from benchmarks import real, simulator, truths
from benchmarks.report import Found, Table, Target
from benchmarks.simulator import SEED
from benchmarks.truths import Design, Known, Truth

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Judged:
    """Simulated series and what we say of them; every property is an array over the series."""

    known: Sequence[Known]
    found: Sequence[Assessment]

    @classmethod
    def of(cls, known: Sequence[Known]) -> Judged:
        """Judge as the pages do (each series alone); the fourth answer has its own part."""
        return cls(known, assess_many([one.series() for one in known], extrapolate=False))

    def where(self, keep: Bools) -> Judged:
        """Only some of the series."""
        rows = np.flatnonzero(keep).tolist()
        return Judged([self.known[i] for i in rows], [self.found[i] for i in rows])

    def each(self, name: str) -> NDArray[Any]:
        """A property of every truth: kind, scatter, appears, by_margin, design."""
        return np.array([getattr(one, name) for one in self.known])

    def says(self, name: str, value: str) -> Bools:
        """Where the verdict, the sharpness or the state of a question (by its name) has a value."""
        said = [one.answers[name].state if name in one.answers else getattr(one, name) for one in self.found]
        return np.array([word == value for word in said], bool)

    @property
    def appears(self) -> Bools:
        """Whether we say that it appears."""
        return self.says("verdict", "appears")

    def interval_holds(self) -> Bools:
        """Whether the interval of the crossing holds the true one; an end that is not given is open."""
        ends = [one.thresholds["crossing"] for one in self.found]
        low = np.array([-np.inf if end.low is None else np.log10(end.low) - 20 for end in ends])
        high = np.array([np.inf if end.high is None else np.log10(end.high) - 20 for end in ends])
        truth = np.array([one.truth.crossing for one in self.known])
        return np.asarray((low <= truth) & (truth <= high))

    def bracket_holds(self) -> Bools:
        """Whether the bracket holds the true crossing; an end that is not given is open."""
        low, high = self._bracket()
        truth = np.array([one.truth.crossing for one in self.known])
        return np.asarray((low - 1e-9 <= truth) & (truth <= high + 1e-9))

    def _bracket(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ends = [one.bracket for one in self.found]
        low = np.array([-np.inf if end.absent is None else np.log10(end.absent) - 20 for end in ends])
        high = np.array([np.inf if end.present is None else np.log10(end.present) - 20 for end in ends])
        return low, high

    def widths(self) -> tuple[float, float]:
        """Median width of interval and bracket, in decades."""
        both = [(one.thresholds["crossing"].low, one.thresholds["crossing"].high) for one in self.found]
        widths = [math.log10(high / low) for low, high in both if low is not None and high is not None]
        low, high = self._bracket()
        return _median(widths), _median(list(high - low))


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else math.nan


def _share(hits: Bools) -> float:
    return float(np.mean(hits)) if len(hits) else math.nan


def _simulated(number: int, count: int) -> Judged:
    """`count` series of every kind of truth over the designs of the grid."""
    known = []
    ladders = real.ladders()
    for place, (kind, make) in enumerate(truths.TRUTHS.items()):
        random = np.random.default_rng([SEED, number, place])
        for i, design in enumerate(truths.designs(random, count, ladders)):
            truth = make(random, design.span)
            known.append(truths.simulate(random, kind, truth, design, truths.SCATTERS[i % 2]))
    return Judged.of(known)


def crossing(repeats: int) -> Found:
    """Who appears, who is said to, and how often interval and bracket hold the crossing."""
    judged = _simulated(11, 14 * repeats)
    claims = Table(
        "appears",
        "Appears: true and false claims (3 to 12 sizes, 100 to 14,042 items, chance 0 to .5)",
        ("truth", "scatter", "series", "cross in the data", "… claimed", "… by a margin", "… claimed",
         "do not cross", "… falsely claimed"),
        remark="By a margin: the curve starts below half the gain and ends above three times it, as shares of the way "
        "from chance to 1.",
    )  # fmt: skip
    covered = Table(
        "crossing",
        "Crossing of what is said to appear: does the 95 % interval hold it, does the bracket (decades)",
        ("truth", "scatter", "series", "interval", "bracket", "median interval", "median bracket",
         "interval, all that cross", "series"),
    )  # fmt: skip
    crosses = judged.each("appears")
    margin = judged.each("by_margin") & crosses
    regimes: dict[str, tuple[float, float, int]] = {}
    false = []
    for kind in truths.TRUTHS:
        for scatter in truths.SCATTERS:
            mine = (judged.each("kind") == kind) & (judged.each("scatter") == scatter)
            yes, no = mine & crosses, mine & ~crosses
            counts = (int(mask.sum()) for mask in (mine, yes, yes & margin, no))
            rates = [_share(judged.appears[mask]) for mask in (yes, yes & margin, no)]
            total, crossing_, by_margin, none = counts
            claims.add(kind, scatter, total, crossing_, rates[0], by_margin, rates[1], none, rates[2])
            if none:
                false.append((f"{kind}, scatter {scatter:g}", rates[2]))
            located = judged.where(yes & judged.appears)
            if not crossing_:
                continue
            interval, bracket = _share(located.interval_holds()), _share(located.bracket_holds())
            everything = _share(judged.where(yes).interval_holds())
            covered.add(kind, scatter, len(located.known), interval, bracket, *located.widths(), everything, crossing_)
            regimes[f"{kind}, scatter {scatter:g}"] = interval, bracket, len(located.known)
    located = judged.where(crosses & judged.appears)
    _by_design(covered, judged, crosses)
    name = "crossing"
    kind_, rate = max(false, key=lambda one: one[1])
    worst = f"; worst: {kind_} {rate:.3f}" if rate else ""
    # A share of a handful says nothing: regimes with fewer located series are in the table only.
    enough = {regime: found for regime, found in regimes.items() if found[2] >= ENOUGH}
    targets = [
        Target.within(
            name, "95 % interval of the crossing holds it in .93-.97, in each regime",
            [(regime, found[0]) for regime, found in enough.items()], 0.93, 0.97,
        ),
        Target.at_least(
            name, "bracket holds the crossing in at least .97 (worst regime)",
            min((found[1] for found in enough.values()), default=math.nan), 0.97,
            f"; all {_share(located.bracket_holds()):.3f}",
        ),
        Target.at_least(
            name, "crossing identified in at least .90 of what is said to appear",
            _share(np.array([one.thresholds["crossing"].identified for one in located.found])), 0.90,
            f"; of all that cross by a margin {_share(judged.appears[margin]):.3f}",
        ),
        Target.at_most(
            name, "appears claimed in at most .5 % of series that do not appear",
            _share(judged.appears[~crosses]), 0.005,
            f" ({int(judged.appears[~crosses].sum())} of {int((~crosses).sum())}{worst})",
        ),
    ]  # fmt: skip
    power, more = _power(repeats)
    return [claims, covered, *power], targets + more


ENOUGH = 30
"""Located series of a regime from which its coverage is held against the target (standard error .04 at most)."""


def _by_design(table: Table, judged: Judged, crosses: Bools) -> None:
    """Coverage over all truths by number of sizes, items and chance."""
    designs = [one.design for one in judged.known]
    sizes, items = np.array([len(design.x) for design in designs]), np.array([design.n[0] for design in designs])
    floors = np.array([design.floor for design in designs])
    rows = {
        **{f"all, K = {k}": sizes == k for k in truths.SIZES},
        **{f"all, n = {n:,}": items == n for n in truths.ITEMS},
        **{f"all, chance {floor:g}": floors == floor for floor in truths.FLOORS},
    }
    for label, mine in rows.items():
        yes = mine & crosses
        located = judged.where(yes & judged.appears)
        table.add(
            label, "both", len(located.known), _share(located.interval_holds()), _share(located.bracket_holds()),
            *located.widths(), _share(judged.where(yes).interval_holds()), int(yes.sum()),
        )  # fmt: skip


def _power(repeats: int) -> Found:
    """How often what appears by a margin is said to, at 3, 5 and 8 even sizes and 500 items."""
    table = Table(
        "power",
        "Appears: power at 500 items, over steps, power laws and p^L that cross by a margin",
        ("sizes", "scatter", "series", "claimed", "interval holds", "bracket holds"),
    )
    reached: dict[int, float] = {}
    for size in (3, 5, 8):
        random = np.random.default_rng([SEED, 12, size])
        known: list[Known] = []
        while len(known) < 8 * repeats:
            kind = list(truths.TRUTHS)[random.integers(len(truths.TRUTHS))]
            x = simulator.scales(random, size)
            design = Design(x, np.full(size, 500), float(random.choice(truths.FLOORS)))
            one = truths.simulate(
                random, kind, truths.TRUTHS[kind](random, design.span), design, truths.SCATTERS[len(known) % 2]
            )
            if one.appears and one.by_margin:
                known.append(one)
        judged = Judged.of(known)
        for scatter in truths.SCATTERS:
            mine = judged.where(judged.each("scatter") == scatter)
            located = mine.where(mine.appears)
            table.add(
                size, scatter, len(mine.known), _share(mine.appears),
                _share(located.interval_holds()), _share(located.bracket_holds()),
            )  # fmt: skip
        reached[size] = _share(judged.appears)
    goals = ((5, 0.80), (8, 0.95))
    targets = [
        Target.at_least(
            "crossing", f"appears claimed in at least {goal:g} of those that do by a margin (K = {size}, 500 items)",
            reached[size], goal,
        )
        for size, goal in goals
    ]  # fmt: skip
    return [table], targets


def _step(width: float) -> Callable[[np.random.Generator, float], Truth]:
    """Steps of a width; logistic and Gompertz in turn."""

    def make(random: np.random.Generator, span: float) -> Truth:
        shape = str(random.choice(["logistic", "gompertz"]))
        return truths.rise(random, span, shape, width, truths.HEIGHT)

    return make


NARROW = (0.5, 1.0, 1.5, 1.9)
"""Widths of the steps laid over real designs: all sudden."""


def sudden(repeats: int) -> Found:
    """Sudden and gradual claims on the designs of the catalog's real series, short spans apart."""
    table = Table(
        "sudden",
        "Sudden and gradual on real designs (scales, items, chance of the catalog's series over FLOPs, 4 sizes or more)",
        ("truth", "span", "series", "appears", "sudden", "gradual", "question 3 alone: yes", "no"),
        remark="Sudden and gradual as the pages say it: of what appears. Widths are 10-90 % rises in decades.",
    )
    designs = real.designs()
    count = min(len(designs), 16 * repeats)
    kinds = {**truths.SMOOTH, **{f"step of width {width:g}": _step(width) for width in NARROW}}
    rates: dict[tuple[str, str], tuple[float, float]] = {}
    for place, (kind, make) in enumerate(kinds.items()):
        random = np.random.default_rng([SEED, 13, place])
        known = [
            truths.simulate(random, kind, make(random, designs[i].span), designs[i], truths.SCATTERS[row % 2])
            for row, i in enumerate(random.permutation(len(designs))[:count])
        ]
        judged = Judged.of(known)
        short = np.array([one.design.span <= SUDDEN_DECADES for one in known])
        for span, mask in (("all", np.ones(len(known), bool)), ("2 decades or less", short), ("longer", ~short)):
            mine = judged.where(mask)
            said = [_share(mine.says("sharpness", word)) for word in ("sudden", "gradual")]
            states = [_share(mine.says("sudden", state)) for state in ("yes", "no")]
            table.add(kind, span, len(mine.known), _share(mine.appears), *said, *states)
            rates[kind, span] = said[0], said[1]
    smooth = [(f"{kind} ({span})", rates[kind, span][0]) for kind in truths.SMOOTH for span in ("all", *SPANS)]
    steps = [(kind, rates[kind, "all"][1]) for kind in kinds if kind not in truths.SMOOTH]
    targets = [
        Target.within("sudden", "sudden claimed in at most 2 % of power laws and p^L, short spans included",
                      smooth, 0.0, 0.02),
        Target.at_least("sudden", "power at a width of .5 at least .78", rates["step of width 0.5", "all"][0], 0.78),
        Target.at_least("sudden", "power at a width of 1.0 at least .50", rates["step of width 1", "all"][0], 0.50),
        Target.within("sudden", "gradual claimed in at most .5 % of series narrower than two decades",
                      steps, 0.0, 0.005),
    ]  # fmt: skip
    return [table], targets


SPANS = ("2 decades or less", "longer")
