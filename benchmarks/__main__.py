"""`python -m benchmarks [--quick] [PART ...]`: run the measurements and write benchmarks/results/."""

from __future__ import annotations

import argparse
import platform
import time

import numpy
import scipy

from benchmarks import calibration, crossing, exact, forward, peers, simulator, speed
from benchmarks.report import Found, Table, Target, write

WITH_PEERS = ("thresholds", "spacing", "claims")


def _table1(_repeats: int) -> Found:
    from benchmarks import table1  # noqa: PLC0415 - the one part that needs a board of the current data

    return table1.compare(), []


PARTS = {
    "crossing": crossing.crossing,
    "sudden": crossing.sudden,
    "thresholds": calibration.thresholds,
    "spacing": calibration.spacing,
    "prior": calibration.prior,
    "claims": calibration.claims,
    "backtest": forward.extrapolation,
    "pooling": forward.pooling,
    "speed": speed.speed,
    "brute": exact.agreement,
    "table1": _table1,
}
"""What is measured, in the order of the report, from the number of series per cell."""

FULL, QUICK = 56, 3


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the series: minutes instead of hours")
    parser.add_argument("--repeats", type=int, help=f"series per cell of the design (default {FULL}, quick {QUICK})")
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], help=f"default: all ({', '.join(PARTS)})")
    options = parser.parse_args()
    repeats = options.repeats or (QUICK if options.quick else FULL)
    chosen = [name for name in PARTS if not options.part or name in options.part]
    if set(chosen) & set(WITH_PEERS):
        peers.install()
    tables: list[Table] = []
    targets: list[Target] = []
    print(f"seed {simulator.SEED}, {repeats} series per cell")
    for name in chosen:
        print(name)
        every = name == "brute" and not (options.quick or options.repeats)
        start = time.time()
        found = exact.agreement(None) if every else PARTS[name](repeats)
        spent = f"{time.time() - start:,.0f} s"
        for table in found[0]:
            table.remark = f"{table.remark} ({'' if every else f'{repeats} series per cell, '}{spent}.)".lstrip()
        tables += found[0]
        targets += found[1]
    print("targets")
    for one in targets:
        print(f"  {one.met:>3}  {one.target}: {one.reached}")
    preface = (
        "# Analysis core: simulation study and back-test\n\n"
        f"`python -m benchmarks{' --quick' if options.quick else ''}`: seed {simulator.SEED}, {platform.machine()}, "
        f"Python {platform.python_version()}, numpy {numpy.__version__}, scipy {scipy.__version__}. Under each title: "
        "what it cost. Series are judged as the pages do, each alone, unless a row says otherwise.\n\n"
        "Crossing study (claims, coverage, power): truths and designs in benchmarks/truths.py; the true crossing solves "
        "p(x) = g + .1 (1 - g). Midpoint study, with peers (benchmarks/requirements.txt) on the same series: floor "
        f"0.25, 5 decades, K in 5, 8, 12 sizes (inner ones moved by up to {simulator.JITTER:.0%} of a gap), n in 100, "
        "500, 2,000 items, midpoint U(1.25, 4), ceiling U(0.7, 1), 10-90 % width 0.66 or 1.76 decades; slow peers judge "
        "every so-many-th series. The oracle knows shape, scatter, slopes and the ranges of ceiling and midpoint: no "
        "method has a lower mean squared error on average."
    )
    name = "analysis-quick" if options.quick else "analysis"
    print("wrote", write(name, preface, tables, targets, whole=not options.part))


if __name__ == "__main__":
    main()
