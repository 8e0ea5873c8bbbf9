"""Each planted mistake is found within so many histories, and shrinks to a few calls."""

from __future__ import annotations

import pytest

from tests.simulation.draw import draw
from tests.simulation.plants import PLANTS
from tests.simulation.shrink import shrink

WITHIN = 400
STARTS = (0, 174)
"""Seeds soon after which the rare mistakes are found; the search goes on from both in turn."""
SHRUNK = {
    "a correction is not kept",
    "a key that is not looked for",
    "a spreadsheet that forgets its rate",
    "an outage that spends attempts",
    "delays that do not follow the clock",
    "synchronous = NORMAL",
}
"""Finding proves the judge. Shrinking takes longer and is the same for all, so some are enough."""
CALLS = 9


@pytest.mark.timeout(600)
@pytest.mark.parametrize("wrong", PLANTS)
def test_is_found_and_shrinks(wrong: str) -> None:
    planted, promises = PLANTS[wrong]
    with planted():
        for place in range(WITHIN):
            history = draw(STARTS[place % 2] + place // 2)
            broken = history.play()
            if broken is not None and broken.promise in promises:
                break
        else:
            pytest.fail(f"not found in {WITHIN} histories")
        if wrong in SHRUNK:
            history = shrink(history, broken)
            assert len(history.calls) <= CALLS
    print(f"found after {place + 1} histories: {broken}\n{history}")
    assert history.play() is None  # it was the mistake, not the engine


def test_those_that_are_shrunk_are_planted() -> None:
    assert PLANTS.keys() >= SHRUNK
