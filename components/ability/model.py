"""One ability: which published series a reader means, where they lie on the axis, and what we make of them.

From the catalog and a :class:`~components.core.state.ViewState` to plain values that figures, sentences, tables and
exports share. No Streamlit: a notebook gets the same view as the page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
import pandas as pd

from components.ability.published import caveats_on, claims_on
from components.ability.suddenness import Fit, Judge, Judging, quote
from components.core.citation import citations
from components.core.family_styles import style_variants
from components.core.size_names import size_names
from components.core.state import UNSTATED, Dropped, ViewState
from data.catalog import Catalog
from data.memo import kept
from data.series import KEY, ability_scores, arrays, axis_values, perplexity_measures, place, series_table
from emergence import Assessment, Series
from emergence.answers import GAIN

MOST_FAMILIES = 6
SAME_CHANCE = 0.006  # chance levels this close are one level, rounded or counted differently
DEFAULT_TASK = "big_bench/modified_arithmetic"


class Assess(Protocol):
    """:func:`emergence.assess_many`, or a cached twin of it that knows each series by a fingerprint."""

    def __call__(self, keyed: Sequence[tuple[str, Series]], gain: float = GAIN) -> list[Assessment]:
        """Assess `keyed` series."""


@dataclass(frozen=True)
class Choice:
    """The resolved selection: what is shown, and what else could be."""

    benchmark: str
    task: str
    metric: str
    shots: str
    promptings: tuple[str, ...]
    families: tuple[str, ...]  # option ids: 'gpt-3', or 'gpt-3@protocol' for a second protocol
    metrics: tuple[str, ...]
    shot_options: tuple[str, ...]
    prompting_options: tuple[str, ...]
    protocol_options: tuple[str, ...]
    protocol: str  # whose series the families stand for; '' if each family has its own main protocol
    family_options: tuple[str, ...]
    rows: pd.DataFrame  # the rows of series_table that are shown, with a column `option`
    panel: str = ""

    @property
    def task_id(self) -> str:
        """'benchmark/task'."""
        return f"{self.benchmark}/{self.task}"


@dataclass(frozen=True)
class ShownSeries:
    """One curve: its points on the axis, the assessment, and the models that were held out."""

    option: str
    family: str
    name: str
    prompting: str
    protocol: str
    variant: int
    points: pd.DataFrame  # in axis order, all of them
    held: int  # how many of the largest are held out of the fit
    series: Series | None  # what was fitted; None where nothing could be
    assessment: Assessment | None
    unplaced: tuple[str, ...] = ()  # models without a value on this axis
    judge: Judge | None = None  # which axis judged the suddenness; None where none could

    @property
    def fitted(self) -> pd.DataFrame:
        """The points that the fit saw."""
        return self.points.iloc[: len(self.points) - self.held]

    @property
    def heldout(self) -> pd.DataFrame:
        """The largest models, which the fit did not see."""
        return self.points.iloc[len(self.points) - self.held :]


@dataclass(frozen=True)
class AbilityView:
    """Everything that the Explore page says and draws about one ability."""

    choice: Choice
    title: str
    axis: str
    measure: str  # perplexity measure in use, '' on other axes
    metric: Any  # its row of catalog.metrics
    chance: float | None  # as most of the points state it
    other_chances: tuple[float, ...]  # what the other points state, where that is not the same in other digits
    proportion: bool
    higher_is_better: bool
    shown: tuple[ShownSeries, ...]
    missing: tuple[str, ...]  # family names that have no point on this axis
    pooled: ShownSeries | None
    claims: pd.DataFrame
    caveats: pd.DataFrame
    sources: Mapping[str, str]  # source key: citation in words, for the sources on screen
    dropped: tuple[Dropped, ...] = field(default=())


# -- selection ---------------------------------------------------------------------------------------------


@kept()
def task_ids(catalog: Catalog) -> tuple[str, ...]:
    """All abilities with at least one series of three models, the featured first, then by number of series."""
    table = series_table(catalog)
    counts = table.loc[table["models"] >= 3, "ability"].value_counts()
    featured = featured_tasks(catalog)
    rest = [task for task in sorted(counts.index, key=lambda task: (-counts[task], task)) if task not in featured]
    return (*featured, *rest)


@kept()
def featured_tasks(catalog: Catalog) -> tuple[str, ...]:
    """Abilities of the twelve panels of Wei et al. (2022), Figs 2 and 3, in their order."""
    rows = catalog.featured
    return tuple(dict.fromkeys(rows["benchmark"].astype(str) + "/" + rows["task"].astype(str)))


def unused_task(catalog: Catalog, task: str) -> Dropped:
    """An ability that a page has no use for: not in the dataset at all, or without what the page shows."""
    known = (series_table(catalog)["ability"] == task).any()
    return Dropped("task", task, "not_on_page" if known else "not_in_catalog")


def resolve(catalog: Catalog, state: ViewState) -> tuple[Choice, tuple[Dropped, ...]]:
    """Turn what the URL asks for into what the catalog has; name what it does not have."""
    dropped: list[Dropped] = []

    def pick(name: str, wanted: str, options: Collection[str], default: str) -> str:
        if wanted and wanted not in options:
            dropped.append(Dropped(name, wanted, "not_in_catalog"))
        return wanted if wanted in options else default

    table = series_table(catalog)
    abilities = set(table["ability"])
    task_id = pick("task", state.task, abilities, DEFAULT_TASK if DEFAULT_TASK in abilities else min(abilities))
    rows = table[table["ability"] == task_id]
    features = catalog.featured
    feature = features[(features["benchmark"] + "/" + features["task"]) == task_id].head(1)
    star: Any = feature.iloc[0] if len(feature) else None

    metrics = _by_weight(rows, "metric")
    metric = pick("metric", next(iter(state.metric), ""), metrics, star["metric"] if star is not None else metrics[0])
    dropped += [Dropped("metric", name, "too_many") for name in state.metric[1:]]
    rows = rows[rows["metric"] == metric]
    shots = _by_weight(rows, "n_shot")
    shot_names = [shot or UNSTATED for shot in shots]
    on_feature = star is not None and metric == star["metric"]
    shot_default = (star["n_shot"] or UNSTATED) if on_feature else shot_names[0]
    shot = pick("shots", state.shots, shot_names, shot_default)
    rows = rows[rows["n_shot"] == ("" if shot == UNSTATED else shot)]
    on_feature = on_feature and shot == shot_default

    promptings = _by_weight(rows, "prompting")
    usual = tuple(star["prompting"].split(";")) if on_feature else (promptings[0],)
    if state.prompting == "all":
        chosen: tuple[str, ...] = tuple(promptings)
    else:
        one = pick("prompting", state.prompting, promptings, "")
        chosen = (one,) if one else tuple(p for p in usual if p in promptings) or (promptings[0],)
    rows = rows[rows["prompting"].isin(chosen)]

    protocols = _by_weight(rows, "protocol")
    protocol = pick("protocol", next(iter(state.protocol), ""), protocols, "")
    dropped += [Dropped("protocol", name, "too_many") for name in state.protocol[1:]]
    on_feature = on_feature and protocol in ("", star["protocol"])
    rows = _with_options(rows, protocol or (star["protocol"] if on_feature else ""))
    options = list(dict.fromkeys(rows["option"]))
    called = {f"{one}@{whose}": option for one, whose, option in
              zip(rows["family"], rows["protocol"], rows["option"], strict=True)}  # fmt: skip
    wanted = [called.get(option, option) for option in state.family]
    dropped += [Dropped("family", option, "not_in_catalog") for option in wanted if option not in options]
    families = tuple(dict.fromkeys(option for option in wanted if option in options))
    if not families:
        mine = rows[rows["protocol"] == protocol] if protocol else rows
        families = _default_families(mine, star if on_feature else None)
    benchmark, _slash, task = task_id.partition("/")
    choice = Choice(
        benchmark=benchmark,
        task=task,
        metric=metric,
        shots=shot,
        promptings=chosen,
        families=families,
        metrics=tuple(metrics),
        shot_options=tuple(shot_names),
        prompting_options=tuple(promptings),
        protocol_options=tuple(protocols),
        protocol=protocol,
        family_options=tuple(options),
        rows=_in_order(rows, families),
        panel=str(star["panel"]) if on_feature else "",
    )
    return choice, tuple(dropped)


def _in_order(rows: pd.DataFrame, families: Sequence[str]) -> pd.DataFrame:
    """The rows of the chosen families, in the order of the choice."""
    rank = {option: place for place, option in enumerate(families)}
    return rows[rows["option"].isin(families)].sort_values("option", key=lambda column: column.map(rank), kind="stable")


def _by_weight(rows: pd.DataFrame, column: str) -> list[str]:
    """The values of a column, those first that offer most series of three models and more."""
    weight = rows.groupby(rows[column].astype(str))["models"].agg(lambda n: int((n >= 3).sum() * 1000 + n.sum()))
    return [str(value) for value in weight.sort_index().sort_values(ascending=False, kind="stable").index]


def _with_options(rows: pd.DataFrame, protocol: str) -> pd.DataFrame:
    """Name each series: the family alone for its main protocol, 'family@protocol' for the others."""
    rows = rows.assign(
        main=(rows["protocol"] == protocol).astype(int),
        size=rows["models"],
    ).sort_values(["main", "size", "protocol"], ascending=[False, False, True], kind="stable")
    first: dict[str, str] = {}
    for family, name in zip(rows["family"].astype(str), rows["protocol"].astype(str), strict=True):
        first.setdefault(family, name)
    option = [
        family if first[family] == name else f"{family}@{name}"
        for family, name in zip(rows["family"].astype(str), rows["protocol"].astype(str), strict=True)
    ]
    return rows.assign(option=option).drop(columns=["main", "size"])


def _default_families(rows: pd.DataFrame, star: Any) -> tuple[str, ...]:
    if star is not None:
        here = rows[rows["protocol"] == star["protocol"]]
        named = [family for family in str(star["families"]).split(";") if family in set(here["family"].astype(str))]
        if named:
            return tuple(named)
    main = rows[~rows["option"].str.contains("@")]
    sizes = main.groupby("option", sort=True)["models"].max().sort_values(ascending=False, kind="stable")
    several = sizes[sizes >= 3]
    return tuple((several if len(several) else sizes).index[:MOST_FAMILIES])


# -- the view ----------------------------------------------------------------------------------------------


def ability_view(catalog: Catalog, state: ViewState, assess: Assess) -> AbilityView:
    """Select, place on the axis, assess: each curve on this axis, its suddenness on the one axis that judges it."""
    choice, dropped = resolve(catalog, state)
    judging = assess if state.gain == GAIN else partial(assess, gain=state.gain)
    scores = ability_scores(catalog, choice.benchmark, choice.task)
    scores = scores[scores["metric"] == choice.metric]
    measure = ""
    if state.x == "perplexity":
        models = scores.merge(choice.rows[KEY], on=KEY)["model_id"]
        measure = state.corpus or next(iter(perplexity_measures(catalog, models)), "")
    where = axis_values(catalog, state.x, measure)
    names = catalog.families.set_index("family")["name"]

    shown: list[ShownSeries] = []
    scored: list[pd.DataFrame] = []  # all scores of each shown series, wherever they stand
    missing: list[str] = []
    for row in choice.rows.to_dict("records"):
        mine = scores[np.logical_and.reduce([(scores[name] == row[name]).to_numpy() for name in KEY])]
        points = _placed(catalog, mine, where)
        label = str(names.get(row["family"], row["family"]))
        if points.empty:
            if label not in missing:
                missing.append(label)
            continue
        points["size_name"] = size_names(catalog, list(points["model_id"]))
        scored.append(mine)
        without = sorted(set(mine["model_id"]) - set(points["model_id"]))
        shown.append(
            ShownSeries(
                option=row["option"],
                family=row["family"],
                name=label,
                prompting=row["prompting"],
                protocol=row["protocol"],
                variant=0,
                points=points,
                held=_held(points, state),
                series=None,
                assessment=None,
                unplaced=tuple(without),
            )
        )
    metric = catalog.metrics.set_index("metric").loc[choice.metric]
    variants = style_variants([one.family for one in shown])
    shown = [replace(one, variant=variant) for one, variant in zip(shown, variants, strict=True)]
    shown = _assessed(catalog, shown, scored, state, judging)
    pooled = _pooled(catalog, shown, scored, state, judging) if state.pool and len(shown) > 1 else None
    stated = pd.concat([one.points["chance"] for one in shown]).dropna() if shown else pd.Series(dtype=float)
    chances = [float(level) for level in stated.value_counts(sort=True).index]
    if shown and state.holdout > max(one.held for one in shown):  # a fit needs some models to be left
        dropped = (*dropped, Dropped("holdout", str(state.holdout), "out_of_range"))
    title = catalog.tasks.set_index(["benchmark", "task"])["title"].get((choice.benchmark, choice.task))
    return AbilityView(
        choice=choice,
        title=str(title or choice.task_id),
        axis=state.x,
        measure=measure,
        metric=metric,
        chance=chances[0] if chances else None,
        other_chances=tuple(sorted(level for level in chances[1:] if abs(level - chances[0]) > SAME_CHANCE)),
        proportion=bool(metric["kind"] == "proportion"),
        higher_is_better=bool(shown[0].points["higher_is_better"].iloc[0]) if shown else True,
        shown=tuple(shown),
        missing=tuple(missing),
        pooled=pooled,
        claims=claims_on(catalog, choice.benchmark, choice.task, state.x, where),
        caveats=caveats_on(catalog, pd.concat([one.points for one in shown]) if shown else pd.DataFrame()),
        sources=citations(catalog),
        dropped=dropped,
    )


def _placed(catalog: Catalog, scores: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """Scores in the order of an axis, their models by name."""
    points = place(scores, where)
    return points.assign(model_name=points["model_id"].map(catalog.models.set_index("model_id")["name"]))


def _held(points: pd.DataFrame, state: ViewState) -> int:
    """How many of the largest models the fit must not see: three are left to it."""
    return min(state.holdout, max(0, len(points) - 3))


def _assessed(
    catalog: Catalog, shown: list[ShownSeries], scored: Sequence[pd.DataFrame], state: ViewState, assess: Judging
) -> list[ShownSeries]:
    fits = [_fit(catalog, one.option, one.fitted, state.x) for one in shown]
    results = assess([(fit.key, fit.series) for fit in fits])

    def elsewhere(place_: int, axis: str) -> Fit | None:
        points = _fitted(catalog, scored[place_], axis, state)
        return _fit(catalog, shown[place_].option, points, axis) if len(points) else None

    others = [partial(elsewhere, place_) for place_ in range(len(shown))]
    judged = quote(results, others, state.x, assess)
    return [
        replace(one, series=fit.series, assessment=result, judge=judge)
        for one, fit, (result, judge) in zip(shown, fits, judged, strict=True)
    ]


def _pooled(
    catalog: Catalog, shown: list[ShownSeries], scored: Sequence[pd.DataFrame], state: ViewState, assess: Judging
) -> ShownSeries:
    def pool(frames: Sequence[pd.DataFrame], axis: str) -> Fit:
        points = pd.concat(frames).sort_values("at", kind="stable").reset_index(drop=True)
        return _fit(catalog, "pool", points, axis, grouped=True)

    def elsewhere(axis: str) -> Fit | None:
        frames = [points for one in scored if len(points := _fitted(catalog, one, axis, state))]
        return pool(frames, axis) if len(frames) > 1 else None

    fit = pool([one.fitted for one in shown], state.x)
    results = assess([(fit.key, fit.series)])
    ((result, judge),) = quote(results, [elsewhere], state.x, assess)
    points = fit.points.assign(size_name=fit.points["model_name"])  # sizes of several families tell no model apart
    return ShownSeries("pool", "", "", "", "", 0, points, 0, fit.series, result, judge=judge)


def _fitted(catalog: Catalog, scores: pd.DataFrame, axis: str, state: ViewState) -> pd.DataFrame:
    """The points that a fit sees on another axis, which holds out as many models as the shown one."""
    points = _placed(catalog, scores, axis_values(catalog, axis))
    return points.iloc[: len(points) - _held(points, state)]


def _fit(catalog: Catalog, option: str, points: pd.DataFrame, axis: str, *, grouped: bool = False) -> Fit:
    group = list(points["family"].astype(str)) if grouped else None
    series = Series(**arrays(catalog, points, axis), group=group)
    return Fit(f"{option}|{_ids(points)}|{axis}", series, points)


def _ids(points: pd.DataFrame) -> str:
    """A fingerprint of points: which models, on which task and protocol, where."""
    columns = ["model_id", "benchmark", "task", "metric", "n_shot", "prompting", "protocol", "value"]
    return str(pd.util.hash_pandas_object(points[columns].astype(str), index=False).sum())
