"""Some histories, always the same ones: no promise is broken. The command plays many more."""

from __future__ import annotations

import pytest

from tests.simulation.report import explain
from tests.simulation.run import run

HISTORIES = 20
FIRST = 20_261_120


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(more, marks=pytest.mark.long) for more in (1, 2, 3))]
)
def test_no_promise_is_broken(part: int) -> None:
    result = run(FIRST + part * HISTORIES, HISTORIES)
    assert result.histories == HISTORIES
    assert not result.broken, explain(*result.broken[0])
