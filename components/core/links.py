"""Addresses of views: which state of which page shows a given series, model or source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from components.core.state import READERS, UNSTATED, ViewState, encode
from data.catalog import Catalog
from data.series import series_table

_SETTING = ["benchmark", "task", "metric", "n_shot"]


def address(page: str, state: ViewState) -> str:
    """The address of a state, relative to any page of the site."""
    query = urlencode(encode(state, page), doseq=True, safe="/:@")
    return f"{page}?{query}" if query else page or "./"


def series_options(catalog: Catalog) -> pd.DataFrame:
    """The series of the catalog with `option`, the name under which Explore offers each of them.

    Explore calls the main protocol of a family by the family's name and the others 'family@protocol'; the main
    one is the featured protocol, else the one with most models.
    """
    table = series_table(catalog)
    text = table.astype(dict.fromkeys([*_SETTING, "family", "prompting", "protocol"], str))
    stars = catalog.featured.drop_duplicates(["benchmark", "task"])[[*_SETTING, "protocol"]].astype(str)
    starred = text[_SETTING].merge(stars, on=_SETTING, how="left")["protocol"].to_numpy()
    text["main"] = text["protocol"].to_numpy() == starred
    order = text.sort_values(["main", "models", "protocol"], ascending=[False, False, True], kind="stable")
    first = ~order.duplicated([*_SETTING, "prompting", "family"])
    option = order["family"].where(first, order["family"] + "@" + order["protocol"])
    return table.assign(option=option.reindex(table.index))


def explore_state(row: Mapping[str, Any], x: str = "flops") -> ViewState | None:
    """The state in which Explore shows one series (a row of :func:`series_options`); None if no URL can name it."""
    wanted = {
        "task": f"{row['benchmark']}/{row['task']}",
        "metric": str(row["metric"]),
        "shots": str(row["n_shot"]) or UNSTATED,
        "prompting": str(row["prompting"]),
        "family": str(row["option"]),
    }
    readable: dict[str, Any] = {}
    for name, text in wanted.items():
        if not text:
            continue
        try:
            readable[name] = READERS[name](text)
        except ValueError:
            return None
    return ViewState(
        x=x,
        **{**readable, "metric": (readable["metric"],), "family": (readable["family"],)},
    )
