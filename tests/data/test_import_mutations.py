"""Damaged files and tables with known truth: no exception, and no score that differs from its cell without a sentence.

The truth is the text of the damaged file itself: every score must be a number that stands in it, or something must be
said of it.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import Import, import_results
from tests.data.test_import_formats import EEE, LMEVAL, TIDY, archive, helm, log

CASES = Path(__file__).parent / "cases" / "import"
FILES = {
    **{path.name: path.read_bytes() for path in sorted(CASES.iterdir()) if not path.name.endswith(".expected.json")},
    "lmeval.json": json.dumps(LMEVAL).encode(),
    "inspect.json": json.dumps(log()).encode(),
    "inspect.eval": archive(json.dumps(log()).encode()),
    "eee.json": json.dumps(EEE).encode(),
    "stats.json": helm("1b", 0.3)["stats"],
    "tidy.csv": TIDY.encode(),
}
SPEC = helm("1b", 0.3)["run_spec"]
NUMBER = re.compile(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?")
LENIENT = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def imported(name: str, content: bytes) -> Import:
    files = {name: content} | ({"run_spec.json": SPEC} if name == "stats.json" else {})
    return import_results(files)


def values_in(content: bytes) -> set[float]:
    """Every number that a text shows."""
    text = content.decode("utf-8", "replace")
    found = set()
    for word in NUMBER.findall(text):
        try:
            found.add(float(Decimal(word)))
        except InvalidOperation:
            continue
    return found


def sound(found: Import, content: bytes) -> None:
    """Each score is its cell, or there is a sentence."""
    assert len(found.problems) == len(found.findings)
    assert all(sentence and isinstance(sentence, str) for sentence in found.problems)
    if not set(found.scores["score"]) <= values_in(content):
        assert any(one.remark for one in found.findings) or b"%" in content or b"percent" in content


@given(st.sampled_from(sorted(FILES)), st.data())
@LENIENT
def test_flipped_bytes(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    for at, bit in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 7)), min_size=1, max_size=4)
    ):
        content[at] ^= 1 << bit
    found = imported(name, bytes(content))
    if not name.endswith((".eval", "_de.csv")):  # packed text, and numbers with commas, show themselves otherwise
        sound(found, bytes(content))


@given(st.sampled_from(sorted(FILES)), st.data())
@LENIENT
def test_truncated_files(name: str, data: st.DataObject) -> None:
    content = FILES[name][: data.draw(st.integers(0, len(FILES[name])))]
    found = imported(name, content)
    if name.endswith(".json") and len(content.strip()) < len(FILES[name].strip()):
        assert len(found.scores) == 0
        assert found.problems


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, inner in items for path in ((*here, key), *paths(inner, (*here, key)))]


OTHER: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=5)
    | st.just([])
    | st.just({})
    | st.just([1, {}])
)


@given(st.sampled_from([name for name in sorted(FILES) if name.endswith(".json")]), st.data())
@LENIENT
def test_deleted_and_exchanged_keys(name: str, data: st.DataObject) -> None:
    value = json.loads(FILES[name])
    for _ in range(data.draw(st.integers(1, 3))):
        every = paths(value)
        if not every:
            break
        *above, last = data.draw(st.sampled_from(every))
        inner = value
        for key in above:
            inner = inner[key]
        if data.draw(st.booleans()):
            del inner[last]
        else:
            inner[last] = data.draw(OTHER)
    content = json.dumps(value).encode()
    sound(imported(name, content), content)


@given(st.sampled_from([name for name in sorted(FILES) if name.endswith(".json")]), st.data())
@LENIENT
def test_duplicated_keys_are_named(name: str, data: st.DataObject) -> None:
    text = FILES[name].decode()
    spots = list(re.finditer(r'"([^"\\]+)":\s*(-?[\d.]+(?:e-?\d+)?)(?=[,}\s])', text))
    match = data.draw(st.sampled_from(spots))
    twice = f"{text[: match.end()]}, {match[0]}{text[match.end() :]}"
    found = imported(name, twice.encode())
    assert any(one.code == "key_twice" and one.values["key"] == match[1][:60] for one in found.findings)


SCORES = st.lists(st.decimals(0, 1, places=3), min_size=1, max_size=6)


@given(SCORES, st.booleans(), st.sampled_from([",", ";", "\t"]), st.booleans())
@LENIENT
def test_tables_with_known_truth(scores: list[Decimal], percent: bool, delimiter: str, comma: bool) -> None:
    """Fractions come out as they are; percentages as hundredths if the column or its unit says so, with a sentence."""
    cells = [str(score * 100 if percent else score) for score in scores]
    comma = comma and delimiter != ","
    shown = [cell.replace(".", ",") if comma else cell for cell in cells]
    lines = [
        f"own-{at}b,own,own,accuracy,X,{at}e9".replace(",", delimiter).replace("X", cell)
        for at, cell in enumerate(shown, 1)
    ]
    header = "model_id,benchmark,task,metric,score,params".replace(",", delimiter)
    found = import_results({"mine.csv": "\n".join([header, *lines]).encode()})
    as_percent = any(Decimal(cell) > 1 for cell in cells)
    truth = [float(Decimal(cell) / 100) if as_percent else float(cell) for cell in cells]
    read = dict(zip(found.scores["model_id"], found.scores["score"], strict=True))
    assert all(truth[int(model[4:-1]) - 1] == score for model, score in read.items())
    if as_percent and read:
        assert any(one.code == "percent_column" for one in found.findings)
    assert len(read) == len(cells) or any(not one.remark for one in found.findings)
