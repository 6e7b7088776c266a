"""The curated dataset: published scores, models, perplexities and claims, each with its source and place in it.

>>> from data import load_catalog
>>> catalog = load_catalog()
>>> catalog.scores.head()  # doctest: +SKIP

What every table and column means stands in data/README.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.catalog import Catalog, load_catalog

if TYPE_CHECKING:
    from data.importer import Import, Reading, guess_columns, import_results

__all__ = ["Catalog", "Import", "Reading", "guess_columns", "import_results", "load_catalog"]


def __getattr__(name: str) -> Any:
    """Uploads are validated by pandera, which takes longer to import than the catalog to load: on demand."""
    if name in ("Import", "Reading", "guess_columns", "import_results"):
        from data import importer  # noqa: PLC0415

        return getattr(importer, name)
    raise AttributeError(name)
