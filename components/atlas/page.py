"""The Atlas page: all abilities at a glance, agreement with the literature, predictability, and the planner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components.atlas import board_words as boards
from components.atlas import words
from components.atlas.agreement import NONE, Agreement, agreement, scale_counts, scales
from components.atlas.board_figure import agreement_figure, prediction_figure
from components.atlas.figure import MOST_ROWS, forest_figure, forest_rows, map_figure, stacked
from components.atlas.model import AtlasView, Tally, atlas_view, bracket_names, predictability
from components.core import vocabulary
from components.core.i18n import gettext as _
from components.core.i18n import spoken
from components.core.links import address, explore_state
from components.core.state import BOARDS, METRIC_KINDS, SORTS, ViewState
from components.core.verdicts import marks_legend
from components.frame import chart, controls
from components.frame.board import board
from components.frame.compute import published
from components.frame.shell import Page
from components.metrics.published import facts_table
from components.planner import page as planner
from data.catalog import Catalog
from data.memo import kept

MOST_TABLE_ROWS = 500


def body(page: Page) -> None:
    """Draw the page."""
    shown = page.state.board or ("planner" if page.state.need else "abilities")
    if not page.state.chart:
        st.title(_("Atlas and planner"), anchor=False)
        _boards(page, shown)
        controls.axis(page)
    {"planner": planner.body, "agreement": _agreement, "predictability": _predictability}.get(shown, _abilities)(page)


def _boards(page: Page, shown: str) -> None:
    key = "atlas.board"
    st.session_state[key] = shown
    st.segmented_control(
        _("Board"), list(BOARDS), key=key, required=True, wrap=True,
        format_func=lambda name: _(words.BOARD_NAMES[name]),
        on_change=lambda: page.go(board=st.session_state[key]),
    )  # fmt: skip


# -- filters -----------------------------------------------------------------------------------------------


def _view(page: Page, everything: pd.DataFrame, state: ViewState) -> AtlasView:
    view = atlas_view(published(), everything, state)
    page.dropped.extend(view.dropped)
    return view


def _filters(page: Page, everything: pd.DataFrame) -> None:
    find, family, more = st.columns([5, 5, 2], vertical_alignment="bottom")
    with find:
        controls.search(page, "q", _("Search"), placeholder=_("ability, family, metric"))
    with family:
        names = dict(zip(everything["family"], everything["family_name"], strict=True))
        wanted = [key for key in page.state.family if key in names]
        controls.several(
            page, "family", _("Families"), sorted(names, key=lambda key: names[key].casefold()), value=wanted,
            names=names.__getitem__,
        )  # fmt: skip
    with more, st.popover(_("Options"), icon=":material/tune:", width="stretch"):
        _options(page, everything)


def _options(page: Page, everything: pd.DataFrame) -> None:
    domains = sorted(set(everything["domain"]) - {""})
    benchmarks = sorted(set(everything["benchmark"]))
    for field, label, options, names in (
        ("domain", _("Domain"), domains, vocabulary.domain_name),
        ("benchmark", _("Benchmark"), benchmarks, str),
    ):
        wanted = [key for key in getattr(page.state, field) if key in options]
        controls.several(page, field, label, options, value=wanted, names=names)
    controls.choice(page, "kind", _("Metric"), METRIC_KINDS, names=lambda key: _(words.KIND_NAMES[key]))
    controls.number(page, "sizes", _("Least number of sizes"), 3, 20)
    controls.choice(page, "sort", _("Order"), SORTS, names=lambda key: _(words.SORT_NAMES[key]))


def _nothing(page: Page, view: AtlasView) -> None:
    """Say why nothing is shown, and offer what is."""
    st.info(words.nothing_sentence(view), icon=":material/search_off:")
    if view.filtered or view.verdict or view.sharpness:
        st.button(
            _("Show all series"), key="all-series", icon=":material/filter_alt_off:", on_click=page.go,
            kwargs={"q": "", "domain": (), "benchmark": (), "family": (), "verdict": (), "sharpness": (),
                    "kind": "any"},
        )  # fmt: skip
    elif page.state.x == "flops" or page.state.sizes > ViewState().sizes:
        st.button(_("Show series of any number of sizes"), key="all-series", on_click=page.go, kwargs={"sizes": 3})
    else:
        st.button(_("Show the series over training FLOPs"), key="all-series", on_click=page.go, kwargs={"x": "flops"})


# -- all abilities -----------------------------------------------------------------------------------------


def _abilities(page: Page) -> None:
    everything = board(page.state.x)
    if everything is None:
        return
    view = _view(page, everything, page.state)
    if not page.state.chart:
        _filters(page, everything)
        controls.verdicts(page, _series(view.counts))
        if not view.verdict or "appears" in view.verdict:
            controls.sharpness(page, _series(view.how))
    counts = words.counts_sentence(view)
    if page.state.chart:
        if len(view.located):
            _forest(page, view)
        return
    if view.rows.empty:
        _nothing(page, view)
        return
    st.markdown(counts)
    for sentence in (words.shown_sentence(view), words.strict_sentence(view), words.uncounted_sentence(view)):
        if sentence:
            st.markdown(sentence)
    st.caption(words.rate_sentence(view))
    if len(view.located):
        st.caption(words.map_sentence(view, stacked(view)))
        chart.show(map_figure(view, theme=page.theme), key="atlas-map", alt=counts, filename="atlas")
        st.header(_("Where single series appear"), anchor=False)
        _forest(page, view)
    else:
        st.info(_("Nothing appears in these series."), icon=":material/info:")
    st.header(_("Every series"), anchor=False)
    _table(page, view)


def _series(tallies: Mapping[str, Tally]) -> dict[str, int]:
    return {name: found.series for name, found in tallies.items()}


def _forest(page: Page, view: AtlasView) -> None:
    sentence = words.forest_sentence(view, min(MOST_ROWS, len(view.located)), chosen=page.state.sort != "threshold")
    if not page.state.chart:
        st.caption(sentence)
        st.caption(marks_legend())
    rows = forest_rows(view, page.state.sort)
    names = bracket_names(published(), rows.itertuples())
    figure = forest_figure(view, rows, names, theme=page.theme, large=page.state.chart)
    chart.show(figure, key="atlas-forest", alt=sentence, filename="thresholds")


def curve_address(row: dict[str, Any], state: ViewState) -> str | None:
    """Where Explore shows the curve of a board row."""
    there = explore_state(row, state.x)
    return address("explore", there.but(lang=state.lang)) if there else None


def _table(page: Page, view: AtlasView) -> None:
    rows = view.rows.head(MOST_TABLE_ROWS)
    links = [curve_address(row, page.state) for row in rows.to_dict("records")]
    frame = words.atlas_frame(view, [*links, *([None] * (len(view.rows) - len(links)))])
    if len(view.rows) > len(rows):
        st.caption(
            _("The first {limit} rows in this order are shown; the download has all.").format(limit=MOST_TABLE_ROWS)
        )
    powers = page.state.x in ("flops", "params", "tokens")
    config: dict[str, Any] = {
        _("Curve"): st.column_config.LinkColumn(display_text=_("Explore")),
        **{
            name: st.column_config.NumberColumn(format="%.3f")
            for name in (_("P(absent when small)"), _("P(present when large)"), _("P(sudden)"), _("Surprise"))
        },
        **{
            name: st.column_config.NumberColumn(format="%.2f")
            for name in (_("Width of the rise"), _("Implied exponent"))
        },
    }
    places = (_("Threshold"), _("Low"), _("High"), _("Absent up to"), _("Present from"))
    shown, large = chart.readable(frame.head(MOST_TABLE_ROWS), places if powers else ())
    st.dataframe(shown, hide_index=True, key="atlas-table", column_config={**large, **config}, placeholder="–")
    st.download_button(
        _("Download CSV"), spoken(lambda: chart.to_csv(frame.drop(columns=_("Curve")))), file_name="atlas.csv",
        mime="text/csv", key="atlas-csv", on_click="ignore", icon=":material/download:",
        help=_("Every series that passes the filters"),
    )  # fmt: skip


# -- agreement ---------------------------------------------------------------------------------------------


@kept(size=8)
def _compared(data: Catalog, axis: str, rows: int, _everything: pd.DataFrame) -> Agreement:
    """Of the board of an axis; `rows` tells one that is being computed from the same board with more series."""
    return agreement(data, _everything)


def _agreement(page: Page) -> None:
    everything = board(page.state.x)
    if everything is None:
        return
    shown = _compared(published(), page.state.x, len(everything), everything)
    sentence = boards.agreement_sentence(shown)
    if not page.state.chart:
        st.markdown(sentence)
    if not len(shown.claims):
        return
    figure = agreement_figure(shown, theme=page.theme, large=page.state.chart)
    chart.show(figure, key="atlas-agreement", alt=sentence, filename="agreement")
    if page.state.chart:
        return
    st.caption(boards.agreement_caption())
    st.header(_("Where we say otherwise, and why"), anchor=False)
    claims = shown.claims[~shown.claims["agree"].astype(bool)]
    # What can be explained comes first; claims without any series last.
    claims = claims.sort_values("ours", key=lambda column: [ours == NONE for ours in column], kind="stable")
    names = {str(key): str(authors) for key, authors in
             published().sources[["source", "authors"]].itertuples(index=False)}  # fmt: skip
    frame = pd.DataFrame(
        {
            _("Curve"): [curve_address(row, page.state) if row else None for row in claims["series"]],
            _("Ability"): claims["ability"],
            _("Models"): claims["model_family"],
            _("Published"): [boards.published_name(verdict) for verdict in claims["published"]],
            _("Ours"): [boards.our_name(ours) for ours in claims["ours"]],
            _("Answers"): [boards.claim_marks(row) for row in claims["series"]],
            _("Reason"): [boards.reason_sentence(reason) for reason in claims["reason"]],
            _("Source"): [names.get(key, key) for key in claims["source"]],
            _("Place in source"): claims["locator"],
        }
    )
    chart.table(
        frame, key="atlas-disagreements", filename="disagreements", label=_("Every disagreement with its reason"),
        columns={_("Curve"): st.column_config.LinkColumn(display_text=_("Explore")),
                 _("Reason"): st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    beside = scales(published(), shown, page.state.x)
    if len(beside):
        st.header(_("Published scales beside ours"), anchor=False)
        st.markdown(boards.scales_sentence(scale_counts(beside)))
        st.caption(boards.scales_caption())
        chart.table(
            boards.scales_frame(beside, [curve_address(row, page.state) if row else None for row in beside["series"]]),
            key="atlas-scales", filename="published-scales", label=_("Published scales of emergence and ours"),
            scientific=(_("Published scale"), _("Absent up to"), _("Present from"), _("Our crossing"), _("Low"), _("High")),
            columns={_("Curve"): st.column_config.LinkColumn(display_text=_("Explore")),
                     _("Comparison"): st.column_config.TextColumn(width="large")},
        )  # fmt: skip
    st.header(_("Under which metrics abilities appear"), anchor=False)
    # A table that wraps its sentences; a grid would cut them.
    st.table(facts_table(published(), everything), hide_index=True)


# -- predictability ----------------------------------------------------------------------------------------


def _predictability(page: Page) -> None:
    everything = board(page.state.x)
    if everything is None:
        return
    if not page.state.chart:
        _filters(page, everything)
    view = _view(page, everything, page.state.but(verdict=(), sharpness=()))
    shown = predictability(view.rows)
    sentence = boards.prediction_sentence(shown, page.state.x)
    if not page.state.chart:
        st.markdown(sentence)
    if not len(shown.rows):
        if not page.state.chart:
            _nothing(page, view)
        return
    figure = prediction_figure(shown, theme=page.theme, large=page.state.chart)
    chart.show(figure, key="atlas-prediction", alt=sentence, filename="predictability")
    if not page.state.chart:
        st.caption(boards.prediction_caption())
        st.caption(marks_legend())
    if page.state.chart:
        return
    if len(shown.predictors):
        st.header(_("Against simpler predictions"), anchor=False)
        chart.table(
            boards.predictors_frame(shown), key="atlas-predictors", filename="predictors",
            label=_("Error and coverage of each way to predict the largest model"),
            columns={_("Mean CRPS (lower is better)"): st.column_config.NumberColumn(format="%.4f"),
                     _("Held by the 95 % band"): st.column_config.NumberColumn(format="percent")},
        )  # fmt: skip
    st.header(_("The most surprising first"), anchor=False)
    rows = shown.rows.head(MOST_TABLE_ROWS)
    frame = boards.prediction_frame(rows, [curve_address(row, page.state) for row in rows.to_dict("records")])
    numbers = {name: st.column_config.NumberColumn(format="%.1f")
               for name in (_("Observed"), _("Predicted"), _("Low"), _("High"))}  # fmt: skip
    chart.table(
        frame, key="atlas-predictions", filename="predictability", label=_("The most surprising first"),
        columns={_("Curve"): st.column_config.LinkColumn(display_text=_("Explore")), **numbers,
                 _("Chance of this or better"): st.column_config.NumberColumn(format="%.4f")},
    )  # fmt: skip
