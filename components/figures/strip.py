"""The strip under an ability's figure: a row a family, where its bracket, interval, estimate and published claims lie.

A thin line leads from the last model that surely lacks the ability to the first that surely has it, both named; the
thick bar is the interval of the threshold, the tick its estimate, an open diamond what was published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.ability.findings import Finding, finding
from components.ability.model import AbilityView, ShownSeries
from components.ability.sentences import finding_sentence
from components.core.i18n import gettext as _
from components.core.numbers import on_axis
from components.core.vocabulary import series_name, source_name
from components.figures.curves import series_style, shown_claims
from components.figures.hover import wrapped
from components.figures.scales import drawn
from components.figures.theme import Theme, annotate, text_width, translucent, where_room

ROW = 34  # pixels: a line of marks, and the names of the models under it
ENDS = 10.5  # size of the names of the models
WIDTH = 800  # of the panels on a wide screen


@dataclass(frozen=True)
class Row:
    """One row: a curve with what is known of it, or a family of which only claims are known; and the claims."""

    name: str
    series: ShownSeries | None
    found: Finding | None
    claims: pd.DataFrame


def strip_rows(view: AbilityView, rule: str) -> list[Row]:
    """A row for each curve that has something to show, in their order; claims on no family of the figure at the end."""
    claims = shown_claims(view)
    owner = _owners(view, claims)
    rows = []
    for place, series in enumerate(view.shown):
        rows.append(Row(series_name(series, view), series, finding(series, view, rule), claims[owner == place]))
    if view.pooled is not None:
        rows.append(Row(_("pooled"), view.pooled, finding(view.pooled, view, rule), claims.iloc[:0]))
    rows += [
        Row(str(name), None, None, of_one) for name, of_one in claims[owner < 0].groupby("ability", sort=False)
    ]  # fmt: skip
    return [row for row in rows if len(row.claims) or _located(row.found)]


def _owners(view: AbilityView, claims: pd.DataFrame) -> pd.Series[int]:
    """For each claim the place of the curve that it speaks of: its family, prompted as it says if there are several."""
    places = []
    for claim in claims.itertuples():
        mine = [place for place, series in enumerate(view.shown) if series.family == claim.model_family]
        exact = [place for place in mine if view.shown[place].prompting == claim.prompting]
        places.append((exact or mine or [-1])[0])
    return pd.Series(places, claims.index, dtype=int)


def _located(found: Finding | None) -> bool:
    return found is not None and (found.bracket is not None or found.threshold is not None)


def draw_strip(figure: go.Figure, view: AbilityView, rows: Sequence[Row], theme: Theme) -> None:
    """Draw the rows in the second panel, the first row on top."""
    if not rows:
        note(figure, _("nothing appears within these sizes"), theme)
    for at, row in enumerate(reversed(rows)):
        color = theme.claim if row.series is None else series_style(theme, row.series).color
        if row.found is not None and _located(row.found):
            draw_finding(figure, row.name, row.found, at, color)
        for claim in row.claims.itertuples():
            _claim(figure, view, row.name, claim, at, color)
    if any(len(row.claims) for row in rows):
        annotate(figure, [
            {"text": where_room(_("◇ published")), "xref": "paper", "x": 1, "xanchor": "right", "yref": "paper", "y": 0,
             "yanchor": "top", "yshift": -28, "showarrow": False, "font": {"color": theme.muted, "size": 12}},
        ])  # fmt: skip


def note(figure: go.Figure, text: str, theme: Theme) -> None:
    """Write in an empty strip why it is empty."""
    figure.add_annotation(
        text=text, xref="x2 domain", x=0.5, yref="y2", y=0, showarrow=False, font={"color": theme.muted, "size": 12},
    )  # fmt: skip


def draw_finding(figure: go.Figure, name: str, found: Finding, at: int, color: str, *, col: int = 1) -> None:
    """Bracket, interval and estimate of one curve at the height `at`; a dotted line leads up to the curve."""
    text = [f"<b>{escape(name)}</b><br>" + "<br>".join(wrapped(finding_sentence(name, found)))]
    hover: dict[str, Any] = {"hovertemplate": "%{hovertext}<extra></extra>", "showlegend": False}
    if found.bracket is not None:
        ends = [end.value for end in found.bracket]
        figure.add_trace(
            go.Scatter(
                x=ends, y=[at, at], mode="lines+markers", line={"color": color, "width": 1.4},
                marker={"symbol": "line-ns", "size": 10, "color": color, "line": {"width": 1.6, "color": color}},
                hovertext=text * 2, **hover,
            ),
            row=2, col=col,
        )  # fmt: skip
        drawn_in = figure.data[-1]
        annotate(figure, _end_names(found, at, color, drawn_in.xaxis, drawn_in.yaxis))
    if found.threshold is not None:
        value, worse, better = found.threshold
        figure.add_trace(
            go.Scatter(
                x=[worse, better], y=[at, at], mode="lines", line={"color": color, "width": 7}, opacity=0.45,
                hoverinfo="skip", showlegend=False,
            ),
            row=2, col=col,
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=[value], y=[at], mode="markers", hovertext=text, **hover,
                marker={"symbol": "line-ns", "size": 16, "color": color, "line": {"width": 3, "color": color}},
            ),
            row=2, col=col,
        )  # fmt: skip
        line = {"color": translucent(color, 0.45), "width": 1, "dash": "dot"}
        figure.add_vline(x=value, line=line, row=1, col=col)


def _end_names(found: Finding, at: int, color: str, xref: str, yref: str) -> list[dict[str, Any]]:
    """The names of the two ends under them; side by side they give way outwards."""
    assert found.bracket is not None
    names = [end.name for end in found.bracket]
    places = drawn(found.axis, [end.value for end in found.bracket])
    ends = drawn(found.axis, [found.smallest.value, found.largest.value])
    gap = abs(places[1] - places[0]) / max(abs(ends[1] - ends[0]), 1e-9) * WIDTH
    crowded = gap < sum(text_width(one, ENDS) for one in names) / 2 + 8
    anchors = ("right", "left") if crowded else ("center", "center")
    return [
        {"text": escape(one), "x": float(place), "y": at, "xref": xref, "yref": yref, "showarrow": False, "xanchor": anchor, "yanchor": "top",
         "yshift": -5, "font": {"color": color, "size": ENDS}}
        for one, place, anchor in zip(names, places, anchors, strict=True)
    ]  # fmt: skip


def _claim(figure: go.Figure, view: AbilityView, name: str, claim: Any, at: int, color: str) -> None:
    """What was published, as an open diamond in the row of its family."""
    where = _("{source}, {locator}").format(source=source_name(view, claim.source), locator=claim.locator)
    text = _("published: {claim}, {source}").format(claim=on_axis(float(claim.value), view.axis), source=where)
    figure.add_trace(
        go.Scatter(
            x=[float(claim.value)], y=[at], mode="markers", showlegend=False,
            marker={"symbol": "diamond-open", "size": 12, "color": color, "line": {"width": 2}},
            hovertext=[f"<b>{escape(name)}</b><br>" + "<br>".join(wrapped(text))],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        row=2, col=1,
    )  # fmt: skip


def row_names(rows: Sequence[Row], theme: Theme) -> list[dict[str, Any]]:
    """The names of the rows in the margin on their right, as those of the curves above."""
    return [
        {"text": f"<b>{escape(row.name)}</b>" if row.series is not None else escape(row.name), "xref": "paper",
         "yref": "y2", "x": 1, "y": at, "showarrow": False, "xanchor": "left", "yanchor": "middle", "xshift": 10,
         "font": {"color": theme.claim if row.series is None else series_style(theme, row.series).color, "size": 12}}
        for at, row in enumerate(reversed(rows))
    ]  # fmt: skip
