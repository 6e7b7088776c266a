"""A reader's own results beside the published ones: `import_results({name: bytes})` never raises on content.

Files are recognised by what is in them (:mod:`data.imports.formats`): results of the common harnesses, leaderboards
and any table. Each format reads rows of text; here they take the names and defaults of the dataset, are judged column
by column (:mod:`data.imports.judge`), checked by the schema of the dataset, and put together over all files.
What is wrong or was guessed becomes a finding, a code with values (:mod:`data.findings`); of very many the first are
named. Rows with a problem are left out, the others kept.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from data import chance
from data.build import SCORE_COLUMNS, item_counts
from data.cards import FIGURES, contradictions, merged, named, overruled
from data.catalog import Catalog, load_catalog
from data.checks import duplicate_keys, misfits
from data.findings import Finding, finding
from data.imports import columns, files, judge, numbers, prepare, texts
from data.imports.base import MOST_ROWS, File, Format, Reading, RefusedError, Sheet, Upload, clean
from data.imports.formats import recognised
from data.naming import family
from data.repeats import KEY
from data.schema import MOST_PROBLEMS, SCHEMAS, Findings, at, findings

__all__ = ["FileReport", "Guess", "Import", "Reading", "guess_columns", "import_results"]

MOST_FILES = 100
MOST_SECONDS = 10.0


@dataclass(frozen=True)
class FileReport:
    """What came of one file: its format (blank if none was recognised), the scores read and refused, and why."""

    name: str
    format: str
    rows: int
    refused: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Import:
    """What an upload holds: `scores` and `models` as in the catalog, and what is to be said of it.

    `findings` are codes with values, `problems` their sentences in English; of very many the first are said, and
    `problem_count` counts them all. `files` tells file by file what was read.
    """

    scores: pd.DataFrame
    models: pd.DataFrame
    problems: tuple[str, ...]
    problem_count: int = 0
    findings: tuple[Finding, ...] = ()
    files: tuple[FileReport, ...] = ()


@dataclass(frozen=True)
class Guess:
    """The columns of a table, some of its rows, and what its columns are taken for: where a mapping begins."""

    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    reading: Reading


@dataclass
class _Said:
    """Findings: the first of them, and how many there are."""

    first: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, some: Iterable[Finding], count: int | None = None) -> None:
        """Some findings, of `count` that there are; no more are made than are kept."""
        before = len(self.first)
        room = MOST_PROBLEMS - before
        given = list(some) if count is None else [one for one, _ in zip(some, range(room), strict=False)]
        self.first += given[:room]
        self.count += len(given) if count is None else count

    def all(self) -> tuple[Finding, ...]:
        """What is said of them."""
        more = self.count - len(self.first)
        return (*self.first, finding("more", count=f"{more:,}")) if more > 0 else tuple(self.first)


def import_results(
    files: Mapping[str, bytes],
    *,
    mapping: Mapping[str, Reading] | None = None,
    catalog: Catalog | None = None,
    seconds: float = MOST_SECONDS,
) -> Import:
    """Read and check uploads, by file name (with folders, where the files came in some).

    `mapping` tells how to read a table whose headers do not say it, or the model of a file that names none, by file
    name. `catalog` (default: the catalog of the process) says which models, abilities and metrics are known. Sizes,
    formats and cells beyond the limits become findings, as does what `seconds` do not suffice for.
    """
    catalog = catalog or load_catalog()
    said, reports = _Said(), list[FileReport]()
    end = time.monotonic() + seconds
    opened = _opened(files, said, reports, end)
    sheets = _sheets(opened, mapping or {}, catalog, said, reports, end)
    ids = prepare.model_ids([row["model_id"] for sheet, _ in sheets for row in sheet.rows if row.get("model_id")])
    said.add(ids.findings)
    for sheet, _ in sheets:
        said.add(sheet.findings, len(sheet.findings) + sheet.unsaid)
    table = prepare.frame([sheet for sheet, _ in sheets], ids.of, catalog)
    rows, sizes = _checked(table, catalog, said)
    said.add((one.finding for one in duplicate_keys(rows, KEY)), int(rows.duplicated(KEY).sum()))
    rows = rows.drop_duplicates(KEY)
    published = set(catalog.models["model_id"])
    count, conflicts = contradictions(sizes[~sizes["model_id"].isin(published)])
    said.add((one.finding for one in conflicts), count)
    said.add(overruled(sizes, catalog.models))
    cards = _placed(rows, merged(sizes), published, said)
    every = said.all()
    reports += _reports(sheets, table, rows, every)
    order = {_plain(name): place for place, name in enumerate(files)}
    reports.sort(key=lambda one: order.get(one.name, len(order)))
    typed = _typed_scores(rows, cards, catalog), _typed_models(cards, rows, catalog)
    return Import(*typed, tuple(map(str, every)), said.count, every, tuple(reports))


def guess_columns(name: str, content: bytes, *, catalog: Catalog | None = None) -> Guess | None:
    """The columns of a table and what they are taken for; None if the file is none."""
    try:
        file, _ = files.opened(_plain(name), content)
        table = texts.table(file)
    except RefusedError:
        return None
    cells = [cells for cells, _ in table.rows]
    shape = columns.layout(
        table.header, cells, numbers.styles(cells, len(table.header)), catalog or load_catalog(), Reading()
    )
    return Guess(tuple(table.header), tuple(map(tuple, cells[:5])), shape.reading(table.header))


# -- files to rows of text ----------------------------------------------------------------------------------


def _plain(name: object) -> str:
    """A file name for sentences: its folders kept, nothing in it that a page or a log could take for more."""
    return re.sub(r"[^\w .,=:()\-/]", "_", clean(str(name)).replace("\\", "/")).strip("/")[-120:] or "file"


def _opened(given: Mapping[str, bytes], said: _Said, reports: list[FileReport], end: float) -> dict[str, File]:
    """The files that can be opened, by the name that they were given under."""
    found: dict[str, File] = {}
    for position, (raw, content) in enumerate(given.items()):
        name = _plain(raw)
        refusal = None
        if position >= MOST_FILES:
            refusal = finding("too_many_files", file=name, limit=MOST_FILES)
        elif time.monotonic() > end:
            refusal = finding("too_slow", file=name, limit=f"{MOST_SECONDS:.0f}")
        else:
            try:
                found[raw], remarks = files.opened(name, content)
                said.add(remarks)
            except RefusedError as error:
                refusal = finding("file", file=name, reason=error.reason)
            except Exception as error:  # what nobody thought of is still a sentence
                refusal = finding("file", file=name, reason=finding("unreadable", reason=type(error).__name__))
        if refusal:
            said.add([refusal])
            reports.append(FileReport(name, "", 0, 0, (refusal,)))
    return found


def _sheets(
    opened: Mapping[str, File],
    mapping: Mapping[str, Reading],
    catalog: Catalog,
    said: _Said,
    reports: list[FileReport],
    end: float,
) -> list[tuple[Sheet, Format]]:
    """The rows of each file, read by its format."""
    found, total = list[tuple[Sheet, Format]](), 0
    beside = {file.name: file for file in opened.values()}
    for raw, file in opened.items():
        form = recognised(file)
        refusal = None
        if time.monotonic() > end:
            refusal = finding("too_slow", file=file.name, limit=f"{MOST_SECONDS:.0f}")
        elif form is None:
            refusal = finding("file", file=file.name, reason=finding("json_shape"))
        else:
            try:
                sheet = form.read(file, Upload(beside, catalog, mapping.get(raw, Reading())))
                total += len(sheet.rows)
                if total > MOST_ROWS:
                    refusal = finding("too_many_rows_in_all", file=file.name, limit=f"{MOST_ROWS:,}")
                else:
                    found.append((sheet, form))
            except RefusedError as error:
                refusal = finding("file", file=file.name, reason=error.reason)
            except Exception as error:  # a harness may write what no one has seen yet
                refusal = finding("file", file=file.name, reason=finding("unreadable", reason=type(error).__name__))
        if refusal:
            said.add([refusal])
            reports.append(FileReport(file.name, form.NAME if form else "", 0, 0, (refusal,)))
    return found


# -- rows of text to checked rows ---------------------------------------------------------------------------


def _checked(rows: pd.DataFrame, catalog: Catalog, said: _Said) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(score rows, model rows) that pass; what is wrong goes to `said`."""
    rows, remarks = judge.sizes(rows, set(catalog.models["model_id"]))
    said.add(remarks)
    unit = rows["metric"].map(catalog.metrics.set_index("metric")["unit"].to_dict()).fillna("unstated")
    good, remarks = judge.percentages(rows[rows["_scored"]], unit[rows["_scored"]])
    said.add(remarks)
    good = prepare.with_defaults(good)
    good = _without(good, (findings("scores", good), _unknown_metrics(good, catalog)), said)
    good = _without(good, _unit_problems(good, catalog), said)
    wrong, remarks = judge.other_direction(good, catalog)
    said.add(remarks)
    good = good[~wrong]
    for rule in (judge.impossible_errors, judge.partly_scored):
        good, remarks = rule(good)
        said.add(remarks)
    said.add(judge.below_one(good, catalog))
    good, remarks = prepare.checkpoints(good, rows, catalog)
    said.add(remarks)
    sized = rows[rows[list(FIGURES)].ne("").any(axis=1) | ~rows["_scored"]]
    cards = sized.drop_duplicates(list(SCHEMAS["models"].columns))
    return good, _without(cards, [findings("models", named(cards))], said)


