"""Where the scenes are played: the running program, and hands for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sendoff_tasks.client.calls import new_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api
    from desktop.contract.items import NewItem
    from desktop.gui.assembly import AppWindow
    from desktop.gui.program import Program
    from tests.screenshots.mail_server import MailServer

WITHIN_S = 60.0


class Stage:
    """The running program, and hands for it."""

    def __init__(self, program: Program, server: MailServer) -> None:
        self.program = program
        self.server = server
        self.shown: AppWindow | None = None  # in place of the program's
        self.viewer: tuple[Program, asyncio.Task[None]] | None = None

    @property
    def window(self) -> AppWindow:
        return self.program.window

    @property
    def api(self) -> Api:
        api = self.program.source.api
        assert api is not None
        return api

    async def until(self, met: Callable[[], object]) -> None:
        """Wait for something the program does."""
        async with asyncio.timeout(WITHIN_S):
            while not met():  # noqa: ASYNC110 - a widget's doing, without a signal
                await asyncio.sleep(0.05)

    async def submit(self, item: NewItem) -> list[int]:
        answer = await asyncio.to_thread(self.api.items.submit, None, item, new_key())
        return answer.task_ids

    async def counts(self) -> dict[str, int]:
        return (await asyncio.to_thread(self.api.stats))["counts"]

    async def until_counts(self, met: Callable[[dict[str, int]], bool]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not met(await self.counts()):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.1)

    async def send_really(self, user: str = "") -> None:
        mail = {
            "transport": "smtp",
            "host": "localhost",
            "port": self.server.port,
            "security": "none",
            "user": user,
            "sender": "Box office <tickets@example.org>",
        }
        body: dict[str, Any] = {"mail": mail}
        await asyncio.to_thread(self.api.save_settings, body)
        self.program.rooms.mail.setup.load()

    def type(self, **texts: str) -> None:
        """Put texts in the form's fields, named by the last part of their path."""
        for path, field in self.window.form.fields.items():
            field.set_text(texts.get(path.rpartition(".")[2], ""))
