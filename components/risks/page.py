"""The risks page: a board of all measures of harm, and each of them in depth."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components.ability.figure import ability_figure
from components.ability.model import AbilityView, ability_view, unused_task
from components.ability.sentences import headline
from components.core import glossary, vocabulary
from components.core.i18n import gettext as _
from components.core.links import address
from components.core.state import Dropped, ViewState, shared
from components.core.verdicts import marks_legend
from components.figures.card import Card, Line, gallery
from components.figures.theme import LIGHT, Theme
from components.frame import answers, chart, controls, evidence
from components.frame.board import judged
from components.frame.compute import assess, catalog
from components.frame.share import share
from components.frame.shell import Page, jump, link
from components.frame.training import through_training
from components.risks import words as said
from components.risks.groups import GROUPS
from components.risks.model import (
    Judged,
    RiskBoard,
    RiskMeasure,
    RiskSeries,
    measure_state,
    other_settings,
    risk_board,
    risk_families,
    risk_series,
    risk_tasks,
)
from data.catalog import Catalog
from data.memo import kept

RULE = "crossing"


def body(page: Page) -> None:
    """Draw the page: the board, or one measure."""
    if page.state.task in risk_tasks(catalog()):
        _depth(page)
        return
    if page.state.task:
        page.dropped.append(unused_task(catalog(), page.state.task))
    _overview(page)


def _measure_choice(page: Page) -> None:
    titles = vocabulary.task_titles(catalog())
    key = "risks.task"
    shown = page.state.task if page.state.task in risk_tasks(catalog()) else ""
    st.session_state[key] = shown
    st.selectbox(
        _("Measure"), ["", *risk_tasks(catalog())], key=key,
        format_func=lambda task: titles.get(task, task) if task else _("All measures"),
        on_change=lambda: page.go(task=st.session_state[key], family=()),
    )  # fmt: skip


# -- the board ---------------------------------------------------------------------------------------------


def _overview(page: Page) -> None:
    known = risk_families(catalog())
    families = tuple(family for family in page.state.family if family in known)
    page.dropped.extend(
        Dropped("family", family, "not_in_catalog") for family in page.state.family if family not in known
    )
    if not page.state.chart:
        st.title(_("What gets worse, or appears, with scale?"), anchor=False)
        st.caption(
            _(
                "Measures of harm over the scale of the model. Worse means against the direction of the measure: "
                "more toxic, less truthful, more memorised. Each card opens the measure with its definition."
            )
        )
        table = catalog().families
        names = dict(zip(table["family"].astype(str), table["name"].astype(str), strict=True))
        measure, chosen = st.columns([5, 6], vertical_alignment="bottom")
        with measure:
            _measure_choice(page)
        with chosen:
            controls.several(page, "family", _("Only these families"), known, value=families, names=names.__getitem__)
        controls.axis(page)
    with st.spinner(_("Judging every measure on this axis")):
        rows = judged(page.state.x)
        board = _board(catalog(), page.state.x, families, rows is not None, rows)
    if not page.state.chart:
        st.markdown(said.board_sentence(board))
        worse = said.worse_sentence(board)
        if worse:
            st.markdown(worse)
        st.caption(marks_legend())
    if not board.measures:
        st.info(_("No measure has two models with a value on this axis."), icon=":material/info:")
        st.button(_("Show the board over parameters"), on_click=page.go, kwargs={"x": "params", "family": ()})
        return
    for group in GROUPS:
        measures = board.of(group.key)
        if not measures:
            continue
        st.header(_(group.name), anchor=False)
        if not page.state.chart:
            st.caption(_(group.question))
        cards = gallery([_card(page, measure) for measure in measures], page.theme)
        if group.folded and not page.state.family:
            with st.expander(said.folded_label(len(measures))):
                st.html(cards)
        else:
            st.html(cards)
    if page.state.chart:
        return
    share(page, _("Risks"), said.board_sentence(board), terms=(page.state.x, "verdict", "sizes", "false_discovery"))
    if board.absent:
        with st.expander(_("Not on this axis")):
            st.markdown(said.absent_sentence(board))
    st.header(_("What each measure is"), anchor=False)
    chart.table(
        said.definitions_table(catalog(), board), key="risk-definitions", filename="risk-measures",
        label=_("Definitions and sources of the measures"),
    )  # fmt: skip
    st.header(_("The board in numbers"), anchor=False)
    chart.table(said.board_table(board), key="risk-board", filename="risks", label=_("Verdict and ends of every curve"))


@kept(size=24)
def _board(data: Catalog, axis: str, families: tuple[str, ...], known: bool, _rows: pd.DataFrame | None) -> RiskBoard:
    """The board of an axis; published verdicts are those of the Atlas if they are `known` already."""
    return risk_board(data, ViewState(x=axis, family=families), assess, _rows)


def _card(page: Page, measure: RiskMeasure) -> Card:
    view = measure.view
    state = shared(page.state).but(task=view.choice.task_id)
    verdicts = said.card_verdicts(measure)
    return Card(
        title=view.title,
        subtitle=said.card_subtitle(measure),
        verdicts=verdicts,
        href=address("risks", state),
        axis=view.axis,
        chance=view.chance,
        lines=tuple(_line(series) for series in measure.series),
        alt=_("{title} over {axis}. {verdicts}").format(
            title=view.title, axis=vocabulary.axis_name(view.axis), verdicts=_("; ").join(one.text for one in verdicts)
        ),
    )


def _line(series: RiskSeries) -> Line:
    """Points joined by straight lines: the board shows what was measured, the depth view what is fitted."""
    shown = series.shown
    at, score = shown.points["value"].to_numpy(float), shown.points["score"].to_numpy(float)
    return Line(shown.family, shown.variant, shown.name, at, score, at, score)


# -- one measure -------------------------------------------------------------------------------------------


def _depth(page: Page) -> None:
    state, data = page.state, catalog()
    view = ability_view(data, measure_state(state, state.task), assess)
    page.dropped.extend(view.dropped)
    if not state.chart:
        _depth_head(page, view)
    if view.shown:
        figure = ability_figure(view, y="raw", fit="step", rule=RULE, theme=page.theme, large=state.chart)
        name = view.choice.task_id.replace("/", "-")
        chart.show(figure, key="risk-figure", alt=headline(view, RULE), filename=f"{name}-{view.axis}")
    else:
        asked = measure_state(state, state.task).but(family=view.choice.families)
        evidence.nearest(page, view, asked, key="risk-nearest")
    if not state.chart:
        evidence.notes(view)
    sentence = headline(view, RULE)
    share(
        page, view.title, sentence, views=(view,) if view.shown else (), terms=(view.axis, *glossary.EXPLORE),
        figures=lambda: [_figure(page, view, LIGHT)] if view.shown else [],
    )  # fmt: skip
    if state.chart:
        return
    back, explore = st.columns(2)
    with back:
        jump(page, _("All measures"), shared(state), key="risk-back", icon=":material/arrow_back:")
    with explore:
        link(
            "explore", _("Open in Explore, with every option"),
            measure_state(shared(state), state.task).but(family=view.choice.families), icon=":material/show_chart:",
        )  # fmt: skip
    settings = other_settings(data, view)
    if settings:
        with st.expander(_("The same measure, counted or asked in other ways")):
            for one in settings:
                link(
                    "explore", said.setting_name(data, one),
                    shared(state).but(task=state.task, metric=(one.metric,), shots=one.shots),
                )  # fmt: skip
    through_training(page, catalog(), view.choice)
    evidence.tables([view])


def _figure(page: Page, view: AbilityView, theme: Theme) -> go.Figure:
    state = page.state
    return ability_figure(view, y=state.y, fit=state.fit, rule=RULE, theme=theme, large=state.chart)


def _depth_head(page: Page, view: AbilityView) -> None:
    st.title(view.title, anchor=False)
    tasks = catalog().tasks.set_index(["benchmark", "task"])
    description = tasks["description"].get((view.choice.benchmark, view.choice.task))
    st.caption(said.definition(view, str(description) if isinstance(description, str) else ""))
    if view.shown:
        st.caption(said.sources_line(view))
    measure, chosen = st.columns([5, 6], vertical_alignment="bottom")
    with measure:
        _measure_choice(page)
    with chosen:
        names = vocabulary.option_names(catalog(), view.choice.family_options)
        controls.several(
            page, "family", _("Families"), view.choice.family_options, value=view.choice.families,
            names=names.__getitem__,
        )  # fmt: skip
    controls.axis(page)
    answers.show(view, RULE, key="risk-answers")
    if view.shown and not view.higher_is_better:
        st.caption(_("“It” is the better score: here lower is better."))
    curves = [
        risk_series(view, series, Judged(series.assessment.verdict if series.assessment else "open"))
        for series in view.shown
    ]
    ends = [said.trend_sentence(view, one) for one in curves if said.claims_nothing(one)]
    if ends:
        st.markdown("  \n".join(ends))
