"""A reader's own results beside the published ones: `import_results({name: bytes})` never raises on content.

A file is a table as text (CSV with commas, semicolons or tabs; or a JSON list of objects), UTF-8. Needed columns:
model_id, benchmark, task, metric, score. Any other column of `scores` may be there; blank ones take defaults
(prompting standard, the metric's unit, the file as source, its row as locator). Columns of `models` (params, tokens,
train_flops, release, ...) may stand in the same file or in one of their own, in any row of the model: the first that
is given counts, another one is a problem. `unit` may be percent: converted.
Rows with a problem are left out and named in a sentence each; of very many problems the first are named.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import pandas as pd

from data import chance
from data.build import SCORE_COLUMNS, item_counts
from data.cards import FIGURES, contradictions, merged, named, overruled
from data.catalog import Catalog, load_catalog
from data.checks import duplicate_keys, misfits
from data.naming import family
from data.repeats import KEY
from data.schema import MOST_PROBLEMS, SCHEMAS, Findings, at, findings

MOST_BYTES, MOST_FILES = 5_000_000, 20
MOST_ROWS, MOST_COLUMNS, MOST_CELL = 50_000, 200, 1_000
NEEDED = ("model_id", "benchmark", "task", "metric", "score")
MAGIC = (
    (b"PK\x03\x04", "a zip archive or spreadsheet"), (b"PAR1", "a Parquet file"), (b"\x1f\x8b", "a gzip archive"),
    (b"\x80\x02", "a pickle"), (b"\x80\x03", "a pickle"), (b"\x80\x04", "a pickle"), (b"\x80\x05", "a pickle"),
    (b"\xff\xfe", "UTF-16 text"), (b"\xfe\xff", "UTF-16 text"), (b"%PDF", "a PDF"), (b"\xd0\xcf\x11\xe0", "a spreadsheet"),
)  # fmt: skip


@dataclass(frozen=True)
class Import:
    """What an upload holds: `scores` and `models` as in the catalog, and `problems` as sentences.

    Of many problems the first are said; `problem_count` counts them all.
    """

    scores: pd.DataFrame
    models: pd.DataFrame
    problems: tuple[str, ...]
    problem_count: int = 0


class RefusedError(Exception):
    """A file that cannot be read as a table; the message says why."""


@dataclass
class _Problems:
    """Problems as sentences: the first of them, and how many there are."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, some: Iterable[object], count: int) -> None:
        """`count` more problems, of which `some` are at hand; no more are put into words than are kept."""
        self.first += [str(one) for one, _ in zip(some, range(MOST_PROBLEMS - len(self.first)), strict=False)]
        self.count += count

    def sentences(self) -> tuple[str, ...]:
        """What is said of them."""
        more = self.count - len(self.first)
        return (*self.first, f"… and {more:,} more problems like these") if more > 0 else tuple(self.first)


def import_results(files: Mapping[str, bytes], *, catalog: Catalog | None = None) -> Import:
    """Read and check uploads, by file name. Sizes, formats and cells beyond the limits become problems.

    `catalog` (default: the catalog of the process) says which models and metrics are known.
    """
    catalog = catalog or load_catalog()
    problems = _Problems()
    scores, models = [], []
    for position, (raw_name, content) in enumerate(files.items()):
        name = re.sub(r"[^\w .()\-]", "_", str(raw_name))[:80] or "file"
        if position >= MOST_FILES:
            problems.add([f"{name}: more than {MOST_FILES} files at once; this one was not read"], 1)
            continue
        try:
            table = _table(name, content, problems)
        except RefusedError as refusal:
            problems.add([f"{name}: {refusal}"], 1)
            continue
        mine, cards = _one(name, table, catalog, problems)
        scores.append(mine)
        models.append(cards)
    rows = pd.concat(scores, ignore_index=True) if scores else _empty("scores")
    said = pd.concat(models, ignore_index=True) if models else _empty("models")
    problems.add(duplicate_keys(rows, KEY), int(rows.duplicated(KEY).sum()))
    rows = rows.drop_duplicates(KEY)
    published = set(catalog.models["model_id"])
    count, conflicts = contradictions(said[~said["model_id"].isin(published)])
    problems.add(conflicts, count)
    unused = overruled(said, catalog.models)
    problems.add(unused, len(unused))
    cards = merged(said)
    placed = set(cards.loc[cards[list(FIGURES)].ne("").any(axis=1), "model_id"])
    placeless = sorted(set(rows["model_id"]) - published - placed)
    lacking = "is not in the dataset and no sizes were given: it has no place on any axis"
    problems.add((f"{model_id} {lacking}" for model_id in placeless), len(placeless))
    typed = _typed_scores(rows, cards, catalog), _typed_models(cards, rows, catalog)
    return Import(*typed, problems.sentences(), problems.count)


