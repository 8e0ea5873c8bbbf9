"""The campaign ends for any backend."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.campaign.settling import come_to_rest


class Backend:
    """Answers with these counts, one after the other, then always with the last."""

    def __init__(self, *counts: dict[str, int]) -> None:
        self._counts = [Counter(each) for each in counts]
        self.tried = 0
        self.actions = self

    def stats(self) -> dict[str, Any]:
        return {"counts": self._counts.pop(0) if len(self._counts) > 1 else self._counts[0]}

    def act(self, action: str, *, query: Any, key: str) -> None:
        assert (action, query.states) == ("retry", ("waiting",))
        assert key
        self.tried += 1


def test_what_never_ends_is_told() -> None:
    backend: Any = Backend({"running": 2, "succeeded": 7})
    with pytest.raises(RuntimeError, match=r"still open after 0 s: \{'running': 2\}"):
        come_to_rest(backend, within=0)


def test_what_waits_for_a_person_is_tried_now() -> None:
    backend: Any = Backend({"waiting": 1}, {"queued": 1}, {"succeeded": 1})
    come_to_rest(backend)
    assert backend.tried == 1