def _reports(
    sheets: list[tuple[Sheet, Format]], table: pd.DataFrame, rows: pd.DataFrame, every: tuple[Finding, ...]
) -> list[FileReport]:
    """What came of each file: scores as they stand in `rows`, of those that `table` had."""
    had, kept = (frame["_name"].value_counts().to_dict() for frame in (table[table["_scored"]], rows))
    found = []
    for sheet, form in sheets:
        about = re.compile(rf"{re.escape(sheet.file)}(?:$|, )")
        mine = tuple(one for one in every if about.match(str(one.values.get("file", one.values.get("place", "")))))
        read = kept.get(sheet.file, 0)
        found.append(FileReport(sheet.file, form.NAME, read, had.get(sheet.file, 0) - read + sheet.refused, mine))
    return found


def _unknown_metrics(rows: pd.DataFrame, catalog: Catalog) -> Findings:
    strange = rows[~rows["metric"].isin(catalog.metrics["metric"]) & rows["metric"].ne("")]
    first = [at(row, "metric", finding("no_metric")) for _, row in strange.head(MOST_PROBLEMS).iterrows()]
    return Findings(first, len(strange), strange.index)


def _unit_problems(rows: pd.DataFrame, catalog: Catalog) -> list[Findings]:
    """A finding for each rule about units; all rows that break one, not only those that are said."""
    unit = catalog.metrics.set_index("metric")["unit"].to_dict()
    rules = misfits(rows, unit) if len(rows) else ()
    return [
        Findings([at(rows.loc[one], column, why(one)) for one in index[:MOST_PROBLEMS]], len(index), index)
        for index, column, why in rules
    ]