# -- bytes to a table of text -------------------------------------------------------------------------------


def _table(name: str, content: bytes, problems: _Problems) -> pd.DataFrame:
    """The cells as text, with `_file` and `_line`; rows that do not fit go to `problems`. Raises RefusedError."""
    if len(content) > MOST_BYTES:
        raise RefusedError(f"has {len(content) / 1e6:.1f} MB; the limit is {MOST_BYTES / 1e6:.0f} MB")
    for magic, kind in MAGIC:
        if content.startswith(magic):
            raise RefusedError(f"is {kind}; please save the table as CSV in UTF-8")
    if b"\0" in content:
        raise RefusedError("holds NUL bytes, so it is no text; please save the table as CSV in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise RefusedError(
            f"is not UTF-8 (row {row}, byte {error.start}); please save the table as CSV in UTF-8"
        ) from None
    if not text.strip():
        raise RefusedError("is empty")
    return _json(name, text, problems) if text.lstrip()[0] in "[{" else _csv(name, text, problems)


def _csv(name: str, text: str, problems: _Problems) -> pd.DataFrame:
    head = text.lstrip("\r\n").splitlines()[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[list[str]] = []
    places: list[int] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            lines.append(row)
            places.append(reader.line_num)
            if len(lines) > MOST_ROWS + 1:
                raise RefusedError(f"has more than {MOST_ROWS:,} rows")
    except csv.Error as error:
        raise RefusedError(f"cannot be read as CSV at line {reader.line_num} ({error})") from None
    if not lines:
        raise RefusedError("is empty")
    header = [_clean(cell) for cell in lines[0]]
    _header(header)
    numbered = list(zip(lines[1:], places[1:], strict=True))
    ragged = [(row, place) for row, place in numbered if len(row) != len(header)]
    problems.add(
        (f"{name}: row {place} has {len(row)} cells where the header has {len(header)}" for row, place in ragged),
        len(ragged),
    )
    return _frame(name, header, [one for one in numbered if len(one[0]) == len(header)], problems)


def _json(name: str, text: str, problems: _Problems) -> pd.DataFrame:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"begins like JSON but cannot be read as such ({_clean(str(error)[:80])})") from None
    records = data if isinstance(data, list) else [data]
    if not all(isinstance(record, dict) for record in records):
        raise RefusedError("is JSON, but not a list of objects with one row each")
    if len(records) > MOST_ROWS:
        raise RefusedError(f"has more than {MOST_ROWS:,} rows")
    keys = list(dict.fromkeys(key for record in records for key in record))
    header = [_clean(key) for key in keys]
    _header(header)
    try:
        rows = [[_cell(record.get(key)) for key in keys] for record in records]
    except RecursionError:
        raise RefusedError("begins like JSON but cannot be read as such (nested too deep)") from None
    return _frame(name, header, [(row, place) for place, row in enumerate(rows, 1)], problems)


