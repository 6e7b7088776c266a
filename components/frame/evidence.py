"""What stands around the figure of an ability on every page that shows one: notes, tables, another axis to try."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from components.ability import remarks
from components.ability.model import AbilityView, ability_view
from components.ability.second_opinions import opinion_lines
from components.ability.tables import points_table, scientific_columns, verdict_table
from components.core import vocabulary
from components.core.i18n import gettext as _
from components.core.state import ViewState
from components.frame import chart
from components.frame.compute import assess, catalog
from components.frame.shell import Page


def nearest(page: Page, view: AbilityView, state: ViewState, *, key: str) -> None:
    """No point of `state` on this axis: say so and offer the nearest axis that has some."""
    sentence = remarks.missing_sentence(view.missing, view.axis, view.measure)
    another_axis(page, sentence, lambda axis: ability_view(catalog(), state.but(x=axis), assess).shown, key=key)


def another_axis(page: Page, sentence: str, there: Callable[[str], Sequence[object]], *, key: str) -> None:
    """Say in a `sentence` that this axis shows nothing; offer the first on which `there` finds something."""
    st.info(sentence, icon=":material/info:")
    for axis in ("flops", "params", "tokens", "date"):
        if axis != page.state.x and there(axis):
            label = _("Show it over {axis}").format(axis=vocabulary.axis_name(axis))
            st.button(label, key=key, on_click=page.go, kwargs={"x": axis})
            return


def notes(view: AbilityView) -> None:
    """Who is missing, what the analysis wants the reader to know, and the caveats of the data."""
    if view.shown and view.missing:
        st.info(remarks.missing_sentence(view.missing, view.axis, view.measure), icon=":material/info:")
    for series in view.shown:
        if series.unplaced:
            st.caption(remarks.unplaced_sentence(series, view))
    if view.axis == "perplexity" and view.shown:
        st.caption(remarks.perplexity_caption(view))
    lines = remarks.evidence_notes(view)
    if lines:
        with st.expander(remarks.remarks_label(len(lines)), icon=":material/rule:"):
            st.markdown("\n".join(f"- {line}" for line in lines))
    if len(view.caveats):
        with st.expander(remarks.caveat_label(len(view.caveats)), icon=":material/warning:"):
            st.markdown("\n".join(f"- {remarks.caveat_line(row, view)}" for row in view.caveats.itertuples()))


def tables(views: Sequence[AbilityView]) -> None:
    """Verdicts of the first view and the points of all, as tables to take along."""
    view = views[0]
    if not view.shown:
        return
    st.header(_("Verdicts and thresholds"), anchor=False)
    chart.table(
        verdict_table(view), key="verdicts", filename="verdicts", label=_("The table as shown, with full precision"),
        scientific=scientific_columns(view),
    )  # fmt: skip
    _second_opinions(view)
    st.header(_("The numbers in the figure"), anchor=False)
    chart.table(
        pd.concat([points_table(one) for one in views if one.shown]), key="points",
        filename=view.choice.task_id.replace("/", "-"),
        label=_("Exactly the points that are drawn, with sources"), scientific=scientific_columns(view),
    )  # fmt: skip


def _second_opinions(view: AbilityView) -> None:
    """The bootstrap and the published heuristics, computed when somebody asks for them."""
    if not st.toggle(_("Second opinions: bootstrap and published heuristics"), key="opinions"):
        return
    lines = opinion_lines(view)
    if not lines:
        st.caption(_("None of these curves has enough sizes for a second opinion."))
        return
    st.markdown("\n".join(f"- {line}" for line in lines))
    st.caption(
        _(
            "The bootstrap refits one logistic step by maximum likelihood to 2,000 simulated families; it knows no "
            "other shape and no prior. Breakthroughness (the emergence score of Schaeffer et al. 2023) and linearity "
            "come from BIG-bench. They grow with the number of sizes and have no bound near chance: a score above "
            "its noise limit says that the scores are not flat, not that they jump."
        )
    )
