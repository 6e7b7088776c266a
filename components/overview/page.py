"""The Overview page: what appears, what was there from the start, what gets worse; a searchable gallery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from components.atlas.model import bracket_names
from components.core.family_styles import style_variants
from components.core.i18n import gettext as _
from components.core.links import address, explore_state
from components.core.state import ViewState, shared
from components.core.verdicts import Answered, answer_states, marks_legend
from components.core.vocabulary import domain_name
from components.figures.card import Card, Line, gallery
from components.frame import controls
from components.frame.board import board
from components.frame.compute import published
from components.frame.shell import Page, jump, link
from components.overview import words
from components.overview.model import (
    OverviewView,
    curve,
    largest_fall,
    most_sudden,
    newest_sources,
    opened,
    overview_view,
    surprising_jump,
)
from data.catalog import Catalog
from data.memo import kept
from data.series import series_points

PORTION = 24


def body(page: Page) -> None:
    """Draw the page."""
    data = published()
    if not page.state.chart:
        st.title(_("Which abilities of language models emerge?"), anchor=False)
        st.markdown(
            _(
                "An ability *appears* if smaller models lack it and larger models have it. It is *emergent* in the "
                "strict sense if it also appears suddenly and better than the smaller models predict. "
                "This site holds {scores} published scores of {models} models, each traceable to its table or figure, "
                "and says for every ability whether it appears, between which models, whether suddenly, and how sure one "
                "can be. "
                "Change the axis, the metric or the definition, and share the address: it always opens the same view."
            ).format(scores=f"{len(data.scores):,}", models=f"{len(data.models):,}")
        )
        controls.axis(page)
    everything = board(page.state.x)
    if everything is None:
        return
    rows = _opened(data, page.state.x, len(everything), everything)
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
    _panels(page, rows)
    if page.state.chart:
        return
    st.header(_("All abilities"), anchor=False)
    st.caption(_("What appears in some family first; within a verdict by number of series."))
    st.caption(marks_legend())
    _gallery(page, view)
    _newest()


# What is on the cards depends on the axis and the language alone; a filter only chooses among them. `rows` tells a
# board that is being computed from the same board with more series.


@kept(size=12)
def _opened(data: Catalog, axis: str, rows: int, _everything: pd.DataFrame) -> pd.DataFrame:
    return opened(data, _everything)


@kept(size=12)
def _cards(data: Catalog, axis: str, rows: int) -> dict[str, Card]:
    """The cards made so far, by what they show."""
    return {}


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
        jump(page, _("Show all abilities"), ViewState(x=view.axis, lang=page.state.lang), key="overview-all")
        return
    key = f"overview.portions.{page.state}"  # another selection begins with one portion again
    count = PORTION * st.session_state.setdefault(key, 1)
    shown = view.abilities[:count]
    known = _cards(published(), view.axis, len(view.everything))
    new = view.everything[view.everything["id"].isin(set(shown) - known.keys())]
    for task, rows in _by_ability(new):
        known[task] = _card(rows, view.axis, title=str(rows[0].title), subtitle=words.card_subtitle(rows))
    st.html(gallery([_linked(page, known[task], task) for task in shown], page.theme))
    if page.state.chart:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(words.shown_sentence(len(shown), len(view.abilities)))
        if len(shown) < len(view.abilities):
            st.button(_("Show more"), key="overview-more", on_click=_more, args=(key,))
        link("atlas", _("Every series in the Atlas"), shared(page.state), icon=":material/map:")


def _more(key: str) -> None:
    st.session_state[key] += 1


def _panels(page: Page, everything: pd.DataFrame) -> None:
    """The cards of the featured panels, under the paper's titles."""
    axis = page.state.x
    panels = published().featured
    ids = panels["benchmark"].astype(str) + "/" + panels["task"].astype(str)
    if not ids.isin(everything["id"]).any():
        st.info(words.panels_missing(axis), icon=":material/info:")
        return
    known = _cards(published(), axis, len(everything))
    for panel in panels.itertuples():
        task = f"{panel.benchmark}/{panel.task}"
        if panel.panel not in known:
            rows = [row for _task, rows in _by_ability(everything[everything["id"] == task]) for row in rows]
            where = _("Fig. {panel}").format(panel=panel.panel)
            subtitle = where if rows else f"{where} · {words.panel_missing(axis)}"
            known[panel.panel] = _card(rows, axis, title=str(panel.title), subtitle=subtitle)
    cards = [_linked(page, known[panel], task) for panel, task in zip(panels["panel"], ids, strict=True)]
    st.html(gallery(cards, page.theme))


