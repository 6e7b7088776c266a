"""What is kept on a catalog: computed once, bounded, shared by threads, and gone with the catalog."""

from __future__ import annotations

import gc
import weakref
from threading import Barrier, Thread

import pandas as pd
import pytest

from data.catalog import Catalog
from data.memo import forget, kept


def small() -> Catalog:
    return Catalog(tables={"models": pd.DataFrame({"model_id": ["a"]})}, version="small")


def test_a_result_is_made_once_for_each_catalog_and_key() -> None:
    asked = []

    @kept()
    def answer(catalog: Catalog, word: str, times: int = 1) -> list[str]:
        asked.append((catalog, word, times))
        return [word] * times

    one, other = small(), small()
    first = answer(one, "a")
    assert first == ["a"]
    assert answer(one, "a") is first
    assert answer(other, "a") is not first
    assert answer(one, "a", times=2) == ["a", "a"]
    assert answer(one, "a", times=2) is answer(one, "a", times=2)
    assert len(asked) == 3
    forget(one)
    assert answer(one, "a") is not first
    assert answer.__name__ == "answer"


def test_the_least_recently_used_goes_first() -> None:
    made = []

    @kept(size=2)
    def square(catalog: Catalog, number: int) -> int:
        made.append(number)
        return number**2

    catalog = small()
    assert [square(catalog, number) for number in (1, 2, 1, 3, 1, 2)] == [1, 4, 1, 9, 1, 4]
    assert made == [1, 2, 3, 2]


def test_underscored_arguments_are_no_part_of_the_key() -> None:
    @kept()
    def count(catalog: Catalog, rows: int, _frame: pd.DataFrame) -> pd.DataFrame:
        return _frame

    catalog, frame = small(), pd.DataFrame({"a": [1]})
    assert count(catalog, 1, frame) is frame
    assert count(catalog, 1, frame.copy()) is frame
    assert count(catalog, rows=2, _frame=frame) is count(catalog, rows=2, _frame=frame.copy())


def test_neither_exceptions_nor_none_are_kept() -> None:
    outcomes: list[object] = [ValueError("not yet"), None, "there"]

    @kept()
    def look(catalog: Catalog) -> object:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    catalog = small()
    with pytest.raises(ValueError, match="not yet"):
        look(catalog)
    assert look(catalog) is None
    assert look(catalog) == "there"
    assert look(catalog) == "there"


@pytest.mark.parametrize("fails", [False, True])
def test_threads_that_ask_for_the_same_wait_for_one_computation(fails: bool) -> None:
    together, made, heard = Barrier(8), [], []
    entered = Barrier(2)

    @kept()
    def slow(catalog: Catalog, key: str) -> object:
        made.append(key)
        if fails and len(made) == 1:
            raise ValueError(key)
        return object()

    @kept()
    def apart(catalog: Catalog, key: str) -> str:
        entered.wait(timeout=20)  # both are computed at the same time, or this breaks
        return key

    catalog = small()

    def session(place: int) -> None:
        together.wait(timeout=20)
        if place < 2:
            apart(catalog, str(place))
        try:
            heard.append(slow(catalog, "same"))
        except ValueError:
            heard.append(None)

    threads = [Thread(target=session, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(made) == 1 + fails
    assert len({id(one) for one in heard if one is not None}) == 1
    assert heard.count(None) == fails


def test_a_dropped_catalog_goes_with_its_results() -> None:
    @kept()
    def itself(catalog: Catalog) -> list[object]:
        return [catalog]  # a result may refer to its catalog

    catalog = small()
    gone, result = weakref.ref(catalog), weakref.ref(catalog._memo)
    itself(catalog)
    del catalog
    gc.collect()
    assert gone() is None
    assert result() is None
