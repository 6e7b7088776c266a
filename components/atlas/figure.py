"""The Atlas's figures: all crossings at a glance, and the forest plot of single series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.atlas.model import AtlasView
from components.atlas.words import KIND_OF_CROSSING, bar_hover, details, row_hover, row_label
from components.core.family_styles import HUES, Style
from components.core.i18n import gettext as _
from components.core.numbers import on_axis
from components.core.vocabulary import AXIS_TITLES, domain_name
from components.figures.scales import drawn, x_axis, x_range
from components.figures.theme import Theme, annotate, axis_style, base_layout, translucent
from data.series import AXES

MOST_ROWS = 30
ROW = 54  # pixels of one row of the forest: two lines of label, and the interval below them
BINS = 70
MOST_STACKED = 9  # marks that a row has room for; fuller cells are drawn as bars
MOST_DECADES = 7
HUES_OF_KINDS = {"sudden": "vermillion", "gradual": "blue", "open": "grey", "u_shaped": "olive"}
SYMBOLS_OF_KINDS = {"sudden": "circle", "gradual": "square", "open": "circle-open", "u_shaped": "diamond"}


# -- all crossings at a glance -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cells:
    """The crossings of a view in cells of the axis, one row of cells per domain."""

    rows: pd.DataFrame
    domains: tuple[str, ...]
    base: np.ndarray  # which domain
    cell: np.ndarray
    edges: np.ndarray  # of the cells, as drawn

    @property
    def tallest(self) -> int:
        """Crossings in the fullest cell."""
        return int(pd.Series(1, index=self.rows.index).groupby([self.base, self.cell]).sum().max())


def _cells(view: AtlasView) -> _Cells:
    rows = view.located
    domains = list(rows.groupby("domain")["threshold"].median().sort_values(ascending=AXES[view.axis].reverse).index)
    at = drawn(view.axis, rows["threshold"].to_numpy(float))
    edges = np.linspace(at.min() - 1e-9, at.max() + 1e-9, BINS + 1)
    cell = np.clip(np.digitize(at, edges) - 1, 0, BINS - 1)
    base = rows["domain"].map({domain: i for i, domain in enumerate(domains)}).to_numpy(float)
    return _Cells(rows, tuple(domains), base, cell, edges)


def stacked(view: AtlasView) -> int:
    """How many crossings the fullest cell of the map holds where single marks would overlap; else 0."""
    tallest = _cells(view).tallest
    return tallest if tallest > MOST_STACKED else 0


def map_figure(view: AtlasView, *, theme: Theme, large: bool = False) -> go.Figure:
    """The crossings in cells of the axis, one row per domain: where do abilities begin?

    One mark per series, stacked; where marks would overlap, a bar that counts them. Sudden ones lie below.
    """
    cells = _cells(view)
    count = len(cells.domains)
    figure = go.Figure(layout=base_layout(theme, height=round(130 + max(54 * count, 190)), large=large))
    draw = _bars if cells.tallest > MOST_STACKED else _marks
    figure.add_traces(draw(cells, view.axis, theme, large))
    _axis(figure, view.axis, cells.rows["threshold"].to_numpy(float), theme)
    # The same axis on top: a reader of the upper rows need not scroll.
    figure.add_trace(go.Scatter(x=[None], y=[None], xaxis="x2", mode="markers", showlegend=False, hoverinfo="skip"))
    figure.update_layout(xaxis2={**figure.layout.xaxis.to_plotly_json(), "overlaying": "x", "side": "top",
                                 "matches": "x", "title": {"text": ""}, "showgrid": False})  # fmt: skip
    names = [escape(domain_name(name)) for name in cells.domains]
    figure.update_yaxes(visible=False, range=[-0.05, count + 0.02], fixedrange=True)
    annotate(
        figure,
        [
            {"text": name, "x": 0, "xref": "paper", "xanchor": "left", "y": i + 0.97, "yanchor": "top",
             "showarrow": False, "font": {"color": theme.muted, "size": 18 if large else 13}}
            for i, name in enumerate(names)
        ],
    )  # fmt: skip
    figure.layout.shapes = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": line, "y1": line, "layer": "below",
         "line": {"color": theme.grid, "width": 1}}
        for line in range(count)
    ]  # fmt: skip
    figure.update_layout(
        showlegend=True, bargap=0, barmode="overlay",
        legend={"orientation": "h", "yref": "container", "y": 1.0, "yanchor": "top", "x": 0},
        margin={"l": 8, "r": 14, "t": 64 if large else 52, "b": 8},
    )  # fmt: skip
    return figure


def _kinds(rows: pd.DataFrame) -> pd.Series:  # type: ignore[type-arg]
    """How each row leaves chance: suddenly, gradually, open, or after getting worse."""
    return rows["sharpness"].where(rows["verdict"] == "appears", rows["verdict"])


def _color(kind: str, theme: Theme) -> str:
    return HUES[HUES_OF_KINDS[kind]][theme.dark]


def _undrawn(axis: str, at: np.ndarray) -> np.ndarray:
    """Axis values of drawn coordinates."""
    return np.asarray(10**at if AXES[axis].log or axis == "perplexity" else at)


def _marks(cells: _Cells, axis: str, theme: Theme, large: bool) -> list[go.Scatter]:
    rows, base, cell = cells.rows, cells.base, cells.cell
    middle = ((cells.edges[:-1] + cells.edges[1:]) / 2)[cell]
    kinds = _kinds(rows)
    rank = kinds.map({kind: i for i, kind in enumerate(HUES_OF_KINDS)}).to_numpy(int)
    order = np.lexsort((rows["threshold"].to_numpy(float), rank, cell, base))
    height = np.zeros(len(rows))
    for previous, current in pairwise(order):
        same = base[previous] == base[current] and cell[previous] == cell[current]
        height[current] = height[previous] + 1 if same else 0
    tallest = max(float(height.max()) + 1, 6.0)
    y = base + 0.08 + height / tallest * 0.84
    size = min(8.0 if large else 6.0, 54 * 0.84 / tallest)
    traces = []
    for kind in reversed(HUES_OF_KINDS):
        mine = (kinds == kind).to_numpy()
        if not mine.any():
            continue
        traces.append(
            go.Scatter(
                x=_undrawn(axis, middle[mine]), y=y[mine], mode="markers", name=_(KIND_OF_CROSSING[kind]),
                marker={"color": _color(kind, theme), "symbol": SYMBOLS_OF_KINDS[kind], "size": size},
                hovertext=[row_hover(row, axis) for row in rows[mine].itertuples()],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )  # fmt: skip
    return traces


def _bars(cells: _Cells, axis: str, theme: Theme, large: bool) -> list[go.Bar]:
    del large  # bars take the width of their cells
    low, high = _undrawn(axis, cells.edges[:-1]), _undrawn(axis, cells.edges[1:])
    unit = 0.86 / cells.tallest
    under: dict[tuple[float, int], int] = {}
    traces = []
    kinds = _kinds(cells.rows)
    for kind in [kind for kind in HUES_OF_KINDS if (kinds == kind).any()]:
        rows = cells.rows.assign(_base=cells.base, _cell=cells.cell)
        counted = [
            (key, mine["title"].astype(str)) for key, mine in
            rows[kinds == kind].groupby(["_base", "_cell"])
        ]  # fmt: skip
        places = [(float(base), int(cell)) for (base, cell), _titles in counted]
        counts = [len(titles) for _key, titles in counted]
        traces.append(
            go.Bar(
                x=[(low[cell] + high[cell]) / 2 for _base, cell in places],
                width=[abs(high[cell] - low[cell]) for _base, cell in places],
                base=[base + under.get((base, cell), 0) * unit for base, cell in places],
                y=[count * unit for count in counts],
                name=_(KIND_OF_CROSSING[kind]),
                marker={"color": _color(kind, theme), "line": {"width": 0}},
                hovertext=[
                    bar_hover(cells.domains[int(base)], kind, titles, (low[cell], high[cell]), axis)
                    for (base, cell), (_key, titles) in zip(places, counted, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
        under |= dict(zip(places, counts, strict=True))
    return traces


def _axis(figure: go.Figure, axis: str, values: np.ndarray, theme: Theme) -> None:
    figure.update_xaxes(**axis_style(theme))
    figure.update_xaxes(**x_axis(axis, _(AXIS_TITLES[axis]), x_range(axis, values)), tickangle=0)
    if AXES[axis].log and np.ptp(drawn(axis, values)) > MOST_DECADES:
        figure.update_xaxes(dtick=2)  # powers side by side on a phone, not turned


# -- forest ------------------------------------------------------------------------------------------------


def forest_rows(view: AtlasView, sort: str, most: int = MOST_ROWS) -> pd.DataFrame:
    """The rows of the forest plot in the order a reader chose; by default those with a published claim first, then the
    sudden ones, then the rest, every ability once before any a second time, and last what repeats a family on a task.
    """
    rows = view.located
    if sort != "threshold":
        return rows.head(most)
    claimed = rows.index.isin(view.published["row"])
    sudden = (rows["sharpness"] == "sudden").to_numpy()
    rank = np.where(claimed, 0, np.where(sudden, 1, 2))
    # Of the metrics, shots and protocols of one family on one task the all-or-nothing one with most items stands first.
    alike = rows.assign(_place=np.arange(len(rows))).sort_values(
        ["thresholded", "items", "_place"], ascending=[False, False, True], na_position="last", kind="stable"
    )
    rank = np.where(alike.groupby(["id", "family"]).cumcount().reindex(rows.index) > 0, 3, rank)
    again = rows.groupby(["id", rank], sort=False).cumcount().to_numpy()
    kept = np.lexsort((np.arange(len(rows)), again, rank))[:most]
    return rows.iloc[kept[np.lexsort((kept, rank[kept]))]]


def forest_figure(
    view: AtlasView, rows: pd.DataFrame, names: Sequence[tuple[str, str]], *, theme: Theme, large: bool = False
) -> go.Figure:
    """One row per series of `rows`: the scales that were tested, the bracket between its two named models, the
    threshold with its interval, the published claim. `names` are those of the models at the ends of each bracket.
    """
    claims = view.published[view.published["row"].isin(rows.index)]
    place = {row: len(rows) - 1 - i for i, row in enumerate(rows.index)}
    height = (ROW * 1.35 if large else ROW) * len(rows) + 80
    figure = go.Figure(layout=base_layout(theme, height=round(height), large=large))
    styles = [theme.family(family) for family in rows["family"]]
    colors = np.array([style.color for style in styles], object)
    y = np.array([place[row] for row in rows.index], float)
    _segments(figure, rows["from_value"], rows["to_value"], y, [theme.grid] * len(rows), 3)
    stands = rows["stands"].to_numpy(bool)
    for mine, dash in ((stands, "solid"), (~stands, "dot")):
        some = rows[mine]
        _segments(figure, some["last_absent"], some["first_present"], y[mine], list(colors[mine]), 2, dash=dash)
    _segments(figure, rows["threshold_low"], rows["threshold_high"], y,
              [translucent(style.color, 0.45) for style in styles], 8)  # fmt: skip
    for column, position, end in (("last_absent", "middle left", 0), ("first_present", "middle right", 1)):
        figure.add_trace(
            go.Scatter(
                x=rows[column], y=y - 0.25, mode="text", text=[escape(pair[end]) for pair in names], textposition=position,
                textfont={"color": theme.muted, "size": 15 if large else 11}, hoverinfo="skip", showlegend=False,
                cliponaxis=False,
            )
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=rows["threshold"], y=y, mode="markers", name=_("best estimate"),
            marker={"symbol": "line-ns", "color": list(colors), "size": 16 if large else 13,
                    "line": {"width": 3, "color": list(colors)}},
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
    annotate(figure, row_labels(rows, styles, y, theme, large=large))
    extent = [rows["from_value"], rows["to_value"], rows["threshold_low"], rows["threshold_high"], claims["value"]]
    _axis(figure, view.axis, np.concatenate([np.asarray(part, float) for part in extent]), theme)
    figure.update_xaxes(side="top", minor=None)
    figure.update_yaxes(visible=False, range=[-0.4, len(rows) - 0.2], fixedrange=True)
    return figure


def row_labels(
    rows: pd.DataFrame, styles: Sequence[Style], y: np.ndarray, theme: Theme, *, large: bool
) -> list[dict[str, Any]]:
    """Annotations that name each row over its line."""
    return [
        {"text": row_label(row, style.color, theme.muted, detail), "x": 0, "xref": "paper", "xanchor": "left", "y": at,
         "yanchor": "bottom", "yshift": 7 if large else 5, "showarrow": False, "align": "left",
         "font": {"size": 16 if large else 12.5}}
        for row, style, at, detail in zip(rows.itertuples(), styles, y, details(rows), strict=True)
    ]  # fmt: skip


def _segments(
    figure: go.Figure, low: pd.Series, high: pd.Series, y: np.ndarray, colors: Sequence[str], width: int,  # type: ignore[type-arg]
    dash: str = "solid",
) -> None:  # fmt: skip
    """Horizontal bars, one trace per colour."""
    for color in dict.fromkeys(colors):
        mine = [i for i, one in enumerate(colors) if one == color]
        x = np.column_stack([low.to_numpy(float)[mine], high.to_numpy(float)[mine], np.full(len(mine), np.nan)])
        at = np.column_stack([y[mine], y[mine], np.full(len(mine), np.nan)])
        figure.add_trace(
            go.Scatter(
                x=x.ravel(), y=at.ravel(), mode="lines", line={"color": color, "width": width, "dash": dash},
                hoverinfo="skip", showlegend=False,
            )
        )  # fmt: skip
