"""The Dataset page: every number, where it comes from, and what it can be drawn on; bring your own."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from components.core import vocabulary
from components.core.citation import bibtex, citations
from components.core.i18n import gettext as _
from components.core.links import address, explore_state, series_options
from components.core.state import TABLES, ViewState, shared
from components.core.vocabulary import axis_name, plain
from components.dataset import upload_page as own
from components.dataset import words
from components.dataset.figure import MOST_BENCHMARKS, MOST_FAMILIES, coverage_figure
from components.dataset.model import (
    TableView,
    cited,
    counts_of,
    coverage,
    coverage_frame,
    figures_of,
    known,
    table_view,
)
from components.frame import chart, controls
from components.frame.compute import catalog, published
from components.frame.shell import Page, jump
from data.catalog import Catalog
from data.memo import kept

MOST_ROWS = 1000
# Any address in a cell, with the id that it ends in as its text.
MODEL_ADDRESS, SOURCE_ADDRESS = r"model=([^&]*)", r"source=([^&]*)"
SCIENTIFIC = ("params", "active_params", "non_embedding_params", "tokens", "train_flops", "checkpoint_tokens",
              "threshold_flops", "threshold_params")  # fmt: skip


def body(page: Page) -> None:
    """Draw the page."""
    data, everyone = catalog(), published()
    source, model, dropped = known(data, page.state)
    page.dropped.extend(dropped)
    if not page.state.chart:
        st.title(_("Dataset"), anchor=False)
        st.markdown(
            _(
                "{scores} published scores of {models} models on {tasks} tasks from {sources} publications and "
                "repositories. Each number names the table, figure or file it stands in."
            ).format(
                scores=f"{len(everyone.scores):,}",
                models=f"{len(everyone.models):,}",
                tasks=f"{len(everyone.tasks):,}",
                sources=f"{len(everyone.sources):,}",
            )
        )
        _controls(page, data, source, model)
        if model:
            _model_card(page, data, model)
        if source:
            _source_card(page, data, source)
    if page.state.table == "coverage":
        _coverage(page, data)
    else:
        _table(page, data)
    if not page.state.chart:
        own.section(page.state)
        st.caption(_("Data version {version}").format(version=data.version))


def _controls(page: Page, data: Catalog, source: str, model: str) -> None:
    controls.segments(page, "table", _("Table"), TABLES, names=lambda key: _(words.TABLE_NAMES[key]))
    find, where, who = st.columns([4, 4, 4], vertical_alignment="bottom")
    with find:
        controls.search(page, "q", _("Search"), placeholder=_("words that a row must contain"))
    with where:
        labels = {"": _("all sources"), **words.source_labels(data)}
        keys = ["", *sorted(labels.keys() - {""}, key=lambda key: labels[key].casefold())]
        controls.choice(page, "source", _("Source"), keys, value=source or None, default="", names=labels.__getitem__)
    with who:
        names = {"": _("all models"), **words.model_labels(data)}
        keys = ["", *sorted(names.keys() - {""}, key=lambda key: names[key].casefold())]
        controls.choice(page, "model", _("Model"), keys, value=model or None, default="", names=names.__getitem__)


# -- cards -------------------------------------------------------------------------------------------------


def _model_card(page: Page, data: Catalog, model: str) -> None:
    row = data.models[data.models["model_id"] == model].iloc[0].to_dict()
    families = data.families.set_index(data.families["family"].astype(str))["name"]
    with st.container(border=True):
        st.header(plain(str(row["name"])), anchor=False)
        family = str(families.get(str(row["family"]), row["family"]))
        st.caption(plain(words.model_description(row, family)))
        figures = figures_of(data, model)
        if len(figures):
            labels = citations(data)
            frame = pd.DataFrame(
                {
                    _("Axis"): [axis_name(axis) for axis in figures["axis"]],
                    _("Value"): [
                        words.figure_value(a, v) for a, v in zip(figures["axis"], figures["value"], strict=True)
                    ],
                    _("Kind"): [vocabulary.figure_kind(kind) for kind in figures["kind"]],
                    _("Source"): [labels.get(key, key) for key in figures["source"]],
                    _("Place in source"): figures["locator"],
                    _("More"): [
                        address("dataset", shared(page.state).but(table="sources", source=key)) if key else ""
                        for key in figures["source"]
                    ],
                }
            )
            column = st.column_config.LinkColumn(_("More"), display_text=_("to the source"))
            st.dataframe(frame, hide_index=True, key="model-figures", column_config={_("More"): column})
        else:
            st.markdown(_("Nothing is published about its scale."))
        _count_links(page, counts_of(data, model=model), model=model)


def _source_card(page: Page, data: Catalog, source: str) -> None:
    row = data.sources[data.sources["source"] == source].iloc[0].to_dict()
    with st.container(border=True):
        st.header(plain(str(row["title"])), anchor=False)
        st.caption(plain(words.source_description(row)))
        if str(row.get("url") or "").startswith(("https://", "http://")):
            st.link_button(_("Open the publication"), str(row["url"]), icon=":material/open_in_new:")
        with st.expander(_("BibTeX"), icon=":material/format_quote:"):
            st.code(bibtex(data.sources[data.sources["source"] == source]), language="bibtex")
        _count_links(page, counts_of(data, source=source), source=source)


def _count_links(page: Page, counts: dict[str, int], *, model: str = "", source: str = "") -> None:
    """The way to everything else about a model or a source."""
    with st.container(horizontal=True):
        for table, count in counts.items():
            if table == ("models" if model else "sources"):
                continue
            there = shared(page.state).but(table=table, model=model, source=source)
            jump(page, words.count_label(table, count), there, key=f"to-{table}-{model}{source}",
                 icon=":material/arrow_forward:")  # fmt: skip


# -- tables ------------------------------------------------------------------------------------------------


def _table(page: Page, data: Catalog) -> None:
    view = table_view(data, page.state)
    sentence = words.table_sentence(view, data)
    st.caption(_(words.TABLE_HELP[view.table]))
    st.markdown(plain(sentence))
    if view.frame.empty:
        st.info(words.nothing_sentence(view), icon=":material/search_off:")
        jump(page, _("Show the whole table"), page.state.but(q="", source="", model=""), key="whole-table")
        return
    if len(view.frame) > MOST_ROWS:
        st.caption(words.limit_sentence(MOST_ROWS))
    shown, config = _with_links(page.state, view, data)
    st.dataframe(shown, hide_index=True, key=f"table-{view.table}", column_config=config, height=560, alt=sentence,
                 placeholder="–")  # fmt: skip
    _downloads(view, data)


def _with_links(state: ViewState, view: TableView, data: Catalog) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The rows on screen: ids become links to what they name, and scores get a link to their curve."""
    frame, config = chart.readable(view.frame.head(MOST_ROWS), SCIENTIFIC)
    base = shared(state)
    if "model_id" in frame:
        frame["model_id"] = _addresses(frame["model_id"], lambda key: base.but(table="models", model=key))
        config["model_id"] = st.column_config.LinkColumn(display_text=MODEL_ADDRESS)
    for name in frame:
        if name == "source" or str(name).endswith("_source"):
            frame[name] = _addresses(frame[name], lambda key: base.but(table="sources", source=key))
            config[str(name)] = st.column_config.LinkColumn(display_text=SOURCE_ADDRESS)
    if "url" in frame:
        config["url"] = st.column_config.LinkColumn()
    if view.table in ("scores", "tasks", "claims", "capability_loadings"):
        frame.insert(0, _("Curve"), _curves(view, data, base))
        config[_("Curve")] = st.column_config.LinkColumn(display_text=_("Explore"))
    return frame, config


