"""Agreement with the literature and predictability, as figures."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from components.atlas.agreement import AGREEING, Agreement
from components.atlas.board_words import prediction_hover, published_name, row_name
from components.atlas.figure import row_labels
from components.atlas.model import Predictability
from components.core.family_styles import HUES
from components.core.i18n import gettext as _
from components.core.i18n import ngettext
from components.figures.theme import Theme, annotate, axis_style, base_layout, translucent

MOST_ROWS = 30
ROW = 54  # as in the forest: two lines of text, and the marks below them


def agreement_figure(shown: Agreement, *, theme: Theme, large: bool = False) -> go.Figure:
    """The confusion table as a heat map: published verdicts (columns) against ours, the agreeing cells framed."""
    agreeing = {ours for word in shown.published for ours in AGREEING[word]}
    kept = [i for i, ours in enumerate(shown.ours) if shown.matrix[:, i].any() or ours in agreeing]
    ours = [shown.ours[i] for i in kept]
    names = [row_name(mine) for mine in ours]
    counts = shown.matrix[:, kept].T
    share = counts / np.maximum(counts.sum(axis=0), 1)
    text = [
        [
            ngettext(
                "published as {published}, ours {ours}: {count} claim",
                "published as {published}, ours {ours}: {count} claims",
                int(count),
            ).format(published=published_name(word), ours=name, count=int(count))
            for word, count in zip(shown.published, line, strict=True)
        ]
        for name, line in zip(names, counts, strict=True)
    ]
    size = 44 if not large else 66
    figure = go.Figure(layout=base_layout(theme, height=130 + size * len(ours), large=large))
    figure.add_trace(
        go.Heatmap(
            z=np.where(counts > 0, share, np.nan), x=list(range(len(shown.published))), y=list(range(len(ours))),
            text=text, hovertemplate="%{text}<extra></extra>", showscale=False, xgap=3, ygap=3, zmin=0, zmax=1,
            colorscale=[[0, theme.grid], [1, HUES["blue"][theme.dark]]],
        )
    )  # fmt: skip
    for i, mine in enumerate(ours):
        for j, word in enumerate(shown.published):
            count, agrees = int(counts[i, j]), mine in AGREEING[word]
            strong = share[i, j] > 0.55
            figure.add_annotation(
                x=j, y=i, text=f"<b>{count}</b>" if agrees else str(count), showarrow=False,
                font={"color": "#FFFFFF" if strong and not theme.dark else theme.ink if count else theme.muted},
            )  # fmt: skip
            if agrees:
                figure.add_shape(
                    type="rect", x0=j - 0.48, x1=j + 0.48, y0=i - 0.48, y1=i + 0.48,
                    line={"color": theme.ink, "width": 2},
                )  # fmt: skip
    figure.update_xaxes(**axis_style(theme))
    figure.update_yaxes(**axis_style(theme))
    figure.update_xaxes(
        title={"text": _("published")}, side="top", tickvals=list(range(len(shown.published))), tickangle=0,
        tickfont={"size": 18 if large else 12},
        ticktext=[published_name(word).replace(" ", "<br>") for word in shown.published], showgrid=False, ticks="",
        fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(
        title={"text": _("our verdict")}, autorange="reversed", tickvals=list(range(len(ours))),
        ticktext=[name.replace(" ", "<br>") for name in names], showgrid=False, ticks="", fixedrange=True,
    )  # fmt: skip
    return figure


def prediction_figure(shown: Predictability, *, theme: Theme, large: bool = False, most: int = MOST_ROWS) -> go.Figure:
    """The most surprising largest models: what the smaller ones predicted, and what came."""
    rows = shown.rows[shown.rows["share"].notna()].head(most)
    rows = rows.assign(**{name: rows[name] * rows["share"]
                          for name in ("expected", "expected_low", "expected_high", "held_score")})  # fmt: skip
    height = (ROW * 1.35 if large else ROW) * len(rows) + 80
    figure = go.Figure(layout=base_layout(theme, height=round(height), large=large))
    y = np.arange(len(rows))[::-1].astype(float)
    styles = [theme.family(family) for family in rows["family"]]
    for row, style, at in zip(rows.itertuples(), styles, y, strict=True):
        figure.add_trace(
            go.Scatter(
                x=[row.expected_low, row.expected_high], y=[at, at], mode="lines", hoverinfo="skip",
                line={"color": translucent(style.color, 0.35), "width": 9}, showlegend=False,
            )
        )  # fmt: skip
    annotate(figure, row_labels(rows, styles, y, theme, large=large))
    hover = [prediction_hover(row) for row in rows.itertuples()]
    colors = [style.color for style in styles]
    for column, symbol, name in (("expected", "line-ns", _("predicted")), ("held_score", "circle", _("observed"))):
        jump = [symbol if column == "expected" or row else f"{symbol}-open" for row in rows["jump"]]
        figure.add_trace(
            go.Scatter(
                x=rows[column], y=y, mode="markers", name=escape(name),
                marker={"symbol": jump, "color": colors, "size": 12 if column == "expected" else 10,
                        "line": {"width": 2, "color": colors}},
                hovertext=hover, hovertemplate="%{hovertext}<extra></extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(
        **axis_style(theme), tickformat=".0%", side="top", range=[-0.03, 1.05], tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1.0]
    )
    figure.update_yaxes(visible=False, range=[-0.4, len(rows) - 0.2], fixedrange=True)
    return figure
