"""An idle backend notices that another one has its tasks; while it cannot ask, it says so once."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from desktop.backend.following.database_watch import DatabaseWatch
from desktop.engine.errors import NotWritable

if TYPE_CHECKING:
    import pytest


class Asked:
    """An engine that is asked to write; what comes of it is in ``answers``."""

    is_displaced = False

    def __init__(self, *answers: str) -> None:
        self._answers = iter(answers)

    async def ask(self, _: object) -> None:
        if why := next(self._answers):
            raise NotWritable(why)


def test_why_the_database_cannot_be_asked_is_logged_and_not_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    engine: Any = Asked("It is full.", "It is full.", "It is gone.", "", "It is full.")
    watch = DatabaseWatch(engine, "", lambda: None)

    async def look() -> None:
        for _ in range(5):
            assert await watch.look()

    asyncio.run(look())
    said = [text.rpartition(": ")[2] for text in caplog.messages]
    assert said == ["It is full.", "It is gone."]
