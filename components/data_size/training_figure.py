"""Scores through training: one line per size of a family, from the colour of the family (small) towards ink (large)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.core.i18n import gettext as _
from components.core.numbers import Z_95, decimal, percent, short
from components.data_size.training import Training
from components.figures.scales import spread
from components.figures.theme import Theme, annotate, axis_style, base_layout, mixed

HEIGHT = 380


def training_figure(
    trainings: Sequence[Training],
    sources: Mapping[str, str],
    theme: Theme,
    *,
    title: str = "",
    large: bool = False,
) -> go.Figure:
    """Panels, one below the other, of the families that have checkpoints on `title`. Needs at least one."""
    height = (520 if large else HEIGHT) * len(trainings)
    figure = make_subplots(
        rows=len(trainings), cols=1, shared_xaxes=True, vertical_spacing=70 / height if len(trainings) > 1 else 0,
        subplot_titles=[_panel_title(one, title) for one in trainings],
    )  # fmt: skip
    figure.update_layout(base_layout(theme, height=height + 30, large=large))
    figure.update_annotations(font={"color": theme.muted, "size": 13})
    figure.update_layout(margin={"t": 30})
    figure.update_xaxes(
        axis_style(theme), type="log", exponentformat="power", dtick=1, minor={"dtick": "D1", "ticks": ""}
    )
    figure.update_yaxes(axis_style(theme))
    figure.update_xaxes(title={"text": _("Training data seen (tokens)")}, row=len(trainings), col=1)
    tokens = np.log10(np.concatenate([one.points["tokens"].to_numpy(float) for one in trainings]))
    reach = float(np.ptp(tokens))
    figure.update_xaxes(range=[tokens.min() - 0.04 * reach, tokens.max() + 0.12 * reach])
    for row, training in enumerate(trainings, start=1):
        _panel(figure, training, sources, theme, row, height / len(trainings))
    return figure


def _panel_title(training: Training, title: str) -> str:
    if not title:
        return escape(training.name)
    return escape(_("{family} on {ability}").format(family=training.name, ability=title))


def _panel(
    figure: go.Figure, training: Training, sources: Mapping[str, str], theme: Theme, row: int, height: float
) -> None:
    points = training.points
    fraction = training.metric["unit"] == "fraction"
    models = list(dict.fromkeys(points["model_id"]))
    colors = shades(theme.family(training.family).color, theme, len(models))
    ends = []
    for model, color in zip(models, colors, strict=True):
        mine = points[points["model_id"] == model]
        figure.add_trace(
            go.Scatter(
                x=mine["tokens"], y=mine["score"], mode="lines+markers", name=escape(str(mine["model_name"].iloc[0])),
                line={"color": color, "width": 2}, marker={"color": color, "size": 6},
                hovertext=[_hover(point, fraction, sources) for point in mine.to_dict("records")],
                hovertemplate="%{hovertext}<extra></extra>",
            ),
            row=row, col=1,
        )  # fmt: skip
        ends.append(
            (float(mine["tokens"].iloc[-1]), float(mine["score"].iloc[-1]), float(mine["params"].iloc[0]), color)
        )
    axis = "" if row == 1 else str(row)
    span = max(float(np.ptp(points["score"].to_numpy(float))), 1e-9)
    places = spread(np.array([end[1] for end in ends]), 17 / height * span * 1.3)
    annotate(
        figure,
        [
            {"text": f"<b>{escape(short(params))}</b>", "x": np.log10(tokens), "y": place, "xref": f"x{axis}",
             "yref": f"y{axis}", "showarrow": False, "xanchor": "left", "xshift": 8,
             "font": {"color": color, "size": 12}}
            for place, (tokens, _score, params, color) in zip(places, ends, strict=True)
        ],
    )  # fmt: skip
    chance = points["chance"].dropna()
    if len(chance):
        level = float(chance.mode().iloc[0])
        known = percent(level, 1) if fraction else decimal(level, 3)
        figure.add_hline(
            y=level, line={"color": theme.muted, "width": 1.2, "dash": "dash"}, layer="below", row=row, col=1,
            annotation={"text": _("chance {level}").format(level=known), "x": 1, "xanchor": "right",
                        "yanchor": "bottom", "font": {"color": theme.muted, "size": 12}},
        )  # fmt: skip
    figure.update_yaxes(title={"text": escape(str(training.metric["name"]))}, row=row, col=1)
    if fraction:
        figure.update_yaxes(tickformat=".0%", row=row, col=1)


def shades(color: str, theme: Theme, count: int) -> list[str]:
    """From the family's colour (small) towards the ink (large), so that every line keeps its contrast to the paper."""
    weights = np.linspace(0, 0.75, count) if count > 1 else [0.0]
    return [mixed(color, theme.ink, float(weight)) for weight in weights]


def _hover(point: Mapping[str, object], fraction: bool, sources: Mapping[str, str]) -> str:
    score, error = float(str(point["score"])), Z_95 * float(str(point["stderr"]))
    shown, plus = (
        (percent(score, 1), percent(error, 1) if np.isfinite(error) else "")
        if fraction
        else (decimal(score, 3), decimal(error, 3) if np.isfinite(error) else "")
    )
    if np.isfinite(error):
        shown = _("{score} (95 %: ±{error})").format(score=shown, error=plus)
    where = _("{source}, {locator}").format(
        source=sources.get(str(point["source"]), str(point["source"])), locator=str(point["locator"])
    )
    lines = (
        _("after {tokens} tokens").format(tokens=short(float(str(point["tokens"])))),
        shown,
        where if len(where) < 90 else f"{where[:88]}…",
    )
    return "<br>".join([f"<b>{escape(str(point['model_name']))}</b>", *map(escape, lines)])
