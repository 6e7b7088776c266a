"""Curves, points and the chance level of an ability: what the figures of every page draw alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.ability.model import AbilityView, ShownSeries
from components.core.family_styles import Style
from components.core.i18n import gettext as _
from components.core.numbers import percent
from components.core.vocabulary import series_name
from components.dataset.upload import OWN
from components.figures.hover import error_bounds, hover
from components.figures.scales import YScale, drawn
from components.figures.theme import Theme, translucent
from data.series import AXES

GRID = 160
OWN_SYMBOL = "diamond-wide"  # larger and outlined: a plain diamond is Chinchilla's


def series_style(theme: Theme, series: ShownSeries) -> Style:
    """Colour, mark and dash of a curve; the pool of all families is drawn in ink."""
    if series.option == "pool":
        return Style(theme.ink, "circle", "solid")
    return theme.family(series.family, series.variant)


def draw_chance(
    figure: go.Figure, view: AbilityView, scale: YScale, theme: Theme, *, col: int = 1, label: bool = True
) -> None:
    """The chance level, dashed, over a faint shade; in column `col` of the figure's first row."""
    if view.chance is None:
        return
    level = float(scale(view.chance))
    scores = np.concatenate([series.points["score"].to_numpy(float) for series in view.shown])
    drawn_scores = scale(scores)
    if scale.kind == "error_log":
        floor = max(level, float(drawn_scores.max())) + 0.05
    else:
        floor = min(level, float(drawn_scores.min()), float(scale(0.0)) if scale.kind == "raw" else level)
    figure.add_hrect(y0=floor, y1=level, fillcolor=theme.shade, line_width=0, layer="below", row=1, col=col)
    at_left, above = _free_corner(view, drawn_scores, level, floor, upwards=scale.kind != "error_log")
    figure.add_hline(
        y=level, line={"color": theme.muted, "width": 1.2, "dash": "dash"}, layer="below", row=1, col=col,
        annotation={
            "text": _("chance {level}").format(level=percent(view.chance, 1)) if label else "",
            "font": {"color": theme.muted, "size": 12}, "x": 0.004 if at_left else 0.996,
            "xanchor": "left" if at_left else "right", "yanchor": "bottom" if above else "top",
        },
    )  # fmt: skip


def _free_corner(
    view: AbilityView, scores: np.ndarray, level: float, floor: float, *, upwards: bool
) -> tuple[bool, bool]:
    """Where at the chance line a label covers the fewest points: at the left end?, above the line?"""
    at = drawn(view.axis, np.concatenate([series.points["value"].to_numpy(float) for series in view.shown]))
    across = (at - at.min()) / max(float(np.ptp(at)), 1e-9)
    if AXES[view.axis].reverse:
        across = 1 - across
    height = (scores - level) * (1 if upwards else -1)
    span = max(float(np.ptp([*scores, level, floor])), 1e-9)

    def room(corner: tuple[bool, bool]) -> float:
        left, above = corner
        near = height[(across < 0.16) if left else (across > 0.84)]
        if not above and abs(level - floor) < 0.08 * span:
            return -1.0  # no room below the line
        taken = near[near > -0.02 * span] if above else -near[near < 0.02 * span]
        return float(np.clip(taken, 0, None).min()) / span if taken.size else 1.0

    # In this order where there is a draw; more than a tenth of the height is room enough.
    corners = [(True, True), (False, True), (True, False), (False, False)]
    return max(corners, key=lambda corner: min(room(corner), 0.1))


