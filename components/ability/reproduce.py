"""Recompute the numbers of one view of the Emergence Explorer from its points, and compare.

    python reproduce.py [folder]

Needs Python 3.11, numpy and scipy, nothing else: `emergence/` beside this file is the statistical core as it was
when the view was downloaded. `points.csv` holds the points with their sources, `view.json` which of them make
up each curve, `results.json` what the site showed. Exit code 0 means that every number came out the same.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from emergence import Assessment, Series, assess_many, crossover
from emergence.assessment import Answer

TOLERANCE = 1e-9


def read_points(path: Path) -> list[dict[str, str]]:
    """The rows of points.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def series_of(curve: Mapping[str, Any], points: Sequence[Mapping[str, str]]) -> Series:
    """The series of one curve: the points of its members that were not held out of the fit."""
    mine = [row for row in points if row["curve"] in curve["members"] and row["held_out"] != "True"]

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) if row[name] else np.nan for row in mine])

    value = column("value")
    return Series(
        # The analysis works on an increasing coordinate: perplexity enters as minus its logarithm.
        scale=-np.log(value) if curve["axis"] == "perplexity" else value,
        score=column("score"),
        n_examples=column("n_examples") if curve["uses_n_examples"] else None,
        stderr=column("stderr") if curve["uses_stderr"] else None,
        group=[row["family"] for row in mine] if curve["grouped"] else None,
        **curve["options"],
    )


def quoted(result: Assessment, sudden: Answer) -> Assessment:
    """`result` with the answer to the question of suddenness that another axis gave."""
    return replace(result, answers={**result.answers, "sudden": sudden})


def numbers(result: Assessment, grid: Sequence[float], shape: str | None) -> dict[str, Any]:
    """What the site prints and draws of one assessment, as plain values.

    `grid` holds coordinates at which the curve of `shape` is compared; None is the model's own shape.
    """
    found: dict[str, Any] = {
        "verdict": result.verdict,
        "sharpness": result.sharpness,
        "emergent": result.emergent,
        "answers": {
            name: {"state": answer.state, "probability": _plain(answer.probability), "cutoff": answer.cutoff}
            for name, answer in result.answers.items()
        },
        "bracket": {"absent": _plain(result.bracket.absent), "present": _plain(result.bracket.present)},
        "thresholds": {},
    }
    for name, threshold in result.thresholds.items():
        found["thresholds"][name] = {
            "identified": bool(threshold.identified),
            **(
                {key: _plain(getattr(threshold, key)) for key in ("value", "low", "high")}
                if threshold.identified
                else {}
            ),
        }
    for name in ("width", "implied_exponent"):
        value = getattr(result, name)
        found[name] = None if value is None else {key: _plain(getattr(value, key)) for key in ("value", "low", "high")}
    if len(grid):
        curves = result.curve(np.array(grid, float), shape=shape)
        found["curve"] = {
            name: [_plain(v) for v in values] for name, values in zip(("mean", "low", "high"), curves, strict=True)
        }
    return found


def _plain(value: Any) -> float | str | None:
    """A number that JSON can hold."""
    if value is None:
        return None
    number = float(value)
    return number if np.isfinite(number) else str(number)


def differences(found: Any, printed: Any, where: str = "") -> Iterator[str]:
    """Every place where two trees of values differ by more than the tolerance."""
    if isinstance(found, dict) and isinstance(printed, dict):
        for key in sorted(found.keys() | printed.keys()):
            yield from differences(found.get(key), printed.get(key), f"{where}/{key}")
    elif isinstance(found, list) and isinstance(printed, list) and len(found) == len(printed):
        for place, (one, other) in enumerate(zip(found, printed, strict=True)):
            yield from differences(one, other, f"{where}[{place}]")
    elif isinstance(found, float) and isinstance(printed, (int, float)) and not isinstance(printed, bool):
        if abs(found - printed) > TOLERANCE * max(1.0, abs(printed)):
            yield f"{where}: recomputed {found!r}, shown {printed!r}"
    elif found != printed:
        yield f"{where}: recomputed {found!r}, shown {printed!r}"


def crossings(pairs: Sequence[Mapping[str, str]], fits: Mapping[str, Assessment]) -> dict[str, Any]:
    """Where the curve `with` comes to lie above the curve `without`, by the name of each pair; coordinates."""
    found = {pair["name"]: crossover(fits[pair["without"]], fits[pair["with"]]) for pair in pairs}
    return {
        name: {field: _plain(getattr(one, field)) for field in ("value", "low", "high", "helps", "hurts")}
        for name, one in found.items()
    }


def recompute(folder: Path) -> dict[str, Any]:
    """The numbers of every curve of the view in `folder`, and where curves cross."""
    view = json.loads((folder / "view.json").read_text(encoding="utf-8"))
    points = read_points(folder / "points.csv")
    results = assess_many([series_of(curve, points) for curve in view["curves"]], gain=view["gain"])
    fits = {curve["curve"]: result for curve, result in zip(view["curves"], results, strict=True)}
    for curve in view["curves"]:
        if curve["sudden_from"]:  # suddenness is judged on one axis and quoted on the others
            sudden = fits[curve["sudden_from"]].answers["sudden"]
            fits[curve["curve"]] = quoted(fits[curve["curve"]], sudden)
    return {
        "curves": {
            curve["curve"]: numbers(fits[curve["curve"]], curve["grid"], curve["shape"]) for curve in view["curves"]
        },
        "crossovers": crossings(view["crossovers"], fits),
    }


def main(folder: Path) -> int:
    """Recompute, print, compare."""
    view = json.loads((folder / "view.json").read_text(encoding="utf-8"))
    print(view["title"], view["address"], sep="\n")
    found = recompute(folder)
    for curve in view["curves"]:
        mine = found["curves"][curve["curve"]]
        print(f"\n{curve['name']}: {mine['verdict']}")
        for name, answer in mine["answers"].items():
            print(f"  {name}: {answer['state']} ({answer['probability']}, cut-off {answer['cutoff']})")
        print(f"  appears between {mine['bracket']['absent']} and {mine['bracket']['present']}")
        for name, value in mine["thresholds"].items():
            if value["identified"]:
                print(f"  {name} = {value['value']:.6g} ({value['low']:.6g} to {value['high']:.6g})")
    for name, crossing in found["crossovers"].items():
        print(f"\n{name}: helps at the largest scale with P = {crossing['helps']}")
        if crossing["value"] is not None:
            print(f"  from {crossing['value']:.6g} on ({crossing['low']} to {crossing['high']})")
    printed = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    wrong = list(differences(found, printed))
    print("\nEvery number is the one that was shown." if not wrong else "\nDifferent from what was shown:")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
