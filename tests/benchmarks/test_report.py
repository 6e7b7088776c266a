"""Reports of a part leave the others as they were; targets say honestly what was missed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.report import Table, Target


def test_a_part_takes_the_place_of_its_own_tables_and_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    tables = [Table("one", "First", ("a",), [[1]]), Table("two", "Second", ("b",), [[2]])]
    targets = [Target.at_most("one", "small", 0.1, 0.2), Target.at_least("two", "large", 0.1, 0.2)]
    report.write("r", "# Title", tables, targets)
    path = report.write(
        "r",
        "# Title",
        [Table("two", "Second", ("b",), [[3]])],
        [Target.at_least("two", "large", 0.3, 0.2)],
        whole=False,
    )
    text = path.read_text()
    assert text.index("# Title") < text.index("### Targets") < text.index("### First") < text.index("### Second")
    assert "| 1 |" in text
    assert "| 3 |" in text
    assert "| 2 |" not in text
    assert "| one | small | 0.1 | yes |" in text
    assert "| two | large | 0.3 | yes |" in text
    assert "| no |" not in text


def test_what_misses_or_is_missing_is_no() -> None:
    assert Target.at_most("p", "t", 0.3, 0.2).met == "no"
    assert Target.at_most("p", "t", math.nan, 0.2).met == "no"
    assert Target.within("p", "t", [("a", math.nan)], 0, 1).met == "no"
    missed = Target.within("p", "t", [("a", 0.5), ("b", 2.0)], 0, 1)
    assert missed.met == "no"
    assert "b 2" in missed.reached