def draw_curve(
    figure: go.Figure,
    view: AbilityView,
    series: ShownSeries,
    scale: YScale,
    fit: str,
    style: Style,
    *,
    col: int = 1,
    row: int = 1,
) -> None:
    """The fitted curve over its band, dotted outside the data that were fitted."""
    result, fitted = series.assessment, series.fitted
    if result is None or fitted["value"].nunique() < 2:
        return
    axis = AXES[view.axis]
    inside = np.sort(axis.coordinate(fitted["value"].to_numpy(float)))
    end = axis.coordinate(series.points["value"].to_numpy(float)).max()
    low, high = inside[0], max(inside[-1], end)
    if axis.log:
        reach = 0.04 * np.log10(high / low)
        grid = np.geomspace(low * 10**-reach, high * 10**reach, GRID)
    else:
        grid = np.linspace(low - 0.04 * (high - low), high + 0.04 * (high - low), GRID)
    mean, lower, upper = result.curve(grid, shape=None if fit == "step" else fit)
    at = axis.value(grid)
    known = (grid >= inside[0]) & (grid <= inside[-1])
    figure.add_trace(
        go.Scatter(
            x=np.concatenate([at, at[::-1]]), y=np.concatenate([scale(upper), scale(lower)[::-1]]),
            fill="toself", fillcolor=translucent(style.color, 0.13), line={"width": 0}, mode="lines",
            hoverinfo="skip", legendgroup=series.option, showlegend=False,
        ),
        row=row, col=col,
    )  # fmt: skip
    for part, dash, width in (
        (known, "solid", 2.2),
        (grid >= inside[-1], "dot", 1.6),
        (grid <= inside[0], "dot", 1.6),
    ):
        if part.sum() > 1:
            figure.add_trace(
                go.Scatter(
                    x=at[part], y=scale(mean[part]), mode="lines", hoverinfo="skip", showlegend=False,
                    line={"color": style.color, "width": width, "dash": style.dash if dash == "solid" else dash},
                    legendgroup=series.option,
                ),
                row=row, col=col,
            )  # fmt: skip


def draw_points(
    figure: go.Figure,
    view: AbilityView,
    series: ShownSeries,
    scale: YScale,
    style: Style,
    theme: Theme,
    col: int = 1,
    row: int = 1,
) -> None:
    """The scores with their errors: hollow where the place is estimated, outlined where digitised; own ones as diamonds."""
    points = series.points
    hollow = points["estimated"].to_numpy(bool)
    held = np.arange(len(points)) >= len(points) - series.held
    digitised = (points["extraction"] == "digitized").to_numpy(bool)
    y = scale(points["score"].to_numpy(float))
    low, high = (scale(side) for side in error_bounds(points))
    up, down = (np.nan_to_num(np.abs(side - y)) for side in (high, low))
    own = (points["extraction"] == OWN).to_numpy(bool)
    symbols = [
        f"{OWN_SYMBOL if is_own else style.symbol}-open" if is_hollow
        else OWN_SYMBOL if is_own
        else f"{style.symbol}-dot" if is_held
        else style.symbol
        for is_own, is_hollow, is_held in zip(own, hollow, held, strict=True)
    ]  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=points["value"], y=y, mode="markers", name=series_name(series, view), legendgroup=series.option,
            marker={
                "symbol": symbols, "color": style.color, "size": np.where(own, 14, np.where(held, 12, 9)),
                "line": {
                    "width": np.where(hollow, 2.0, np.where(digitised | own, 1.4, 1.0)),
                    "color": [
                        style.color if is_hollow else theme.ink if is_outlined else theme.paper
                        for is_hollow, is_outlined in zip(hollow, digitised | own, strict=True)
                    ],
                },
            },
            error_y={
                "type": "data", "symmetric": False, "array": up, "arrayminus": down, "color": style.color,
                "thickness": 1, "width": 3, "visible": bool((up + down).any()),
            },
            hovertext=[hover(point, view, series) for point in points.itertuples()],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        row=row, col=col,
    )  # fmt: skip


def shown_claims(view: AbilityView) -> pd.DataFrame:
    """The published claims on the families in the figure; those on all families at once where their scores are in it."""
    claims = view.claims
    everyone = claims["family_name"].isna()
    sources = {str(source) for series in view.shown for source in series.points["source"]}
    shown = claims["model_family"].isin([series.family for series in view.shown])
    return claims[(everyone & claims["source"].isin(sources)) | (~everyone & shown)]


def figure_extent(view: AbilityView) -> np.ndarray:
    """Smallest and largest axis value among the points and the claims."""
    values = [series.points["value"].to_numpy(float) for series in view.shown]
    values.append(shown_claims(view)["value"].to_numpy(float))
    together = np.concatenate(values)
    return np.array([together.min(), together.max()])
