"""The one place where figures and tables reach the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components.core.export import to_csv, to_latex, to_markdown
from components.core.glossary import column_help
from components.core.i18n import gettext as _
from components.frame import drawn as shown

__all__ = ["show", "table", "to_csv"]

LARGEST_INTEGER = 2**53  # of a browser
# What `theme.where_room` marks is left out on phones; Plotly then measures the rest alone.
_STYLE = '<style>@media (max-width: 760px) { tspan[style*="--ee-room"] { display: none; } }</style>'
# A figure that stands alone on a slide takes the height of the screen but for a line of credit, unless the screen is
# narrow.
_FILLED = (
    "<style>.st-key-{key}, .st-key-{key} :is(.stFullScreenFrame, .stPlotlyChart) {{ "
    "height: max({least}px, min(100vh - 4.2rem, 140vw)) !important; max-height: none; flex: none; }}</style>"
)


def show(figure: go.Figure, *, key: str, alt: str, filename: str) -> None:
    """Draw a figure: our own theme, alt text, SVG from the figure's menu, no scroll traps on phones."""
    config: dict[str, Any] = {
        "displaylogo": False,
        "scrollZoom": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
        "toImageButtonOptions": {"format": "svg", "filename": filename, "scale": 1},
    }
    fills = _stands_alone()
    least = int(figure.layout.height or 450)
    st.html(_STYLE + (_FILLED.format(key=key, least=least) if fills else ""))
    st.plotly_chart(
        figure, key=key, theme=None, config=config, alt=alt, width="stretch", height="stretch" if fills else "content"
    )
    shown.current().figures.append((key, figure, alt))


def _stands_alone() -> bool:
    """Whether the figure is all there is: on a slide, in a frame of another site. A tour has words around it."""
    return st.query_params.get("chart") == "1" and "tour" not in st.query_params


def credit(text: str) -> None:
    """At the foot of a figure that stands alone: whose numbers it shows."""
    if _stands_alone():
        st.html(
            "<style>.ee-credit { position: fixed; left: 1rem; right: 1rem; bottom: 0.4rem; margin: 0; "
            f"font-size: 0.8rem; opacity: 0.75; }}</style><p class='ee-credit'>{escape(text)}</p>"
        )


@contextmanager
def wide(name: str, *, panels: bool = True) -> Iterator[None]:
    """A place for a figure that needs its width: on a phone it keeps it and is swiped.

    Several panels open at the first; a single one at its right end, where the large models are.
    """
    with st.container(key=f"wide-{name}"):
        hint = _("Swipe sideways to see every panel.") if panels else _("Swipe sideways to see the whole figure.")
        from_right = (
            "" if panels else f".st-key-wide-{name} {{ direction: rtl; }} .st-key-wide-{name} > * {{ direction: ltr; }}"
        )
        st.html(
            f"<style>.ee-swipe {{ display: none; font-size: 0.84rem; opacity: 0.7; margin: 0; }}"
            f"@media (max-width: 760px) {{ .ee-swipe {{ display: block; }}"
            f".st-key-wide-{name} {{ overflow-x: auto; }} {from_right}"
            f".st-key-wide-{name} > :has([data-testid='stPlotlyChart']) {{ min-width: 860px; }} }}</style>"
            f'<p class="ee-swipe">{hint}</p>'
        )
        yield


def table(
    frame: pd.DataFrame, *, key: str, filename: str, label: str, scientific: Sequence[str] = (),
    columns: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """The table twin of a figure, with its files. `scientific` columns are shown in powers of ten."""
    readied, config = readable(frame, scientific)
    st.dataframe(
        readied, key=key, hide_index=True, column_config={**config, **(columns or {})}, placeholder="–", alt=label,
    )  # fmt: skip
    shown.current().tables[filename] = frame
    with st.container(horizontal=True, key=f"{key}-files"):
        st.download_button(
            _("Download CSV"), to_csv(frame), file_name=f"{filename}.csv", mime="text/csv", key=f"{key}-csv",
            on_click="ignore", icon=":material/download:", help=label,
        )  # fmt: skip
        st.download_button(
            _("Markdown"), lambda: to_markdown(frame), file_name=f"{filename}.md", mime="text/markdown",
            key=f"{key}-md", on_click="ignore", type="tertiary", help=_("The table in GitHub's Markdown"),
        )  # fmt: skip
        st.download_button(
            _("LaTeX"), lambda: to_latex(frame, label=filename), file_name=f"{filename}.tex", mime="text/x-tex",
            key=f"{key}-tex", on_click="ignore", type="tertiary", help=_("The table for LaTeX, with booktabs"),
        )  # fmt: skip


def readable(frame: pd.DataFrame, scientific: Sequence[str]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """`frame` for the screen and its column settings: large numbers that read and sort well, terms explained.

    The browser's integers end at 2^53, and no format helps beyond: such columns (FLOPs) are shown as logarithms, as
    their title says. Other `scientific` columns of large numbers read 1.2B as elsewhere on the page. Files hold the
    numbers as they are.
    """
    readied, config = frame.copy(), {}
    for name in frame.columns:
        explained = column_help(name) or None
        numbers = pd.to_numeric(frame[name], errors="coerce")
        if numbers.abs().max() > LARGEST_INTEGER:
            readied[name] = np.log10(numbers.where(numbers > 0))
            title = _("{name} (log₁₀)").format(name=name)
            config[name] = st.column_config.NumberColumn(title, format="%.2f", help=explained)
        elif name in scientific:
            kind = "compact" if numbers.abs().max() >= 1000 else "scientific"
            config[name] = st.column_config.NumberColumn(format=kind, help=explained)
        elif name.startswith("P(") and numbers.notna().any():
            config[name] = st.column_config.NumberColumn(format="%.3f", help=explained)
        elif explained:
            config[name] = st.column_config.Column(help=explained)
    return readied, config
