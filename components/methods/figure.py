"""Calibration at a glance: coverage and error of every method in every setting of the simulation study."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.core.family_styles import HUES, SYMBOLS
from components.core.i18n import gettext as _
from components.core.numbers import decimal, percent
from components.figures.theme import Theme, axis_style, base_layout
from components.methods.calibration import METHODS, REGIMES

NOMINAL = 0.95
TARGET = (0.93, 0.97)
_HUES = ("blue", "vermillion", "green")


def calibration_figure(table: pd.DataFrame, *, theme: Theme) -> go.Figure:
    """Dots: methods as rows, settings as colours and marks; left coverage with its target, right the error."""
    names = [name for name in METHODS if name in set(table["method"])]
    rows = {name: len(names) - place for place, name in enumerate(names)}
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.03)
    figure.update_layout(base_layout(theme, height=40 * len(names) + 130))
    for place, (regime, label) in enumerate(REGIMES.items()):
        part = table[table["regime"] == regime]
        color, symbol = HUES[_HUES[place]][theme.dark], SYMBOLS[place]
        # The settings of one method stand one below the other, so that equal values stay apart.
        height = [rows[name] + 0.22 * (1 - place) for name in part["method"]]
        for column, value in ((1, "coverage"), (2, "RMSE")):
            text = [
                _("{method}, {truth}: {value}").format(
                    method=escape(_(METHODS[name])),
                    truth=_(label),
                    value=percent(number, 1) if column == 1 else _("{value} decades").format(value=decimal(number, 3)),
                )
                for name, number in zip(part["method"], part[value], strict=True)
            ]
            figure.add_trace(
                go.Scatter(
                    x=part[value], y=height, mode="markers", name=_(label), legendgroup=regime, text=text,
                    showlegend=column == 1, marker={"color": color, "symbol": symbol, "size": 9},
                    hovertemplate="%{text}<extra></extra>",
                ),
                row=1, col=column,
            )  # fmt: skip
    figure.add_vrect(*TARGET, fillcolor=theme.shade, line_width=0, layer="below", row=1, col=1)
    figure.add_vline(NOMINAL, line={"color": theme.muted, "width": 1, "dash": "dot"}, layer="below", row=1, col=1)
    style = axis_style(theme)
    title = style.pop("title")
    figure.update_xaxes(**style, fixedrange=True, title=title)
    figure.update_yaxes(**style, fixedrange=True)
    figure.update_xaxes(
        title_text=_("Intervals that hold the true threshold"), tickformat=".0%", row=1, col=1,
        range=[min(0.55, float(table["coverage"].min()) - 0.03), 1.02],
    )  # fmt: skip
    figure.update_xaxes(
        title_text=_("Typical error (RMSE, decades)"), type="log", tickvals=[0.1, 0.2, 0.5, 1.0],
        ticktext=[decimal(0.1, 1), decimal(0.2, 1), decimal(0.5, 1), decimal(1, 0)], row=1, col=2,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(rows.values()), ticktext=[escape(_(METHODS[name])) for name in names], ticks="",
        range=[0.4, len(names) + 0.6],
    )  # fmt: skip
    figure.update_yaxes(showticklabels=False, row=1, col=2)
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False}
    )
    return figure
