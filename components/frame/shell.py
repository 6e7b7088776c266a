"""The frame that every page calls once: page config, navigation, state, and the net under errors.

Automatic multipage mode, without ``st.navigation``: mixing the two breaks the first deep link after a server
start when the folder is called ``pages``. So each page is complete in itself, and the built-in navigation is
switched off in the configuration and drawn here, where links carry the shared parameters along.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from time import monotonic

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from components.core import vocabulary
from components.core.i18n import LANGUAGES, available, language, use_language
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.links import address
from components.core.state import PAGES, Dropped, ViewState, decode, encode, shared
from components.figures.theme import DARK, LIGHT, Theme
from components.frame import drawn as shown
from components.frame.widgets import key_help

log = logging.getLogger(__name__)

SETTLED = 600.0  # seconds
_settled_until = [0.0]
_settling = Lock()


@dataclass(frozen=True)
class PageLink:
    """A page in the navigation."""

    page: str
    script: str
    label: str
    icon: str


NAVIGATION: tuple[tuple[str, tuple[PageLink, ...]], ...] = (
    (
        N_("Abilities"),
        (
            PageLink("", "app.py", N_("Overview"), ":material/grid_view:"),
            PageLink("explore", "pages/explore.py", N_("Explore"), ":material/show_chart:"),
            PageLink("atlas", "pages/atlas.py", N_("Atlas and planner"), ":material/map:"),
        ),
    ),
    (
        N_("Lenses"),
        (
            PageLink("metrics", "pages/metrics.py", N_("Is it the metric?"), ":material/straighten:"),
            PageLink("prompting", "pages/prompting.py", N_("Prompting and tuning"), ":material/forum:"),
            PageLink("data-size", "pages/data-size.py", N_("Data against size"), ":material/scatter_plot:"),
            PageLink("perplexity", "pages/perplexity.py", N_("Perplexity"), ":material/visibility:"),
            PageLink("theory", "pages/theory.py", N_("Theory lab"), ":material/science:"),
            PageLink("risks", "pages/risks.py", N_("Risks"), ":material/warning:"),
        ),
    ),
    (
        N_("Evidence"),
        (
            PageLink("dataset", "pages/dataset.py", N_("Dataset"), ":material/table:"),
            PageLink("present", "pages/present.py", N_("Present"), ":material/slideshow:"),
            PageLink("methods", "pages/methods.py", N_("Methods"), ":material/functions:"),
        ),
    ),
)
SCRIPTS = {link.page: link.script for _group, links in NAVIGATION for link in links}


@dataclass(frozen=True)
class Page:
    """What the shell hands to a page: who it is, what it shall show, and in which colours."""

    name: str
    state: ViewState
    theme: Theme
    dropped: list[Dropped] = field(default_factory=list)  # what of the address could not be used, so far

    def go(self, **changes: object) -> None:
        """Write a changed state to the URL; the running (or next) script reads it from there."""
        write(self.name, self.state.but(**changes))


def run(name: str, title: str, body: Callable[[Page], None]) -> None:
    """Draw the page `name`: configuration, navigation, notes on dropped parameters, then `body`.

    Errors in `body` are logged and shown as one sentence; the reader never meets a traceback.
    """
    _settle_memory()
    state, dropped = decode({key: st.query_params.get_all(key) for key in st.query_params}, name)
    use_language(state.lang or _browser_language())
    st.set_page_config(
        page_title=_("{page} · Emergence Explorer").format(page=_(title)),
        page_icon=":material/show_chart:",
        layout="wide",
        initial_sidebar_state="collapsed" if state.chart else "auto",
    )
    page = Page(name, state, DARK if st.context.theme.type == "dark" else LIGHT, list(dropped))
    st.html(_STYLE + _LANGUAGE_STYLES.get(language(), "") + (_CHART_ONLY_STYLE if state.chart else ""))
    if not state.chart:
        _navigation(page)
    note = st.container()
    drawn = shown.start()
    try:
        body(page)
        if not drawn.shared and not state.chart:
            _share(page, _(title), drawn)
    except Exception:
        log.exception("page %r failed in state %r", name, state)
        st.error(
            _("This view could not be drawn. The rest of the site works; the address keeps your choices."),
            icon=":material/error:",
        )
        jump(page, _("Open this page with its default view"), ViewState(), key="default-view")
    if page.dropped and not state.chart:
        with note:
            _note_dropped(page)


def _share(page: Page, title: str, drawn: shown.Shown) -> None:
    """The share menu of a page that has none of its own: its first figure's sentence, all figures and tables."""
    from components.frame.share import share  # noqa: PLC0415 - it links to pages, and so imports this module

    share(page, title, drawn.figures[0][2] if drawn.figures else "")


def write(page: str, state: ViewState) -> None:
    """Make `state` the address of `page`."""
    foreign = {key: st.query_params.get_all(key) for key in st.query_params if key.startswith("embed")}
    st.query_params.from_dict({**encode(state, page), **foreign})


