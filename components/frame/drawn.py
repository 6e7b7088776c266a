"""What the running script has drawn so far: figures with their sentence, and tables; for whoever packs them."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go


@dataclass
class Shown:
    """Figures and tables of one run of a page."""

    figures: list[tuple[str, go.Figure, str]] = field(default_factory=list)  # key, figure, sentence
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)  # by the name of their file
    shared: bool = False  # whether the page has offered its own share menu


_shown: ContextVar[Shown | None] = ContextVar("shown", default=None)


def start() -> Shown:
    """Begin a new run."""
    _shown.set(Shown())
    return current()


def current() -> Shown:
    """What this run has drawn."""
    found = _shown.get()
    return start() if found is None else found
