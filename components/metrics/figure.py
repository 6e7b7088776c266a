"""The metric lens: the same outputs under each metric, one row a metric, the x-axis shared; and implied exponents."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.core.family_styles import HUES
from components.core.i18n import gettext as _
from components.core.numbers import decimal, on_axis
from components.core.vocabulary import AXIS_TITLES, metric_name, threshold_values
from components.figures.curves import draw_curve, draw_points, figure_extent, series_style
from components.figures.scales import YScale, x_axis, x_range
from components.figures.theme import Theme, axis_style, base_layout, name_figure, translucent
from components.metrics.model import LensView, MetricView, Mirages
from components.metrics.words import EXPONENT_NAMES, row_label
from data.series import AXES

ROW = 165  # pixels
_RAW = YScale("raw", 0.0)
_MIRAGES = {"own": ("purple", "dot"), "hoffmann": ("olive", "dash")}  # Kaplan's is flat over any published range
_REFERENCES = {"own": "purple", "kaplan": "grey", "hoffmann": "olive"}


def metrics_figure(view: LensView, mirages: tuple[Mirages, ...], theme: Theme, *, large: bool = False) -> go.Figure:
    """Draw a lens with at least one metric: points, curve with band, threshold, mirages over all-or-nothing ones."""
    rows = len(view.metrics)
    height = rows * (max(78, min(200, 690 / rows)) if large else ROW) + 110  # a slide is 900 pixels high
    figure = make_subplots(rows=rows, cols=1, shared_xaxes=True, vertical_spacing=min(0.05, 0.32 / rows))
    figure.update_layout(base_layout(theme, height=round(height), large=large))
    figure.update_xaxes(**axis_style(theme))
    figure.update_yaxes(**axis_style(theme))
    beside = {one.metric.metric: one for one in mirages}
    seen: set[str] = set()
    for row, one in enumerate(view.metrics, start=1):
        _metric(figure, one, row, theme, large=large, brief=large and rows > 5)
        if one.metric in beside:
            _mirages(figure, beside[one.metric], row, theme, seen)
    extents = np.concatenate([figure_extent(one.view) for one in view.metrics])
    figure.update_xaxes(**{**x_axis(view.axis, "", x_range(view.axis, extents)), "title": None})
    figure.update_xaxes(title_text=_(AXIS_TITLES[view.axis]), row=rows, col=1)
    if seen:
        figure.update_layout(
            showlegend=True, legend={"orientation": "h", "yref": "container", "y": 0.998, "yanchor": "top", "x": 0},
            margin={"t": 52},
        )  # fmt: skip
    if large:
        first = view.metrics[0].view
        name_figure(figure, _("{title}, {family}").format(title=first.title, family=view.family))
        figure.update_layout(legend={"yref": "paper", "y": 1.01, "yanchor": "bottom"})
    return figure


def _metric(figure: go.Figure, one: MetricView, row: int, theme: Theme, *, large: bool, brief: bool) -> None:
    view, series = one.view, one.view.shown[0]
    style = series_style(theme, series)
    score = series.points["score"].to_numpy(float)
    if np.ptp(score) > 0:  # equal scores have no scale to draw a band on
        draw_curve(figure, view, series, _RAW, "step", style, row=row)
    draw_points(figure, view, series, _RAW, style, theme, row=row)
    figure.data[-1].showlegend = False
    low, high = float(score.min()), float(score.max())
    if view.chance is not None:
        low = min(low, view.chance)
        figure.add_hline(y=view.chance, line={"color": theme.muted, "width": 1.1, "dash": "dash"}, row=row, col=1)
    span = (high - low) or (0.1 if view.proportion else max(1.0, 0.2 * abs(high)))
    # Room above for the row's label; better is up, so a loss hangs from the top.
    bottom, top = low - 0.12 * span, high + 0.5 * span
    if not view.higher_is_better:
        bottom, top = high + 0.12 * span, low - 0.5 * span
    figure.update_yaxes(
        range=[bottom, top], nticks=5, tickformat=".0%" if view.proportion and span > 0.03 else None, row=row, col=1
    )
    _threshold(figure, one, row, style.color)
    _claim(figure, one, row, theme, bottom + 0.05 * (top - bottom))
    number = "" if row == 1 else str(row)
    title, kind = row_label(one)
    text = f"<b>{escape(title)}</b>"
    if not brief:  # low rows have no room for a second line
        text += f"<br><span style='color:{theme.muted}'>{escape(kind)}</span>"
    figure.add_annotation(
        text=text, align="left",
        xref=f"x{number} domain", yref=f"y{number} domain", x=0.005, y=0.99, xanchor="left", yanchor="top",
        showarrow=False, bgcolor=translucent(theme.paper, 0.75), font={"size": 17 if large else 13},
    )  # fmt: skip


def _threshold(figure: go.Figure, one: MetricView, row: int, color: str) -> None:
    """Where it appears as a line, the interval as a shade; nothing where it does not appear."""
    found = one.assessment.thresholds[one.assessment.rule] if one.assessment else None
    if found is None or not found.identified:
        return
    value, worse, better = threshold_values(found, one.view.axis)
    figure.add_vrect(
        x0=worse, x1=better, fillcolor=translucent(color, 0.09), line_width=0, layer="below", row=row, col=1
    )
    figure.add_vline(x=value, line={"color": translucent(color, 0.7), "width": 1.4, "dash": "dot"}, row=row, col=1)


def _claim(figure: go.Figure, one: MetricView, row: int, theme: Theme, level: float) -> None:
    """Published thresholds of this family as open diamonds at the foot of an all-or-nothing metric."""
    claims = one.view.claims
    if one.kind != "thresholded" or claims.empty:
        return
    family = one.view.shown[0].family
    mine = claims[claims["model_family"].fillna("").astype(str).isin(["", family])]
    figure.add_trace(
        go.Scatter(
            x=mine["value"], y=[level] * len(mine), mode="markers", showlegend=False,
            marker={"symbol": "diamond-open", "size": 11, "color": theme.claim, "line": {"width": 2}},
            hovertext=[
                escape(_("published: {claim}, {locator}").format(
                    claim=on_axis(claim.value, one.view.axis), locator=claim.locator))
                for claim in mine.itertuples()
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        row=row, col=1,
    )  # fmt: skip


def _mirages(figure: go.Figure, one: Mirages, row: int, theme: Theme, seen: set[str]) -> None:
    points = one.metric.view.shown[0].points["value"].to_numpy(float)
    grid = np.geomspace(points.min(), points.max(), 120)
    for key, (hue, dash) in _MIRAGES.items():
        curve = one.curves.get(key)
        if curve is None:
            continue
        name = _("mirage of {loss} (exponent {exponent})").format(
            loss=_(EXPONENT_NAMES[key]), exponent=decimal(curve.exponent, 3)
        )
        figure.add_trace(
            go.Scatter(
                x=grid, y=curve.curve(grid), mode="lines", name=name, legendgroup=f"mirage-{key}",
                showlegend=key not in seen, line={"color": HUES[hue][theme.dark], "width": 2, "dash": dash},
                hovertemplate=escape(name) + ": %{y:.1%}<extra></extra>",
            ),
            row=row, col=1,
        )  # fmt: skip
        seen.add(key)


def rising(view: LensView) -> tuple[MetricView, ...]:
    """Metrics with a rise, whose width says something."""
    return tuple(
        one
        for one in view.metrics
        if one.rises and one.assessment is not None and one.assessment.implied_exponent.value is not None
    )


def exponents_figure(view: LensView, references: dict[str, float], theme: Theme, *, large: bool = False) -> go.Figure:
    """The loss exponent that each metric's rise would need as a mirage, beside measured ones. Log axes only."""
    shown = rising(view)
    figure = go.Figure(layout=base_layout(theme, height=150 + 44 * len(shown), large=large))
    for place, one in enumerate(reversed(shown)):
        assert one.assessment is not None
        found = one.assessment.implied_exponent
        if found.value is None or found.low is None or found.high is None:
            continue
        style, name = series_style(theme, one.view.shown[0]), escape(metric_name(one.view.metric))
        figure.add_trace(
            go.Scatter(
                x=[found.value], y=[place], mode="markers", marker={"size": 11, "color": style.color},
                error_x={"type": "data", "symmetric": False, "array": [found.high - found.value],
                         "arrayminus": [found.value - found.low], "color": style.color, "thickness": 2, "width": 5},
                hovertemplate=_("{metric}: {value} (95 %: {low} to {high})").format(
                    metric=name, value=decimal(found.value, 3), low=decimal(found.low, 3),
                    high=decimal(found.high, 3)) + "<extra></extra>",
            )
        )  # fmt: skip
        figure.add_annotation(
            text=name, x=1, xref="x domain", y=place, yshift=13, xanchor="right", showarrow=False,
            font={"size": 13}, bgcolor=translucent(theme.paper, 0.7),
        )  # fmt: skip
    # The line with the lowest value is the highest, so that no line runs through a name.
    for level, (key, value) in enumerate(sorted(references.items(), key=lambda pair: -pair[1])):
        color, top = HUES[_REFERENCES[key]][theme.dark], len(shown) - 0.25 + 0.42 * level
        figure.add_shape(
            type="line", x0=value, x1=value, y0=-0.6, y1=top, line={"color": color, "width": 1.6, "dash": "dash"}
        )
        figure.add_annotation(
            text=_("{name} {value}").format(name=_(EXPONENT_NAMES[key]), value=decimal(value, 3)), x=np.log10(value),
            y=top, showarrow=False, xanchor="left", xshift=4, font={"color": color, "size": 12},
        )  # fmt: skip
    figure.update_xaxes(
        **axis_style(theme), type="log", tickvals=[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
        title_text=_("Exponent of the loss of a token"),
    )  # fmt: skip
    figure.update_yaxes(
        **axis_style(theme), tickvals=list(range(len(shown))), showticklabels=False, range=[-0.6, len(shown) + 1]
    )
    return figure


def log_axis(view: LensView) -> bool:
    """Whether widths are decades, which is what exponents need."""
    return AXES[view.axis].log
