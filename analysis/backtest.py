"""Extrapolation measured: fit without the largest models, predict them, compare.

Wei et al. (2206.07682) call an ability emergent if it "cannot be predicted simply by extrapolating the
performance of smaller models". This turns the sentence into numbers: CRPS, coverage, PIT and the shares of
held-out models above and below the band, beside simple baselines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.assess import assess_many
from analysis.baselines import BASELINES
from analysis.multiplicity import adjusted
from analysis.series import MIN_SIZES, Prepared, Series, prepare

Array = NDArray[np.float64]

POSTERIOR = "posterior"
"""Name of our own predictor: the posterior averaged over all curve shapes by their odds."""


@dataclass(frozen=True)
class Prediction:
    """One held-out score beside what a predictor said of it, all in the unit of the score.

    `below` is the predictive probability of a lower score, ties counted half (the PIT, of goodness for scores
    where lower is better); `crps` is in normal form: share right, or ranges of the scores seen.
    """

    series: int
    label: str
    predictor: str
    scale: float
    score: float
    median: float
    low: float
    high: float
    below: float
    crps: float

    @property
    def covered(self) -> bool:
        """Whether the score lies in the band."""
        return self.low - 1e-12 <= self.score <= self.high + 1e-12


@dataclass(frozen=True)
class Summary:
    """How one predictor did over all held-out scores. Shares are None if nothing could be held out."""

    predictor: str
    count: int
    crps: float | None
    coverage: float | None
    above: float | None
    below: float | None
    width: float | None
    pit: tuple[int, ...]


@dataclass(frozen=True)
class Jump:
    """A series whose largest held-out model beat its prediction; `q_value` is adjusted over all series."""

    series: int
    label: str
    p_value: float
    q_value: float
    unpredicted: bool


@dataclass(frozen=True)
class Backtest:
    """Held-out predictions of all predictors, their summaries, and the jumps nobody could have extrapolated.

    `skipped` numbers the series with too few sizes left. An unpredicted jump is a score above the 97.5 %
    predictive limit that survives Benjamini-Hochberg at 0.05 across the series.
    """

    hold: int
    level: float
    predictions: tuple[Prediction, ...]
    summary: Mapping[str, Summary]
    jumps: tuple[Jump, ...]
    skipped: tuple[int, ...]


def crps(sample: Array, observed: ArrayLike) -> Array:
    """Continuous ranked probability score of draws (D, H) against observations (H,): E|X - y| - E|X - X'| / 2."""
    ordered = np.sort(sample, axis=0)
    count = len(ordered)
    weight = (2 * np.arange(1, count + 1) - count - 1)[:, None]
    between = (weight * ordered).sum(axis=0) / count**2
    return np.asarray(np.abs(ordered - np.asarray(observed)).mean(axis=0) - between)


def _split(series: Series, hold: int) -> tuple[Series, NDArray[np.bool_]] | None:
    """The series without its `hold` largest distinct scales, and the mask of the rows kept out; None if too short."""
    scale, score = np.asarray(series.scale, float), np.asarray(series.score, float)
    usable = np.isfinite(scale) & np.isfinite(score) & ((scale > 0) | (not series.log_scale))
    distinct = np.unique(scale[usable])
    if hold < 1 or len(distinct) - hold < MIN_SIZES:
        return None
    out = usable & (scale >= distinct[-hold])
    keep = usable & ~out

    def rows(value: ArrayLike | None) -> ArrayLike | None:
        return value if value is None or np.ndim(value) == 0 else np.asarray(value, float)[keep]

    cut = replace(
        series,
        scale=scale[keep],
        score=score[keep],
        chance=rows(series.chance),
        n_examples=rows(series.n_examples),
        stderr=rows(series.stderr),
        group=None if series.group is None else [g for g, k in zip(series.group, keep, strict=True) if k],
    )
    return cut, out


