"""What all formats of uploads share: a file, the rows that a format reads from it, and the protocol of a format."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from data.catalog import Catalog
from data.findings import Finding, finding
from data.imports import names
from data.imports.numbers import unknown

MOST_ROWS = 50_000
MOST_NAMED = 8  # columns or metrics that one sentence lists


@dataclass(frozen=True)
class File:
    """One file of an upload: its name (with folders, if it came in some), its text, and its JSON if it is any."""

    name: str
    text: str = ""
    data: Any = None

    @property
    def stem(self) -> str:
        """The name without folders and ending."""
        return self.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]

    @property
    def folder(self) -> str:
        """The folders that the file came in, blank if none."""
        return self.name.rpartition("/")[0]


@dataclass(frozen=True)
class Reading:
    """How the table of a file is to be read, where its headers do not say it: the result of the mapping step.

    `columns`: our column -> header of the file; `constants`: our column -> one value for all rows, also for files of
    harnesses (model_id for one that names no model); `abilities`: the headers that hold the scores of an ability each.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    abilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upload:
    """What a format may look at beside its file: the other files, how to read this one, and the dataset."""

    files: Mapping[str, File]
    catalog: Catalog
    reading: Reading = Reading()


class Format(Protocol):
    """One format: a module with these."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """As its users call it."""

    @property
    def HINTS(self) -> tuple[str, ...]:  # noqa: N802
        """Texts that all stand in the first part of such a file, for files that are cut off."""

    def recognise(self, file: File, /) -> bool:
        """Whether the content is of this format."""

    def read(self, file: File, upload: Upload, /) -> Sheet:
        """Its rows and findings; raises RefusedError if there is nothing to read."""


class RefusedError(Exception):
    """A file that cannot be read; the finding says why."""

    def __init__(self, code: str, **values: Any) -> None:
        """A refusal by the code of its reason."""
        super().__init__(code)
        self.reason = finding(code, **values)


@dataclass
class Sheet:
    """Rows of text as a format reads them, columns as in `scores` and `models`, and what is to be said of them."""

    file: str
    catalog: Catalog
    harness: bool = True  # whether a harness wrote it: shares are fractions then
    rows: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)  # metrics that the dataset does not have
    refused: int = 0  # rows or values that were not read
    unsaid: int = 0  # findings beyond those that are kept

    def say(self, code: str, **values: Any) -> None:
        """Add a finding."""
        self.findings.append(finding(code, **values))

    def add(
        self, place: str, *, model: str, task: str, metric: str, score: Any, variant: Iterable[str] = (), **cells: Any
    ) -> bool:
        """One score of a harness, by the harness's own names; False if it is none that the dataset can hold.

        `variant` tells apart what must not share a curve: filters, splits, perturbations, reducers.
        """
        value = number(score)
        if value is None:
            return False
        known, kind = names.metric(metric, self.catalog)
        if not known:
            self.skipped[metric] = self.skipped.get(metric, 0) + 1
            return False
        if len(self.rows) >= MOST_ROWS:
            raise RefusedError("too_many_rows", limit=f"{MOST_ROWS:,}")
        benchmark, name = names.ability(task, self.catalog)
        parts = [part for part in (*map(names.slug, variant), kind) if part]
        self.rows.append(
            {
                "model_id": model, "benchmark": benchmark, "task": name, "metric": known, "score": value,
                "_variant": "_".join(dict.fromkeys(parts)), "_file": f"{self.file}, {place}", "_line": 0,
                **{column: text(cell) for column, cell in cells.items()},
            }
        )  # fmt: skip
        return True

    def finish(self, name: str) -> Sheet:
        """Say which metrics were not read; raises RefusedError if the file of format `name` has no score at all."""
        if self.skipped:
            self.refused += sum(self.skipped.values())
            self.say("metrics_not_read", file=self.file, count=sum(self.skipped.values()), metrics=listed(self.skipped))
        if not self.rows and not self.findings:
            raise RefusedError("no_scores", format=name)
        return self


def listed(words: Iterable[str]) -> str:
    """Names for a sentence: the first of them."""
    every = [clean(str(word))[:60] for word in words]
    return ", ".join(every[:MOST_NAMED]) + (", …" if len(every) > MOST_NAMED else "")


def number(value: Any) -> str | None:
    """A number of a JSON file as text, None if it is none or not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    plain = float(value) if isinstance(value, float) else value  # numpy shows its floats with their type
    return repr(plain) if abs(plain) < 1e40 and math.isfinite(plain) else None


def text(value: Any) -> str:
    """A value of a JSON file as a cell: blank for what says that nothing is known."""
    if isinstance(value, str):
        return "" if unknown(value) else value
    return number(value) or ""


def clean(words: str) -> str:
    """Without blanks around it, and without what no UTF-8 file can hold (JSON can escape half a character)."""
    return words.strip().encode("utf-8", "replace").decode("utf-8")


def mapping(value: Any) -> dict[str, Any]:
    """`value` if it is an object of JSON, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """`value` if it is a list of JSON, else an empty one."""
    return value if isinstance(value, list) else []


def words_of(value: Any) -> str:
    """`value` if it is text, else blank."""
    return clean(value) if isinstance(value, str) else ""


def named_model(said: str, file: File, upload: Upload, format_name: str) -> tuple[str, str]:
    """(model, checkpoint) of a harness's file: as the mapping says, as the file says, or as its folder says."""
    model, checkpoint = names.model_of_path(said)
    model = upload.reading.constants.get("model_id", "") or model or names.model_of_file(file.name)
    if not names.model_id(model):
        raise RefusedError("no_model", format=format_name)
    return model, names.checkpoint_of(checkpoint)


def arguments(text_: str) -> dict[str, str]:
    """`pretrained=x,revision=y` as a dict."""
    parts = (part.partition("=") for part in re.split(r",(?![^\[({]*[\])}])", text_))
    return {key.strip(): value.strip() for key, _, value in parts if value}
