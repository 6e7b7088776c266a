"""Our posterior against one computed by brute force on a dense grid, on real series (tests/emergence/brute.py)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Memory, Parallel, delayed

from benchmarks.real import catalog_series, drawn
from benchmarks.report import Found, Table, Target
from benchmarks.simulator import SEED
from emergence import MIN_SIZES_CURVE, Assessment, Series, assess_many
from tests.emergence import brute

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "brute"
"""Judgements by brute force cost seconds each: a run that was broken off goes on from here."""

ANSWER = 0.03
INTERVAL = 0.1
"""How far we may be off: in the probability of an answer, and as a share of the interval of a threshold."""

QUESTIONS = ("absent_when_small", "present_when_large", "sudden")
THRESHOLDS = ("crossing", "midpoint")


@dataclass(frozen=True)
class Difference:
    """How far we are off on one series: by answer, and by threshold as shares of their intervals.

    A missing key was not compared: sudden below four sizes, the crossing of what does not appear.
    """

    label: str
    answers: Mapping[str, float]
    thresholds: Mapping[str, float]

    @property
    def agrees(self) -> bool:
        """Whether everything compared lies within the tolerances."""
        return all(v <= ANSWER for v in self.answers.values()) and all(v <= INTERVAL for v in self.thresholds.values())


def difference(found: Assessment, exact: Mapping[str, object]) -> Difference:
    """Our assessment beside the judgement by brute force."""
    probabilities = {name: found.answers[name].probability for name in QUESTIONS}
    answers = {
        name: abs(probability - float(exact[name]))  # type: ignore[arg-type]
        for name, probability in probabilities.items()
        if probability is not None
    }
    thresholds = {}
    for name in THRESHOLDS:
        value = found.thresholds[name].value
        low, middle, high = np.asarray(exact[name], float)
        compared = found.n_sizes >= MIN_SIZES_CURVE if name == "midpoint" else found.thresholds[name].identified
        if compared and value is not None and np.isfinite([low, middle, high]).all():
            thresholds[name] = abs(math.log10(value) - middle) / max(high - low, 1e-9)
    return Difference(found.label, answers, thresholds)


def compare(
    series: Sequence[Series], judge: Callable[..., dict[str, object]] = brute.judge, jobs: int = 1
) -> list[Difference]:
    """All series by both, the brute force on `jobs` processes."""
    found = assess_many(series, pool_scatter=False, extrapolate=False)
    frames = [one.frame for one in found]
    exact = Parallel(n_jobs=jobs)(
        delayed(judge)(frame.scale, frame.y, frame.n, frame.chance, one.gain, frame.sudden_within)
        for frame, one in zip(frames, found, strict=True)
    )
    return [difference(ours, one) for ours, one in zip(found, exact, strict=True)]


def agreement(repeats: int | None, jobs: int = -1) -> Found:
    """Every real series over FLOPs by brute force; `repeats` series drawn at random, if given."""
    random = np.random.default_rng([SEED, 16])
    whole = [one for one, _ in catalog_series()] if repeats is None else drawn(repeats, random)
    code = hashlib.sha256(Path(brute.__file__).read_bytes()).hexdigest()[:12]
    remembered = Memory(CACHE / code, verbose=0).cache(brute.judge)
    found = compare(whole, remembered, jobs)
    table = Table(
        "brute",
        "Our posterior against one by brute force, on real series over FLOPs",
        ("compared", "series", "tolerance", "median difference", "99 %", "largest", "outside", "worst series"),
        remark="Answers: difference of probabilities. Crossing (of what appears) and midpoint: difference of medians "
        "as a share of the 95 % interval.",
    )
    targets = []
    for names, tolerance, side in ((QUESTIONS, ANSWER, "answers"), (THRESHOLDS, INTERVAL, "thresholds")):
        for name in names:
            known = [(getattr(one, side)[name], one.label) for one in found if name in getattr(one, side)]
            if not known:
                continue
            values = np.array([value for value, _ in known])
            outside = int((values > tolerance).sum())
            most, label = max(known)
            table.add(
                name, len(known), tolerance, float(np.median(values)), float(np.quantile(values, 0.99)),
                most, outside, label,
            )  # fmt: skip
            text = f"{name.replace('_', ' ')} within {tolerance:g} of brute force on every real series"
            targets.append(Target.at_most("brute", text, most, tolerance, f"; {outside} of {len(known)} outside"))
    worst = Table("outside", "Series outside a tolerance of the brute force", ("series", *QUESTIONS, *THRESHOLDS))
    for one in found:
        if not one.agrees:
            both = {**one.answers, **one.thresholds}
            worst.add(one.label, *(both.get(name, math.nan) for name in (*QUESTIONS, *THRESHOLDS)))
    return [table, worst], targets
