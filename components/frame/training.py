"""Scores through training, as a section of a page."""

from __future__ import annotations

import streamlit as st

from components.ability.model import Choice
from components.core.citation import citations
from components.core.i18n import gettext as _
from components.core.vocabulary import task_titles
from components.data_size.training import trainings
from components.data_size.training_figure import training_figure
from components.frame import chart
from components.frame.shell import Page
from components.risks import words as said
from data.catalog import Catalog

MOST_FAMILIES = 3  # panels; the families with most checkpoints


def through_training(page: Page, catalog: Catalog, choice: Choice) -> None:
    """How the sizes of each family part through training; nothing where no checkpoint was scored."""
    found = trainings(catalog, choice.benchmark, choice.task, choice.metric)
    found = tuple(sorted(found, key=lambda one: -len(one.points))[:MOST_FAMILIES])
    if not found:
        return
    title = task_titles(catalog).get(choice.task_id, choice.task_id)
    st.header(_("Through training: {ability}").format(ability=title), anchor=False)
    st.markdown(_("Scores on **{ability}** at the published checkpoints of each size.").format(ability=title))
    lines = [said.training_sentence(one, str(one.metric["unit"])) for one in found]
    st.markdown("  \n".join(lines))
    sources = citations(catalog)
    name = f"{choice.benchmark}-{choice.task}-training"
    chart.show(
        training_figure(found, sources, page.theme, title=title),
        key=f"{page.name}-training",
        alt=" ".join([title, *lines]),
        filename=name,
    )
    if error := said.training_error(found):
        st.caption(error)
    with st.expander(_("The checkpoints in numbers")):
        chart.table(
            said.training_table(found, sources), key=f"{page.name}-training-table", filename=name,
            label=_("Exactly the points that are drawn, with sources"),
            scientific=(_("Parameters"), _("Training tokens")),
        )  # fmt: skip
