"""One judged curve as readers are told of it: from an assessment, or from a row of the board; plain values only.

Sentences, cards, tables and strips take their answer from here, so that no two of them can differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from components.ability.model import AbilityView, ShownSeries
from components.core.numbers import bare, decimal, on_axis, percent
from components.core.size_names import size_names
from components.core.vocabulary import listing, score_text, threshold_values
from data.catalog import Catalog
from data.series import AXES, series_places
from emergence import Assessment, Threshold
from emergence.answers import PRESENT_CUTOFF
from emergence.assessment import QUESTIONS
from emergence.summary import PROBABILITIES

Array = NDArray[np.float64]

MOST_NAMED = 3  # models of one place that are named


class End(NamedTuple):
    """A place of the axis where models stand, and what to call it: '13B', 'May 2020', 'perplexity 8.1'."""

    value: float
    name: str


@dataclass(frozen=True)
class Finding:
    """What is known of one curve.

    Attributes:
        states: the answers to the four questions, and the probabilities behind the first three.
        bracket: the last models without the ability and the first with it; None without both.
        smallest, largest: the ends of the series, `turn` the worst place between them.
        asked: which threshold the reader chose.
        rule, threshold: which threshold is told, and its estimate with the worse and the better end of its interval,
            in axis values; None where none is located.
        between: whether a model stands inside the bracket.
        passes: whether the largest model itself is surely above chance.
        score: that of the largest model, in its unit.
        deviation: '' unless the largest model is better or worse than predicted.
        prediction: the score of the largest model and the band that the smaller ones predict; None if not tested.
        sudden_axis: the axis that judged the suddenness; '' if none could.
    """

    axis: str
    verdict: str
    sharpness: str | None
    states: Mapping[str, str]
    probabilities: Mapping[str, float | None]
    sizes: int
    bracket: tuple[End, End] | None
    smallest: End
    largest: End
    turn: End
    asked: str
    rule: str
    threshold: tuple[float, float, float] | None
    level: float
    between: bool
    passes: bool
    score: str
    higher_is_better: bool
    deviation: str
    prediction: tuple[str, str, str] | None
    sudden_axis: str

    @property
    def emergent(self) -> bool:
        """Emergent in the strict sense: it appears, suddenly, and better than the smaller models predicted."""
        return self.sharpness == "sudden" and self.deviation == "better"


def shown_threshold(result: Assessment, rule: str) -> tuple[str, Threshold] | None:
    """The threshold that sentence and strip show: that of `rule` if the data locate it, else that of the answers."""
    for name in (rule, result.rule):
        threshold = result.thresholds.get(name)
        if threshold is not None and threshold.identified:
            return name, threshold
    return None


def finding(series: ShownSeries, view: AbilityView, rule: str) -> Finding | None:
    """What is known of a curve on screen; None where nothing was judged."""
    result = series.assessment
    if result is None:
        return None
    told = shown_threshold(result, rule)
    ends = AXES[view.axis].value(np.array([result.bracket.absent, result.bracket.present], float))
    points, beside = series.fitted, result.extrapolation
    return Finding(
        axis=view.axis,
        verdict=result.verdict,
        sharpness=result.sharpness,
        states={name: answer.state for name, answer in result.answers.items()},
        probabilities={name: result.answers[name].probability for name in PROBABILITIES},
        sizes=result.n_sizes,
        **_places(
            points["value"].to_numpy(float),
            points["score"].to_numpy(float),
            list(points["size_name"]),
            view.axis,
            (float(ends[0]), float(ends[1])),
            higher_is_better=view.higher_is_better,
        ),
        asked=rule,
        rule=told[0] if told else result.rule,
        threshold=threshold_values(told[1], view.axis) if told else None,
        level=result.level,
        passes=result.largest_passes is not None and result.largest_passes >= PRESENT_CUTOFF,
        score=score_text(float(points["score"].iloc[-1]), view),
        higher_is_better=view.higher_is_better,
        deviation=result.deviation or "",
        prediction=_prediction(
            None if beside is None else (beside.score, beside.low, beside.high), lambda score: score_text(score, view)
        ),
        sudden_axis=series.judge.axis if series.judge else "",
    )


def finding_of_row(catalog: Catalog, row: Any, rule: str = "crossing") -> Finding:
    """What a row of the board says (as an object with its columns as attributes), its models by name."""
    at, score, models = series_places(catalog, row, row.axis, row.measure or None)
    located = [name for name in (rule, row.rule) if getattr(row, f"{name}_located")]
    told = located[0] if located else None
    probabilities = {name: getattr(row, column) for name, column in PROBABILITIES.items()}

    def said(score: float) -> str:
        return percent(score, 1) if row.unit == "fraction" else decimal(score, 3)

    tested = row.answer_predicted != "untested"
    return Finding(
        axis=row.axis,
        verdict=row.verdict,
        sharpness=row.sharpness or None,
        states={name: getattr(row, f"answer_{name}") for name in QUESTIONS},
        probabilities={name: None if pd.isna(value) else float(value) for name, value in probabilities.items()},
        sizes=int(row.sizes),
        **_places(
            at,
            score,
            size_names(catalog, models),
            row.axis,
            (float(row.last_absent), float(row.first_present)),
            higher_is_better=bool(row.higher_is_better),
        ),
        asked=rule,
        rule=told or row.rule,
        threshold=(getattr(row, told), getattr(row, f"{told}_low"), getattr(row, f"{told}_high")) if told else None,
        level=0.95,
        passes=bool(row.largest_passes >= PRESENT_CUTOFF),
        score=said(row.last_score),
        higher_is_better=bool(row.higher_is_better),
        deviation=row.deviation if isinstance(row.deviation, str) else "",
        prediction=_prediction((row.held_score, row.expected_low, row.expected_high) if tested else None, said),
        sudden_axis=row.sudden_axis,
    )


def _prediction(values: tuple[float, float, float] | None, said: Callable[[float], str]) -> tuple[str, str, str] | None:
    """Score, low and high in words, the band in order of the numbers."""
    if values is None:
        return None
    score, *band = values
    return said(score), said(min(band)), said(max(band))


def _places(
    at: Array, score: Array, names: Sequence[str], axis: str, ends: tuple[float, float], *, higher_is_better: bool
) -> dict[str, Any]:
    """The named places of a series in order of the axis; `ends` are those of its bracket, all in axis values."""
    worst = int(np.argmin(score if higher_is_better else -score))
    absent, present = ends
    found = np.isfinite(absent) and np.isfinite(present)
    inside = (at - absent) * (at - present) < 0  # whichever end is the larger number
    apart = ~(_same(at, absent) | _same(at, present))

    def end(value: float) -> End:
        return _end(value, [name for name, here in zip(names, _same(at, value), strict=True) if here], axis)

    return {
        "bracket": (end(absent), end(present)) if found else None,
        "smallest": end(float(at[0])),
        "largest": end(float(at[-1])),
        "turn": end(float(at[worst])),
        "between": bool(found and (inside & apart).any()),
    }


def _same(at: Array, value: float) -> NDArray[np.bool_]:
    """Where a place is meant, though perplexities went through a logarithm and back."""
    return np.asarray(np.abs(at - value) <= 1e-9 * np.abs(value))


def _end(value: float, names: Sequence[str], axis: str) -> End:
    """The place `value`, by the models that stand there; by its number where the axis itself is how models are told."""
    if axis in ("params", "date", "perplexity"):
        return End(value, bare(value, axis))
    if axis == "tokens":
        return End(value, on_axis(value, axis))
    return End(value, listing(list(dict.fromkeys(names))[:MOST_NAMED]))
