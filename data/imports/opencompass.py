"""Summaries of OpenCompass: a table with a column for each model, shares from 0 to 100."""

from __future__ import annotations

from data.imports import names, texts
from data.imports.base import File, Sheet, Upload
from data.imports.numbers import Style, bare, hundredth, is_number, plain, unknown

NAME = "OpenCompass"
HINTS: tuple[str, ...] = ()
HEADER = ["dataset", "version", "metric", "mode"]
AVERAGES = {"naive_average", "weighted_average", "average", "harmonic_mean", "standard_deviation", "sum"}


def recognise(file: File) -> bool:
    """A table whose header begins with these four, or the long form with a model column beside them."""
    if file.data is not None or not file.text:
        return False
    header = [cell.strip().casefold() for cell in texts.first_cells(file.text)]
    return header[:4] == HEADER and len(header) > 4


def read(file: File, upload: Upload) -> Sheet:
    """Each number under its model; shares are percentages by the format."""
    table = texts.table(file)
    sheet = Sheet(file.name, upload.catalog, findings=list(table.findings))
    counted = [at for at, name in enumerate(table.header) if name.casefold() in ("total_count", "count")]
    models = [at for at in range(4, len(table.header)) if at not in counted and table.header[at]]
    units = upload.catalog.metrics.set_index("metric")["unit"].to_dict()
    averages, written, example = [], Style(), ""
    for cells, line in table.rows:
        task, _, metric, mode = (cell.strip() for cell in cells[:4])
        if metric in AVERAGES:
            averages.append(task)
            continue
        known = names.metric(_metric(metric), upload.catalog)[0]
        for at in models:
            if unknown(cells[at]) or not is_number(cells[at], written):
                sheet.refused += not unknown(cells[at])
                continue
            value = plain(bare(cells[at])[0], written)
            score = hundredth(value) if units.get(known) == "fraction" else value
            if score != value and not example:
                example = value
            count = next((cells[one].strip() for one in counted if cells[one].strip().isdigit()), "")
            if sheet.add(
                f"row {line}, {table.header[at]}", model=table.header[at], task=task, metric=_metric(metric),
                score=float(score), n_examples="" if count == "0" else count, variant=(mode if mode != "gen" else "",),
                unit=units.get(known, ""),
            ):  # fmt: skip
                sheet.rows[-1]["score"] = score
    if averages:
        sheet.say("averages", file=file.name, columns=", ".join(averages[:8]))
    if example:
        sheet.say("percent_format", file=file.name, format=NAME, example=example, fraction=hundredth(example))
    return sheet.finish(NAME)


def _metric(name: str) -> str:
    """OpenCompass calls the share of right answers a score or an accuracy."""
    return "accuracy" if name.casefold() in ("score", "accuracy", "acc") else name
