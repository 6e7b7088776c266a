"""How a model is called within its family: by its size, or by its name where the size does not tell it apart."""

from __future__ import annotations

import pandas as pd

from components.numbers import short
from data.catalog import Catalog
from data.kept import kept


@kept()
def _models(catalog: Catalog) -> pd.DataFrame:
    models = catalog.models.set_index("model_id")[["name", "params"]]
    return models.set_axis(models.index.astype(str))


def size_names(catalog: Catalog, points: pd.DataFrame) -> list[str]:
    """For each point '13B'; the model's name if its size is unknown, shared, or if the points pool several families."""
    ids = points["model_id"].astype(str)
    models = _models(catalog).reindex(ids)
    names = [str(name) if isinstance(name, str) else one for one, name in zip(ids, models["name"], strict=True)]
    sizes = ["" if pd.isna(params) else short(params) for params in models["params"].astype(float)]
    if points["family"].nunique() > 1:
        return names
    owners: dict[str, set[str]] = {}
    for size, one in zip(sizes, ids, strict=True):
        owners.setdefault(size, set()).add(one)
    return [size if size and len(owners[size]) == 1 else name for size, name in zip(sizes, names, strict=True)]
