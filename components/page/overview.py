"""The Overview page: what this is, and the published claims as small multiples."""

from __future__ import annotations

import numpy as np
import streamlit as st

from components import remarks, words
from components.ability import AbilityView, ability_view
from components.figures.card import Card, Line, gallery
from components.i18n import gettext as _
from components.page import controls
from components.page.compute import assess, catalog
from components.page.shell import Page, address
from components.state import shared
from data.series import AXES


def body(page: Page) -> None:
    """Draw the page."""
    data = catalog()
    st.title(_("Which abilities of language models emerge?"), anchor=False)
    st.markdown(
        _(
            "An ability is called *emergent* if smaller models lack it and larger models have it. "
            "This site holds {scores} published scores of {models} models, each traceable to its table or figure, "
            "and says for every ability whether it emerges, at which scale, and how sure one can be. "
            "Change the axis, the metric or the definition, and share the address: it always opens the same view."
        ).format(scores=f"{len(data.scores):,}", models=f"{len(data.models):,}")
    )
    controls.axis(page)
    st.header(_("The twelve panels of Wei et al. (2022)"), anchor=False)
    st.html(gallery([_card(page, row) for row in data.featured.to_dict("records")], page.theme))


def _card(page: Page, row: dict[str, str]) -> Card:
    task = f"{row['benchmark']}/{row['task']}"
    state = shared(page.state).but(task=task)
    view = ability_view(catalog(), state, assess)
    return Card(
        title=str(row["title"]),
        subtitle=remarks.card_subtitle(view, row),
        verdict=remarks.card_verdict(view),
        href=address(state, "explore"),
        axis=view.axis,
        chance=view.chance,
        lines=_lines(view),
        alt=words.headline(view, "midpoint"),
    )


def _lines(view: AbilityView) -> tuple[Line, ...]:
    axis = AXES[view.axis]
    lines = []
    for series in view.shown:
        points = series.points
        at = axis.coordinate(points["value"].to_numpy(float))
        grid, curve = np.array([]), np.array([])
        if series.assessment is not None and len(np.unique(at)) > 1:
            grid = np.geomspace(at.min(), at.max(), 48) if axis.log else np.linspace(at.min(), at.max(), 48)
            curve = series.assessment.curve(grid)[0]
        lines.append(
            Line(
                series.family, series.variant, series.name,
                points["value"].to_numpy(float), points["score"].to_numpy(float), axis.value(grid), curve,
            )
        )  # fmt: skip
    return tuple(lines)
