"""The board on a page: read if it is there, else computed beside the page, which shows what is done so far."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

import pandas as pd
import streamlit as st

from components.atlas.board import compute_board, earlier_rows, load_board, store_board
from components.atlas.model import described
from components.core.i18n import gettext as _
from components.core.i18n import language, use_language
from components.core.links import series_options
from components.frame.compute import published
from data import load_catalog
from data.catalog import Catalog
from data.memo import kept

log = logging.getLogger(__name__)

SHOWN_ANEW = 0.2  # share of the series after which the page draws what has been added


@dataclass
class _Job:
    """The computation of one axis; rows grow batch by batch. One that failed is finished, short of some series."""

    axis: str
    known: dict[int, dict[str, Any]] = field(default_factory=dict)  # by fingerprint: what need not be judged again
    rows: list[dict[str, Any]] = field(default_factory=list)
    done: int = 0
    total: int = 0
    finished: bool = False
    failed: bool = False


_jobs: dict[tuple[str, str], _Job] = {}
_queue: SimpleQueue[_Job] = SimpleQueue()
_lock = Lock()


def board(axis: str) -> pd.DataFrame | None:
    """Every published series on an axis, judged and described; None as long as nothing is judged. Do not change it.

    On the very first start the series are judged by one thread beside the pages; a progress bar tells.
    """
    running = _jobs.get((axis, load_catalog().version))
    if running is None or running.finished:
        found = _stored(published(), axis)
        if found is not None:
            return found
    job = _job(axis)
    if job.failed:
        _warn(job)
    elif not job.finished:
        _watch(axis, language())
    rows = list(job.rows)
    return _so_far(published(), axis, len(rows), rows) if rows else None


def judged(axis: str) -> pd.DataFrame | None:
    """The plain rows of the whole board over the published series; None if they have not been computed yet."""
    return _rows(load_catalog(), axis)


@st.fragment(run_every=2.0)
def _watch(axis: str, code: str) -> None:
    use_language(code)  # a fragment that runs by itself does not pass the shell, which sets the language of a page
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


def _warn(job: _Job) -> None:
    """Say that the board is not whole, and offer to go on."""
    text = (
        _(
            "Judging the series on this axis broke off: {done} of {total} are judged, and what is shown here lacks "
            "the others."
        ).format(done=f"{job.done:,}", total=f"{job.total:,}")
        if job.total
        else _("The series on this axis could not be judged, so there is nothing to show here.")
    )
    st.warning(text, icon=":material/error:")
    st.button(
        _("Judge the missing series"), key="board-again", icon=":material/refresh:", on_click=_again, args=(job.axis,)
    )


def _again(axis: str) -> None:
    """Put a failed computation into the queue once more; what it has judged is taken over."""
    key = (axis, load_catalog().version)
    with _lock:
        failed = _jobs.get(key)
        if failed is not None and failed.failed:  # else another session was quicker
            _jobs[key] = _Job(axis, known={row["fingerprint"]: row for row in failed.rows})
            _queue.put(_jobs[key])


def _work() -> None:
    while True:
        _run(_queue.get())


def _run(job: _Job) -> None:
    data = load_catalog()
    try:
        for rows, done, total in compute_board(data, job.axis, earlier_rows(job.axis) | job.known):
            job.rows.extend(rows)
            job.done, job.total = done, total
    except Exception:
        log.exception("the board over %r could not be computed", job.axis)
        job.failed = True
    else:
        try:
            store_board(data, pd.DataFrame(job.rows), job.axis)
        except Exception:
            log.exception("the board over %r could not be stored; this process keeps it", job.axis)
    job.finished = True


# A board that is not there yet is looked for anew each time: None is not kept.


@kept(size=12)
def _rows(data: Catalog, axis: str) -> pd.DataFrame | None:
    return load_board(data, axis)


@kept(size=12)
def _stored(data: Catalog, axis: str) -> pd.DataFrame | None:
    """The described board in the words of `data`."""
    rows = judged(axis)
    return None if rows is None else described(data, rows, options(load_catalog()))


@kept(size=2)
def _so_far(data: Catalog, axis: str, count: int, _rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The described board of the `count` rows that have been judged."""
    return described(data, pd.DataFrame(_rows[:count]), options(load_catalog()))


@kept()
def options(data: Catalog) -> pd.DataFrame:
    """Every series with the name that Explore gives it."""
    return series_options(data)
