"""Is it the metric? The same outputs under several metrics, what a mirage would look like, and how many claims survive."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components.ability import remarks
from components.ability.tables import scientific_columns
from components.core.i18n import gettext as _
from components.core.links import address
from components.core.state import ViewState, shared
from components.core.vocabulary import axis_name, in_sentence, listing, shots_name, task_titles
from components.figures.theme import DARK, LIGHT
from components.frame import chart, controls, evidence
from components.frame.board import board as judged_board
from components.frame.compute import assess, catalog, published
from components.frame.share import share
from components.frame.shell import Page, link
from components.metrics import published as mirage_facts
from components.metrics import words
from components.metrics.figure import exponents_figure, log_axis, metrics_figure, rising
from components.metrics.model import Judged, LensView, board, lens_view, mirages, published_exponents
from data.catalog import Catalog
from data.memo import kept
from data.series import KEY

TERMS = ("metric", "exact_match", "verdict", "sudden", "gradual", "width", "implied_exponent", "items", "chance")


def body(page: Page) -> None:
    """Draw the page."""
    view = _view(catalog(), page.state.x, _selection(page.state))
    page.dropped.extend(view.dropped)
    if page.state.chart:
        _figure(page, view)
        return
    st.title(_("Is it the metric?"), anchor=False)
    st.caption(
        _(
            "The same outputs of the same models under several metrics. If a jump is made by an all-or-nothing metric, a "
            "metric that gives partial credit or measures the loss does not show it."
        )
    )
    _controls(page, view)
    _figure(page, view)
    if view.metrics:
        _notes(view)
        _mirage(page, view)
        _resolution(view)
        _tables(view)
        one = view.metrics[0].view
        link(
            "explore", _("Explore this ability, with all families"), shared(page.state).but(task=one.choice.task_id),
            icon=":material/show_chart:",
        )  # fmt: skip
    _board(page)


def _controls(page: Page, view: LensView) -> None:
    data, choice = catalog(), view.choice
    titles = task_titles(data)
    families = data.families.set_index("family")["name"].astype(str)

    def lens_name(option: str) -> str:
        family, _at, protocol = option.partition("@")
        name = str(families.get(family, family))
        return _("{family} ({detail})").format(family=name, detail=protocol) if protocol else name

    ability, who, which = st.columns([5, 4, 4], vertical_alignment="bottom")
    with ability:
        key = "metrics.task"
        st.session_state[key] = choice.task
        st.selectbox(
            _("Ability"), choice.tasks, key=key, format_func=lambda task: titles.get(task, task),
            help=_("Abilities that have an all-or-nothing metric and another one, for three models of a family."),
            on_change=lambda: page.go(task=st.session_state[key], family=(), shots="", metric=()),
        )  # fmt: skip
    with who:
        key_family = "metrics.family"
        st.session_state[key_family] = choice.family
        st.selectbox(
            _("Family"), choice.families, key=key_family, format_func=lens_name,
            on_change=lambda: page.go(family=(st.session_state[key_family],), shots="", metric=()),
        )  # fmt: skip
    with which:
        names = data.metrics.set_index("metric")["name"].astype(str)
        shown = [one.metric for one in view.metrics] + list(view.missing)
        key_metric = "metrics.metric"
        st.session_state[key_metric] = [metric for metric in choice.metrics if metric in shown]

        def chosen() -> None:
            wanted = tuple(st.session_state[key_metric])
            page.go(metric=() if set(wanted) == set(choice.metrics) else wanted)

        st.multiselect(
            _("Metrics"), choice.metrics, key=key_metric, format_func=lambda metric: names[metric], on_change=chosen,
            placeholder=_("Search and choose"),
        )  # fmt: skip
    if len(choice.shot_options) > 1:
        controls.segments(page, "shots", _("Shots"), choice.shot_options, value=choice.shots, names=shots_name)
    controls.axis(page)


def _figure(page: Page, view: LensView) -> None:
    sentence = words.headline(view)
    if not view.metrics:
        there = _selection(page.state)
        evidence.another_axis(page, sentence, lambda axis: _view(catalog(), axis, there).metrics, key="metrics-nearest")
        return
    if not page.state.chart:
        st.markdown(f"**{sentence}**")
        for line in (words.items_line(view), words.published_line(view)):
            if line:
                st.markdown(line)
    figure = _drawn(catalog(), page.state.x, _selection(page.state), page.theme.dark, page.state.chart)
    name = view.choice.task.replace("/", "-")
    chart.show(figure, key="metrics-figure", alt=sentence, filename=f"metrics-{name}-{view.axis}")
    share(page, view.title, sentence, views=[one.view for one in view.metrics], terms=(view.axis, *TERMS))


def _notes(view: LensView) -> None:
    if view.missing:
        names = catalog().metrics.set_index("metric")["name"].astype(str)
        st.caption(
            _("Not published on this axis: {metrics}.").format(metrics=listing([names[m] for m in view.missing]))
        )
    caveats = list(
        dict.fromkeys(
            remarks.caveat_line(row, one.view) for one in view.metrics for row in one.view.caveats.itertuples()
        )
    )
    if caveats:
        with st.expander(remarks.caveat_label(len(caveats)), icon=":material/warning:"):
            st.markdown("\n".join(f"- {line}" for line in caveats))
    descriptions = {one.view.metric["name"]: one.view.metric["description"] for one in view.metrics}
    with st.expander(_("What these metrics measure"), icon=":material/straighten:"):
        st.markdown("\n".join(f"- **{name}**: {text}" for name, text in descriptions.items()))


def _mirage(page: Page, view: LensView) -> None:
    st.header(_("What would a mirage look like?"), anchor=False)
    if not log_axis(view):
        st.info(
            _("A mirage is a power law of compute, parameters or tokens: choose one of these axes."),
            icon=":material/info:",
        )
        return
    st.markdown(
        _(
            "If every token of the answer must be right and the loss per token falls as a power of scale, the score is "
            "p to the power L. Its 10 to 90 % rise takes 1.3395 / exponent decades, whatever the length L."
        )
    )
    names = catalog().metrics.set_index("metric")["name"].astype(str)
    lines = []
    if view.own is not None:
        lines.append(words.own_sentence(view.own, view.axis, names.to_dict()))
    else:
        lines.append(words.no_own_sentence(view))
    published = published_exponents(view.axis)
    lines += [words.mirage_sentence(one, published) for one in mirages(view)]
    for line in lines:
        st.markdown(line)
    if rising(view):
        references = dict(published)
        if view.own is not None and view.own.value > 0:
            references["own"] = view.own.value
        alt = " ".join(lines) or words.headline(view)
        chart.show(
            exponents_figure(view, references, page.theme),
            key="metrics-exponents",
            alt=alt,
            filename="implied-exponents",
        )
    st.caption(words.exponents_caption())
    link(
        "theory", _("Theory lab: steps that multiply"), shared(page.state).but(panel="steps"), icon=":material/science:"
    )


def _resolution(view: LensView) -> None:
    lines = words.resolution_lines(view)
    if not lines:
        return
    st.header(_("What can the test set tell from guessing?"), anchor=False)
    st.markdown("\n".join(f"- {line}" for line in lines))


def _tables(view: LensView) -> None:
    st.header(_("Verdicts, thresholds and widths"), anchor=False)
    scientific = scientific_columns(view.metrics[0].view)
    chart.table(
        words.lens_table(view), key="metrics-verdicts", filename="metrics-verdicts", scientific=scientific,
        label=_("The table as shown, with full precision"),
    )  # fmt: skip
    with st.expander(_("The numbers in the figure"), icon=":material/table:"):
        chart.table(
            words.lens_points(view), key="metrics-points", filename="metrics-points", scientific=scientific,
            label=_("Exactly the points that are drawn, with sources"),
        )  # fmt: skip


# -- the board ---------------------------------------------------------------------------------------------


def _board(page: Page) -> None:
    st.header(_("How many claims survive?"), anchor=False)
    axis = page.state.x
    everything = judged_board(axis)
    if everything is None:
        return
    found = _survivals(published(), axis, len(everything), everything[everything["counted"]])
    if found.empty:
        st.info(_("No ability has both kinds of metric on this axis."), icon=":material/info:")
        return
    st.markdown(words.board_sentence(found, axis))
    st.caption(words.legend())
    frame = words.board_table(found, catalog(), task_titles(catalog()))
    base = shared(page.state)
    links = [
        address("metrics", base.but(task=row["task"], family=(row["lens"],), shots=row["shots"]))
        for row in frame[["task", "lens", "shots"]].to_dict("records")
    ]
    frame = frame.drop(columns=["task", "lens", "shots"])
    frame.insert(0, _("View"), links)
    chart.table(
        frame, key="metrics-board", filename=f"metrics-board-{axis}", label=_("Every pair of an ability and a family"),
        columns={_("View"): st.column_config.LinkColumn(display_text=_("open"))},
    )  # fmt: skip
    st.header(_("Schaeffer et al. (2023) and our count"), anchor=False)
    st.table(mirage_facts.facts_table(published(), everything, found), hide_index=True)
    st.caption(
        _("{paper}. Our counts are on this axis ({axis}).").format(
            paper=mirage_facts.CITATION, axis=in_sentence(axis_name(axis))
        )
    )


Selection = tuple[str, tuple[str, ...], str, tuple[str, ...]]


def _selection(state: ViewState) -> Selection:
    """What of a state decides the view, beside the axis."""
    return state.task, state.family, state.shots, state.metric


@kept()
def _view(data: Catalog, axis: str, selection: Selection) -> LensView:
    task, family, shots, metric = selection
    return lens_view(data, ViewState(x=axis, task=task, family=family, shots=shots, metric=metric), assess)


@kept()
def _drawn(data: Catalog, axis: str, selection: Selection, dark: bool, large: bool) -> go.Figure:
    """The figure of a view, shared by all sessions: never changed after it is drawn."""
    view = _view(data, axis, selection)
    return metrics_figure(view, mirages(view), DARK if dark else LIGHT, large=large)


@kept(size=8)
def _survivals(data: Catalog, axis: str, rows: int, _everything: pd.DataFrame) -> pd.DataFrame:
    """What becomes of a jump under other metrics, from the board of all series (of which `rows` are judged)."""
    del axis, rows  # tell one board from another
    ids = _everything[KEY[0]].str.cat([_everything[name] for name in KEY[1:]], sep=":")
    judged = map(Judged, _everything["verdict"], _everything["answer_sudden"])
    return board(data, dict(zip(ids, judged, strict=True)))
