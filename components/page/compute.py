"""Results shared by all sessions: the catalog once, each assessment once.

The catalog is frozen and shared. Assessments depend on nothing but their points, so they are kept by a
fingerprint of them; what a view needs and nobody has asked for yet is assessed in one batch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import streamlit as st

from analysis import Assessment, Series, assess_many
from components.i18n import DEFAULT_LANGUAGE, language
from components.localised import LocalisedCatalog, localised
from data import load_catalog
from data.catalog import Catalog

MOST_KEPT = 4096

_kept: OrderedDict[str, Assessment] = OrderedDict()
_lock = Lock()


OWN_CATALOG = "own.catalog"  # in a session's state: the dataset with the reader's own rows


def catalog() -> Catalog:
    """The curated dataset in the reader's words, loaded once per process and shared; own rows in their session."""
    tables = _tables()
    if tables is load_catalog():
        return published()
    # A session's own catalog must go with the session, so no cache of the process may hold it.
    words: Catalog = st.session_state.setdefault(
        f"{tables.version}-{language()}",
        tables if language() == DEFAULT_LANGUAGE else LocalisedCatalog(tables, language()),
    )
    return words


def published() -> Catalog:
    """The curated dataset in the reader's words, without anybody's own rows."""
    return localised(load_catalog(), language())


def edition() -> str:
    """Data version and language: the key of every shared result that carries words."""
    return f"{_tables().version}-{language()}"


def _tables() -> Catalog:
    own = st.session_state.get(OWN_CATALOG)
    return own if isinstance(own, Catalog) else load_catalog()


def assess(keyed: Sequence[tuple[str, Series]]) -> list[Assessment]:
    """Assess series, each under a fingerprint of its points; known ones cost nothing."""
    version = _tables().version
    with _lock:
        known = {key: _kept[f"{version}|{key}"] for key, _series in keyed if f"{version}|{key}" in _kept}
    new = [(key, series) for key, series in keyed if key not in known]
    for (key, _series), result in zip(new, assess_many([series for _key, series in new]), strict=True):
        known[key] = result
    with _lock:
        for key, result in known.items():
            _kept[f"{version}|{key}"] = result
            _kept.move_to_end(f"{version}|{key}")
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return [known[key] for key, _series in keyed]
