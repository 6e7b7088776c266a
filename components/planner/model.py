"""The planner: the least scale that gives a set of abilities, on the evidence of published curves.

A need is an ability and a target score. On each curve the least scale is where its mean passes the target;
the interval is where the band's upper and lower edge pass it. A family must meet all needs, so its least scale
is the largest of them and the ability behind it *binds*. Nothing is said beyond one decade of the largest
published model, and nothing beyond the data at all on axes that are not logarithmic.

The curves are those of :func:`components.ability.model.ability_view`: the planner and Explore cannot disagree.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pandas as pd

from components.ability.model import AbilityView, Assess, ShownSeries, ability_view, resolve
from components.ability.suddenness import quoted
from components.core.state import UNSTATED, ViewState
from data.catalog import Catalog
from data.memo import kept
from data.series import AXES, series_table
from emergence import Assessment, Series, assess_many
from emergence.answers import GAIN

DECADES = 1.0  # how far a curve is followed beyond the largest model
MIN_SIZES = 4
LISTED_SIZES = 3  # families with so many are listed, and part of the pool
MOST_FAMILIES = 24
GRID = 801
# From best to worst: the worst of its needs is the status of a family.
STATUSES = ("below", "inside", "extrapolated", "beyond", "unreachable", "too_few", "no_data")
ANSWERED = ("below", "inside", "extrapolated")


@dataclass(frozen=True)
class Need:
    """An ability and the score it shall have."""

    text: str
    task: str
    target: float


@dataclass(frozen=True)
class Problem:
    """A need that cannot be planned for, and why: a code and what its sentence needs."""

    code: str  # unknown_task | percent | above_ceiling | negative | below_chance | worst
    need: Need
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reach:
    """Where one curve reaches a target. Numbers are coordinates of the axis; None where nothing can be said.

    `value` is known for the statuses of ``ANSWERED``; `low` None means below the smallest model, `high` None
    means not within a decade of the largest. `smallest` is the smallest published model that scored the target.
    """

    status: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    smallest: str = ""
    smallest_at: float | None = None
    sizes: int = 0
    verdict: str = ""
    sharpness: str | None = None


@dataclass(frozen=True)
class Row:
    """One family (or all of them pooled): the reach of each need, and the least scale that meets all."""

    key: str  # family slug, or 'pool'
    name: str
    reaches: tuple[Reach, ...]
    status: str
    value: float | None
    low: float | None
    high: float | None
    binding: int | None  # index of the need that sets the least scale, or that fails

    @property
    def answered(self) -> bool:
        """Whether a least scale is named."""
        return self.status in ANSWERED


@dataclass(frozen=True)
class Plan:
    """The answer on one axis."""

    axis: str
    needs: tuple[Need, ...]
    titles: tuple[str, ...]
    views: tuple[AbilityView, ...]
    rows: tuple[Row, ...]  # families with an answer first, the least scale first
    pooled: Row | None


# -- needs -------------------------------------------------------------------------------------------------


def read_needs(catalog: Catalog, state: ViewState) -> tuple[tuple[Need, ...], tuple[Problem, ...]]:
    """The needs of a state that can be planned for, and the problems of the others."""
    rows = catalog.scores[["benchmark", "task"]].astype(str).drop_duplicates()
    known = (rows["benchmark"] + "/" + rows["task"]).tolist()
    needs, problems = [], []
    for text in state.need:
        task, _colon, target = text.rpartition(":")
        need = Need(text, task, float(target))
        problem = _problem(catalog, need, known)
        if problem is None:
            needs.append(need)
        else:
            problems.append(problem)
    return tuple(needs), tuple(problems)


def _problem(catalog: Catalog, need: Need, known: Sequence[str]) -> Problem | None:
    if need.task not in known:
        near = difflib.get_close_matches(need.task, known, n=3, cutoff=0.5)
        ending = [task for task in known if task.split("/")[1] == need.task.split("/")[1]]
        return Problem("unknown_task", need, {"near": list(dict.fromkeys([*ending[:3], *near]))[:3]})
    return _bad_target(catalog, need)


def _bad_target(catalog: Catalog, need: Need) -> Problem | None:  # noqa: PLR0911 - one return per kind of mistake
    """What is wrong with a target on the metric that Explore opens the ability with; None if nothing is."""
    choice, _dropped = resolve(catalog, ViewState(task=need.task))
    metric = catalog.metrics.set_index("metric").loc[choice.metric]
    scores = catalog.scores
    mine = (scores["benchmark"] == choice.benchmark) & (scores["task"] == choice.task)
    mine &= scores["metric"] == choice.metric
    rows = scores[mine]
    higher = bool(rows["higher_is_better"].iloc[0])
    if str(metric["kind"]) == "continuous" or (rows["unit"] != "fraction").any():
        return None
    if 1.5 < need.target <= 100:  # nobody asks for 120 %; 60 is 60 %
        return Problem("percent", need, {"share": need.target / 100})
    if need.target > 1:
        return Problem("above_ceiling", need)
    if need.target < 0:
        return Problem("negative", need)
    chance = pd.to_numeric(rows["chance"], errors="coerce").dropna()
    if higher and len(chance) and need.target <= float(chance.median()):
        return Problem("below_chance", need, {"chance": float(chance.median())})
    if need.target == (0.0 if higher else 1.0):
        return Problem("worst", need)
    return None


# -- one curve ---------------------------------------------------------------------------------------------


def reach(series: ShownSeries | None, target: float, axis: str, *, higher_is_better: bool) -> Reach:
    """The least scale at which one curve reaches `target`."""
    if series is None or series.assessment is None or not len(series.points):
        return Reach("no_data")
    at = np.asarray(AXES[axis].coordinate(series.fitted["value"].to_numpy(float)), float)
    score = series.fitted["score"].to_numpy(float)
    good = score >= target if higher_is_better else score <= target
    smallest, smallest_at = "", None
    if good.any():
        first = int(np.where(good, at, np.inf).argmin())
        smallest = str(series.fitted["model_name" if "model_name" in series.fitted else "model_id"].iloc[first])
        smallest_at = float(at[first])
    sizes = len(np.unique(at))
    facts = {"smallest": smallest, "smallest_at": smallest_at, "sizes": sizes,
             "verdict": series.assessment.verdict, "sharpness": series.assessment.sharpness}  # fmt: skip
    if sizes < MIN_SIZES:
        return Reach("too_few", **facts)  # type: ignore[arg-type]
    found = passing(series.assessment, at, target, log=AXES[axis].log, higher_is_better=higher_is_better)
    return Reach(*found, **facts)  # type: ignore[arg-type]


def passing(
    assessment: Assessment, at: np.ndarray, target: float, *, log: bool, higher_is_better: bool
) -> tuple[str, float | None, float | None, float | None]:
    """(status, value, low, high): where the mean and the band of a fitted curve pass `target`.

    `at` are the coordinates of the data. The curve is followed from the smallest model to `DECADES` beyond the
    largest on log axes, to the largest model on others.
    """
    start, end = float(at.min()), float(at.max())
    last = end * 10**DECADES if log else end
    grid = np.geomspace(start, last, GRID) if log else np.linspace(start, last, GRID)
    mean, lower, upper = assessment.curve(grid)
    if not higher_is_better:
        mean, lower, upper, target = -mean, -upper, -lower, -target
    low, value, high = (_first(grid, curve, target, log=log) for curve in (upper, mean, lower))
    if value is None:
        return ("unreachable", None, None, None) if low is None else ("beyond", None, low, None)
    if value <= start:
        return "below", start, None, high
    low = None if low is not None and low <= start else low
    return ("inside" if value <= end else "extrapolated"), value, low, high


def _first(grid: np.ndarray, curve: np.ndarray, target: float, *, log: bool) -> float | None:
    """The first coordinate at which `curve` is at or above `target`, by interpolation between grid points."""
    above = np.flatnonzero(curve >= target)
    if not len(above):
        return None
    place = int(above[0])
    if place == 0:
        return float(grid[0])
    x = np.log(grid[place - 1 : place + 1]) if log else grid[place - 1 : place + 1]
    left, right = curve[place - 1], curve[place]
    between = float(x[0] + (target - left) / (right - left) * (x[1] - x[0]))
    return float(np.exp(between)) if log else between


# -- all needs ---------------------------------------------------------------------------------------------


def combine(key: str, name: str, reaches: Sequence[Reach]) -> Row:
    """The least scale that meets all needs: the largest of them, bounded by the largest lower and upper limits."""
    worst = max(range(len(reaches)), key=lambda place: STATUSES.index(reaches[place].status))
    status = reaches[worst].status
    if status not in ANSWERED:
        lows = [one.low for one in reaches if one.low is not None]
        return Row(key, name, tuple(reaches), status, None, max(lows) if lows else None, None, worst)
    values = [one.value if one.value is not None else -np.inf for one in reaches]
    binding = int(np.argmax(values))
    lows = [one.low for one in reaches if one.low is not None]
    highs = [one.high for one in reaches]
    return Row(
        key,
        name,
        tuple(reaches),
        # What is extrapolated for a need that does not bind says nothing about the least scale of all.
        reaches[binding].status,
        values[binding],
        max(lows) if lows else None,
        None if None in highs else max(high for high in highs if high is not None),
        binding,
    )


def make_plan(catalog: Catalog, state: ViewState, needs: Sequence[Need], assess: Assess) -> Plan:
    """Per family and pooled: the least scale on the axis of `state` that meets every need."""
    (views,) = judged_views(catalog, [state], needs, assess)
    members: dict[str, str] = {}
    for view in views:
        members |= {series.family: series.name for series in view.shown if "@" not in series.option}
    rows = []
    for family, name in members.items():
        reaches = []
        for need, view in zip(needs, views, strict=True):
            mine = next((one for one in view.shown if one.family == family and "@" not in one.option), None)
            reaches.append(reach(mine, need.target, state.x, higher_is_better=view.higher_is_better))
        rows.append(combine(family, name, reaches))
    rows.sort(key=_order)
    return Plan(
        axis=state.x,
        needs=tuple(needs),
        titles=tuple(view.title for view in views),
        views=views,
        rows=tuple(rows),
        pooled=pooled_row(views, needs, state.x) if views else None,
    )


def judged_views(
    catalog: Catalog, states: Sequence[ViewState], needs: Sequence[Need], assess: Assess, *, pool_only: bool = False
) -> list[tuple[AbilityView, ...]]:
    """The views of all needs, once per state, all their curves assessed in one batch.

    The fits share their work, so that one batch of many curves costs much less than many small ones. `pool_only`
    leaves the single families unjudged.
    """
    asked: dict[int, tuple[str, Series]] = {}

    def collect(keyed: Sequence[tuple[str, Series]], gain: float = GAIN) -> list[Assessment]:
        del gain  # belongs to the answers; the curves are the same
        # A pool always comes alone, the families of a view at once.
        if not pool_only or len(keyed) == 1:
            asked.update({id(series): (key, series) for key, series in keyed})
        return [_unjudged(series) for _key, series in keyed]

    views = [tuple(need_view(catalog, need, state, collect) for need in needs) for state in states]
    found = dict(zip(asked, assess(list(asked.values())), strict=True))

    def judged(one: ShownSeries) -> ShownSeries:
        result = found.get(id(one.series))
        judge = found.get(id(one.judge.fit.series)) if one.judge and one.judge.fit else None
        return replace(one, assessment=quoted(result, judge) if result and judge else result)

    return [
        tuple(
            replace(
                view,
                shown=tuple(judged(one) for one in view.shown),
                pooled=None if view.pooled is None else judged(view.pooled),
            )
            for view in mine
        )
        for mine in views
    ]


@cache
def _nothing() -> Assessment:
    (result,) = assess_many([Series([1.0], [0.0])])
    return result


def _unjudged(series: Series) -> Assessment:
    """What stands for a series until it is judged: nothing is known but whether its suddenness can be."""
    can = series.sudden_within is not None and len(np.unique(np.asarray(series.scale, float))) >= MIN_SIZES
    sudden = _nothing().answers["sudden"]._replace(state="open" if can else "untested")
    return replace(_nothing(), answers={**_nothing().answers, "sudden": sudden})


def need_view(catalog: Catalog, need: Need, state: ViewState, assess: Assess) -> AbilityView:
    """Explore's view of the ability in its widest setting: families with enough sizes, pooled as well."""
    base = setting(catalog, need.task).but(x=state.x, pool=True)
    return ability_view(catalog, base.but(family=wanted_families(catalog, need.task, state.family)), assess)


