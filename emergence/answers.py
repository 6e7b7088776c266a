"""From posterior draws to the four questions, the threshold, the bracket and the verdict.

x* is the crossing: the scale where the mean score leaves chance, p(x*) = g + gain (1 - g). Where no chance level is
known it is the onset of a rise that is larger than its own noise. Everything that is said of a series is said of x*:

1. absent when small: P(x* > x_min); 2. present when large: P(x* < x_max); 3. sudden: P(10-90 % rise < 2 decades of
compute). They are averaged over the steps and the power law of the error by their evidence, so that neither shape has
to be right. A power law has no step: it counts as not sudden, and has a crossing like any curve.

*Appears* = 1 and 2 (Wei et al. 2022: "not present in smaller models but present in larger models").
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtri

from emergence.assessment import Answer, Bracket, Interval, Threshold
from emergence.draws import Mixture
from emergence.series import MIN_SIZES, MIN_SIZES_CURVE, Prepared
from emergence.shapes import STEPS, WIDTH, implied_exponent

Array = NDArray[np.float64]

ABSENT_CUTOFF, PRESENT_CUTOFF, SUDDEN_CUTOFF = 0.95, 0.975, 0.95
PREDICTED_CUTOFF = 0.025
"""A held-out score with a smaller chance of being reached (or undercut) lies outside the 95 % predictive band."""

GAINS = (0.05, 0.1, 0.2)
"""Shares of the way from chance to 1 that may count as having left chance."""

GAIN = 0.1
U_SCATTER = 0.06
"""Scatter assumed by the test for a U: the fitted one cannot be used, since a monotone curve turns a U into scatter."""


def crossing(draws: Mixture, frame: Prepared, gain: float) -> Array:
    """x* of each draw as a normalised scale t (D,); infinite where the curve never gets there."""
    if frame.chance is not None:
        return draws.crossing(frame.chance + gain * (1 - frame.chance))
    ends = draws.mean(np.array([0.0, 1.0]))
    risen = (
        ends[:, 1] - draws.lower > gain * (1 - draws.lower)
        if frame.proportion
        else ends[:, 1] - ends[:, 0] > draws.scatter
    )
    return np.where(risen, draws.onset(), np.inf)


def sudden(draws: Mixture, frame: Prepared) -> float | None:
    """Probability that the 10-90 % rise takes less than the limit of the series; None where it is not judged."""
    if frame.sudden_within is None or frame.sizes < MIN_SIZES_CURVE:
        return None
    narrow = [
        (WIDTH * part.slope_parameter * frame.span_x < frame.sudden_within).sum() if part.shape in STEPS else 0
        for part in draws.parts
    ]
    return float(sum(narrow) / sum(len(part.a) for part in draws.parts))


def answer(probability: float | None, cutoff: float) -> Answer:
    """Yes from the cut-off, no up to its complement, else open; untested without a probability."""
    if probability is None:
        return Answer("untested", None, cutoff)
    state = "yes" if probability >= cutoff else "no" if probability <= 1 - cutoff + 1e-12 else "open"
    return Answer(state, probability, cutoff)


def answers(reach: Array, sudden_: float | None, frame: Prepared) -> dict[str, Answer]:
    """The questions that the posterior answers; the back-test adds the fourth.

    `reach` (K,): probability at each scale of the data that the curve has left chance there, P(x* < x).
    """
    enough = frame.sizes >= MIN_SIZES
    return {
        "absent_when_small": answer(float(1 - reach[0]) if enough else None, ABSENT_CUTOFF),
        "present_when_large": answer(float(reach[-1]) if enough else None, PRESENT_CUTOFF),
        "sudden": answer(sudden_, SUDDEN_CUTOFF),
        "predicted": Answer("untested", None, PREDICTED_CUTOFF),
    }


def bracket(reach: Array, frame: Prepared) -> Bracket:
    """The largest scale of the data surely below the crossing, and the smallest surely above it; None without one.

    With the cut-offs of the answers, so that whatever appears has both ends.
    """
    if frame.sizes < MIN_SIZES:
        return Bracket(None, None)
    absent, present = frame.scale[1 - reach >= ABSENT_CUTOFF], frame.scale[reach >= PRESENT_CUTOFF]
    return Bracket(float(absent[-1]) if len(absent) else None, float(present[0]) if len(present) else None)


def thresholds(
    at: Array, step: Mixture, frame: Prepared, found: Mapping[str, Answer], level: float
) -> dict[str, Threshold]:
    """Crossing, midpoint and onset with intervals at `level`, in the unit of the scale.

    The crossing is located where the series appears: the bracket then holds it. Midpoint and onset are details of the
    steps, located where their whole interval lies within the observed scales. `at` (D,) are the crossings.
    """
    appears = all(found[name].state == "yes" for name in ("absent_when_small", "present_when_large"))
    nothing = Threshold(None, None, None, identified=False)

    def threshold(t: Array, identified: bool | None = None) -> Threshold:
        low, value, high = np.quantile(t, ((1 - level) / 2, 0.5, (1 + level) / 2), method="nearest")
        if identified:  # a chance of at most 5 and 2.5 % lies outside the data, and may be infinite
            low, high = max(low, -0.5), min(high, 1.5)
        inside = bool(low >= 0 and high <= 1) if identified is None else identified
        numbers = [float(frame.to_scale(v)) if np.isfinite(v) and abs(v) < 1e3 else None for v in (value, low, high)]
        return Threshold(numbers[0], numbers[1], numbers[2], inside)

    if frame.sizes < 2:
        return dict.fromkeys(("crossing", "midpoint", "onset"), nothing)
    if step.falling:  # the scale is mirrored: t -> 1 - t
        return {
            "crossing": nothing,
            "midpoint": threshold(1 - step.midpoint),
            "onset": threshold(1 - step.onset()),
        }
    few = False if frame.sizes < MIN_SIZES_CURVE else None  # three sizes locate no half of an unknown ceiling
    known = frame.chance is not None
    return {
        "crossing": threshold(at, appears) if known else nothing,
        "midpoint": threshold(step.midpoint, few),
        "onset": threshold(step.onset(), few) if known else threshold(at, appears),
    }


def widths(draws: Mixture, frame: Prepared, level: float) -> tuple[Interval, Interval]:
    """10-90 % rise in decades (or axis units) and the exponent of the token loss it implies; of steps only."""
    if frame.sizes < 2:
        return Interval(None, None, None), Interval(None, None, None)
    width = WIDTH * draws.slope_parameter * frame.span_x
    low, value, high = (float(v) for v in np.quantile(width, ((1 - level) / 2, 0.5, (1 + level) / 2)))
    if not frame.log_scale:
        return Interval(value, low, high), Interval(None, None, None)
    return Interval(value, low, high), Interval(*(implied_exponent(decades) for decades in (value, high, low)))


def drop(draws: Mixture, frame: Prepared, gain: float) -> float:
    """Probability that the score at the largest scale is below that at the smallest by the gain."""
    ends = draws.mean(np.array([0.0, 1.0]))
    fall = ends[:, 0] - ends[:, 1]
    return float(np.mean(fall > (gain * (1 - (frame.chance or 0.0)) if frame.proportion else draws.scatter)))


def largest_passes(frame: Prepared, gain: float) -> float | None:
    """Probability that the largest model itself lies above the level of the crossing, whatever others of its size do.

    Jeffreys posterior Beta(k + 1/2, n - k + 1/2) of its own rate; None without chance level or items.
    """
    if frame.chance is None or not frame.n_known or not len(frame.y):
        return None
    level = frame.chance + gain * (1 - frame.chance)
    k, n = frame.y[-1] * frame.n[-1], frame.n[-1]
    return float(1 - betainc(k + 0.5, n - k + 0.5, level))


def is_u_shaped(frame: Prepared, gain: float) -> bool:
    """Whether an inner score lies significantly below one before it and below the largest model's.

    Both differences must exceed the gain with an error of 2.5 %, Bonferroni over the pairs of points. A bump in
    the middle of a fall is no U: the largest model must have recovered.
    """
    if not frame.proportion or len(frame.y) < MIN_SIZES_CURVE:
        return False
    share = (frame.y * frame.n + 1) / (frame.n + 2)
    variance = share * (1 - share) * (1 / frame.n + U_SCATTER**2)
    size = len(share)
    limit = -ndtri(0.025 / (size * (size - 1) / 2))
    needed = gain * (1 - (frame.chance or 0.0)) + limit * np.sqrt(variance[:, None] + variance)
    higher = share[:, None] - share > needed  # [i, j]: i above j
    before = frame.t[:, None] < frame.t
    largest = (frame.t == frame.t.max())[:, None]
    return bool(((higher & before).any(axis=0) & (higher & before.T & largest).any(axis=0)).any())


def judge(found: Mapping[str, Answer], frame: Prepared, drop_: float, u_shaped: bool) -> str:
    """The verdict from the answers to the first two questions, the probability of a fall and the test for a U."""
    if frame.sizes < MIN_SIZES:
        return "open"
    if u_shaped:
        return "u_shaped"
    if drop_ >= PRESENT_CUTOFF:
        return "inverse"
    absent, present = found["absent_when_small"].state, found["present_when_large"].state
    if present == "no":
        return "not_yet"
    if present == "yes" and absent != "open":
        return "appears" if absent == "yes" else "present"
    return "open"


def tested(better: float, worse: float) -> Answer:
    """Whether the largest model is predicted, from the chances of a score at least as good and at most as good."""
    smallest = min(better, worse)
    return Answer("no" if smallest <= PREDICTED_CUTOFF else "yes", smallest, PREDICTED_CUTOFF)
