"""The catalog of a session, and each assessment once.

The published catalog is frozen and shared. Own rows make a catalog of their own that lives in its session's state.
Whatever is computed from a catalog is kept on it (:mod:`data.memo`), so that results of published data serve
everybody, and results of own rows go with their session.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

import streamlit as st

from components.core.i18n import language
from components.core.localised import localised
from data import load_catalog
from data.catalog import Catalog
from data.memo import kept
from emergence import Assessment, Series, assess_many
from emergence.answers import GAIN

MOST_KEPT = 4096

OWN_CATALOG = "own.catalog"  # in a session's state: the dataset with the reader's own rows


def catalog() -> Catalog:
    """The curated dataset in the reader's words, with the session's own rows if there are any."""
    return localised(_tables(), language())


def published() -> Catalog:
    """The curated dataset in the reader's words, without anybody's own rows."""
    return localised(load_catalog(), language())


def _tables() -> Catalog:
    own = st.session_state.get(OWN_CATALOG)
    return own if isinstance(own, Catalog) else load_catalog()


class _Assessments:
    """Assessments by a fingerprint of their points; the least recently asked for are forgotten first."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, Assessment] = OrderedDict()
        self._lock = Lock()

    def known(self, keys: Iterable[str]) -> dict[str, Assessment]:
        with self._lock:
            known = {key: self._found[key] for key in keys if key in self._found}
            for key in known:
                self._found.move_to_end(key)
        return known

    def keep(self, results: Mapping[str, Assessment]) -> None:
        with self._lock:
            self._found.update(results)
            while len(self._found) > MOST_KEPT:
                self._found.popitem(last=False)


@kept()
def _assessments(catalog: Catalog) -> _Assessments:
    return _Assessments()


def assess(keyed: Sequence[tuple[str, Series]], gain: float = GAIN) -> list[Assessment]:
    """Assess series, each under a fingerprint of its points; known ones cost nothing, new ones are one batch."""
    tables = _tables()
    keys = [key if gain == GAIN else f"{key}|{gain:g}" for key, _series in keyed]
    # Own rows never join a published series: what is known of one holds beside own rows as well.
    known = _assessments(load_catalog()).known(keys)
    if tables is not load_catalog():
        known |= _assessments(tables).known(key for key in keys if key not in known)
    new = {key: series for key, (_name, series) in zip(keys, keyed, strict=True) if key not in known}
    if new:
        made = dict(zip(new, assess_many(list(new.values()), gain=gain), strict=True))
        _assessments(tables).keep(made)
        known |= made
    return [known[key] for key in keys]