def backtest(
    series: Series | Sequence[Series],
    *,
    hold: int = 1,
    level: float = 0.95,
    baselines: Sequence[str] = tuple(BASELINES),
    shape: str = "average",
    pool_scatter: bool = True,
) -> Backtest:
    """Fit each series without its `hold` largest sizes and predict them.

    Args:
        series: one series or several; those with fewer than four sizes left are skipped.
        hold: how many distinct sizes are held out.
        level: of the predictive bands.
        baselines: names out of `BASELINES`; scores that are no proportions have only `linear`.
        shape: curve shape of our own predictor (see `Assessment.curve`).
        pool_scatter: as in `assess_many`.
    """
    many = [series] if isinstance(series, Series) else list(series)
    splits = [_split(one, hold) for one in many]
    used = [i for i, split in enumerate(splits) if split is not None]
    pairs = [split for split in splits if split is not None]
    judged = assess_many([cut for cut, _ in pairs], level=level, pool_scatter=pool_scatter)
    predictions: list[Prediction] = []
    jumps: list[tuple[int, float]] = []
    for i, (_, out), found in zip(used, pairs, judged, strict=True):
        whole, part = prepare(many[i]), found.frame
        scale, score = np.asarray(many[i].scale, float)[out], np.asarray(many[i].score, float)[out]
        n = np.rint(np.interp(part.to_t(scale), part.to_t(whole.to_scale(whole.t)), whole.n))
        sample = found.sample(scale, n if part.proportion else None, shape)
        named = {POSTERIOR: sample} | _baselines(part, part.to_t(scale), baselines)
        for name, draws in named.items():
            predictions += _compare(i, many[i].label, name, part, draws, scale, score, level)
        largest = int(np.argmax(scale))
        observed = part.to_y(score[largest])
        beaten = float(np.mean(sample[:, largest] >= observed - 1e-9))
        jumps.append((i, max(beaten, 1 / len(sample))))
    q_values = adjusted([p for _, p in jumps])
    tail = (1 - level) / 2
    return Backtest(
        hold=hold,
        level=level,
        predictions=tuple(predictions),
        summary={name: _summarise(name, predictions) for name in (POSTERIOR, *baselines)},
        jumps=tuple(
            Jump(i, many[i].label, p, float(q), p <= tail and float(q) <= 0.05)
            for (i, p), q in zip(jumps, q_values, strict=True)
        ),
        skipped=tuple(i for i, split in enumerate(splits) if split is None),
    )


def _baselines(frame: Prepared, at: Array, names: Sequence[str]) -> dict[str, Array]:
    """Predictive quantiles (Q, H) of the baselines in normal form."""
    found = {}
    for name in names:
        if frame.proportion:
            draws = BASELINES[name](frame.t, frame.y, frame.n, frame.chance or 0.0, at)
            found[name] = np.clip(draws, 0.0, 1.0)
        elif name == "linear":
            found[name] = BASELINES[name](frame.t, frame.y, frame.n, 0.0, at)
    return found


def _compare(
    i: int, label: str, name: str, frame: Prepared, draws: Array, scale: Array, score: Array, level: float
) -> list[Prediction]:
    """Predictions of one predictor for all held-out scores of one series."""
    observed = frame.to_y(score)
    tie = np.abs(draws - observed) < 1e-9
    below = np.where(tie, 0.5, draws < observed).mean(axis=0)
    low, median, high = frame.to_score(np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0))
    low, high = np.minimum(low, high), np.maximum(low, high)
    loss = crps(draws, observed)
    return [
        Prediction(i, label, name, *(float(v[h]) for v in (scale, score, median, low, high, below, loss)))
        for h in range(len(scale))
    ]


def _summarise(name: str, predictions: Sequence[Prediction]) -> Summary:
    """Averages over the predictions of one predictor."""
    mine = [p for p in predictions if p.predictor == name]
    if not mine:
        return Summary(name, 0, None, None, None, None, None, (0,) * 10)
    pit = np.histogram([p.below for p in mine], bins=10, range=(0, 1))[0]
    return Summary(
        predictor=name,
        count=len(mine),
        crps=float(np.mean([p.crps for p in mine])),
        coverage=float(np.mean([p.covered for p in mine])),
        above=float(np.mean([not p.covered and p.below > 0.5 for p in mine])),
        below=float(np.mean([not p.covered and p.below < 0.5 for p in mine])),
        width=float(np.median([p.high - p.low for p in mine])),
        pit=tuple(int(count) for count in pit),
    )
