"""The Overview page: what emerges, what is smooth, what is flat, what gets worse; a searchable gallery."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import overview_words as words
from components.atlas_words import domain_name
from components.figures.card import Card, Line, gallery
from components.figures.theme import apart
from components.i18n import gettext as _
from components.links import address, explore_state
from components.overview import (
    OverviewView,
    curve,
    largest_fall,
    newest_sources,
    opened,
    overview_view,
    sharpest_emergence,
    surprising_jump,
)
from components.page import controls
from components.page.board import board
from components.page.compute import published
from components.page.shell import Page, link
from components.state import ViewState, shared
from data.series import AXES, series_points

PORTION = 24


def body(page: Page) -> None:
    """Draw the page."""
    data = published()
    if not page.state.chart:
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
    everything = board(page.state.x)
    if everything is None:
        return
    rows = opened(published(), everything)
    view = overview_view(rows, page.state)
    page.dropped.extend(view.dropped)
    if not page.state.chart:
        _filters(page, rows, view)
    if page.state.q or page.state.verdict or page.state.domain:
        _gallery(page, view)
        return
    if not page.state.chart:
        _standing_out(page, everything)
        st.header(_("The twelve panels of Wei et al. (2022)"), anchor=False)
    st.html(gallery([_panel(page, rows, row) for row in data.featured.to_dict("records")], page.theme))
    if page.state.chart:
        return
    st.header(_("All abilities"), anchor=False)
    _gallery(page, view)
    _newest()


# -- filters -----------------------------------------------------------------------------------------------


def _filters(page: Page, rows: pd.DataFrame, view: OverviewView) -> None:
    st.markdown(words.counts_sentence(view))
    find, domain = st.columns(2)
    with find:
        controls.search(page, "q", _("Search"), placeholder=_("ability, family, metric"))
    with domain:
        domains = sorted(set(rows["domain"]) - {""}, key=domain_name)
        wanted = [name for name in page.state.domain if name in domains]
        controls.several(page, "domain", _("Domain"), domains, value=wanted, names=domain_name)
    controls.verdicts(page, view.counts)


# -- cards -------------------------------------------------------------------------------------------------


def _gallery(page: Page, view: OverviewView) -> None:
    if not view.abilities:
        st.info(_("No ability on this axis passes the filters."), icon=":material/search_off:")
        return
    key = f"overview.portions.{page.state}"  # another selection begins with one portion again
    count = PORTION * st.session_state.setdefault(key, 1)
    shown = view.abilities[:count]
    by_ability = {str(name): rows for name, rows in view.rows[view.rows["id"].isin(shown)].groupby("id")}
    st.html(gallery([_ability(page, by_ability[name]) for name in shown], page.theme))
    if page.state.chart:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(words.shown_sentence(len(shown), len(view.abilities)))
        if len(shown) < len(view.abilities):
            st.button(_("Show more"), key="overview-more", on_click=_more, args=(key,))
        link("atlas", _("Every series in the Atlas"), shared(page.state), icon=":material/map:")


def _more(key: str) -> None:
    st.session_state[key] += 1


def _ability(page: Page, rows: pd.DataFrame) -> Card:
    state = shared(page.state).but(task=str(rows["id"].iloc[0]))
    return _card(page, rows, state, title=str(rows["title"].iloc[0]), subtitle=words.card_subtitle(rows))


def _panel(page: Page, everything: pd.DataFrame, panel: dict[str, Any]) -> Card:
    task = f"{panel['benchmark']}/{panel['task']}"
    rows = everything[everything["id"] == task].sort_values("place", kind="stable")
    where = _("Fig. {panel}").format(panel=panel["panel"])
    if rows.empty:
        where = f"{where} · {words.panel_missing(page.state.x)}"
    state = shared(page.state).but(task=task)
    return _card(page, rows, state, title=str(panel["title"]), subtitle=where)


def _card(page: Page, rows: pd.DataFrame, state: ViewState, **text: str) -> Card:
    """A card that opens Explore at `state`; `rows` are the series in it, `text` the card's other fields."""
    lines, chance = [], None
    variants = apart(list(rows["family"].astype(str)))
    for row, variant in zip(rows.to_dict("records"), variants, strict=True):
        record = {str(name): value for name, value in row.items()}
        shown = series_points(published(), record, state.x, record["measure"])
        at, score = shown["value"].to_numpy(float), shown["score"].to_numpy(float)
        lines.append(Line(str(row["family"]), variant, str(row["family_name"]), at, score, *curve(record, state.x)))
        known = shown["chance"].dropna()
        chance = float(known.iloc[0]) if chance is None and len(known) else chance
    return Card(
        **{"verdict": words.card_verdict(rows), **text},
        href=address("explore", state),
        axis=state.x,
        chance=chance,
        lines=tuple(lines),
        alt=words.card_alt(text["title"], rows, state.x),
    )


# -- what stands out ---------------------------------------------------------------------------------------


def _standing_out(page: Page, everything: pd.DataFrame) -> None:
    x = page.state.x
    found = (
        (_("Most surprising jump"), surprising_jump(everything), words.jump_text, 1),
        (_("Sharpest emergence"), sharpest_emergence(everything), lambda row: words.sharp_text(row, x), 0),
        (_("Largest fall"), largest_fall(everything), lambda row: words.fall_text(row, x), 0),
    )
    cards = []
    for kicker, row, text, holdout in found:
        state = None if row is None else explore_state(row.to_dict(), x)
        if row is None or state is None:
            continue
        cards.append(
            _card(
                page, row.to_frame().T, state.but(lang=page.state.lang, holdout=holdout), kicker=kicker,
                title=str(row["title"]), subtitle=str(row["family_name"]),
                verdict=text({**row.to_dict(), "log_axis": AXES[x].log}),
            )
        )  # fmt: skip
    if cards:
        st.header(_("What stands out"), anchor=False)
        st.html(gallery(cards, page.theme, fill=True))


def _newest() -> None:
    st.header(_("Newest data"), anchor=False)
    for row in newest_sources(published()).itertuples():
        link("dataset", words.source_line(row), ViewState(table="scores", source=str(row.source)))
