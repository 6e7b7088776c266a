"""The visual language: paper, type and layout that every figure shares; families by their own styles.

How a family is told from the others stands in :mod:`components.core.family_styles`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

from components.core.family_styles import Style, family_style


@dataclass(frozen=True)
class Theme:
    """Colours of the paper and of everything that is not a family."""

    dark: bool
    paper: str
    ink: str
    muted: str
    grid: str
    shade: str
    claim: str

    def family(self, family: str, variant: int = 0) -> Style:
        """The style of `family`; `variant` tells apart several curves of one family (prompting, protocol)."""
        return family_style(family, variant, dark=self.dark)


LIGHT = Theme(
    dark=False,
    paper="#FFFFFF",
    ink="#1B2430",
    muted="#5B6673",
    grid="#E6EAEE",
    shade="rgba(90,100,112,0.08)",
    claim="#1B2430",
)
DARK = Theme(
    dark=True,
    paper="#0E1117",
    ink="#EDF0F3",
    muted="#A3ADB8",
    grid="#262D36",
    shade="rgba(170,180,192,0.10)",
    claim="#EDF0F3",
)


FONT = "'Source Sans', 'Source Sans Pro', 'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif"


def translucent(color: str, alpha: float) -> str:
    """`color` ('#RRGGBB') with an opacity, as Plotly wants it."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two ('#RRGGBB'): `share` of the second."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round((1 - share) * a + share * b):02X}" for a, b in pairs)


def base_layout(theme: Theme, *, height: int, large: bool = False) -> go.Layout:
    """The frame of every figure. `large` is for projectors and slides."""
    size = 20 if large else 14
    return go.Layout(
        height=height,
        paper_bgcolor=theme.paper,
        plot_bgcolor=theme.paper,
        font={"family": FONT, "size": size, "color": theme.ink},
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        hoverlabel={"font": {"family": FONT, "size": size - 1}, "align": "left", "bgcolor": theme.paper},
        hovermode="closest",
        showlegend=False,
        dragmode=False,
        uirevision="keep",
    )


def axis_style(theme: Theme) -> dict[str, object]:
    """Calm axes: a light grid, no box, outside ticks."""
    return {
        "gridcolor": theme.grid,
        "zeroline": False,
        "linecolor": theme.muted,
        "tickcolor": theme.muted,
        "ticks": "outside",
        "ticklen": 4,
        "automargin": True,
        "title": {"font": {"color": theme.muted}, "standoff": 8},
        "tickfont": {"color": theme.muted},
    }


LARGER = 20 / 14  # of small type on a projector
_LETTER = 0.52  # width of a letter as a share of the type size; of a syllable of Korean 1


def enlarge(figure: go.Figure) -> None:
    """Small type of a finished figure in the size that a projector needs."""
    for note in figure.layout.annotations:
        if note.font.size:
            note.font.size = round(note.font.size * LARGER)


def name_figure(figure: go.Figure, title: str) -> None:
    """Write over the figure what it shows: on a slide nothing else says so."""
    lines = textwrap.wrap(title, 80)[:2]
    figure.update_layout(
        title={"text": "<br>".join(escape(line) for line in lines), "x": 0, "xref": "paper", "y": 1, "yref": "container",
               "yanchor": "top", "pad": {"t": 8 + 30 * (len(lines) - 1)}, "font": {"size": 24}}
    )  # fmt: skip
    room = 12 + 32 * len(lines) + (36 if figure.layout.showlegend else 0)
    figure.layout.margin.t = (figure.layout.margin.t or 0) + room


def text_width(text: str, size: float) -> float:
    """About how many pixels a line of text takes."""
    return size * sum(1.0 if ord(letter) > 0x2E7F else _LETTER for letter in text)


def where_room(text: str) -> str:
    """Text of an annotation that a phone leaves out (`chart.show` has the rule)."""
    return f'<span style="--ee-room: 1">{text}</span>'


def annotate(figure: go.Figure, annotations: Sequence[Mapping[str, Any]]) -> None:
    """Add annotations at once: one by one, Plotly checks all that are there anew for each."""
    figure.layout.annotations = [*figure.layout.annotations, *annotations]
