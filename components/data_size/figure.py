"""The map of data against size: models, iso-FLOP lines, iso-loss contours, the compute-optimal frontier."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.core.family_styles import HUES, Style, style_variants
from components.core.i18n import gettext as _
from components.core.numbers import decimal, scientific, short, significant
from components.data_size.model import DataSizeView
from components.figures.theme import Theme, annotate, axis_style, base_layout, enlarge, translucent
from emergence.laws import FLOPS_PER_PARAMETER_TOKEN

PARAMETERS = (1e6, 2e12)
TOKENS = (3e8, 4e13)
ISO_FLOPS = tuple(10.0**power for power in range(17, 28, 1))
GRID = 90
LABELLED = ("gpt-3", "gopher", "chinchilla", "palm", "lamda", "llama", "llama-2", "llama-3", "pythia", "opt",
            "bloom", "t5", "falcon", "qwen2", "anthropic-lm")  # fmt: skip


def data_size_figure(view: DataSizeView, theme: Theme, *, large: bool = False) -> go.Figure:
    """Draw the map. Lines belong to the chosen law; points are published models."""
    figure = go.Figure(layout=base_layout(theme, height=700 if large else 620, large=large))
    _contours(figure, view, theme)
    _iso_flops(figure, view, theme)
    _frontier(figure, view, theme)
    if view.color == "family":
        _by_family(figure, view, theme)
    else:
        _by_value(figure, view, theme)
    _labels(figure, view, theme)
    style = axis_style(theme) | {"type": "log", "exponentformat": "power", "dtick": 1}
    figure.update_xaxes(**style, range=np.log10(PARAMETERS))
    figure.update_yaxes(**style, range=np.log10(TOKENS))
    figure.update_xaxes(title_text=_("Model size (parameters)"))
    figure.update_yaxes(title_text=_("Training data (tokens)"))
    figure.update_layout(
        margin={"r": 12, "t": 12}, showlegend=True,
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "itemclick": False,
                "itemdoubleclick": False, "font": {"size": 18 if large else 13, "color": theme.muted}},
    )  # fmt: skip
    if large:
        enlarge(figure)
    return figure


def _contours(figure: go.Figure, view: DataSizeView, theme: Theme) -> None:
    n, d = np.geomspace(*PARAMETERS, GRID), np.geomspace(*TOKENS, GRID)
    loss = view.law.loss(n[None, :], d[:, None])
    figure.add_trace(
        go.Contour(
            x=n, y=d, z=loss, showscale=False, hoverinfo="skip", line={"width": 1, "smoothing": 1},
            contours={"coloring": "lines", "showlabels": True, "start": 1.8, "end": 4.2, "size": 0.2,
                      "labelfont": {"size": 12, "color": theme.muted}, "labelformat": ".1f"},
            colorscale=[[0, _faint(theme)], [1, _faint(theme)]], showlegend=False,
        )
    )  # fmt: skip
    _explain(figure, _("equal loss (nats per token)"), {"color": _faint(theme), "width": 1.4})


def _faint(theme: Theme) -> str:
    return translucent(theme.muted, 0.5)


def _explain(figure: go.Figure, name: str, line: dict[str, Any]) -> None:
    """An entry of the legend for lines that have no trace of their own."""
    figure.add_trace(go.Scatter(x=[None], y=[None], mode="lines", name=name, line=line, hoverinfo="skip"))


def _iso_flops(figure: go.Figure, view: DataSizeView, theme: Theme) -> None:
    ends = np.array(PARAMETERS)
    for flops in (*ISO_FLOPS, view.budget):
        ours = flops == view.budget
        figure.add_trace(
            go.Scatter(
                x=ends, y=flops / (FLOPS_PER_PARAMETER_TOKEN * ends), mode="lines", hoverinfo="skip", showlegend=False,
                line={"color": theme.ink if ours else _faint(theme), "width": 1.6 if ours else 1, "dash": "dot"},
            )
        )  # fmt: skip
        edge = flops / (FLOPS_PER_PARAMETER_TOKEN * TOKENS[0] * 1.25)
        if PARAMETERS[0] < edge < PARAMETERS[1] and not ours:
            figure.add_annotation(
                x=np.log10(edge), y=np.log10(TOKENS[0] * 1.25), showarrow=False,
                text=_("{number} FLOPs").format(number=scientific(flops, 0)), font={"size": 12, "color": theme.muted}, xanchor="right", yanchor="bottom",
            )  # fmt: skip
    budget = _("the budget, {flops} FLOPs").format(flops=scientific(view.budget))
    _explain(figure, budget, {"color": theme.ink, "width": 1.6, "dash": "dot"})
    _explain(figure, _("equal compute"), {"color": _faint(theme), "width": 1, "dash": "dot"})


def _frontier(figure: go.Figure, view: DataSizeView, theme: Theme) -> None:
    flops = np.geomspace(1e16, 1e28, 40)
    n, d = view.law.optimal(flops)
    figure.add_trace(
        go.Scatter(
            x=n, y=d, mode="lines", line={"color": theme.ink, "width": 2.4}, showlegend=True,
            name=_("compute-optimal by {law}").format(law=escape(view.law.title)),
            hovertemplate=_("compute-optimal by {law}").format(law=escape(view.law.title)) + "<extra></extra>",
        )
    )  # fmt: skip
    best_n, best_d = view.optimum
    text = _("<b>Optimum of the budget</b><br>{flops} FLOPs<br>{parameters} parameters, {tokens} tokens").format(
        flops=scientific(view.budget), parameters=short(best_n), tokens=short(best_d)
    )
    figure.add_trace(
        go.Scatter(
            x=[best_n], y=[best_d], mode="markers", showlegend=False,
            marker={"symbol": "star", "size": 17, "color": theme.ink, "line": {"color": theme.paper, "width": 1}},
            hovertemplate=f"{text}<extra></extra>",
        )
    )  # fmt: skip


def _hover(view: DataSizeView, row: Any) -> str:
    lines = [
        f"<b>{escape(row.name)}</b>",
        _("{parameters} parameters, {tokens} tokens").format(parameters=short(row.params), tokens=short(row.tokens)),
        _("{ratio} tokens per parameter; the law's optimum at this compute: {best}").format(
            ratio=significant(row.ratio), best=significant(row.optimal_ratio)
        ),
        _("{times} × the least compute for its loss").format(times=decimal(row.overhead, 2)),
        _("sources: {params}; {tokens}").format(
            params=escape(str(row.params_source)), tokens=escape(str(row.tokens_source))
        ),
    ]
    value = view.values.get(row.model_id)
    if value is not None:
        lines.insert(1, _("{what}: {value}").format(what=escape(view.color), value=significant(value)))
    return "<br>".join(lines)


def _styles(view: DataSizeView, theme: Theme) -> dict[str, Style]:
    """The families that are drawn each in its own style; no two share mark and dash."""
    present = set(view.models["family"])
    known = [family for family in LABELLED if family in present]
    return {family: theme.family(family, variant) for family, variant in zip(known, style_variants(known), strict=True)}


def _by_family(figure: go.Figure, view: DataSizeView, theme: Theme) -> None:
    """Well-known families in their style, threaded by size; all others as calm dots that name themselves on hover."""
    styles = _styles(view, theme)
    others = view.models[~view.models["family"].isin(list(styles))]
    _marks(figure, view, others, _("other families"), {"color": _calm(theme), "size": 6})
    figure.data[-1].showlegend = True
    for family, style in styles.items():
        rows = view.models[view.models["family"] == family].sort_values("params")
        figure.add_trace(
            go.Scatter(
                x=rows["params"], y=rows["tokens"], mode="lines", hoverinfo="skip", showlegend=False,
                line={"color": style.color, "width": 1.2, "dash": style.dash},
            )
        )  # fmt: skip
        marker = {"color": style.color, "symbol": style.symbol, "size": 10, "line": {"width": 1, "color": theme.paper}}
        _marks(figure, view, rows, str(rows["family_name"].iloc[0]), marker)


def _marks(figure: go.Figure, view: DataSizeView, rows: pd.DataFrame, name: str, marker: dict[str, Any]) -> None:
    figure.add_trace(
        go.Scatter(
            x=rows["params"], y=rows["tokens"], mode="markers", name=name, marker=marker, showlegend=False,
            customdata=rows["model_id"], hovertext=[_hover(view, row) for row in rows.itertuples()],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )  # fmt: skip


def _calm(theme: Theme) -> str:
    """A grey that steps back and still has a contrast of 3:1 to the paper."""
    return translucent(HUES["grey"][theme.dark], 0.7)


def _by_value(figure: go.Figure, view: DataSizeView, theme: Theme) -> None:
    value = view.models["model_id"].map(view.values).astype(float)
    without, rows = view.models[value.isna()], view.models[value.notna()]
    scale = {"color": value[value.notna()], "size": 11, "colorscale": "Cividis", "showscale": True,
             "line": {"width": 1, "color": theme.muted}, "colorbar": {"thickness": 12, "len": 0.7}}  # fmt: skip
    _marks(figure, view, without, _("without a value"), {"color": _calm(theme), "size": 6})
    figure.data[-1].showlegend = True
    _marks(figure, view, rows, view.color, scale)


# Pixels of a decade on a wide screen, and of a letter of a label.
_DECADE = (160.0, 110.0)
_LETTER, _LINE = 6.4, 15.0


def _labels(figure: go.Figure, view: DataSizeView, theme: Theme) -> None:
    """Name the largest model of each well-known family where the name covers the fewest points and no other name."""
    largest = view.models.sort_values("params").groupby("family", sort=False).tail(1).set_index("family")
    models = view.models[["params", "tokens"]].to_numpy(float)
    paths = _paths(view, theme)
    points = np.log10(np.vstack([models, *paths])) * _DECADE
    # Worse than a name on a line is one on a model.
    weight = np.repeat([10, 1], [len(models), sum(map(len, paths))])
    taken: list[tuple[float, float, float, float]] = []
    notes = []
    for family, style in _styles(view, theme).items():
        row = largest.loc[family]
        text = _("{family} {size}").format(family=row["family_name"], size=short(row["params"], 2))
        x, y = np.log10([row["params"], row["tokens"]]) * _DECADE
        width = _LETTER * len(text)
        places: list[tuple[int, int, str, int, int, tuple[float, float, float, float]]] = []
        for anchor, across, up in (("center", 0, 17), ("left", 10, 0), ("center", 0, -17), ("right", -10, 0)):
            left = x + across - {"left": 0, "center": 0.5, "right": 1}[anchor] * width
            box = (left, left + width, y + up - _LINE / 2, y + up + _LINE / 2)
            if any(box[0] < r and left_ < box[1] and box[2] < t and b < box[3] for left_, r, b, t in taken):
                continue
            inside = (
                (points[:, 0] > box[0]) & (points[:, 0] < box[1]) & (points[:, 1] > box[2]) & (points[:, 1] < box[3])
            )
            places.append((int(weight[inside].sum()), len(places), anchor, across, up, box))
        if not places:
            continue
        _covered, _order, anchor, across, up, box = min(places)
        taken.append(box)
        notes.append(
            {"x": x / _DECADE[0], "y": y / _DECADE[1], "text": f"<b>{escape(text)}</b>", "showarrow": False,
             "xanchor": anchor, "xshift": across, "yshift": up, "bgcolor": translucent(theme.paper, 0.7),
             "font": {"size": 12, "color": style.color}}
        )  # fmt: skip
    annotate(figure, notes)


def _paths(view: DataSizeView, theme: Theme) -> list[np.ndarray]:
    """Points along the lines of the figure, which names keep clear of as of the models."""
    n, d = view.law.optimal(np.geomspace(1e20, 1e26, 240))
    budget = np.geomspace(PARAMETERS[0], PARAMETERS[1], 240)
    paths = [np.column_stack([n, d]), np.column_stack([budget, view.budget / (FLOPS_PER_PARAMETER_TOKEN * budget)])]
    for family in _styles(view, theme) if view.color == "family" else ():
        ends = np.log10(view.models[view.models["family"] == family].sort_values("params")[["params", "tokens"]])
        steps = np.linspace(0, len(ends) - 1, 40 * len(ends))
        paths.append(10.0 ** np.column_stack([np.interp(steps, range(len(ends)), ends.iloc[:, i]) for i in (0, 1)]))
    return paths
