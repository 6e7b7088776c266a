"""The Present page: guided tours, one key to the next, each step the live figure of its own address."""

from __future__ import annotations

from importlib import import_module

import streamlit as st

from components.core.i18n import gettext as _
from components.core.i18n import ngettext
from components.core.state import AXES, Dropped, ViewState, encode
from components.core.vocabulary import axis_name
from components.frame import widgets
from components.frame.share import share
from components.frame.shell import Page, link, write
from components.present.own_tour_page import own_tour, section
from components.present.tours import OWN, Step, Tour, load_tours, prose

# Pages whose figure lies over an axis that the audience may change.
_WITH_AXIS = ("", "explore", "atlas", "metrics", "prompting", "risks")
_NOTE = "present.note-shown"
_STYLE = """
<style>
  .st-key-present-question { margin-top: -0.6rem; }
  .st-key-present-question p { font-size: 1.25rem; }
  .st-key-present-note p { font-size: 1.1rem; }
  .stProgress { margin-bottom: -0.6rem; }
</style>
"""


def body(page: Page) -> None:
    """Draw the page: the list of tours, or one step of one."""
    tours = load_tours()
    mine = own_tour()
    if mine is not None:
        tours[OWN] = mine
    tour = tours.get(page.state.tour)
    if tour is None:
        if page.state.tour:
            page.dropped.append(Dropped("tour", page.state.tour, "not_in_catalog"))
        _library(page, tours)
        return
    if page.state.step > len(tour.steps):
        page.dropped.append(Dropped("step", str(page.state.step), "out_of_range"))
    _step(page, tour, min(page.state.step, len(tour.steps)))


# -- the list ----------------------------------------------------------------------------------------------


def _library(page: Page, tours: dict[str, Tour]) -> None:
    st.title(_("Guided tours"), anchor=False)
    st.markdown(
        _(
            "Each step is a live view of this site: change its axis in the middle of a talk, and the next step is as "
            "prepared. Arrow keys or Space go on, **F** fills the screen, **P** shows the speaker's note."
        )
    )
    for key, tour in tours.items():
        with st.container(border=True):
            st.header(prose(tour.title), anchor=False)
            if tour.summary:
                st.markdown(prose(tour.summary))
            count = len(tour.steps)
            st.caption(ngettext("{count} step", "{count} steps", count).format(count=count))
            with st.container(horizontal=True):
                start = ViewState(tour=key, lang=page.state.lang)
                _go_button(f"present.start-{key}", _("Present"), ":material/slideshow:", start.but(chart=True))
                _go_button(f"present.read-{key}", _("Read on the page"), ":material/menu_book:", start)
    section(page)


# -- one step ----------------------------------------------------------------------------------------------


def _step(page: Page, tour: Tour, number: int) -> None:
    step = tour.steps[number - 1]
    axis = _chosen_axis(page, step)
    st.html(_STYLE)
    progress = _("Step {number} of {count} · {tour}").format(
        number=number, count=len(tour.steps), tour=prose(tour.title)
    )
    st.progress(number / len(tour.steps), text=progress)
    st.title(prose(step.title), anchor=False)
    if step.question:
        with st.container(key="present-question"):
            st.markdown(_(":material/forum: {question}").format(question=prose(step.question)))
    figure = st.container()
    if st.session_state.get(_NOTE, False):
        with st.container(border=True, key="present-note"):
            st.caption(_("Speaker's note"))
            st.markdown(prose(step.note) if step.note else _("This step has no note."))
    _bar(page, tour, number, step, axis)
    # Last, so that the keys work even where a figure cannot be drawn.
    with figure:
        _figure(page, step, axis)


def _figure(page: Page, step: Step, axis: str) -> None:
    """The figure of the step's own address, by the body of its page."""
    state = step.state.but(x=axis, chart=True, lang=page.state.lang)
    module = import_module(f"components.{step.page.replace('-', '_') or 'overview'}.page")
    module.body(Page(step.page, state, page.theme))


def _bar(page: Page, tour: Tour, number: int, step: Step, axis: str) -> None:
    """Everything that can be done by mouse or touch, in one row."""

    def go(wanted: int) -> None:
        write("present", page.state.but(step=wanted, x=ViewState().x))

    noted = bool(st.session_state.get(_NOTE, False))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            _("Back"), key="present.back", icon=":material/arrow_back:", disabled=number == 1, on_click=go,
            args=(number - 1,),
        )  # fmt: skip
        st.button(
            _("Next"), key="present.next", icon=":material/arrow_forward:", disabled=number == len(tour.steps),
            on_click=go, args=(number + 1,), type="primary",
        )  # fmt: skip
        st.button(
            _("Note"), key="present.note", icon=":material/speaker_notes:", on_click=_show_note, args=(not noted,)
        )
        widgets.present_keys(
            tour=tour.key,
            step=number,
            steps=len(tour.steps),
            note=noted,
            announce=_("Step {number}: {title}").format(number=number, title=_(step.title)),
            on_go=go,
            on_note=_show_note,
        )
        if step.page in _WITH_AXIS:
            _axis_toggle(page, step, axis)
    with st.container(horizontal=True):
        link(
            step.page, _("Open this view"), step.state.but(x=axis, lang=page.state.lang), icon=":material/open_in_new:"
        )
        _go_button("present.all", _("All tours"), ":material/list:", ViewState(lang=page.state.lang))
    if page.state.chart:
        widgets.key_help(talk=True, button=False)  # elsewhere the sidebar has it
    explicit = {"x": [axis]} if axis != step.state.x else None
    share(page, _(step.title), _(step.question) if step.question else "", explicit=explicit)


def _go_button(key: str, label: str, icon: str, state: ViewState) -> None:
    """To another state of this page. A button, because a link to the page that is open leaves its address as it was."""
    st.button(label, key=key, icon=icon, type="tertiary", on_click=write, args=("present", state))


def _show_note(wanted: bool) -> None:
    st.session_state[_NOTE] = wanted


def _chosen_axis(page: Page, step: Step) -> str:
    """The audience's axis, if the address names one; else the step's own.

    The default of `x` is the step's axis here, so the address holds even 'flops' where a step has another.
    """
    return page.state.x if "x" in st.query_params else step.state.x


def _axis_toggle(page: Page, step: Step, axis: str) -> None:
    key = "present.x"
    st.session_state[key] = axis

    def changed() -> None:
        chosen = st.session_state[key]
        query = encode(page.state.but(x=ViewState().x), "present")
        st.query_params.from_dict(query if chosen == step.state.x else {**query, "x": [chosen]})

    st.segmented_control(
        _("Horizontal axis"), AXES, format_func=axis_name, key=key, required=True, on_change=changed, wrap=True
    )
