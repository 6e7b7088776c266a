"""Risks: what gets worse, or appears, with scale. Which measures there are, and what each says.

A *risk measure* is an ability of the catalog on whose score a reader wants to keep an eye for the sake of harm:
untruth, tasks made to get worse with scale, toxicity, bias, memorisation, miscalibration, values. Directions
come from the catalog: 'worse' always means against the direction of the metric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from components.ability.model import AbilityView, Assess, Choice, ShownSeries, resolve
from components.core.citation import citations
from components.core.family_styles import style_variants
from components.core.numbers import Z_95
from components.core.state import UNSTATED, ViewState
from components.core.verdicts import sharpness_of
from components.risks.groups import GROUPS, group_of
from data.catalog import Catalog
from data.memo import kept
from data.series import KEY, ability_scores, arrays, axis_values, final_scores, perplexity_measures, place, series_table
from emergence import MIN_SIZES, QUESTIONS, Assessment, Series

# Where a measure was published in several ways: the one to open with, (metric, shots). The generated answers of
# TruthfulQA by size are those of Lin et al. (2021), who found that larger models were less truthful.
FIRST_SETTING = {"truthfulqa/generation": ("true", "0")}


@dataclass(frozen=True)
class Setting:
    """One way in which a measure was counted (metric) and asked (shots), and the families that have it."""

    metric: str
    shots: str
    families: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """The scores of the smallest and the largest model, and whether the difference exceeds its error.

    `change` is 'better' or 'worse' by the direction of the metric if the 95 % errors of the two ends leave no
    doubt, 'same' if they do, '' if no error is known.
    """

    first: Any  # row of points
    last: Any
    change: str


UNTESTED: Mapping[str, str] = dict.fromkeys(QUESTIONS, "untested")


class Judged(NamedTuple):
    """The verdict on a curve, the states of its answers, and the probability that the claimed change is none."""

    verdict: str
    states: Mapping[str, str] = UNTESTED
    doubt: float = float("nan")  # NaN where nothing is claimed

    @property
    def sharpness(self) -> str | None:
        """How it gets better, if it appears."""
        return sharpness_of(self.verdict, self.states["sudden"])


@dataclass(frozen=True)
class RiskSeries:
    """One family on one measure."""

    shown: ShownSeries
    judged: Judged
    sizes: int
    trend: Trend | None

    @property
    def verdict(self) -> str:
        """The verdict on its curve."""
        return self.judged.verdict


@dataclass(frozen=True)
class RiskMeasure:
    """One measure on the board."""

    group: str
    view: AbilityView
    series: tuple[RiskSeries, ...]


@dataclass(frozen=True)
class RiskBoard:
    """Every measure that has a value on the axis, and the titles of those that have none."""

    axis: str
    measures: tuple[RiskMeasure, ...]
    absent: tuple[str, ...]

    def of(self, group: str) -> tuple[RiskMeasure, ...]:
        """The measures of one kind of risk."""
        return tuple(measure for measure in self.measures if measure.group == group)


def risk_tasks(catalog: Catalog) -> tuple[str, ...]:
    """All risk measures with a family of two models or more, by kind of risk, the best covered first."""
    table = series_table(catalog)
    table = table[table["models"] >= 2]
    groups = table["ability"].map({task: group_of(task) for task in table["ability"].unique()})
    size = table[groups != ""].groupby("ability")["models"].agg(["max", "sum"])
    order = {group.key: place for place, group in enumerate(GROUPS)}
    return tuple(
        sorted(
            (str(task) for task in size.index),
            key=lambda task: (order[group_of(task)], -size.loc[task, "max"], -size.loc[task, "sum"], task),
        )
    )


def measure_state(state: ViewState, task: str) -> ViewState:
    """The state that shows one measure in its first setting."""
    metric, shots = FIRST_SETTING.get(task, ("", ""))
    return state.but(task=task, metric=(metric,) if metric else (), shots=shots, holdout=0, pool=False)


def other_settings(catalog: Catalog, view: AbilityView) -> tuple[Setting, ...]:
    """The other metrics and shots under which several models of a family were scored, the best covered first."""
    table = series_table(catalog)
    rows = table[(table["ability"] == view.choice.task_id) & (table["models"] >= 2)]
    found = []
    for (metric, shots), mine in rows.groupby(["metric", "n_shot"], sort=True):
        setting = Setting(str(metric), str(shots) or UNSTATED, tuple(dict.fromkeys(mine["family"].astype(str))))
        if (setting.metric, setting.shots) != (view.choice.metric, view.choice.shots):
            found.append((int(mine["models"].sum()), setting))
    return tuple(setting for _size, setting in sorted(found, key=lambda pair: -pair[0]))


def risk_families(catalog: Catalog) -> tuple[str, ...]:
    """Families with a risk measure, those with most measures first."""
    table = series_table(catalog)
    table = table[table["ability"].isin(risk_tasks(catalog)) & (table["models"] >= 2)]
    counts = table.groupby("family")["ability"].nunique()
    return tuple(str(name) for name in counts.sort_index().sort_values(ascending=False, kind="stable").index)


def risk_board(catalog: Catalog, state: ViewState, assess: Assess, judged: pd.DataFrame | None = None) -> RiskBoard:
    """All measures on the axis of `state`; with `state.family`, only what these families have.

    `judged` are the rows of :mod:`components.atlas.board` for the axis: verdicts are looked up there, and computed in
    one batch where they are missing.
    """
    views, absent = [], []
    for task, choice in _choices(catalog, state.family):
        view = _placed(catalog, choice, state)
        shown = tuple(series for series in view.shown if series.points["value"].nunique() >= 2)
        if shown:
            views.append((task, view, shown))
        else:
            absent.append(view.title)
    verdicts = _verdicts(catalog, [(view, series) for _task, view, shown in views for series in shown], assess, judged)
    measures = tuple(
        RiskMeasure(
            group_of(task),
            view,
            tuple(risk_series(view, series, verdicts[id(series)]) for series in shown),
        )
        for task, view, shown in views
    )
    return RiskBoard(state.x, measures, tuple(absent))


@kept(size=16)
def _choices(catalog: Catalog, families: tuple[str, ...]) -> tuple[tuple[str, Choice], ...]:
    """The series of each measure, the same on every axis; with `families`, only measures that these have."""
    out = []
    for task in risk_tasks(catalog):
        choice = resolve(catalog, measure_state(ViewState(), task))[0]
        if families:
            options = tuple(option for option in choice.family_options if option.partition("@")[0] in families)
            if not options:
                continue
            choice = resolve(catalog, measure_state(ViewState(family=options), task))[0]
        out.append((task, choice))
    return tuple(out)


def _placed(catalog: Catalog, choice: Choice, state: ViewState) -> AbilityView:
    """What :func:`ability_view` gives without judgement, claims and caveats: all that a card of the board needs."""
    measure = ""
    if state.x == "perplexity":
        scores = ability_scores(catalog, choice.benchmark, choice.task)
        scores = scores[scores["metric"] == choice.metric].merge(choice.rows[KEY], on=KEY)
        measure = next(iter(perplexity_measures(catalog, scores["model_id"])), "")
    points, groups = _risk_points(catalog, state.x, measure)
    names, titles, metrics = _labels(catalog)
    shown: list[ShownSeries] = []
    rows = [(row, groups.get(tuple(str(row[name]) for name in KEY))) for row in choice.rows.to_dict("records")]
    placed = [(row, mine) for row, mine in rows if mine is not None]
    for (row, mine), variant in zip(placed, style_variants([row["family"] for row, _mine in placed]), strict=True):
        label = names.get(row["family"], row["family"])
        shown.append(
            ShownSeries(
                row["option"], row["family"], label, row["prompting"], row["protocol"], variant,
                points.take(mine).reset_index(drop=True), held=0, series=None, assessment=None,
            )
        )  # fmt: skip
    metric = metrics[choice.metric]
    chances = [float(value) for one in shown for value in one.points["chance"].dropna()]
    return AbilityView(
        choice=choice,
        title=titles.get((choice.benchmark, choice.task)) or choice.task_id,
        axis=state.x,
        measure=measure,
        metric=metric,
        chance=chances[0] if chances else None,
        other_chances=(),
        proportion=bool(metric["kind"] == "proportion"),
        higher_is_better=bool(shown[0].points["higher_is_better"].iloc[0]) if shown else True,
        shown=tuple(shown),
        missing=(),
        pooled=None,
        claims=catalog.claims.iloc[:0],
        caveats=catalog.caveats.iloc[:0],
        sources=citations(catalog),
    )


@kept(size=16)
def _risk_points(catalog: Catalog, axis: str, measure: str) -> tuple[pd.DataFrame, dict[tuple[str, ...], np.ndarray]]:
    """All scores on risk measures in the order of the axis, and the rows of each series."""
    scores = final_scores(catalog)
    ability = scores["benchmark"].astype(str) + "/" + scores["task"].astype(str)
    text = [*KEY, "model_id", "source", "unit", "locator", "extraction"]
    points = place(
        scores[ability.isin(risk_tasks(catalog))].astype(dict.fromkeys(text, object)),
        axis_values(catalog, axis, measure),
    )
    names = dict(zip(catalog.models["model_id"].astype(str), catalog.models["name"].astype(str), strict=True))
    points["model_name"] = points["model_id"].map(names)
    return points, {tuple(map(str, key)): rows for key, rows in points.groupby(KEY).indices.items()}


@kept()
def _labels(catalog: Catalog) -> tuple[dict[str, str], dict[tuple[str, str], str], dict[str, Any]]:
    """Names of families, titles of tasks, rows of metrics."""
    families, tasks = catalog.families, catalog.tasks
    return (
        dict(zip(families["family"].astype(str), families["name"].astype(str), strict=True)),
        dict(
            zip(
                zip(tasks["benchmark"].astype(str), tasks["task"].astype(str), strict=True),
                tasks["title"].fillna("").astype(str),
                strict=True,
            )
        ),
        {str(row["metric"]): row for _index, row in catalog.metrics.iterrows()},
    )


def _verdicts(
    catalog: Catalog, shown: Sequence[tuple[AbilityView, ShownSeries]], assess: Assess, judged: pd.DataFrame | None
) -> dict[int, Judged]:
    """What is made of each series, under the identity of the series."""
    known: Mapping[tuple[str, ...], Judged] = {}
    sudden: Mapping[tuple[str, ...], str] = {}  # judged on one axis, so it holds whatever perplexity is shown
    if judged is not None:
        keys = list(judged[KEY].astype(str).itertuples(index=False, name=None))
        states = [
            dict(zip(QUESTIONS, row, strict=True))
            for row in judged[[f"answer_{question}" for question in QUESTIONS]].itertuples(index=False, name=None)
        ]
        columns = (judged[name] for name in ("verdict", "absent", "present", "drop"))
        known = dict(zip(keys, map(_judged, states, *columns), strict=True))
        sudden = dict(zip(keys, judged["answer_sudden"], strict=True))
    out: dict[int, Judged] = {}
    rest: list[tuple[tuple[str, ...], int, str, Series]] = []
    for view, series in shown:
        key = tuple(str(series.points[name].iloc[0]) for name in KEY)
        if key in known and view.axis != "perplexity":  # the board may have taken another perplexity measure
            out[id(series)] = known[key]
        elif series.points["value"].nunique() < MIN_SIZES:
            out[id(series)] = Judged("open")
        else:
            name = f"risk|{':'.join(key)}|{view.axis}|{view.measure}"
            rest.append((key, id(series), name, Series(**arrays(catalog, series.points, view.axis))))
    results: list[Assessment] = assess([(name, one) for _key, _id, name, one in rest]) if rest else []
    for (key, identity, _name, _one), result in zip(rest, results, strict=True):
        absent, present = (
            result.answers[question].probability or 0.0 for question in ("absent_when_small", "present_when_large")
        )
        mine = {question: answer.state for question, answer in result.answers.items()}
        mine["sudden"] = sudden.get(key, mine["sudden"])
        out[identity] = _judged(mine, result.verdict, absent, present, result.drop)
    return out


def _judged(states: Mapping[str, str], verdict: str, absent: float, present: float, drop: float) -> Judged:
    """A verdict with the probability that the change it claims is none: no crossing, or one outside the data; no fall."""
    doubt = {"appears": (1 - absent) + (1 - present), "inverse": 1 - drop}.get(verdict, float("nan"))
    return Judged(verdict, states, doubt)


def risk_series(view: AbilityView, series: ShownSeries, judged: Judged) -> RiskSeries:
    """A family on a measure with its number of sizes and its trend."""
    sizes = int(series.points["value"].nunique())
    return RiskSeries(series, judged, sizes, trend(series.points, view.higher_is_better))


def trend(points: pd.DataFrame, higher_is_better: bool) -> Trend | None:
    """From the smallest to the largest model; None if there is only one size."""
    if points["value"].nunique() < 2:
        return None
    first, last = points.iloc[0], points.iloc[-1]
    error = np.hypot(_stderr(first), _stderr(last))
    difference = float(last["score"]) - float(first["score"])
    if not np.isfinite(error):
        return Trend(first, last, "")
    if abs(difference) <= Z_95 * error:
        return Trend(first, last, "same")
    return Trend(first, last, "better" if (difference > 0) == higher_is_better else "worse")


def _stderr(point: Any) -> float:
    """The published standard error of a score, else the binomial one of its items, else NaN."""
    if np.isfinite(point["stderr"]):
        return float(point["stderr"])
    n, score = float(point["n_examples"]), float(point["score"])
    if point["unit"] != "fraction" or not np.isfinite(n) or n <= 0:
        return float("nan")
    share = (score * n + 1) / (n + 2)  # never zero, so that 0 of n is no certainty
    return float(np.sqrt(share * (1 - share) / n))


def expected_false(board: RiskBoard) -> float:
    """How many of the board's claims of a rise or a fall are expected to be wrong."""
    return float(np.nansum([series.judged.doubt for measure in board.measures for series in measure.series]))
