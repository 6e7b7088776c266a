"""`load_catalog()`: the dataset as DataFrames, each read from its Parquet file when it is first touched.

Reading the derived files takes a fraction of parsing the CSVs; `python -m data.build` makes them, and its check
mode (part of the tests) proves that they say what the CSVs say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

from data.memo import Memo

if TYPE_CHECKING:
    import pandas as pd

DERIVED = Path(__file__).resolve().parent / "derived"


class _Table:
    """A table of a catalog: read once, handed out each time as a frame of its own over the same values.

    pandas copies values when they are written to (and makes their arrays read-only), so such a frame costs some
    microseconds and what a caller does to it stays with the caller.
    """

    def __init__(self, read: Callable[[Any], pd.DataFrame]) -> None:
        self.read, self.name, self.__doc__ = read, read.__name__, read.__doc__

    @overload
    def __get__(self, catalog: None, owner: type) -> Self: ...
    @overload
    def __get__(self, catalog: Catalog, owner: type) -> pd.DataFrame: ...
    def __get__(self, catalog: Catalog | None, owner: type) -> Self | pd.DataFrame:
        if catalog is None:
            return self
        if self.name not in catalog._kept:
            catalog._kept[self.name] = self.read(catalog)
        return catalog._kept[self.name].copy(deep=False)


class Catalog:
    """The frozen dataset. Attributes are DataFrames; changing one changes the caller's frame, never the catalog.

    Units and columns: data/README.md. Raises FileNotFoundError with the command to run if a derived file is missing.
    """

    folder: Path
    _kept: dict[str, pd.DataFrame]
    _memo: Memo  # what `data.memo` keeps of results

    def __init__(
        self, folder: Path = DERIVED, *, tables: Mapping[str, pd.DataFrame] | None = None, version: str = ""
    ) -> None:
        """Remember where the derived files lie; nothing is read yet. `tables` and `version` stand in for files."""
        object.__setattr__(self, "folder", folder)
        object.__setattr__(self, "_kept", dict(tables or {}))
        object.__setattr__(self, "_memo", Memo())
        if version:
            self.__dict__["version"] = version

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a catalog is shared by every session of the process."""
        raise AttributeError(f"the catalog is frozen; '{name}' cannot be set")

    def _table(self, name: str) -> pd.DataFrame:
        import pyarrow.parquet as pq  # noqa: PLC0415  # 0.1 s: only when a table is wanted

        path = self.folder / f"{name}.parquet"
        if not path.exists():
            raise FileNotFoundError(f"{path.name} is missing in data/derived: run `python -m data.build`")
        table: pd.DataFrame = pq.read_table(path, use_threads=False).to_pandas(split_blocks=True, self_destruct=True)
        return table

    @cached_property
    def version(self) -> str:
        """Hash of the curated files that this catalog was built from."""
        return (self.folder / "version.txt").read_text().strip()

    @_Table
    def models(self) -> pd.DataFrame:
        """One row per model: sizes, tokens, compute, release, each figure with its source."""
        return self._table("models")

    @_Table
    def tasks(self) -> pd.DataFrame:
        """One row per (benchmark, task): title, description, domain, chance, examples, direction."""
        return self._table("tasks")

    @_Table
    def scores(self) -> pd.DataFrame:
        """Scores of finished models; the key columns, the unit and the provenance of every row."""
        return self._table("scores")

    @_Table
    def perplexity(self) -> pd.DataFrame:
        """Perplexities by measure; one preferred row per model and measure."""
        return self._table("perplexity")

    @_Table
    def claims(self) -> pd.DataFrame:
        """Published claims of emergence."""
        return self._table("claims")

    @_Table
    def sources(self) -> pd.DataFrame:
        """Publications and repositories."""
        return self._table("sources")

    @_Table
    def caveats(self) -> pd.DataFrame:
        """Typed notes; a blank condition holds for everything."""
        return self._table("caveats")

    @_Table
    def families(self) -> pd.DataFrame:
        """Families of models with the name that readers see."""
        return self._table("families")

    @_Table
    def metrics(self) -> pd.DataFrame:
        """Metrics: kind, unit, direction, and whether all-or-nothing."""
        return self._table("metrics")

    @_Table
    def featured(self) -> pd.DataFrame:
        """The twelve panels of Wei et al. (2022), Figs 2 and 3."""
        return self._table("featured")

    @_Table
    def aliases(self) -> pd.DataFrame:
        """Other names of models, with the reason why they are the same."""
        return self._table("aliases")

    @_Table
    def references(self) -> pd.DataFrame:
        """Scores of people, random baselines and best prior models: no models, never part of a curve."""
        return self._table("references")

    @_Table
    def alternatives(self) -> pd.DataFrame:
        """Figures of models that other sources state differently."""
        return self._table("alternatives")

    @_Table
    def corrections(self) -> pd.DataFrame:
        """What was changed against the first transcription: rows, cell, both values, reason."""
        return self._table("corrections")

    @_Table
    def task_facts(self) -> pd.DataFrame:
        """Counts of items and chance levels that task files and definitions state, each with its place."""
        return self._table("task_facts")

    @_Table
    def trajectories(self) -> pd.DataFrame:
        """Scores during training, `checkpoint_tokens` set; same columns as scores."""
        return self._table("trajectories")

    @_Table
    def difficulty_groups(self) -> pd.DataFrame:
        """Scores of open models on ten groups of questions of a task, from easy to hard."""
        return self._table("difficulty_groups")

    @_Table
    def ladder_seeds(self) -> pd.DataFrame:
        """The five sizes of the OLMo ladder that were trained twice: final values of both runs."""
        return self._table("ladder_seeds")

    @_Table
    def ladder_variance(self) -> pd.DataFrame:
        """Spread of loss and accuracy over the last checkpoints of a ladder run, and the errors of prediction at 7B."""
        return self._table("ladder_variance")

    @_Table
    def time_horizons(self) -> pd.DataFrame:
        """How long tasks are that a model completes half of the time, in minutes, with 95 % intervals."""
        return self._table("time_horizons")

    @_Table
    def capability(self) -> pd.DataFrame:
        """First principal component over the benchmarks of open base models: model_id, value."""
        return self._table("capability")

    @_Table
    def capability_loadings(self) -> pd.DataFrame:
        """How the capability component weighs each benchmark, and the share of variance it explains."""
        return self._table("capability_loadings")


@cache
def load_catalog() -> Catalog:
    """The catalog of this process (always the same object)."""
    return Catalog()
