"""What the columns of a table are: guessed from their headers and cells, as the mapping step shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from data.catalog import Catalog
from data.imports import names
from data.imports.base import Reading
from data.imports.numbers import UNITS, Style, is_number, unknown
from data.schema import SCHEMAS

OURS = [
    *SCHEMAS["scores"].columns,
    *(name for name in SCHEMAS["models"].columns if name not in SCHEMAS["scores"].columns),
]
SYNONYMS = {
    "model_id": ("model", "model_name", "modelname", "model_ids", "checkpoint_name", "llm"),
    "params": ("parameters", "parameter", "n_params", "num_params", "number_of_parameters", "model_size", "size", "parameter_count"),
    "active_params": ("active_parameters", "activated_params", "activated_parameters"),
    "tokens": ("training_tokens", "train_tokens", "n_tokens", "num_tokens"),
    "train_flops": ("flops", "training_flops", "compute", "training_compute", "train_compute"),
    "release": ("release_date", "released", "date"),
    "benchmark": ("bench", "suite"),
    "task": ("tasks", "task_name", "dataset", "dataset_name", "subtask"),
    "metric": ("metric_name", "metrics"),
    "score": ("value", "result", "scores"),
    "n_shot": ("n_shots", "shots", "shot", "num_fewshot", "few_shot", "fewshot", "num_shots"),
    "chance": ("random", "random_baseline", "chance_level"),
    "n_examples": ("n", "n_total", "num_examples", "n_items", "total_count", "num_samples", "n_samples", "examples"),
    "stderr": ("standard_error", "std_err", "std_error", "se", "sem"),
    "prompting": ("prompt", "prompting_style"),
}  # fmt: skip
MOST_SAMPLED = 2_000  # rows from which it is told what a column holds
_KNOWN = {name: ours for ours, others in SYNONYMS.items() for name in others}
# Numbers of a table that are no score of an ability.
NO_ABILITY = re.compile(
    r"(?:(?:unnamed_?\d*|index|idx|rank|no|id|row|version|likes|hub|hub_\w*|downloads|seed|epochs?|steps?|year|month|"
    r"batch\w*|lr|learning_rate|layers?|n_layers?|num_layers|heads?|n_heads?|d_model|width|depth|hidden\w*|vocab\w*|"
    r"context\w*|ctx\w*|max_\w*length|latency\w*|time\w*|cost\w*|price\w*|co2\w*|co_cost\w*|tokens_per\w*|count|total|"
    r"loss_scale|type|t|precision|architecture|license|licence|organisation|organization|generation|moe|merged|flagged|"
    r"std|stddev|variance|ci|ci_\w+|lower|upper|min|max)|.*_(?:rank|cost\w*|std|stddev|count|ci))"
)
AVERAGE = re.compile(r"(?:(?:overall_|macro_|micro_)?(?:average|avg|mean|overall)(?:_score|_\d+)?)")
_SHOTS = re.compile(r"(?i)[\s_(\[-]*\b(\d{1,3}|zero|one|few)[\s_-]?shots?\b[\s)\]]*")
_UNIT = re.compile(r"[\[(]\s*([a-z%]+)\s*[\])]|_([mb])$")


@dataclass(frozen=True)
class Column:
    """An ability's column: its task, its shots if the header says them, its metric if it does."""

    header: str
    task: str
    shots: str
    metric: str


@dataclass(frozen=True)
class Layout:
    """What each column of a table is."""

    ours: dict[str, int]  # our column -> its position
    units: dict[str, int] = field(default_factory=dict)  # our column -> the power of ten that its header names
    abilities: dict[int, Column] = field(default_factory=dict)
    averages: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # headers with cells that nothing is known of

    def reading(self, header: Sequence[str]) -> Reading:
        """The same as a mapping that a reader can change."""
        return Reading(
            columns={ours: header[at] for ours, at in self.ours.items()},
            abilities=tuple(column.header for column in self.abilities.values()),
        )


def layout(
    header: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[Style], catalog: Catalog, given: Reading
) -> Layout:
    """What the columns are: as the mapping says, else as the headers say, else abilities where the cells are numbers."""
    ours: dict[str, int] = {name: header.index(there) for name, there in given.columns.items() if there in header}
    units = {name: unit for name, at in ours.items() if (unit := _unit(header[at])) is not None}
    free = [at for at in range(len(header)) if at not in ours.values()]
    for exact in (True, False):
        for at in list(free):
            name, unit = _meaning(header[at], exact=exact)
            if name and name not in ours and header[at] not in given.abilities:
                ours[name] = at
                free.remove(at)
                if unit is not None:
                    units[name] = unit
    if "model_id" not in ours:
        unnamed = [
            at for at in free if not names.slug(header[at]) or names.slug(header[at]) in ("name", "unnamed_0", "index")
        ]
        texts = [at for at in unnamed if any(cell and not is_number(cell, styles[at]) for cell in _cells(rows, at))]
        if texts or "name" in ours:
            ours["model_id"] = texts[0] if texts else ours.pop("name")
            free = [at for at in free if at != ours["model_id"]]
    averages, abilities, unread = [], {}, []
    for at in free:
        slugged = names.slug(_SHOTS.sub(" ", header[at]))
        cells = [cell for cell in _cells(rows, at) if not unknown(cell)]
        numbers = bool(cells) and sum(is_number(cell, styles[at]) for cell in cells) >= max(1, len(cells) / 2)
        chosen = header[at] in given.abilities
        if AVERAGE.fullmatch(slugged) and numbers and not chosen:
            averages.append(header[at])
        elif chosen or (
            not given.abilities and numbers and slugged and not NO_ABILITY.fullmatch(slugged) and "score" not in ours
        ):
            abilities[at] = _ability(header[at], catalog)
        elif cells and header[at] and header[at] not in OURS and not NO_ABILITY.fullmatch(slugged or "index"):
            unread.append(header[at])
    return Layout(ours, units, abilities, tuple(averages), tuple(unread))


def _cells(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at] for row in rows[:MOST_SAMPLED]]


def _meaning(header: str, *, exact: bool) -> tuple[str, int | None]:
    """(our column, power of ten) that a header says; blank if none."""
    if exact:
        return (header, None) if header in OURS else ("", None)
    unit = _unit(header)
    plain = names.slug(_UNIT.sub("", header.casefold())) if unit is not None else names.slug(header)
    name = plain if plain in OURS else _KNOWN.get(plain, "")
    return (
        (name, unit)
        if unit is None or name in ("params", "active_params", "non_embedding_params", "tokens")
        else ("", None)
    )


def _unit(header: str) -> int | None:
    """The power of ten in a header such as `#Params (B)` or `params_m`."""
    found = _UNIT.search(header.casefold().strip())
    return UNITS.get(found[1] or found[2]) if found else None


def _ability(header: str, catalog: Catalog) -> Column:
    shots = _SHOTS.search(header)
    bare = _SHOTS.sub(" ", header).strip()
    metric, _ = names.metric(bare, catalog)
    if metric:  # a column of this metric, its ability named elsewhere
        return Column(header, "", names.shots(shots[1]) if shots else "", bare)
    task, _, last = bare.rpartition(" ") if " " in bare else bare.rpartition("/")
    metric, _ = names.metric(last.strip("()[]"), catalog) if task else ("", "")
    return Column(
        header, task if metric else bare, names.shots(shots[1]) if shots else "", last.strip("()[]") if metric else ""
    )
