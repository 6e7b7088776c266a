"""The page on data against size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components.ability.model import resolve, task_ids
from components.core import vocabulary
from components.core.i18n import gettext as _
from components.core.numbers import decimal, scientific, short, significant
from components.core.state import ViewState
from components.data_size.figure import data_size_figure
from components.data_size.model import DataSizeView, data_size_view, smaller_wins
from components.data_size.training import trainings
from components.figures.theme import DARK, LIGHT
from components.frame import chart, controls
from components.frame.compute import catalog
from components.frame.shell import Page
from components.frame.training import through_training
from data.catalog import Catalog
from data.memo import kept
from emergence.laws import LAWS

# Pairs in which the smaller model saw more data: the cases that Wei et al. (2022), section 5.2, and Hoffmann et al. name.
TRAINING_TASK = "arc/arc_easy"  # most families have scored checkpoints on it
STORIES = (("gopher-280b", "chinchilla-70b"), ("gpt-3-175b", "palm-62b"), ("gpt-3-175b", "llama-13b"))


def body(page: Page) -> None:
    """Draw the page."""
    view = data_size_view(catalog(), page.state)
    page.dropped.extend(view.dropped)
    sentence = _sentence(view)
    if not page.state.chart:
        st.title(_("Data against size"), anchor=False)
        st.caption(
            _("Is a model too large for its data, or over-trained for its size? Lines belong to the chosen law.")
        )
        _controls(page, view)
        st.markdown(sentence)
    figure = _drawn(catalog(), view.law.key, page.state.budget, view.color, page.theme.dark, page.state.chart)
    with chart.wide("data-size", panels=False):  # names of models need the width
        chart.show(figure, key="data-size-figure", alt=sentence, filename=f"data-size-{view.law.key}")
    if page.state.chart:
        return
    st.caption(
        _(
            "On the solid line a budget buys the least loss; above it a model is trained on more data than the law "
            "advises, below it on less. The star is the optimum of the budget. Grey curves join sizes of equal loss by "
            "the law, in nats per token; faint diagonals join equal compute, C = 6ND."
        )
    )
    st.caption(
        _("{law}: {source}. {note}").format(law=view.law.title, source=_(view.law.source), note=_(view.law.note))
    )
    _stories(view)
    _training(page, view)
    _table(view)
    _pairs()


@kept(size=32)
def _drawn(data: Catalog, law: str, budget: float, color: str, dark: bool, large: bool) -> go.Figure:
    """The figure, shared by all sessions: never changed after it is drawn."""
    view = data_size_view(data, ViewState(law=law, budget=budget, color=color))
    return data_size_figure(view, DARK if dark else LIGHT, large=large)


def _controls(page: Page, view: DataSizeView) -> None:
    left, middle, right = st.columns([7, 4, 4], vertical_alignment="bottom")
    with left:
        controls.segments(page, "law", _("Scaling law"), list(LAWS), names=lambda key: LAWS[key].title)
    with middle:
        controls.number(
            page, "budget", _("Budget: 10 to the power of … FLOPs"), 17.0, 28.0, step=0.05, format="%.2f",
            help=_("The star marks the parameters and tokens of least loss for this budget under C = 6ND."),
        )  # fmt: skip
    with right:
        titles = vocabulary.task_titles(catalog())
        names = {"family": _("Family"), "date": _("Release date")}
        options = ["family", "date", *task_ids(catalog())]
        controls.choice(
            page, "color", _("Colour shows"), options, value=view.color,
            names=lambda key: names.get(key) or _("Score: {task}").format(task=titles[key]),
        )  # fmt: skip


def _sentence(view: DataSizeView) -> str:
    parameters, tokens = view.optimum
    return _(
        "With {flops} FLOPs, {law} would train {parameters} parameters on {tokens} tokens ({ratio} tokens per parameter), "
        "for a loss of {loss} nats per token."
    ).format(
        flops=scientific(view.budget), law=view.law.title, parameters=short(parameters), tokens=short(tokens),
        ratio=significant(tokens / parameters, 2), loss=decimal(view.law.frontier(view.budget), 2),
    )  # fmt: skip


def _stories(view: DataSizeView) -> None:
    models = view.models.set_index("model_id")
    lines = []
    for large, small in STORIES:
        if large not in models.index or small not in models.index:
            continue
        one, other = models.loc[large], models.loc[small]
        lines.append(
            _(
                "- **{large}** saw {large_ratio} tokens per parameter and spent {large_cost} × the least compute for its "
                "loss; **{small}** saw {small_ratio} and spent {small_cost} ×."
            ).format(
                large=one["name"], large_ratio=significant(one["ratio"], 2), large_cost=decimal(one["overhead"], 2),
                small=other["name"], small_ratio=significant(other["ratio"], 2),
                small_cost=decimal(other["overhead"], 2),
            )
        )  # fmt: skip
    if lines:
        st.markdown("\n".join(lines))


def _training(page: Page, view: DataSizeView) -> None:
    """Emergence in training time: the checkpoints of the ability that the colour shows, else of a usual one."""
    for task in (view.color, TRAINING_TASK):
        if "/" in task:
            choice, _dropped = resolve(catalog(), ViewState(task=task))
            if trainings(catalog(), choice.benchmark, choice.task, choice.metric):
                through_training(page, catalog(), choice)
                return


def _table(view: DataSizeView) -> None:
    st.header(_("The models in the figure"), anchor=False)
    models = view.models
    frame = pd.DataFrame(
        {
            _("Model"): models["name"],
            _("Family"): models["family_name"],
            _("Parameters"): models["params"],
            _("Tokens"): models["tokens"],
            _("Training FLOPs"): models["compute"],
            _("FLOPs estimated as 6ND"): models["estimated"],
            _("Tokens per parameter"): models["ratio"],
            _("Optimal ratio"): models["optimal_ratio"],
            _("Compute over least"): models["overhead"],
            _("Loss by the law"): models["loss"],
            _("Source of parameters"): models["params_source"],
            _("Source of tokens"): models["tokens_source"],
        }
    )
    chart.table(
        frame, key="data-size-models", filename="data-against-size", label=_("All models with published size and data"),
        scientific=(_("Parameters"), _("Tokens"), _("Training FLOPs")),
    )  # fmt: skip


def _pairs() -> None:
    pairs = _winning_pairs(catalog())
    st.header(_("Where the smaller model wins"), anchor=False)
    if pairs.empty:
        st.info(
            _("No pair of base models shares three abilities of which the smaller model wins most."),
            icon=":material/info:",
        )
        return
    st.caption(
        _(
            "Pairs of base models from different families; the larger has at least twice the parameters, and the smaller "
            "wins most of at least three abilities. Scores are compared only where one publication scored both under one "
            "protocol. Each ability counts once: the majority of its metrics and settings decides. Losses are left out, "
            "because those of different tokenisers do not compare."
        )
    )
    frame = pd.DataFrame(
        {
            _("Smaller model"): pairs["smaller_name"],
            _("Its parameters"): pairs["smaller_params"],
            _("Its tokens"): pairs["smaller_tokens"],
            _("Larger model"): pairs["larger_name"],
            _("Larger's parameters"): pairs["larger_params"],
            _("Larger's tokens"): pairs["larger_tokens"],
            _("Times larger"): np.round(pairs["times"], 1),
            _("Abilities won"): pairs["won"],
            _("Abilities compared"): pairs["compared"],
        }
    )
    chart.table(
        frame, key="data-size-pairs", filename="smaller-wins", label=_("All pairs with the counts behind them"),
        scientific=(_("Its parameters"), _("Its tokens"), _("Larger's parameters"), _("Larger's tokens")),
    )  # fmt: skip


@kept()
def _winning_pairs(data: Catalog) -> pd.DataFrame:
    return smaller_wins(data)
