"""Bring your own results: uploads are read, judged in plain words, and kept in this session only."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components.core.i18n import gettext as _
from components.core.links import explore_state, series_options
from components.core.state import ViewState
from components.core.vocabulary import task_titles
from components.dataset import words
from components.dataset.upload import OWN, with_own
from components.dataset.upload_words import told
from components.frame import chart
from components.frame.compute import OWN_CATALOG, catalog
from components.frame.shell import link
from data import load_catalog

IMPORT = "own.import"
EMPTIED = "own.emptied"  # how often the uploader was emptied
MOST_PROBLEMS = 20
MOST_MEGABYTES = 5
MOST_LINKS = 8
MOST_BESIDE = 4
SETTING = ("benchmark", "task", "metric", "n_shot", "prompting")
KINDS = ["csv", "tsv", "txt", "md", "json", "jsonl", "eval"]
TEMPLATE = ("model_id", "benchmark", "task", "metric", "n_shot", "prompting", "score", "unit", "chance", "n_examples",
            "stderr")  # fmt: skip


def imported() -> Any | None:
    """What this session's reader has uploaded (``data.Import``), or None."""
    return st.session_state.get(IMPORT)


def section(state: ViewState) -> None:
    """The uploader, what was read, and what was wrong with it."""
    st.header(_("Bring your own results"), anchor=False)
    st.markdown(
        _(
            "Add what your harness wrote (lm-evaluation-harness, HELM, Inspect, BIG-bench, OpenCompass, lighteval, Every "
            "Eval Ever) or any table with a row a score or a column a benchmark. Your rows stay in this browser session, "
            "stand on every page beside the published ones, and are drawn as outlined diamonds."
        )
    )
    key = _uploader()
    st.file_uploader(
        _("Result files or tables"), type=KINDS, accept_multiple_files=True, key=key, on_change=_read, args=(key,),
        max_upload_size=MOST_MEGABYTES,
    )  # fmt: skip
    st.download_button(
        _("Example file"), example, file_name="my-scores.csv", mime="text/csv", on_click="ignore", type="tertiary",
        key="own-template", icon=":material/download:", help=_("Rows of the dataset in the form that is read"),
    )  # fmt: skip
    result = imported()
    if result is not None:
        _report(result, state)
        # The uploader forgets its files when the page is left, the session does not forget the rows.
        st.button(_("Remove my rows"), key="own-remove", icon=":material/delete:", on_click=_remove)


def _uploader() -> str:
    """The key of the uploader: a new one empties it, which no other way does."""
    emptied: int = st.session_state.get(EMPTIED, 0)
    return f"own-files-{emptied}" if emptied else "own-files"


def _remove() -> None:
    """Forget the reader's rows, and the files that they came from."""
    _forget()
    st.session_state[EMPTIED] = st.session_state.get(EMPTIED, 0) + 1


def _forget() -> None:
    for name in (IMPORT, OWN_CATALOG):
        st.session_state.pop(name, None)


def example() -> str:
    """Three published scores, with what places their models on the axes, as a file that is read."""
    data = load_catalog()
    rows = data.scores[data.scores["source"] == data.featured["source"].iloc[0]].head(3)
    figures = data.models[["model_id", "params", "tokens", "train_flops"]]
    table = rows[list(TEMPLATE)].astype({"model_id": str}).merge(figures, on="model_id", how="left")
    return chart.to_csv(table.assign(model_id="my-" + table["model_id"]))


def _read(uploader: str) -> None:
    """Read what lies in the uploader; nothing there means nothing of one's own."""
    from data import import_results  # noqa: PLC0415 - only who uploads pays for the schemas

    files = st.session_state[uploader]
    _forget()
    if files:
        result = import_results(_by_name(files))
        st.session_state[IMPORT] = result
        if len(result.scores):
            st.session_state[OWN_CATALOG] = with_own(load_catalog(), result)


def _by_name(files: list[Any]) -> dict[str, bytes]:
    """The files by names that tell them apart: harnesses call the files of all models the same."""
    found: dict[str, bytes] = {}
    for file in files:
        stem, dot, ending = file.name.rpartition(".")
        name, count = file.name, 1
        while name in found:
            count += 1
            name = f"{stem} ({count}){dot}{ending}" if dot else f"{ending} ({count})"
        found[name] = file.getvalue()
    return found


def _report(result: Any, state: ViewState) -> None:
    count = result.problem_count
    wrong = any(not finding.remark for finding in result.findings)
    sentence = words.imported_sentence(len(result.scores), result.scores["model_id"].nunique(), count)
    (st.warning if wrong else st.success)(sentence, icon=":material/rule:")
    if count:
        st.text("\n".join(told(finding) for finding in result.findings[:MOST_PROBLEMS]))
        if count > MOST_PROBLEMS:
            st.text(_("… and {count} more.").format(count=f"{count - MOST_PROBLEMS:,}"))
    if not len(result.scores):
        return
    st.dataframe(result.scores.head(200), hide_index=True, key="own-scores")
    for task, there in ways(state)[:MOST_LINKS]:
        link("explore", _("Explore {task} with your rows").format(task=task), there,
             icon=":material/show_chart:")  # fmt: skip


def ways(state: ViewState) -> list[tuple[str, ViewState]]:
    """For each setting of one's own rows: the ability, and Explore with them beside the largest published series."""
    data = catalog()
    own = data.scores[data.scores["extraction"] == OWN]
    options = series_options(data)
    text = options.astype(dict.fromkeys((*SETTING, "protocol"), str))
    titles = task_titles(data)
    found = []
    for values in own[list(SETTING)].astype(str).drop_duplicates().to_dict("records"):
        here = text[(text[list(SETTING)] == pd.Series(values)).all(axis=1)].sort_values("models", ascending=False)
        mine = here["protocol"].isin(own["protocol"].astype(str).unique())
        shown = [*here.loc[mine, "option"], *here.loc[~mine, "option"].head(MOST_BESIDE)]
        there = explore_state({**values, "option": shown[0]}, state.x) if shown else None
        if there is not None:
            task = there.task
            found.append((titles.get(task, task), there.but(family=tuple(shown), lang=state.lang)))
    return found
