"""The perplexity page: one ability over FLOPs, parameters and perplexity, and which axis pools the families."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components.ability import remarks
from components.ability.model import resolve
from components.core import vocabulary
from components.core.i18n import gettext as _
from components.core.numbers import after_sign
from components.core.state import ViewState
from components.figures.theme import LIGHT
from components.frame import chart, controls
from components.frame.board import judged
from components.frame.compute import assess, catalog, published
from components.frame.share import share
from components.frame.shell import Page, jump, link
from components.perplexity import words as said
from components.perplexity.axis_pooling import (
    Comparison,
    curve_comparison,
    pooling_measures,
    shared_abilities,
    threshold_comparison,
)
from components.perplexity.figure import agreement_figure, lens_figure, pooling_figure
from components.perplexity.model import RULE, Coverage, Lens, coverage, lens, lens_axes
from data.catalog import Catalog
from data.memo import kept

MOST_LINES = 3


def body(page: Page) -> None:
    """Draw the page."""
    view = lens(catalog(), page.state, assess, _coverage(catalog()))
    page.dropped.extend(view.dropped)
    if page.state.chart:
        _figure(page, view)
        return
    st.title(_("Is perplexity the better lens?"), anchor=False)
    st.caption(
        _(
            "Compute and parameters are what goes into a model; perplexity on a fixed text is what comes out. "
            "Wei et al. (2022, Fig 4) asked whether abilities emerge at a perplexity rather than at a size. "
            "The same ability over each axis, and how well each axis brings families onto one curve."
        )
    )
    _controls(page, view)
    _figure(page, view)
    _notes(view)
    _pooling(page, view)
    _tables(view)


@kept()
def _coverage(data: Catalog) -> Coverage:
    """Which protocol of which ability has perplexities."""
    return coverage(data)


def _controls(page: Page, view: Lens) -> None:
    data = catalog()
    titles = vocabulary.task_titles(data)
    ability, measure, families = st.columns([4, 3, 5], vertical_alignment="bottom")
    with ability:
        key = "perplexity.task"
        st.session_state[key] = view.task
        st.selectbox(
            _("Ability"), view.tasks, key=key, format_func=lambda task: titles.get(task, task),
            help=_("Abilities of which some family has three models with a published WikiText perplexity."),
            on_change=lambda: page.go(task=st.session_state[key], family=(), corpus=""),
        )  # fmt: skip
    with measure:
        corpus = "perplexity.corpus"
        st.session_state[corpus] = view.measure
        st.selectbox(
            _("Perplexity"), view.measures, key=corpus, format_func=vocabulary.measure_name,
            help=_("Corpus, unit and window. Values of different measures are never put on one axis."),
            on_change=lambda: page.go(corpus=st.session_state[corpus], family=()),
        )  # fmt: skip
    with families:
        choice = view.perplexity.choice
        asked = page.state.but(task=view.task, metric=(choice.metric,), shots=choice.shots, family=choice.families)
        options = resolve(data, asked.but(prompting=choice.promptings[0]))[0]
        names = vocabulary.option_names(data, options.family_options)
        controls.several(
            page, "family", _("Families"), options.family_options, value=choice.families, names=names.__getitem__
        )
    controls.axis(page)


def _figure(page: Page, view: Lens) -> None:
    lines = said.family_lines(view)
    if not page.state.chart:
        choice = view.perplexity.choice
        st.markdown(
            _("**{title}** ({metric}, {shots}) over {axes}; perplexity on {measure}.").format(
                title=view.title,
                metric=vocabulary.metric_name(view.perplexity.metric),
                shots=vocabulary.shots_name(choice.shots),
                axes=vocabulary.listing([said.axis_word(one.axis) for one in view.drawn or view.views]),
                measure=vocabulary.measure_name(view.measure),
            )
        )
    if not view.drawn:
        missing = [name for one in view.views for name in one.missing]
        names = list(dict.fromkeys(missing))
        st.info(remarks.missing_sentence(names, "perplexity", view.measure), icon=":material/info:")
        jump(
            page, _("Show the families that have one"),
            ViewState(task=view.task, corpus=view.measure, x=page.state.x, lang=page.state.lang), key="lens-families",
        )  # fmt: skip
        return
    figure = lens_figure(view, theme=page.theme, large=page.state.chart)
    name = view.task.replace("/", "-")
    with chart.wide("lens"):
        chart.show(figure, key="lens-figure", alt=said.lens_alt(view), filename=f"{name}-axes")
    if not page.state.chart:
        _families(lines)
    share(
        page, view.title, said.lens_alt(view), views=list(view.drawn),
        figures=lambda: [lens_figure(view, theme=LIGHT)],
        terms=("perplexity", "flops", "params", "capability", "crossing", "verdict", "interval", "pooled"),
    )  # fmt: skip


def _families(lines: list[tuple[str, str]]) -> None:
    """What the figure shows, family by family; many of them are folded."""
    told = "  \n".join(
        after_sign(sign, _("{sign} {sentence}").format(sign=sign, sentence=line)) for sign, line in lines
    )
    if len(lines) <= MOST_LINES:
        st.markdown(told)
        return
    with st.expander(_("Verdict on each family, and where it appears"), icon=":material/list:"):
        st.markdown(told)


def _notes(view: Lens) -> None:
    slip = said.slip_sentence(view)
    if slip:
        st.info(slip, icon=":material/error_outline:")
    for line in said.unplaced_lines(view):
        st.caption(line)
    if view.perplexity.shown:
        st.caption(remarks.perplexity_caption(view.perplexity))
    caveats = pd.concat([one.caveats for one in view.views]).drop_duplicates()
    if len(caveats):
        with st.expander(remarks.caveat_label(len(caveats)), icon=":material/warning:"):
            st.markdown("\n".join(f"- {remarks.caveat_line(row, view.perplexity)}" for row in caveats.itertuples()))
    choice = view.perplexity.choice
    link(
        "explore",
        _("Open in Explore, with every option"),
        ViewState(
            task=view.task, x="perplexity", metric=(choice.metric,), shots=choice.shots, family=choice.families,
            prompting=choice.promptings[0],
        ),
        icon=":material/show_chart:",
    )  # fmt: skip


# -- which axis pools the families best --------------------------------------------------------------------


def _comparisons(axes: tuple[str, ...]) -> tuple[list[Comparison], list[Comparison]]:
    """Curves and thresholds of every measure that three published families share; own rows have no perplexity."""
    data = published()
    boards = {axis: board for axis in axes if (board := judged(axis)) is not None}
    return _curves(data, axes), _thresholds(data, axes, boards) if len(boards) == len(axes) else []


@kept(size=12)
def _curves(data: Catalog, axes: tuple[str, ...]) -> list[Comparison]:
    curves = [
        curve_comparison(data, shared_abilities(data, axes, measure), axes, measure)
        for measure in pooling_measures(data)
    ]
    return [one for one in curves if one.pooling.sufficient]


@kept(size=12)
def _thresholds(data: Catalog, axes: tuple[str, ...], _boards: dict[str, pd.DataFrame]) -> list[Comparison]:
    thresholds = []
    for one in _curves(data, axes):
        found = [
            threshold_comparison(data, _boards, axes, one.measure, RULE, located=strict) for strict in (True, False)
        ]
        thresholds += found[:1] if found[0].pooling.sufficient else found
    return thresholds


def _pooling(page: Page, view: Lens) -> None:
    st.header(_("Which axis brings the families onto one curve?"), anchor=False)
    axes, sources = lens_axes(page.state.x), view.perplexity.sources
    curves, thresholds = _comparisons(axes)
    if not curves:
        st.info(
            _(
                "The data do not suffice on these axes ({axes}): no three families share an ability and have a value "
                "on every one of them. Training FLOPs, parameters and perplexity have most values."
            ).format(axes=vocabulary.listing([said.axis_word(axis) for axis in axes])),
            icon=":material/info:",
        )
        st.button(_("Compare over training FLOPs"), on_click=page.go, kwargs={"x": "flops"})
        return
    told = [*curves, *(one for one in thresholds if one.pooling.sufficient or one.kind == "threshold")]
    first, *others = [line for one in told for line in said.answers(one, sources)]
    if not thresholds:
        others.append(_("The thresholds of all series have not been computed for these data (see the Atlas)."))
    st.markdown(first)
    usable = [one for one in (*curves, *thresholds) if one.pooling.sufficient]
    alt = " ".join(line.replace("**", "") for one in usable for line in said.answers(one, sources))
    left, right = st.columns([7, 5])
    with left:
        chart.show(pooling_figure(usable, page.theme), key="pooling", alt=alt, filename="pooling-by-axis")
    with right:
        axis = next(axis for axis in axes if axis != "perplexity")
        chart.show(
            agreement_figure(curves[0], axis, page.theme), key="pooling-abilities", filename="pooling-by-ability",
            alt=_("Each ability on {measure}: error over {axis} against error over perplexity. {answer}").format(
                measure=vocabulary.measure_name(curves[0].measure), axis=said.axis_word(axis),
                answer=said.answers(curves[0], sources)[0].replace("**", ""),
            ),
        )  # fmt: skip
        st.caption(
            _("One mark is one ability, over {measure}.").format(measure=vocabulary.measure_name(curves[0].measure))
        )
    st.caption(said.pooling_caption(curves, axes))
    if others:
        with st.expander(_("Other texts, and where abilities appear instead of curves")):
            st.markdown("\n".join(f"- {line}" for line in others))
    with st.expander(_("The comparison in numbers")):
        chart.table(
            said.comparison_table(usable), key="pooling-table", filename="pooling-by-axis",
            label=_("The table as shown, with full precision"),
        )  # fmt: skip
        chart.table(
            said.ability_distances(usable), key="pooling-abilities-table", filename="pooling-by-ability",
            label=_("The distances of every ability"),
        )  # fmt: skip


def _tables(view: Lens) -> None:
    if not any(one.shown for one in view.views):
        return
    scientific = [vocabulary.axis_name(axis) for axis in ("flops", "params", "tokens")]
    st.header(_("Verdicts and thresholds"), anchor=False)
    thresholds = [said.on_axis_column(name, one.axis) for one in view.views for name in said.threshold_columns()]
    chart.table(
        said.lens_verdicts(view), key="lens-verdicts", filename="verdicts-by-axis",
        label=_("The table as shown, with full precision"),
        scientific=[name for name in thresholds if not name.endswith(f"({vocabulary.axis_name('perplexity')})")],
    )  # fmt: skip
    st.header(_("The numbers in the figure"), anchor=False)
    chart.table(
        said.lens_points(view), key="lens-points", filename=f"{view.task.replace('/', '-')}-axes",
        label=_("Exactly the points that are drawn, with sources"), scientific=scientific,
    )  # fmt: skip
