"""The Atlas's figures: all located thresholds at a glance, and the forest plot of single series."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.atlas import AtlasView
from components.atlas_words import domain_name, row_hover, row_label
from components.figures.scales import drawn, x_axis, x_range
from components.figures.theme import HUES, Style, Theme, annotate, axis_style, base_layout, translucent
from components.i18n import gettext as _
from components.numbers import on_axis
from components.words import AXIS_TITLES, VERDICT_NAMES
from data.series import AXES

MOST_ROWS = 30
ROW = 36  # pixels of one row of the forest: a label, and the interval below it
BINS = 70
VERDICT_HUES = {"emergent": "vermillion", "smooth": "blue", "inverse": "purple", "u_shaped": "olive", "flat": "grey",
                "undetermined": "grey"}  # fmt: skip
VERDICT_SYMBOLS = {"emergent": "circle", "smooth": "square"}


def verdict_color(verdict: str, theme: Theme) -> str:
    """The colour of a verdict, the same in every figure of the Atlas."""
    return HUES[VERDICT_HUES[verdict]][theme.dark]


# -- all thresholds at a glance ----------------------------------------------------------------------------


def map_figure(view: AtlasView, *, theme: Theme, large: bool = False) -> go.Figure:
    """One dot per located threshold, stacked in cells of the axis, one row per domain: where do abilities begin?"""
    rows = view.located
    domains = list(rows.groupby("domain")["midpoint"].median().sort_values(ascending=AXES[view.axis].reverse).index)
    at = drawn(view.axis, rows["midpoint"].to_numpy(float))
    edges = np.linspace(at.min() - 1e-9, at.max() + 1e-9, BINS + 1)
    cell = np.digitize(at, edges)
    middle = (edges[:-1] + edges[1:])[np.clip(cell - 1, 0, BINS - 1)] / 2
    x = 10**middle if AXES[view.axis].log or view.axis == "perplexity" else middle
    place = {domain: i for i, domain in enumerate(domains)}
    base = rows["domain"].map(place).to_numpy(float)
    # Emergent dots at the bottom of each stack.
    order = np.lexsort((at, rows["verdict"].to_numpy(str) != "emergent", cell, base))
    height = np.zeros(len(rows))
    for previous, current in pairwise(order):
        same = base[previous] == base[current] and cell[previous] == cell[current]
        height[current] = height[previous] + 1 if same else 0
    tallest = max(float(height.max()) + 1, 6.0)
    y = base + 0.08 + height / tallest * 0.84
    figure = go.Figure(layout=base_layout(theme, height=round(110 + max(54 * len(domains), 190)), large=large))
    for verdict in ("smooth", "emergent"):
        mine = (rows["verdict"] == verdict).to_numpy()
        figure.add_trace(
            go.Scatter(
                x=x[mine], y=y[mine], mode="markers", name=_(VERDICT_NAMES[verdict]),
                marker={"color": verdict_color(verdict, theme), "symbol": VERDICT_SYMBOLS[verdict],
                        "size": 8 if large else 6, "line": {"width": 1.2, "color": verdict_color(verdict, theme)}},
                hovertext=[row_hover(row, view.axis) for row in rows[mine].itertuples()],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )  # fmt: skip
    _axis(figure, view.axis, rows["midpoint"].to_numpy(float), theme)
    figure.update_yaxes(
        **axis_style(theme), tickvals=[i + 0.12 for i in range(len(domains))],
        ticktext=[escape(domain_name(name)) for name in domains], range=[-0.05, len(domains)], fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(showgrid=False, ticks="")
    figure.layout.shapes = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": line, "y1": line, "layer": "below",
         "line": {"color": theme.grid, "width": 1}}
        for line in range(len(domains))
    ]  # fmt: skip
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0})
    return figure


def _axis(figure: go.Figure, axis: str, values: np.ndarray, theme: Theme) -> None:
    figure.update_xaxes(**axis_style(theme), range=x_range(axis, values))
    figure.update_xaxes(**x_axis(axis, _(AXIS_TITLES[axis])))


# -- forest ------------------------------------------------------------------------------------------------


def forest_rows(view: AtlasView, sort: str, most: int = MOST_ROWS) -> pd.DataFrame:
    """The rows of the forest plot in the order a reader chose; by default those with a published claim first,
    then the emergent ones, then the rest.
    """
    rows = view.located
    if sort != "threshold":
        return rows.head(most)
    claimed = rows.index.isin(view.published["row"])
    emergent = (rows["verdict"] == "emergent").to_numpy()
    return rows.iloc[np.lexsort((np.arange(len(rows)), ~emergent, ~claimed))].head(most)


def forest_figure(view: AtlasView, rows: pd.DataFrame, *, theme: Theme, large: bool = False) -> go.Figure:
    """One row per series of `rows`: the scales that were tested, the threshold with its interval, the published
    claim.
    """
    claims = view.published[view.published["row"].isin(rows.index)]
    place = {row: len(rows) - 1 - i for i, row in enumerate(rows.index)}
    height = (ROW * 1.35 if large else ROW) * len(rows) + 80
    figure = go.Figure(layout=base_layout(theme, height=round(height), large=large))
    styles = [theme.family(family) for family in rows["family"]]
    y = np.array([place[row] for row in rows.index], float)
    _segments(figure, rows["from_value"], rows["to_value"], y, [theme.grid] * len(rows), 3)
    _segments(figure, rows["midpoint_low"], rows["midpoint_high"], y,
              [translucent(style.color, 0.45) for style in styles], 8)  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=rows["midpoint"], y=y, mode="markers", name=_("threshold"),
            marker={"symbol": ["circle" if stands else "circle-open" for stands in rows["stands"]],
                    "color": [style.color for style in styles], "size": 11 if large else 9,
                    "line": {"width": 2, "color": [style.color for style in styles]}},
            hovertext=[row_hover(row, view.axis) for row in rows.itertuples()],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )  # fmt: skip
    if len(claims):
        text = [
            _("<b>{family}</b><br>published: {claim}<br>{source}, {locator}").format(
                family=escape(str(claim.model_family)),
                claim=escape(on_axis(claim.value, view.axis)),
                source=escape(str(claim.source_name)),
                locator=escape(str(claim.locator)),
            )
            for claim in claims.itertuples()
        ]
        figure.add_trace(
            go.Scatter(
                x=claims["value"], y=[place[row] for row in claims["row"]], mode="markers", name=_("published"),
                marker={"symbol": "diamond-open", "size": 13, "color": theme.claim, "line": {"width": 2}},
                hovertext=text, hovertemplate="%{hovertext}<extra></extra>",
            )
        )  # fmt: skip
    annotate(figure, row_labels(rows, styles, y, large=large))
    extent = [rows["from_value"], rows["to_value"], rows["midpoint_low"], rows["midpoint_high"], claims["value"]]
    _axis(figure, view.axis, np.concatenate([np.asarray(part, float) for part in extent]), theme)
    figure.update_xaxes(side="top", minor=None)
    figure.update_yaxes(visible=False, range=[-0.5, len(rows) - 0.2], fixedrange=True)
    return figure


def row_labels(rows: pd.DataFrame, styles: Sequence[Style], y: np.ndarray, *, large: bool) -> list[dict[str, Any]]:
    """Annotations that name each row over its line."""
    return [
        {"text": row_label(row, style.color), "x": 0, "xref": "paper", "xanchor": "left", "y": at,
         "yshift": 20 if large else 15, "showarrow": False, "align": "left", "font": {"size": 16 if large else 12.5}}
        for row, style, at in zip(rows.itertuples(), styles, y, strict=True)
    ]  # fmt: skip


def _segments(
    figure: go.Figure, low: pd.Series, high: pd.Series, y: np.ndarray, colors: Sequence[str], width: int  # type: ignore[type-arg]
) -> None:  # fmt: skip
    """Horizontal bars, one trace per colour."""
    for color in dict.fromkeys(colors):
        mine = [i for i, one in enumerate(colors) if one == color]
        x = np.column_stack([low.to_numpy(float)[mine], high.to_numpy(float)[mine], np.full(len(mine), np.nan)])
        at = np.column_stack([y[mine], y[mine], np.full(len(mine), np.nan)])
        figure.add_trace(
            go.Scatter(
                x=x.ravel(), y=at.ravel(), mode="lines", line={"color": color, "width": width},
                hoverinfo="skip", showlegend=False,
            )
        )  # fmt: skip
