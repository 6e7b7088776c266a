"""CPU time of a judgement, rate of bootstrap refits, cold start of the data."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks import simulator
from benchmarks.report import Found, Table, Target
from benchmarks.simulator import SEED
from emergence import assess_many
from emergence.bootstrap import refit, simulate

_COLD = {
    "importing pandas and pyarrow.parquet": "import pandas, pyarrow.parquet",
    "the catalog's models, tasks and scores": "from data import load_catalog as c; c().models, c().tasks, c().scores",
}


def _fresh(code: str) -> float:
    """CPU seconds of a new process that runs `code`."""
    command = [sys.executable, "-c", f"import time; {code}; print(time.process_time())"]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def _best(work: Callable[[], object], times: int = 3) -> float:
    """CPU seconds of the quickest of several runs."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def speed(repeats: int) -> Found:
    """CPU time of a judgement with and without the back-test behind the fourth answer, and of bootstrap refits."""
    table = Table("speed", "Speed (CPU time, one core, best of 3)", ("task", "figure"))
    random = np.random.default_rng([SEED, 5])
    whole, rates = [], []
    for size in simulator.SIZES:
        count = min(60, 4 * repeats)
        series = [simulator.threshold(random, "scatter .07", size, 500, 0.4).series() for _ in range(count)]
        for label, extrapolate in (("all four answers", True), ("without the fourth", False)):
            spent = _best(partial(assess_many, series, extrapolate=extrapolate))
            table.add(
                f"posterior, intervals, odds of all shapes, {label}, K = {size} (ms a series)", spent / count * 1e3
            )
            if extrapolate:
                whole.append(spent / count * 1e3)
        found = assess_many(series[:1], extrapolate=False)[0]
        frame, draws = found.frame, found.draws["logistic"]
        theta = np.array([np.median(draws.a), np.median(draws.b), 1.0])
        y = simulate(frame, theta, 0.0, 100_000, SEED)
        spent = _best(partial(refit, frame.t, y, frame.n, frame.floor, theta))
        rates.append(y.shape[1] / spent)
        table.add(f"bootstrap refits a second, K = {size}", rates[-1])
    for name, code in _COLD.items():
        table.add(f"{name}, fresh process (s)", min(_fresh(code) for _ in range(3)))
    return [table], [
        Target.at_most("speed", "at most 12 ms a curve and core with all answers (largest K)", max(whole), 12.0),
        Target.at_least("speed", "at least 300,000 bootstrap refits a second (largest K)", min(rates), 300_000.0),
    ]
