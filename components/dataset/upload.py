"""A reader's own results beside the published ones: a catalog of one session, and nobody else's.

Own rows keep apart from published ones by their protocol ('own...'), so that they form curves of their own and
never slip into a published one; figures draw them as diamonds.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from data.catalog import Catalog

if TYPE_CHECKING:
    from data.importer import Import

OWN = "own"  # in the column `extraction`: read from an upload


def with_own(published: Catalog, upload: Import) -> Catalog:
    """`published` and the rows of `upload` as one catalog; `published` itself is not changed."""
    every = upload.scores.assign(extraction=OWN, protocol=[own_protocol(name) for name in upload.scores["protocol"]])
    early = ~every["preferred"] & every["checkpoint_tokens"].notna()
    scores = every[~early]
    models = upload.models[~upload.models["model_id"].isin(published.models["model_id"])]
    families = pd.DataFrame({"family": every["family"].unique()})
    families = families[~families["family"].isin(published.families["family"])]
    tasks = every[["benchmark", "task"]].drop_duplicates()
    known = set(zip(published.tasks["benchmark"], published.tasks["task"], strict=True))
    new = [pair not in known for pair in zip(tasks["benchmark"], tasks["task"], strict=True)]
    tasks = tasks[pd.Series(new, index=tasks.index, dtype=bool)]
    sources = pd.DataFrame({"source": every["source"].unique()})
    sources = sources[~sources["source"].isin(published.sources["source"])]
    tables = {
        "scores": _under(published.scores, scores),
        "models": _under(published.models, models),
        "families": _under(published.families, families.assign(name=families["family"])),
        "tasks": _under(published.tasks, tasks.assign(title=tasks["task"].str.replace("_", " ").str.capitalize())),
        "sources": _under(
            published.sources, sources.assign(title="Own results", authors="Own results", year="uploaded", url="")
        ),
    }
    if early.any():  # checkpoints stand on the training view, beside the ends of the same models
        trained = every[every["checkpoint_tokens"].notna() & every["model_id"].isin(every.loc[early, "model_id"])]
        tables["trajectories"] = _under(published.trajectories, trained.assign(preferred=True))
    mark = hashlib.blake2b(digest_size=6)
    for frame in (every, models):
        mark.update(pd.util.hash_pandas_object(frame.astype(str), index=False).to_numpy().tobytes())
    return Catalog(published.folder, tables=tables, version=f"{published.version}-{mark.hexdigest()}")


def own_protocol(protocol: str) -> str:
    """The protocol under which own rows stand: never a published one."""
    return protocol if protocol.startswith(OWN) else f"{OWN}.{protocol}"


def _under(published: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """`own` rows under `published` ones; text that own rows do not have is empty, columns keep their types."""
    own = own.reset_index(drop=True).reindex(columns=published.columns)
    columns = {}
    for name in published:
        first, second = published[name], own[name]
        if isinstance(first.dtype, pd.CategoricalDtype):
            words = second.astype(object).where(second.notna(), "").astype(str)
            every = first.cat.categories.union(pd.Index(words.unique(), dtype=first.cat.categories.dtype), sort=False)
            kind = pd.CategoricalDtype(every)
            columns[name] = pd.concat([first.astype(kind), words.astype(kind)], ignore_index=True)
        elif pd.api.types.is_string_dtype(first):
            words = second.astype(object).where(second.notna(), "").astype(first.dtype)
            columns[name] = pd.concat([first, words], ignore_index=True)
        else:
            columns[name] = pd.concat([first, second.astype(first.dtype)], ignore_index=True)
    return pd.DataFrame(columns)
