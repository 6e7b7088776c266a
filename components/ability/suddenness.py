"""Suddenness is a property of the ability: judged on one axis, and quoted on all others.

Training compute judges, or parameters where too few models have a known compute. Whatever else is said of a series
(answers, bracket, thresholds) belongs to the axis that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from components.ability import reproduce
from data.series import AXES
from emergence import Assessment, Series
from emergence.series import MIN_SIZES_CURVE

JUDGES = tuple(axis.key for axis in AXES.values() if axis.sudden_within is not None)
"""The axes that judge, in this order."""

_NOTES = ("three_sizes", "no_model_between", "narrow_range")
"""What the analysis remarks on suddenness: quoted with it."""


Judging = Callable[[Sequence[tuple[str, Series]]], list[Assessment]]


@dataclass(frozen=True)
class Fit:
    """One curve on one axis: what is fitted, and its points."""

    key: str
    series: Series
    points: pd.DataFrame


@dataclass(frozen=True)
class Judge:
    """The axis that judged the suddenness of a curve, and by which fit; on the shown axis itself `fit` is None."""

    axis: str
    fit: Fit | None = None
    assessment: Assessment | None = None


def quote(
    results: Sequence[Assessment], fits: Sequence[Callable[[str], Fit | None]], axis: str, assess: Judging
) -> list[tuple[Assessment, Judge | None]]:
    """`results` on the shown `axis`, each with the suddenness of the axis that judges it; None where none does.

    `fits` give each curve on another axis, or None if it has no point there.
    """
    out: list[tuple[Assessment, Judge | None]] = [(result, None) for result in results]
    waiting = list(range(len(out)))
    for judge in JUDGES:
        if judge == axis:
            done = [i for i in waiting if results[i].answers["sudden"].state != "untested"]
            out = [(result, Judge(axis) if i in done else known) for i, (result, known) in enumerate(out)]
        else:
            asked = {i: fit for i in waiting if (fit := fits[i](judge)) is not None and _enough(fit)}
            found = assess([(fit.key, fit.series) for fit in asked.values()]) if asked else []
            done = []
            for (i, fit), other in zip(asked.items(), found, strict=True):
                if other.answers["sudden"].state != "untested":
                    out[i] = quoted(results[i], other), Judge(judge, fit, other)
                    done.append(i)
        waiting = [i for i in waiting if i not in done]
    return out


def quoted(result: Assessment, judge: Assessment) -> Assessment:
    """`result` with the answer of `judge` to the question of suddenness, and its remarks on it."""
    notes = (
        *(note for note in result.notes if note.code not in _NOTES),
        *(note for note in judge.notes if note.code in _NOTES),
    )
    return replace(reproduce.quoted(result, judge.answers["sudden"]), notes=notes)


def _enough(fit: Fit) -> bool:
    return len(np.unique(np.asarray(fit.series.scale, float))) >= MIN_SIZES_CURVE
