"""The addresses of all tasks that match are copied, or none at *Cancel*."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from desktop.client.api import new_key
from desktop.client.calls import tasks as task_calls
from desktop.gui.tasks.acting.buttons_and_menu import COPY
from tests.gui.frame.test_exports import press

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.gui.play import Play, Scene


def test_the_addresses_of_all_that_match_are_copied_loaded_or_not(
    perform: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only those of the loaded rows were."""
    monkeypatch.setattr(task_calls, "PAGE_LIMIT", 2)

    async def copy(play: Play) -> None:
        for number in range(5):
            body = {"recipient": {"email": f"person{number % 4}@example.org"}}
            await asyncio.to_thread(play.api.items.submit, None, body, new_key())  # type: ignore[arg-type]
        await play.until(lambda: play.states() == ["succeeded"] * 5)
        play.window.page.table.addresses_wanted.emit(play.model.query)
        await play.toast("4 addresses are copied, each once")
        copied = QGuiApplication.clipboard().text().split(", ")
        assert sorted(copied) == [f"person{number}@example.org" for number in range(4)]
        assert COPY not in play.window.notices.names()
        QGuiApplication.clipboard().setText("before")
        read, may_go_on = play.api.page, threading.Event()

        def slowly(*asked: Any, **how: Any) -> Any:
            may_go_on.wait(60)
            return read(*asked, **how)

        monkeypatch.setattr(play.api, "page", slowly)
        play.window.page.table.addresses_wanted.emit(play.model.query)
        await play.until(lambda: COPY in play.window.notices.names())
        press(play, "Cancel")
        may_go_on.set()
        await play.toast("No address is copied")
        assert QGuiApplication.clipboard().text() == "before"

    perform(copy)
