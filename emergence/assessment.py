"""What is known about one series: verdict, flags, thresholds, curves and predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emergence.draws import Draws, Mixture
from emergence.heuristics import Heuristic
from emergence.notes import Note
from emergence.series import Prepared
from emergence.shapes import STEPS

Array = NDArray[np.float64]

VERDICTS = ("appears", "present", "not_yet", "inverse", "u_shaped", "open")
"""Appears: absent in small models, present in large ones. Present: from the smallest model on. Not yet: no model."""

SHARPNESSES = ("sudden", "gradual", "open")
"""How something appears: within two decades of training compute, over more, or not known."""

QUESTIONS = ("absent_when_small", "present_when_large", "sudden", "predicted")
STATES = ("yes", "no", "open", "untested")

PREDICTIVE_DRAWS = 8
"""Scores drawn per kept curve for a prediction: 4,096 in all, a standard error of 0.0024 at the 97.5 % point."""


class Answer(NamedTuple):
    """The answer to one question: yes, no, open (asked, and not settled) or untested (the data cannot be asked).

    `probability` is that of a yes, held against `cutoff`; for *predicted* it is the chance of a score as far out as
    that of the largest model, on its side. None where untested.
    """

    state: str
    probability: float | None
    cutoff: float


class Interval(NamedTuple):
    """An estimate with its credible interval; None where it is unbounded or undefined."""

    value: float | None
    low: float | None
    high: float | None


class Bracket(NamedTuple):
    """Between which scales of the data the crossing surely lies: the last without, the first with; None without one."""

    absent: float | None
    present: float | None


@dataclass(frozen=True)
class Threshold:
    """A scale with its credible interval, in the unit of the scale given.

    `identified`: the crossing of what appears; of the other thresholds, that the whole interval lies within the
    observed scales. A threshold that is not may still carry numbers (at most half a range outside); None where there
    is nothing to say.
    """

    value: float | None
    low: float | None
    high: float | None
    identified: bool


@dataclass(frozen=True)
class Extrapolation:
    """The largest model beside what the smaller ones predicted of it, in the unit of the score.

    `better` and `worse` are the predictive probabilities of a score at least and at most as good.
    """

    scale: float
    score: float
    expected: float
    low: float
    high: float
    better: float
    worse: float


def reached(sample: Array, value: Array) -> Array:
    """Share of draws (D, X) at least as good as `value` (X,), at least 1 / D."""
    return np.asarray(np.maximum((sample >= value - 1e-9).mean(axis=0), 1 / len(sample)))


@dataclass(frozen=True, eq=False)
class Assessment:
    """The judgement of one series. Light and picklable: it keeps 512 draws of each step, 256 of other shapes.

    Attributes
    ----------
    label : str
        Name of the series, as given.
    verdict : str
        appears | present | not_yet | inverse | u_shaped | open.
    answers : mapping of str to Answer
        The four QUESTIONS, each with state, probability and cut-off.
    bracket : Bracket
        The scales of the data between which the crossing surely lies.
    thresholds : mapping of str to Threshold
        crossing, midpoint and onset, in the unit of the scale.
    width : Interval
        10-90 % rise in decades (units of the axis if it is linear).
    implied_exponent : Interval
        Exponent of the token loss that would give this width, 1.3395 / width.
    odds : mapping of str to float
        Posterior probability of each curve shape, equal before the data.
    breakthroughness, linearity : Heuristic, optional
        Published heuristics with their null; None for a single point.
    scatter : Interval
        Overdispersion eta between models (residual standard deviation for scores that are no proportions).
    drop : float
        Probability that the score falls with scale.
    extrapolation : Extrapolation, optional
        The largest model beside its prediction; None where the fourth question is untested.
    gain : float
        Share of the way from chance to 1 that counts as having left chance.
    largest_passes : float, optional
        Probability that the largest model itself, whatever others of its size do, has left chance.
    notes : tuple of Note
        Remarks, what stays open among them.
    level : float
        Probability of the intervals.
    n_points, n_sizes : int
        Points that were used, and distinct scales among them.
    chance : float, optional
        Chance level at the largest scale, in the unit of the score.
    proportion, log_scale : bool
        Whether the score was taken as a share of items right, and the axis in decades.
    default_shape : str
        The curve that `curve`, `predictive` and `sample` take where none is named.
    alternative : Assessment, optional
        The assessment with 1,000 items, where the number of items is unknown.
    frame : Prepared
        The series in the normal form that was judged.
    draws : mapping of str to Draws
        The kept draws of each curve shape.
    """

    label: str
    verdict: str
    answers: Mapping[str, Answer]
    bracket: Bracket
    thresholds: Mapping[str, Threshold]
    width: Interval
    implied_exponent: Interval
    odds: Mapping[str, float]
    breakthroughness: Heuristic | None
    linearity: Heuristic | None
    scatter: Interval
    drop: float
    extrapolation: Extrapolation | None
    gain: float
    largest_passes: float | None
    notes: tuple[Note, ...]
    level: float
    n_points: int
    n_sizes: int
    chance: float | None
    proportion: bool
    log_scale: bool
    default_shape: str
    alternative: Assessment | None
    frame: Prepared
    draws: Mapping[str, Draws]

    @property
    def sharpness(self) -> str | None:
        """How it appears: sudden, gradual or open; None for what does not appear."""
        if self.verdict != "appears":
            return None
        return {"yes": "sudden", "no": "gradual"}.get(self.answers["sudden"].state, "open")

    @property
    def deviation(self) -> str | None:
        """Whether the largest model is better or worse than the smaller ones predicted; None if neither, or untested."""
        if self.extrapolation is None or self.answers["predicted"].state != "no":
            return None
        return "better" if self.extrapolation.better < self.extrapolation.worse else "worse"

    @property
    def emergent(self) -> bool:
        """Emergent in the strict sense: it appears, suddenly, and better than the smaller models predicted."""
        return self.sharpness == "sudden" and self.deviation == "better"

    @property
    def rule(self) -> str:
        """The threshold that answers and bracket speak of: the crossing, or the onset where no chance level is known."""
        return "onset" if self.chance is None else "crossing"

    def _bounds(self) -> tuple[float, float]:
        """Quantiles of the credible interval."""
        return (1 - self.level) / 2, (1 + self.level) / 2

    def _mixture(self, shape: str | None) -> Mixture:
        """The kept draws of one shape, of the steps (`step`) or of all shapes (`average`), by their odds."""
        name = self.default_shape if shape is None else shape
        if name in self.draws:
            return Mixture((self.draws[name],))
        chosen = {s: d for s, d in self.draws.items() if s in self.odds and (name == "average" or s in STEPS)}
        if name not in ("step", "average"):
            raise ValueError(f"no curve of shape {name!r}; there are step, average, {', '.join(self.draws)}")
        count = max(len(d.a) for d in chosen.values())
        return Mixture.of(chosen, {s: self.odds[s] + 1e-300 for s in chosen}, count)

    def _curves(self, scale: ArrayLike, shape: str | None) -> tuple[Array, Array]:
        """The kept curves at `scale` (X,) in normal form (D, X), and their scatter (D,)."""
        mixture = self._mixture(shape)
        curves = mixture.mean(self.frame.to_t(np.atleast_1d(scale)))
        return np.clip(curves, 0.0, 1.0) if self.proportion else curves, mixture.scatter

    def curves(self, scale: ArrayLike, shape: str | None = None) -> Array:
        """Equally weighted posterior draws of the curve at `scale` (X,), in the unit of the score: (D, X).

        D is 512 for steps and their mixture, 256 for another single shape. The draws are ordered by midpoint:
        shuffle one side before comparing two series draw by draw.
        """
        return self.frame.to_score(self._curves(scale, shape)[0])

    def curve(self, scale: ArrayLike, shape: str | None = None) -> tuple[Array, Array, Array]:
        """Mean and credible band of the curve at `scale`, in the unit of the score: three arrays (X,).

        `shape` is one of `odds`, or `step` (logistic and Gompertz by their odds; the default), or `average`
        (all shapes by their odds), or `falling` where the verdict is inverse.
        """
        curves, _ = self._curves(scale, shape)
        low, high = np.quantile(curves, self._bounds(), axis=0)
        mean = np.clip(curves.mean(axis=0), low, high)
        return self._in_score(mean, low, high)

    def predictive(
        self, scale: ArrayLike, n: ArrayLike | None = None, shape: str | None = None
    ) -> tuple[Array, Array, Array]:
        """Median and predictive band of a new model's score on `n` items at `scale`: three arrays (X,).

        The band holds the uncertainty of the curve, the scatter between models and the sampling of the items.
        `n` defaults to the median item count of the series.
        """
        sample = self.sample(scale, n, shape)
        low, median, high = np.quantile(sample, (self._bounds()[0], 0.5, self._bounds()[1]), axis=0)
        return self._in_score(median, low, high)

    def chance_of(
        self, scale: ArrayLike, score: ArrayLike, n: ArrayLike | None = None, shape: str | None = None
    ) -> Array:
        """Predictive probability of a score at least as good as the given one: (X,).

        Never below one in the number of draws: what none of them reached may still be possible.
        """
        return reached(self.sample(scale, n, shape), self.frame.to_y(np.atleast_1d(score)))

    def sample(self, scale: ArrayLike, n: ArrayLike | None = None, shape: str | None = None) -> Array:
        """Draws of new models' scores in normal form (better is larger): (8 per kept curve, X). The seed is fixed."""
        once, spread = self._curves(scale, shape)
        curves = np.repeat(once, PREDICTIVE_DRAWS, axis=0)
        scatter = np.repeat(spread, PREDICTIVE_DRAWS)[:, None]
        random = np.random.default_rng(20230428)
        if not self.proportion:
            noise = np.sqrt(
                scatter**2 + float(np.median(self.frame.noise)) ** 2 if len(self.frame.noise) else scatter**2
            )
            return np.asarray(curves + noise * random.standard_normal(curves.shape))
        items = float(np.median(self.frame.n)) if len(self.frame.n) else 100.0
        size = np.broadcast_to(np.asarray(items if n is None else n, float), curves.shape[1:])
        size = np.maximum(np.rint(np.nan_to_num(size, nan=items)), 1).astype(np.int64)
        nu = 1 / np.maximum(scatter, 1e-4) ** 2 - 1
        centre = np.clip(curves, 1e-6, 1 - 1e-6)
        true = random.beta(np.maximum(centre * nu, 1e-9), np.maximum((1 - centre) * nu, 1e-9))
        true = np.where(scatter > 0, true, centre)
        return np.asarray(random.binomial(size, np.clip(np.nan_to_num(true, nan=0.5), 0, 1)) / size)

    def _in_score(self, middle: Array, low: Array, high: Array) -> tuple[Array, Array, Array]:
        """Middle, low, high in the unit of the score; low and high change places if lower is better."""
        middle, low, high = (self.frame.to_score(v) for v in (middle, low, high))
        return (middle, low, high) if self.frame.span > 0 else (middle, high, low)
