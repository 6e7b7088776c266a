"""The board on a page: read if it is there, else computed beside the page, which shows what is done so far."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

import pandas as pd
import streamlit as st

from components.atlas import described
from components.board import compute_board, earlier_rows, load_board, store_board
from components.i18n import gettext as _
from components.i18n import language
from components.links import series_options
from components.page.compute import published
from data import load_catalog

log = logging.getLogger(__name__)

SHOWN_ANEW = 0.2  # share of the series after which the page draws what has been added


@dataclass
class _Job:
    """The computation of one axis; rows grow batch by batch."""

    axis: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    done: int = 0
    total: int = 0
    finished: bool = False


_jobs: dict[tuple[str, str], _Job] = {}
_queue: SimpleQueue[_Job] = SimpleQueue()
_lock = Lock()


def board(axis: str) -> pd.DataFrame | None:
    """Every published series on an axis, judged and described; None as long as nothing is judged. Do not change it.

    On the very first start the series are judged by one thread beside the pages; a progress bar tells.
    """
    running = _jobs.get((axis, load_catalog().version))
    if running is None or running.finished:
        found = _stored(axis, load_catalog().version, language(), running is not None)
        if found is not None:
            return found
    job = _job(axis)
    if not job.finished:
        _watch(axis)
    rows = list(job.rows)
    return described(published(), pd.DataFrame(rows), options(load_catalog().version)) if rows else None


@st.fragment(run_every=2.0)
def _watch(axis: str) -> None:
    job = _job(axis)
    share = job.done / max(job.total, 1)
    template = (
        _("{done} of {total} series on this axis are judged. This happens once; the view fills as it goes on.")
        if job.total
        else _("The series on this axis are being listed, to judge each of them once.")
    )
    st.progress(share, text=template.format(done=f"{job.done:,}", total=f"{job.total:,}"))
    shown = st.session_state.setdefault(f"board.shown.{axis}", share)
    if job.finished or share - shown > SHOWN_ANEW:
        st.session_state[f"board.shown.{axis}"] = share
        st.rerun()


def _job(axis: str) -> _Job:
    """The running computation of an axis, started if there is none."""
    key = (axis, load_catalog().version)
    with _lock:
        if key not in _jobs:
            _jobs[key] = _Job(axis)
            _queue.put(_jobs[key])
            if len(_jobs) == 1:
                Thread(target=_work, name="board", daemon=True).start()
        return _jobs[key]


def _work() -> None:
    while True:
        job = _queue.get()
        data = load_catalog()
        try:
            for rows, done, total in compute_board(data, job.axis, earlier_rows(job.axis)):
                job.rows.extend(rows)
                job.done, job.total = done, total
            store_board(data, pd.DataFrame(job.rows), job.axis)
        except Exception:
            log.exception("the board over %r could not be computed", job.axis)
        job.finished = True


@st.cache_resource(show_spinner=False, max_entries=12)
def _stored(axis: str, version: str, words: str, computed: bool) -> pd.DataFrame | None:
    """The described board in a language; `computed` tells the answers before and after a computation apart."""
    rows = load_board(load_catalog(), axis)
    return None if rows is None else described(published(), rows, options(version))


@st.cache_resource(show_spinner=False, max_entries=2)
def options(version: str) -> pd.DataFrame:
    """Every series with the name that Explore gives it."""
    return series_options(load_catalog())
