"""Mistakes of counting causes, and of the words that search finds tasks by."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from sendoff_tasks.transaction.causes import CauseCounts
from sendoff_tasks.transaction.searching import SearchWords
from tests.simulation.plants.planting import plant


@plant("a forgotten task still counts for its cause", "causes are counted")
def forgotten_but_counted() -> Any:
    return patch.object(CauseCounts, "stop_counting", lambda *_: None)


@plant("a task that was seen still counts for its cause", "causes are counted")
def seen_but_counted() -> Any:
    return patch.object(CauseCounts, "see", lambda *_: None)


@plant("a task is still found by the error it had", "search finds each task")
def stale_error() -> Any:
    return patch.object(SearchWords, "fail", lambda *_: {})


@plant("a forgotten task leaves its words", "search finds each task")
def words_left() -> Any:
    real = SearchWords.put

    def put(self: SearchWords, task_id: int, before: str, after: str) -> None:
        if after:
            real(self, task_id, before, after)

    return patch.object(SearchWords, "put", put)
