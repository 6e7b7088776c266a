"""With and without a technique: the paired curves above, the gain with its interval below."""

from __future__ import annotations

import re
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.core.family_styles import Style, style_variants
from components.core.i18n import gettext as _
from components.core.numbers import on_axis, percent
from components.core.vocabulary import AXIS_TITLES, metric_name
from components.figures.scales import drawn, unlabelled, x_axis, x_range
from components.figures.theme import (
    Theme,
    axis_style,
    base_layout,
    enlarge,
    mixed,
    name_figure,
    translucent,
    where_room,
)
from components.prompting.model import ContrastView, Pair
from components.prompting.words import gain_text
from data.series import AXES
from emergence import Assessment

CURVE = 120


def contrast_figure(
    view: ContrastView, technique: str, theme: Theme, *, title: str = "", large: bool = False
) -> go.Figure:
    """Draw a contrast with at least one pair: full colour and solid lines with the technique, pale and dashed without.

    `title` names the ability, on a slide. Nothing is hollow: hollow marks say elsewhere that a place is estimated.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.04, row_heights=[0.6, 0.4])
    figure.update_layout(base_layout(theme, height=760 if large else 620, large=large))
    everything = np.concatenate([pair.with_["value"].to_numpy(float) for pair in view.pairs])
    for pair, variant in zip(
        view.pairs, style_variants([pair.family for pair in view.pairs], dashes=False), strict=True
    ):
        style = theme.family(pair.family, variant)
        _curve(figure, view, pair.fit_without, pair.without, style, solid=False)
        _curve(figure, view, pair.fit_with, pair.with_, style, solid=True)
        _points(figure, view, pair, style, theme, technique)
        _gain(figure, view, pair, style, theme)
    if view.chance is not None:
        figure.add_hline(
            y=view.chance, line={"color": theme.muted, "width": 1.2, "dash": "dash"}, row=1, col=1,
            annotation={"text": _("chance {level}").format(level=percent(view.chance, 1)), "x": 0.996,
                        "xanchor": "right", "yanchor": "bottom", "font": {"color": theme.muted, "size": 12}},
        )  # fmt: skip
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1.2}, row=2, col=1)
    fraction = view.metric["unit"] == "fraction"
    limits = x_range(view.axis, everything)
    _claims(figure, view, theme, sum(limits) / 2)
    figure.update_xaxes(**axis_style(theme))
    figure.update_yaxes(**axis_style(theme))
    figure.update_yaxes(tickformat=".0%" if fraction else "", row=1, col=1)
    figure.update_xaxes(**x_axis(view.axis, _(AXIS_TITLES[view.axis]), limits), row=2, col=1)
    figure.update_xaxes(**unlabelled(view.axis, limits), row=1, col=1)
    figure.update_yaxes(title_text=metric_name(view.metric), row=1, col=1)
    gain = _("Gain (percentage points)") if fraction else _("Gain (up: it helps)")
    figure.update_yaxes(title_text=gain, row=2, col=1)
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": "toggleothers"},
    )
    if large:
        name_figure(figure, _("{technique} on {task}").format(technique=technique, task=title) if title else technique)
        enlarge(figure)
    return figure


def _curve(
    figure: go.Figure, view: ContrastView, fit: Assessment, points: object, style: Style, *, solid: bool
) -> None:
    values = points["value"].to_numpy(float)  # type: ignore[index]
    axis = AXES[view.axis]
    at = axis.coordinate(values)
    if len(np.unique(at)) < 2:
        return
    grid = axis.even(at.min(), at.max(), CURVE)
    mean, low, high = fit.curve(grid)
    x = axis.value(grid)
    if solid:
        figure.add_trace(
            go.Scatter(
                x=np.concatenate([x, x[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself", mode="lines",
                line={"width": 0}, fillcolor=translucent(style.color, 0.12), hoverinfo="skip", showlegend=False,
            ),
            row=1, col=1,
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=x, y=mean, mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": style.color, "width": 2.2 if solid else 1.5, "dash": "solid" if solid else "dash"},
        ),
        row=1, col=1,
    )  # fmt: skip


def _points(figure: go.Figure, view: ContrastView, pair: Pair, style: Style, theme: Theme, technique: str) -> None:
    pale = mixed(style.color, theme.paper, 0.6)
    for points, color, name in (
        (pair.without, pale, _("{family}, without").format(family=pair.name)),
        (pair.with_, style.color, _("{family}, with").format(family=pair.name)),
    ):
        hover = [
            "<br>".join(
                [
                    f"<b>{escape(str(point.model_name))}</b>",
                    escape(on_axis(point.value, view.axis)),
                    escape(percent(point.score, 1) if point.unit == "fraction" else f"{point.score:.3g}"),
                    escape(_("{source}, {locator}").format(source=point.source, locator=point.locator))[:120],
                ]
            )
            for point in points.itertuples()
        ]
        figure.add_trace(
            go.Scatter(
                x=points["value"], y=points["score"], mode="markers", name=name, hovertext=hover,
                hovertemplate="%{hovertext}<extra></extra>",
                marker={"symbol": style.symbol, "size": 9, "color": color,
                        "line": {"width": 1, "color": style.color if color == pale else theme.paper}},
            ),
            row=1, col=1,
        )  # fmt: skip


def _gain(figure: go.Figure, view: ContrastView, pair: Pair, style: Style, theme: Theme) -> None:
    rows = pair.matched
    unit = 100 if view.metric["unit"] == "fraction" else 1
    half = unit * np.nan_to_num((rows["high"] - rows["gain"]).to_numpy(float))
    hover = [
        f"<b>{escape(str(row.model_name))}</b><br>{escape(gain_text(row.gain, view))}" for row in rows.itertuples()
    ]
    figure.add_trace(
        go.Scatter(
            x=rows["value"], y=unit * rows["gain"], mode="lines+markers", showlegend=False, hovertext=hover,
            hovertemplate="%{hovertext}<extra></extra>", line={"color": style.color, "width": 1, "dash": "dot"},
            marker={"symbol": style.symbol, "size": 9, "color": style.color, "line": {"width": 1, "color": theme.paper}},
            error_y={"type": "data", "array": half, "color": style.color, "thickness": 1, "width": 3},
        ),
        row=2, col=1,
    )  # fmt: skip
    found = pair.crossover
    if found.value is None:
        return
    ends = pair.with_["value"].iloc[[0, -1]]  # in the order of the axis
    low, high = (end if at is None else at for at, end in zip((found.low, found.high), ends, strict=True))
    figure.add_trace(
        go.Scatter(
            x=[low, high], y=[0, 0], mode="lines", line={"color": style.color, "width": 6}, opacity=0.4,
            hoverinfo="skip", showlegend=False,
        ),
        row=2, col=1,
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[found.value], y=[0], mode="markers", showlegend=False,
            marker={"symbol": "line-ns", "size": 18, "color": style.color, "line": {"width": 3, "color": style.color}},
            hovertemplate=_("crossover of {family}: {at}").format(
                family=escape(pair.name), at=escape(on_axis(found.value, view.axis))
            ) + "<extra></extra>",
        ),
        row=2, col=1,
    )  # fmt: skip


def _claims(figure: go.Figure, view: ContrastView, theme: Theme, middle: float) -> None:
    """Published thresholds as open diamonds on the zero line; a label stands on the side of `middle` that has room."""
    column = {"flops": "threshold_flops", "params": "threshold_params"}.get(view.axis)
    if column is None:
        return
    for place, value in enumerate(sorted(set(view.claims[column].dropna().astype(float)))):
        places = view.claims[view.claims[column] == value]
        where = "; ".join(f"{claim.source}, {claim.locator}" for claim in places.itertuples())
        figure.add_trace(
            go.Scatter(
                x=[value], y=[0], mode="markers", showlegend=False,
                marker={"symbol": "diamond-open", "size": 12, "color": theme.claim, "line": {"width": 2}},
                hovertemplate=_("published: {at}<br>{where}").format(
                    at=escape(on_axis(value, view.axis)), where=escape(where)
                ) + "<extra></extra>",
            ),
            row=2, col=1,
        )  # fmt: skip
        locator = re.split(r"[,;]| p\.", str(places["locator"].iloc[0]))[0]
        name = _("published, {place}").format(place=locator)
        at = float(drawn(view.axis, value))
        figure.add_annotation(
            text=escape(name) + where_room(escape(f": {on_axis(value, view.axis)}")), x=at, y=0, showarrow=False,
            xanchor="right" if at > middle else "left", yshift=-15 - 14 * place,
            font={"color": theme.claim, "size": 12}, row=2, col=1,
        )  # fmt: skip
