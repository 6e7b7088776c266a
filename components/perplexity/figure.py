"""One ability over several axes side by side, and how well each axis pools the families."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.ability.findings import Finding, finding
from components.ability.model import AbilityView, ShownSeries
from components.core.i18n import gettext as _
from components.core.numbers import decimal, on_axis
from components.core.verdicts import verdict_name
from components.core.vocabulary import axis_name, measure_name, metric_name, series_name, source_name
from components.figures.curves import draw_chance, draw_curve, draw_points, figure_extent
from components.figures.scales import unlabelled, x_axis, x_range, y_axis, y_scale
from components.figures.strip import ROW, draw_finding
from components.figures.theme import Theme, axis_style, base_layout, enlarge, name_figure
from components.perplexity.axis_pooling import Comparison
from components.perplexity.model import RULE, Lens
from components.perplexity.words import axis_word, hundredths

HEIGHT = 360


def lens_figure(lens: Lens, *, theme: Theme, large: bool = False) -> go.Figure:
    """The panels of a lens: curves above, where each family appears beside published claims below, one column per axis.

    Needs at least one view with a series; an axis on which nothing is published gets no column.
    """
    views = lens.drawn
    rows = _rows(views)
    strip = ROW * max(1, len(rows)) * (1.3 if large else 1) + 12
    height = HEIGHT * (1.4 if large else 1)
    total = height + strip
    figure = make_subplots(
        rows=2, cols=len(views), shared_yaxes=True, horizontal_spacing=0.025, vertical_spacing=0.02,
        row_heights=[height / total, strip / total],
    )  # fmt: skip
    figure.update_layout(
        base_layout(theme, height=round(total + 50), large=large),
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": "toggleothers"},
    )
    figure.update_xaxes(axis_style(theme))
    figure.update_yaxes(axis_style(theme))
    scale = y_scale("raw", proportion=lens.perplexity.proportion, chance=lens.perplexity.chance)
    named: set[str] = set()
    for col, view in enumerate(views, start=1):
        for series in view.shown:
            style = theme.family(series.family, series.variant)
            draw_curve(figure, view, series, scale, "step", style, col=col)
            draw_points(figure, view, series, scale, style, theme, col=col)
            figure.data[-1].update(showlegend=series.option not in named)
            named.add(series.option)
        if view.axis == "perplexity":
            _ghosts(figure, lens, theme, col)
        draw_chance(figure, view, scale, theme, col=col, label=col == 1)
        _marks(figure, view, rows, theme, col)
        _panel(figure, view, theme, col, 18 if large else 13)
    metric = metric_name(lens.perplexity.metric)
    figure.update_yaxes(**y_axis(scale, proportion=lens.perplexity.proportion, metric=metric), row=1, col=1)
    figure.update_yaxes(
        range=[-0.6, max(1, len(rows)) - 0.4], showgrid=False, ticks="", fixedrange=True, tickmode="array",
        tickvals=list(range(len(rows))), ticktext=[escape(name) for name in reversed(rows.values())], row=2,
    )  # fmt: skip
    if large:
        name_figure(figure, lens.perplexity.title)
        enlarge(figure)
    return figure


def _panel(figure: go.Figure, view: AbilityView, theme: Theme, col: int, size: int) -> None:
    title = _("Perplexity (better to the right)") if view.axis == "perplexity" else axis_name(view.axis)
    limits = x_range(view.axis, figure_extent(view))
    settings = x_axis(view.axis, title, limits)
    settings["title"] = {"text": title, "font": {"color": theme.muted, "size": size}, "standoff": 8}
    settings["tickfont"] = {"color": theme.muted, "size": size - 1}
    figure.update_xaxes(**settings, row=2, col=col)
    figure.update_xaxes(**unlabelled(view.axis, limits), row=1, col=col)


def _rows(views: Sequence[AbilityView]) -> dict[str, str]:
    """The rows of the strip: option to label, families in the order shown."""
    return {series.option: series_name(series, view) for view in views for series in view.shown}


def _marks(figure: go.Figure, view: AbilityView, rows: dict[str, str], theme: Theme, col: int) -> None:
    """Where each family appears: bracket, interval and tick; published claims as open diamonds in the same row."""
    height = {option: len(rows) - 1 - place for place, option in enumerate(rows)}
    for series in view.shown:
        found, at = finding(series, view, RULE), height[series.option]
        if found is None or found.threshold is None:
            _nothing(figure, view, series, found, at, theme, col)
            continue
        draw_finding(figure, rows[series.option], found, at, theme.family(series.family, series.variant).color, col=col)
    rows_of = {series.family: height[series.option] for series in reversed(view.shown)}
    for claim in view.claims.to_dict("records"):
        if str(claim["model_family"]) not in rows_of:
            continue
        text = _("published: {claim}, {source}").format(
            claim=on_axis(float(claim["value"]), view.axis),
            source=_("{source}, {locator}").format(source=source_name(view, claim["source"]), locator=claim["locator"]),
        )
        figure.add_trace(
            go.Scatter(
                x=[float(claim["value"])], y=[rows_of[str(claim["model_family"])]], mode="markers", showlegend=False,
                marker={"symbol": "diamond-open", "size": 11, "color": theme.claim, "line": {"width": 2}},
                hovertext=[escape(text)], hovertemplate="%{hovertext}<extra></extra>",
            ),
            row=2, col=col,
        )  # fmt: skip


def _nothing(
    figure: go.Figure, view: AbilityView, series: ShownSeries, found: Finding | None, at: int, theme: Theme, col: int
) -> None:
    """A row without a threshold says its verdict instead."""
    middle = np.sqrt(np.prod(figure_extent(view))) if figure_extent(view).min() > 0 else figure_extent(view).mean()
    text = verdict_name(found.verdict) if found else _("not judged")
    figure.add_trace(
        go.Scatter(
            x=[middle], y=[at], mode="text", text=[escape(text)], showlegend=False, hoverinfo="skip",
            textfont={"color": theme.muted, "size": 12}, legendgroup=series.option,
        ),
        row=2, col=col,
    )  # fmt: skip


def _ghosts(figure: go.Figure, lens: Lens, theme: Theme, col: int) -> None:
    """Where the paper drew Gopher, tied to where its own values put it."""
    if lens.slip.empty:
        return
    color = theme.family("gopher").color
    for row in lens.slip.to_dict("records"):
        figure.add_trace(
            go.Scatter(
                x=[row["value"], row["drawn"]], y=[row["score"], row["score"]], mode="lines", hoverinfo="skip",
                line={"color": color, "width": 1, "dash": "dot"}, legendgroup="slip", showlegend=False,
            ),
            row=1, col=col,
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=lens.slip["drawn"], y=lens.slip["score"], mode="markers", legendgroup="slip",
            name=_("Gopher as the paper draws it"),
            marker={"symbol": "x-thin-open", "size": 10, "color": color, "line": {"width": 2, "color": color}},
            hovertext=[
                escape(
                    _("drawn at {drawn}, the perplexity of Chinchilla; Gopher's own is {true}").format(
                        drawn=hundredths(row["drawn"]), true=hundredths(row["value"])
                    )
                )
                for row in lens.slip.to_dict("records")
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        row=1, col=col,
    )  # fmt: skip


# -- which axis pools best ---------------------------------------------------------------------------------

POOL_ROW = 30  # pixels


def pooling_figure(comparisons: Sequence[Comparison], theme: Theme, *, large: bool = False) -> go.Figure:
    """Mean distance between families on each axis with its interval, one block of rows per measure.

    Needs at least one comparison whose data suffice. Kinds of comparison lie one above the other, because
    their units differ.
    """
    usable = [one for one in comparisons if one.pooling.sufficient]
    kinds = [kind for kind in ("curve", "threshold", "estimate") if any(one.kind == kind for one in usable)]
    titles = {
        "curve": _("Mean error (points of score)"),
        "threshold": _("Distance of where it appears (% of axis)"),
        "estimate": _("The same, if the smallest model lacks it (% of axis)"),
    }
    blocks = {kind: [one for one in usable if one.kind == kind] for kind in kinds}
    sizes = [sum(len(one.axes) + 1 for one in blocks[kind]) for kind in kinds]
    height = POOL_ROW * (1.4 if large else 1) * sum(sizes) + 90 * len(kinds)
    figure = make_subplots(
        rows=len(kinds), cols=1, vertical_spacing=90 / height, row_heights=[size / sum(sizes) for size in sizes]
    )
    figure.update_layout(base_layout(theme, height=round(height), large=large))
    for row, kind in enumerate(kinds, start=1):
        _block(figure, blocks[kind], theme, row)
        figure.update_xaxes(**axis_style(theme), row=row, col=1)
        top = max(100 * distance.high for one in blocks[kind] for distance in one.pooling.distance)
        figure.update_xaxes(title={"text": titles[kind]}, range=[0, 1.04 * top], row=row, col=1)
    return figure


def _block(figure: go.Figure, comparisons: Sequence[Comparison], theme: Theme, row: int) -> None:
    ticks: list[tuple[int, str]] = []
    at = 0
    for one in comparisons:
        figure.add_annotation(
            text=escape(_block_name(one)), x=0, xref="x domain", y=at, showarrow=False, xanchor="left", xshift=-60,
            font={"color": theme.muted, "size": 12}, row=row, col=1,
        )  # fmt: skip
        at -= 1
        for axis, distance in zip(one.axes, one.pooling.distance, strict=True):
            color = theme.family("chinchilla" if axis == "perplexity" else "gpt-3").color
            values = [100 * number for number in (distance.value, distance.low, distance.high)]
            figure.add_trace(
                go.Scatter(
                    x=values[1:], y=[at, at], mode="lines", line={"color": color, "width": 5}, opacity=0.4,
                    hoverinfo="skip",
                ),
                row=row, col=1,
            )  # fmt: skip
            text = _("{axis}: {value} ({low} to {high}), {groups} families, {abilities} abilities").format(
                axis=axis_name(axis),
                value=decimal(values[0], 1),
                low=decimal(values[1], 1),
                high=decimal(values[2], 1),
                groups=one.pooling.groups,
                abilities=one.pooling.abilities,
            )
            figure.add_trace(
                go.Scatter(
                    x=values[:1], y=[at], mode="markers+text", text=[decimal(values[0], 1)], textposition="top center",
                    textfont={"color": theme.ink, "size": 11}, name=axis_name(axis),
                    marker={"color": color, "size": 11, "symbol": "diamond" if axis == "perplexity" else "circle"},
                    hovertext=[escape(text)], hovertemplate="%{hovertext}<extra></extra>",
                ),
                row=row, col=1,
            )  # fmt: skip
            ticks.append((at, axis_word(axis)))
            at -= 1
    figure.update_yaxes(
        **{**axis_style(theme), "ticks": ""}, showline=False, tickvals=[place for place, _name in ticks],
        ticktext=[escape(name) for _place, name in ticks], range=[at + 0.4, 0.5], showgrid=False, row=row, col=1,
    )  # fmt: skip


def _block_name(comparison: Comparison) -> str:
    template = _("{measure} ({count} families, one source)") if comparison.source else _("{measure} ({count} families)")
    return template.format(measure=measure_name(comparison.measure), count=comparison.pooling.groups)


def agreement_figure(comparison: Comparison, axis: str, theme: Theme, *, large: bool = False) -> go.Figure:
    """Every ability as a point: its distance over `axis` against that over perplexity."""
    figure = go.Figure()
    figure.update_layout(base_layout(theme, height=560 if large else 420, large=large))
    x, y = 100 * comparison.table[axis], 100 * comparison.table["perplexity"]
    top = float(max(x.max(), y.max())) * 1.06
    figure.add_trace(
        go.Scatter(
            x=[0, top], y=[0, top], mode="lines", hoverinfo="skip",
            line={"color": theme.muted, "width": 1.2, "dash": "dash"},
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=x, y=y, mode="markers", name=_("abilities"),
            marker={"color": theme.family("gpt-3").color, "size": 9, "line": {"color": theme.paper, "width": 1}},
            hovertext=[_agreement_hover(row, axis) for row in comparison.table.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )  # fmt: skip
    for text, at in ((_("perplexity pools worse"), (0.03, 0.97)), (_("perplexity pools better"), (0.97, 0.03))):
        figure.add_annotation(
            text=escape(text), xref="x domain", yref="y domain", x=at[0], y=at[1], showarrow=False,
            xanchor="left" if at[0] < 0.5 else "right", font={"color": theme.muted, "size": 12},
        )  # fmt: skip
    titles = (_("Error over {axis} (points)").format(axis=axis_word(axis)), _("Error over perplexity (points)"))
    figure.update_xaxes(**axis_style(theme))
    figure.update_yaxes(**axis_style(theme))
    figure.update_xaxes(title={"text": titles[0]}, range=[0, top])
    figure.update_yaxes(title={"text": titles[1]}, range=[0, top])
    return figure


def _agreement_hover(row: dict[str, object], axis: str) -> str:
    lines = (
        _("{axis}: {one}; perplexity: {two}").format(
            axis=axis_name(axis),
            one=decimal(100 * float(str(row[axis])), 1),
            two=decimal(100 * float(str(row["perplexity"])), 1),
        ),
        _("{groups} families, {tested} models compared").format(groups=row["groups"], tested=row["tested"]),
    )
    return "<br>".join([f"<b>{escape(str(row['title']))}</b>", *map(escape, lines)])
