"""The midpoint study: intervals, false claims and power, ours and the peers' on the same series."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks import peers, simulator
from benchmarks.oracle import judge
from benchmarks.peers import Fit
from benchmarks.report import Found, Table, Target
from benchmarks.simulator import SEED, Case
from emergence import Assessment, Interval, Threshold, assess_many
from emergence.shapes import WIDTH

POOL = 30
"""Tasks of one family that share their scatter in the pooled rows."""


def _ours(found: Assessment) -> Fit:
    """Our assessment in the peers' terms."""
    midpoint = found.thresholds["midpoint"]
    value, low, high = (
        math.nan if v is None else math.log10(v) - 20 for v in (midpoint.value, midpoint.low, midpoint.high)
    )
    return Fit(value, low, high, found.sharpness == "sudden")


LOGISTIC = "posterior, pooled, logistic alone"
"""Our own judgement without the Gompertz step: what the average over both steps costs, and what it is for."""


def _judge(cases: Sequence[Case], pool: bool, shapes: Sequence[str] | None = None) -> tuple[list[Fit], float]:
    """Our fits of all cases and CPU milliseconds for each."""
    found, spent = _assessed(cases, pool, shapes)
    return [_ours(a) for a in found], spent


def _assessed(cases: Sequence[Case], pool: bool, shapes: Sequence[str] | None = None) -> tuple[list[Assessment], float]:
    """Our assessments, all but the back-test that no peer has, and CPU milliseconds for each."""
    series = [case.series(pool=str(i // POOL) if pool else None) for i, case in enumerate(cases)]
    start = time.process_time()
    found = assess_many(series, shapes=shapes, extrapolate=False)
    return found, (time.process_time() - start) / max(len(cases), 1) * 1e3


def _peer(name: str, cases: Sequence[Case]) -> tuple[list[Fit], float]:
    """A peer's fits and CPU milliseconds for each."""
    start = time.process_time()
    fits = [peers.run(peers.PEERS[name][0], case) for case in cases]
    return fits, (time.process_time() - start) / max(len(cases), 1) * 1e3


def _errors(cases: Sequence[Case], fits: Sequence[Fit]) -> tuple[float, float, float, float]:
    """Bias, RMSE (estimates clipped to half a range outside), coverage, median width."""
    truth = np.array([case.midpoint for case in cases], float)
    value = np.array([fit.value for fit in fits], float)
    value = np.clip(np.where(np.isfinite(value), value, simulator.DECADES / 2), -2.5, 7.5)
    low, high = (np.array([getattr(fit, side) for fit in fits], float) for side in ("low", "high"))
    given = np.isfinite(low) & np.isfinite(high)
    coverage = float(_within(fits, truth)[given].mean()) if given.any() else math.nan
    width = float(np.median((high - low)[given])) if given.any() else math.nan
    return float(np.mean(value - truth)), float(np.sqrt(np.mean((value - truth) ** 2))), coverage, width


def _coverage_by_size(cases: Sequence[Case], fits: Sequence[Fit]) -> list[float]:
    """Coverage of the intervals for each number of sizes."""
    found = []
    for size in simulator.SIZES:
        rows = [row for row, case in enumerate(cases) if len(case.x) == size]
        found.append(_errors([cases[row] for row in rows], [fits[row] for row in rows])[2])
    return found


def _design(number: int, regime: str, repeats: int, jitter: float = simulator.JITTER) -> list[Case]:
    """`repeats` series for every cell of the design, shuffled so that every part of them holds all cells."""
    random = np.random.default_rng([SEED, 1, number])
    cells = [(k, n, s) for k in simulator.SIZES for n in simulator.ITEMS for s in simulator.SLOPES]
    cases = [simulator.threshold(random, regime, *cell, jitter) for _ in range(repeats) for cell in cells]
    return [cases[i] for i in np.random.default_rng([SEED, 2, number]).permutation(len(cases))]


def spacing(repeats: int) -> Found:
    """The study at wide jitter: what an uneven spacing of the models costs everybody."""
    jitter = simulator.WIDE_JITTER
    table = Table(
        "spacing",
        f"The same with inner scales moved by up to {jitter:.0%} of a gap",
        ("regime", "method", "series", "bias", "RMSE", "coverage", "median width"),
    )
    for number, regime in enumerate(simulator.REGIMES):
        cases = _design(number, regime, repeats, jitter)
        table.add(regime, "oracle", len(cases), *_errors(cases, [judge(case, regime) for case in cases]))
        table.add(regime, "posterior", len(cases), *_errors(cases, _judge(cases, pool=False)[0]))
        table.add(
            regime, f"posterior, scatter pooled over {POOL}", len(cases), *_errors(cases, _judge(cases, pool=True)[0])
        )
        for name in ("iminuit MINOS", "ruptures"):
            table.add(regime, name, len(cases), *_errors(cases, _peer(name, cases)[0]))
    return [table], []


def thresholds(repeats: int) -> Found:
    """Bias, RMSE and coverage of the midpoint in each regime, and our coverage by the number of sizes."""
    table = Table(
        "thresholds",
        "Midpoint and its 95 % interval (decades)",
        ("regime", "method", "series", "bias", "RMSE", "our RMSE, same series", "coverage", "median width", "CPU ms"),
    )
    by_size = Table(
        "coverage",
        "Coverage of our 95 % interval by number of sizes",
        ("regime", "method", *(f"K = {k}" for k in simulator.SIZES)),
    )
    ratio, held = [], []
    for number, regime in enumerate(simulator.REGIMES):
        cases = _design(number, regime, repeats)
        alone, cost = _judge(cases, pool=False)
        start = time.process_time()
        oracle = [judge(case, regime) for case in cases]
        oracle_cost = (time.process_time() - start) / len(cases) * 1e3
        best = _errors(cases, oracle)[1]
        ratio.append((regime, _errors(cases, alone)[1] / best))
        held.append((regime, _errors(cases, alone)[2]))
        for name, (fits, spent) in {
            "oracle": (oracle, oracle_cost),
            "posterior": (alone, cost),
            f"posterior, scatter pooled over {POOL}": _judge(cases, pool=True),
            LOGISTIC: _judge(cases, pool=True, shapes=()),
        }.items():
            bias, rmse, coverage, width = _errors(cases, fits)
            ours = _errors(cases, alone)[1]
            table.add(regime, name, len(cases), bias, rmse, ours, coverage, width, spent)
            by_size.add(regime, name, *_coverage_by_size(cases, fits))
        for name, (_, thin) in peers.PEERS.items():
            fits, spent = _peer(name, cases[::thin])
            bias, rmse, coverage, width = _errors(cases[::thin], fits)
            table.add(
                regime, name, len(fits), bias, rmse, _errors(cases[::thin], alone[::thin])[1], coverage, width, spent
            )
    targets = [
        Target.within(
            "thresholds", "RMSE of the midpoint at most 1.25 of the oracle's, in each regime", ratio, 0, 1.25
        ),
        Target.within(
            "thresholds", "95 % interval of the midpoint holds it in .93-.98, in each regime", held, 0.93, 0.98
        ),
    ]
    return [table, by_size], targets


def prior(repeats: int) -> Found:
    """Coverage over series drawn from the prior: right at every level if the posterior is computed right."""
    table = Table(
        "prior",
        "Series drawn from the prior of the model itself: share of true values inside the interval",
        ("interval", "said to appear", "crossing", "with a step", "midpoint",
         *(f"midpoint, K = {k}" for k in simulator.SIZES), "width"),
        remark="The crossing where it is said to appear (a choice by the data alone, which leaves a posterior calibrated): "
        "elsewhere it may have no end. Midpoint and width of the series whose truth is a step.",
    )  # fmt: skip
    random = np.random.default_rng([SEED, 6])
    cells = [(k, n) for k in simulator.SIZES for n in simulator.ITEMS]
    cases = [simulator.from_prior(random, *cell) for _ in range(4 * repeats) for cell in cells]
    steps = [i for i, case in enumerate(cases) if case.midpoint is not None]
    size = np.array([len(cases[i].x) for i in steps])
    crossing = np.array([10 ** (20 + (case.crossing or 0.0)) for case in cases])
    midpoint = np.array([10 ** (20 + (cases[i].midpoint or 0.0)) for i in steps])
    width = np.array([WIDTH * (cases[i].slope or 0.0) for i in steps])
    for level in (0.5, 0.8, 0.95):
        found = assess_many(
            [case.series() for case in cases], level=level, shapes=("gompertz", "power_law"), extrapolate=False
        )
        located = [i for i, a in enumerate(found) if a.thresholds["crossing"].identified]
        crossed = float(_within([found[i].thresholds["crossing"] for i in located], crossing[located]).mean())
        inside = _within([found[i].thresholds["midpoint"] for i in steps], midpoint)
        by_size = (float(inside[size == k].mean()) for k in simulator.SIZES)
        covered = float(_within([found[i].width for i in steps], width).mean())
        table.add(f"{level:.0%}", len(located), crossed, len(steps), float(inside.mean()), *by_size, covered)
    return [table], []


def _within(intervals: Sequence[Fit | Interval | Threshold], truth: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each interval holds its true value."""
    low, high = (np.array([getattr(one, side) for one in intervals], float) for side in ("low", "high"))
    return np.asarray((low <= truth) & (truth <= high))


def claims(repeats: int) -> Found:
    """False claims on series without a threshold, and power on series with one, each by the peer's own rule."""
    names = ["ours: appears", "ours: appears suddenly", f"… scatter pooled over {POOL}", *peers.PEERS]
    table = Table(
        "claims",
        "Share of series claimed as a threshold (series judged)",
        ("truth", *names),
        remark="A power law from chance and p^L do appear: false is what calls them sudden, or a threshold.",
    )

    def row(truth: str, cases: Sequence[Case]) -> None:
        alone, pooled = _assessed(cases, pool=False)[0], _assessed(cases, pool=True)[0]
        ours = (
            [found.verdict == "appears" for found in alone],
            [found.sharpness == "sudden" for found in alone],
            [found.sharpness == "sudden" for found in pooled],
        )
        cells = [f"{np.mean(says):.3f} ({len(says)})" for says in ours]
        for name, (_, thin) in peers.PEERS.items():
            fits = _peer(name, cases[::thin])[0]
            cells.append(f"{np.mean([fit.claim for fit in fits]):.2f} ({len(fits)})")
        table.add(truth, *cells)

    for number, kind in enumerate(simulator.NULLS):
        random = np.random.default_rng([SEED, 3, number])
        cells = [(k, n) for k in simulator.SIZES for n in simulator.ITEMS]
        cases = [simulator.null(random, kind, *cell) for _ in range(2 * repeats) for cell in cells]
        row(f"no threshold: {kind}", [cases[i] for i in random.permutation(len(cases))])
    for number, (regime, width, size) in enumerate(
        (regime, width, size) for regime in ("binomial", "scatter .07") for width in (0.66, 1.1) for size in (5, 8)
    ):
        random = np.random.default_rng([SEED, 4, number])
        cases = [simulator.threshold(random, regime, size, 500, width / WIDTH) for _ in range(4 * repeats)]
        row(f"{regime}: width {width}, K = {size}, n = 500", cases)
    return [table], []
