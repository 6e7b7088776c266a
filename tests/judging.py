"""The judge that tests hand to the views: nothing is cached."""

from __future__ import annotations

from collections.abc import Sequence

from emergence import Assessment, Series, assess_many
from emergence.answers import GAIN


def assess(keyed: Sequence[tuple[str, Series]], gain: float = GAIN) -> list[Assessment]:
    """Assess series under their fingerprints."""
    return assess_many([series for _key, series in keyed], gain=gain)
