"""Event streams share the counts that they read."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any

import pytest
from anyio import to_thread

from desktop.backend.services import Services
from sendoff_tasks.events import journal
from sendoff_tasks.http import services as module

pytestmark = pytest.mark.anyio
LISTENERS = 50


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each call that takes a thread."""
    taken: list[str] = []
    run_sync = to_thread.run_sync

    async def noted(call: Any, *args: Any) -> Any:
        taken.append(call.__name__)
        return await run_sync(call, *args)

    monkeypatch.setattr(to_thread, "run_sync", noted)
    return taken


async def test_counts_are_read_once_for_all_streams_until_they_are_old(
    services: Services, threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FRESH", math.inf)
    told = await asyncio.gather(
        *(services.streams.stats(services.engine) for _ in range(LISTENERS))
    )
    assert [json.loads(text) for text in set(told)] == [services.engine.stats()]
    assert len(threads) == 1
    monkeypatch.setattr(module, "FRESH", -1.0)
    monkeypatch.setattr(journal, "PACE_S", -1.0)
    await services.streams.stats(services.engine)
    assert len(threads) == 2
