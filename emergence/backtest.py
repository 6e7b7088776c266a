"""Extrapolation measured: fit without the largest models, predict them, compare.

Wei et al. (2206.07682) call an ability emergent if it "cannot be predicted simply by extrapolating the
performance of smaller models". This turns the sentence into numbers: CRPS, coverage, PIT and the shares of
held-out models above and below the band, beside simple baselines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emergence import answers
from emergence.assessment import Assessment, Extrapolation, reached
from emergence.baselines import BASELINES
from emergence.judge import Options, judge_all
from emergence.multiplicity import RATE, adjusted
from emergence.series import MIN_SIZES_CURVE, Prepared, Series, prepare

Array = NDArray[np.float64]

RARE = 0.02
"""Chance of a held-out score below which it is estimated anew, from MANY_DRAWS of the posterior."""

MANY_DRAWS = 65_536
"""Draws of the posterior that resolve a chance of 1 in 131,072: enough for one jump among 2,600 series at 0.05."""

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
    """How surprising the largest held-out model of a series is.

    `better`, `worse` are the predictive probabilities of a score at least and at most as good, as in `Extrapolation`;
    `p_value` is the first one, taken from more draws where it is small; `q_value` is adjusted over all series.
    """

    series: int
    label: str
    better: float
    worse: float
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
    if hold < 1 or len(distinct) - hold < MIN_SIZES_CURVE:
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


def predicted(series: Sequence[Series], judged: Sequence[Assessment], options: Options) -> list[Assessment]:
    """`judged` with the fourth answer: is the largest model what the smaller ones predict?

    Where four sizes are left without it; each answer is about its own series alone (boards adjust for many).
    """
    splits = {i: split for i, split in enumerate(_split(one, 1) for one in series) if split is not None}
    cuts = [split[0] for split in splits.values()]
    results = list(judged)
    for (i, (_, out)), found in zip(splits.items(), _judged(cuts, options), strict=True):
        held = _held(series[i], out, found, "average")
        largest = np.flatnonzero(held.scale == held.scale.max())[-1]
        low, middle, high = found.frame.to_score(np.quantile(held.sample[:, largest], (0.025, 0.5, 0.975)))
        extrapolation = Extrapolation(
            scale=float(held.scale[largest]),
            score=float(held.score[largest]),
            expected=float(middle),
            low=float(min(low, high)),
            high=float(max(low, high)),
            better=held.better,
            worse=held.worse,
        )
        tested = {**judged[i].answers, "predicted": answers.tested(held.better, held.worse)}
        results[i] = replace(judged[i], answers=tested, extrapolation=extrapolation)
    return results


def _judged(series: Sequence[Series], options: Options) -> list[Assessment]:
    return judge_all([prepare(one) for one in series], [one.label for one in series], options)


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

    Parameters
    ----------
    series : Series or sequence of Series
        One series or several; those with fewer than four sizes left are skipped.
    hold : int
        How many distinct sizes are held out, at least 1.
    level : float
        Probability of the predictive bands, between 0 and 1.
    baselines : sequence of str
        Names out of `BASELINES`; scores that are no proportions have only `linear`.
    shape : str
        Curve shape of our own predictor (see `Assessment.curve`).
    pool_scatter : bool
        False judges every series on its own (see `assess_many`).

    Returns
    -------
    Backtest
        Every held-out score beside its predictions, their summaries, and the jumps that stand across the series.

    Raises
    ------
    ValueError
        If `hold` is no whole number from 1, or a baseline is unknown.

    References
    ----------
    Wei et al. 2022 (arXiv 2206.07682): "cannot be predicted simply by extrapolating the performance of smaller models".
    Gneiting and Raftery 2007, J. Am. Stat. Assoc. 102, 359-378: the continuous ranked probability score (CRPS).
    """
    if hold != int(hold) or hold < 1:
        raise ValueError("hold must be a whole number of sizes, at least 1")
    if unknown := set(baselines) - set(BASELINES):
        raise ValueError(f"no baselines {sorted(unknown)}; there are {', '.join(BASELINES)}")
    many = [series] if isinstance(series, Series) else list(series)
    splits = [_split(one, hold) for one in many]
    cuts = {i: split[0] for i, split in enumerate(splits) if split is not None}
    outs = {i: split[1] for i, split in enumerate(splits) if split is not None}
    options = Options(level=level, pool_scatter=pool_scatter)
    predictions: list[Prediction] = []
    chance: dict[int, float] = {}
    sides: dict[int, tuple[float, float]] = {}
    for i, found in zip(cuts, _judged(list(cuts.values()), options), strict=True):
        held = _held(many[i], outs[i], found, shape)
        at = found.frame.to_t(held.scale)
        for name, draws in ({POSTERIOR: held.sample} | _baselines(found.frame, at, baselines)).items():
            predictions += _compare(i, many[i].label, name, found.frame, draws, held, level)
        chance[i], sides[i] = held.better, (held.better, held.worse)
    # What few draws reach is judged again with more of them: single jumps among many series must be told apart.
    rare = [i for i, p in chance.items() if p < RARE]
    pools = {cuts[i].pool for i in rare} - {None} if pool_scatter else set()
    again = [i for i in cuts if i in rare or cuts[i].pool in pools]
    finer = replace(options, draws=MANY_DRAWS)
    for i, found in zip(again, _judged([cuts[i] for i in again], finer), strict=True):
        if i in rare:
            chance[i] = _held(many[i], outs[i], found, shape).better
    q_values = adjusted(list(chance.values()))
    tail = (1 - level) / 2
    return Backtest(
        hold=hold,
        level=level,
        predictions=tuple(predictions),
        summary={name: _summarise(name, predictions) for name in (POSTERIOR, *baselines)},
        jumps=tuple(
            Jump(i, many[i].label, *sides[i], p, float(q), p <= tail and float(q) <= RATE)
            for (i, p), q in zip(chance.items(), q_values, strict=True)
        ),
        skipped=tuple(i for i, split in enumerate(splits) if split is None),
    )


class _Held(NamedTuple):
    """Scales and scores that were held out (H,), and draws of their prediction in normal form (D, H)."""

    scale: Array
    score: Array
    sample: Array
    better: float  # chance of a score at least as good as that of the last model at the largest scale
    worse: float  # and of one at most as good


def _held(series: Series, out: NDArray[np.bool_], found: Assessment, shape: str) -> _Held:
    whole, part = prepare(series), found.frame
    scale, score = np.asarray(series.scale, float)[out], np.asarray(series.score, float)[out]
    n = np.rint(np.interp(part.to_t(scale), part.to_t(whole.to_scale(whole.t)), whole.n))
    sample = found.sample(scale, n if part.proportion else None, shape)
    largest = np.flatnonzero(scale == scale.max())[-1:]
    drawn, observed = sample[:, largest], part.to_y(score[largest])
    return _Held(scale, score, sample, float(reached(drawn, observed)[0]), float(reached(-drawn, -observed)[0]))


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
    i: int, label: str, name: str, frame: Prepared, draws: Array, held: _Held, level: float
) -> list[Prediction]:
    """Predictions of one predictor for all held-out scores of one series."""
    observed = frame.to_y(held.score)
    tie = np.abs(draws - observed) < 1e-9
    below = np.where(tie, 0.5, draws < observed).mean(axis=0)
    low, median, high = frame.to_score(np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0))
    low, high = np.minimum(low, high), np.maximum(low, high)
    loss = crps(draws, observed)
    return [
        Prediction(i, label, name, *(float(v[h]) for v in (held.scale, held.score, median, low, high, below, loss)))
        for h in range(len(held.scale))
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
