"""The figures of the theory lab, one for each part."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.core.family_styles import HUES
from components.core.i18n import gettext as _
from components.core.numbers import decimal, percent, short
from components.figures.theme import Theme, axis_style, base_layout, translucent, where_room
from components.theory.data import LossPanel
from components.theory.model import MODELS, MOST_DRAWN, QuantaLab, SamplingLab, StepsLab
from components.theory.words import RESOURCE_NAMES
from emergence.quanta import Resource

_MARKS = {"parameters": ("blue", "circle"), "data": ("vermillion", "square"), "steps": ("green", "triangle-up-open")}
_LABELLED = (1, 10, 100)


def _stack(
    theme: Theme, heights: tuple[float, ...], *, height: int, large: bool, shared: bool, gap: float
) -> go.Figure:
    figure = make_subplots(
        rows=len(heights), cols=1, shared_xaxes=shared, vertical_spacing=gap, row_heights=list(heights)
    )
    figure.update_layout(base_layout(theme, height=round(height * (1.2 if large else 1)), large=large))
    figure.update_xaxes(**axis_style(theme))
    figure.update_yaxes(**axis_style(theme))
    return figure


def _heading(figure: go.Figure, row: int, text: str, theme: Theme, *, left: bool = True) -> None:
    """What a row of the figure shows, inside its frame."""
    number = "" if row == 1 else str(row)
    figure.add_annotation(
        text=escape(text), xref=f"x{number} domain", yref=f"y{number} domain", x=0.01 if left else 0.99, y=1,
        xanchor="left" if left else "right", yanchor="top", showarrow=False, bgcolor=translucent(theme.paper, 0.7),
        font={"color": theme.muted, "size": 13},
    )  # fmt: skip


# -- quanta ------------------------------------------------------------------------------------------------


def quanta_figure(lab: QuantaLab, theme: Theme, *, large: bool = False) -> go.Figure:
    """Above, the mean loss against the amount of a resource; below, single predictions against model size."""
    figure = _stack(theme, (0.6, 0.4), height=620, large=large, shared=True, gap=0.06)
    for resource in ("parameters", "data"):
        color = HUES[_MARKS[resource][0]][theme.dark]
        figure.add_trace(
            go.Scatter(
                x=lab.amounts, y=lab.loss[resource], mode="lines", line={"color": color, "width": 2}, hoverinfo="skip",
                showlegend=False,
            ),
            row=1, col=1,
        )  # fmt: skip
    for resource, run in lab.runs.items():
        hue, symbol = _MARKS[resource]
        mean, spread = run.loss.mean(axis=0), run.loss.std(axis=0, ddof=1)
        figure.add_trace(
            go.Scatter(
                x=run.amounts, y=mean, mode="markers", showlegend=True,
                name=_("simulated, {resource}").format(resource=_(RESOURCE_NAMES[resource])),
                error_y={"type": "data", "array": np.minimum(spread, 0.9 * mean), "thickness": 1, "width": 2},
                marker={"symbol": symbol, "size": 9, "color": HUES[hue][theme.dark],
                        "line": {"width": 2 if symbol.endswith("open") else 1,
                                 "color": HUES[hue][theme.dark] if symbol.endswith("open") else theme.paper}},
                hovertemplate=_("simulated, {resource}").format(resource=_(RESOURCE_NAMES[resource]))
                + "<br>%{x:.3g} → %{y:.3g}<extra></extra>",
            ),
            row=1, col=1,
        )  # fmt: skip
    _slopes(figure, lab, theme)
    _single_predictions(figure, lab, theme)
    least = min(float(np.min(losses[losses > 0])) for losses in lab.loss.values())
    decades = -np.log10(least)
    right = np.log10(lab.top)
    figure.update_xaxes(type="log", exponentformat="power", dtick=1, range=[-0.02 * right, 1.02 * right])
    figure.update_xaxes(title_text=_("Amount of the resource (first quantum: 1)"), row=2, col=1)
    figure.update_yaxes(
        type="log", exponentformat="power", dtick=max(1, round(decades / 5)) if decades > 1.2 else "D2",
        range=[-1.04 * decades, 0.08 * decades], title_text=_("Mean loss"), row=1, col=1,
    )  # fmt: skip
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_yaxes(range=[-0.08, 1.3], tickvals=[0, 0.5, 1], title_text=_("Loss, one prediction"), row=2, col=1)
    return figure


def _slopes(figure: go.Figure, lab: QuantaLab, theme: Theme) -> None:
    """Each slope beside its line: the one of data above it, the steeper one of parameters below."""
    middle = int(0.62 * len(lab.amounts))
    beside: tuple[tuple[Resource, str, tuple[str, str], tuple[int, int]], ...] = (
        ("parameters", _("parameters: slope −{alpha}"), ("right", "top"), (-10, -10)),
        ("data", _("data, steps: slope −{alpha}"), ("left", "bottom"), (10, 12)),
    )
    for resource, text, anchor, shift in beside:
        figure.add_annotation(
            text=where_room(f"<b>{text.format(alpha=decimal(lab.expected[resource], 3))}</b>"), showarrow=False,
            x=np.log10(lab.amounts[middle]), y=np.log10(lab.loss[resource][middle]), xref="x", yref="y",
            xanchor=anchor[0], yanchor=anchor[1], xshift=shift[0], yshift=shift[1],
            font={"color": HUES[_MARKS[resource][0]][theme.dark], "size": 14},
        )  # fmt: skip


def _single_predictions(figure: go.Figure, lab: QuantaLab, theme: Theme) -> None:
    for rank in lab.monogenic:
        figure.add_trace(
            go.Scatter(
                x=[1, rank, rank, lab.top], y=[1, 1, 0, 0], mode="lines", line={"color": theme.muted, "width": 1.6},
                showlegend=False,
                hovertemplate=_("needs quantum {rank} alone").format(rank=decimal(rank, 0)) + "<extra></extra>",
            ),
            row=2, col=1,
        )  # fmt: skip
        figure.add_annotation(
            text=short(rank), x=np.log10(rank), y=1.02, xref="x2", yref="y2",
            showarrow=False, yanchor="bottom", font={"color": theme.muted, "size": 12},
        )  # fmt: skip
    color = HUES["purple"][theme.dark]
    figure.add_trace(
        go.Scatter(
            x=lab.amounts, y=lab.polygenic_loss, mode="lines", line={"color": color, "width": 2.4, "shape": "hv"}, showlegend=False,
            hovertemplate=_("needs {count} quanta together").format(count=len(lab.polygenic)) + "<extra></extra>",
        ),
        row=2, col=1,
    )  # fmt: skip
    # Over the top of its first steps: further right lines cross, further down the curve does.
    first = int(np.argmax(np.asarray(lab.polygenic_loss) < 0.9))
    figure.add_annotation(
        text=where_room("<b>" + _("needs {count} quanta").format(count=len(lab.polygenic)) + "</b>"),
        x=np.log10(lab.amounts[first]), y=1, xref="x2", yref="y2", xanchor="right", yanchor="bottom", xshift=-6, yshift=4, showarrow=False,
        font={"color": color, "size": 13},
    )  # fmt: skip


# -- steps -------------------------------------------------------------------------------------------------


def steps_figure(lab: StepsLab, theme: Theme, *, large: bool = False) -> go.Figure:
    """Above, success against scale for many lengths; below, the 10-90 % band against length: parallel lines."""
    figure = _stack(theme, (0.55, 0.45), height=640, large=large, shared=True, gap=0.05)
    color = HUES["vermillion"][theme.dark]
    for rise in lab.rises:
        mine = rise.steps == lab.steps
        figure.add_trace(
            go.Scatter(
                x=lab.decades, y=lab.success[rise.steps], mode="lines",
                line={"color": color if mine else translucent(theme.muted, 0.6), "width": 3 if mine else 1.3},
                hovertemplate=_("{steps} steps").format(steps=rise.steps) + ": %{y:.1%}<extra></extra>",
            ),
            row=1, col=1,
        )  # fmt: skip
        if mine or (rise.steps in _LABELLED and abs(np.log10(rise.steps / lab.steps)) > 0.6):
            figure.add_annotation(
                text=f"<b>L = {rise.steps}</b>" if mine else f"L = {rise.steps}", x=rise.middle, y=0.5, xref="x",
                yref="y", showarrow=False, font={"color": color if mine else theme.muted, "size": 12},
                bgcolor=translucent(theme.paper, 0.8),
                xanchor="right" if mine else "center", xshift=-8 if mine else 0,
            )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[0], y=[lab.chosen.now], mode="markers", marker={"symbol": "circle", "size": 12, "color": color},
            hovertemplate=_("this model: {now}").format(now=percent(lab.chosen.now, 1)) + "<extra></extra>",
        ),
        row=1, col=1,
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": theme.muted, "width": 1, "dash": "dash"})
    figure.add_annotation(
        text=_("this model"), x=0, y=1.02, xref="x", yref="y", showarrow=False, xanchor="left", yanchor="bottom",
        xshift=4, font={"color": theme.muted, "size": 12},
    )  # fmt: skip
    _band(figure, lab, theme, color)
    figure.update_xaxes(title_text=_("Scale relative to this model (decades)"), row=2, col=1)
    figure.update_yaxes(range=[-0.03, 1.12], tickformat=".0%", title_text=_("Success"), row=1, col=1)
    figure.update_yaxes(
        type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200], range=[-0.12, 2.5], title_text=_("Steps L"), row=2, col=1
    )
    return figure


def _band(figure: go.Figure, lab: StepsLab, theme: Theme, color: str) -> None:
    steps = [rise.steps for rise in lab.rises]
    low, high = [rise.low for rise in lab.rises], [rise.high for rise in lab.rises]
    figure.add_trace(
        go.Scatter(
            x=[*low, *high[::-1]], y=[*steps, *steps[::-1]], fill="toself", mode="lines", hoverinfo="skip",
            line={"width": 0}, fillcolor=translucent(color, 0.13),
        ),
        row=2, col=1,
    )  # fmt: skip
    for name, at in ((_("10 %"), low), (_("50 %"), [rise.middle for rise in lab.rises]), (_("90 %"), high)):
        figure.add_trace(
            go.Scatter(
                x=at, y=steps, mode="lines", line={"color": theme.muted, "width": 1.3},
                hovertemplate=f"{name}: L = %{{y}}, %{{x:.2f}}<extra></extra>",
            ),
            row=2, col=1,
        )  # fmt: skip
        figure.add_annotation(
            text=name, x=at[-1], y=np.log10(steps[-1]), xref="x2", yref="y2", showarrow=False, yanchor="bottom",
            font={"color": theme.muted, "size": 12},
        )  # fmt: skip
    rise = lab.chosen
    figure.add_trace(
        go.Scatter(
            x=[rise.low, rise.high], y=[rise.steps] * 2, mode="lines+markers", line={"color": color, "width": 3},
            marker={"symbol": "line-ns", "size": 12, "line": {"width": 3, "color": color}}, hoverinfo="skip",
        ),
        row=2, col=1,
    )  # fmt: skip
    figure.add_annotation(
        text="<b>" + _("{width} decades").format(width=decimal(rise.width)) + "</b>", x=(rise.low + rise.high) / 2,
        y=np.log10(rise.steps), xref="x2", yref="y2", showarrow=False, yshift=12, font={"color": color},
        bgcolor=translucent(theme.paper, 0.7),
    )  # fmt: skip


# -- sampling ----------------------------------------------------------------------------------------------


def sampling_figure(lab: SamplingLab, theme: Theme, *, large: bool = False) -> go.Figure:
    """Above, the accuracy that n items can find; below, one drawn board of tasks on which every model guesses."""
    figure = _stack(theme, (0.5, 0.5), height=680, large=large, shared=False, gap=0.16)
    color = HUES["blue"][theme.dark]
    known = np.isfinite(lab.detectable_at)
    figure.add_trace(
        go.Scatter(
            x=lab.sizes[known], y=lab.detectable_at[known], mode="lines", line={"color": color, "width": 2.4},
            hovertemplate=_("%{x} items find %{y:.1%}") + "<extra></extra>",
        ),
        row=1, col=1,
    )  # fmt: skip
    figure.add_annotation(
        text=_("chance {level}").format(level=percent(lab.chance, 1)), x=1, xref="x domain", y=lab.chance, yref="y",
        xanchor="right", yanchor="top", showarrow=False, font={"color": theme.muted, "size": 12}, yshift=2,
    )  # fmt: skip
    if np.isfinite(lab.detectable):
        figure.add_trace(
            go.Scatter(
                x=[lab.items], y=[lab.detectable], mode="markers", marker={"size": 12, "color": color},
                hovertemplate=_("%{x} items find %{y:.1%}") + "<extra></extra>",
            ),
            row=1, col=1,
        )  # fmt: skip
        figure.add_annotation(
            text="<b>" + _("{accuracy} with {items} items").format(
                accuracy=percent(lab.detectable, 1), items=decimal(lab.items, 0)) + "</b>",
            x=np.log10(lab.items), y=lab.detectable, xref="x", yref="y", showarrow=False, yshift=14,
            xanchor="left" if lab.items < 2000 else "right", font={"color": color},
        )  # fmt: skip
    _board(figure, lab, theme)
    for row in (1, 2):
        figure.add_hline(y=lab.chance, line={"color": theme.muted, "width": 1.2, "dash": "dash"}, row=row, col=1)
    ticks = (10, 100, 1000, 10_000)
    figure.update_xaxes(
        type="log", tickvals=ticks, ticktext=[decimal(tick, 0) for tick in ticks], row=1, col=1,
        title_text=_("Items of the test set"),
    )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(MODELS)), range=[-0.2, MODELS - 0.8], row=2, col=1,
        ticktext=[_("smallest"), *[""] * (MODELS - 2), _("largest")], title_text=_("Model"),
    )  # fmt: skip
    top = float(np.nanmax(np.where(known, lab.detectable_at, np.nan))) if known.any() else 1.0
    figure.update_yaxes(
        tickformat=".0%", title_text=_("Accuracy that is found"), row=1, col=1,
        range=[lab.chance - 0.1 * (top - lab.chance) - 0.005, top + 0.05 * (top - lab.chance)],
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", title_text=_("Score"), row=2, col=1)
    return figure


def _board(figure: go.Figure, lab: SamplingLab, theme: Theme) -> None:
    """Every flat task as a thin line; those in which something seems to appear in colour."""
    color = HUES["vermillion"][theme.dark]
    for chosen, line in (
        (lab.board[~lab.looks][:MOST_DRAWN], {"color": translucent(theme.muted, 0.25), "width": 1}),
        (lab.board[lab.looks][:MOST_DRAWN], {"color": color, "width": 1.6}),
    ):
        gap = np.full((len(chosen), 1), np.nan)
        figure.add_trace(
            go.Scatter(
                x=np.tile([*range(MODELS), MODELS], len(chosen)), y=np.hstack([chosen, gap]).ravel(), mode="lines",
                line=line, hoverinfo="skip",
            ),
            row=2, col=1,
        )  # fmt: skip
    if lab.possible:
        figure.add_hline(y=lab.needed / lab.items, line={"color": color, "width": 1, "dash": "dot"}, row=2, col=1)
        figure.add_annotation(
            text=_("beats guessing: {needed} of {items}").format(
                needed=decimal(lab.needed, 0), items=decimal(lab.items, 0)),
            x=0, xref="x2 domain", y=lab.needed / lab.items, yref="y2", xanchor="left", yanchor="bottom",
            showarrow=False, font={"color": color, "size": 12}, bgcolor=translucent(theme.paper, 0.7),
        )  # fmt: skip


# -- published models --------------------------------------------------------------------------------------


def loss_figure(panels: list[LossPanel], threshold: float, theme: Theme, *, large: bool = False) -> go.Figure:
    """Scores against loss (better to the right), one row an ability, with the threshold of the slider."""
    figure = _stack(theme, (1.0,) * len(panels), height=120 + 300 * len(panels), large=large, shared=False, gap=0.16)
    seen: set[str] = set()
    for row, panel in enumerate(panels, start=1):
        for family, points in panel.points.groupby("family", sort=True):
            style, name = theme.family(str(family)), str(points["family_name"].iloc[0])
            figure.add_trace(
                go.Scatter(
                    x=points["loss"], y=points["score"], name=escape(name), legendgroup=str(family),
                    showlegend=str(family) not in seen, mode="lines+markers",
                    line={"color": style.color, "width": 1.2, "dash": style.dash},
                    marker={"color": style.color, "symbol": style.symbol, "size": 9,
                            "line": {"width": 1, "color": theme.paper}},
                    hovertext=[_loss_hover(point) for point in points.itertuples()],
                    hovertemplate="%{hovertext}<extra></extra>",
                ),
                row=row, col=1,
            )  # fmt: skip
            seen.add(str(family))
        figure.add_hline(
            y=panel.chance, line={"color": theme.muted, "width": 1.2, "dash": "dash"}, layer="below", row=row, col=1
        )
        figure.add_vline(x=threshold, line={"color": theme.ink, "width": 1.4, "dash": "dot"}, row=row, col=1)
        _heading(figure, row, panel.title, theme)
        loss = [*panel.points["loss"], threshold]
        pad = 0.04 * (max(loss) - min(loss)) + 0.02
        figure.update_xaxes(
            range=[max(loss) + pad, min(loss) - pad], row=row, col=1,
            title_text=_("Loss, nats per token (better to the right)"),
        )  # fmt: skip
        figure.update_yaxes(tickformat=".0%", title_text=_("Score"), row=row, col=1)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure


def _loss_hover(point: Any) -> str:
    return "<br>".join(
        [
            f"<b>{escape(point.model_name)}</b>",
            _("loss {loss} nats, score {score}").format(loss=decimal(point.loss, 3), score=percent(point.score, 1)),
            escape(_("{source}, {locator}").format(source=point.source, locator=point.locator)[:90]),
        ]
    )