def _cards(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of a card, blank where `rows` have none."""
    return rows.reindex(columns=list(SCHEMAS["models"].columns), fill_value="")


def _without(rows: pd.DataFrame, found: Iterable[Findings], said: _Said) -> pd.DataFrame:
    """The rows in which nothing was found; what was goes to `said`."""
    bad = pd.Series(False, index=rows.index)
    for one in found:
        said.add((problem.finding for problem in one.problems), one.count)
        bad[one.rows] = True
    return rows[~bad]


def _placed(rows: pd.DataFrame, cards: pd.DataFrame, published: set[str], said: _Said) -> pd.DataFrame:
    """The cards, with the sizes that names state where nothing else places a model of one's own."""
    placed = set(cards.loc[cards[list(FIGURES)].ne("").any(axis=1), "model_id"])
    lacking = rows.loc[~rows["model_id"].isin(published | placed), ["model_id", "_model"]]
    sized = pd.DataFrame(judge.of_names(lacking), columns=["model_id", "params", "active_params"], dtype="str")
    said.add(finding("size_of_name", model=row.model_id, size=judge.short(row.params)) for row in sized.itertuples())
    if len(sized):
        sized = sized.assign(params_kind="total", params_source="own", params_locator="the model's name")
        new = named(_cards(sized))
        old = cards.set_index("model_id").reindex(new["model_id"]).reset_index()
        known = old["family"].notna()
        for column in SCHEMAS["models"].columns:
            given = known & old[column].fillna("").ne("")
            new[column] = new[column].mask(given.to_numpy(), old[column].to_numpy())
        cards = pd.concat([cards[~cards["model_id"].isin(new["model_id"])], new], ignore_index=True)
    placeless = sorted(set(lacking["model_id"]) - set(sized["model_id"]))
    said.add((finding("no_place", model=model_id) for model_id in placeless), len(placeless))
    return cards


# -- checked rows to the catalog's types --------------------------------------------------------------------


def _typed_scores(rows: pd.DataFrame, cards: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    out = rows.reset_index(drop=True)
    intermediate = out["_intermediate"].astype(bool)
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
    # Intermediate checkpoints are on no curve over sizes; what draws training takes them by their tokens.
    return out.assign(preferred=~intermediate, duplicate_of="", evaluator="")[SCORE_COLUMNS]


def _typed_models(cards: pd.DataFrame, rows: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    known = set(catalog.models["model_id"]) | set(cards["model_id"])
    bare = named(_cards(pd.DataFrame({"model_id": sorted(set(rows["model_id"]) - known)}, dtype="str")))
    out = pd.concat([cards, bare], ignore_index=True)
    for column in ("params", "active_params", "non_embedding_params", "tokens", "train_flops"):
        out[column] = out[column].mask(out[column].eq("")).astype(float)
    return out.assign(secondary="")[list(catalog.models.columns)]