def link(page: str, label: str, state: ViewState, *, icon: str | None = None, help: str | None = None) -> None:
    """A link to a page in a state."""
    try:
        st.page_link(SCRIPTS[page], label=label, icon=icon, help=help, query_params=query(state, page))
    except StreamlitPageNotFoundError:
        # A page that runs on its own (`streamlit run pages/explore.py`, a test) has no siblings to link to.
        st.link_button(label, address(page, state), icon=icon, help=help, type="tertiary")


def jump(page: Page, label: str, state: ViewState, *, key: str, icon: str | None = None) -> None:
    """A way to another state of the same page: a button, since Streamlit's links to the page one is on run the
    script with the new parameters but leave the address as it was.
    """
    st.button(label, key=key, icon=icon, type="tertiary", on_click=write, args=(page.name, state))


def query(state: ViewState, page: str) -> list[tuple[str, str]]:
    """The query parameters of a state, as Streamlit's links take them."""
    return [(name, value) for name, values in encode(state, page).items() for value in values]


def _note_dropped(page: Page) -> None:
    """Say what of the address could not be used; dismissing the note rewrites the address."""
    dropped = list(dict.fromkeys(page.dropped))
    with st.container(border=True):
        st.markdown(_("**Parts of this address could not be used**, so their defaults are shown:"))
        st.text("\n".join(vocabulary.dropped(item) for item in dropped[:8]))
        if len(dropped) > 8:
            st.text(_("… and {count} more.").format(count=len(dropped) - 8))
        st.button(_("Dismiss"), key="dismiss-dropped", on_click=page.go)


def _navigation(page: Page) -> None:
    travelling = shared(page.state)
    with st.sidebar:
        st.markdown(f"### {_('Emergence Explorer')}")
        for group, links in NAVIGATION:
            existing = [item for item in links if item.page in _existing_pages()]
            if existing:
                st.caption(_(group))
            for item in existing:
                link(item.page, _(item.label), travelling, icon=item.icon)
        languages = available()
        if len(languages) > 1:
            st.session_state["lang"] = page.state.lang or _browser_language()
            st.segmented_control(
                _("Language"),
                languages,
                format_func=LANGUAGES.__getitem__,
                key="lang",
                required=True,
                on_change=lambda: page.go(lang=st.session_state["lang"]),
            )
        key_help(talk=page.name == "present")


@cache
def _existing_pages() -> frozenset[str]:
    from pathlib import Path  # noqa: PLC0415

    root = Path(__file__).parent.parent.parent
    return frozenset(page for page in PAGES if (root / SCRIPTS[page]).exists())


def _browser_language() -> str:
    wanted = (st.context.locale or "").split("-")[0].lower()
    return wanted if wanted in available() else "en"


def _settle_memory() -> None:
    """Take modules and shared results out of the garbage collector's sight, anew every `SETTLED` seconds.

    Streamlit collects garbage after every script run; with numpy, pandas and plotly on the heap that alone
    costs more than most pages. Sessions that are open go out of sight as well: what they leave behind, a reader's
    own rows among it, is collected at the next turn.
    """
    now = monotonic()
    with _settling:
        if now < _settled_until[0]:
            return
        _settled_until[0] = now + SETTLED
    gc.unfreeze()
    gc.collect()
    gc.freeze()


_STYLE = """
<style>
  .stMainBlockContainer { padding-top: 2.2rem; padding-bottom: 3rem; max-width: 1320px; }
  [data-testid="stSidebarHeader"] { height: 2.5rem; padding-bottom: 0; }
  @media (max-width: 640px) { .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; } }
  /* Streamlit fades captions to a contrast of 4.2:1; small print needs 4.5:1. */
  [data-testid="stCaptionContainer"] { opacity: 1; color: color-mix(in srgb, currentcolor 75%, transparent) !important; }
  /* Chosen values in ink on a tint: white on the theme's colour is too faint in the dark. */
  [data-testid="stMultiSelect"] [data-tag] { color: inherit; background: color-mix(in srgb, currentcolor 13%, transparent); }
  [data-testid="stMultiSelect"] [data-tag] * { color: inherit; }
  /* Where the keyboard is: Streamlit draws no ring around links and the buttons over tables. */
  a:focus-visible, [data-testid="stBaseButton-elementToolbar"]:focus-visible {
    outline: 3px solid currentcolor !important; outline-offset: 1px; }
  /* Formulas break at their relations instead of scrolling sideways, which no keyboard could. */
  .katex-display { overflow: visible !important; }
  .katex-display > .katex { white-space: normal; }
  @media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
</style>
"""
# Korean breaks between words, as print does; a browser left alone breaks between any two syllables.
_LANGUAGE_STYLES = {
    "ko": """<style>
  [data-testid="stApp"], [data-testid="stApp"] :is(h1, h2, h3, p, li, label, button) {
    word-break: keep-all; overflow-wrap: anywhere; }
</style>"""
}
_CHART_ONLY_STYLE = """
<style>
  [data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"], [data-testid="stExpandSidebarButton"],
  [data-testid="stHeader"] { display: none; }
  .stMainBlockContainer { padding-top: 0.8rem; max-width: none; }
</style>
"""
