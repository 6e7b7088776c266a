"""The perplexity lens: one ability over several axes at once, and which perplexities may be compared.

A perplexity *measure* is a corpus, a unit and a window ('wikitext2.token_ppl.2048'); measures are never mixed.
For an ability, the lens picks the published protocol that most families with a value of the measure share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.ability.model import AbilityView, Assess, ability_view, resolve, task_ids, unused_task
from components.core.state import UNSTATED, Dropped, ViewState
from data.catalog import Catalog
from data.series import axis_values, final_scores

FOUNDING_TASK = "mmlu/average"  # Wei et al. (2022), Fig 4
FOUNDING_FAMILIES = ("gopher", "chinchilla")
FOUNDING_SOURCE = "wei2022emergent"
TRIO = ("flops", "params", "perplexity")
MOST_FAMILIES = 6
RULE = "crossing"  # the threshold that is compared from axis to axis
PROTOCOL = ["metric", "n_shot", "prompting", "protocol"]


@dataclass(frozen=True)
class Lens:
    """One ability over several axes: the same families and protocol in every view."""

    task: str
    title: str
    measure: str
    views: tuple[AbilityView, ...]  # in the order of the panels
    tasks: tuple[str, ...]
    measures: tuple[str, ...]  # those that have values for this ability, the best covered first
    slip: pd.DataFrame  # where the paper drew Gopher: model_id, value, drawn, score; empty elsewhere
    dropped: tuple[Dropped, ...]

    @property
    def drawn(self) -> tuple[AbilityView, ...]:
        """The views on whose axis something is published."""
        return tuple(view for view in self.views if view.shown)

    @property
    def perplexity(self) -> AbilityView:
        """The view over perplexity."""
        return next(view for view in self.views if view.axis == "perplexity")


def lens_axes(x: str) -> tuple[str, ...]:
    """The axes to compare: the chosen one leads, perplexity is always among them."""
    if x in TRIO:
        return (x, *(axis for axis in TRIO if axis != x))
    return (x, "flops", "perplexity")


def placed_scores(catalog: Catalog) -> pd.DataFrame:
    """Preferred scores of the models that have a perplexity, once per measure that the model has."""
    rows = catalog.perplexity
    rows = rows[rows["preferred"].astype(bool)]
    where = rows[["model_id", "measure"]].astype(str).drop_duplicates()
    scores = final_scores(catalog)
    columns = ["family", "benchmark", "task", *PROTOCOL]
    scores = scores[scores["model_id"].isin(where["model_id"])]
    scores = scores.assign(model_id=scores["model_id"].astype(str))[["model_id", *columns]]
    return scores.merge(where, on="model_id").astype(dict.fromkeys(columns, str))


@dataclass(frozen=True)
class Coverage:
    """What the perplexities cover: abilities in the order of the Explore page, and their protocols.

    `table` has one row per ability, measure and protocol: families with two models and more, models in all,
    and models of the largest family.
    """

    tasks: tuple[str, ...]
    table: pd.DataFrame


def coverage(catalog: Catalog) -> Coverage:
    """Abilities of which some family has three models with a perplexity."""
    key = ["benchmark", "task", "measure", *PROTOCOL]
    sizes = placed_scores(catalog).groupby([*key, "family"], sort=True)["model_id"].nunique()
    table = sizes.reset_index(name="models")
    table = table.assign(several=table["models"] >= 2)
    found = table.groupby(key, sort=True).agg(
        families=("several", "sum"), models=("models", "sum"), largest=("models", "max")
    )
    found = found[found["largest"] >= 3].reset_index()
    found = found.assign(id=found["benchmark"] + "/" + found["task"])
    have = set(found["id"])
    known = [task for task in task_ids(catalog) if task in have]
    return Coverage((*known, *sorted(have - set(known))), found)


def lens(catalog: Catalog, state: ViewState, assess: Assess, covered: Coverage | None = None) -> Lens:
    """Resolve what the URL asks for and place it on every axis. `covered` is :func:`coverage`, if it is known."""
    covered = coverage(catalog) if covered is None else covered
    usable, tasks = covered.table, covered.tasks
    dropped: list[Dropped] = []
    task = state.task
    if task and task not in tasks:
        dropped.append(unused_task(catalog, task))
    if task not in tasks:
        task = FOUNDING_TASK if FOUNDING_TASK in tasks else tasks[0]
    mine = usable[usable["id"] == task].sort_values(["families", "models"], ascending=False, kind="stable")
    measures = tuple(dict.fromkeys(mine["measure"]))
    if state.corpus and state.corpus not in measures:
        dropped.append(Dropped("corpus", state.corpus, "not_in_catalog"))
    founding = founding_measure(catalog)
    measure = state.corpus if state.corpus in measures else measures[0]
    if state.corpus not in measures and task == FOUNDING_TASK and founding in measures:
        measure = founding
    mine = mine[mine["measure"] == measure]
    if measure == founding and task == FOUNDING_TASK:  # the paper's own numbers first
        mine = mine.sort_values("protocol", key=lambda names: names != FOUNDING_SOURCE, kind="stable")
    best = mine.iloc[0]

    asked = state.but(
        task=task, metric=(best["metric"],), shots=best["n_shot"] or UNSTATED, prompting=best["prompting"],
        corpus=measure, x="perplexity", holdout=0, pool=False,
    )  # fmt: skip
    families, unknown = _families(catalog, asked, str(best["protocol"]), measure)
    dropped += unknown
    asked = asked.but(family=families)
    views = tuple(ability_view(catalog, asked.but(x=axis), assess) for axis in lens_axes(state.x))
    view = next(one for one in views if one.axis == "perplexity")
    return Lens(task, view.title, measure, views, tasks, measures, _slip(catalog, view), tuple(dropped))


def founding_measure(catalog: Catalog) -> str:
    """The measure of Wei et al. (2022), Fig 4, as the catalog calls it."""
    rows = catalog.perplexity
    rows = rows[(rows["source"] == FOUNDING_SOURCE) & rows["model_id"].astype(str).str.startswith("gopher-")]
    return str(rows["measure"].iloc[0]) if len(rows) else ""


def _families(catalog: Catalog, asked: ViewState, protocol: str, measure: str) -> tuple[tuple[str, ...], list[Dropped]]:
    """The options to show: those asked for, else those of the protocol with most values of the measure."""
    options = resolve(catalog, asked.but(family=()))[0].family_options
    rows = resolve(catalog, asked.but(family=options))[0].rows
    dropped = [Dropped("family", name, "not_in_catalog") for name in asked.family if name not in options]
    chosen = tuple(name for name in asked.family if name in options)
    if chosen:
        return chosen, dropped
    rows = rows[rows["protocol"].astype(str) == protocol]
    have = set(axis_values(catalog, "perplexity", measure).index)
    scores = final_scores(catalog)
    scores = scores[scores["model_id"].astype(str).isin(have)]
    counts = []
    for row in rows.to_dict("records"):
        same = np.ones(len(scores), bool)
        for name in ("family", *PROTOCOL):
            same &= (scores[name].astype(str) == str(row[name])).to_numpy()
        counts.append(int(scores[same]["model_id"].nunique()))
    order = sorted(zip(rows["option"], counts, strict=True), key=lambda pair: (-pair[1], pair[0]))
    several = [option for option, count in order if count >= 2][:MOST_FAMILIES]
    return tuple(several or [option for option, _count in order[:1]]), dropped


def _slip(catalog: Catalog, view: AbilityView) -> pd.DataFrame:
    """Where Fig 4 (and 10) of Wei et al. draws Gopher: at the perplexities of Chinchilla, size by size.

    The paper's own upper panels give Gopher other perplexities; this reconstructs the drawn positions from
    Chinchilla's, in the order of the sizes.
    """
    empty = pd.DataFrame({"model_id": [], "value": [], "drawn": [], "score": []})
    if view.choice.benchmark != "mmlu" or view.measure != founding_measure(catalog):
        return empty
    parts = {series.family: series.points for series in view.shown if series.protocol == FOUNDING_SOURCE}
    if not set(FOUNDING_FAMILIES) <= set(parts):
        return empty
    gopher, chinchilla = (parts[name].sort_values("value", ascending=False) for name in FOUNDING_FAMILIES)
    if len(gopher) != len(chinchilla):
        return empty
    return pd.DataFrame(
        {
            "model_id": gopher["model_id"].astype(str).to_numpy(),
            "value": gopher["value"].to_numpy(float),
            "drawn": chinchilla["value"].to_numpy(float),
            "score": gopher["score"].to_numpy(float),
        }
    )
