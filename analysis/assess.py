"""`assess` and `assess_many`: from series to assessments, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import ArrayLike

from analysis.answers import GAIN
from analysis.assessment import Assessment
from analysis.backtest import predicted
from analysis.draws import DRAWS
from analysis.judge import Options, judge_all
from analysis.notes import Note
from analysis.series import Series, prepare
from analysis.shapes import SHAPES

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
    """Judge one series: K scores (fractions) over K scales.

    Never raises on finite input of matching shape. `more` takes the other fields of `Series` (label, pool,
    proportion, sudden_within) and the options of `assess_many`.
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

    Args:
        series: the series; those with an equal `pool` learn the scatter between models together.
        level: of all credible intervals.
        gain: share of the way from chance to 1 that counts as having left chance.
        pool_scatter: false judges every series on its own.
        scatter_scale: fixes the prior of the scatter to half-normal with this scale, instead of learning it.
        shapes: curve shapes to fit besides the logistic step; None means all that the points can bear.
        draws: from the posterior, behind every probability and interval; a quarter is kept for predictions.
        extrapolate: false leaves the fourth question untested: it costs a second fit, without the largest model.
        same: fields of `Series` to set on all of them.
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
