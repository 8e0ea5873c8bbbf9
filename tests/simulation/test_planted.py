"""Each planted mistake is found within so many histories, and shrinks to a few calls."""

from __future__ import annotations

import pytest

from tests.simulation.draw import draw
from tests.simulation.plants import PLANTS
from tests.simulation.shrink import shrink

WITHIN = 400
CALLS = 9


@pytest.mark.timeout(600)
@pytest.mark.parametrize("wrong", PLANTS)
def test_is_found_and_shrinks(wrong: str) -> None:
    planted, promises = PLANTS[wrong]
    with planted():
        for seed in range(WITHIN):
            history = draw(seed)
            broken = history.play()
            if broken is not None and broken.promise in promises:
                break
        else:
            pytest.fail(f"not found in {WITHIN} histories")
        small = shrink(history, broken)
    print(f"found after {seed + 1} histories: {broken}\n{small}")
    assert len(small.calls) <= CALLS
    assert small.play() is None  # it was the mistake, not the engine
