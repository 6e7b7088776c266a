"""How to cite: publications in a line of text, and as BibTeX entries, from the rows of catalog.sources."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from components.core.i18n import gettext as _
from components.core.i18n import language
from data.catalog import Catalog
from data.memo import kept

# One pass over the text, so that the escapes themselves are not escaped again.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})")
_SURNAMES = re.compile(r"[^\W\d_][\w.'-]*(?:\s*,\s*[^\W\d_][\w.'-]*)+\Z")


def citations(catalog: Catalog) -> dict[str, str]:
    """Source key to 'Wei et al. (2022)'."""
    return _citations(catalog, language())


@kept()
def _citations(catalog: Catalog, speaks: str) -> dict[str, str]:
    del speaks  # the words for what is not stated
    rows = catalog.sources
    return {
        str(key): citation(authors, year)
        for key, authors, year in zip(rows["source"], rows["authors"], rows["year"], strict=True)
    }


def citation(authors: object, year: object) -> str:
    """'Wei et al. (2022)'; less where authors or year are not stated."""
    who, when = stated(authors), stated(year)
    if who and when:
        return _("{authors} ({year})").format(authors=who, year=when)
    return who or (_("unnamed authors ({year})").format(year=when) if when else _("unnamed authors"))


def bibtex(sources: pd.DataFrame) -> str:
    """A bibliography of publications (rows of ``catalog.sources``), ordered by key."""
    rows = sources.sort_values("source", kind="stable").to_dict("records")
    return "\n".join(entry({str(key): value for key, value in row.items()}) for row in rows)


def entry(row: dict[str, Any]) -> str:
    """One publication as a BibTeX entry; fields that are not stated are left out."""
    url = stated(row.get("url"))
    arxiv = _ARXIV.search(url)
    fields = {
        "title": "{%s}" % escape(stated(row.get("title"))) if stated(row.get("title")) else "",  # noqa: UP031
        "author": authors(stated(row.get("authors"))),
        "year": stated(row.get("year")),
        "howpublished": escape(stated(row.get("venue"))),
        "eprint": arxiv[1] if arxiv else "",
        "archiveprefix": "arXiv" if arxiv else "",
        "url": url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    key = re.sub(r"[^A-Za-z0-9_:.+/-]", "", stated(row.get("bibtex_key")) or stated(row.get("source")))
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def authors(text: str) -> str:
    """Authors as BibTeX wants them: 'Wei et al.' becomes 'Wei and others', surnames are joined by 'and'."""
    names = re.sub(r"\s*\([^()]*\)\s*\Z", "", text.strip())
    others = re.search(r",?\s+et\s+al\.?\Z", names)
    if others:
        names = names[: others.start()]
    parts = re.split(r"\s*;\s*|\s+(?:and|&)\s+", names)
    parts = [name for part in parts for name in (re.split(r"\s*,\s*", part) if _SURNAMES.match(part) else [part])]
    parts = [escape(name) for name in parts if name]
    return " and ".join([*parts, "others"] if others else parts)


def escape(text: str) -> str:
    """`text` with BibTeX's special characters escaped, on one line."""
    return "".join(_SPECIAL.get(char, char) for char in " ".join(text.split()))


def stated(value: Any) -> str:
    """`value` as text; nothing where the dataset says that it is not stated. Whole years lose their decimals."""
    text = "" if value is None or pd.isna(value) else str(value).strip()
    return "" if text.lower() == "not stated" else text.removesuffix(".0")
