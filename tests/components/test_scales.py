"""A short log axis has numbers of its own; a long one keeps its powers of ten."""

import numpy as np
import pytest

from components.core.family_styles import style_variants
from components.figures.scales import x_axis
from components.figures.theme import LIGHT


@pytest.mark.parametrize(("low", "high"), [(11.3, 11.9), (10.2, 12.1), (11.47, 11.49)])
def test_short_axes_have_at_least_two_numbers_where_there_is_room(low: float, high: float) -> None:
    ticks = x_axis("tokens", "", [low, high])["tickvals"]
    assert isinstance(ticks, list)
    assert all(low <= np.log10(tick) <= high for tick in ticks)
    assert len(ticks) >= 2 or high - low < np.log10(2)


def test_numbers_are_written_as_readers_write_them() -> None:
    settings = x_axis("tokens", "", [11.2, 12.1])
    assert settings["ticktext"] == ["200B", "500B", "1T"]


def test_long_axes_keep_powers_of_ten() -> None:
    assert x_axis("flops", "", [20, 24])["dtick"] == 1
    assert x_axis("flops", "")["dtick"] == 1


def test_founding_families_keep_their_style_beside_any_other() -> None:
    families = ["acme", "gopher", "ours", "gpt-3", "gopher"]
    variants = style_variants(families)
    assert (variants[1], variants[3]) == (0, 0)
    styles = [LIGHT.family(family, variant) for family, variant in zip(families, variants, strict=True)]
    assert len({(style.symbol, style.dash) for style in styles}) == len(families)
