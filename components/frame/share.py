"""What a reader takes along from a page: the link in every form, the view as a zip, the figure, the terms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import plotly.graph_objects as go
import streamlit as st

from components.ability import remarks
from components.ability.bundle import Capture, build, capture_ability, capture_contrast, capture_page
from components.ability.model import AbilityView
from components.core import glossary, sharing
from components.core.i18n import gettext as _
from components.core.i18n import spoken
from components.core.state import ViewState
from components.frame import chart
from components.frame import drawn as shown
from components.frame.compute import catalog
from components.frame.shell import Page, link
from components.frame.widgets import figure_export
from components.prompting.model import ContrastView

Views = Sequence[AbilityView] | ContrastView

_VISITED = "visited"
MOST_VISITED = 60


@dataclass(frozen=True)
class Visit:
    """A view that this session's reader has seen."""

    view: str
    title: str
    sentence: str


def share(
    page: Page,
    title: str,
    sentence: str,
    *,
    views: Views = (),
    figure: str = "",
    figures: Callable[[], Sequence[go.Figure]] | None = None,
    terms: Sequence[str] = (),
    explicit: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """One row of menus under a view: share, download, terms; with ``chart=1`` a line that credits the sources.

    `views` are the abilities on screen, or the contrast: with them the zip recomputes their numbers. `figure` is
    the key of the figure to save, the first one drawn if it is not given; `figures` draws the zip's figures anew,
    where those on screen are not on white. `terms` are ids of the glossary; `explicit` are
    parameters to write even at their default.
    """
    shown.current().shared = True
    if page.state.chart:
        if not isinstance(views, ContrastView) and any(view.shown for view in views):
            chart.credit(remarks.credit(views, catalog().version))
        return
    view = sharing.address(page.name, page.state.but(lang=""), explicit)
    _record(Visit(view, title, sentence))
    with st.container(horizontal=True, key=f"{page.name or 'overview'}-take"):
        _share(page, title, sentence, explicit)
        _download(page, title, sentence, views, figure, figures)
        if terms:
            _terms(page, terms)


def absolute(page: Page, state: ViewState, explicit: Mapping[str, Sequence[str]] | None = None) -> str:
    """The whole address of a state of the page that is open."""
    return urljoin(sharing.site_root(st.context.url or "", page.name), sharing.address(page.name, state, explicit))


def visited() -> list[Visit]:
    """The views of this session, in the order of the last visit."""
    return list(st.session_state.get(_VISITED, {}).values())


def _record(visit: Visit) -> None:
    seen: dict[str, Visit] = st.session_state.setdefault(_VISITED, {})
    seen.pop(visit.view, None)
    seen[visit.view] = visit
    while len(seen) > MOST_VISITED:
        del seen[next(iter(seen))]


def _share(page: Page, title: str, sentence: str, explicit: Mapping[str, Sequence[str]] | None) -> None:
    menu = st.popover(_("Share"), icon=":material/share:", key=f"{page.name}.share", on_change="rerun")
    if not menu.open:
        return
    url = absolute(page, page.state, explicit)
    forms = {
        _("Link"): url,
        _("Markdown"): sharing.as_markdown(title, sentence, url),
        _("Text for Slack or mail"): sharing.as_text(title, sentence, url),
        _("Frame for a web page"): sharing.as_iframe(title, absolute(page, page.state.but(chart=True), explicit)),
    }
    with menu:
        for label, text in forms.items():
            st.markdown(f"**{label}**")
            st.code(text, language=None, wrap_lines=True)
        code = sharing.qr_svg(url)
        st.markdown(f"**{_('Code for the room')}**")
        if code is None:
            st.caption(_("This address is too long for a QR code."))
        else:
            st.image(code, width=280, alt=_("QR code of the address {url}").format(url=url))


def _download(
    page: Page,
    title: str,
    sentence: str,
    views: Views,
    figure: str,
    figures: Callable[[], Sequence[go.Figure]] | None,
) -> None:
    drawn = shown.current()
    if not (_has_curves(views) or drawn.figures or drawn.tables):
        return
    menu = st.popover(_("Download"), icon=":material/download:", key=f"{page.name}.download", on_change="rerun")
    if not menu.open:
        return
    url = absolute(page, page.state)
    token = hashlib.blake2b(f"{url}|{page.theme.dark}".encode(), digest_size=8).hexdigest()
    svg = None
    with menu:
        if drawn.figures:
            st.markdown(f"**{_('The figure')}**")
            svg = figure_export(
                figure or drawn.figures[0][0], filename=f"emergence-{page.name or 'overview'}", title=title, sentence=sentence,
                token=token, key=f"{page.name}.figure-export",
            )  # fmt: skip
        st.markdown(f"**{_('Everything in one zip')}**")
        if _has_curves(views):
            st.caption(
                _(
                    "Points with sources, state, figure, citation, and a script that recomputes the numbers "
                    "without this site."
                )
            )
        else:
            st.caption(_("Tables, state, figure and citation."))
        _zip_button(page, _capture(page, title, sentence, url, views, figures), svg)


def _has_curves(views: Views) -> bool:
    return bool(views.pairs) if isinstance(views, ContrastView) else any(view.shown for view in views)


def _capture(
    page: Page,
    title: str,
    sentence: str,
    url: str,
    views: Views,
    figures: Callable[[], Sequence[go.Figure]] | None,
) -> Callable[[], Capture]:
    """The content of the zip, made when it is asked for."""
    data, drawn = catalog(), shown.current()
    texts = {"title": title, "sentence": sentence, "address": url}

    def made() -> Capture:
        plots = list(figures()) if figures else [figure for _key, figure, _sentence in drawn.figures]
        if not _has_curves(views):
            return capture_page(data, page.name, page.state, tables=drawn.tables, figures=plots, **texts)
        if isinstance(views, ContrastView):
            return capture_contrast(data, views, page.state, tables=drawn.tables, figures=plots, **texts)
        return capture_ability(data, views, page.state, page=page.name, figures=plots, **texts)

    return made


def _zip_button(page: Page, capture: Callable[[], Capture], svg: str | None) -> None:
    st.download_button(
        _("Download this view"), spoken(lambda: build(capture(), svg or "")),
        file_name=f"emergence-{page.name or 'overview'}.zip", mime="application/zip", key=f"{page.name}.zip",
        on_click="ignore", icon=":material/folder_zip:", type="primary",
    )  # fmt: skip


def _terms(page: Page, terms: Sequence[str]) -> None:
    menu = st.popover(_("Terms"), icon=":material/menu_book:", key=f"{page.name}.terms", on_change="rerun")
    if not menu.open:
        return
    with menu:
        st.markdown(glossary.help_for(terms))
        link("methods", _("All terms, and how everything is computed"), page.state, icon=":material/functions:")
