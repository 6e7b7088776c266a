"""Tables of results and the targets they are held against, written as Markdown and CSV into benchmarks/results/."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


@dataclass
class Table:
    """A titled table; cells are strings or numbers (printed with three digits)."""

    name: str
    title: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    remark: str = ""

    def add(self, *cells: object) -> None:
        """Append a row and print it, so that a long run can be followed."""
        self.rows.append(cells)
        print("  " + " | ".join(_cell(cell) for cell in cells), flush=True)

    def markdown(self) -> str:
        """The table in Markdown."""
        lines = [f"### {self.title}", "", *([self.remark, ""] if self.remark else [])]
        lines.append("| " + " | ".join(self.columns) + " |")
        lines.append("|" + " --- |" * len(self.columns))
        lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Target:
    """What the design asks for, beside what was reached; `met` is yes or no."""

    part: str
    target: str
    reached: str
    met: str

    @classmethod
    def at_most(cls, part: str, text: str, found: float, limit: float, detail: str = "") -> Target:
        """A figure that must not exceed its limit; a missing one misses."""
        return cls(part, text, _cell(float(found)) + detail, "yes" if found <= limit else "no")

    @classmethod
    def at_least(cls, part: str, text: str, found: float, limit: float, detail: str = "") -> Target:
        """A figure that must reach its limit; a missing one misses."""
        return cls(part, text, _cell(float(found)) + detail, "yes" if found >= limit else "no")

    @classmethod
    def within(cls, part: str, text: str, found: Iterable[tuple[str, float]], low: float, high: float) -> Target:
        """Named figures that must all lie between two limits: those that do not are named."""
        known = [(name, value) for name, value in found if not math.isnan(value)]
        outside = [f"{name} {_cell(value)}" for name, value in known if not low <= value <= high]
        values = [value for _, value in known]
        reached = f"{_cell(min(values))} to {_cell(max(values))}" if values else "-"
        reached += f" (outside: {', '.join(outside)})" if outside else ""
        return cls(part, text, reached, "yes" if known and not outside else "no")


Found = tuple[list[Table], list[Target]]
"""What a part of the study gives back."""


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "-" if math.isnan(value) else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)


def _parts(text: str) -> dict[str, str]:
    """The preface (under '') and the tables of a written file by their titles."""
    preface, *tables = text.rstrip("\n").split("\n### ")
    return {"": preface + "\n"} | {table.split("\n")[0]: f"### {table.rstrip()}\n\n" for table in tables}


def _targets(path: Path, targets: Sequence[Target], *, whole: bool) -> Table:
    """All targets; not `whole`: those of other parts as they were written before."""
    table = Table("targets", "Targets (the contract's section 4)", [one.name for one in fields(Target)])
    rows: list[Sequence[object]] = [astuple(target) for target in targets]
    if not whole and path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            mine = {target.part for target in targets}
            rows = [tuple(row) for row in list(csv.reader(file))[1:] if row[0] not in mine] + rows
    table.rows = rows
    return table


def write(
    name: str, preface: str, tables: Sequence[Table], targets: Sequence[Target] = (), *, whole: bool = True
) -> Path:
    """Write `name`.md with the targets and all tables, and one CSV per table; the path of the Markdown file.

    Not `whole`: the tables take the place of those with their titles, other tables stay.
    """
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{name}.md"
    parts = {} if whole or not target.exists() else _parts(target.read_text(encoding="utf-8"))
    summary = _targets(RESULTS / f"{name}-targets.csv", targets, whole=whole)
    start = {"": preface + "\n\n", summary.title: summary.markdown() + "\n"}
    parts = start | {title: text for title, text in parts.items() if title not in start}
    parts |= {table.title: table.markdown() + "\n" for table in tables}
    target.write_text("".join(parts.values()).rstrip("\n") + "\n", encoding="utf-8")
    for table in (summary, *tables):
        with (RESULTS / f"{name}-{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(table.columns)
            writer.writerows(table.rows)
    return target
