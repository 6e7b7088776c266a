"""A presenter's own tour: made from the views of this session, saved as a file, opened from one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components.core.i18n import gettext as _
from components.core.state import ViewState
from components.frame.share import visited
from components.frame.shell import Page, write
from components.present.tours import OWN, Step, Tour, parse_view, prose, read_tour, write_tour

_KEY = "present.own"


def own_tour() -> Tour | None:
    """The tour that this session's reader has opened or made."""
    found = st.session_state.get(_KEY)
    return found if isinstance(found, Tour) else None


def section(page: Page) -> None:
    """Make a tour from visited views, or open a saved one."""
    st.header(_("Your own tour"), anchor=False)
    open_tab, make_tab = st.tabs([_("Open a file"), _("Make one from the views you visited")])
    with open_tab:
        _open(page)
    with make_tab:
        _make(page)


def _open(page: Page) -> None:
    file = st.file_uploader(_("Tour file (.toml)"), type="toml", key="present.file")
    if file is None:
        st.caption(_("A tour is a plain text file; it stays in this browser session."))
        return
    tour, problems = read_tour(file.getvalue(), OWN)
    if tour is None:
        st.error(_("This file is no tour yet:"), icon=":material/rule:")
        st.text("\n".join(problems[:20]))
        return
    st.success(_("“{title}” with {count} steps.").format(title=prose(tour.title), count=len(tour.steps)))
    _present_button(page, tour, "present.start-opened")


def _make(page: Page) -> None:
    seen = visited()
    if not seen:
        st.info(
            _(
                "Open some views first, for instance on the Explore page; they are listed here in the order of your visit."
            ),
            icon=":material/info:",
        )
        return
    frame = pd.DataFrame(
        {
            "use": True,
            "title": [visit.title for visit in seen],
            "note": [visit.sentence for visit in seen],
            "question": "",
            "view": [visit.view for visit in seen],
        }
    )
    title = st.text_input(_("Title of the tour"), value=_("My tour"), max_chars=120, key="present.title")
    edited = st.data_editor(
        frame,
        key=f"present.steps-{len(seen)}",
        hide_index=True,
        disabled=["view"],
        column_config={
            "use": st.column_config.CheckboxColumn(_("Use")),
            "title": st.column_config.TextColumn(_("Title"), max_chars=200),
            "note": st.column_config.TextColumn(_("Speaker's note"), max_chars=2000),
            "question": st.column_config.TextColumn(_("Question for the group"), max_chars=500),
            "view": st.column_config.TextColumn(_("View")),
        },
    )
    steps = [step for row in edited[edited["use"]].to_dict("records") if (step := _step(row)) is not None]
    if not steps or not title.strip():
        st.caption(_("A tour needs a title and at least one view."))
        return
    tour = Tour(OWN, title.strip(), "", tuple(steps))
    with st.container(horizontal=True):
        st.download_button(
            _("Save the tour"), write_tour(tour.title, tour.summary, tour.steps), file_name="tour.toml",
            mime="application/toml", key="present.save", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        _present_button(page, tour, "present.start-made")


def _step(row: dict[str, object]) -> Step | None:
    view, state, _dropped = parse_view(str(row["view"]))
    if view is None:
        return None
    words = [str(row[name] or "").strip() for name in ("title", "note", "question")]
    return Step(view, state, words[0] or str(row["view"]), words[1], words[2])


def _present_button(page: Page, tour: Tour, key: str) -> None:
    def start() -> None:
        st.session_state[_KEY] = tour
        write("present", ViewState(tour=OWN, chart=True, lang=page.state.lang))

    st.button(_("Present it"), key=key, icon=":material/slideshow:", type="primary", on_click=start)
