"""Any table: a row a score with our columns under any spelling, or a column an ability."""

from __future__ import annotations

import re
from typing import Any

from data.cards import FIGURES
from data.imports import columns, names, texts
from data.imports.base import MOST_ROWS, File, Reading, RefusedError, Sheet, Upload, listed
from data.imports.columns import Layout
from data.imports.numbers import Style, bare, plain, size, styles, unknown

NAME = "a table"
HINTS: tuple[str, ...] = ()
NEEDED = ("model_id", "benchmark", "task", "metric", "score")
SIZES = ("params", "active_params", "non_embedding_params", "tokens", "train_flops", "checkpoint_tokens")
ASSUMED = "accuracy"  # of a column of shares that names no metric


def recognise(file: File) -> bool:
    """Every text, and JSON by rows or by columns."""
    if isinstance(file.data, dict):
        return not any(isinstance(value, dict) for value in file.data.values()) or texts.by_columns(file.data)
    return True


def read(file: File, upload: Upload) -> Sheet:
    """Its rows, one for each score; findings say what was guessed."""
    table = texts.table(file)
    given = upload.reading
    written = styles([cells for cells, _ in table.rows], len(table.header))
    shape = columns.layout(table.header, [cells for cells, _ in table.rows], written, upload.catalog, given)
    sheet = Sheet(file.name, upload.catalog, harness=False, findings=list(table.findings), refused=table.refused)
    sheet.unsaid = table.refused - len(table.findings)
    have = {*shape.ours, *given.constants}
    if "score" not in shape.ours and shape.abilities and "model_id" in have:
        _abilities(table, shape, written, file, upload, sheet)
    else:
        _check_header(have, table.header)
        if not table.rows and not table.findings:
            raise RefusedError("header_only")
        for cells, place in table.rows:
            row = _row(cells, shape, written, given)
            if ("benchmark" in row) != ("task" in row):  # one of them says the other
                row["benchmark"], row["task"] = names.ability(row.get("task", row.get("benchmark", "")), upload.catalog)
            sheet.rows.append({**row, "_file": file.name, "_line": place})
    if shape.averages and "score" not in shape.ours:
        sheet.say("averages", file=file.name, columns=listed(shape.averages))
    if shape.unread and not {"benchmark", "metric"} <= set(shape.ours):
        sheet.say("columns_not_read", file=file.name, columns=listed(shape.unread))
    return sheet


def _check_header(have: set[str], header: list[str]) -> None:
    """Raise RefusedError unless the columns make scores, or figures of models."""
    if "score" in have and ({"benchmark", "task"} & have):
        have = have | {"benchmark", "task"}
    missing = [name for name in NEEDED if name not in have]
    if "model_id" not in have or (missing and "score" in have) or not ({"score", *FIGURES} & have):
        raise RefusedError("header", columns=", ".join(missing or ["score"]), needed=", ".join(NEEDED))


def _row(cells: list[str], shape: Layout, written: list[Style], given: Reading) -> dict[str, Any]:
    """One row by our columns; numbers without their dress."""
    row: dict[str, Any] = dict(given.constants)
    for name, at in shape.ours.items():
        cell = cells[at]
        if name in SIZES:
            row[name] = size(cell, written[at], shape.units.get(name, 0))
        elif name == "score":
            row[name], row["_percent"] = plain(cell, written[at]), bare(cell)[1]
        elif name in ("chance", "stderr", "n_examples"):
            row[name] = "" if unknown(cell) else plain(cell, written[at])
        elif name == "n_shot":
            row[name] = "" if unknown(cell) else names.shots(cell)
        elif name == "release":
            row[name] = "" if unknown(cell) else re.sub(r"^(\d{4})[/.](\d\d)(?:[/.](\d\d))?$", _date, cell)
        else:
            row[name] = cell
    return row


def _date(found: re.Match[str]) -> str:
    return "-".join(part for part in found.groups() if part)


def _abilities(
    table: texts.Table, shape: Layout, written: list[Style], file: File, upload: Upload, sheet: Sheet
) -> None:
    """A row for each model and ability; the cells that say nothing are none."""
    stem = names.slug(file.stem)
    named = {"benchmark", "task"} & ({*shape.ours, *upload.reading.constants})
    guessed = [column.header for column in shape.abilities.values() if column.task and not column.metric]
    metric = upload.reading.constants.get("metric", "")
    by_metric = [column for column in shape.abilities.values() if not column.task]
    for cells, place in table.rows:
        base = _row(cells, shape, written, upload.reading)
        if unknown(str(base.get("model_id", ""))):
            continue
        for at, column in shape.abilities.items():
            if unknown(cells[at]):
                continue
            row = {
                **base,
                "score": plain(cells[at], written[at]),
                "_percent": bare(cells[at])[1],
                "_file": file.name,
                "_line": place,
                "_column": column.header,
            }
            if column.task:
                row["benchmark"], row["task"] = names.ability(column.task, upload.catalog)
            elif not named:
                row["benchmark"] = row["task"] = stem
            row["metric"] = column.metric or base.get("metric", "") or metric or ASSUMED
            row["n_shot"] = column.shots or row.get("n_shot", "")
            if len(by_metric) != 1 or len(shape.abilities) != 1:  # whose error or count it is, no header says
                row.pop("stderr", None)
            sheet.rows.append(row)
            if len(sheet.rows) > MOST_ROWS:
                raise RefusedError("too_many_rows", limit=f"{MOST_ROWS:,}")
    if guessed and not metric and "metric" not in shape.ours:
        sheet.say("columns_as_tasks", file=file.name, columns=listed(guessed), metric=ASSUMED)
    if by_metric and not named:
        sheet.say("task_of_file", file=file.name, task=stem)
    if not sheet.rows and not sheet.findings:
        raise RefusedError("no_scores", format=NAME)
