"""`python -m data.diff`: what changed in the curated files since the last commit, in words."""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from data import files
from data.checks import KEYS
from data.repeats import KEY

MOST = 8  # rows named per table and kind of change


def committed(path: str, revision: str) -> pd.DataFrame:
    """A file at a revision, as text cells; an empty table if it was not there."""
    shown = subprocess.run(
        ["git", "show", f"{revision}:{path}"], cwd=files.ROOT.parent, capture_output=True, check=False
    )
    if shown.returncode:
        return pd.DataFrame()
    return pd.read_csv(io.BytesIO(shown.stdout), dtype=str, keep_default_na=False)


def paths(revision: str) -> list[str]:
    """Curated files that exist now or existed at the revision, relative to the repository."""
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", revision, "data/"],
        cwd=files.ROOT.parent, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    now = [f"data/{path.relative_to(files.ROOT).as_posix()}" for path in files.curated()]
    then = [path for path in listed if path.endswith(".csv") and _table(path)]
    return sorted({*now, *then})


def _table(path: str) -> str:
    """The table that a file belongs to, '' if it is no curated file."""
    parts = Path(path).parts[1:]
    if len(parts) == 2 and parts[0] in files.FOLDERS:
        return parts[0]
    return Path(path).stem if len(parts) == 1 and Path(path).stem in files.TABLES else ""


def keys(table: str) -> list[str]:
    """The columns that name a row of a table."""
    return KEYS.get(table, ["model_id", "figure", "source", "value"] if table == "alternatives" else KEY)


def describe(path: str, before: pd.DataFrame, after: pd.DataFrame) -> Iterator[str]:
    """Sentences on the rows that came, went and changed."""
    table = _table(path)
    if before.empty and after.empty:
        return
    if before.empty:
        yield f"{path}: new, {len(after)} rows"
        return
    if after.empty:
        yield f"{path}: gone, it had {len(before)} rows"
        return
    for column in sorted(set(after.columns) ^ set(before.columns)):
        yield f"{path}: column {column} was {'added' if column in after else 'removed'}"
    names = [name for name in keys(table) if name in before and name in after]
    old = before.drop_duplicates(names).set_index(names)
    new = after.drop_duplicates(names).set_index(names)
    yield from _list(path, "added", new.index.difference(old.index))
    yield from _list(path, "removed", old.index.difference(new.index))
    both = new.index.intersection(old.index)
    shared = [column for column in new.columns if column in old]
    there, here = old.loc[both, shared], new.loc[both, shared]
    changed = there.ne(here)
    rows = changed.index[changed.any(axis=1)]
    for index in rows[:MOST]:
        for column in changed.columns[changed.loc[index]]:
            yield f"{path}: {_words(index)}: {column} '{there.loc[index, column]}' -> '{here.loc[index, column]}'"
    if len(rows) > MOST:
        yield f"{path}: {len(rows) - MOST} more rows changed"


def _list(path: str, what: str, index: pd.Index) -> Iterator[str]:
    for name in index[:MOST]:
        yield f"{path}: {what} {_words(name)}"
    if len(index) > MOST:
        yield f"{path}: {len(index) - MOST} more rows {what}"


def _words(index: object) -> str:
    parts = index if isinstance(index, tuple) else (index,)
    return " / ".join(str(part) for part in parts if part)


def main(arguments: list[str] | None = None) -> int:
    """Print the changes; the exit code is 0 either way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", nargs="?", default="HEAD", help="compare with this revision (default HEAD)")
    revision = parser.parse_args(arguments).revision
    said = 0
    for path in paths(revision):
        file = files.ROOT.parent / path
        after = pd.read_csv(file, dtype=str, keep_default_na=False) if file.exists() else pd.DataFrame()
        for sentence in describe(path, committed(path, revision), after):
            print(sentence)
            said += 1
    if not said:
        print(f"the curated data is as in {revision}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
