"""Guided tours: plain text files of ordered steps, each a view of this site with words around it.

The format is TOML, because the standard library reads it and names line and column of a slip, and prose needs
no escaping between triple quotes::

    title = "Is it a mirage?"
    summary = "One sentence for the list of tours."

    [[step]]
    view = "explore?task=big_bench/modified_arithmetic"
    title = "What the audience reads"
    note = "What the speaker says."
    question = "What the group discusses."

Titles, summaries, notes and questions are Markdown with links, emphasis and lists; what loads or draws (images, HTML,
formulas, icons, colours) is shown as text, since a tour may come from anybody.

Reading is total: whatever a file holds, the answer is a tour or the list of what is wrong with it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import data
from components.core import vocabulary
from components.core.i18n import gettext as _
from components.core.sharing import address
from components.core.state import PAGES, Dropped, ViewState, decode

FOLDER = Path(data.__file__).parent / "tours"
MOST_BYTES = 200_000
MOST_STEPS = 99
LONGEST_TEXT = 4000
OWN = "own"  # the id of a presenter's own tour

# HTML, formulas, images, and the colons of Streamlit's colours and icons; not those of addresses.
_DRAWING = re.compile(r"(\\*)([<$]|!(?=\[)|:(?!//|\s|\Z))")

# Pages that are no view: a talk inside a talk, and the handbook.
_NO_VIEW = ("present", "methods")
_TOUR_FIELDS = {"title": True, "summary": False, "step": True}  # name: required
_STEP_FIELDS = {"view": True, "title": True, "note": False, "question": False}


@dataclass(frozen=True)
class Step:
    """One stop of a tour: a view, and the words around it."""

    page: str
    state: ViewState
    title: str
    note: str = ""
    question: str = ""

    @property
    def view(self) -> str:
        """The canonical address of the view."""
        return address(self.page, self.state)


@dataclass(frozen=True)
class Tour:
    """A named sequence of steps."""

    key: str
    title: str
    summary: str
    steps: tuple[Step, ...]


def load_tours() -> dict[str, Tour]:
    """The shipped tours by id, in the order of their files' names; a broken file is an error of ours."""
    return dict(_shipped())


@cache
def _shipped() -> tuple[tuple[str, Tour], ...]:
    tours = []
    for path in sorted(FOLDER.glob("*.toml")):
        key = re.sub(r"\A[0-9]+-", "", path.stem)
        tour, problems = read_tour(path.read_bytes(), key)
        if tour is None:
            raise ValueError(f"{path.name}: {' '.join(problems)}")
        tours.append((key, tour))
    return tuple(tours)


def read_tour(content: bytes, key: str) -> tuple[Tour | None, tuple[str, ...]]:
    """The tour that a file holds, or None and sentences on what to mend. Never raises, whatever the bytes."""
    if len(content) > MOST_BYTES:
        return None, (_("The file is larger than {limit} kB.").format(limit=MOST_BYTES // 1000),)
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return None, (_("The file is not UTF-8 text (byte {place}).").format(place=error.start),)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, (_("The file is not TOML: {reason}").format(reason=error),)
    problems = _field_problems(raw, _TOUR_FIELDS, _("tour"))
    entries = raw.get("step", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return None, (*problems, _("Steps are written as [[step]] tables."))
    if not 1 <= len(entries) <= MOST_STEPS:
        problems.append(_("A tour has 1 to {limit} steps, not {count}.").format(limit=MOST_STEPS, count=len(entries)))
    steps = []
    for number, entry in enumerate(entries, start=1):
        where = _("step {number}").format(number=number)
        slips = _field_problems(entry, _STEP_FIELDS, where)
        if not slips:
            page, state, dropped = parse_view(entry["view"])
            slips = [f"{where}: {vocabulary.dropped(item)}" for item in dropped]
            if page is None:
                slips = [_("{where}: {view} is no view of this site.").format(where=where, view=entry["view"])]
            else:
                steps.append(
                    Step(page, state, *(entry.get(name, "").strip() for name in ("title", "note", "question")))
                )
        problems += slips
    if problems:
        return None, tuple(problems)
    return Tour(key, raw["title"].strip(), raw.get("summary", "").strip(), tuple(steps)), ()


def parse_view(text: str) -> tuple[str | None, ViewState, tuple[Dropped, ...]]:
    """Page, state and what could not be used, of an address: relative to the site, or pasted whole."""
    try:
        parts = urlsplit(text.strip())
        query = parse_qs(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return None, ViewState(), ()
    page = parts.path.rstrip("/").rpartition("/")[2]
    if page not in PAGES or page in _NO_VIEW:
        return None, ViewState(), ()
    state, dropped = decode(query, page)
    return page, state.but(chart=False, lang=""), dropped


def _field_problems(raw: dict[str, Any], fields: dict[str, bool], where: str) -> list[str]:
    problems = [
        _("{where}: unknown field “{name}”; possible are {names}.").format(
            where=where, name=name, names=vocabulary.listing(list(fields))
        )
        for name in raw
        if name not in fields
    ]
    for name, required in fields.items():
        value = raw.get(name)
        if value is None:
            if required:
                problems.append(_("{where}: the field “{name}” is missing.").format(where=where, name=name))
        elif name != "step" and not isinstance(value, str):
            problems.append(_("{where}: “{name}” must be text in quotes.").format(where=where, name=name))
        elif required and name != "view" and isinstance(value, str) and not value.strip():
            problems.append(_("{where}: “{name}” is empty.").format(where=where, name=name))
        elif isinstance(value, str) and len(value) > LONGEST_TEXT:
            problems.append(
                _("{where}: “{name}” is longer than {limit} characters.").format(
                    where=where, name=name, limit=LONGEST_TEXT
                )
            )
    return problems


def prose(text: str) -> str:
    """A tour's text in the reader's language as Markdown in which nothing loads and nothing is drawn.

    Character references, because Streamlit draws for some escaped signs too; an author's own backslash before the
    sign goes, as it would escape the reference.
    """
    return _DRAWING.sub(lambda found: found[1][: len(found[1]) // 2 * 2] + f"&#{ord(found[2])};", _(text))


def write_tour(title: str, summary: str, steps: Sequence[Step]) -> str:
    """A tour as the text of its file; :func:`read_tour` turns it back."""
    lines = [f"title = {_quoted(title)}", f"summary = {_quoted(summary)}"]
    for step in steps:
        lines += ["", "[[step]]", f"view = {_quoted(step.view)}", f"title = {_quoted(step.title)}"]
        lines += [
            f"{name} = {_quoted(text)}" for name, text in (("note", step.note), ("question", step.question)) if text
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string: of several lines where the text has them, so that a presenter can edit the file."""
    text = text.encode("utf-8", "ignore").decode()
    lines = [json.dumps(line, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f") for line in text.split("\n")]
    return f'"{lines[0]}"' if len(lines) == 1 else '"""\n' + "\n".join(lines) + '"""'
