"""The parts of the theory lab that speak of published models: scores against loss, and where each shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.core.state import ViewState
from data.catalog import Catalog
from data.series import axis_values, final_scores
from emergence import GAIN

# Du et al. (2024) state their threshold for these abilities (and for C-Eval, which no source of the catalog scores).
LOSS_TASKS = ("mmlu/average", "gsm8k/gsm8k")
_SETTING = ["metric", "n_shot", "prompting", "protocol"]
_PER_TOKEN = ("token_ppl", "unstated")  # perplexities whose logarithm is a loss per token


@dataclass(frozen=True)
class LossPanel:
    """One ability against the loss, under the one protocol and perplexity measure that cover most models."""

    task_id: str
    title: str
    metric: str
    measure: str
    chance: float
    points: pd.DataFrame  # model_id, model_name, family, family_name, loss, score, able, source, locator

    def split(self, threshold: float) -> tuple[int, int, int, int]:
        """(without the ability above the threshold, all above, with the ability below, all below)."""
        above = (self.points["loss"] >= threshold).to_numpy(bool)
        able = self.points["able"].to_numpy(bool)
        return int((above & ~able).sum()), int(above.sum()), int((~above & able).sum()), int((~above).sum())

    @property
    def best(self) -> tuple[float, float, int]:
        """The gap of losses in which a threshold misplaces fewest models, and how many it misplaces."""
        order = self.points.sort_values("loss")
        loss, able = order["loss"].to_numpy(float), order["able"].to_numpy(bool)
        # A cut after i models: those below it should be able, those above not.
        wrong = np.concatenate([[0], np.cumsum(~able)]) + np.concatenate([np.cumsum(able[::-1])[::-1], [0]])
        edges = np.concatenate([[loss[0]], loss, [loss[-1]]])
        at = int(np.argmin(wrong))
        return float(edges[at]), float(edges[at + 1]), int(wrong[at])


def loss_panels(catalog: Catalog, tasks: Sequence[str] = LOSS_TASKS) -> list[LossPanel]:
    """The abilities that can be laid out on a loss per token; those without such models are left out."""
    perplexity = catalog.perplexity[catalog.perplexity["preferred"].astype(bool)]
    measures = [
        str(measure)
        for measure in sorted(perplexity["measure"].astype(str).unique())
        if measure.split(".")[1] in _PER_TOKEN
    ]
    places = {measure: axis_values(catalog, "perplexity", measure)["value"] for measure in measures}
    panels = (_panel(catalog, task, places) for task in tasks)
    return [panel for panel in panels if panel is not None]


def _panel(catalog: Catalog, task_id: str, places: dict[str, pd.Series]) -> LossPanel | None:
    benchmark, _slash, task = task_id.partition("/")
    kinds = catalog.metrics.set_index("metric")["kind"]
    scores = final_scores(catalog)
    scores = scores[(scores["benchmark"] == benchmark) & (scores["task"] == task)]
    scores = scores[scores["metric"].astype(str).map(kinds) == "proportion"]
    scores = scores.assign(**{name: scores[name].astype(str) for name in ("model_id", "family", *_SETTING)})
    best: pd.DataFrame | None = None
    measure, most = "", (1, 2)  # one family of three models says something; less does not
    for name, values in places.items():
        placed = scores[scores["model_id"].isin(values.index)]
        for _key, rows in placed.groupby(_SETTING, sort=True):
            sizes = rows.groupby("family")["model_id"].nunique()
            weight = (int((sizes >= 2).sum()), int(sizes.sum()))
            if weight > most:
                best, measure, most = rows, name, weight
    if best is None:
        return None
    chance = best["chance"].dropna()
    floor = float(chance.iloc[0]) if len(chance) else 0.0
    models = catalog.models.set_index(catalog.models["model_id"].astype(str))["name"].astype(str)
    families = catalog.families.set_index("family")["name"].astype(str)
    points = best.drop_duplicates("model_id")
    points = pd.DataFrame(
        {
            "model_id": points["model_id"],
            "model_name": points["model_id"].map(models).fillna(points["model_id"]),
            "family": points["family"],
            "family_name": points["family"].map(families).fillna(points["family"]),
            "loss": np.log(points["model_id"].map(places[measure]).astype(float)),
            "score": points["score"].astype(float),
            "able": points["score"].astype(float) > floor + GAIN * (1 - floor),
            "source": points["source"].astype(str),
            "locator": points["locator"].astype(str),
        }
    )
    titles = catalog.tasks.set_index(["benchmark", "task"])["title"]
    return LossPanel(
        task_id=task_id,
        title=str(titles.get((benchmark, task)) or task_id),
        metric=str(best["metric"].iloc[0]),
        measure=measure,
        chance=floor,
        points=points.sort_values(["family", "loss"], kind="stable").reset_index(drop=True),
    )


# Where each part can be seen on published scores: a page and a state.
REAL: dict[str, tuple[tuple[str, ViewState], ...]] = {
    "quanta": (("metrics", ViewState(task="big_bench/word_unscrambling", family=("lamda",))),),
    "steps": (
        *(
            ("explore", ViewState(task=f"arithmetic/{task}", metric=("accuracy",), shots="50", family=("gpt-3",)))
            for task in ("addition_2_digit", "addition_5_digit")  # few-shot in the paper, at its K = 50
        ),
        ("metrics", ViewState(task="big_bench/modified_arithmetic", family=("lamda",))),
    ),
    "sampling": (("metrics", ViewState(task="big_bench/logical_args", family=("lamda",))),),
    "loss": (("explore", ViewState(x="perplexity", task="mmlu/average", family=("gopher", "chinchilla"))),),
    "depth": (("explore", ViewState(task="gsm8k/gsm8k", prompting="all")),),
}


def on_real_data(catalog: Catalog, part: str) -> list[tuple[str, ViewState]]:
    """The views of :data:`REAL` whose abilities the catalog holds."""
    rows = catalog.tasks
    known = set(rows["benchmark"].astype(str) + "/" + rows["task"].astype(str))
    return [(page, state) for page, state in REAL[part] if state.task in known]
