"""The Overview: every ability as Explore opens it, with the verdicts of the board.

An ability counts under every verdict that one of its families gets; which series stand for it is not chosen
here but by Explore's own defaults, so that a click shows what the card says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from components.ability.model import MOST_FAMILIES, featured_tasks, resolve
from components.core.citation import citations
from components.core.links import series_options
from components.core.state import VERDICTS, Dropped, ViewState
from components.core.vocabulary import prompting_name
from components.dataset.model import matching
from data.catalog import Catalog
from data.memo import kept
from data.series import AXES, KEY
from emergence import standing

LEAST_MODELS = 3
BELOW_CHANCE = 0.2  # share of the chance level by which a score may miss it and still be guessing


@dataclass(frozen=True)
class OverviewView:
    """What the gallery shows.

    `abilities` pass the filters, in order; `everything` are the :func:`opened` rows of all; `counts` says
    how many abilities have a counted series of each verdict under all filters but that of the verdict, `total` how many
    abilities there are on the axis, `matched` how many pass those filters, with how many `series`, and `uncounted` how
    many of them measure the learning of a format only.
    """

    axis: str
    abilities: tuple[str, ...]
    everything: pd.DataFrame
    counts: Mapping[str, int]
    matched: int
    uncounted: int
    series: int
    total: int
    dropped: tuple[Dropped, ...]


@kept()
def opening(catalog: Catalog) -> pd.DataFrame:
    """The series that Explore opens each ability with: KEY and `place`, their order. The whole catalog in one pass.

    Says for every ability what :func:`components.ability.model.resolve` says for one: the metric, shots and prompting
    that offer most series, then the families with most models; for a featured ability those of its panel.
    """
    table = series_options(catalog)
    starred = [resolve(catalog, ViewState(task=task))[0].rows for task in featured_tasks(catalog)]
    starred = [rows.assign(place=np.arange(len(rows))) for rows in starred]
    rest = table[~table["ability"].isin(featured_tasks(catalog))]
    rest = rest.assign(weight=rest["models"] + 1000 * (rest["models"] >= LEAST_MODELS))
    for column in ("metric", "n_shot", "prompting"):
        weight = rest.groupby(["ability", column], as_index=False)["weight"].sum()
        weight = weight.sort_values(["ability", "weight", column], ascending=[True, False, True], kind="stable")
        rest = rest.merge(weight.drop_duplicates("ability")[["ability", column]])
    main = rest[~rest["option"].str.contains("@") & (rest["models"] >= LEAST_MODELS)]
    main = main.sort_values(["ability", "models", "option"], ascending=[True, False, True], kind="stable")
    main = main.assign(place=main.groupby("ability").cumcount())
    chosen = pd.concat([*starred, main[main["place"] < MOST_FAMILIES]])[[*KEY, "place"]]
    return chosen.astype(dict.fromkeys(KEY, str)).reset_index(drop=True)


def opened(catalog: Catalog, board: pd.DataFrame) -> pd.DataFrame:
    """The rows of a :func:`components.atlas.model.described` board that Explore opens its abilities with. Of several perplexities that one which most series of an ability have: they never share an axis."""
    rows = board.merge(opening(catalog), on=KEY)
    counts = rows.groupby(["id", "measure"], as_index=False).size().sort_values("size", ascending=False, kind="stable")
    rows = rows.merge(counts.drop_duplicates("id")[["id", "measure"]])
    tasks = catalog.tasks
    keywords = tasks["keywords"].astype(str).set_axis(tasks["benchmark"].astype(str) + "/" + tasks["task"].astype(str))
    return rows.assign(about=rows["id"].map(keywords).fillna("") + " " + rows["prompting"].map(prompting_name))


def overview_view(rows: pd.DataFrame, state: ViewState) -> OverviewView:
    """Filter the :func:`opened` rows of an axis by words, domain and verdict; what appears comes first."""
    domains = set(rows["domain"])
    dropped = tuple(Dropped("domain", name, "not_in_catalog") for name in state.domain if name not in domains)
    by_ability = rows.groupby("id", sort=True)
    texts = by_ability[["title", "about", "domain", "family_name", "family", "metric_name"]].agg(" ".join)
    keep = matching(texts.reset_index(), state.q.lower().split())
    wanted = [name for name in state.domain if name in domains]
    if wanted:
        keep &= by_ability["domain"].first().isin(wanted).to_numpy()
    counted = rows[rows["counted"]]
    has = pd.crosstab(counted["id"], counted["verdict"])
    has = has.reindex(index=texts.index, columns=list(VERDICTS), fill_value=0) > 0
    matched = has[keep]
    found = matched[matched[list(state.verdict)].any(axis=1)] if state.verdict else matched
    order = pd.DataFrame(
        {
            "rank": np.where(found.any(axis=1), found.to_numpy().argmax(axis=1), len(VERDICTS)),
            "series": -by_ability.size().reindex(found.index),
            "title": by_ability["title"].first().reindex(found.index),
        }
    ).sort_values(["rank", "series", "title"], kind="stable")
    abilities = tuple(map(str, order.index))
    return OverviewView(
        axis=state.x,
        abilities=abilities,
        everything=rows,
        counts={name: int(matched[name].sum()) for name in VERDICTS},
        matched=len(matched),
        uncounted=int((~matched.any(axis=1)).sum()),
        series=int(rows["id"].isin(matched.index).sum()),
        total=len(texts),
        dropped=dropped,
    )


def curve(row: Any, axis: str) -> tuple[np.ndarray, np.ndarray]:
    """The fitted curve of a board row (a tuple): values on the axis and scores."""
    kind = AXES[axis]
    score = np.asarray(row.curve, float)
    low, high = kind.coordinate(np.array([row.from_value, row.to_value], float))
    return kind.value(kind.even(low, high, len(score))), score


# -- what stands out ---------------------------------------------------------------------------------------


def surprising_jump(board: pd.DataFrame) -> pd.Series | None:  # type: ignore[type-arg]
    """Of the jumps that the smaller models did not predict (after FDR control), the one furthest above its band.

    Scores that fall before they rise are left out: no curve of the prediction can, so that says little.
    """
    jumps = board[board["jump"] & (board["verdict"] != "u_shaped") & board["share"].notna()]
    better = jumps["higher_is_better"].astype(bool)
    beyond = np.where(better, jumps["held_score"] - jumps["expected_high"], jumps["expected_low"] - jumps["held_score"])
    return _largest(jumps, beyond * jumps["share"].to_numpy(float))


def most_sudden(board: pd.DataFrame) -> pd.Series | None:  # type: ignore[type-arg]
    """Of what appears suddenly and stands at the false discovery rate, the series whose rise is surely narrowest."""
    mine = board[(board["sharpness"] == "sudden") & standing(board["error"].to_numpy(float))]
    return _largest(mine, -mine["width_high"].to_numpy(float))


def largest_fall(board: pd.DataFrame) -> pd.Series | None:  # type: ignore[type-arg]
    """Of the series that get worse and stand at the false discovery rate, the one that loses most.

    What ends far below chance is left out: that is how answers in a wrong format look, not a lost ability.
    """
    stands = standing(board["error"].to_numpy(float)) & board["share"].notna().to_numpy()
    formatted = ~(board["last_score"] < board["chance"] - BELOW_CHANCE * board["chance"]).to_numpy(bool)
    mine = board[(board["verdict"] == "inverse") & stands & formatted]
    sign = np.where(mine["higher_is_better"].astype(bool), 1.0, -1.0)
    return _largest(mine, (sign * (mine["first_score"] - mine["last_score"]) * mine["share"]).to_numpy(float))


def _largest(rows: pd.DataFrame, quantity: np.ndarray) -> pd.Series | None:  # type: ignore[type-arg]
    usable = np.flatnonzero(np.isfinite(quantity))
    return rows.iloc[int(usable[np.argmax(quantity[usable])])] if len(usable) else None


def newest_sources(catalog: Catalog, count: int = 5) -> pd.DataFrame:
    """The publications with scores that are newest: source, name, title, url, year, scores, models."""
    counts = catalog.scores.groupby("source", observed=True).agg(
        scores=("score", "size"), models=("model_id", "nunique")
    )
    counts.index = counts.index.astype(str)
    rows = catalog.sources[["source", "title", "url", "year"]].astype(str)
    rows = rows.merge(counts, left_on="source", right_index=True)
    rows = rows.assign(name=rows["source"].map(citations(catalog)))
    newest = pd.to_numeric(rows["year"], errors="coerce").fillna(0)
    return rows.assign(_newest=newest).nlargest(count, ["_newest", "scores"]).drop(columns="_newest")
