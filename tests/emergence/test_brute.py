"""Our posterior against a second implementation by brute force, on series of the catalog drawn at random.

`python -m benchmarks brute` does the same for every series.
"""

import numpy as np
import pytest

from benchmarks import exact, real


@pytest.mark.slow
def test_real_series_agree_with_brute_force() -> None:
    found = exact.compare(real.drawn(8, np.random.default_rng(0)))
    assert len(found) == 8
    assert sum(len(one.answers) + len(one.thresholds) for one in found) > 2 * len(found)
    assert [one for one in found if not one.agrees] == []
