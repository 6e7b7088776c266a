"""The planner's figure: for each family the least scale of every need, with its interval, over its data."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from components.atlas.figure import MOST_DECADES
from components.core.family_styles import HUES
from components.core.i18n import gettext as _
from components.core.vocabulary import AXIS_TITLES
from components.figures.scales import x_axis, x_range
from components.figures.theme import Theme, axis_style, base_layout, translucent
from components.planner.model import DECADES, Plan, Row
from components.planner.words import reach_text, target_text
from data.series import AXES

MOST_ROWS = 14
LINE = 24  # pixels of one line: a name, or a need
NEED_HUES = ("blue", "vermillion", "green", "orange", "purple", "sky", "olive", "grey")


def planner_figure(plan: Plan, *, theme: Theme, large: bool = False) -> go.Figure:
    """Draw a plan that has at least one answered row. One block per family, one line in it per need."""
    pooled = [plan.pooled] if plan.pooled is not None and plan.pooled.answered else []
    rows = [*pooled, *(row for row in plan.rows if row.answered)][:MOST_ROWS]
    lines = 1 + len(plan.needs)
    height = (LINE * 1.3 if large else LINE) * lines * len(rows) + 110
    figure = go.Figure(layout=base_layout(theme, height=round(height), large=large))
    hues = [HUES[NEED_HUES[i % len(NEED_HUES)]][theme.dark] for i in range(len(plan.needs))]
    names = [target_text(need, view) for need, view in zip(plan.needs, plan.views, strict=True)]
    extent: list[float] = []
    for block, row in enumerate(rows):
        top = (len(rows) - block) * lines - 0.5
        _label(figure, row, top, theme, large)
        for index, reach in enumerate(row.reaches):
            y = top - 1 - index
            start, end = _tested(plan, row, index)
            extent += [start, end]
            if np.isfinite(start):
                _line(figure, plan, start, end, y, theme.grid, 3)
            if reach.value is None:
                continue
            # An open end is drawn to the limit of what the planner says anything about.
            limit = end * 10**DECADES if AXES[plan.axis].log else end
            low = reach.low if reach.low is not None else start
            high = reach.high if reach.high is not None else limit
            extent += [reach.value, low, high]
            _line(figure, plan, low, high, y, translucent(hues[index], 0.45), 8)
            figure.add_trace(
                go.Scatter(
                    x=[_value(plan, reach.value)], y=[y], mode="markers", name=escape(names[index]),
                    legendgroup=str(index), showlegend=False,
                    marker={"symbol": "circle-open" if reach.status == "extrapolated" else "circle",
                            "color": hues[index], "size": 13 if row.binding == index else 8,
                            "line": {"width": 2, "color": hues[index]}},
                    hovertext=[_hover(row, names[index], reach_text(reach, plan.axis))],
                    hovertemplate="%{hovertext}<extra></extra>",
                )
            )  # fmt: skip
    for index, name in enumerate(names):
        figure.add_trace(
            go.Scatter(x=[None], y=[None], mode="markers", name=escape(name), legendgroup=str(index),
                       marker={"color": hues[index], "size": 10})
        )  # fmt: skip
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    values = np.array([_value(plan, at) for at in extent if np.isfinite(at)])
    figure.update_xaxes(**axis_style(theme))
    figure.update_xaxes(**x_axis(plan.axis, _(AXIS_TITLES[plan.axis]), x_range(plan.axis, values)), tickangle=0)
    if AXES[plan.axis].log and np.ptp(np.log10(values)) > MOST_DECADES:
        figure.update_xaxes(dtick=2)  # powers side by side on a phone
    figure.update_yaxes(visible=False, range=[-0.5, len(rows) * lines + 0.2], fixedrange=True)
    return figure


def _label(figure: go.Figure, row: Row, y: float, theme: Theme, large: bool) -> None:
    name = _("All families pooled") if row.key == "pool" else row.name
    figure.add_annotation(
        text=f"<b>{escape(name)}</b>", x=0, xref="paper", xanchor="left", y=y - 0.15, showarrow=False,
        font={"color": theme.ink, "size": 18 if large else 13},
    )  # fmt: skip


def _tested(plan: Plan, row: Row, index: int) -> tuple[float, float]:
    """Smallest and largest coordinate at which the family was scored on a need."""
    view = plan.views[index]
    if row.key == "pool":
        series = view.pooled or (view.shown[0] if view.shown else None)
    else:
        series = next((one for one in view.shown if one.family == row.key and "@" not in one.option), None)
    if series is None:
        return np.nan, np.nan
    at = AXES[plan.axis].coordinate(series.points["value"].to_numpy(float))
    return float(at.min()), float(at.max())


def _value(plan: Plan, coordinate: float) -> float:
    return float(AXES[plan.axis].value(np.asarray(coordinate)))


def _line(figure: go.Figure, plan: Plan, low: float, high: float, y: float, color: str, width: int) -> None:
    figure.add_trace(
        go.Scatter(
            x=[_value(plan, low), _value(plan, high)], y=[y, y], mode="lines", line={"color": color, "width": width},
            hoverinfo="skip", showlegend=False,
        )
    )  # fmt: skip


def _hover(row: Row, need: str, text: str) -> str:
    name = _("All families pooled") if row.key == "pool" else row.name
    return "<br>".join([f"<b>{escape(name)}</b>", escape(need), escape(text)])