@kept()
def wanted_families(catalog: Catalog, task: str, asked: tuple[str, ...]) -> tuple[str, ...]:
    """The families of an ability that are planned for: those asked for, else those with enough sizes."""
    base = setting(catalog, task)
    choice, _dropped = resolve(catalog, base)
    wanted = tuple(option for option in asked if option in choice.family_options)
    if wanted:
        return wanted
    everyone, _dropped = resolve(catalog, base.but(family=choice.family_options))
    rows = everyone.rows[~everyone.rows["option"].str.contains("@")]
    sizes = rows.groupby("option", sort=True)["models"].max().sort_values(ascending=False, kind="stable")
    return tuple(str(option) for option in sizes[sizes >= LISTED_SIZES].index[:MOST_FAMILIES]) or choice.families


@kept()
def setting(catalog: Catalog, task: str) -> ViewState:
    """The state of Explore in which most families have enough sizes: its metric, and the widest shots and prompting.

    One setting for all families of a need: curves of different shots do not compare, and are never pooled.
    """
    choice, _dropped = resolve(catalog, ViewState(task=task))
    table = series_table(catalog)
    rows = table[(table["ability"] == task) & (table["metric"] == choice.metric) & (table["models"] >= MIN_SIZES)]
    if rows.empty:
        return ViewState(task=task)
    widest = (
        rows.groupby(["n_shot", "prompting"], sort=True)
        .agg(families=("family", "nunique"), models=("models", "sum"))
        .sort_values(["families", "models"], ascending=False, kind="stable")
        .index
    )
    shots, prompting = (str(part) for part in widest[0])
    return ViewState(task=task, metric=(choice.metric,), shots=shots or UNSTATED, prompting=prompting)


def pooled_row(views: Sequence[AbilityView], needs: Sequence[Need], axis: str) -> Row:
    """All shown families judged as one."""
    reaches = []
    for view, need in zip(views, needs, strict=True):
        series = view.pooled or (view.shown[0] if len(view.shown) == 1 else None)
        reaches.append(reach(series, need.target, axis, higher_is_better=view.higher_is_better))
    return combine("pool", "", reaches)


def pooled_elsewhere(
    catalog: Catalog, states: Sequence[ViewState], needs: Sequence[Need], assess: Assess
) -> list[Row | None]:
    """The pooled answer on the axis of each state, without judging the single families; None without any point."""
    found = judged_views(catalog, states, needs, assess, pool_only=True)
    return [
        pooled_row(views, needs, state.x) if any(view.shown for view in views) else None
        for state, views in zip(states, found, strict=True)
    ]


def _order(row: Row) -> tuple[int, int, float, str]:
    value = row.value if row.value is not None else np.inf
    return (0 if row.answered else 1, 0 if row.answered else STATUSES.index(row.status), float(value), row.key)
