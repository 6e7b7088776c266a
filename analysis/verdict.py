"""From posterior draws to flags, thresholds and the verdict.

Three flags: *rise* P(p(x_max) > g + 0.1 (1 - g)) >= 0.975; *plateau* P(onset > x_min) >= 0.95; *sharp*
P(width < 2 decades) >= 0.95. Emergent = all three; smooth = a rise without all three; flat = no rise (P <= 0.5);
in between nothing is claimed. Two decades is the widest limit that kept every smooth mirage below 5 % false
claims in simulation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from analysis.assessment import Flag, Interval, Threshold
from analysis.draws import Mixture
from analysis.series import Prepared
from analysis.shapes import WIDTH, implied_exponent

Array = NDArray[np.float64]

RISE_CUTOFF, PLATEAU_CUTOFF, SHARP_CUTOFF = 0.975, 0.95, 0.95
GAIN = 0.1
"""Share of the way from chance to 1 that counts as having left chance."""

LIKELY = 0.5
"""Probability of a rise from which a series that misses the cut-off is called undetermined, not flat."""

SHARP_DECADES = 2.0
SHARP_RANGE = 0.4
"""On a linear axis: share of the observed range below which a rise is sharp (2 of 5 decades)."""

U_SCATTER = 0.06
"""Scatter assumed by the test for a U: the fitted one cannot be used, since a monotone curve turns a U into scatter."""


def sharp_limit(frame: Prepared) -> float:
    """The width below which a rise is sharp, in decades or units of a linear axis."""
    return SHARP_DECADES if frame.log_scale else SHARP_RANGE * frame.span_x


def flags(draws: Mixture, frame: Prepared) -> dict[str, Flag]:
    """Probabilities of rise, plateau and sharp under the draws of a step."""
    ends = draws.mean(np.array([0.0, 1.0]))
    if frame.proportion:
        level = draws.lower if frame.chance is None else frame.chance
        rise = ends[:, 1] > level + GAIN * (1 - level)
    else:
        rise = ends[:, 1] > ends[:, 0] + draws.scatter
    width = WIDTH * draws.slope_parameter * frame.span_x
    return {
        "rise": Flag(float(np.mean(rise)), RISE_CUTOFF),
        "plateau": Flag(float(np.mean(draws.onset() > 0)), PLATEAU_CUTOFF),
        "sharp": Flag(float(np.mean(width < sharp_limit(frame))), SHARP_CUTOFF),
    }


def drop(draws: Mixture, frame: Prepared) -> float:
    """Probability that the score at the largest scale is below that at the smallest by a tenth of 1 - g."""
    ends = draws.mean(np.array([0.0, 1.0]))
    fall = ends[:, 0] - ends[:, 1]
    return float(np.mean(fall > (GAIN * (1 - (frame.chance or 0.0)) if frame.proportion else draws.scatter)))


def thresholds(draws: Mixture, frame: Prepared, level: float) -> dict[str, Threshold]:
    """Midpoint, onset and chance exit with intervals at `level`, in the unit of the scale."""
    tail = (1 - level) / 2

    def threshold(t: Array, at: float = 0.5) -> Threshold:
        low, value, high = np.quantile(t, (tail, at, 1 - tail), method="nearest")
        inside = bool(low >= 0 and high <= 1)
        numbers = [float(frame.to_scale(v)) if np.isfinite(v) and abs(v) < 1e3 else None for v in (value, low, high)]
        return Threshold(numbers[0], numbers[1], numbers[2], inside)

    found = {"midpoint": threshold(draws.midpoint), "onset": threshold(draws.onset())}
    if frame.proportion and not draws.falling:
        # The smallest scale with P(p > g + 0.1 (1 - g)) >= 0.975 is the 97.5 % point of the crossing scale.
        found["chance_exit"] = threshold(draws.crossing(GAIN), max(0.975, 1 - tail))
    else:
        found["chance_exit"] = Threshold(None, None, None, identified=False)
    if draws.falling:  # the scale is mirrored: t -> 1 - t
        mirrored = threshold(1 - draws.midpoint)
        found |= {"midpoint": mirrored, "onset": threshold(1 - draws.onset())}
    return found


def located(draws: Mixture) -> bool:
    """Whether the 95 % interval of the midpoint lies within the observed scales, whatever level is shown."""
    low, high = np.quantile(draws.midpoint, (0.025, 0.975), method="nearest")
    return bool(low >= 0 and high <= 1)


def widths(draws: Mixture, frame: Prepared, level: float) -> tuple[Interval, Interval]:
    """10-90 % rise in decades (or axis units) and the exponent of the token loss it implies."""
    width = WIDTH * draws.slope_parameter * frame.span_x
    low, value, high = (float(v) for v in np.quantile(width, ((1 - level) / 2, 0.5, (1 + level) / 2)))
    if not frame.log_scale:
        return Interval(value, low, high), Interval(None, None, None)
    return Interval(value, low, high), Interval(*(implied_exponent(decades) for decades in (value, high, low)))


def is_u_shaped(frame: Prepared) -> bool:
    """Whether an inner score lies significantly below one before it and below the largest model's.

    Both differences must exceed 0.1 (1 - g) with an error of 2.5 %, Bonferroni over the pairs of points. A bump in
    the middle of a fall is no U: the largest model must have recovered.
    """
    if not frame.proportion or len(frame.y) < 4:
        return False
    share = (frame.y * frame.n + 1) / (frame.n + 2)
    variance = share * (1 - share) * (1 / frame.n + U_SCATTER**2)
    size = len(share)
    limit = -ndtri(0.025 / (size * (size - 1) / 2))
    needed = GAIN * (1 - (frame.chance or 0.0)) + limit * np.sqrt(variance[:, None] + variance)
    higher = share[:, None] - share > needed  # [i, j]: i above j
    before = frame.t[:, None] < frame.t
    largest = (frame.t == frame.t.max())[:, None]
    return bool(((higher & before).any(axis=0) & (higher & before.T & largest).any(axis=0)).any())


def judge(found: dict[str, Flag], located: bool) -> str:
    """The verdict of a rising or flat series from its flags; `located`: the data locate the midpoint."""
    if not found["rise"].passed:
        # A rise that is likelier than not is no absence of one: "flat" would claim too much.
        return "undetermined" if found["rise"] > LIKELY else "flat"
    if found["plateau"].passed and found["sharp"].passed:
        return "emergent"
    contradict = found["plateau"].passed != found["sharp"].passed
    return "undetermined" if contradict and not located else "smooth"
