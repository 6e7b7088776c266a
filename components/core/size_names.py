"""How a model is called within its family: by its size, or by its name where the size does not tell it apart."""

from __future__ import annotations

from collections.abc import Sequence

from components.core.numbers import short
from data.catalog import Catalog
from data.memo import kept


@kept()
def _models(catalog: Catalog) -> dict[str, tuple[str, float]]:
    """Name and parameters of each model."""
    models = catalog.models
    return {
        str(model): (str(name), float(params))
        for model, name, params in zip(models["model_id"], models["name"], models["params"].astype(float), strict=True)
    }


def size_names(catalog: Catalog, models: Sequence[str]) -> list[str]:
    """For each model of one family '13B'; its name if its size is unknown or that of another one."""
    known = _models(catalog)
    sizes = {one: short(known[one][1]) if known[one][1] > 0 else "" for one in dict.fromkeys(models)}
    owned = list(sizes.values())
    return [sizes[one] if sizes[one] and owned.count(sizes[one]) == 1 else known[one][0] for one in models]
