"""The coverage matrix: which family is scored on which benchmark, and which axes it has."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.core.family_styles import HUES
from components.core.i18n import gettext as _
from components.core.i18n import ngettext
from components.core.numbers import percent
from components.core.vocabulary import axis_name, in_sentence
from components.dataset.model import Coverage
from components.figures.theme import Theme, axis_style, base_layout
from data.series import AXES

MOST_FAMILIES = 40
MOST_BENCHMARKS = 30
ROW = 19  # pixels


def coverage_figure(shown: Coverage, *, theme: Theme, large: bool = False) -> go.Figure:
    """Two heat maps that share their rows: places on the axes (left), models scored (right)."""
    families, benchmarks = shown.names[:MOST_FAMILIES], shown.benchmarks[:MOST_BENCHMARKS]
    models = shown.models[:MOST_FAMILIES, :MOST_BENCHMARKS]
    axes = shown.axes[:MOST_FAMILIES]
    figure = make_subplots(
        rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.015,
        column_widths=[len(AXES), max(4, len(benchmarks))],
    )  # fmt: skip
    height = round(ROW * (1.4 if large else 1) * len(families) + 170)
    figure.update_layout(base_layout(theme, height=height, large=large))
    rows = list(range(len(families)))
    axis_text = [
        [
            _("{family}: {share} of {count} models have {axis}").format(
                family=escape(name), share=percent(axes[i, j]), count=shown.scored[i], axis=in_sentence(axis_name(axis))
            )
            for j, axis in enumerate(AXES)
        ]
        for i, name in enumerate(families)
    ]
    count_text = [
        [
            ngettext(
                "{family} on {benchmark}: {count} model", "{family} on {benchmark}: {count} models", int(models[i, j])
            ).format(family=escape(name), benchmark=escape(benchmark), count=int(models[i, j]))
            for j, benchmark in enumerate(benchmarks)
        ]
        for i, name in enumerate(families)
    ]
    with np.errstate(divide="ignore"):
        shade = np.where(models > 0, np.log2(1.0 + models), np.nan)
    common = {"showscale": False, "xgap": 2, "ygap": 2, "hovertemplate": "%{text}<extra></extra>", "zmin": 0}
    figure.add_trace(
        go.Heatmap(
            z=np.where(axes > 0, axes, np.nan), x=[axis_name(axis) for axis in AXES], y=rows, text=axis_text,
            colorscale=_scale(theme, "green"), zmax=1, **common,
        ),
        row=1, col=1,
    )  # fmt: skip
    figure.add_trace(
        go.Heatmap(
            z=shade, x=list(benchmarks), y=rows, text=count_text, colorscale=_scale(theme, "blue"),
            zmax=float(np.nanmax(shade, initial=1.0)), **common,
        ),
        row=1, col=2,
    )  # fmt: skip
    style = axis_style(theme)
    figure.update_xaxes(**style, side="top", tickangle=-60, showgrid=False, fixedrange=True)
    figure.update_yaxes(**style, autorange="reversed", showgrid=False, fixedrange=True)
    figure.update_yaxes(tickvals=rows, ticktext=[escape(name) for name in families], row=1, col=1)
    figure.update_yaxes(ticks="")
    figure.update_xaxes(tickfont={"size": 12 if not large else 16, "color": theme.muted})
    return figure


def _scale(theme: Theme, hue: str) -> list[list[object]]:
    """From just visible to the full hue; the empty cell is the paper."""
    return [[0, theme.grid], [1, HUES[hue][theme.dark]]]
