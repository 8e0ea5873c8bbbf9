"""What the tests of several processes look at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tests.engine.fastapi.app import App
from tests.looking import eventually


async def later(look: Callable[[], Any]) -> None:
    await asyncio.to_thread(eventually, look)


def owns(app: App) -> bool:
    return app.engine.elsewhere is None
