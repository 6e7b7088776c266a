"""Tables as text: CSV in the dialects of spreadsheets, Markdown, JSON by rows or by columns; cells stay text."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from typing import Any

from data.findings import Finding, finding
from data.imports.base import MOST_ROWS, File, RefusedError, clean

MOST_COLUMNS, MOST_CELL = 200, 1_000
MOST_FINDINGS = 200
_SEPARATOR = re.compile(r"(?i)sep=(.)\s*")
_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?\|?\s*")


@dataclass
class Table:
    """A header, the rows with their places in the file (1 = the first line), and what did not fit."""

    header: list[str]
    rows: list[tuple[list[str], int]]
    findings: list[Finding] = field(default_factory=list)
    refused: int = 0


def table(file: File) -> Table:
    """The table of a file; raises RefusedError."""
    found = _from_json(file.data) if file.data is not None else _from_text(file.text)
    if len(found.header) > MOST_COLUMNS:
        raise RefusedError("too_many_columns", count=len(found.header), limit=MOST_COLUMNS)
    twice = sorted({name for name in found.header if name and found.header.count(name) > 1})
    if twice:
        raise RefusedError("column_twice", column=twice[0][:60])
    return _fitting(file.name, found)


def first_cells(text: str) -> list[str]:
    """The cells of the header of a text."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()]
    if lines and _SEPARATOR.fullmatch(lines[0]):
        lines = lines[1:]
    if not lines:
        return []
    try:
        return next(csv.reader(lines[:1], delimiter=_delimiter(lines[0])), [])
    except csv.Error:
        return []


def _delimiter(head: str) -> str:
    outside = re.sub(r'"[^"]*"', "", head)
    return max(",;\t", key=outside.count)


def _from_text(text: str) -> Table:
    lines = text.lstrip("\r\n").splitlines()
    if len(lines) > 1 and lines[0].count("|") > 1 and _RULE.fullmatch(lines[1]):
        return _from_markdown(text)
    said = _SEPARATOR.fullmatch(lines[0].strip()) if lines else None
    offset = text.index(lines[0]) + len(lines[0]) if said else 0
    body = text[offset:]
    skipped = text[:offset].count("\n")
    delimiter = said[1] if said else _delimiter(lines[0])
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    rows: list[tuple[list[str], int]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((cells, reader.line_num + skipped))
            if len(rows) > MOST_ROWS + 1:
                raise RefusedError("too_many_rows", limit=f"{MOST_ROWS:,}")
    except csv.Error as error:
        raise RefusedError("bad_csv", line=reader.line_num + skipped, reason=clean(str(error))[:80]) from None
    return _headed(rows)


def _from_markdown(text: str) -> Table:
    rows = []
    for place, line in enumerate(text.splitlines(), 1):
        inner = line.strip()
        if "|" in inner and not _RULE.fullmatch(inner):
            cells = re.split(r"(?<!\\)\|", inner.removeprefix("|").removesuffix("|"))
            rows.append(([re.sub(r"^\*\*(.*)\*\*$", r"\1", cell.strip()).replace("\\|", "|") for cell in cells], place))
        elif rows and inner and not _RULE.fullmatch(inner):
            break  # the text after the table
        if len(rows) > MOST_ROWS + 1:
            raise RefusedError("too_many_rows", limit=f"{MOST_ROWS:,}")
    return _headed(rows)


def _headed(rows: list[tuple[list[str], int]]) -> Table:
    """The first row as the header; columns that have neither name nor cells are none."""
    if not rows:
        raise RefusedError("empty")
    header = [clean(cell) for cell in rows[0][0]]
    width = len(header)
    while (
        width > 1
        and not header[width - 1]
        and not any(len(cells) >= width and cells[width - 1].strip() for cells, _ in rows[1:])
    ):
        width -= 1
    cut = [
        (cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells, place)
        for cells, place in rows[1:]
    ]
    return Table(header[:width], cut)


def by_columns(data: Any) -> bool:
    """Whether an object of JSON is a table by columns: lists of one length, or objects from row numbers to cells."""
    if not isinstance(data, dict) or len(data) < 2:
        return False
    values = list(data.values())
    if all(isinstance(value, list) for value in values):
        return len({len(value) for value in values}) == 1
    if not all(isinstance(value, dict) and value for value in values):
        return False
    return all(key.isdigit() for key in values[0]) and all(value.keys() == values[0].keys() for value in values)


def _from_json(data: Any) -> Table:
    if by_columns(data):
        index = list(next(iter(data.values())))  # row numbers, where the columns are objects
        columns = [value if isinstance(value, list) else [value[row] for row in index] for value in data.values()]
        records = [dict(zip(data, cells, strict=True)) for cells in zip(*columns, strict=True)]
    else:
        records = data if isinstance(data, list) else [data]
    if not all(isinstance(record, dict) for record in records):
        raise RefusedError("json_shape")
    if len(records) > MOST_ROWS:
        raise RefusedError("too_many_rows", limit=f"{MOST_ROWS:,}")
    keys = list(dict.fromkeys(key for record in records for key in record))
    try:
        rows = [([_cell(record.get(key)) for key in keys], place) for place, record in enumerate(records, 1)]
    except RecursionError:
        raise RefusedError("bad_json", reason="nested too deep") from None
    return Table([clean(key) for key in keys], rows)


def _cell(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _fitting(name: str, found: Table) -> Table:
    """The rows that have as many cells as the header, none of them huge; the others become findings."""
    rows = []
    for cells, place in found.rows:
        reason = None
        if len(cells) != len(found.header):
            reason = finding("cells", row=place, cells=len(cells), columns=len(found.header))
        elif any(len(cell) > MOST_CELL for cell in cells):
            column, cell = next(pair for pair in zip(found.header, cells, strict=True) if len(pair[1]) > MOST_CELL)
            reason = finding("long_cell", row=place, column=column[:60], count=len(cell), limit=MOST_CELL)
        if reason is None:
            rows.append(([clean(cell) for cell in cells], place))
            continue
        found.refused += 1
        if found.refused <= MOST_FINDINGS:
            found.findings.append(finding("file", file=name, reason=reason))
    return Table(found.header, rows, found.findings, found.refused)
