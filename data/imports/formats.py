"""The formats that are known, in the order in which they are tried."""

from __future__ import annotations

from data.imports import (
    bigbench,
    every_eval_ever,
    helm,
    inspect_logs,
    leaderboard,
    lmeval,
    opencompass,
    table,
    variants,
)
from data.imports.base import File, Format

FORMATS: tuple[Format, ...] = (
    every_eval_ever, inspect_logs, helm, bigbench, leaderboard, variants, lmeval, opencompass, table,
)  # fmt: skip
HEAD = 20_000  # characters in which a format shows itself


def recognised(file: File) -> Format | None:
    """The format of a file, by its content; None for JSON of no format that is known."""
    return next((one for one in FORMATS if one.recognise(file)), None)


def hinted(text: str) -> str:
    """The name of the format that a damaged text looks like, blank if none."""
    head = text[:HEAD]
    return next((one.NAME for one in FORMATS if one.HINTS and all(hint in head for hint in one.HINTS)), "")
