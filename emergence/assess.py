"""`assess` and `assess_many`: from series to assessments, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import ArrayLike

from emergence.answers import GAIN
from emergence.assessment import Assessment
from emergence.backtest import predicted
from emergence.draws import DRAWS
from emergence.judge import Options, judge_all
from emergence.notes import Note
from emergence.series import Series, prepare
from emergence.shapes import SHAPES

ALTERNATIVE_N = 1000.0


def assess(
    scale: ArrayLike,
    score: ArrayLike,
    *,
    chance: ArrayLike | None = None,
    n_examples: ArrayLike | None = None,
    stderr: ArrayLike | None = None,
    ceiling: float | None = None,
    higher_is_better: bool = True,
    log_scale: bool = True,
    level: float = 0.95,
    gain: float = GAIN,
    group: Sequence[Any] | None = None,
    **more: Any,
) -> Assessment:
    """Judge one series: does the ability appear, between which scales, suddenly, and as the smaller models predict?

    Never raises on finite input of matching shape; the order of the rows and the unit of the scale do not matter.
    Points that are not finite (or not positive on a log axis) are left out, and a note says so.

    Parameters
    ----------
    scale : array_like, (K,)
        The scales of K models: training FLOPs, parameters or tokens, positive unless `log_scale` is false.
        A list, an array and a pandas Series serve alike, here and below.
    score : array_like, (K,)
        Their scores: fractions in 0..1 for accuracy-like metrics, any other unit for the rest.
    chance : float or array_like, (K,), optional
        Score of guessing, in the unit of the score; None if there is no such level.
    n_examples : float or array_like, (K,), optional
        Test items behind each score; None or NaN if unknown: 100 are assumed, and 1,000 beside them.
    stderr : float or array_like, (K,), optional
        Published standard errors, in the unit of the score; they count where `n_examples` is unknown.
    ceiling : float, optional
        Upper asymptote of the curve, in the unit of the score; None estimates it.
    higher_is_better : bool
        False for losses and error rates.
    log_scale : bool
        Whether the axis is judged in decades; false takes the numbers as they are, as for dates.
    level : float
        Probability of all credible intervals and bands, between 0 and 1.
    gain : float
        Share of the way from chance to 1 that counts as having left chance, between 0 and 1.
    group : sequence, (K,), optional
        Family of each point, if the series pools several.
    **more
        The other fields of `Series` (label, pool, proportion, sudden_within) and the options of `assess_many`.

    Returns
    -------
    Assessment
        Verdict, the four answers with their probabilities, bracket, thresholds and curves.

    Raises
    ------
    ValueError
        If the arrays differ in shape, `level` or `gain` lies outside 0..1, or an option is none.

    References
    ----------
    Wei et al. 2022 (arXiv 2206.07682): what emergent means.
    Schuett, Harmeling, Macke and Wichmann 2016, Vision Research 122, 105-123: beta-binomial curves with a guess rate.
    """
    names = ("pool_scatter", "scatter_scale", "shapes", "draws", "extrapolate")
    options = {key: more.pop(key) for key in names if key in more}
    series = Series(
        scale,
        score,
        chance=chance,
        n_examples=n_examples,
        stderr=stderr,
        ceiling=ceiling,
        higher_is_better=higher_is_better,
        log_scale=log_scale,
        group=group,
        **more,
    )
    return assess_many([series], level=level, gain=gain, **options)[0]


def assess_many(
    series: Sequence[Series],
    *,
    level: float = 0.95,
    gain: float = GAIN,
    pool_scatter: bool = True,
    scatter_scale: float | None = None,
    shapes: Sequence[str] | None = None,
    draws: int = DRAWS,
    extrapolate: bool = True,
    **same: Any,
) -> list[Assessment]:
    """Judge many series at once; the result of each does not depend on the others unless they share a pool.

    Parameters
    ----------
    series : sequence of Series
        The series; those with an equal `pool` learn the scatter between models together.
    level : float
        Probability of all credible intervals and bands, between 0 and 1.
    gain : float
        Share of the way from chance to 1 that counts as having left chance, between 0 and 1.
    pool_scatter : bool
        False judges every series on its own.
    scatter_scale : float, optional
        Fixes the prior of the scatter to half-normal with this scale, instead of learning it.
    shapes : sequence of str, optional
        Curve shapes out of `SHAPES` to fit besides the logistic step; None means all that the points can bear.
    draws : int
        Draws from the posterior, behind every probability and interval; a quarter is kept for predictions.
    extrapolate : bool
        False leaves the fourth question untested: it costs a second fit, without the largest model.
    **same
        Fields of `Series` to set on all of them.

    Returns
    -------
    list of Assessment
        One for each series, in their order.

    Raises
    ------
    ValueError
        If `level` or `gain` lies outside 0..1, `scatter_scale` is not positive, or a shape is unknown.
    """
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    if not 0 < gain < 1:
        raise ValueError("gain must lie between 0 and 1")
    if scatter_scale is not None and not scatter_scale > 0:
        raise ValueError("scatter_scale must be positive")
    if strange := set(shapes or ()) - set(SHAPES):
        raise ValueError(f"no curve shapes {sorted(strange)}; there are {', '.join(SHAPES)}")
    series = [replace(one, **same) for one in series] if same else list(series)
    frames = [prepare(one) for one in series]
    unknown = [i for i, frame in enumerate(frames) if frame.proportion and not frame.n_known and len(frame.t)]
    richer = [prepare(series[i], ALTERNATIVE_N) for i in unknown]
    labels = [one.label for one in series]
    options = Options(level, gain, pool_scatter, scatter_scale, shapes, draws)
    judged = judge_all(frames, labels, options)
    for i, other in zip(unknown, judge_all(richer, [labels[i] for i in unknown], options), strict=True):
        values = {"verdict_100": judged[i].verdict, "verdict_1000": other.verdict}
        judged[i] = replace(judged[i], alternative=other, notes=(*judged[i].notes, Note("n_unknown", values)))
    return predicted(series, judged, options) if extrapolate else judged