def _cell(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _clean(text: str) -> str:
    """Without blanks around it, and without what no UTF-8 file can hold (JSON can escape half a character)."""
    return text.strip().encode("utf-8", "replace").decode("utf-8")


def _header(header: list[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise RefusedError(f"has {len(header)} columns; the limit is {MOST_COLUMNS}")
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise RefusedError(f"names the column '{twice[0][:60]}' twice")


def _frame(name: str, header: list[str], rows: list[tuple[list[str], int]], problems: _Problems) -> pd.DataFrame:
    """The rows, each with its place in the file, as a frame; those with a huge cell go to `problems`."""
    long = {place for row, place in rows if any(len(cell) > MOST_CELL for cell in row)}
    problems.add(
        (
            f"{name}: row {place}, column {column[:60]} holds {len(cell)} characters; the limit is {MOST_CELL}"
            for row, place in rows
            if place in long
            for column, cell in zip(header, row, strict=True)
            if len(cell) > MOST_CELL
        ),
        sum(len(cell) > MOST_CELL for row, place in rows if place in long for cell in row),
    )
    fit = [(row, place) for row, place in rows if place not in long]
    frame = pd.DataFrame([[_clean(cell) for cell in row] for row, _ in fit], columns=header, dtype="str")
    # written last, so that an upload cannot bring its own
    return frame.assign(_file=name, _line=[place for _, place in fit])


# -- a table of text to checked rows ------------------------------------------------------------------------


def _one(name: str, table: pd.DataFrame, catalog: Catalog, problems: _Problems) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(score rows, model rows) of one file; what is wrong goes to `problems`."""
    missing = [column for column in NEEDED if column not in table]
    if "model_id" not in table or (missing and "score" in table) or not ({"score", *FIGURES} & set(table.columns)):
        problems.add([f"{name}: {_header_problem(missing or ['score'], list(table.columns))}"], 1)
        return _empty("scores"), _empty("models")
    rows = _empty("scores")
    if "score" in table:
        rows = _with_defaults(name, table, catalog)
        wrong = (findings("scores", rows), _unknown_metrics(rows, catalog))
        rows = _without(rows, wrong, problems)
        rows = _without(rows, _unit_problems(rows, catalog), problems)
    cards = _empty("models")
    if set(FIGURES) & set(table.columns):
        cards = _complete("models", table).drop_duplicates(list(SCHEMAS["models"].columns))
        cards = _without(cards, [findings("models", named(cards))], problems)
    return rows, cards


def _header_problem(missing: list[str], columns: list[str]) -> str:
    """Which needed columns the header has not, and whether it has them under another spelling."""
    needed = ", ".join(NEEDED)
    plain = {column.casefold().replace(" ", "_").replace("-", "_"): column for column in columns}
    meant = ", ".join(plain[column] for column in missing if column in plain)
    other = f" but {meant[:80]} in another spelling" if meant else ""
    return f"the header has no {', '.join(missing)}{other} (needed for scores: {needed})"


def _with_defaults(name: str, table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    rows = _complete("scores", table)
    stem = re.sub(r"[^a-z0-9]+", "_", name.rsplit(".", 1)[0].lower()).strip("_")[:40]
    unit = rows["metric"].map(catalog.metrics.set_index("metric")["unit"].to_dict()).fillna("")
    percent = rows["unit"].str.lower().isin(["percent", "%"])
    for column in ("score", "chance", "stderr"):
        rows.loc[percent, column] = [_hundredth(cell) for cell in rows.loc[percent, column]]
    rows["unit"] = rows["unit"].mask(rows["unit"].eq("") | percent, unit.mask(unit.eq(""), "unstated"))
    for column, default in (
        ("prompting", "standard"),
        ("source", f"own_{stem}" if stem else "own"),
        ("extraction", "table"),
    ):
        rows[column] = rows[column].mask(rows[column].eq(""), default)
    rows["protocol"] = rows["protocol"].mask(rows["protocol"].eq(""), rows["source"])
    place = name + ", row " + rows["_line"].astype(str)
    rows["locator"] = rows["locator"].mask(rows["locator"].eq(""), place)
    return rows


def _hundredth(cell: str) -> str:
    try:
        return (
            format(Decimal(cell) / 100, "f")
            if cell and Decimal(cell).is_finite() and abs(Decimal(cell)) < MOST_ROWS
            else cell
        )
    except InvalidOperation:
        return cell


def _unknown_metrics(rows: pd.DataFrame, catalog: Catalog) -> Findings:
    strange = rows[~rows["metric"].isin(catalog.metrics["metric"]) & rows["metric"].ne("")]
    reason = "is no metric of the dataset (data/README.md lists them)"
    first = [at(row, "metric", reason) for _, row in strange.head(MOST_PROBLEMS).iterrows()]
    return Findings(first, len(strange), strange.index)


def _unit_problems(rows: pd.DataFrame, catalog: Catalog) -> list[Findings]:
    """A finding for each rule about units; all rows that break one, not only those that are said."""
    unit = catalog.metrics.set_index("metric")["unit"].to_dict()
    rules = misfits(rows, unit) if len(rows) else ()
    return [
        Findings([at(rows.loc[one], column, why(one)) for one in index[:MOST_PROBLEMS]], len(index), index)
        for index, column, why in rules
    ]


def _complete(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The columns of a schema, blank where the upload has none; other columns are ignored."""
    columns = list(SCHEMAS[name].columns)
    return table.reindex(columns=[*columns, "_file", "_line"], fill_value="")


def _without(rows: pd.DataFrame, found: Iterable[Findings], problems: _Problems) -> pd.DataFrame:
    """The rows in which nothing was found; what was goes to `problems`."""
    bad = pd.Series(False, index=rows.index)
    for one in found:
        problems.add(one.problems, one.count)
        bad[one.rows] = True
    return rows[~bad]


# -- checked rows to the catalog's types --------------------------------------------------------------------


def _empty(name: str) -> pd.DataFrame:
    columns = [*SCHEMAS[name].columns, "_file", "_line"]
    return pd.DataFrame({column: pd.Series(dtype="int64" if column == "_line" else "str") for column in columns})


def _typed_scores(rows: pd.DataFrame, cards: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    out = rows.drop(columns=["_file", "_line"]).reset_index(drop=True)
    for column in ("score", "chance", "n_examples", "stderr", "checkpoint_tokens"):
        out[column] = out[column].mask(out[column].eq("")).astype(float)
    out["chance"] = chance.levels(out, catalog.tasks)
    out["n_examples"], out["n_examples_kind"] = item_counts(out, catalog.tasks, catalog.metrics)
    families = dict(zip(catalog.models["model_id"], catalog.models["family"], strict=True))
    families |= dict(zip(cards["model_id"], cards["family"], strict=True))
    out["family"] = pd.Series(
        [families.get(one) or family(one) for one in out["model_id"]], index=out.index, dtype="str"
    )
    higher = catalog.metrics.set_index("metric")["higher_is_better"].to_dict()
    out["higher_is_better"] = out["metric"].map(higher).astype(bool)
    return out.assign(preferred=True, duplicate_of="", evaluator="")[SCORE_COLUMNS]


def _typed_models(cards: pd.DataFrame, rows: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    columns = list(catalog.models.columns)
    known = set(catalog.models["model_id"]) | set(cards["model_id"])
    bare = named(_complete("models", pd.DataFrame({"model_id": sorted(set(rows["model_id"]) - known)}, dtype="str")))
    out = pd.concat([cards, bare], ignore_index=True)
    for column in ("params", "active_params", "non_embedding_params", "tokens", "train_flops"):
        out[column] = out[column].mask(out[column].eq("")).astype(float)
    return out.assign(secondary="")[columns]
