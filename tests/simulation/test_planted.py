"""Each planted mistake is found by a history, and shrinks to a few calls."""

from __future__ import annotations

import pytest

from tests.simulation.draw import draw
from tests.simulation.plants import PLANTS
from tests.simulation.shrink import shrink

WITHIN = 400
STARTS = (0, 174)
"""Seeds soon after which most mistakes are found; the search goes on from both in turn."""
FOUND = {
    "a batch whose cancel is pending goes on": 291,
    "a cancelled task that is tried again": 16,
    "a claim without a fence": 48,
    "a click that is repeated sends again": 175,
    "a clock ahead at a start that deletes at once": 17,
    "a correction is not kept": 11,
    "a count that is not taken back": 3,
    "a deadline that passes too soon": 188,
    "a due time that is not noted": 6,
    "a due time that leads to nothing": 11,
    "a failure before its deadline that is not tried again": 14,
    "a failure past its deadline that waits": 880007,
    "a failure that is written down as a success": 184,
    "a forgotten task leaves its words": 2,
    "a forgotten task still counts for its cause": 188,
    "a group without memory that is given up": 57,
    "a hold that is kept in memory only": 175,
    "a key that is not looked for": 2,
    "a kill that counts against all that ran": 7,
    "a last failure that is tried again": 184,
    "a limit that forgets what runs already": 14,
    "a lost line of a limit that means no limit": 140,
    "a mark that names a run before the store does": 7,
    "a message in sent/ that is sent again": 28,
    "a pause that is kept in memory only": 4,
    "a priority that always comes first": 79,
    "a rate that is kept in memory only": 198,
    "a rate that is not kept": 19,
    "a row that has another Message-ID in an older store": 47,
    "a running task that is not asked to stop": 175,
    "a server that all tasks try together": 40,
    "a server that is tried all the time": 0,
    "a stager that is five seconds early": 3,
    "a stop that is not recorded at the signal": 15,
    "a success past its mark that is called uncertain": 181,
    "a success past its mark that is written down as a failure": 181,
    "a success that is written down as a failure": 4,
    "a sync is skipped": 4,
    "a task file that is used as it is": 174,
    "a task file whose owner is not asked for": 193,
    "a task is deleted, then run": 4,
    "a task is still found by the error it had": 178,
    "a task that begins after one of several": 61,
    "a task that was seen still counts for its cause": 25,
    "a task whose cancel is pending starts": 13,
    "a wait that outlives its tasks": 5,
    "an action that waits is kept in memory only": 2,
    "an attempt that is missing in the history": 2,
    "an effect before its mark is on disk": 16,
    "an empty settings file that means practice": 2,
    "an end whose words cannot be stored that counts as a crash": 70,
    "an older store whose pause is forgotten": 18,
    "an outage that spends attempts": 187,
    "an outage whose first tries are not told": 40,
    "delays that do not follow the clock": 191,
    "half a character that the store refuses at an end": 228,
    "older words that follow newer ones": 0,
    "recovery by age": 0,
    "recovery that calls every orphan uncertain": 4,
    "recovery that looks at no mark": 178,
    "synchronous = NORMAL": 176,
    "the answer before the COMMIT": 8,
    "the dispatch before the COMMIT": 185,
    "the pruner forgets what is unfinished": 174,
    "what a large action does waits on in an earlier one": 137,
    "what is done waits on in an earlier action": 7,
    "what is undone is carried out": 6,
    "what runs is sent again": 174,
    "what was carried out waits again": 34,
    "words that stay when their task is forgotten": 2,
}
"""A seed whose history finds it soon; where the draw has changed since, the search begins."""
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


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("wrong", PLANTS)
def test_is_found_and_shrinks(wrong: str) -> None:
    planted, promises = PLANTS[wrong]
    with planted():
        for place in range(-1 if wrong in FOUND else 0, WITHIN):
            history = draw(FOUND[wrong] if place < 0 else STARTS[place % 2] + place // 2)
            broken = history.play()
            if broken is not None and broken.promise in promises:
                break
        else:
            pytest.fail(f"not found in {WITHIN} histories")
        if wrong in SHRUNK:
            history = shrink(history, broken)
            assert len(history.calls) <= CALLS
    print(f"found in place {place}: {broken}\n{history}")
    assert history.play() is None  # it was the mistake, not the engine


def test_those_that_are_named_are_planted() -> None:
    assert PLANTS.keys() >= SHRUNK | FOUND.keys()
