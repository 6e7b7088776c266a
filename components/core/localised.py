"""The catalog in the reader's language: titles, descriptions and names by which people choose.

Numbers, ids, sources and quotations stay what they are; every other table holds the very values of the original.
Names of models, families and publications are proper names; caveats and claims quote their sources in English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.core.i18n import DEFAULT_LANGUAGE, translator
from data.catalog import Catalog
from data.memo import kept

if TYPE_CHECKING:
    import pandas as pd

TRANSLATED: dict[str, tuple[str, ...]] = {
    "tasks": ("title", "description"),
    "metrics": ("name", "description"),
    "featured": ("title",),
}
"""Table: columns that readers read. `scripts/messages.py` puts their texts, and the domains, into the template."""


class LocalisedCatalog(Catalog):
    """A catalog whose visible texts are in one language."""

    base: Catalog
    language: str

    def __init__(self, base: Catalog, language: str) -> None:
        """Words of `base` in `language`; nothing is read yet."""
        super().__init__(base.folder, version=base.version)
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "language", language)

    def _table(self, name: str) -> pd.DataFrame:
        table: pd.DataFrame = getattr(self.base, name)
        columns = [column for column in TRANSLATED.get(name, ()) if column in table]
        if not columns:
            return table
        translate = translator(self.language)
        return table.assign(
            **{column: [translate(text) if isinstance(text, str) else text for text in table[column]]
               for column in columns}
        )  # fmt: skip


@kept()
def localised(catalog: Catalog, language: str) -> Catalog:
    """`catalog` with the words of `language`: always the same object, and gone with it; `catalog` itself in English."""
    return catalog if language == DEFAULT_LANGUAGE else LocalisedCatalog(catalog, language)