def _addresses(keys: pd.Series, to_state: Any) -> list[str | None]:  # type: ignore[type-arg]
    known_keys = {str(key): address("dataset", to_state(str(key))) for key in keys.dropna().unique() if str(key)}
    return [known_keys.get(str(key)) for key in keys]


def _curves(view: TableView, data: Catalog, base: ViewState) -> list[str | None]:
    """The address of the curve that each row lies on, where Explore has one."""
    rows = view.frame.head(MOST_ROWS)
    options = _options(catalog())
    if view.table != "scores":
        tasks = set((options["benchmark"].astype(str) + "/" + options["task"].astype(str)).unique())
        ids = rows["benchmark"].astype(str) + "/" + rows["task"].astype(str)
        return [address("explore", base.but(task=key)) if key in tasks else None for key in ids]
    key = ["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]
    wanted = rows[key].astype(str).merge(options, on=key, how="left")
    cache: dict[tuple[str, ...], str | None] = {}
    out = []
    for row, preferred in zip(wanted.to_dict("records"), rows["preferred"].astype(bool), strict=True):
        place = tuple(str(row[name]) for name in key)
        if place not in cache:
            state = explore_state(row, base.x) if isinstance(row["option"], str) else None  # type: ignore[arg-type]
            cache[place] = address("explore", state.but(lang=base.lang)) if state else None
        out.append(cache[place] if preferred else None)
    return out


@kept()
def _options(data: Catalog) -> pd.DataFrame:
    table = series_options(data)
    text = ["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]
    return table.astype(dict.fromkeys(text, str))


def _downloads(view: TableView, data: Catalog) -> None:
    sources = cited(view, data)
    bibliography = bibtex(sources)
    name = f"emergence-{view.table}"
    with st.container(horizontal=True):
        st.download_button(
            _("CSV"), lambda: chart.to_csv(view.frame), file_name=f"{name}.csv", mime="text/csv", on_click="ignore",
            icon=":material/download:", key="dataset-csv", help=_("All rows that match, with every column"),
        )  # fmt: skip
        st.download_button(
            _("Parquet"), lambda: to_parquet(view.frame, data.version, bibliography), file_name=f"{name}.parquet",
            mime="application/vnd.apache.parquet", on_click="ignore", icon=":material/download:",
            key="dataset-parquet", help=_("The same rows with exact types; the citation is in the file's metadata"),
        )  # fmt: skip
        st.download_button(
            _("Citation (BibTeX)"), bibliography, file_name=f"{name}.bib", mime="application/x-bibtex",
            on_click="ignore", icon=":material/format_quote:", key="dataset-bib", help=words.cite_help(len(sources)),
        )  # fmt: skip


def to_parquet(frame: pd.DataFrame, version: str, bibliography: str) -> bytes:
    """A Parquet file that carries its data version and its bibliography as metadata."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    extra = {b"dataset_version": version.encode(), b"bibtex": bibliography.encode()}
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **extra}), sink)
    return sink.getvalue()


# -- coverage ----------------------------------------------------------------------------------------------


def _coverage(page: Page, data: Catalog) -> None:
    shown = coverage(data, page.state)
    if not shown.families:
        st.info(_("No family and no benchmark matches."), icon=":material/search_off:")
        jump(page, _("Show the whole table"), page.state.but(q="", source="", model=""), key="whole-table")
        return
    sentence = words.coverage_sentence(shown, MOST_FAMILIES, MOST_BENCHMARKS)
    if not page.state.chart:
        st.markdown(plain(sentence))
    figure = coverage_figure(shown, theme=page.theme, large=page.state.chart)
    with chart.wide("coverage"):
        chart.show(figure, key="coverage-figure", alt=sentence, filename="coverage")
    if page.state.chart:
        return
    frame = coverage_frame(shown)
    base = shared(page.state)
    links = [address("dataset", base.but(table="scores", q=family)) for family in shown.families]
    chart.table(
        frame.assign(scores=links), key="coverage-table", filename="coverage",
        label=_("Every family and every benchmark"),
        columns={"scores": st.column_config.LinkColumn(_("Scores"), display_text=_("to the scores"))},
    )  # fmt: skip