def _by_ability(rows: pd.DataFrame) -> list[tuple[str, list[Any]]]:
    """The rows of each ability, in the order in which Explore shows them."""
    found: dict[str, list[Any]] = {}
    for row in rows.sort_values("place", kind="stable").itertuples():
        found.setdefault(str(row.id), []).append(row)
    return list(found.items())


def _linked(page: Page, card: Card, task: str) -> Card:
    return replace(card, href=address("explore", shared(page.state).but(task=task)))


def _card(rows: Sequence[Any], axis: str, **text: Any) -> Card:
    """A card of the series `rows`, rows of the board as tuples; `text` are the card's other fields."""
    names = bracket_names(published(), rows)
    places = [words.place_text(row, ends, axis) for row, ends in zip(rows, names, strict=True)]
    verdicts = tuple(text.pop("verdicts", None) or words.card_verdicts(rows, places))
    lines = []
    for row, variant in zip(rows, style_variants([row.family for row in rows]), strict=True):
        shown = series_points(published(), row._asdict(), axis, row.measure)
        at, score = shown["value"].to_numpy(float), shown["score"].to_numpy(float)
        lines.append(Line(row.family, variant, row.family_name, at, score, *curve(row, axis)))
    return Card(
        **{"href": "", **text},
        verdicts=verdicts,
        axis=axis,
        chance=next((float(row.chance) for row in rows if row.chance == row.chance), None),
        lines=tuple(lines),
        alt=words.card_alt(text["title"], verdicts, axis),
    )


# -- what stands out ---------------------------------------------------------------------------------------


def _standing_out(page: Page, everything: pd.DataFrame) -> None:
    x = page.state.x
    texts: tuple[tuple[str, Callable[[Any], str], int], ...] = (
        (_("Most surprising jump"), lambda row: words.jump_text(row, _model_name(row.held_model)), 1),
        (
            _("Most sudden appearance"),
            lambda row: words.sudden_text(row, bracket_names(published(), [row])[0], x),
            0,
        ),
        (_("Largest fall"), lambda row: words.fall_text(row, x), 0),
    )
    cards = []
    found = _found(published(), x, len(everything), everything)
    for row, (kicker, text, holdout) in zip(found, texts, strict=True):
        state = None if row is None else explore_state(row._asdict(), x)
        if row is None or state is None:
            continue
        there = address("explore", state.but(lang=page.state.lang, holdout=holdout))
        card = _card(
            [row], x, kicker=kicker, title=row.title, subtitle=row.family_name, href=there,
            verdicts=(Answered(answer_states(row), text(row)),),
        )  # fmt: skip
        cards.append(card)
    if cards:
        st.header(_("What stands out"), anchor=False)
        st.caption(
            _(
                "Among all series that stand when the false discovery rate is held at 5 %. Left out are jumps of scores "
                "that fall before they rise, and falls to far below chance, which wrong formats of answers look like."
            )
        )
        st.html(gallery(cards, page.theme, fill=True))


def _model_name(model: str) -> str:
    models = published().models
    return str(models.loc[models["model_id"] == model, "name"].iloc[0])


@kept(size=12)
def _found(data: Catalog, axis: str, rows: int, _everything: pd.DataFrame) -> tuple[Any, ...]:
    """Rows of the board that stand out, as tuples; None where there is none."""
    found = (surprising_jump(_everything), most_sudden(_everything), largest_fall(_everything))
    return tuple(None if row is None else next(row.to_frame().T.itertuples()) for row in found)


def _newest() -> None:
    st.header(_("Newest data"), anchor=False)
    for row in newest_sources(published()).itertuples():
        link("dataset", words.source_line(row), ViewState(table="scores", source=str(row.source)))
