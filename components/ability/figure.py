"""The figure of one ability: scores over scale, fits with bands, thresholds beside published claims.

Two panels share the x-axis: the curves above, and below them a strip (:mod:`components.figures.strip`) with a row a
family. Agreement with what was published is seen at a glance, and nothing covers the data.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.ability.model import AbilityView, ShownSeries
from components.core.i18n import gettext as _
from components.core.numbers import percent
from components.core.vocabulary import AXIS_TITLES, metric_name, series_name
from components.figures.curves import draw_chance, draw_curve, draw_points, figure_extent, series_style
from components.figures.scales import YScale, drawn, spread, unlabelled, x_axis, x_range, y_axis, y_scale
from components.figures.strip import ROW, draw_strip, row_names, strip_rows
from components.figures.theme import (
    LARGER,
    Theme,
    annotate,
    axis_style,
    base_layout,
    enlarge,
    name_figure,
    text_width,
    translucent,
)
from data.series import AXES

MAX_DIRECT_LABELS = 6
NAME_SIZE = 13
NAME_LENGTH = 15  # letters in a line of a name beside the figure
FRAME, FRAME_LARGE = 72, 150  # pixels of the height that the margins and the x-axis take


def ability_figure(
    view: AbilityView, *, y: str, fit: str, rule: str, theme: Theme, large: bool = False, height: int = 460
) -> go.Figure:
    """Draw an :class:`AbilityView` that has at least one series on the axis.

    `y` is a key of ``Y_SCALES``, `fit` a curve shape or 'none', `rule` the threshold definition.
    """
    scale = y_scale(y, proportion=view.proportion, chance=view.chance)
    rows = strip_rows(view, rule)
    strip = ROW * max(1, len(rows)) * (1.3 if large else 1) + 12
    total = height + strip
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.02, row_heights=[height / total, strip / total]
    )
    figure.update_layout(base_layout(theme, height=round(total), large=large))
    limits = x_range(view.axis, figure_extent(view))
    curves = view.shown if view.pooled is None else (*view.shown, view.pooled)
    for series in curves:
        if fit != "none":
            draw_curve(figure, view, series, scale, fit, series_style(theme, series))
    for series in view.shown:
        draw_points(figure, view, series, scale, series_style(theme, series), theme)
    draw_chance(figure, view, scale, theme, label=False)
    ends = _ends(view, scale, fit, theme)
    if len(view.shown) > MAX_DIRECT_LABELS:
        ends = [end for end in ends if end.series is None or end.series.option == "pool"]
        figure.update_layout(
            showlegend=True,
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": "toggleothers"},
        )
    extent = _extent_upwards(figure)
    panel = height * (total - (FRAME_LARGE if large else FRAME)) / total
    _names(figure, ends, view.axis, limits, extent, panel / (LARGER if large else 1))
    annotate(figure, row_names(rows, theme))
    names = [line for end in ends for line in _lines(end.name)] + [row.name for row in rows]
    widest = max((text_width(name, NAME_SIZE) for name in names), default=0.0)
    figure.update_layout(margin={"r": round(widest * (LARGER if large else 1)) + 22})
    draw_strip(figure, view, rows, theme)
    figure.update_xaxes(**axis_style(theme))
    figure.update_yaxes(**axis_style(theme))
    figure.update_xaxes(**x_axis(view.axis, _(AXIS_TITLES[view.axis]), limits), row=2, col=1)
    figure.update_xaxes(**unlabelled(view.axis, limits), row=1, col=1)
    upwards = extent[::-1] if scale.kind == "error_log" else extent
    figure.update_yaxes(
        **y_axis(scale, proportion=view.proportion, metric=metric_name(view.metric)) | {"autorange": None},
        range=upwards, row=1, col=1,
    )  # fmt: skip
    figure.update_yaxes(
        range=[-0.75, max(1, len(rows)) - 0.45], showticklabels=False, showgrid=False, ticks="", fixedrange=True,
        row=2, col=1,
    )  # fmt: skip
    if large:
        name_figure(figure, view.title)
        enlarge(figure)
    return figure


# -- names beside the figure ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _End:
    """Where a curve (or, without a series, the line of chance) ends, and what is written beside it."""

    name: str
    at: float | None  # in Plotly's coordinate; None: at the edge of the figure
    level: float
    color: str
    series: ShownSeries | None = None


def _ends(view: AbilityView, scale: YScale, fit: str, theme: Theme) -> list[_End]:
    ends = []
    for series in view.shown:
        at = float(drawn(view.axis, series.points["value"].iloc[-1]))
        level = float(scale(series.points["score"].iloc[-1]))
        ends.append(_End(series_name(series, view), at, level, series_style(theme, series).color, series))
    pooled = view.pooled
    if pooled is not None and pooled.assessment is not None and fit != "none":
        value = pooled.fitted["value"].iloc[-1]
        grid = np.array([float(AXES[view.axis].coordinate(np.array([value], float))[0])])
        mean, _low, _high = pooled.assessment.curve(grid, shape=None if fit == "step" else fit)
        at, level = float(drawn(view.axis, value)), float(scale(mean)[0])
        ends.append(_End(_("pooled"), at, level, theme.ink, pooled))
    if view.chance is not None:
        text = _("chance {level}").format(level=percent(view.chance, 1))
        ends.append(_End(text, None, float(scale(view.chance)), theme.muted))
    return ends


def _extent_upwards(figure: go.Figure) -> list[float]:
    """Least and greatest drawn score, with a little room: the names need it before a browser can find it."""
    low, high = [], []
    for trace in figure.data:
        y = np.asarray(trace.y, float)
        low.append(float((y - np.asarray(trace.error_y.arrayminus, float)).min() if trace.error_y.visible else y.min()))
        high.append(float((y + np.asarray(trace.error_y.array, float)).max() if trace.error_y.visible else y.max()))
    for shape in figure.layout.shapes:  # of the chance level
        low.append(float(min(shape.y0, shape.y1)))
        high.append(float(max(shape.y0, shape.y1)))
    room = 0.04 * max(max(high) - min(low), 1e-3)
    return [min(low) - room, max(high) + room]


def _lines(name: str) -> list[str]:
    return textwrap.wrap(name, NAME_LENGTH, break_long_words=False)


def _names(
    figure: go.Figure,
    ends: list[_End],
    axis: str,
    limits: list[float],
    extent: list[float],
    height: float,
) -> None:
    """Name each curve in the margin on its right, where a name can hide no point; a thin line leads to its end.

    `height` is that of the panel in pixels before small type is enlarged.
    """
    lines = [_lines(end.name) for end in ends]
    if not lines:
        return
    pixel = (extent[1] - extent[0]) / height
    heights = np.array([1.3 * NAME_SIZE * len(one) + 2 for one in lines]) * pixel
    placed = spread(np.array([end.level for end in ends]), heights, within=(extent[0], extent[1]))
    notes = []
    for end, text, place in zip(ends, lines, placed, strict=True):
        notes.append(
            {"text": "<br>".join(f"<b>{escape(line)}</b>" if end.series else escape(line) for line in text),
             "xref": "paper", "yref": "y", "x": 1, "y": float(place), "showarrow": False, "xanchor": "left",
             "yanchor": "middle", "align": "left", "xshift": 10, "font": {"color": end.color, "size": NAME_SIZE}}
        )  # fmt: skip
        leader = {"color": translucent(end.color, 0.55), "width": 1}
        start = limits[1] if end.at is None else end.at
        if abs(start - limits[1]) > 1e-9:
            log = AXES[axis].log or axis == "perplexity"
            x = [10**one if log else one for one in (start, limits[1])]
            figure.add_shape(
                type="line", xref="x", yref="y", x0=x[0], x1=x[1], y0=end.level, y1=place, line=leader, layer="between"
            )
    annotate(figure, notes)
