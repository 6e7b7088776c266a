"""What each curated table must look like: one pandera schema per table, for the build, the tests and uploads.

The schemas see the text of the CSV cells, so that a message can name the value that somebody typed. Rules between
tables stand in :mod:`data.checks`. pandera takes longer to import than the catalog to load; nothing on the way of
`load_catalog` imports this module.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.findings import Finding, finding
from data.provenance import EVALUATORS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pandera.pandas as pa

SLUG = r"[a-z0-9]+(?:_[a-z0-9]+)*"
ID = r"[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?"
KEY = r"[a-z0-9]+(?:_[a-z0-9]+)*"
DOMAINS = (
    "agents", "aggregate", "arithmetic", "bias", "calibration", "code", "common_sense", "dialogue", "knowledge",
    "language", "language_modelling", "logic", "mathematics", "memorisation", "multilingual", "patterns", "reading",
    "reasoning", "social", "toxicity", "translation", "truthfulness",
)  # fmt: skip
PROMPTINGS = (
    "standard", "cot", "self_consistency", "cot_external_calculator", "cot_equation_only", "cot_variable_compute_only",
    "cot_reasoning_after_answer", "scratchpad", "instruction_tuned", "p_true", "none", "unstated",
)  # fmt: skip
REASONED = (  # the answer follows what the model wrote down first
    "cot", "self_consistency", "cot_external_calculator", "cot_equation_only", "cot_variable_compute_only", "scratchpad",
)  # fmt: skip
UNITS = ("fraction", "points", "nats", "bits", "count", "perplexity", "unstated")
EXTRACTIONS = ("table", "text", "repo_file", "digitized")
CAVEAT_KINDS = (
    "misprint", "contamination", "harness", "digitised", "doubtful", "estimate", "definition", "split",
    "format_learning",
)  # fmt: skip
VERDICTS = ("emergent", "smooth", "flat", "inverse", "unclassified", "count")
LADDER_SPREADS = (
    "loss_sd", "loss_relative_sd", "accuracy_sd", "accuracy_relative_sd", "loss_error_7b", "accuracy_error_7b",
    "stacked_error_7b",
)  # fmt: skip
MOST_PROBLEMS = 200
PPL_KINDS = ("word_ppl", "token_ppl", "byte_ppl", "bits_per_byte", "unstated")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str
    row: int
    column: str
    value: str
    reason: str | Finding

    def __str__(self) -> str:
        """A sentence: file, row, column, value, reason."""
        return str(self.finding)

    @property
    def finding(self) -> Finding:
        """The same as a code with values."""
        values = {"file": self.file, "column": self.column, "value": self.value[:80], "reason": self.reason}
        return finding("cell", row=self.row, **values) if self.row else finding("field", **values)


def place(file: str, row: int) -> str:
    """Where something stands: a file and, if it has rows, the row."""
    return f"{file}, row {row}" if row else file


# What pandera keeps of a reason is its sentence; here are code and values again.
_REASONS: dict[str, Finding] = {}


def _reason(code: str, **values: str) -> str:
    reason = finding(code, **values)
    _REASONS[str(reason)] = reason
    return str(reason)


def at(row: pd.Series, column: str, reason: str | Finding) -> Problem:
    """A problem of one cell of a row read by :func:`data.files.read_table`."""
    return Problem(str(row["_file"]), int(row["_line"]), column, str(row.get(column, "")), reason)


def _text(reason: str, pattern: str, *, blank: bool = False) -> pa.Column:
    whole = f"(?:{pattern})?" if blank else pattern
    return pa.Column(str, pa.Check(lambda s: s.astype(str).str.fullmatch(whole), error=reason), nullable=False)


def _free(*, blank: bool = True) -> pa.Column:
    if blank:
        return pa.Column(str)
    return pa.Column(str, pa.Check(lambda s: s.str.strip().ne(""), error=_reason("blank")))


def _among(values: tuple[str, ...], *, blank: bool = False) -> pa.Column:
    allowed = {*values, ""} if blank else set(values)
    reason = _reason("blank_or_among" if blank else "among", values=", ".join(values))
    return pa.Column(str, pa.Check(lambda s: s.isin(allowed), error=reason))


def _number(reason: str, low: float, high: float, *, blank: bool = True) -> pa.Column:
    def good(cells: pd.Series) -> pd.Series:
        value = pd.to_numeric(cells.where(cells.ne("")), errors="coerce").astype(float)
        return (value.between(low, high)) | (cells.eq("") & blank)

    return pa.Column(str, pa.Check(good, error=reason))


def _date(reason: str) -> pa.Column:
    """A month or a day that the calendar has, or blank."""

    def good(cells: pd.Series) -> pd.Series:
        days = cells.where(cells.str.len() == len("2022-02-28"), cells + "-01")
        real = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").notna()
        return (cells.str.fullmatch(_DAY) & real) | cells.eq("")

    return pa.Column(str, pa.Check(good, error=reason))


def _schema(columns: dict[str, pa.Column]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict="filter")


HUGE = 1e40
_ANY = _reason("finite")
_SCORES = {
    "model_id": _text(_reason("model_id"), ID),
    "benchmark": _text(_reason("slug"), SLUG),
    "task": _text(_reason("slug"), SLUG),
    "metric": _text(_reason("slug"), SLUG),
    "n_shot": _text(_reason("shots"), r"\d{1,4}|few", blank=True),
    "prompting": _among(PROMPTINGS),
    "protocol": _text(_reason("protocol"), rf"{KEY}(?:\.{SLUG})?"),
    "score": _number(_ANY, -HUGE, HUGE, blank=False),
    "unit": _among(UNITS),
    "chance": _number(_reason("between", low="-1", high="100"), -1, 100),
    "n_examples": _number(_reason("count"), 1, 1e9),
    "stderr": _number(_reason("not_negative"), 0, HUGE),
    "checkpoint_tokens": _number(_reason("token_count"), 0, 1e16),
    "source": _text(_reason("source_key"), KEY),
    "locator": _free(blank=False),
    "extraction": _among(EXTRACTIONS),
    "via": _free(),
    "note": _free(),
}
_SIZE = _reason("size", low="1e4", high="1e14")
_DAY = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?"
_ORIGIN = _text(_reason("source_key_or_blank"), KEY, blank=True)
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "scores": _schema(_SCORES),
    "models": _schema({
        "model_id": _SCORES["model_id"],
        "family": _text(_reason("family"), ID),
        "name": _free(blank=False),
        "params": _number(_SIZE, 1e4, 1e14),
        "params_kind": _among(("total", "non_embedding"), blank=True),
        "active_params": _number(_SIZE, 1e4, 1e14),
        "non_embedding_params": _number(_SIZE, 1e4, 1e14),
        "tokens": _number(_reason("tokens", low="1e6", high="1e15"), 1e6, 1e15),
        "train_flops": _number(_reason("flops", low="1e12", high="1e28"), 1e12, 1e28),
        "flops_kind": _among(("published", "6nd", "matched"), blank=True),
        "release": _date(_reason("date")),
        "architecture": _among(("dense", "moe", "encoder_decoder"), blank=True),
        "tuning": _among(("base", "instruct", "sft", "rlhf"), blank=True),
        **{f"{name}_source": _ORIGIN for name in ("params", "tokens", "flops", "release")},
        **{f"{name}_locator": _free() for name in ("params", "tokens", "flops", "release")},
        "note": _free(),
    }),
    "tasks": _schema({
        "benchmark": _SCORES["benchmark"],
        "task": _SCORES["task"],
        "title": _free(blank=False),
        "description": _text("must be one sentence that ends with a full stop", r".{10,300}\."),
        "domain": _among(DOMAINS),
        "keywords": _free(),
        "direction": _among(("higher", "lower")),
        "chance": _number(_reason("between", low="-1", high="100"), -1, 100),
        "chance_metrics": _free(),
        "chance_source": _free(),
        "n_examples": _number(_reason("count"), 1, 1e9),
        "n_examples_source": _free(),
    }),
    "metrics": _schema({
        "metric": _SCORES["metric"],
        "name": _free(blank=False),
        "kind": _among(("proportion", "bounded", "continuous")),
        "unit": _among(UNITS),
        "higher_is_better": _among(("true", "false")),
        "thresholded": _among(("true", "false")),
        "description": _text("must be one sentence that ends with a full stop", r".{10,300}\."),
    }),
    "perplexity": _schema({
        "model_id": _SCORES["model_id"],
        "corpus": _text(_reason("slug"), SLUG),
        "kind": _among(PPL_KINDS),
        "context": _text("must be a window in tokens or a word, or blank", SLUG, blank=True),
        "value": _number("must be a perplexity or bits per byte above 0", 1e-6, 1e7, blank=False),
        "measure": _text("must be corpus.kind or corpus.kind.context", rf"{SLUG}\.{SLUG}(?:\.{SLUG})?"),
        "checkpoint_tokens": _SCORES["checkpoint_tokens"],
        "source": _SCORES["source"],
        "locator": _SCORES["locator"],
        "extraction": _SCORES["extraction"],
        "via": _free(),
        "note": _free(),
        "preferred": _among(("True", "False")),
    }),
    "claims": _schema({
        "claim_id": _text("must be an id of letters, digits, '-' and '.'", ID),
        "ability": _free(blank=False),
        "group": _free(blank=False),
        "benchmark": _text("must be a lower_snake slug, or blank", SLUG, blank=True),
        "task": _text("must be a lower_snake slug, or blank", SLUG, blank=True),
        "metric": _text("must be a lower_snake slug, or blank", SLUG, blank=True),
        "n_shot": _SCORES["n_shot"],
        "prompting": _among(PROMPTINGS, blank=True),
        "model_family": _text("must be a family slug, or blank", ID, blank=True),
        "threshold_flops": _number("must be a number of FLOPs, or blank", 1e12, 1e28),
        "threshold_params": _number(_SIZE, 1e4, 1e14),
        "model_id": _text("must be a model id, or blank", ID, blank=True),
        "verdict": _among(VERDICTS),
        "panel": _text("must be a panel such as 2A, or blank", r"\d[A-H]", blank=True),
        "source": _SCORES["source"],
        "locator": _SCORES["locator"],
        "note": _free(),
    }),
    "sources": _schema({
        "source": _SCORES["source"],
        "title": _free(blank=False),
        "authors": _free(blank=False),
        "year": _text("must be a year, or 'not stated'", r"(?:19|20)\d\d|not stated"),
        "venue": _free(),
        "url": _text("must be an address, or 'not stated'", r"https?://\S+|not stated"),
        "licence": _free(blank=False),
        "bibtex_key": _SCORES["source"],
        "families": _text("must be family slugs separated by semicolons, or blank", rf"{ID}(?:;{ID})*", blank=True),
        "evaluator": _among(EVALUATORS),
        "note": _free(),
    }),
    "caveats": _schema({
        "caveat_id": _text("must be an id of letters, digits, '-' and '.'", r"[a-z0-9][a-z0-9._\-]*"),
        "kind": _among(CAVEAT_KINDS),
        "level": _among(("info", "warning")),
        **{name: _free() for name in ("benchmark", "task", "metric", "model_id", "family", "source", "protocol")},
        "text": _text("must be sentences that end with a full stop", r"(?s).{10,600}\."),
        "cited_source": _SCORES["source"],
        "locator": _SCORES["locator"],
    }),
    "families": _schema({
        "family": _text(_reason("family"), ID),
        "name": _free(blank=False),
        "organisation": _free(),
        "note": _free(),
    }),
    "featured": _schema({
        "panel": _text("must be a panel such as 2A", r"\d[A-H]"),
        "title": _free(blank=False),
        "benchmark": _SCORES["benchmark"],
        "task": _SCORES["task"],
        "metric": _SCORES["metric"],
        "n_shot": _SCORES["n_shot"],
        "prompting": _free(blank=False),
        "protocol": _SCORES["protocol"],
        "families": _free(blank=False),
        "source": _SCORES["source"],
        "locator": _SCORES["locator"],
        "note": _free(),
    }),
    "aliases": _schema({
        "alias": _free(blank=False),
        "model_id": _SCORES["model_id"],
        "source": _ORIGIN,
        "reason": _free(blank=False),
    }),
    "task_facts": _schema({
        "benchmark": _SCORES["benchmark"],
        "task": _text("must be a lower_snake slug, or * for all tasks of the benchmark", rf"{SLUG}|\*"),
        "column": _among(("chance", "n_examples", "majority")),
        "value": _number("must be a number between -1 and 1e9", -1, 1e9, blank=False),
        "metrics": _free(),
        "source": _free(blank=False),
        "locator": _free(blank=False),
    }),
    "corrections": _schema({
        "table": _among(("scores", "trajectories", "perplexity", "models", "tasks")),
        "where": _text("must be column=value, several separated by '; '", r"[a-z_]+=[^;]+(?:; [a-z_]+=[^;]+)*"),
        "column": _free(blank=False),
        "was": _free(),
        "value": _free(),
        "rows": _number("must be a count of at least 1", 1, 1e6, blank=False),
        "reason": _free(blank=False),
    }),
    "alternatives": _schema({
        "model_id": _SCORES["model_id"],
        "figure": _among(("params", "tokens", "train_flops", "release")),
        "value": _free(blank=False),
        "chosen": _free(blank=False),
        "kind": _free(),
        "source": _SCORES["source"],
        "locator": _free(),
        "note": _free(),
    }),
    "difficulty_groups": _schema({
        **{name: _SCORES[name] for name in ("model_id", "benchmark", "task", "metric", "n_shot")},
        "group": _number("must be the place of the group, 1 for the easiest", 1, 100, blank=False),
        **{name: _number("must be a rank of questions", 0, 1e9, blank=False) for name in ("first", "end")},
        **{name: _SCORES[name] for name in ("score", "unit", "source", "locator")},
    }),
    "ladder_seeds": _schema({
        **{name: _SCORES[name] for name in ("model_id", "benchmark", "task", "metric", "n_shot", "protocol")},
        "step": _number("must be a training step", 1, 1e9, blank=False),
        **dict.fromkeys(("first", "rerun"), _SCORES["score"]),
        **{name: _SCORES[name] for name in ("unit", "source", "locator")},
    }),
    "ladder_variance": _schema({
        **{name: _SCORES[name] for name in ("benchmark", "task")},
        **dict.fromkeys(LADDER_SPREADS, _SCORES["score"]),
        **{name: _SCORES[name] for name in ("source", "locator")},
    }),
    "time_horizons": _schema({
        "name": _free(blank=False),
        "model_id": _text("must be a model id, or blank", ID, blank=True),
        "release": _date("must be YYYY-MM or YYYY-MM-DD, or blank"),
        **{name: _number("must be minutes above 0", 1e-9, 1e9, blank=False) for name in ("minutes", "low", "high")},
        "average_score": _number("must lie between 0 and 1", 0, 1, blank=False),
        **{name: _SCORES[name] for name in ("source", "locator")},
    }),
}  # fmt: skip
for _name in ("trajectories", "references"):
    SCHEMAS[_name] = SCHEMAS["scores"]


@dataclass(frozen=True)
class Findings:
    """What is wrong with a table: the first problems, how many there are, and the rows (labels) that have any."""

    problems: list[Problem]
    count: int
    rows: pd.Index[Any]


def validate(name: str, frame: pd.DataFrame) -> list[Problem]:
    """The first problems of a table read by :func:`data.files.read_table` (text cells, `_file`, `_line`)."""
    return findings(name, frame).problems


def findings(name: str, frame: pd.DataFrame, *, most: int = MOST_PROBLEMS) -> Findings:
    """What is wrong with such a table, `most` problems in words."""
    schema = SCHEMAS[name]
    missing = [column for column in schema.columns if column not in frame]
    if missing:
        file = str(frame["_file"].iloc[0]) if len(frame) else name
        lacking = [Problem(file, 1, column, "", finding("missing_column")) for column in missing]
        return Findings(lacking, len(lacking), frame.index)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        # Row by row, so that the first problems are those that a reader meets first.
        cases = errors.failure_cases.sort_values("index", kind="stable", na_position="first")
        cells = cases[cases["index"].notna()]
        return Findings(
            [_problem(frame, case) for case in cases.head(most).to_dict("records")],
            len(cases),
            frame.index if len(cells) < len(cases) else frame.index[frame.index.isin(cells["index"])],
        )
    return Findings([], 0, frame.index[:0])


def _problem(frame: pd.DataFrame, case: dict[str, Any]) -> Problem:
    """A failure of a check; one of a whole column stands at the first row."""
    where = frame.loc[case["index"]] if pd.notna(case["index"]) else frame.iloc[0]
    reason = str(case["check"])
    return Problem(
        where["_file"],
        int(where["_line"]),
        str(case["column"]),
        str(case["failure_case"]),
        _REASONS.get(reason, reason),
    )
