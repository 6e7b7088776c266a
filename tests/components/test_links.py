"""A link to a series opens exactly that series."""

from __future__ import annotations

import random
from urllib.parse import parse_qs, urlsplit

from components.ability.model import resolve
from components.core.links import address, explore_state, series_options
from components.core.state import ViewState, decode
from data import load_catalog
from data.series import KEY


def test_the_address_of_a_series_resolves_to_that_series() -> None:
    catalog = load_catalog()
    rows = series_options(catalog).to_dict("records")
    for row in random.Random(7).sample(rows, 150):
        state = explore_state({str(key): value for key, value in row.items()}, "params")
        assert state is not None, row
        parts = urlsplit(address("explore", state))
        again, dropped = decode(parse_qs(parts.query), "explore")
        assert (parts.path, dropped, again) == ("explore", (), state)
        choice, missing = resolve(catalog, again)
        assert missing == (), row
        assert choice.rows[KEY].astype(str).to_dict("records") == [{name: str(row[name]) for name in KEY}]


def test_addresses_are_relative_and_short() -> None:
    assert address("dataset", ViewState(table="scores", model="gpt-3-175b")) == "dataset?table=scores&model=gpt-3-175b"
    assert address("dataset", ViewState()) == "dataset"
    assert address("dataset", ViewState(q="a&b=c")) == "dataset?q=a%26b%3Dc"
    assert explore_state(dict.fromkeys([*KEY, "option"], "Ä ö")) is None
