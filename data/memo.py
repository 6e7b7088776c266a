"""Results that belong to a catalog: kept on the catalog itself, and gone with it.

The published catalog is shared by all sessions, and so is what was computed from it. A reader's own catalog lives in
one session: a cache of the process would hold the uploaded rows after that session has ended, and own results would
push published ones out. Here nothing outside a catalog refers to it or to its results.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from data.catalog import Catalog

P = ParamSpec("P")
R = TypeVar("R")

_MISSING: Any = object()


@dataclass
class Memo:
    """What has been computed from one catalog, function by function."""

    stores: dict[Hashable, _Store] = field(default_factory=dict)


class _Store:
    """The results of one function; those that were asked for last come last."""

    def __init__(self) -> None:
        self.results: OrderedDict[Hashable, Any] = OrderedDict()
        self.running: dict[Hashable, Any] = {}  # key: the lock of whoever computes it
        self.lock = Lock()

    def find(self, key: Hashable) -> Any:
        """The result under `key`, now the youngest; `_MISSING` if there is none. Call it with the lock."""
        found = self.results.get(key, _MISSING)
        if found is not _MISSING:
            self.results.move_to_end(key)
        return found

    def computed(self, key: Hashable, compute: Callable[[], R], size: int) -> R:
        """What `compute` gives, kept; or what another thread has made of the same key meanwhile."""
        while True:
            with self.lock:
                found: R = self.find(key)
                if found is not _MISSING:
                    return found
                # Reentrant, so that a function that asks for itself fails loudly instead of waiting for ever.
                turn = self.running.setdefault(key, RLock())
            with turn:
                if self.running.get(key) is not turn:
                    continue  # whoever had this turn is done with it: look again
                try:
                    result = compute()
                    if result is not None:
                        self._keep(key, result, size)
                    return result
                finally:
                    self.running.pop(key, None)

    def _keep(self, key: Hashable, result: Any, size: int) -> None:
        with self.lock:
            self.results[key] = result
            while len(self.results) > size:
                self.results.popitem(last=False)


def kept(
    size: int = 64,
) -> Callable[[Callable[Concatenate[Catalog, P], R]], Callable[Concatenate[Catalog, P], R]]:
    """Keep the last `size` results of a function on the catalog that is its first argument.

    The other arguments must be hashable, but for those whose names begin with an underscore: they stand last and are
    no part of the key. Sessions that ask for the same at the same time wait for one computation. Exceptions are not
    kept, nor is None, which says that there is nothing yet. Results are shared: do not change them.
    """

    def decorate(function: Callable[Concatenate[Catalog, P], R]) -> Callable[Concatenate[Catalog, P], R]:
        names = list(inspect.signature(function).parameters)[1:]
        keyed = next((place for place, name in enumerate(names) if name.startswith("_")), len(names))

        @wraps(function)
        def found(catalog: Catalog, /, *args: P.args, **kwargs: P.kwargs) -> R:
            stores = catalog._memo.stores
            store = stores.get(function)
            if store is None:
                store = stores.setdefault(function, _Store())
            key: Hashable = args[:keyed]
            if kwargs:
                named = sorted(item for item in kwargs.items() if not item[0].startswith("_"))
                key = (_MISSING, key, *named)
            with store.lock:
                result: R = store.find(key)
            if result is _MISSING:
                return store.computed(key, lambda: function(catalog, *args, **kwargs), size)
            return result

        return found

    return decorate


def forget(catalog: Catalog) -> None:
    """Drop everything that was computed from a catalog: for tests that put other data under it."""
    catalog._memo.stores.clear()
