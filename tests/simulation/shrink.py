"""Making a failing history small: calls are left out while the same promise stays broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.simulation.calls.call import Call
from tests.simulation.history import History
from tests.simulation.judging.broken import Broken

Calls = tuple[Call, ...]


def shrink(history: History, broken: Broken) -> History:
    """Return a history of few calls that breaks the same promise.

    Source: delta debugging, Andreas Zeller and Ralf Hildebrandt, 2002; here runs of calls are left
    out, ever shorter ones, until leaving out any single one makes it pass.
    """

    def fails(calls: Calls) -> bool:
        found = replace(history, calls=calls).play()
        return found is not None and found.promise == broken.promise

    return replace(history, calls=_without_the_needless(history.calls, fails))


def _without_the_needless(calls: Calls, fails: Callable[[Calls], bool]) -> Calls:
    length = max(1, len(calls) // 2)
    while True:
        before = len(calls)
        begin = 0
        while begin < len(calls):
            fewer = calls[:begin] + calls[begin + length :]
            if fails(fewer):
                calls = fewer
            else:
                begin += length
        if length > 1:
            length //= 2
        elif len(calls) == before:
            return calls
